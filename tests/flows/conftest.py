"""A city per test, and files to send."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests import postgres
from tests.conftest import ON_POSTGRES

from .city import City, Steps, city_at

OpenCity = Callable[..., Awaitable[City]]


@pytest.fixture
async def open_city(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenCity]:
    """`city = await open_city("2026-09-22 10:02")`: the baseline at that time, stopped after the test.

    `open_city("2026-09-22 10:02", steps)`: and after `await steps(city)`, done once for all tests that ask for it.
    """
    server: postgres.Server | None = request.getfixturevalue("postgres_databases") if ON_POSTGRES else None
    async with AsyncExitStack() as stack:

        async def opened(at: str, after: Steps | None = None) -> City:
            return await stack.enter_async_context(city_at(tmp_path, at, after, server=server))

        yield opened
