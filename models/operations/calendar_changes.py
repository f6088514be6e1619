"""Another calendar moves what was counted in workdays and is still to come (rules A1, A2; S67).

Dates that a person named (办结时限, 协办时限, a 限期 on a paper) stay; what is counted from them moves. What was due
before stays as it was, and nobody is made late by an import.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, and_, or_, select

from models.notices.calendar_changes import DeadlineMoved, DeadlinesMoved
from models.operations import (
    drafts,
    item_assists,
    item_closing,
    item_dispatch,
    item_dues,
    item_reopening,
    items,
    ladders,
    light_adjustments,
    light_cases,
    province_reports,
    receipt_dates,
    timers,
)
from models.operations.desk import Desk
from models.queries import item_parties, weekly
from models.queries import items as item_queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules.calendar import Calendar
from models.rules.policy import Policy
from models.tables.clockwork import Timer
from models.tables.coordination import ProvinceReport
from models.tables.drafts import Draft
from models.tables.items import Item, ItemAssist, Ladder
from models.tables.lights import LightAdjustment, LightCase
from models.types import DraftState, ItemState, Subject

REASON: Final = "工作日历变更"
_WORKING: Final = (ItemState.IN_PROGRESS.value, ItemState.UNDER_REVIEW.value)


@dataclass(frozen=True, slots=True)
class Moved:
    """One deadline, of whom. about: set for a restricted item, which is told on its own (rule B8)."""

    line: DeadlineMoved
    owner: PersonInfo | None
    about: Subject | None = None


def recompute(desk: Desk, old: Calendar) -> tuple[tuple[Moved, ...], tuple[receipt_dates.MovedReceipt, ...]]:
    """Count anew, with the desk's calendar, what was counted with the old one; owners are told once, in one message."""
    _timers(desk, old)
    moved = [*_receipts_of_items(desk, old), *_item_feedback(desk, old), *_light_feedback(desk, old)]
    moved.extend(_weekly(desk, old))
    _drafts(desk, old)
    _tell(desk, moved)
    desk.session.flush()
    return tuple(moved), receipt_dates.recompute(desk)


def _tell(desk: Desk, moved: list[Moved]) -> None:
    by_owner: dict[tuple[int, Subject | None], list[Moved]] = defaultdict(list)
    for one in moved:
        if one.owner is not None:
            by_owner[one.owner.id, one.about].append(one)
    for (owner_id, about), some in by_owner.items():
        desk.notify(
            DeadlinesMoved(tuple(one.line for one in some)),
            to=desk.directory.people[owner_id],
            key=f"calendar {desk.now.isoformat()} {about.id if about else ''}",
            reason=REASON,
            about=about,
        )


# --- dates


def _again(moment: datetime, workdays: int, old: Calendar, new: Calendar) -> datetime:
    """The same clock time so many workdays after the day from which the old calendar counted them."""
    here = calendar.local(moment)
    start = old.subtract_workdays(here.date(), workdays)
    return calendar.at(new.add_workdays(start, workdays), here.time())


def _beside(moment: datetime, day: date, old: Calendar, new: Calendar) -> datetime:
    """The same clock time as many workdays before or after a day as under the old calendar."""
    here = calendar.local(moment)
    if not old.is_workday(here.date()) or here.date() == day:
        return here
    if here.date() > day:
        return calendar.at(new.add_workdays(day, old.workdays_between(day, here.date())), here.time())
    return calendar.at(new.subtract_workdays(day, _before(here.date(), day, old)), here.time())


def _receipts_of_items(desk: Desk, old: Calendar) -> Iterator[Moved]:
    """签收 (rule F3): its date is never stored, only its timers are."""
    for item in item_queries.in_hand(desk.session):
        new = item_dues.receipt_due(desk, item)
        if new is None or item.dispatched_at is None:
            continue
        within = desk.policy_of(item.organisation_id).receipt_workdays
        was = calendar.workday_deadline(item.dispatched_at, within, old)
        if was != new and was > desk.now and new > desk.now:
            yield _of_item(desk, item, "签收", was, new)


def _item_feedback(desk: Desk, old: Calendar) -> Iterator[Moved]:
    """Every so many workdays from 签收 or from the due date before (rule F5)."""
    days = desk.directory.calendar
    rows = desk.session.execute(
        select(Item).where(Item.state.in_(_WORKING), Item.feedback_due_at > desk.now).order_by(Item.id)
    ).scalars()
    for item in rows.all():
        was = item.feedback_due_at
        assert was is not None
        new = _again(was, desk.policy_of(item.organisation_id).item_feedback_workdays, old, days)
        if new == was or new <= desk.now:
            continue
        _move_ladder(desk, items.subject(item), items.FEEDBACK, was, new)
        items.change(desk, item, reason=REASON, feedback_due_at=new)
        desk.cancel_timers(items.subject(item), item_dues.DUE_PASSED, reason=REASON)
        item_dues.watch(desk, item)
        yield _of_item(desk, item, items.WHAT[items.FEEDBACK], was, new)


def _weekly(desk: Desk, old: Calendar) -> Iterator[Moved]:
    """反馈截止 of a week for which the call is out (rules A5, I1); one that is still to be made names the new date."""
    was, now = calendar.week_of(desk.today, old), calendar.week_of(desk.today, desk.directory.calendar)
    new = weekly.due(desk.session, desk.directory, now)
    if was.call_at > desk.now or was.first != now.first or new == was.feedback_due or new <= desk.now:
        return
    for organisation_id in desk.directory.organisations:
        for body in weekly.missing(desk.session, desk.directory, organisation_id, now):
            yield Moved(
                DeadlineMoved(f"{body.name} {weekly.period_name(now)}", "本周反馈", was.feedback_due, new),
                body.liaisons[0],
            )


def _of_item(desk: Desk, item: Item, what: str, was: datetime, new: datetime) -> Moved:
    return Moved(
        DeadlineMoved(f"{item.number} {item.title}", what, calendar.local(was), new),
        item_parties.responsible(desk.directory, item),
        items.subject(item) if item.restricted else None,
    )


def _light_feedback(desk: Desk, old: Calendar) -> Iterator[Moved]:
    """So many workdays after the push (rule E9), as the policy of the case says."""
    rows = desk.session.execute(
        select(LightCase)
        .where(LightCase.ended_at.is_(None), LightCase.feedback_due_at > desk.now)
        .order_by(LightCase.id)
    ).scalars()
    for case in rows.all():
        was = case.feedback_due_at
        workdays = old.workdays_between(calendar.local_date(case.pushed_at), calendar.local_date(was))
        new = calendar.workday_deadline(case.pushed_at, workdays, desk.directory.calendar)
        if new == was or new <= desk.now:
            continue
        about = light_cases.subject(case)
        desk.record(about, {"feedback_due_at": (was, new)}, reason=REASON)
        case.feedback_due_at = new
        _move_ladder(desk, about, light_cases.FEEDBACK, was, new)
        project = desk.directory.projects[case.project_id]
        yield Moved(
            DeadlineMoved(f"{project.code} {project.name}", f"{case.light}灯反馈", calendar.local(was), new),
            desk.directory.people.get(case.liaison_id or 0),
        )


def _move_ladder(desk: Desk, about: Subject, what: str, was: datetime, new: datetime) -> None:
    """The climb behind a due date goes with it; rungs that were taken stay taken (rule F6)."""
    days, start, end = desk.directory.calendar, calendar.local_date(was), calendar.local_date(new)
    for climb in ladders.of(desk.session, about, what):
        if climb.due_at != was:
            continue
        for timer in desk.session.execute(
            _to_come(desk).where(Timer.kind == ladders.TIMER, Timer.subject_id == climb.id)
        ).scalars():
            timers.move(desk.session, timer, due_at=_carried(timer.due_at, start, end, days))
        climb.due_at = new
    desk.session.flush()


def _carried(moment: datetime, was: date, new: date, days: Calendar) -> datetime:
    """As many workdays beside a due day as it was beside the one before."""
    here = calendar.local(moment)
    if here.date() >= was:
        return calendar.at(days.add_workdays(new, days.workdays_between(was, here.date())), here.time())
    return calendar.at(days.subtract_workdays(new, _before(here.date(), was, days)), here.time())


def _before(day: date, fixed: date, days: Calendar) -> int:
    """How many workdays a workday lies before another day."""
    return days.workdays_between(day, fixed) + (0 if days.is_workday(fixed) else 1)


def _drafts(desk: Desk, old: Calendar) -> None:
    """A draft lives until 18:00 on the workday after its last change (rule C11)."""
    rows = desk.session.execute(
        select(Draft).where(Draft.state == DraftState.OPEN.value, Draft.expires_at > desk.now)
    ).scalars()
    for draft in rows.all():
        new = _again(draft.expires_at, 1, old, desk.directory.calendar)
        if new > desk.now:
            draft.expires_at = new


# --- reminders: timers that were counted from a day

Place = Callable[[Desk, Timer, Calendar], datetime | None]


def _counted(workdays: Callable[[Desk, Timer], int]) -> Place:
    """So many workdays after the day on which it was set."""

    def place(desk: Desk, timer: Timer, old: Calendar) -> datetime:
        return _again(timer.due_at, workdays(desk, timer), old, desk.directory.calendar)

    return place


def _around(day: Callable[[Desk, Timer], date | None]) -> Place:
    """So many workdays before or after a date that stays."""

    def place(desk: Desk, timer: Timer, old: Calendar) -> datetime | None:
        fixed = day(desk, timer)
        return _beside(timer.due_at, fixed, old, desk.directory.calendar) if fixed is not None else None

    return place


def _ladder_day(desk: Desk, timer: Timer) -> date | None:
    climb = desk.session.get(Ladder, timer.subject_id)
    return calendar.local_date(climb.due_at) if climb is not None else None


def _assist_day(desk: Desk, timer: Timer) -> date | None:
    assist = desk.session.get(ItemAssist, timer.subject_id)
    return calendar.local_date(assist.due_at) if assist is not None else None


def _checkpoint_day(desk: Desk, timer: Timer) -> date | None:
    report = desk.session.get(ProvinceReport, timer.subject_id)
    return report.checkpoint_on if report is not None else None


def _adjustment_day(desk: Desk, timer: Timer) -> date | None:
    adjustment = desk.session.get(LightAdjustment, timer.subject_id)
    return adjustment.until if adjustment is not None else None


def _item_policy(desk: Desk, timer: Timer) -> Policy:
    return desk.policy_of(desk.session.get_one(Item, timer.subject_id).organisation_id)


def _case_policy(desk: Desk, timer: Timer) -> tuple[int, int]:
    case = desk.session.get_one(LightCase, timer.subject_id)
    policy = light_cases.policy_of(desk, case)
    return policy.acknowledge_workdays, policy.acknowledge_report_workdays


_PLACES: Final[Mapping[str, Place]] = {
    ladders.TIMER: _around(_ladder_day),
    item_assists.REMINDER: _around(_assist_day),
    province_reports.CHECKPOINT: _around(_checkpoint_day),
    light_adjustments.REMINDER: _around(_adjustment_day),
    item_dues.RECEIPT_REMINDER: _counted(lambda desk, timer: _item_policy(desk, timer).receipt_workdays + 1),
    item_dues.RECEIPT_REPORT: _counted(
        lambda desk, timer: _item_policy(desk, timer).receipt_report_workdays + 1
    ),
    item_reopening.DUE_REMINDER: _counted(lambda desk, timer: _item_policy(desk, timer).receipt_workdays + 1),
    item_reopening.DUE_REPORT: _counted(
        lambda desk, timer: _item_policy(desk, timer).receipt_report_workdays + 1
    ),
    item_dispatch.RULING_REMINDER: _counted(lambda _desk, _: item_dispatch.RULING_WORKDAYS + 1),
    item_closing.EFFECT: _counted(lambda desk, timer: _item_policy(desk, timer).effect_workdays),
    light_cases.ACKNOWLEDGE_REMINDER: _counted(lambda desk, timer: _case_policy(desk, timer)[0] + 1),
    light_cases.ACKNOWLEDGE_REPORT: _counted(lambda desk, timer: _case_policy(desk, timer)[1] + 1),
    drafts.REMINDER: _counted(lambda _desk, _: 1),
    drafts.EXPIRY: _counted(lambda _desk, _: 1),
}


def _timers(desk: Desk, old: Calendar) -> None:
    """Move what still waits. What comes to lie in the past is due at once; its message waits for the window (A3)."""
    rows = desk.session.execute(_to_come(desk).where(Timer.kind.in_(list(_PLACES)))).scalars()
    for timer in rows.all():
        new = _PLACES[timer.kind](desk, timer, old)
        if new is not None and new != timer.due_at:
            timers.move(desk.session, timer, due_at=new)
    desk.session.flush()


def _to_come(desk: Desk) -> Select[Timer]:
    """Timers to come, those included that wait for the end of a review (rule F6)."""
    reviewed = and_(Timer.state == "cancelled", Timer.outcome == ladders.UNDER_REVIEW)
    return (
        select(Timer)
        .where(Timer.due_at > desk.now, or_(Timer.state == "waiting", reviewed))
        .order_by(Timer.id)
        .execution_options(populate_existing=True)
    )
