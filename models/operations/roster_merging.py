"""What every step of loading a roster works with: the rows of one place, and what is said of their changes.

The difference that is shown and the change that is made come from one pass over the same rows, so that they cannot
disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.errors import Invalid
from models.operations import audit
from models.operations.audit import Actor
from models.operations.roster_entries import Roster
from models.tables.items import Item
from models.tables.people import Organisation, Post, Unit
from models.tables.projects import Project, ProjectCategory
from models.types import Subject

_REASON: Final = "名册导入"
_USERS: Final[dict[type[Any], str]] = {
    Project: "项目",
    Item: "事项",
    Unit: "单位",
    Post: "任职",
    ProjectCategory: "项目",
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a roster is applied, and by whom."""

    now: datetime
    by: Actor


class _Named(Protocol):
    id: Any
    name: Any


@dataclass(slots=True)
class Merge:
    """One pass. stamp is None for a preview: rows are then neither changed nor added."""

    session: Session
    roster: Roster
    stamp: Stamp | None
    lines: list[str] = field(default_factory=list)
    organisation: Organisation | None = None
    region_ids: dict[str, int] = field(default_factory=dict)
    unit_ids: dict[str, int] = field(default_factory=dict)
    task_force_ids: dict[str, int] = field(default_factory=dict)
    renamed: dict[tuple[str, str], str] = field(default_factory=dict)
    """(kind, old name) → new name."""

    @property
    def organisation_id(self) -> int:
        return self.organisation.id if self.organisation else 0

    def unit_names(self) -> dict[int, str]:
        """Units of the place by id."""
        rows = self.session.execute(
            select(Unit.id, Unit.name).where(Unit.organisation_id == self.organisation_id)
        )
        return {row.id: row.name for row in rows}

    def rows(self, table: type[Any]) -> list[Any]:
        """Rows of the place in a table, oldest first."""
        return list(
            self.session.execute(
                select(table).where(table.organisation_id == self.organisation_id).order_by(table.id)
            ).scalars()
        )

    def match(self, what: str, rows: Sequence[Any], stated: Sequence[Any], *, code: Any) -> dict[str, Any]:
        """Name → its row. A row whose name has gone but whose code stands in the file was renamed."""
        by_name = {row.name: row for row in rows}
        found = {one.name: by_name.get(one.name) for one in stated}
        free = {code(row): row for row in rows if row.name not in found and code(row) is not None}
        for one in stated:
            if found[one.name] is None and (row := free.pop(code(one), None)) is not None:
                self.lines.append(f"{what} {row.name} 改名 {one.name}")
                self.renamed[what, row.name] = one.name
                found[one.name] = row
        return found

    def change(self, row: Any, name: str, value: object, line: str) -> None:
        """Change a field if it differs. An empty line says nothing about it."""
        if getattr(row, name) == value:
            return
        if line:
            self.lines.append(line)
        self.quietly(row, **{name: value})

    def quietly(self, row: Any, **values: object) -> None:
        """Change fields without a line."""
        if self.stamp is not None:
            for name, value in values.items():
                setattr(row, name, value)

    def delete(self, row: Any) -> None:
        """Take a row away."""
        if self.stamp is not None:
            self.session.delete(row)
            self.session.flush()

    def flush(self) -> None:
        """Write what has changed so far."""
        if self.stamp is not None:
            self.session.flush()

    def refuse_if_used(self, what: str, row: _Named, columns: Iterable[Any]) -> None:
        """Raise Invalid for a row that others still point to."""
        for column in columns:
            count = self.session.execute(
                select(func.count()).select_from(column.class_).where(column == row.id)
            ).scalar_one()
            if count:
                raise Invalid(
                    f"{what}「{row.name}」仍有 {count} 条{_USERS[column.class_]}，不能从名册中去掉",
                    mend="请先改归别处，或在名册中保留",
                )

    def record(self, kind: str, number: int, changes: dict[str, tuple[object, object]]) -> None:
        """Keep a change in the audit."""
        if self.stamp is not None and changes:
            audit.record(
                self.session,
                Subject(kind, number),
                changes,
                by=self.stamp.by,
                at=self.stamp.now,
                reason=_REASON,
            )


def left_over(rows: Sequence[Any], matched: Mapping[str, Any]) -> list[Any]:
    """Rows that nothing in the file stands for."""
    kept = {id(row) for row in matched.values() if row is not None}
    return [row for row in rows if id(row) not in kept]
