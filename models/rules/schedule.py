"""时序进度: which share of a year's plan should be done on a day (rule E1), and when a light on it changes.

All arithmetic is on integers and Fractions. A schedule is thirteen month-end marks joined by straight lines,
so the day on which a threshold is passed is found by looking at the marks and halving one month at most.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import NamedTuple

from models.rules.light_policy import MONTHS, LightPolicy, Limits, ScheduleKind
from models.types import Light

_EVEN = tuple(range(MONTHS + 1))
_Amounts = tuple[int | None, int | None]

# Members of an enumeration cost a call each time they are named (Python 3.11).
_GREEN = Light.GREEN
_YELLOW = Light.YELLOW
_RED = Light.RED
_CURVE = ScheduleKind.CURVE
_TABLE = ScheduleKind.TABLE


@dataclass(frozen=True, slots=True)
class YearPlan:
    """A plan for one calendar year, in fen.

    total: the annual plan, or for funds the total of the payment plan; 0 means there is no plan.
    curve: monthly cumulative plan, January first, twelve values; empty means even over the year.
    """

    year: int
    total: int
    curve: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.total < 0:
            raise ValueError(f"plan of {self.year} is negative: {self.total}")
        _check_curve(self.curve)


def scheduled_share(curve: Sequence[int], plan: int, day: date) -> Fraction:
    """Return 时序进度 on the day as a share of the plan (rule E1), by the default policy.

    curve: twelve cumulative fen, January first; empty means even over the year. plan: fen, positive.
    Raises ValueError for a curve of another length or a plan that is not positive.
    """
    if plan <= 0:
        raise ValueError(f"no schedule without a plan: {plan}")
    _check_curve(curve)
    ramp = Ramp((0, *curve), plan) if curve else Ramp(_EVEN, MONTHS)
    return Fraction(*ramp.on(day))


def _check_curve(curve: Sequence[int]) -> None:
    if len(curve) not in (0, MONTHS):
        raise ValueError(f"a monthly curve has 12 values, not {len(curve)}")


class Ramp(NamedTuple):
    """A year's schedule: marks[m] / whole is scheduled by the end of month m, marks[0] when the year begins.

    stepped: the marks count only once their month is over (closed months only).
    """

    marks: tuple[int, ...]
    whole: int
    stepped: bool = False

    @classmethod
    def of(cls, plan: YearPlan, policy: LightPolicy, planned_start: date | None = None) -> Ramp:
        """Return the schedule of a plan with a positive total, as the policy reads it."""
        if policy.schedule is _CURVE and plan.curve:
            marks, whole, own = (0, *plan.curve), plan.total, True
        elif policy.schedule is _TABLE:
            (marks, whole), own = _table_marks(policy.table), False
        else:
            marks, whole, own = _EVEN, MONTHS, False
        if policy.from_planned_start and planned_start is not None:
            if planned_start.year > plan.year:
                marks = (0,) * len(marks)
            elif planned_start.year == plan.year:
                marks, whole = _from_start(marks, whole, planned_start.month, own=own)
        return cls(marks, whole, policy.closed_months_only)

    def on(self, day: date) -> tuple[int, int]:
        """Return the scheduled share on a day of the year as numerator and denominator."""
        length = _days_in(day.year, day.month)
        return self._amount(day.month, day.day, length), self.whole * length

    def _amount(self, month: int, day: int, length: int) -> int:
        before = self.marks[month - 1]
        return before * length if self.stepped else before * length + (self.marks[month] - before) * day

    def steps(self, limits: Limits, *, year: int, since: date) -> list[tuple[date, Light]]:
        """Return the light from `since` to the end of the year: (day, light from that day on), ascending.

        Before the year there is no light (green), and from the next 1 January on none either. Neighbouring
        entries differ, except perhaps the last.
        """
        if since.year > year:
            return []
        first = since if since.year == year else date(year, 1, 1)
        if self.marks == tuple(sorted(self.marks)):
            found = self._rising(limits, first)
        else:
            found = self._wandering(limits, first)
        found.append((date(year + 1, 1, 1), _GREEN))
        return found

    def _rising(self, limits: Limits, first: date) -> list[tuple[date, Light]]:
        """The steps from a day to the end of its year: what only rises passes each threshold once at most."""
        year, month = first.year, first.month
        length = _days_in(year, month)
        now = _light(self._amount(month, first.day, length), limits.amounts(self.whole * length))
        found = [(first, now)]
        if now is _RED:
            return found
        yellow, red = limits.amounts(self.whole)
        if now is _GREEN and yellow is not None and (day := self._passes(yellow, limits, 0, year)):
            found.append((day, _YELLOW))
        if red is not None and (day := self._passes(red, limits, 1, year)):
            if found[-1][0] == day:
                found.pop()  # yellow and red on one day
            found.append((day, _RED))
        return found

    def _passes(self, month_end: int, limits: Limits, which: int, year: int) -> date | None:
        """The first day of the year on which more is scheduled than a threshold that it has not passed yet.

        month_end: the threshold for marks; which: its place among the amounts of the limits.
        """
        month = bisect_right(self.marks, month_end)
        if self.stepped:
            return date(year, month + 1, 1) if month < MONTHS else None
        if month > MONTHS:
            return None
        length = _days_in(year, month)
        above = limits.amounts(self.whole * length)[which]
        assert above is not None
        before = self.marks[month - 1]
        return date(year, month, (above - before * length) // (self.marks[month] - before) + 1)

    def _wandering(self, limits: Limits, first: date) -> list[tuple[date, Light]]:
        """The same for marks that fall somewhere, which no sheet gets in: every month is looked at."""
        year = first.year
        found: list[tuple[date, Light]] = []
        light: Light | None = None
        for month in range(first.month, MONTHS + 1):
            length = _days_in(year, month)
            above = limits.amounts(self.whole * length)
            day = first.day if month == first.month else 1
            now = _light(self._amount(month, day, length), above)
            last = _light(self._amount(month, length, length), above)
            if now is not light:
                found.append((date(year, month, day), now))
            while now is not last:
                day = self._next_change(above, month, day, length)
                now = _light(self._amount(month, day, length), above)
                found.append((date(year, month, day), now))
            light = now
        return found

    def _next_change(self, above: _Amounts, month: int, day: int, length: int) -> int:
        """Return the first later day of the month with another light, given that its last day has another.

        Within one month the schedule is a straight line, so a light that has gone does not come back.
        """
        now = _light(self._amount(month, day, length), above)
        same, other = day, length
        while other - same > 1:
            middle = (same + other) // 2
            if _light(self._amount(month, middle, length), above) is now:
                same = middle
            else:
                other = middle
        return other


def _light(amount: int, above: _Amounts) -> Light:
    yellow, red = above
    if red is not None and amount > red:
        return _RED
    return _YELLOW if yellow is not None and amount > yellow else _GREEN


@lru_cache(maxsize=256)
def _days_in(year: int, month: int) -> int:
    return monthrange(year, month)[1]


@lru_cache(maxsize=64)
def _table_marks(table: tuple[Fraction, ...]) -> tuple[tuple[int, ...], int]:
    scale = lcm(*(share.denominator for share in table))
    return (0, *(int(share * scale) for share in table)), 100 * scale


def _from_start(marks: tuple[int, ...], whole: int, month: int, *, own: bool) -> tuple[tuple[int, ...], int]:
    """Schedule nothing before the month. A project's own curve is kept after it, any other is spread anew."""
    base = marks[month - 1]
    if own or base >= whole:
        return (0,) * month + marks[month:], whole
    return tuple(max(0, mark - base) for mark in marks), whole - base
