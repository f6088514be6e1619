"""A city per test, and files to send."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from .city import City, city_at

OpenCity = Callable[[str], Awaitable[City]]


@pytest.fixture
async def open_city(tmp_path: Path, database_url: str) -> AsyncIterator[OpenCity]:
    """`city = await open_city("2026-09-22 10:02")`: the baseline at that time, stopped after the test."""
    async with AsyncExitStack() as stack:

        async def opened(at: str) -> City:
            url = None if database_url.startswith("sqlite") else database_url
            return await stack.enter_async_context(city_at(tmp_path, at, database_url=url))

        yield opened
