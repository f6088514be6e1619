"""Databases as earlier versions of the program left them, one SQL file for each schema revision.

A released dump never changes: it is how a later revision is tested against real rows. Until the revision is released,
A released dump never changes: it is how a later revision is tested against real rows. Until its revision is released,
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, MetaData, Table, insert, select, text
from sqlalchemy.types import DateTime

from bot import migrate
from tests.flows.city import City

FOLDER: Final = Path(__file__).parent / "data"
HEADER: Final = "-- rows of the fictional city at schema revision {revision}; see tests/migrations/dumps.py\n"
BATCH: Final = 200


def revisions() -> list[str]:
    """The revisions that have a dump, oldest first."""
    return sorted(path.stem for path in FOLDER.glob("*.sql"))


def load(file: Path, revision: str) -> None:
    """Put the rows of a dump into a SQLite file that is at its revision and empty."""
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.executescript((FOLDER / f"{revision}.sql").read_text(encoding="utf-8"))
    connection.close()


def rows_of(connection: Connection) -> dict[str, list[dict[str, object]]]:
    """Every row of every table as the database itself describes it, in the order of the primary key."""
    found: dict[str, list[dict[str, object]]] = {}
    for table in _tables(connection):
        order = list(table.primary_key.columns)
        rows = connection.execute(select(table).order_by(*order)).mappings().all()
        found[table.name] = [{name: _plain(value) for name, value in row.items()} for row in rows]
    return found


def put(connection: Connection, rows: dict[str, list[dict[str, object]]]) -> None:
    """Put such rows into an empty PostgreSQL database at the same revision."""
    for table in _tables(connection):
        aware = [column.name for column in table.columns if isinstance(column.type, DateTime)]
        made = [
            {name: _aware(value, name in aware) for name, value in row.items()} for row in rows[table.name]
        ]
        for start in range(0, len(made), BATCH):
            connection.execute(insert(table), made[start : start + BATCH])
        for column in table.columns:
            sequence = connection.execute(
                text("SELECT pg_get_serial_sequence(:table, :column)"),
                {"table": table.name, "column": column.name},
            ).scalar_one()
            if sequence is not None and made:
                highest = max(int(str(row[column.name])) for row in made)
                connection.execute(text("SELECT setval(:name, :value)"), {"name": sequence, "value": highest})


def _tables(connection: Connection) -> Iterator[Table]:
    """As they are in the database, parents first, without Alembic's own."""
    metadata = MetaData()
    metadata.reflect(connection)
    return (table for table in metadata.sorted_tables if table.name != "alembic_version")


def _plain(value: object) -> object:
    """The same value from either database."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return bytes(value) if isinstance(value, memoryview) else value


def _aware(value: object, is_time: bool) -> object:
    return value.replace(tzinfo=UTC) if is_time and isinstance(value, datetime) else value


# --- making one


async def _live(folder: Path) -> Path:
    """Two days of the city: figures confirmed and left open, a problem, feedback, jobs, timers, messages."""
    city = await City.open(folder, "2026-09-22 10:00")
    try:
        await city.say("张伟", "城南污水处理厂累计完成投资5500万，主体结构封顶")
        await city.say("张伟", "确认")
        await city.say("张伟", "青禾灌区累计完成3520万")
        await city.say("苏静", "W0186 已报省林草局，组卷材料补正中，预计10月10日批复")
        await city.say("苏静", "确认")
        await city.say("陌生人", "你好")
        await city.clock("2026-09-23 18:00")
        await city.say("彭倩", "/查 ZX0031")
    finally:
        await city.stop()
    return folder / "city.db"


def dump(file: Path, revision: str) -> str:
    """INSERT statements with their columns, so that a column that is added with a default changes nothing."""
    lines = [HEADER.format(revision=revision)]
    with sqlite3.connect(file) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for table in sorted(tables):
            if table == "alembic_version" or table.startswith("sqlite_"):
                continue
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
            values = " || ', ' || ".join(f'quote("{column}")' for column in columns)
            names = ", ".join(f'"{column}"' for column in columns)
            for (row,) in connection.execute(f'SELECT {values} FROM "{table}" ORDER BY 1'):
                lines.append(f'INSERT INTO "{table}" ({names}) VALUES ({row});\n')
    connection.close()
    return "".join(lines)


def main() -> None:
    revision = migrate.head()
    with tempfile.TemporaryDirectory() as folder:
        made = dump(asyncio.run(_live(Path(folder))), revision)
    (FOLDER / f"{revision}.sql").write_text(made, encoding="utf-8")
    print(f"{revision}.sql: {made.count('INSERT INTO')} rows")


if __name__ == "__main__":
    main()
