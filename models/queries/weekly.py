"""Weekly feedback: the bodies that owe it, what came in, and a body's week in figures (rules A5, I1, I2)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from models.queries import outages
from models.queries.directory import Directory, PersonInfo, ProjectInfo
from models.queries.items import of_its_house
from models.rules.calendar import Week, at
from models.tables.audit import AuditRow
from models.tables.items import Item, WeeklyReport
from models.tables.lights import LightChange
from models.tables.projects import Entry
from models.types import Light, Role

TASK_FORCE = "task_force"
REGION = "region"
CATEGORY = "category"  # a 小结 of the 专班 that leads a category
DIGEST = "digest"  # what was published for an organisation


@dataclass(frozen=True, slots=True)
class Body:
    """A 专班 or county that gives weekly feedback, and those who give it."""

    kind: str
    id: int
    name: str
    liaisons: tuple[PersonInfo, ...]


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """A body's week from the ledger: codes of projects that turned green, numbers of the other things.

    reported: projects with a report, 无变化 included; changed: those with a figure or fact of the week.
    """

    turned_green: tuple[str, ...]
    raised: int
    closed: int
    reported: int
    changed: int


def bodies(directory: Directory, organisation_id: int) -> tuple[Body, ...]:
    """Every 专班 and county of an organisation that has a 联络员; none where no project is in the ledger (rule Q3)."""
    if organisation_id not in directory.keeping_ledgers:
        return ()
    forces = [
        Body(TASK_FORCE, force.id, force.name, directory.at_task_force(force.id, Role.LIAISON))
        for force in directory.task_forces.values()
        if force.organisation_id == organisation_id
    ]
    regions = [
        Body(REGION, region.id, region.name, directory.at_region(region.id, Role.LIAISON))
        for region in directory.regions.values()
        if region.organisation_id == organisation_id
    ]
    return tuple(body for body in (*forces, *regions) if body.liaisons)


def categories(directory: Directory, organisation_id: int) -> tuple[Body, ...]:
    """Every category with a lead 专班 that has a 联络员: it gives 小结 and 工作计划 (rule I1)."""
    if organisation_id not in directory.keeping_ledgers:
        return ()
    found = [
        Body(CATEGORY, one.id, one.name, directory.at_task_force(one.task_force_id or 0, Role.LIAISON))
        for one in directory.categories.values()
        if one.organisation_id == organisation_id and one.task_force_id in directory.task_forces
    ]
    return tuple(body for body in found if body.liaisons)


def categories_of(directory: Directory, person: PersonInfo) -> tuple[Body, ...]:
    """The categories whose 小结 this person gives."""
    return tuple(body for body in categories(directory, person.organisation_id) if person in body.liaisons)


def bodies_of(directory: Directory, person: PersonInfo) -> tuple[Body, ...]:
    """The bodies whose feedback this person gives."""
    return tuple(body for body in bodies(directory, person.organisation_id) if person in body.liaisons)


def given_by(directory: Directory, person: PersonInfo) -> tuple[Body, ...]:
    """The bodies for which this person may give feedback: their own, else those that they lead (B10)."""
    return bodies_of(directory, person) or tuple(
        body for body in bodies(directory, person.organisation_id) if person in _leaders(directory, body)
    )


def _leaders(directory: Directory, body: Body) -> tuple[PersonInfo, ...]:
    at = directory.at_task_force if body.kind == TASK_FORCE else directory.at_region
    return at(body.id, Role.LEADER)


def reports(session: Session, week: Week) -> dict[tuple[str, int], WeeklyReport]:
    """What came in for a period, by body."""
    rows = session.execute(
        select(WeeklyReport).where(WeeklyReport.period_first == week.first.isoformat())
    ).scalars()
    return {(row.body_kind, row.body_id): row for row in rows}


def made_unchanged(
    session: Session, at: datetime, people: Collection[int | None]
) -> list[tuple[WeeklyReport, str | None]]:
    """Feedback that became 本周无变化 by these people at a moment, with the text it had before (None: none)."""
    last = aliased(AuditRow)
    rows = session.execute(
        select(WeeklyReport, AuditRow.old)
        .join(AuditRow, and_(AuditRow.record_kind == "weekly_report", AuditRow.record_id == WeeklyReport.id))
        .where(
            WeeklyReport.unchanged.is_(True),
            AuditRow.field == "text",
            AuditRow.at == at,
            or_(AuditRow.by_id.in_(people), AuditRow.for_id.in_(people)),
            ~exists().where(
                last.record_kind == AuditRow.record_kind, last.record_id == AuditRow.record_id,
                last.field == "text", last.seq > AuditRow.seq,
            ),
        )
        .order_by(WeeklyReport.id)
    ).all()  # fmt: skip
    return [(row, old) for row, old in rows]


def missing(session: Session, directory: Directory, organisation_id: int, week: Week) -> tuple[Body, ...]:
    """Bodies without a report for the period, in roster order."""
    known = reports(session, week)
    return tuple(body for body in bodies(directory, organisation_id) if (body.kind, body.id) not in known)


def due(session: Session, directory: Directory, week: Week) -> datetime:
    """反馈截止 of a period; an outage over it or over the call puts it off (rule A4)."""
    excused = outages.excused_until(session, week.feedback_due, directory.calendar)
    call = outages.covering(session, week.call_at)
    if call is not None:
        excused = max(excused, outages.grace_after(call.ended_at, directory.calendar))
    return excused


def projects_of(directory: Directory, body: Body) -> tuple[ProjectInfo, ...]:
    """Projects of the county, or of the sector and categories of the 专班."""
    if body.kind == REGION:
        return tuple(one for one in directory.projects.values() if one.region_id == body.id)
    if body.kind == CATEGORY:
        return tuple(one for one in directory.projects.values() if body.id in one.category_ids)
    led = {category.id for category in directory.categories.values() if category.task_force_id == body.id}
    return tuple(
        one
        for one in directory.projects.values()
        if one.task_force_id == body.id or not led.isdisjoint(one.category_ids)
    )


_UNDOING: Final = ("undo", "correction")  # causes of a change that take an earlier one back
_REPORTED: Final = ("report", "unchanged", "correction", "funds", "import")  # and those that tell of progress


def _turned_green(session: Session, ids: Collection[int], *, first: datetime, until: datetime) -> list[int]:
    """Projects that turned green, without those of which that was undone or corrected (rules D5, E13).

    By the computed light and for what was reported: 调灯 to 绿 is a decision (rule E14), and a year without a plan
    has no 投资灯 (rule D6). Nor has a project turned green whose warning was a mistake that has been taken back.
    """
    changes = session.execute(
        select(
            LightChange.project_id, LightChange.old_computed, LightChange.computed, LightChange.cause,
            LightChange.figures,
        )
        .where(LightChange.project_id.in_(ids), LightChange.at >= first, LightChange.at <= until)
        .order_by(LightChange.at, LightChange.id)
    )  # fmt: skip
    green = Light.GREEN.value
    turned: set[int] = set()
    for project_id, old, new, cause, figures in changes:
        if new == green != old:
            if cause in _REPORTED and figures.get("undoes") is None:
                turned.add(project_id)
        elif old == green != new and cause in _UNDOING:
            turned.discard(project_id)
    return sorted(turned)


def figures(
    session: Session, directory: Directory, body: Body, *, first: datetime, until: datetime
) -> WeekFigures:
    """Counts of [first, until]; restricted items are in none of them (rule B8)."""
    ids = [one.id for one in projects_of(directory, body)]
    items = and_(Item.project_id.in_(ids), of_its_house())
    if body.kind not in (REGION, CATEGORY):
        items = or_(items, Item.task_force_id == body.id)
    green = _turned_green(session, ids, first=first, until=until)
    visible = and_(Item.restricted.is_(False), Item.parent_id.is_(None))
    raised = session.execute(
        select(Item.id).where(items, visible, Item.raised_at >= first, Item.raised_at <= until)
    ).all()
    closed = session.execute(
        select(Item.id).where(items, visible, Item.closed_at >= first, Item.closed_at <= until)
    ).all()
    reported = session.execute(
        select(Entry.project_id, Entry.kind)
        .where(
            Entry.project_id.in_(ids),
            Entry.at >= first,
            Entry.at <= until,
            Entry.kind.in_(("report", "unchanged")),
            Entry.undone_at.is_(None),
        )
        .distinct()
    ).all()
    return WeekFigures(
        turned_green=tuple(directory.projects[number].code for number in green),
        raised=len(raised),
        closed=len(closed),
        reported=len({row.project_id for row in reported}),
        changed=len({row.project_id for row in reported if row.kind == "report"}),
    )


def unit_projects(directory: Directory, person: PersonInfo) -> tuple[ProjectInfo, ...]:
    """Projects of which the person's unit is 责任单位 or stands in for it (rules C19, E8)."""
    return tuple(
        one
        for one in directory.projects.values()
        if one.organisation_id == person.organisation_id
        and person
        in (*directory.for_unit(one.unit_id, Role.LIAISON), *directory.for_unit(one.unit_id, Role.LEADER))
    )


def week_start(week: Week) -> datetime:
    return at(week.first, "00:00")


def period_name(week: Week) -> str:
    """2026-09-21 – 09-27; a merged period is named as such (rule A5)."""
    name = f"{week.first:%Y-%m-%d} – {week.last:%m-%d}"
    return f"{name}（两周合并）" if week.merged else name
