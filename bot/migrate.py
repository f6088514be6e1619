"""Bring the database to the newest schema; refuse one that is newer than this program."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, event, make_url, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

MIGRATIONS: Final = Path(__file__).parent.parent / "models" / "migrations"


class SchemaIsNewer(Exception):
    """The database was written by a newer program; this one must not touch it."""


def config(connection: Connection | None = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


@cache
def _scripts() -> ScriptDirectory:
    """The migrations of this program, read once: they do not change while it runs."""
    return ScriptDirectory.from_config(config())


async def upgrade(url: str) -> None:
    """Apply what is missing, in one go. Raises SchemaIsNewer for a database of a newer program.

    An existing SQLite file that has to be changed is copied beside itself first.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    # The driver's own transactions leave table changes out; with one of ours a killed upgrade leaves nothing behind.
    engine = create_async_engine(
        parsed, poolclass=pool.NullPool, connect_args={"isolation_level": None} if is_sqlite else {}
    )
    if is_sqlite:
        event.listen(
            engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE")
        )
    try:
        async with engine.connect() as connection:
            await connection.run_sync(
                _upgrade, parsed.database if parsed.get_backend_name() == "sqlite" else None
            )
            await connection.commit()
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, sqlite_file: str | None) -> None:
    if sqlite_file is None:
        connection.execute(text("SELECT pg_advisory_xact_lock(7369838)"))  # two processes may start at once
    script = _scripts()
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None:
        try:
            script.get_revision(current)
        except CommandError:
            raise SchemaIsNewer(
                f"数据库的结构版本 {current} 比本程序新。请升级程序，或用升级前的备份"
            ) from None
    if current == script.get_current_head():
        return
    if sqlite_file is not None and current is not None:
        _copy(sqlite_file, f"{sqlite_file}.before-{current}")
    command.upgrade(config(connection), "head")


def _copy(file: str, target: str) -> None:
    """A whole copy: what still lies in the write-ahead log belongs to it."""
    with closing(sqlite3.connect(file)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def current_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def check(url: str) -> dict[str, Any]:
    """The stored and the wanted revision."""
    engine = create_async_engine(make_url(url), poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            stored = await connection.run_sync(current_revision)
    finally:
        await engine.dispose()
    return {"stored": stored, "wanted": _scripts().get_current_head()}


def head() -> str:
    wanted = _scripts().get_current_head()
    assert wanted is not None
    return wanted
