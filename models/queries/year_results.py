"""A year's results of regions and city units: scores, 表扬, 逾期, red days (rule I6)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.queries import rankings
from models.queries.directory import Directory
from models.queries.rankings import Key
from models.rules import calendar
from models.rules.calendar import Calendar
from models.tables.audit import AuditRow
from models.tables.documents import Document
from models.tables.items import Item
from models.tables.lights import LightChange
from models.types import DocumentState, Light

_GONE = (DocumentState.VOID.value, DocumentState.DROPPED.value, DocumentState.WITHDRAWN.value)


def circulars(session: Session, organisation_id: int, template: str, year: int) -> list[Document]:
    """The year's 排名通报, the newest of each month; drafts count too, what was dropped or voided does not."""
    rows = session.execute(
        select(Document)
        .where(
            Document.organisation_id == organisation_id,
            Document.template == template,
            Document.what.like(f"{year}-%"),
            Document.state.not_in(_GONE),
        )
        .order_by(Document.id)
    ).scalars()
    return list({row.what: row for row in rows}.values())


def overdue(session: Session, directory: Directory, organisation_id: int, year: int) -> Counter[Key]:
    """How often something of a problem became 逾期 in the year, whenever it was handed out; restricted ones are in no
    count (rule B8).
    """
    found: Counter[Key] = Counter()
    rows = session.execute(
        select(Item.unit_id, AuditRow.old, AuditRow.new)
        .join(AuditRow, AuditRow.record_id == Item.id)
        .where(
            AuditRow.record_kind == "item",
            AuditRow.field == "overdue_times",
            AuditRow.at >= calendar.at(date(year, 1, 1), "00:00"),
            AuditRow.at < calendar.at(date(year + 1, 1, 1), "00:00"),
            Item.organisation_id == organisation_id,
            Item.restricted.is_(False),
        )
    )
    for unit_id, old, new in rows:
        key = rankings.key_of_unit(directory, unit_id)
        if key is not None:
            found[key] += int(new or 0) - int(old or 0)
    return found


def red_days(session: Session, directory: Directory, organisation_id: int, year: int) -> Counter[Key]:
    """Workdays of the year whose 07:00 light was red, summed over the projects (rule E12)."""
    changes: dict[int, list[tuple[datetime, str, str]]] = defaultdict(list)
    for row in session.execute(select(LightChange).order_by(LightChange.at, LightChange.id)).scalars():
        project = directory.projects.get(row.project_id)
        if project is not None and project.organisation_id == organisation_id:
            changes[row.project_id].append((row.at, row.old_shown, row.shown))
    found: Counter[Key] = Counter()
    end = calendar.at(date(year + 1, 1, 1), "00:00")
    for project_id, turns in changes.items():
        key = rankings.key_of_project(directory, directory.projects[project_id])
        if key is not None:
            found[key] += sum(
                _mornings(begin, until, directory.calendar, year) for begin, until in _red(turns, end)
            )
    return found


def _red(turns: list[tuple[datetime, str, str]], end: datetime) -> Iterator[tuple[datetime, datetime]]:
    begun: datetime | None = None
    for at, _, new in turns:
        if begun is not None:
            yield begun, at
        begun = at if new == Light.RED.value else None
    if begun is not None:
        yield begun, end


def _mornings(begin: datetime, until: datetime, days: Calendar, year: int) -> int:
    """Workdays of the year whose 07:00 lies in [begin, until)."""
    count = 0
    day = max(calendar.local_date(begin), date(year, 1, 1))
    while day <= date(year, 12, 31) and calendar.at(day, "07:00") < until:
        count += days.is_workday(day) and calendar.at(day, "07:00") >= begin
        day += timedelta(days=1)
    return count
