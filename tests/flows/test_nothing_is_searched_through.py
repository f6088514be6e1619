"""What happens all day long reads by index: what was ever sent, said or entered is never gone through (performance)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from .conftest import OpenCity

pytestmark = pytest.mark.sqlite_only

# Tables that grow with every message, day after day.
_GROWING = (
    "outbox",
    "inbox",
    "timers",
    "drafts",
    "entries",
    "audit",
    "sent_messages",
    "webchat_messages",
    "ladders",
)


@contextmanager
def executed() -> Iterator[dict[str, Any]]:
    """Each statement with the values it was executed with last."""
    found: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            found[statement] = values[0] if many else values

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def searched_through(database: Path, found: dict[str, Any]) -> list[str]:
    """The statements for which SQLite would read a growing table from end to end."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return [
            f"{table}: {' '.join(statement.split())}"
            for statement, values in found.items()
            for (*_, step) in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            for table in _GROWING
            if step == f"SCAN {table}" or step.startswith(f"SCAN {table} ")
            if "USING INDEX" not in step
        ]


async def test_a_report_a_light_and_a_night(open_city: OpenCity) -> None:
    """A report is confirmed, a light turns, messages wait for the morning and go: all of it by index."""
    city = await open_city("2026-09-22 17:50")
    with executed() as found:
        await city.say("张伟", "污水处理厂累计5500万")
        await city.say("张伟", "确认")
        await city.say("张伟", "撤销")
        await city.clock("2026-09-23 12:00")
        await city.say("马德胜", "/查 W0186")
    assert len(found) > 50
    database = city.folder / Path(city.settings.database_url.removeprefix("sqlite+aiosqlite:///")).name
    assert searched_through(database, found) == []
