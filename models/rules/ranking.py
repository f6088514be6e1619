"""Scores and ranks of regions and departments for a month (rule I3). Exact: Fractions, never floats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from models.rules.award_policy import AWARDS, AwardPolicy

FULL: Final = Fraction(100)
QUOTAS: Final = ("项目资金申报", "土地指标", "能源容量", "环境容量")
NO_QUOTA: Final = "暂不倾斜"


class Part(StrEnum):
    """The four parts of a score; the value is what is shown."""

    INVESTMENT = "投资"
    STARTS = "开工"
    ITEMS = "办结"
    REPORTS = "报送"


WEIGHTS: Final[Mapping[Part, int]] = {
    Part.INVESTMENT: 40,
    Part.STARTS: 20,
    Part.ITEMS: 25,
    Part.REPORTS: 15,
}


@dataclass(frozen=True, slots=True)
class Ratio:
    """done of due: 分 for the investment, counts for the others; never negative."""

    done: int
    due: int

    def __post_init__(self) -> None:
        if self.done < 0 or self.due < 0:
            raise ValueError(f"{self.done}/{self.due}")

    @property
    def score(self) -> Fraction | None:
        """0 to 100, capped; None where nothing was due: the part is left out."""
        return min(FULL, Fraction(self.done * 100, self.due)) if self.due else None


NOTHING: Final = Ratio(0, 0)


@dataclass(frozen=True, slots=True)
class Tally:
    """One ranked unit's month."""

    name: str
    parts: Mapping[Part, Ratio]

    def part(self, part: Part) -> Ratio:
        return self.parts.get(part, NOTHING)

    def score(self, weights: Mapping[Part, int] = WEIGHTS) -> Fraction | None:
        """The weighted score; weights of parts with nothing due are spread over the others. None: nothing at all."""
        scored = [(weights[part], score) for part in Part if (score := self.part(part).score) is not None]
        whole = sum(weight for weight, _ in scored)
        return sum((weight * score for weight, score in scored), Fraction(0)) / whole if whole else None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A tally with its place; rank None where nothing was due in the month."""

    tally: Tally
    score: Fraction | None
    rank: int | None


def ranked(tallies: Sequence[Tally], weights: Mapping[Part, int] = WEIGHTS) -> tuple[Ranked, ...]:
    """Best first by unrounded score; equal scores share a rank and the next rank is skipped (rule I3)."""
    scored = [(tally, tally.score(weights)) for tally in tallies]
    ordered = sorted(
        scored,
        key=lambda pair: (pair[1] is None, -(pair[1] if pair[1] is not None else Fraction(0)), pair[0].name),
    )
    scores = [score for _, score in ordered if score is not None]
    return tuple(
        Ranked(tally, score, scores.index(score) + 1 if score is not None else None)
        for tally, score in ordered
    )


def praised(places: Sequence[Ranked], policy: AwardPolicy = AWARDS) -> tuple[Ranked, ...]:
    """表扬: the best third, at least one, with 90 points or more, or as the policy says."""
    most = max(1, len([one for one in places if one.rank is not None]) // policy.praise_one_in)
    return tuple(
        one
        for one in places
        if one.rank is not None
        and one.rank <= most
        and one.score is not None
        and one.score >= policy.praise_score
    )


def pressed(places: Sequence[Ranked], policy: AwardPolicy = AWARDS) -> tuple[Ranked, ...]:
    """督促: below 80 points, or as the policy says, and the last of several."""
    last = max((one.rank for one in places if one.rank is not None), default=None)
    good = praised(places, policy)
    return tuple(
        one
        for one in places
        if one.score is not None
        and one not in good
        and (one.score < policy.press_below or (one.rank == last and len(places) > 1))
    )


def proposed_quotas(score: Fraction | None, place: int, of: int, policy: AwardPolicy = AWARDS) -> str:
    """激励倾斜建议 for a year's mean score, 0 to 100, and its place among `of` (rule I6).

    The best third with 90 points or more: all four; others with 80 or more: funds and land; else none. The numbers are
    those of the policy.
    """
    if score is None or score < policy.part_score:
        return NO_QUOTA
    if score >= policy.full_score and place <= max(1, of // policy.full_one_in):
        return "、".join(QUOTAS)
    return "、".join(QUOTAS[:2])


def quota_terms(policy: AwardPolicy) -> str:
    """What such a proposal goes by, in words."""
    return (
        f"{'、'.join(QUOTAS)}：{policy.full_score}分以上且居前{policy.full_one_in}分之一；"
        f"{'、'.join(QUOTAS[:2])}：{policy.part_score}分以上；其余{NO_QUOTA}"
    )


def shown(value: Fraction | None) -> str:
    """Two decimals, half up; — for a part with nothing due."""
    if value is None:
        return "—"
    hundredths = (2 * value.numerator * 100 + value.denominator) // (2 * value.denominator)
    return f"{hundredths // 100}.{hundredths % 100:02d}"
