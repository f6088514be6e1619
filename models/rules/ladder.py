"""What happens, and when, while something is due: reminders, letters, proposals (rules E9-E12, F3, F5-F7).

Pure arithmetic on workdays. Moments returned are aware and local; a moment that lies in the past means "now".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from itertools import pairwise
from typing import Self

from models.rules.calendar import Calendar, announced_at, at, deadline, local, local_date, workday_deadline
from models.rules.policy_fields import PolicyFields
from models.types import Light

_NINE = time(9, 0)
_FURTHEST = 60  # workdays


class RungName(StrEnum):
    """Rungs of the ladder (rule F6); the value is what is shown and stored."""

    REMIND = "提醒"
    URGE = "催办"
    REMINDER_LETTER = "提醒函"
    SUPERVISION_LETTER = "督办函"
    ESCALATION = "提级建议"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step and its moment. A rung is taken once at most (rule F6)."""

    name: RungName
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """When a rung comes: workdays from the due day (negative before it) and the clock time."""

    name: RungName
    workdays: int
    clock: time = _NINE


@dataclass(frozen=True, slots=True)
class LadderPolicy:
    """The steps of one ladder, ascending. Raises ValueError for none, a repeated rung or a wrong order."""

    steps: tuple[Step, ...] = (
        Step(RungName.REMIND, -1, time(16, 0)),
        Step(RungName.URGE, 1),
        Step(RungName.REMINDER_LETTER, 3),
        Step(RungName.SUPERVISION_LETTER, 5),
        Step(RungName.ESCALATION, 10),
    )

    def __post_init__(self) -> None:
        if len({step.name for step in self.steps}) != len(self.steps):
            raise ValueError("阶梯规则：同一步骤只能出现一次")
        if any((a.workdays, a.clock) > (b.workdays, b.clock) for a, b in pairwise(self.steps)):
            raise ValueError("阶梯规则：各步骤应按时间先后排列")

    @property
    def of_lights(self) -> Self:
        """The same without 提级建议: a red light has its own way up (rules E9, E12)."""
        return replace(self, steps=tuple(step for step in self.steps if step.name is not RungName.ESCALATION))

    def moved(self, data: Mapping[str, object]) -> Self:
        """With other workdays from the due day for the rungs that data names. Raises ValueError, naming the rung."""
        read = PolicyFields("阶梯规则", data)
        read.only(step.name.value for step in self.steps)
        steps = tuple(replace(one, workdays=read.count(one.name.value, one.workdays)) for one in self.steps)
        for step in steps:
            early = step.name is RungName.REMIND
            least, most = (-_FURTHEST, -1) if early else (1, _FURTHEST)
            if not least <= step.workdays <= most:
                raise ValueError(
                    f"阶梯规则：{step.name.value} 应在 {least} 到 {most} 之间，现为 {step.workdays}"
                )
        return replace(self, steps=steps)

    @classmethod
    def from_json(cls, data: Sequence[object]) -> Self:
        """Read [{"name": "催办", "workdays": 1, "clock": "09:00"}, …]. Raises ValueError, naming the step."""
        return cls(tuple(_step(place, one) for place, one in enumerate(data, start=1)))

    def to_json(self) -> list[dict[str, object]]:
        return [
            {"name": str(step.name), "workdays": step.workdays, "clock": step.clock.isoformat("minutes")}
            for step in self.steps
        ]


def _step(place: int, data: object) -> Step:
    title = f"阶梯规则第{place}步"
    if not isinstance(data, Mapping) or "name" not in data or "workdays" not in data:
        raise ValueError(f"{title}：应有 name 和 workdays")  # bad policy data is one kind of error
    read = PolicyFields(title, data)
    read.only(("name", "workdays", "clock"))
    return Step(read.choice("name", RungName.URGE), read.count("workdays", 0), read.clock("clock", _NINE))


ITEM_LADDER = LadderPolicy()
"""For the feedback and the 办结时限 of a problem item (rule F6)."""


def rungs(due: datetime, calendar: Calendar, policy: LadderPolicy = ITEM_LADDER) -> tuple[Rung, ...]:
    """Return the rungs for something due at `due`, ascending. T is the local day of `due` (rule F6)."""
    day = local_date(due)
    return tuple(
        Rung(step.name, at(_offset(day, step.workdays, calendar), step.clock)) for step in policy.steps
    )


def _offset(day: date, workdays: int, calendar: Calendar) -> date:
    if workdays < 0:
        return calendar.subtract_workdays(day, -workdays)
    return calendar.add_workdays(day, workdays)


def resume(
    rungs_left: Sequence[Rung], submitted_at: datetime, returned_at: datetime, calendar: Calendar
) -> tuple[Rung, ...]:
    """Return the rungs not yet sent after a submission was returned: moved back by the workdays under review.

    The workdays are those after the day of submission up to the day of the return (rule F6). A rung that
    still lies in the past afterwards is due at once.
    """
    under_review = calendar.workdays_between(local_date(submitted_at), local_date(returned_at))
    return tuple(replace(rung, at=_later(rung.at, under_review, calendar)) for rung in rungs_left)


def _later(moment: datetime, workdays: int, calendar: Calendar) -> datetime:
    here = local(moment)
    return at(calendar.add_workdays(here.date(), workdays), here.time())


# --- periodic feedback on items (rule F5)


def feedback_dues(start: date, calendar: Calendar, every: int = 5) -> Iterator[date]:
    """Yield the due days of a series without end: every so many workdays counted from the start.

    start: the day of 签收 (or reopening), or any due day of the series. Raises ValueError if every < 1.
    """
    if every < 1:
        raise ValueError(f"feedback is due every {every} workdays")
    while True:
        start = calendar.add_workdays(start, every)
        yield start


def next_feedback_due(
    previous_due_or_signed: date, submitted_at: datetime, calendar: Calendar, every: int = 5
) -> date:
    """Return the day on which the next feedback is due, until 18:00 (rule F5).

    previous_due_or_signed: the day of 签收 if there was no due day yet, else the due day that was open.
    submitted_at: when the accepted feedback was submitted (rule A7), or the moment of 签收. A feedback covers
    the due days already missed if there are any, else the coming one; so the answer is the first later day of
    the series whose deadline had not passed.
    """
    return next(
        due
        for due in feedback_dues(previous_due_or_signed, calendar, every)
        if deadline(due) >= local(submitted_at)
    )


def missed_feedback_dues(due: date, until: datetime, calendar: Calendar, every: int = 5) -> tuple[date, ...]:
    """Return the due days whose deadlines passed before `until`, from the open due day on.

    Each counts as one 逾期; only the first starts a ladder (rule F5).
    """
    missed = []
    series = feedback_dues(due, calendar, every)
    while deadline(due) < local(until):
        missed.append(due)
        due = next(series)
    return tuple(missed)


def overdue_workdays(due: datetime, submitted_at: datetime, calendar: Calendar) -> int:
    """Return by how many workdays a submission is late: 0 until the deadline, at least 1 after it."""
    if submitted_at <= due:
        return 0
    return max(1, calendar.workdays_between(local_date(due), local_date(submitted_at)))


# --- receipts: 签收 of an item, 已阅 of a red light (rules F3, E10)


@dataclass(frozen=True, slots=True)
class Receipt:
    """By when receipt must be confirmed, when one reminder goes out, when the next person up is told."""

    due: datetime
    remind_at: datetime
    report_at: datetime


def receipt(sent_at: datetime, calendar: Calendar, *, within: int = 1, report_after: int = 2) -> Receipt:
    """Return the moments for something handed over: due 18:00 on the `within`-th workday (rules E10, F3).

    The reminder follows at the next opening; when `report_after` workdays have run out too, 带班领导 (签收)
    or 综合专班负责人 (已阅) is told at the opening after that.
    """
    due = workday_deadline(sent_at, within, calendar)
    last = workday_deadline(sent_at, report_after, calendar)
    return Receipt(due, announced_at(due, calendar), announced_at(last, calendar))


# --- warnings: feedback, 稍后, red days (rules E9, E11, E12)


def light_feedback_due(
    light: Light, pushed_at: datetime, calendar: Calendar, *, yellow: int = 5, red: int = 3
) -> datetime:
    """Return when feedback on a warning is due: 18:00, so many workdays after the push day (rule E9).

    Raises ValueError for green.
    """
    if light is Light.GREEN:
        raise ValueError("no feedback is due on a green light")
    return workday_deadline(pushed_at, red if light is Light.RED else yellow, calendar)


def snoozed_until(pressed_at: datetime, workdays: int, calendar: Calendar, *, most: int = 3) -> date:
    """Return the day on which reminders resume after 稍后: the workday after those asked for (rule E11).

    Only reminders wait; deadlines, red days and escalation go on. Raises ValueError outside 1..most.
    """
    if not 1 <= workdays <= most:
        raise ValueError(f"稍后最多 {most} 个工作日")
    return calendar.add_workdays(local_date(pressed_at), workdays + 1)


def reminder_after_snooze(reminder_at: datetime, pressed_at: datetime, resumes_on: date) -> datetime:
    """Return when a reminder planned for `reminder_at` goes out if 稍后 was pressed: once reminders resume.

    A reminder from before the press, or on the day of resuming or later, keeps its time.
    """
    here = local(reminder_at)
    if reminder_at < pressed_at or here.date() >= resumes_on:
        return reminder_at
    return at(resumes_on, here.time())


class RedDayStep(IntEnum):
    """What a count of red days brings (rule E12); the values are the default thresholds."""

    SECOND_NOTICE = 5
    ESCALATION = 10
    MEETING_LIST = 20


def red_day_step(
    count: int, *, notice: int = 5, escalation: int = 10, meeting: int = 20
) -> RedDayStep | None:
    """Return what is due on the day on which the red-day count reaches `count`, None on other days."""
    steps = {
        meeting: RedDayStep.MEETING_LIST,
        escalation: RedDayStep.ESCALATION,
        notice: RedDayStep.SECOND_NOTICE,
    }
    return steps.get(count)


# --- adjusted lights and extensions (rules E14, F7)


def adjustment_reminder(last_day: date, calendar: Calendar, *, before: int = 3) -> date:
    """Return the day on which the end of a 调灯 is recalled: workdays before its last day (rule E14)."""
    return calendar.subtract_workdays(last_day, before)


def adjustment_allowed(today: date, last_day: date, *, most_days: int = 30) -> bool:
    """Whether a 调灯 may run until this day: from today to 30 calendar days ahead (rule E14)."""
    return today <= last_day <= today + timedelta(days=most_days)


def extension_workdays(old_due: date, new_due: date, calendar: Calendar) -> int:
    """Return the length of an 延期 in workdays (rule F7: at most 10 each)."""
    return calendar.workdays_between(old_due, new_due)
