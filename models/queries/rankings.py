"""A month's figures of every region and city department, from the ledger as recorded (rule I3).

Restricted items are in none of them (rule B8); tasks of a 批示 count in no number of problems.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.queries import lights, outages
from models.queries import weekly as weekly_queries
from models.queries.directory import Directory, ProjectInfo
from models.rules import calendar, ladder
from models.rules.calendar import Calendar
from models.rules.partial_dates import first_day
from models.rules.policies import Policies
from models.rules.ranking import Part, Ratio, Tally
from models.rules.schedule import scheduled_share
from models.tables.items import Item, ItemFeedback
from models.tables.lights import LightCase, LightFeedback
from models.tables.projects import Entry, Project, ProjectPlan, YearClose
from models.types import FeedbackState, ItemState

REGION: Final = "region"
UNIT: Final = "unit"
_PASSED: Final = (ItemState.AWAITING_CLOSE.value, ItemState.CLOSED.value)
_OUT: Final = (ItemState.MERGED.value, ItemState.REJECTED.value, ItemState.SCREENING.value)

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month. until: its last moment."""

    first: date
    last: date

    @classmethod
    def of(cls, day: date) -> Month:
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))

    @classmethod
    def before(cls, day: date) -> Month:
        return cls.of(day.replace(day=1) - timedelta(days=1))

    @property
    def begun(self) -> datetime:
        return calendar.at(self.first, "00:00")

    @property
    def until(self) -> datetime:
        return calendar.at(self.last + timedelta(days=1), "00:00") - timedelta(microseconds=1)

    @property
    def name(self) -> str:
        return f"{self.first.year}年{self.first.month}月"


class _Counts:
    def __init__(self) -> None:
        self._sums: dict[Key, dict[Part, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))

    def add(self, key: Key | None, part: Part, done: int, due: int) -> None:
        if key is not None:
            pair = self._sums[key][part]
            pair[0] += done
            pair[1] += due

    def tally(self, key: Key, name: str) -> Tally:
        return Tally(name, {part: Ratio(*pair) for part, pair in self._sums[key].items()})


def tallies(
    session: Session,
    directory: Directory,
    policies: Policies,
    organisation_id: int,
    month: Month,
    *,
    installed: datetime | None,
) -> dict[Key, Tally]:
    """Every region, and every city unit for which something was due in the month.

    installed: since when the bot asks for weekly feedback; before that none was due.
    """
    counts = _Counts()
    _projects(session, directory, organisation_id, month, counts)
    _items(session, directory, policies, organisation_id, month, counts)
    _lights(session, directory, organisation_id, month, counts)
    _weekly(session, directory, organisation_id, month, counts, installed)
    found = {
        (REGION, region.id): counts.tally((REGION, region.id), region.name)
        for region in directory.regions.values()
        if region.organisation_id == organisation_id
    }
    for unit in directory.units.values():
        if unit.organisation_id == organisation_id and unit.region_id is None and unit.kind != "leadership":
            tally = counts.tally((UNIT, unit.id), unit.name)
            if tally.score() is not None:
                found[UNIT, unit.id] = tally
    return found


def key_of_unit(directory: Directory, unit_id: int | None) -> Key | None:
    """The region of a county's unit; a city unit is ranked itself."""
    unit = directory.units.get(unit_id or 0)
    if unit is None:
        return None
    return (REGION, unit.region_id) if unit.region_id is not None else (UNIT, unit.id)


def key_of_project(directory: Directory, project: ProjectInfo) -> Key | None:
    """Where the project lies; a project of 市本级 counts for its 责任单位."""
    if project.region_id is not None:
        return REGION, project.region_id
    return key_of_unit(directory, project.unit_id)


# --- 投资, 开工


def _projects(
    session: Session, directory: Directory, organisation_id: int, month: Month, counts: _Counts
) -> None:
    actual = year_to_date(session, organisation_id, month)
    plans = {
        plan.project_id: plan
        for plan in session.execute(
            select(ProjectPlan).where(
                ProjectPlan.year == month.first.year,
                ProjectPlan.kind == "investment",
                ProjectPlan.plan_fen > 0,
            )
        ).scalars()
    }
    for row in session.execute(select(Project).where(Project.organisation_id == organisation_id)).scalars():
        key = key_of_project(directory, directory.projects[row.id])
        plan = plans.get(row.id)
        if plan is not None:
            share = scheduled_share(tuple(plan.curve or ()), plan.plan_fen, month.last)
            counts.add(key, Part.INVESTMENT, actual.get(row.id, 0), int(share * plan.plan_fen))
        if row.planned_start and first_day(row.planned_start) <= month.last:
            counts.add(key, Part.STARTS, int(_started(row, month)), 1)


def _started(project: Project, month: Month) -> bool:
    if project.started_on:
        return first_day(project.started_on) <= month.last
    return project.stage in lights.STARTED


def year_to_date(session: Session, organisation_id: int, month: Month) -> dict[int, int]:
    """The year-to-date figure of each project at the end of the month, in 分: the last one dated in or before it."""
    found: dict[int, int] = {}
    for row in session.execute(select(Project).where(Project.organisation_id == organisation_id)).scalars():
        if row.figure_year == month.first.year and row.ytd_as_of is not None and row.ytd_as_of <= month.last:
            found[row.id] = row.ytd_fen
    entries = session.execute(
        select(Entry.project_id, Entry.ytd_fen)
        .join(Project, Project.id == Entry.project_id)
        .where(
            Project.organisation_id == organisation_id,
            Entry.year == month.first.year,
            Entry.ytd_fen.is_not(None),
            Entry.undone_at.is_(None),
            Entry.as_of <= month.last,
        )
        .order_by(Entry.id)
    )
    dated = {row.project_id: row.ytd_fen for row in entries}
    for project_id, fen in dated.items():
        found.setdefault(project_id, fen)
    if month.first.month == 12:
        for closed in session.execute(select(YearClose).where(YearClose.year == month.first.year)).scalars():
            found[closed.project_id] = closed.ytd_fen
    return found


# --- 办结, 报送 of items


def _items(  # noqa: PLR0917
    session: Session,
    directory: Directory,
    policies: Policies,
    organisation_id: int,
    month: Month,
    counts: _Counts,
) -> None:
    rows = session.execute(
        select(Item).where(
            Item.organisation_id == organisation_id,
            Item.restricted.is_(False),
            Item.parent_id.is_(None),
            Item.state.not_in(_OUT),
            Item.unit_id.is_not(None),
        )
    ).scalars().all()  # fmt: skip
    of_item: dict[int, list[ItemFeedback]] = defaultdict(list)
    for feedback in session.execute(select(ItemFeedback).order_by(ItemFeedback.id)).scalars():
        of_item[feedback.item_id].append(feedback)
    for item in rows:
        key = key_of_unit(directory, item.unit_id)
        if item.due_at is not None and item.due_at <= month.until and not _over_before(item, month):
            closed = (
                item.state in _PASSED and item.submitted_at is not None and item.submitted_at <= month.until
            )
            counts.add(key, Part.ITEMS, int(closed), 1)
        for due, on_time in _feedback_dues(
            session, directory.calendar, policies, item, of_item[item.id], month
        ):
            if month.begun <= due <= month.until:
                counts.add(key, Part.REPORTS, int(on_time), 1)


def _over_before(item: Item, month: Month) -> bool:
    return item.closed_at is not None and item.closed_at < month.begun


def _feedback_dues(  # noqa: PLR0917
    session: Session, days: Calendar, policies: Policies, item: Item, given: list[ItemFeedback], month: Month
) -> Iterator[tuple[datetime, bool]]:
    """Every due date of the item's feedback up to the end of the month, and whether it was met (rules A7, F5)."""
    every = policies.at(item.organisation_id, item.policy_version).item_feedback_workdays
    for feedback in given:
        if feedback.state == FeedbackState.RETURNED.value:
            continue
        if not feedback.overdue_workdays:
            yield feedback.due_at, True
            continue
        first = calendar.local_date(feedback.due_at)
        for missed in ladder.missed_feedback_dues(first, feedback.submitted_at, days, every):
            yield calendar.deadline(missed), False
    pending = any(one.state == FeedbackState.SUBMITTED.value for one in given)
    if item.feedback_due_at is None or pending:
        return
    end = min(month.until, item.submitted_at or month.until)
    if outages.excused_until(session, item.feedback_due_at, days) > end:
        return
    for missed in ladder.missed_feedback_dues(calendar.local_date(item.feedback_due_at), end, days, every):
        yield calendar.deadline(missed), False


# --- 报送 of lights and weeks


def _lights(
    session: Session, directory: Directory, organisation_id: int, month: Month, counts: _Counts
) -> None:
    given: dict[int, datetime] = {}
    for row in session.execute(
        select(LightFeedback.case_id, LightFeedback.submitted_at)
        .where(LightFeedback.state != FeedbackState.RETURNED.value)
        .order_by(LightFeedback.id.desc())
    ):
        given[row.case_id] = row.submitted_at
    for case in session.execute(
        select(LightCase).where(
            LightCase.feedback_due_at >= month.begun, LightCase.feedback_due_at <= month.until
        )
    ).scalars():
        project = directory.projects.get(case.project_id)
        if project is None or project.organisation_id != organisation_id:
            continue
        submitted = given.get(case.id)
        if submitted is None and case.ended_at is not None and case.ended_at < case.feedback_due_at:
            continue  # over before anything was due
        due = outages.excused_until(session, case.feedback_due_at, directory.calendar)
        counts.add(
            key_of_unit(directory, project.unit_id),
            Part.REPORTS,
            int(submitted is not None and submitted <= due),
            1,
        )


def _weekly(  # noqa: PLR0917
    session: Session,
    directory: Directory,
    organisation_id: int,
    month: Month,
    counts: _Counts,
    installed: datetime | None,
) -> None:
    """Weekly feedback of counties and, for the unit that leads it, of each 专班."""
    for week in _weeks(directory.calendar, month):
        if installed is not None and installed > week.call_at:
            continue
        due = weekly_queries.due(session, directory, week)
        known = weekly_queries.reports(session, week)
        for body in weekly_queries.bodies(directory, organisation_id):
            key: Key | None = (
                (REGION, body.id)
                if body.kind == weekly_queries.REGION
                else key_of_unit(directory, _leading(directory, body))
            )
            row = known.get((body.kind, body.id))
            counts.add(key, Part.REPORTS, int(row is not None and row.submitted_at <= due), 1)


def _leading(directory: Directory, body: weekly_queries.Body) -> int:
    """The lead unit whose 联络员 gives the feedback of a 专班, whatever unit that person comes from (rules B7, I3)."""
    held = {post.unit_id for one in body.liaisons for post in one.posts}
    leads = directory.task_forces[body.id].lead_ids
    return next((unit_id for unit_id in leads if unit_id in held), body.liaisons[0].unit_id)


def _weeks(days: Calendar, month: Month) -> Iterator[calendar.Week]:
    """The periods whose 反馈截止 lies in the month."""
    seen = set()
    day = month.first - timedelta(days=7)
    while day <= month.last + timedelta(days=7):
        week = calendar.week_of(day, days)
        if week.first not in seen and month.begun <= week.feedback_due <= month.until:
            seen.add(week.first)
            yield week
        day += timedelta(days=7)
