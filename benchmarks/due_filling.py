"""Copies of items and of red lights, row by row: what a record of the product consists of, under other ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from benchmarks import city, whole_city
from models.db import sync_engine
from models.operations import lights
from models.queries import policies
from models.tables.clockwork import Timer
from models.tables.items import Item, Ladder, Rung
from models.tables.lights import LightCase, LightChange, LightState
from models.tables.people import Person
from models.tables.projects import Project

FIRST_NUMBER: Final = 1_000
FIRST_PROJECT: Final = 40
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Copied:
    """Numbers of items and codes of projects: something falls due on the day, on the day before, on neither."""

    items: tuple[str, ...]
    lights: tuple[str, ...]


def finish(database: Path, days: Mapping[str, str]) -> None:
    """Set the planned completion of projects, by code, before anything has happened; their lights follow."""
    engine = sync_engine(city.url_of(database))
    with Session(engine) as session:
        policy = policies.current(session).base
        for project in session.execute(select(Project).where(Project.code.in_(list(days)))).scalars().all():
            project.planned_finish = days[project.code]
            session.execute(delete(LightState).where(LightState.project_id == project.id))
            session.expire_all()
            lights.ensure_state(session, project, city.START.date(), policy)
        session.commit()
    engine.dispose()


def fill(database: Path, copied: Copied, *, count: int, due: int) -> None:
    """So many copies of items and of red lights, `due` of each with something due on the day, and on the one before."""
    engine = sync_engine(city.url_of(database))
    with engine.begin() as connection:
        filler = _Filler(connection)
        for number in range(count):
            which = min(number // due, 2)
            filler.copy_item(copied.items[which], number)
            filler.copy_light(copied.lights[which], number)
        filler.write()
    engine.dispose()


class _Filler:
    """Collects the copies of all rows, so that each table is written at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[Table, list[Row]] = {}
        self._next: dict[Table, int] = {}
        self._known: dict[tuple[str, str], Any] = {}
        self._lit: list[Row] = []
        """The projects that take the light of another, each with its planned completion."""
        names = {row.name: row for row in connection.execute(select(Person.id, Person.name, Person.unit_id))}
        self._liaisons = [names[whole_city.liaison(unit)] for unit in range(whole_city.UNITS)]
        self._leaders = [names[whole_city.leader(unit)] for unit in range(whole_city.UNITS)]
        self._projects = [
            row.id
            for row in connection.execute(
                select(Project.id).where(Project.code.like("CS%")).order_by(Project.id)
            )
        ]

    def copy_item(self, number: str, copy: int) -> None:
        """The item, its timers, its ladders; each copy is another unit's."""
        item = self._one("item", number, select(_table(Item)).where(Item.number == number))
        unit = copy % whole_city.UNITS
        host = self._liaisons[unit]
        new = self._add(
            _table(Item), item, number=f"W{FIRST_NUMBER + copy:04d}", person_id=host.id, unit_id=host.unit_id,
            project_id=self._projects[copy % len(self._projects)],
        )  # fmt: skip
        self._copy_clockwork("item", item["id"], new)

    def copy_light(self, code: str, copy: int) -> None:
        """State, history and warnings of a red project upon another project."""
        like = self._one("project", code, select(_table(Project)).where(Project.code == code))
        project = self._projects[FIRST_PROJECT + copy]
        unit = (FIRST_PROJECT + copy) % whole_city.UNITS
        readers = {"liaison_id": self._liaisons[unit].id, "leader_id": self._leaders[unit].id}
        self._lit.append({"project": project, "finish": like["planned_finish"]})
        for row in self._all(
            "state", code, select(_table(LightState)).where(LightState.project_id == like["id"])
        ):
            self._rows.setdefault(_table(LightState), []).append(row | {"project_id": project})
        for row in self._all(
            "change", code, select(_table(LightChange)).where(LightChange.project_id == like["id"])
        ):
            self._add(_table(LightChange), row, project_id=project)
        for row in self._all(
            "case", code, select(_table(LightCase)).where(LightCase.project_id == like["id"])
        ):
            others = {row["liaison_id"]: readers["liaison_id"], row["leader_id"]: readers["leader_id"]}
            audience = [
                [kind, others.get(one, one) if kind == "person" else one] for kind, one in row["audience"]
            ]
            new = self._add(_table(LightCase), row, project_id=project, audience=audience, **readers)
            self._copy_clockwork("light_case", row["id"], new)

    def write(self) -> None:
        projects = _table(Project)
        self._connection.execute(
            update(projects)
            .where(projects.c.id == bindparam("project"))
            .values(planned_finish=bindparam("finish")),
            self._lit,
        )
        for cls in (LightState, LightChange):
            lights = _table(cls)
            self._connection.execute(
                delete(lights).where(lights.c.project_id == bindparam("project")), self._lit
            )
        for table, rows in self._rows.items():
            self._connection.execute(insert(table), rows)

    def _copy_clockwork(self, kind: str, old: int, new: int) -> None:
        """Ladders with the rungs that fired, and every timer, of a record."""
        self._copy_timers(kind, old, new)
        ladders = select(_table(Ladder)).where(Ladder.subject_kind == kind, Ladder.subject_id == old)
        for ladder in self._all(f"ladder {kind}", str(old), ladders):
            copy = self._add(_table(Ladder), ladder, subject_id=new)
            rungs = select(_table(Rung)).where(Rung.ladder_id == ladder["id"])
            for rung in self._all("rung", str(ladder["id"]), rungs):
                self._add(_table(Rung), rung, ladder_id=copy)
            self._copy_timers("ladder", ladder["id"], copy)

    def _copy_timers(self, kind: str, old: int, new: int) -> None:
        timers = select(_table(Timer)).where(Timer.subject_kind == kind, Timer.subject_id == old)
        for timer in self._all(f"timer {kind}", str(old), timers):
            key = timer["key"].replace(f":{kind}:{old}:", f":{kind}:{new}:", 1)
            self._add(_table(Timer), timer, subject_id=new, key=key)

    def _add(self, table: Table, row: Row, **changes: Any) -> int:
        number = self._next.get(table) or self._last(table)
        self._next[table] = number + 1
        self._rows.setdefault(table, []).append(row | changes | {"id": number + 1})
        return number + 1

    def _last(self, table: Table) -> int:
        return self._connection.execute(select(table.c.id).order_by(table.c.id.desc()).limit(1)).scalar() or 0

    def _one(self, kind: str, key: str, statement: Any) -> Row:
        found = self._all(kind, key, statement)
        assert len(found) == 1, (kind, key, found)
        return found[0]

    def _all(self, kind: str, key: str, statement: Any) -> list[Row]:
        """The rows of what is copied, read once."""
        if (kind, key) not in self._known:
            self._known[kind, key] = [dict(row._mapping) for row in self._connection.execute(statement)]
        return cast("list[Row]", self._known[kind, key])


def _table(cls: type[Any]) -> Table:
    return cast("Table", cls.__table__)
