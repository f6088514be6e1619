"""The policy: every number of the rules that an office may set. Stored as a versioned row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from models.rules.calendar import PushWindow
from models.rules.light_policy import LightPolicy
from models.rules.policy_fields import PolicyFields
from models.rules.signing_policy import SigningPolicy


@dataclass(frozen=True, slots=True)
class Policy:
    """Defaults are those of the specification. Days named workdays are workdays, others calendar days.

    Raises ValueError, naming the field, for a value that cannot be.
    """

    version: int = 1
    push_window: PushWindow = field(default_factory=PushWindow)
    lights: LightPolicy = field(default_factory=LightPolicy)
    signing: SigningPolicy = field(default_factory=SigningPolicy)  # H3
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
            if isinstance(value, int) and value < 0:
                raise ValueError(f"规则：{one.name} 不能为负")
        if not self.red_days_notice <= self.red_days_proposal <= self.red_days_meeting:
            raise ValueError("规则：red_days_notice、red_days_proposal、red_days_meeting 应依次增大")

    @classmethod
    def from_json(cls, data: Mapping[str, object], *, version: int = 1) -> Self:
        """Read a stored policy; what is missing keeps its default. Raises ValueError for what does not fit."""
        read = PolicyFields("规则", data)
        read.only(one.name for one in fields(cls) if one.name not in {"version", "push_window"})
        lights = data.get("lights", {})
        if not isinstance(lights, Mapping):
            raise ValueError("规则：lights 应是对象")  # noqa: TRY004 - one kind of error for bad policy data
        signing = data.get("signing", {})
        if not isinstance(signing, Mapping):
            raise ValueError("规则：signing 应是对象")  # noqa: TRY004 - one kind of error for bad policy data
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
            **values,
        )

    def to_json(self) -> dict[str, object]:
        """Return the whole policy as a JSON object that from_json reads back unchanged."""
        stored: dict[str, object] = {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if one.name not in {"version", "push_window", "lights", "signing"}
        }
        return {"lights": self.lights.to_json(), "signing": self.signing.to_json(), **stored}

    def changed_by(self, data: Mapping[str, object]) -> Self:
        """The next version: this policy with the fields that data names. Raises ValueError for what does not fit."""
        given = data.get("lights", {})
        if not isinstance(given, Mapping):
            raise ValueError("规则：lights 应是对象")  # noqa: TRY004 - one kind of error for bad policy data
        signing = data.get("signing", {})
        if not isinstance(signing, Mapping):
            raise ValueError("规则：signing 应是对象")  # noqa: TRY004 - one kind of error for bad policy data
        whole = {
            **self.to_json(),
            **data,
            "lights": {**self.lights.to_json(), **given},
            "signing": {**self.signing.to_json(), **signing},
        }
        return self.from_json(whole, version=self.version + 1)
