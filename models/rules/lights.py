"""Lights of a project (rules E1-E5, E7): what it shows on a day, why, and when that changes by itself.

Pure and exact: shares are Fractions of 1, differences are shares too (0.1 is 10 percentage points), nothing
is rounded before it is compared. `next_change_day` agrees with `evaluate` day by day, so that the daily sweep
(rule E6) needs to look only at projects whose day has come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from operator import itemgetter
from typing import NamedTuple

from models.rules.light_policy import MONTHS, LightMode, LightPolicy, Limits, ScheduleKind
from models.rules.schedule import Ramp, YearPlan, scheduled_share
from models.types import Light

__all__ = [
    "DEFAULT_LIGHT_POLICY",
    "Evaluation",
    "FundsFacts",
    "LightMode",
    "LightPolicy",
    "LightReason",
    "Limits",
    "ProjectFacts",
    "ReasonKind",
    "ScheduleKind",
    "YearPlan",
    "completion",
    "completion_light",
    "evaluate",
    "funds_light",
    "gap",
    "investment_light",
    "next_change_day",
    "outlook",
    "scheduled_share",
    "stale",
    "start_light",
    "worst",
]

DEFAULT_LIGHT_POLICY = LightPolicy()

_Steps = Sequence[tuple[date, Light]]
"""A light over time: green at first, then (day, light from that day on), ascending."""


class ReasonKind(StrEnum):
    """Which light speaks; the value is what is shown."""

    INVESTMENT = "投资"
    START = "开工"
    COMPLETION = "竣工"
    FUNDS = "资金"
    STALE = "未更新"


# Members of an enumeration cost a call each time they are named (Python 3.11).
_GREEN = Light.GREEN
_YELLOW = Light.YELLOW
_RED = Light.RED
_INVESTMENT = ReasonKind.INVESTMENT
_START = ReasonKind.START
_COMPLETION = ReasonKind.COMPLETION
_FUNDS = ReasonKind.FUNDS
_STALE = ReasonKind.STALE


@dataclass(frozen=True, slots=True)
class FundsFacts:
    """Payments from one source against their payment plan (rule E4). paid: fen since the plan's 1 January."""

    plan: YearPlan
    paid: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """All that the lights of one project depend on. Money is fen; None means not recorded.

    plan: the annual plan, curve and the year they are for; outside that year there is no 投资灯.
    year_to_date: investment since 1 January of that year.
    planned_start: any day of the planned month. planned_finish: the last day that is still in time.
    started, finished: the stage says so although no date is recorded.
    last_report_on: day of the last confirmed report, or of entering the ledger if there was none yet.
    """

    plan: YearPlan | None = None
    year_to_date: int = 0
    planned_start: date | None = None
    started_on: date | None = None
    started: bool = False
    planned_finish: date | None = None
    finished_on: date | None = None
    finished: bool = False
    last_report_on: date | None = None
    funds: tuple[FundsFacts, ...] = ()

    def has_started(self, today: date) -> bool:
        return self.started or self.has_finished(today) or _reached(self.started_on, today)

    def has_finished(self, today: date) -> bool:
        return self.finished or _reached(self.finished_on, today)


class LightReason(NamedTuple):
    """One light that is not green, with the numbers it was computed from (shares: 1 is the whole plan).

    days: past the planned completion date (竣工), or since the last report (未更新).
    planned: the planned month (开工, as its first day) or completion date (竣工).
    """

    kind: ReasonKind
    light: Light
    scheduled: Fraction | None = None
    actual: Fraction | None = None
    gap: Fraction | None = None
    days: int | None = None
    planned: date | None = None
    source: str = ""


class Evaluation(NamedTuple):
    """What a project shows on a day. reasons: all lights that are not green, the worst first.

    completion, scheduled, gap: shares of the annual plan, None without a plan for the year. The gap is
    negative for a project that is ahead.
    """

    light: Light
    reasons: tuple[LightReason, ...]
    completion: Fraction | None
    scheduled: Fraction | None
    gap: Fraction | None

    @property
    def is_stale(self) -> bool:
        """Whether the project is marked 未更新 (rule E7)."""
        return any(reason.kind is _STALE for reason in self.reasons)


def worst(lights: Iterable[Light]) -> Light:
    """Return the worst of the lights, green if there are none (rule E5)."""
    found = _GREEN
    for light in lights:
        if light.rank > found.rank:
            found = light
    return found


def completion(year_to_date: int, plan: int) -> Fraction:
    """Return 完成率 as a share of the annual plan; it may exceed 1. Raises ValueError without a plan."""
    if plan <= 0:
        raise ValueError(f"no completion without a plan: {plan}")
    return Fraction(year_to_date, plan)


def gap(scheduled: Fraction, done: Fraction) -> Fraction:
    """Return 差距 as a share: 时序 minus 完成率, negative when ahead (rule E2)."""
    return scheduled - done


def investment_light(
    scheduled: Fraction, done: Fraction, policy: LightPolicy = DEFAULT_LIGHT_POLICY
) -> Light:
    """Return 投资灯 for the shares scheduled and done (rule E2, or a ratio if the policy says so)."""
    return policy.limits(done.numerator, done.denominator).light(scheduled.numerator, scheduled.denominator)


def funds_light(scheduled: Fraction, paid: Fraction, policy: LightPolicy = DEFAULT_LIGHT_POLICY) -> Light:
    """Return 资金灯 for the shares of the payment plan scheduled and paid: same thresholds (rule E4)."""
    return investment_light(scheduled, paid, policy)


def start_light(
    planned_start: date | None,
    started_on: date | None,
    today: date,
    policy: LightPolicy = DEFAULT_LIGHT_POLICY,
) -> Light:
    """Return 开工灯 (rule E3). planned_start: any day of the planned month."""
    if planned_start is None or _reached(started_on, today):
        return _GREEN
    return _light_on(_start_steps(planned_start, policy), today)


def completion_light(
    planned_finish: date | None,
    finished_on: date | None,
    today: date,
    policy: LightPolicy = DEFAULT_LIGHT_POLICY,
) -> Light:
    """Return 竣工灯 (rule E3): yellow past the planned date, red more than 60 calendar days past it."""
    if planned_finish is None or _reached(finished_on, today):
        return _GREEN
    late = (today - planned_finish).days
    if late > policy.completion_red_after_days:
        return _RED
    return _YELLOW if late > policy.completion_yellow_after_days else _GREEN


def stale(
    last_report_on: date | None,
    today: date,
    *,
    finished: bool = False,
    policy: LightPolicy = DEFAULT_LIGHT_POLICY,
) -> bool:
    """Whether the project is 未更新: more than 35 calendar days without a confirmed report (rule E7)."""
    if last_report_on is None or finished or policy.stale_after_days is None:
        return False
    return (today - last_report_on).days > policy.stale_after_days


def evaluate(facts: ProjectFacts, today: date, policy: LightPolicy = DEFAULT_LIGHT_POLICY) -> Evaluation:
    """Return the computed light of a project on a day, with every reason (rule E5)."""
    return _evaluated(facts, today, policy, _courses(facts, policy))


def next_change_day(
    facts: ProjectFacts, today: date, policy: LightPolicy = DEFAULT_LIGHT_POLICY
) -> date | None:
    """Return the first day after today on which `evaluate` gives another light if nothing is reported.

    None if the light stays for good.
    """
    return _next_change(facts, today, policy, _courses(facts, policy))


def outlook(
    facts: ProjectFacts, today: date, policy: LightPolicy = DEFAULT_LIGHT_POLICY
) -> tuple[Evaluation, date | None]:
    """Return `evaluate` and `next_change_day`, working out once what both need."""
    courses = _courses(facts, policy)
    return _evaluated(facts, today, policy, courses), _next_change(facts, today, policy, courses)


class _Course(NamedTuple):
    """Money against its plan for a year. funds: None for the investment of the project."""

    plan: YearPlan
    actual: int
    ramp: Ramp
    limits: Limits
    funds: FundsFacts | None

    @classmethod
    def of(
        cls,
        plan: YearPlan,
        actual: int,
        policy: LightPolicy,
        *,
        planned_start: date | None = None,
        funds: FundsFacts | None = None,
    ) -> _Course:
        """Of a plan with a positive total."""
        return cls(
            plan, actual, Ramp.of(plan, policy, planned_start), policy.limits(actual, plan.total), funds
        )


def _courses(facts: ProjectFacts, policy: LightPolicy) -> list[_Course]:
    """Investment first, then every source of funds; what has no plan has no course."""
    found: list[_Course] = []
    if (plan := facts.plan) is not None and plan.total > 0:
        found.append(_Course.of(plan, facts.year_to_date, policy, planned_start=facts.planned_start))
    found += (
        _Course.of(funds.plan, funds.paid, policy, funds=funds)
        for funds in facts.funds
        if funds.plan.total > 0
    )
    return found


def _evaluated(
    facts: ProjectFacts, today: date, policy: LightPolicy, courses: Sequence[_Course]
) -> Evaluation:
    reasons: list[LightReason] = []
    done = scheduled = behind = None
    of_funds: list[LightReason] = []
    for course in courses:
        if course.plan.year != today.year:
            continue
        part, whole = course.ramp.on(today)
        light = course.limits.light(part, whole)
        if course.funds is None:
            done, scheduled = completion(course.actual, course.plan.total), Fraction(part, whole)
            behind = gap(scheduled, done)
            if light is not _GREEN:
                reasons.append(LightReason(_INVESTMENT, light, scheduled, done, behind))
        elif light is not _GREEN:
            due, paid = Fraction(part, whole), completion(course.actual, course.plan.total)
            of_funds.append(LightReason(_FUNDS, light, due, paid, gap(due, paid), source=course.funds.source))
    has_finished = facts.has_finished(today)
    if (month := facts.planned_start) is not None and not has_finished and not facts.has_started(today):
        light = start_light(month, None, today, policy)
        if light is not _GREEN:
            reasons.append(LightReason(_START, light, planned=month.replace(day=1)))
    if (finish := facts.planned_finish) is not None and not has_finished:
        light = completion_light(finish, None, today, policy)
        if light is not _GREEN:
            reasons.append(LightReason(_COMPLETION, light, days=(today - finish).days, planned=finish))
    reasons += of_funds
    last = facts.last_report_on
    if last is not None and stale(last, today, finished=has_finished, policy=policy):
        reasons.append(LightReason(_STALE, _YELLOW, days=(today - last).days))
    if not reasons:
        return Evaluation(_GREEN, (), done, scheduled, behind)
    reasons.sort(key=lambda reason: -reason.light.rank)
    return Evaluation(reasons[0].light, tuple(reasons), done, scheduled, behind)


def _next_change(
    facts: ProjectFacts, today: date, policy: LightPolicy, courses: Sequence[_Course]
) -> date | None:
    now: list[Light] = []
    coming: list[tuple[date, int, Light]] = []
    for number, steps in enumerate(_dimensions(facts, today, policy, courses)):
        light = _GREEN
        for day, next_light in steps:
            if day > today:
                coming.append((day, number, next_light))
            else:
                light = next_light
        now.append(light)
    coming.sort(key=_day_of)  # of two steps of one light on one day the later one holds
    shown = worst(now)
    for place, (day, number, light) in enumerate(coming, start=1):
        now[number] = light
        is_whole_day = place == len(coming) or coming[place][0] > day
        if is_whole_day and worst(now) is not shown:
            return day
    return None


_day_of = itemgetter(0)


def _dimensions(
    facts: ProjectFacts, today: date, policy: LightPolicy, courses: Sequence[_Course]
) -> Iterator[_Steps]:
    """Yield each light of the project over time, exact from today on."""
    for course in courses:
        yield course.ramp.steps(course.limits, year=course.plan.year, since=today)
    if facts.finished:
        return
    if facts.planned_start is not None and not facts.started:
        steps = _until(_start_steps(facts.planned_start, policy), facts.started_on)
        yield _until(steps, facts.finished_on)
    if facts.planned_finish is not None:
        yield _until(_completion_steps(facts.planned_finish, policy), facts.finished_on)
    if facts.last_report_on is not None and policy.stale_after_days is not None:
        yield _until(((_after(facts.last_report_on, policy.stale_after_days), _YELLOW),), facts.finished_on)


def _start_steps(planned_start: date, policy: LightPolicy) -> _Steps:
    return (
        (_month_after(planned_start, policy.start_yellow_after_months), _YELLOW),
        (_month_after(planned_start, policy.start_red_after_months), _RED),
    )


def _completion_steps(planned_finish: date, policy: LightPolicy) -> _Steps:
    return (
        (_after(planned_finish, policy.completion_yellow_after_days), _YELLOW),
        (_after(planned_finish, policy.completion_red_after_days), _RED),
    )


def _until(steps: _Steps, end: date | None) -> _Steps:
    if end is None:
        return steps
    return [*((day, light) for day, light in steps if day < end), (end, _GREEN)]


def _light_on(steps: _Steps, day: date) -> Light:
    light = _GREEN
    for since, next_light in steps:
        if since > day:
            break
        light = next_light
    return light


def _month_after(day: date, months: int) -> date:
    """Return the first day of the month that lies this many months after the month of the day."""
    years, month = divmod(day.month - 1 + months, MONTHS)
    return date(day.year + years, month + 1, 1)


def _after(day: date, days: int) -> date:
    """Return the first day that lies more than so many days after the day."""
    return date.fromordinal(day.toordinal() + days + 1)


def _reached(moment: date | None, today: date) -> bool:
    return moment is not None and moment <= today
