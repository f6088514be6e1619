"""The policy: every number of the rules that an office may set. Stored as a versioned row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, Self

from models.rules.award_policy import AwardPolicy
from models.rules.calendar import PushWindow
from models.rules.ladder import LadderPolicy
from models.rules.levels import LevelChain
from models.rules.light_policy import LightPolicy
from models.rules.policy_fields import PolicyFields
from models.rules.ranking import WEIGHTS, Part
from models.rules.signing_policy import SigningPolicy

WHOLE: Final = 100  # of the weights
_AT_LEAST_ONE: Final = frozenset(
    {
        "item_feedback_workdays",
        "question_minutes",
        "group_per_minute",
        "wrong_codes",
        "unbound_attempts_reported",
    }
)
_PARTS: Final = frozenset(
    {"version", "push_window", "lights", "signing", "ladder", "awards", "weights", "levels"}
)
_MOST: Final = {"workdays": 250, "days": 366, "minutes": 10_080, "hours": 168}
"""By the last word of a field's name; 1000 for what only counts."""


def range_of(name: str) -> tuple[int, int]:
    """The least and the greatest value of a whole-number field."""
    return int(name in _AT_LEAST_ONE), _MOST.get(name.rpartition("_")[2], 1000)


def _check_range(name: str, value: int) -> None:
    least, most = range_of(name)
    if value < 0:
        raise ValueError(f"规则：{name} 不能为负，应在 {least} 到 {most} 之间，现为 {value}")
    if not least <= value <= most:
        raise ValueError(f"规则：{name} 应在 {least} 到 {most} 之间，现为 {value}")


@dataclass(frozen=True, slots=True)
class Policy:
    """Defaults are those of the specification. Days named workdays are workdays, others calendar days.

    Raises ValueError, naming the field, for a value that cannot be.
    """

    version: int = 1
    push_window: PushWindow = field(default_factory=PushWindow)
    lights: LightPolicy = field(default_factory=LightPolicy)
    signing: SigningPolicy = field(default_factory=SigningPolicy)  # H3
    ladder: LadderPolicy = field(default_factory=LadderPolicy)  # F6, E9
    awards: AwardPolicy = field(default_factory=AwardPolicy)  # I4, I6
    levels: LevelChain = field(default_factory=LevelChain)  # G1, Q3
    weights: Mapping[Part, int] = field(default_factory=lambda: dict(WEIGHTS))  # I3
    yellow_feedback_workdays: int = 5  # E9
    red_feedback_workdays: int = 3  # E9
    acknowledge_workdays: int = 1  # E10: 已阅 due
    acknowledge_report_workdays: int = 2  # E10: 综合专班负责人 is told
    snooze_workdays: int = 3  # E11
    red_days_notice: int = 5  # E12
    red_days_proposal: int = 10  # E12
    red_days_meeting: int = 20  # E12
    adjustment_days: int = 30  # E14
    adjustment_reminder_workdays: int = 3  # E14
    receipt_workdays: int = 1  # F3
    receipt_report_workdays: int = 2  # F3
    item_feedback_workdays: int = 5  # F5
    extension_workdays: int = 10  # F7: each
    most_extensions: int = 2  # F7: then 提级
    reopen_days: int = 30  # F1
    effect_workdays: int = 15  # F12: 跟踪问效
    reminder_reply_workdays: int = 3  # H1: 限期 that a 提醒函 proposes
    supervision_reply_workdays: int = 4  # H1: 限期 that a 督办函 proposes
    objection_workdays: int = 1  # I4
    question_minutes: int = 30  # C4
    attachment_minutes: int = 10  # C9
    undo_minutes: int = 10  # C10
    repeat_hours: int = 24  # C13
    group_per_minute: int = 20  # P2
    soon_workdays: int = 3  # E15: 蓝
    wrong_codes: int = 5  # B2
    wrong_code_block_minutes: int = 60  # B2
    unbound_attempts_reported: int = 3  # B2

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, int) and one.name != "version":
                _check_range(one.name, value)
        if sum(self.weights.values()) != WHOLE or any(one < 0 for one in self.weights.values()):
            shown = "、".join(f"{part.value}{weight}" for part, weight in self.weights.items())
            raise ValueError(f"规则：weights 各项合计应为 {WHOLE} 且不为负，现为 {shown}")
        if not self.red_days_notice <= self.red_days_proposal <= self.red_days_meeting:
            raise ValueError("规则：red_days_notice、red_days_proposal、red_days_meeting 应依次增大")

    @classmethod
    def from_json(cls, data: Mapping[str, object], *, version: int = 1) -> Self:
        """Read a stored policy; what is missing keeps its default. Raises ValueError for what does not fit."""
        read = PolicyFields("规则", data)
        read.only(one.name for one in fields(cls) if one.name not in {"version", "push_window"})
        lights, signing, ladder, awards, weights = (
            _section(data, name) for name in ("lights", "signing", "ladder", "awards", "weights")
        )
        default = cls()
        values: dict[str, Any] = {
            one.name: read.count(one.name, getattr(default, one.name))
            for one in fields(cls)
            if isinstance(getattr(default, one.name), int) and one.name != "version"
        }
        return replace(
            default,
            version=version,
            lights=LightPolicy.from_json(lights),
            signing=SigningPolicy.from_json(signing),
            ladder=default.ladder.moved(ladder),
            awards=AwardPolicy.from_json(awards),
            levels=LevelChain.from_json(data["levels"]) if "levels" in data else default.levels,
            weights=_weights(weights),
            **values,
        )

    def to_json(self) -> dict[str, object]:
        """Return the whole policy as a JSON object that from_json reads back unchanged."""
        stored: dict[str, object] = {
            one.name: getattr(self, one.name) for one in fields(self) if one.name not in _PARTS
        }
        return {
            "lights": self.lights.to_json(),
            "signing": self.signing.to_json(),
            "ladder": {step.name.value: step.workdays for step in self.ladder.steps},
            "awards": self.awards.to_json(),
            "levels": self.levels.to_json(),
            "weights": {part.value: weight for part, weight in self.weights.items()},
            **stored,
        }


def _section(data: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = data.get(name, {})
    if not isinstance(found, Mapping):
        raise ValueError(f"规则：{name} 应是对象")  # noqa: TRY004 - one kind of error for bad policy data
    return found


def _weights(data: Mapping[str, object]) -> dict[Part, int]:
    read = PolicyFields("考评权重", data)
    read.only(part.value for part in Part)
    return {part: read.count(part.value, weight) for part, weight in WEIGHTS.items()}
