"""Items raised above 综合专班, and what was decided there (rules E12, G2–G6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.items import AboutItem, decision_actions, item_args, receive_actions


@dataclass(frozen=True, slots=True)
class ItemEscalated(AboutItem, Notice):
    """提请专项协调, to 分管副市长 (rules E12, G2). red_days: 0 when no light is behind it."""

    mergeable: ClassVar[bool] = False

    red_days: int
    crux: str
    unit: str
    path: str
    due_on: date | None
    by: str

    @property
    def actions(self) -> tuple[Action, ...]:
        return decision_actions(self.item)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of a 批示: number, unit and 责任人."""

    number: str
    unit: str
    person: str


@dataclass(frozen=True, slots=True)
class InstructionTask(AboutItem, Notice):
    """A task from a 批示, to its 责任人 (rule G4). parent: number of the problem."""

    mergeable: ClassVar[bool] = False

    parent: str
    by: str
    text: str
    unit: str
    due_at: datetime
    receipt_due_at: datetime
    supervisor: str

    @property
    def actions(self) -> tuple[Action, ...]:
        return receive_actions(self.item)


@dataclass(frozen=True, slots=True)
class InstructionTasked(AboutItem, Notice):
    """A 批示 and its tasks: to 综合专班负责人, 督办专员, 带班领导 of the units; own: the reply to who gave it."""

    by: str
    text: str
    tasks: tuple[TaskLine, ...]
    due_at: datetime
    receipt_due_at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class InstructionGaps(AboutItem, Notice):
    """A 批示 that cannot become tasks yet: nothing was recorded (rules C4, G4)."""

    missing: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeetingCalled(AboutItem, Notice):
    """召开专项协调 was decided. own: the reply to who decided; told: who arranges it."""

    by: str
    at: datetime
    told: str
    own: bool


@dataclass(frozen=True, slots=True)
class ItemSentDown(AboutItem, Notice):
    """Sent back one level, with a reason, to 综合专班负责人 (rule G6)."""

    mergeable: ClassVar[bool] = False

    by: str
    reason: str
    level: int

    @property
    def actions(self) -> tuple[Action, ...]:
        args = item_args(self.item)
        return (
            Action("交办", "item.dispatch", args),
            Action("不予受理", "item.reject", args, prompt="请写明原因"),
        )


@dataclass(frozen=True, slots=True)
class TasksDone(AboutItem, Notice):
    """All tasks of a 批示 are over, to 综合专班: the problem can be closed."""

    mergeable: ClassVar[bool] = False

    tasks: tuple[str, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        return (Action("销号", "item.close", item_args(self.item)),)
