"""The database: many readers, one writer.

Everything that changes the database is a function of a synchronous Session, handed to `Database.write`. Calls that wait
at the same time share one transaction and one commit (group commit), each in a savepoint of its own, so that one
that fails takes nothing else with it. On SQLite the functions run on a synchronous engine in the writer's thread,
on PostgreSQL through asyncpg with `run_sync` under a transaction-scoped advisory lock, so that several processes
have one writer at a time as well. Functions must not do network I/O and must not commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    Table,
    create_engine,
    delete,
    event,
    func,
    insert,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction
from sqlalchemy.pool import ConnectionPoolEntry

from models.inserts import insert_columns as _insert_columns
from models.inserts import insert_rows, json_text
from models.tables.clockwork import Meta

__all__ = [
    "LEDGER_TABLES", "PATIENCE", "Database", "DatabaseUnavailable", "Patience", "Session", "StatementRefused",
    "WriteSession", "insert_columns", "insert_many", "is_the_database", "later", "ledger_stamp", "may_pass", "next_id",
    "next_ids", "sync_engine",
]  # fmt: skip
"""Session among them: handlers pass it on and need its name, but never SQLAlchemy itself."""

T = TypeVar("T")

BATCH_CAP: Final = 256
# Moving what was written from the log into the file takes a tenth of a second now and then. It is done beside the
# writer so often; the writer does it itself only when the log has grown to so many pages (32 MB) all the same.
CHECKPOINT_SECONDS: Final = 1.0
CHECKPOINT_PAGES: Final = 8_000
WRITER_LOCK: Final = 0x7A6862  # any constant; the same in every process
LEDGER_TABLES: Final = frozenset({"projects", "project_plans", "light_states", "light_adjustments"})
LEDGER_STAMP: Final = "ledger_stamp"
_META: Final = cast("Table", Meta.__table__)
_NO_STAMP: Final = delete(_META).where(_META.c.name == LEDGER_STAMP)
_NEW_STAMP: Final = insert(_META)
_STAMP: Final = select(_META.c.value).where(_META.c.name == LEDGER_STAMP)


class DatabaseUnavailable(Exception):
    """The database could not be written or read (locked, disk full, gone). Nothing of the call was stored."""


class StatementRefused(DatabaseUnavailable):
    """The database is well, but it refuses what this call asks for; asking again will not help."""


class FileGone(OSError):
    """The file of the embedded database was removed or replaced: what is written now would be in no file."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a locked or lost database is waited for: attempts of lock_seconds each, pauses between them."""

    attempts: int = 5
    lock_seconds: float = 5.0
    pause_seconds: float = 0.2


PATIENCE: Final = Patience()


@dataclass(slots=True)
class _Call:
    work: Callable[[WriteSession], Any]
    future: asyncio.Future[Any]


@dataclass(slots=True)
class _Outcome:
    value: Any = None
    error: BaseException | None = None


# Primary result codes of SQLite that speak of the file, not of the statement.
_SQLITE_FILE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM, sqlite3.SQLITE_PROTOCOL,
    }
)  # fmt: skip
_SQLITE_LOCKED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
# SQLSTATE classes: connection, rollback for concurrency, disk and memory, state, operator, system.
_POSTGRES_SERVER: Final = frozenset({"08", "40", "53", "55", "57", "58"})
_POSTGRES_AGAIN: Final = frozenset({"08", "40", "57"})


def _sqlite_code(error: BaseException) -> int | None:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF  # the extended codes share the low byte of the primary one


def _sqlstate_class(error: BaseException) -> str:
    return str(getattr(error, "sqlstate", None) or "")[:2]


def may_pass(error: BaseException) -> bool:
    """True for a lock that is held and a connection that is lost: the same call may succeed a bit later."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or (error.orig is not None and may_pass(error.orig))
    return (
        isinstance(error, (OSError, NoConnectionFree))
        or _sqlite_code(error) in _SQLITE_LOCKED
        or _sqlstate_class(error) in _POSTGRES_AGAIN
    )


def is_the_database(error: BaseException) -> bool:
    """True when the database itself is at fault (locked, lost, full), False when it refused one statement."""
    if isinstance(error, DBAPIError):
        return may_pass(error) or (error.orig is not None and is_the_database(error.orig))
    return (
        may_pass(error) or _sqlite_code(error) in _SQLITE_FILE or _sqlstate_class(error) in _POSTGRES_SERVER
    )


def _cause(error: BaseException) -> str:
    """The kind of fault; SQLite says more in words that hold neither addresses nor values."""
    if isinstance(error, FileGone):
        return str(error)
    inner = getattr(error, "orig", None) or error
    return f"{type(error).__name__}: {inner}" if isinstance(inner, sqlite3.Error) else type(error).__name__


def _configure_sqlite(
    connection: DBAPIConnection, _record: ConnectionPoolEntry, lock_seconds: float = PATIENCE.lock_seconds
) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={round(lock_seconds * 1000)}")
    for pragma in (
        "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000",
        f"wal_autocheckpoint={CHECKPOINT_PAGES}",
    ):  # fmt: skip
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def sync_engine(url: str | URL, *, lock_seconds: float = PATIENCE.lock_seconds) -> Engine:
    """A synchronous SQLite engine as the writer uses it: WAL, FULL, foreign keys, BEGIN IMMEDIATE."""
    engine = create_engine(
        make_url(url).set(drivername="sqlite"),
        connect_args={"isolation_level": None, "check_same_thread": False},
        pool_size=1,
        max_overflow=1,
        json_serializer=json_text,
        hide_parameters=True,  # what people write does not belong into logs and reasons
    )
    event.listen(engine, "connect", partial(_configure_sqlite, lock_seconds=lock_seconds))
    event.listen(engine, "begin", _begin_immediate)
    return engine


class WriteSession(Session):
    """The writer's session: rows that can wait are written together, and an attempt can be undone.

    `later` keeps a row of a hot table until something has to see it: every statement that goes through the session
    writes what is pending first, so order and visibility are those of immediate inserts. `touched` names the tables
    that statements or flushed objects have changed, for caches that have to forget.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, expire_on_commit=False)
        self.touched: set[str] = set()
        self._pending: dict[Table, list[dict[str, Any]]] = {}
        self._next_ids: dict[str, int] = {}
        self._attempts: list[_Attempt] = []
        self._writing = False
        self._on_sqlite = connection.dialect.name == "sqlite"

    # --- rows that can wait

    def later(self, table: Table, row: dict[str, Any]) -> None:
        """Insert a row before anything can miss it, at the latest before the commit.

        All rows of a table must have the same columns.
        """
        self._pending.setdefault(table, []).append(row)

    def insert_many(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows of one shape now, in order with everything before."""
        self.write_pending()
        self._protect()
        self.touched.add(table.name)
        insert_rows(self.connection(), table, rows)

    def insert_columns(
        self, table: Table, columns: Mapping[str, Sequence[Any]], stored: Collection[str] = ()
    ) -> None:
        """Insert rows given by their columns now, in order with everything before."""
        self.write_pending()
        self._protect()
        self.touched.add(table.name)
        _insert_columns(self.connection(), table, columns, stored=stored)

    def next_id(self, table: Table) -> int:
        """The id of a row that will be inserted; the only way ids of this table are given inside one session."""
        name = table.name
        if name not in self._next_ids:
            connection = self.connection()
            if self._on_sqlite:
                # Past SQLAlchemy's compiler: three of these stand in the way of every reply.
                self._next_ids[name] = connection.exec_driver_sql(_last_id_on_sqlite(table)).scalar_one()
            else:
                sequence = f"pg_get_serial_sequence('{name}', '{_key_of(table)}')"
                number: int = connection.execute(text(f"SELECT nextval({sequence})")).scalar_one()
                return number
        self._next_ids[name] += 1
        return self._next_ids[name]

    def write_pending(self) -> None:
        """Write the rows that were kept, parents before children."""
        if not self._pending or self._writing:
            return
        self._writing = True
        try:
            connection = self.connection()
            attempt = self._attempts[-1] if self._attempts else None
            if attempt is not None and not attempt.saved:
                # Rows of earlier attempts go before the savepoint: they stay if this one is undone.
                self._insert(connection, {table: attempt.marks.get(table, 0) for table in self._pending})
                attempt.marks = {}
                self._save(connection)
            self._insert(connection, {table: len(rows) for table, rows in self._pending.items()})
        finally:
            self._writing = False

    def _insert(self, connection: Connection, counts: dict[Table, int]) -> None:
        for table in sorted(counts, key=lambda table: _ORDER.get(table.name, 99)):
            if counts[table]:
                insert_rows(connection, table, self._pending[table][: counts[table]])
                self._pending[table] = self._pending[table][counts[table] :]
        self._pending = {table: rows for table, rows in self._pending.items() if rows}

    # --- attempts

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Everything inside is kept, or undone when it raises. Costs no statement unless something was written."""
        attempt = _Attempt({table: len(rows) for table, rows in self._pending.items()})
        if self._attempts:
            self._protect()  # an inner attempt needs the outer one's savepoint below it
            attempt.marks = {table: len(rows) for table, rows in self._pending.items()}
        self._attempts.append(attempt)
        try:
            yield
            self.flush()
        except BaseException as error:
            self._attempts.pop()
            if not isinstance(error, (DBAPIError, sqlite3.Error)) or attempt.saved:
                self._undo(attempt)
            raise
        self._attempts.pop()
        if attempt.saved:
            self.write_pending()
            self.connection().exec_driver_sql(f"RELEASE SAVEPOINT attempt{len(self._attempts)}")
        self.expunge_all()  # the next attempt sees the database, not what this one had loaded

    def _undo(self, attempt: _Attempt) -> None:
        # Ids given so far stay given: rows of earlier attempts that still wait here carry some of them.
        self.expunge_all()
        if attempt.saved:
            self._pending.clear()
            self.connection().exec_driver_sql(f"ROLLBACK TO SAVEPOINT attempt{len(self._attempts)}")
            self.connection().exec_driver_sql(f"RELEASE SAVEPOINT attempt{len(self._attempts)}")
        else:
            self._pending = {
                table: rows[: attempt.marks.get(table, 0)]
                for table, rows in self._pending.items()
                if attempt.marks.get(table, 0)
            }

    def _protect(self) -> None:
        """Set the savepoint of the current attempt, before the first statement that changes something."""
        attempt = self._attempts[-1] if self._attempts else None
        if attempt is None or attempt.saved:
            return
        if self._pending:
            self.write_pending()
        else:
            self._save(self.connection())

    def _save(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"SAVEPOINT attempt{len(self._attempts) - 1}")
        self._attempts[-1].saved = True


@dataclass(slots=True)
class _Attempt:
    marks: dict[Table, int]
    saved: bool = False


# Parents before children; tables that are not named come last.
_ORDER: Final = {"drafts": 0, "questions": 1, "timers": 2, "audit": 3, "audit_heads": 4, "outbox": 5}


@cache
def _last_id_on_sqlite(table: Table) -> str:
    return str(_last_id(table).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))


@cache
def _last_id(table: Table) -> Select[int]:
    return select(func.coalesce(func.max(table.c[_key_of(table)]), 0))


def _key_of(table: Table) -> str:
    return next(iter(table.primary_key.columns)).name


@event.listens_for(WriteSession, "do_orm_execute")
def _before_statement(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, WriteSession)
    session.write_pending()
    if not state.is_select:
        session._protect()
        table = getattr(state.statement, "table", None)
        if table is not None:
            session.touched.add(table.name)


@event.listens_for(WriteSession, "before_flush")
def _before_flush(session: Session, _context: UOWTransaction, _instances: object) -> None:
    assert isinstance(session, WriteSession)
    changed = [*session.new, *session.dirty, *session.deleted]
    if changed:
        session.write_pending()
        session._protect()
        session.touched.update(one.__tablename__ for one in changed)


def later(session: Session, table: Table, row: dict[str, Any]) -> None:
    """Insert a row soon (the writer's session) or now (any other)."""
    if isinstance(session, WriteSession):
        session.later(table, row)
    else:
        session.execute(insert(table), row)


def insert_many(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of one shape now."""
    if isinstance(session, WriteSession):
        session.insert_many(table, rows)
    else:
        insert_rows(session.connection(), table, rows)


def insert_columns(
    session: Session, table: Table, columns: Mapping[str, Sequence[Any]], *, stored: Collection[str] = ()
) -> None:
    """Insert rows given by their columns now. stored: columns that are already what the driver takes."""
    if isinstance(session, WriteSession):
        session.insert_columns(table, columns, stored)
    else:
        _insert_columns(session.connection(), table, columns, stored=stored)


def next_ids(session: Session, table: Table, count: int) -> Sequence[int]:
    """Ids for rows that are inserted next, before anything else is written. Not for tables with `next_id`."""
    session.flush()
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        last: int = connection.execute(_last_id(table)).scalar_one()
        return range(last + 1, last + 1 + count)
    number = func.nextval(func.pg_get_serial_sequence(table.name, _key_of(table)))
    return connection.execute(select(number).select_from(func.generate_series(1, count))).scalars().all()


def next_id(session: Session, table: Table) -> int:
    """An id for a new row of a table whose ids are only given here."""
    if isinstance(session, WriteSession):
        return session.next_id(table)
    return int(session.execute(_last_id(table)).scalar_one()) + 1


class Database:
    """Open with `await Database.open(url)`, close with `await close()`."""

    def __init__(self, url: str, *, patience: Patience = PATIENCE) -> None:
        self.url: URL = make_url(url)
        self._patience = patience
        self.is_sqlite: bool = self.url.get_backend_name() == "sqlite"
        self._waiting: deque[_Call] = deque()
        self._first: deque[_Call] = deque()  # acceptance goes before processing
        self._wake = asyncio.Event()
        self._closing = False
        self.unwritable: str | None = None  # what the last write met, where it met a fault of the database
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._tidying = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checkpoint")
        self._tidied_at = 0.0  # loop time of the last checkpoint
        self._writer_engine: Engine | None = None
        self._writer: Connection | None = None  # of the writer's thread, open between batches
        self._place: tuple[int, int] | None = None  # device and inode of the file that it was opened on
        self._engine: AsyncEngine
        if self.is_sqlite:
            if self.url.database and self.url.database != ":memory:":
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._writer_engine = sync_engine(self.url, lock_seconds=patience.lock_seconds)
            self._engine = create_async_engine(
                self.url.set(drivername="sqlite+aiosqlite"),
                connect_args={"isolation_level": None},
                pool_size=4,
                json_serializer=json_text,
                hide_parameters=True,
            )
            event.listen(self._engine.sync_engine, "connect", _configure_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_deferred)
        else:
            self._engine = create_async_engine(
                self.url.set(drivername="postgresql+asyncpg"), pool_size=6, json_serializer=json_text,
                hide_parameters=True,
            )  # fmt: skip
        self.commits = 0

    @classmethod
    async def open(
        cls, url: str, start: Callable[[Any], asyncio.Task[None]], *, patience: Patience = PATIENCE
    ) -> Database:
        """Start puts a coroutine into the background and returns its task (bot.tasks)."""
        database = cls(url, patience=patience)
        database._task = start(database._write_loop())
        return database

    async def close(self) -> None:
        """Finish what waits, then let the connections go."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            await self._task
        if self._writer_engine is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._let_go)
            self._writer_engine.dispose()
        await self._engine.dispose()
        self._thread.shutdown(wait=True)
        self._tidying.shutdown(wait=True)

    @property
    def pressed(self) -> bool:
        """Whether a call that goes before others waits for the batch under way."""
        return bool(self._first)

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run work on a read connection; it sees the last commit and does not wait for the writer.

        Raises DatabaseUnavailable when the database cannot be read, and what work raises.
        """

        def run(connection: Connection) -> T:
            with Session(connection, expire_on_commit=False) as session:
                return work(session)

        try:
            async with self._engine.connect() as connection:
                return await connection.run_sync(run)
        except (DBAPIError, sqlite3.Error, OSError) as error:
            if not is_the_database(error):
                raise
            raise DatabaseUnavailable(_cause(error)) from error

    async def write(self, work: Callable[[WriteSession], T], *, first: bool = False) -> T:
        """Run work in the next batch and return its result once that batch is committed.

        first: go before calls that are already waiting (acceptance of callbacks). Raises what work raises
        (its changes are rolled back), DatabaseUnavailable when the commit failed, StatementRefused when the
        database refused a statement of this work. After a failure work may run once more, so it must not
        keep anything outside the session before it returns. Must not be called from inside work.
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
        """One outcome for each call; never raises, because nobody would write any more after that."""
        attempt = 1
        while True:
            try:
                return await self._run(batch)
            except Exception as error:  # noqa: BLE001 - handed to the callers
                if may_pass(error):
                    if attempt < self._patience.attempts:
                        attempt += 1
                        await asyncio.sleep(self._patience.pause_seconds)
                        continue
                elif len(batch) > 1:  # one bad row must not refuse its neighbours
                    return [outcome for call in batch for outcome in await self._run_retrying([call])]
                ill = is_the_database(error)
                failure = (DatabaseUnavailable if ill else StatementRefused)(_cause(error))
                failure.__cause__ = error
                if ill:
                    self.unwritable = str(failure)
                return [_Outcome(error=failure) for _ in batch]

    async def _run(self, batch: list[_Call]) -> list[_Outcome]:
        loop = asyncio.get_running_loop()
        if self._writer_engine is not None:
            outcomes = await loop.run_in_executor(self._thread, self._run_on_sqlite, batch)
            if loop.time() - self._tidied_at >= CHECKPOINT_SECONDS:
                self._tidied_at = loop.time()
                self._tidying.submit(_checkpoint, self.url.database)
        else:
            async with self._engine.connect() as connection:
                outcomes = await connection.run_sync(_run_batch, batch, lock=True)
        self.commits += 1
        self.unwritable = None
        return outcomes

    def _run_on_sqlite(self, batch: list[_Call]) -> list[_Outcome]:
        assert self._writer_engine is not None
        self._check_place()  # before connecting, which would make an empty file
        if self._writer is None:
            self._writer = self._writer_engine.connect()
            self._place = self._place or self._found()
        try:
            return _run_batch(self._writer, batch, lock=False)
        except BaseException:
            self._let_go()
            raise

    def _found(self) -> tuple[int, int] | None:
        """The file that now has the name of the database; None where there is none."""
        try:
            found = Path(self.url.database or "").stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def _check_place(self) -> None:
        """Raises FileGone where the open file has lost its name: it takes what is written, and nobody finds it."""
        if self._place is not None and self._place != self._found():
            raise FileGone("数据库文件在使用中被移走或换掉：请停止服务，放回文件或用 restore 恢复后再启动")

    def _let_go(self) -> None:
        """Whatever state the writer's connection is in, the next batch begins with a clean one."""
        connection, self._writer = self._writer, None
        if connection is not None:
            connection.close()


def _checkpoint(path: str | None) -> None:
    """Move what is committed into the file; waits for nobody and keeps nobody waiting."""
    if path is None or path == ":memory:":
        return
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _run_batch(connection: Connection, batch: list[_Call], *, lock: bool) -> list[_Outcome]:
    outcomes: list[_Outcome] = []
    with WriteSession(connection) as session:
        if lock:
            session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})
        if len(batch) == 1:  # nothing to protect it from: the transaction itself is its savepoint
            return [_run_alone(session, batch[0])]
        for call in batch:
            try:
                with session.attempt():
                    value = call.work(session)
            except (DBAPIError, sqlite3.Error):
                raise  # the database itself: the batch is retried call by call
            except Exception as error:  # noqa: BLE001 - handed to the caller, who knows what it means
                outcomes.append(_Outcome(error=error))
            else:
                outcomes.append(_Outcome(value=value))
        session.write_pending()
        if session.touched & LEDGER_TABLES:
            _stamp_ledger(session)
        session.commit()
    return outcomes


def _run_alone(session: WriteSession, call: _Call) -> _Outcome:
    try:
        value = call.work(session)
        session.flush()
        session.write_pending()
    except (DBAPIError, sqlite3.Error):
        raise
    except Exception as error:  # noqa: BLE001 - handed to the caller, who knows what it means
        session.rollback()
        return _Outcome(error=error)
    if session.touched & LEDGER_TABLES:
        _stamp_ledger(session)
    session.commit()
    return _Outcome(value=value)


def _stamp_ledger(session: WriteSession) -> None:
    """Leave a mark that no other commit leaves: what was held of the ledger in memory is out of date."""
    session.execute(_NO_STAMP)
    session.execute(_NEW_STAMP, {"name": LEDGER_STAMP, "value": secrets.token_hex(8)})


def ledger_stamp(session: Session) -> str | None:
    """The mark of the last commit that changed a ledger table."""
    return session.execute(_STAMP).scalar_one_or_none()
