"""Waiting for what another process does: by looking again and again, never longer than a deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

EVERY_SECONDS = 0.05


async def until(condition: Callable[[], Awaitable[bool]], what: str, *, seconds: float = 60) -> float:
    """Look until the condition holds; returns the seconds it took. Fails, naming what, at the deadline."""
    started = time.monotonic()
    while True:
        if await condition():
            return time.monotonic() - started
        if time.monotonic() - started > seconds:
            raise AssertionError(f"after {seconds:.0f} s still not: {what}")
        await asyncio.sleep(EVERY_SECONDS)
