"""What a 简报 is made of: sums, lights, items at a moment (rule I5). Restricted items are in none of it (rule B8)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.queries import items as item_queries
from models.queries.directory import Directory
from models.rules.calendar import local_date
from models.rules.schedule import scheduled_share
from models.tables.items import Item
from models.tables.lights import LightChange, LightState
from models.tables.projects import Entry, Project, ProjectPlan


@dataclass(frozen=True, slots=True)
class Progress:
    """Sums of the projects with a plan: 分. scheduled: what should be done by now, exact."""

    name: str
    projects: int
    plan: int
    done: int
    scheduled: Fraction

    @property
    def completion(self) -> Fraction:
        return Fraction(self.done, self.plan) if self.plan else Fraction(0)

    @property
    def share_due(self) -> Fraction:
        return self.scheduled / self.plan if self.plan else Fraction(0)


def progress(
    session: Session, directory: Directory, organisation_id: int, now: datetime
) -> tuple[Progress, ...]:
    """The whole first, then each region and 市本级 that has projects with a plan."""
    today = local_date(now)
    rows = session.execute(
        select(Project, ProjectPlan)
        .join(ProjectPlan, ProjectPlan.project_id == Project.id)
        .where(
            Project.organisation_id == organisation_id,
            ProjectPlan.kind == "investment",
            ProjectPlan.year == today.year,
            ProjectPlan.plan_fen > 0,
        )
        .order_by(Project.id)
    ).all()
    sums: dict[str, list[Fraction]] = {"全市": [Fraction(0)] * 4}
    for region in directory.regions.values():
        if region.organisation_id == organisation_id:
            sums[region.name] = [Fraction(0)] * 4
    for project, plan in rows:
        where = directory.regions.get(project.region_id or 0)
        due = scheduled_share(tuple(plan.curve or ()), plan.plan_fen, today) * plan.plan_fen
        done = project.ytd_fen if project.figure_year == today.year else 0
        for name in ("全市", where.name if where is not None else "市本级"):
            old = sums.setdefault(name, [Fraction(0)] * 4)
            sums[name] = [old[0] + 1, old[1] + plan.plan_fen, old[2] + done, old[3] + due]
    return tuple(
        Progress(name, int(some[0]), int(some[1]), int(some[2]), some[3])
        for name, some in sums.items()
        if some[0]
    )


def lights(session: Session, directory: Directory, organisation_id: int) -> Counter[str]:
    """How many projects show each light."""
    return Counter(
        row.shown
        for row in session.execute(select(LightState)).scalars()
        if _of(directory, row.project_id, organisation_id)
    )


def adjusted(session: Session, directory: Directory, organisation_id: int) -> Counter[str]:
    """How many of them show it by a 调灯 that differs from the computed light (rule E14)."""
    rows = session.execute(select(LightState).where(LightState.shown != LightState.computed)).scalars()
    return Counter(row.shown for row in rows if _of(directory, row.project_id, organisation_id))


def turned(
    session: Session, directory: Directory, organisation_id: int, *, since: datetime, until: datetime
) -> list[tuple[str, str, str]]:
    """Changes of the shown light in a time: (project, old, new), each project's first old and last new.

    A light that was shown by a 调灯 is marked as such (rule E14).
    """
    found: dict[int, tuple[str, str]] = {}
    for row in session.execute(
        select(LightChange)
        .where(LightChange.at >= since, LightChange.at <= until, LightChange.shown != LightChange.old_shown)
        .order_by(LightChange.id)
    ).scalars():
        if _of(directory, row.project_id, organisation_id):
            first = found.get(row.project_id, (_marked(row.old_shown, row.old_computed), ""))[0]
            found[row.project_id] = (first, _marked(row.shown, row.computed))
    return [
        (f"{directory.projects[number].code} {directory.projects[number].name}", old, new)
        for number, (old, new) in found.items()
        if old != new
    ]


def _marked(shown: str, computed: str) -> str:
    return shown if shown == computed else f"{shown}(调)"


def _of(directory: Directory, project_id: int, organisation_id: int) -> bool:
    project = directory.projects.get(project_id)
    return project is not None and project.organisation_id == organisation_id


def items_open(session: Session, organisation_id: int) -> list[Item]:
    """Problems in hand, those raised highest first; tasks of a 批示 stand under their problem."""
    return list(
        session.execute(
            select(Item)
            .where(
                Item.organisation_id == organisation_id,
                Item.restricted.is_(False),
                Item.parent_id.is_(None),
                item_queries.is_open(),
            )
            .order_by(Item.level.desc(), Item.due_at, Item.id)
        ).scalars()
    )


def items_between(
    session: Session, organisation_id: int, *, since: datetime, until: datetime
) -> tuple[int, int]:
    """How many problems were raised, and how many closed."""
    rows = session.execute(
        select(Item.raised_at, Item.closed_at).where(
            Item.organisation_id == organisation_id, Item.restricted.is_(False), Item.parent_id.is_(None)
        )
    ).all()
    return (
        sum(since <= row.raised_at <= until for row in rows),
        sum(row.closed_at is not None and since <= row.closed_at <= until for row in rows),
    )


def fresh_entries(session: Session, organisation_id: int, *, since: datetime) -> list[int]:
    """Entries that could still be undone, which a paper issued now quotes (rule C10)."""
    return list(
        session.execute(
            select(Entry.id)
            .join(Project, Project.id == Entry.project_id)
            .where(Project.organisation_id == organisation_id, Entry.at >= since, Entry.undone_at.is_(None))
        ).scalars()
    )
