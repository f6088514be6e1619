"""What a month's ranking praises and presses, and what a year's result is worth (rules I4, I6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, Self

from models.rules.policy_fields import PolicyFields

_SCORES = ("praise_score", "press_below", "full_score", "part_score")


@dataclass(frozen=True, slots=True)
class AwardPolicy:
    """Scores are points of 100; one_in: one place of so many, at least one. Raises ValueError for what does not fit.

    praise_*: 表扬. press_below: 督促 below this score, and for the last of several. full_*: all four quotas of 倾斜;
    part_score: the first two of them.
    """

    praise_score: int = 90
    praise_one_in: int = 3
    press_below: int = 80
    full_score: int = 90
    full_one_in: int = 3
    part_score: int = 80

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name in _SCORES and not 0 <= value <= 100:
                raise ValueError(f"考评规则：{one.name} 应在 0–100 之间")
            if one.name not in _SCORES and value < 1:
                raise ValueError(f"考评规则：{one.name} 应不小于 1")
        if self.praise_score < self.press_below:
            raise ValueError("考评规则：praise_score 不能低于 press_below")
        if self.full_score < self.part_score:
            raise ValueError("考评规则：full_score 不能低于 part_score")

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """Raises ValueError naming what does not fit."""
        read = PolicyFields("考评规则", data)
        read.only(one.name for one in fields(cls))
        default = cls()
        return cls(**{one.name: read.count(one.name, getattr(default, one.name)) for one in fields(cls)})

    def to_json(self) -> dict[str, object]:
        return {one.name: getattr(self, one.name) for one in fields(self)}


AWARDS: Final = AwardPolicy()
"""As long as nobody has set other numbers."""
