"""Databases to start from: migrated and empty, or with the fictional city; made once and copied."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
import structlog

from bot import logs, migrate
from bot.clock import WallClock
from bot.tasks import Tasks
from models.db import Database
from models.operations.baseline import load_baseline
from tests import postgres, prepared
from tests.conftest import ON_POSTGRES


async def _fill(url: str) -> None:
    """Schema and city as of now: the processes of these tests run on the real clock."""
    await migrate.upgrade(url)
    tasks = Tasks()
    database = await Database.open(url, lambda work: tasks.start(work, name="writer"))
    try:
        await database.write(lambda session: load_baseline(session, at=WallClock().now()))
    finally:
        await database.close()
        await tasks.stop()


def _empty(url: str) -> None:
    thread = Thread(target=lambda: asyncio.run(migrate.upgrade(url)))
    thread.start()
    thread.join()


def _city(url: str) -> None:
    thread = Thread(target=lambda: asyncio.run(_fill(url)))
    thread.start()
    thread.join()


def _copied(
    request: pytest.FixtureRequest, folder: Path, name: str, make: Callable[[str], None], *, on_postgres: bool
) -> str:
    if on_postgres:
        server: postgres.Server = request.getfixturevalue("postgres_databases")
        return server.copy_of(name, make)
    made = prepared.kept(f"durability {name}", lambda file: make(prepared.url_of(file)))
    return prepared.copy(made, folder / "test.db")


@pytest.fixture(autouse=True)
def _quiet_logs() -> Iterator[None]:
    """Logs as the product writes them: the many faults of these tests are no pages of local variables."""
    logs.configure(level="error", style="json")
    yield
    structlog.reset_defaults()


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database without rows."""
    return _copied(request, tmp_path, "empty", _empty, on_postgres=ON_POSTGRES)


@pytest.fixture
def city_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the fictional city as of now."""
    return _copied(request, tmp_path, "city", _city, on_postgres=ON_POSTGRES)


@pytest.fixture
def shared_city_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same on PostgreSQL, whatever else runs on: only there do two processes share a database."""
    return _copied(request, tmp_path, "city", _city, on_postgres=True)


@pytest.fixture
async def database(empty_url: str) -> AsyncIterator[Database]:
    """A migrated database with its writer."""
    tasks = Tasks()
    opened = await Database.open(empty_url, lambda work: tasks.start(work, name="writer"))
    try:
        yield opened
    finally:
        await opened.close()
        await tasks.stop()
    assert tasks.failed == []
