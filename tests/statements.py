"""Which tests run on PostgreSQL: as few as execute there every statement that the tests execute on SQLite.

The run on SQLite notes which statements each test executes. The run on PostgreSQL behind it takes of the tests in
`CHOSEN_FROM` the cheapest that together execute each of these statements in TIMES tests, or in as many as there are.
What is about the database itself (durability, several processes, migrations, platforms) always runs whole, and so does
everything when nothing was noted: `ZHUANBAN_TEST_DATABASE=postgres python -m pytest tests/flows`.
"""

from __future__ import annotations

import heapq
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Engine, event

CHOSEN_FROM: Final = "tests/flows/"
TIMES: Final = 2
"""A statement that is right for one test's values may be wrong for another's: order, empty fields, case."""
NOTED_IN: Final = "ZHUANBAN_STATEMENTS"
"""The environment says in which folder the test processes of a run note what they execute."""

# One statement, however many rows it writes or values it looks for.
_ROWS = re.compile(r"(\([^()]*\))(?:, ?\1)+")
_VALUES = re.compile(r"\?(?:, ?\?)+")
_SAVEPOINT = re.compile(r"sa_savepoint_\d+")


@dataclass(slots=True)
class Noted:
    """What one test executed, and how long it took."""

    statements: set[str] = field(default_factory=set)
    seconds: float = 0.0


def form_of(statement: str) -> str:
    """The statement without what differs from one execution to the next."""
    plain = _SAVEPOINT.sub("savepoint", " ".join(statement.split()))
    return _ROWS.sub(r"\1", _VALUES.sub("?", plain))


def chosen(noted: Mapping[str, Noted], *, times: int = TIMES) -> frozenset[str]:
    """The tests that together execute each statement in `times` tests, or in all that execute it.

    Always the one next that has most of what is still wanted for its seconds; the same for the same notes.
    """
    wanted = Counter(one for test in noted.values() for one in test.statements)
    wanted = Counter({statement: min(times, count) for statement, count in wanted.items()})

    def worth(name: str) -> float:
        test = noted[name]
        return sum(1 for one in test.statements if wanted[one]) / (test.seconds + 0.01)

    taken: set[str] = set()
    waiting = [(-worth(name), name) for name in noted]
    heapq.heapify(waiting)
    while waiting:
        before, name = heapq.heappop(waiting)
        now = worth(name)
        if not now:
            continue
        if now < -before:  # others have taken some of it: it waits for its turn anew
            heapq.heappush(waiting, (-now, name))
            continue
        taken.add(name)
        wanted.subtract(one for one in noted[name].statements if wanted[one])
    return frozenset(taken)


class Notes:
    """A plugin of one test process: notes what its tests execute and writes that down when it ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.noted: dict[str, Noted] = {}
        self._forms: dict[str, str] = {}
        self._current: Noted | None = None
        event.listen(Engine, "before_cursor_execute", self._executes)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._current = self.noted.setdefault(item.nodeid, Noted())
        try:
            return (yield)
        finally:
            self._current = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.nodeid in self.noted:
            self.noted[report.nodeid].seconds += report.duration

    def close(self) -> None:
        event.remove(Engine, "before_cursor_execute", self._executes)

    def pytest_sessionfinish(self) -> None:
        told = {
            name: [round(one.seconds, 2), sorted(one.statements)]
            for name, one in self.noted.items()
            if one.statements
        }
        (self.folder / f"{os.getpid()}.json").write_text(json.dumps(told), encoding="utf-8")

    def _executes(self, _connection: object, _cursor: object, statement: str, *_: Any) -> None:
        if self._current is None:
            return
        form = self._forms.get(statement)
        if form is None:
            form = self._forms[statement] = form_of(statement)
        self._current.statements.add(form)


def noted_in(folder: Path) -> dict[str, Noted]:
    """What the test processes of the run on SQLite have noted."""
    found: dict[str, Noted] = {}
    for file in sorted(folder.glob("*.json")):
        for name, (seconds, statements) in json.loads(file.read_text(encoding="utf-8")).items():
            found[name] = Noted(set(statements), seconds)
    return found


def leave_out_repeats(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out the tests whose statements others execute; a test of which nothing is noted stays."""
    if NOTED_IN not in os.environ:
        return
    here = {one.nodeid for one in items if one.nodeid.startswith(CHOSEN_FROM)}
    noted = {name: one for name, one in noted_in(Path(os.environ[NOTED_IN])).items() if name in here}
    left_out = noted.keys() - chosen(noted)
    config.hook.pytest_deselected(items=[one for one in items if one.nodeid in left_out])
    items[:] = [one for one in items if one.nodeid not in left_out]
