"""The numbers of the lights (rules E1-E4, E7): one versioned policy, every value configurable.

The defaults are the product's own rules. Other places measure a ratio instead of points, judge closed
months only, plan linearly or by a table of their own, or count a new project from its planned start: a policy
can say all of that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple, Self

from models.rules.policy_fields import PolicyFields, as_json
from models.types import Light

MONTHS = 12


class LightMode(StrEnum):
    """What is compared with the thresholds of the money lights."""

    POINTS = "points"  # 时序 minus 完成率, in percentage points
    RATIO = "ratio"  # 完成率 divided by 时序, in percent


class ScheduleKind(StrEnum):
    """Where 时序进度 comes from. A project without a curve of its own is scheduled evenly under CURVE."""

    CURVE = "curve"  # the project's monthly cumulative plan (rule E1)
    LINEAR = "linear"  # a twelfth of the annual plan each month
    TABLE = "table"  # the policy's own cumulative percentages by month


Share = tuple[int, int]
"""Numerator and positive denominator, not reduced: compared by multiplying, which is exact and cheap."""

_MOST: Final = {
    "start_red_after_months": 120,
    "completion_red_after_days": 3650,
    "stale_after_days": 3650,
}

# Members of an enumeration cost a call each time they are named (Python 3.11).
_GREEN = Light.GREEN
_YELLOW = Light.YELLOW
_RED = Light.RED


class Limits(NamedTuple):
    """Thresholds on the scheduled share, given what is done: yellow from or above, red above. None: never."""

    yellow: Share | None
    yellow_included: bool
    red: Share | None

    def amounts(self, denominator: int) -> tuple[int | None, int | None]:
        """The same thresholds for one positive denominator: yellow and red for whole numerators above these."""
        yellow = None
        if self.yellow is not None:
            yellow = (self.yellow[0] * denominator - self.yellow_included) // self.yellow[1]
        return yellow, None if self.red is None else self.red[0] * denominator // self.red[1]

    def light(self, numerator: int, denominator: int) -> Light:
        """Return the light for a scheduled share numerator / denominator; the denominator is positive."""
        if self.red is not None and numerator * self.red[1] > self.red[0] * denominator:
            return _RED
        if self.yellow is None:
            return _GREEN
        excess = numerator * self.yellow[1] - self.yellow[0] * denominator
        return _YELLOW if excess > 0 or (excess == 0 and self.yellow_included) else _GREEN


@dataclass(frozen=True, slots=True)
class LightPolicy:
    """All numbers of the lights. Points and percentages are exact; days are calendar days.

    Raises ValueError, naming the field, for values that contradict one another.
    """

    mode: LightMode = LightMode.POINTS
    yellow_at: Fraction = Fraction(10)
    """Points behind from which a money light is yellow, this value included (E2)."""
    red_above: Fraction = Fraction(30)
    """Points behind above which it is red, this value excluded (E2)."""
    ratio_yellow_below: Fraction = Fraction(80)
    """RATIO only: yellow below this percentage of the schedule, the value itself is green."""
    ratio_red_below: Fraction = Fraction(60)
    """RATIO only: red below this percentage of the schedule, the value itself is yellow."""
    schedule: ScheduleKind = ScheduleKind.CURVE
    table: tuple[Fraction, ...] = ()
    """TABLE only: twelve cumulative percentages, January first."""
    closed_months_only: bool = False
    """Judge on the last closed month: within a month the schedule stands still."""
    from_planned_start: bool = False
    """Nothing is scheduled before the planned start month; a linear plan or table is spread over the rest."""
    start_yellow_after_months: int = 1
    """Months passed, counting the planned month, after which a project not started is yellow (E3)."""
    start_red_after_months: int = 3
    completion_yellow_after_days: int = 0
    """More than this many days past the planned completion date: yellow (E3)."""
    completion_red_after_days: int = 60
    stale_after_days: int | None = 35
    """More than this many days without a confirmed report: 未更新 (E7). None switches the rule off."""

    def __post_init__(self) -> None:
        ordered = (
            ("yellow_at", "red_above", self.yellow_at <= self.red_above),
            ("ratio_red_below", "ratio_yellow_below", self.ratio_red_below <= self.ratio_yellow_below),
            (
                "start_yellow_after_months",
                "start_red_after_months",
                self.start_yellow_after_months <= self.start_red_after_months,
            ),
            (
                "completion_yellow_after_days",
                "completion_red_after_days",
                self.completion_yellow_after_days <= self.completion_red_after_days,
            ),
        )
        for lower, upper, fits in ordered:
            if not fits:
                raise ValueError(f"亮灯规则：{lower} 不能大于 {upper}")
        for name in (
            "yellow_at",
            "ratio_red_below",
            "start_yellow_after_months",
            "completion_yellow_after_days",
        ):
            if getattr(self, name) < 0:
                raise ValueError(f"亮灯规则：{name} 不能为负")
        for name, most in _MOST.items():
            if (value := getattr(self, name)) is not None and value > most:
                raise ValueError(f"亮灯规则：{name} 不能大于 {most}，现为 {value}")
        if self.stale_after_days is not None and self.stale_after_days < 0:
            raise ValueError("亮灯规则：stale_after_days 不能为负")
        if self.schedule is ScheduleKind.TABLE and not self.table:
            raise ValueError("亮灯规则：schedule 为 table 时应给出 table")
        if self.table:
            _check_table(self.table)

    def limits(self, done: int, plan: int) -> Limits:
        """Return the thresholds on the scheduled share when `done` of a positive `plan` is done, in one unit."""
        if self.mode is LightMode.POINTS:
            return Limits(_above(done, plan, self.yellow_at), True, _above(done, plan, self.red_above))
        return Limits(
            _over(done, plan, self.ratio_yellow_below), False, _over(done, plan, self.ratio_red_below)
        )

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """Read a policy from a JSON object; what is missing keeps its default.

        Numbers may be integers, decimals or decimal strings and are taken exactly. Raises ValueError, naming
        the field, for an unknown field or an unsuitable value.
        """
        read = PolicyFields("亮灯规则", data)
        read.only(field.name for field in fields(cls))
        default = cls()
        return cls(
            mode=read.choice("mode", default.mode),
            yellow_at=read.number("yellow_at", default.yellow_at),
            red_above=read.number("red_above", default.red_above),
            ratio_yellow_below=read.number("ratio_yellow_below", default.ratio_yellow_below),
            ratio_red_below=read.number("ratio_red_below", default.ratio_red_below),
            schedule=read.choice("schedule", default.schedule),
            table=read.numbers("table", default.table),
            closed_months_only=read.flag("closed_months_only", default.closed_months_only),
            from_planned_start=read.flag("from_planned_start", default.from_planned_start),
            start_yellow_after_months=read.count(
                "start_yellow_after_months", default.start_yellow_after_months
            ),
            start_red_after_months=read.count("start_red_after_months", default.start_red_after_months),
            completion_yellow_after_days=read.count(
                "completion_yellow_after_days", default.completion_yellow_after_days
            ),
            completion_red_after_days=read.count(
                "completion_red_after_days", default.completion_red_after_days
            ),
            stale_after_days=read.count_or_none("stale_after_days", default.stale_after_days),
        )

    def to_json(self) -> dict[str, object]:
        """Return the whole policy as a JSON object that from_json reads back unchanged."""
        return {field.name: as_json(getattr(self, field.name)) for field in fields(self)}


def _above(done: int, plan: int, points: Fraction) -> Share:
    """Return the share that lies this many percentage points above done / plan."""
    hundredths = 100 * points.denominator
    return done * hundredths + points.numerator * plan, hundredths * plan


def _over(done: int, plan: int, percentage: Fraction) -> Share | None:
    """Return the share of which done / plan is this percentage; a threshold of 0 percent is never passed."""
    if not percentage:
        return None
    return done * 100 * percentage.denominator, plan * percentage.numerator


def _check_table(table: tuple[Fraction, ...]) -> None:
    if len(table) != MONTHS:
        raise ValueError(f"亮灯规则：table 应有 12 个月的数，现有 {len(table)} 个")
    if table[0] < 0 or any(later < earlier for earlier, later in pairwise(table)):
        raise ValueError("亮灯规则：table 是累计百分比，不能为负，也不能逐月减少")
