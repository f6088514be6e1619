"""Lights of a project (rules E1-E5, E7): what it shows on a day, why, and when that changes by itself.

Pure and exact: shares are Fractions of 1, differences are shares too (0.1 is 10 percentage points), nothing
is rounded before it is compared. `next_change_day` agrees with `evaluate` day by day, so that the daily sweep
(rule E6) needs to look only at projects whose day has come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

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


@dataclass(frozen=True, slots=True)
class LightReason:
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


@dataclass(frozen=True, slots=True)
class Evaluation:
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
        return any(reason.kind is ReasonKind.STALE for reason in self.reasons)


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
    return _light_on(_completion_steps(planned_finish, policy), today)


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
    reasons: list[LightReason] = []
    done = scheduled = behind = None
    if (plan := facts.plan) is not None and _in_force(plan, today):
        done = completion(facts.year_to_date, plan.total)
        scheduled = Fraction(*Ramp.of(plan, policy, facts.planned_start).on(today))
        behind = gap(scheduled, done)
        light = investment_light(scheduled, done, policy)
        if light is not _GREEN:
            reasons.append(LightReason(ReasonKind.INVESTMENT, light, scheduled, done, behind))
    if (month := facts.planned_start) is not None and not facts.has_started(today):
        light = start_light(month, None, today, policy)
        if light is not _GREEN:
            reasons.append(LightReason(ReasonKind.START, light, planned=month.replace(day=1)))
    if (due := facts.planned_finish) is not None and not facts.has_finished(today):
        light = completion_light(due, None, today, policy)
        if light is not _GREEN:
            reasons.append(LightReason(ReasonKind.COMPLETION, light, days=(today - due).days, planned=due))
    for funds in facts.funds:
        if _in_force(funds.plan, today):
            reason = _funds_reason(funds, today, policy)
            if reason.light is not _GREEN:
                reasons.append(reason)
    last = facts.last_report_on
    if last is not None and stale(last, today, finished=facts.has_finished(today), policy=policy):
        reasons.append(LightReason(ReasonKind.STALE, _YELLOW, days=(today - last).days))
    reasons.sort(key=lambda reason: -reason.light.rank)
    light = reasons[0].light if reasons else _GREEN
    return Evaluation(light, tuple(reasons), done, scheduled, behind)


def next_change_day(
    facts: ProjectFacts, today: date, policy: LightPolicy = DEFAULT_LIGHT_POLICY
) -> date | None:
    """Return the first day after today on which `evaluate` gives another light if nothing is reported.

    None if the light stays for good.
    """
    now: list[Light] = []
    coming: list[tuple[date, int, Light]] = []
    for number, steps in enumerate(_dimensions(facts, today, policy)):
        now.append(_light_on(steps, today))
        coming += ((day, number, light) for day, light in steps if day > today)
    coming.sort(key=lambda step: step[0])  # of two steps of one light on one day the later one holds
    shown = worst(now)
    for place, (day, number, light) in enumerate(coming, start=1):
        now[number] = light
        is_whole_day = place == len(coming) or coming[place][0] > day
        if is_whole_day and worst(now) is not shown:
            return day
    return None


def _funds_reason(funds: FundsFacts, today: date, policy: LightPolicy) -> LightReason:
    scheduled = Fraction(*Ramp.of(funds.plan, policy).on(today))
    paid = completion(funds.paid, funds.plan.total)
    light = funds_light(scheduled, paid, policy)
    return LightReason(ReasonKind.FUNDS, light, scheduled, paid, gap(scheduled, paid), source=funds.source)


def _dimensions(facts: ProjectFacts, today: date, policy: LightPolicy) -> Iterator[_Steps]:
    """Yield each light of the project over time, exact from today on."""
    if facts.plan is not None:
        yield _money_steps(facts.plan, facts.year_to_date, today, policy, facts.planned_start)
    for funds in facts.funds:
        yield _money_steps(funds.plan, funds.paid, today, policy, None)
    if facts.finished:
        return
    if facts.planned_start is not None and not facts.started:
        steps = _until(_start_steps(facts.planned_start, policy), facts.started_on)
        yield _until(steps, facts.finished_on)
    if facts.planned_finish is not None:
        yield _until(_completion_steps(facts.planned_finish, policy), facts.finished_on)
    if facts.last_report_on is not None and policy.stale_after_days is not None:
        last_good_day = facts.last_report_on + timedelta(days=policy.stale_after_days)
        yield _until([(last_good_day + timedelta(days=1), _YELLOW)], facts.finished_on)


def _money_steps(
    plan: YearPlan, actual: int, today: date, policy: LightPolicy, planned_start: date | None
) -> _Steps:
    if plan.total <= 0:
        return ()
    limits = policy.limits(actual, plan.total)
    return Ramp.of(plan, policy, planned_start).steps(limits, year=plan.year, since=today)


def _start_steps(planned_start: date, policy: LightPolicy) -> _Steps:
    return (
        (_month_after(planned_start, policy.start_yellow_after_months), _YELLOW),
        (_month_after(planned_start, policy.start_red_after_months), _RED),
    )


def _completion_steps(planned_finish: date, policy: LightPolicy) -> _Steps:
    return (
        (planned_finish + timedelta(days=policy.completion_yellow_after_days + 1), _YELLOW),
        (planned_finish + timedelta(days=policy.completion_red_after_days + 1), _RED),
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


def _in_force(plan: YearPlan, today: date) -> bool:
    return plan.total > 0 and plan.year == today.year


def _reached(moment: date | None, today: date) -> bool:
    return moment is not None and moment <= today
