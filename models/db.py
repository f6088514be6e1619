"""The database: many readers, one writer.

Everything that changes the database is a function of a synchronous Session, handed to `Database.write`. Calls that wait
at the same time share one transaction and one commit (group commit), each in a savepoint of its own, so that one
that fails takes nothing else with it. On SQLite the functions run on a synchronous engine in the writer's thread,
on PostgreSQL through asyncpg with `run_sync` under a transaction-scoped advisory lock, so that several processes
have one writer at a time as well. Functions must not do network I/O and must not commit.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")

BATCH_CAP: Final = 256
WRITER_LOCK: Final = 0x7A6862  # any constant; the same in every process
BUSY_RETRIES: Final = 5
BUSY_WAIT_SECONDS: Final = 0.2


class DatabaseUnavailable(Exception):
    """The database could not be written (locked, disk full, gone). Nothing of the call was stored."""


@dataclass(slots=True)
class _Call:
    work: Callable[[Session], Any]
    future: asyncio.Future[Any]


@dataclass(slots=True)
class _Outcome:
    value: Any = None
    error: BaseException | None = None


def _configure_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute("PRAGMA cache_size=-16000")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def sync_engine(url: str | URL) -> Engine:
    """A synchronous SQLite engine as the writer uses it: WAL, FULL, foreign keys, BEGIN IMMEDIATE."""
    engine = create_engine(
        make_url(url).set(drivername="sqlite"),
        connect_args={"isolation_level": None, "check_same_thread": False},
        pool_size=1,
        max_overflow=1,
    )
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


class Database:
    """Open with `await Database.open(url)`, close with `await close()`."""

    def __init__(self, url: str) -> None:
        self.url: URL = make_url(url)
        self.is_sqlite: bool = self.url.get_backend_name() == "sqlite"
        self._waiting: deque[_Call] = deque()
        self._first: deque[_Call] = deque()  # acceptance goes before processing
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._writer_engine: Engine | None = None
        self._engine: AsyncEngine
        if self.is_sqlite:
            if self.url.database and self.url.database != ":memory:":
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._writer_engine = sync_engine(self.url)
            self._engine = create_async_engine(
                self.url.set(drivername="sqlite+aiosqlite"),
                connect_args={"isolation_level": None},
                pool_size=4,
            )
            event.listen(self._engine.sync_engine, "connect", _configure_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_deferred)
        else:
            self._engine = create_async_engine(self.url.set(drivername="postgresql+asyncpg"), pool_size=6)
        self.commits = 0

    @classmethod
    async def open(cls, url: str, start: Callable[[Any], asyncio.Task[None]]) -> Database:
        """start puts a coroutine into the background and returns its task (bot.tasks)."""
        database = cls(url)
        database._task = start(database._write_loop())
        return database

    async def close(self) -> None:
        """Finish what waits, then let the connections go."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            await self._task
        if self._writer_engine is not None:
            self._writer_engine.dispose()
        await self._engine.dispose()
        self._thread.shutdown(wait=True)

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run work on a read connection; it sees the last commit and does not wait for the writer."""

        def run(connection: Connection) -> T:
            with Session(connection, expire_on_commit=False) as session:
                return work(session)

        async with self._engine.connect() as connection:
            return await connection.run_sync(run)

    async def write(self, work: Callable[[Session], T], *, first: bool = False) -> T:
        """Run work in the next batch and return its result once that batch is committed.

        first: go before calls that are already waiting (acceptance of callbacks). Raises what work raises (its
        changes are rolled back) or DatabaseUnavailable when the commit failed. Must not be called from inside work.
        """
        if self._closing:
            raise DatabaseUnavailable("the database is closing")
        call = _Call(work, asyncio.get_running_loop().create_future())
        (self._first if first else self._waiting).append(call)
        self._wake.set()
        # A caller that gives up must not cancel a statement that is under way.
        value: T = await asyncio.shield(call.future)
        return value

    async def _write_loop(self) -> None:
        while True:
            if not self._first and not self._waiting:
                if self._closing:
                    return
                self._wake.clear()
                await self._wake.wait()
                continue
            batch = self._take()
            outcomes = await self._run_retrying(batch)
            for call, outcome in zip(batch, outcomes, strict=True):
                if call.future.done():
                    continue
                if outcome.error is None:
                    call.future.set_result(outcome.value)
                else:
                    call.future.set_exception(outcome.error)

    def _take(self) -> list[_Call]:
        batch: list[_Call] = []
        while self._first and len(batch) < BATCH_CAP:
            batch.append(self._first.popleft())
        while self._waiting and len(batch) < BATCH_CAP:
            batch.append(self._waiting.popleft())
        return batch

    async def _run_retrying(self, batch: list[_Call]) -> list[_Outcome]:
        for attempt in range(BUSY_RETRIES):
            try:
                return await self._run(batch)
            except (DBAPIError, sqlite3.Error, OSError) as error:
                busy = isinstance(error, OperationalError) and "locked" in str(error.orig)
                if busy and attempt + 1 < BUSY_RETRIES:
                    await asyncio.sleep(BUSY_WAIT_SECONDS)
                    continue
                if len(batch) > 1:  # one bad row must not refuse its neighbours
                    return [outcome for call in batch for outcome in await self._run_retrying([call])]
                failure = DatabaseUnavailable(type(error).__name__)
                failure.__cause__ = error
                return [_Outcome(error=failure)]
        return [_Outcome(error=DatabaseUnavailable("locked")) for _ in batch]

    async def _run(self, batch: list[_Call]) -> list[_Outcome]:
        loop = asyncio.get_running_loop()
        if self._writer_engine is not None:
            outcomes = await loop.run_in_executor(self._thread, self._run_on_sqlite, batch)
        else:
            async with self._engine.connect() as connection:
                outcomes = await connection.run_sync(_run_batch, batch, lock=True)
        self.commits += 1
        return outcomes

    def _run_on_sqlite(self, batch: list[_Call]) -> list[_Outcome]:
        assert self._writer_engine is not None
        with self._writer_engine.connect() as connection:
            return _run_batch(connection, batch, lock=False)


def _run_batch(connection: Connection, batch: list[_Call], *, lock: bool) -> list[_Outcome]:
    outcomes: list[_Outcome] = []
    with Session(connection, expire_on_commit=False) as session:
        if lock:
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})
        for call in batch:
            savepoint = session.begin_nested()
            try:
                value = call.work(session)
                savepoint.commit()
                session.expunge_all()  # each call sees the database, not what its neighbour had loaded
            except (DBAPIError, sqlite3.Error):
                if len(batch) > 1:
                    raise  # the whole batch is retried call by call
                savepoint.rollback()
                raise
            except Exception as error:  # noqa: BLE001 - handed to the caller, who knows what it means
                savepoint.rollback()
                session.expunge_all()
                outcomes.append(_Outcome(error=error))
            else:
                outcomes.append(_Outcome(value=value))
        session.commit()
    return outcomes
