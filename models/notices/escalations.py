"""Items raised above 综合专班, and what was decided there (rules E12, G2–G6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.items import AboutItem, decision_actions, item_args, receive_actions


def proposal_actions(proposal_id: int) -> tuple[Action, ...]:
    """What who decides on a 提级建议 for a problem item may do with it."""
    args = (("draft", proposal_id),)
    return (
        Action(
            "修改症结…", "item.escalation_edit", args, prompt="症结 …；责任部门 …；化解路径 …；建议时限 …"
        ),
        Action("同意提级", "item.escalation_agree", args),
        Action("不提级", "item.escalation_refuse", args, prompt="不提级的原因"),
    )


def request_actions(request_id: int) -> tuple[Action, ...]:
    """What 综合专班负责人 of the city may do with a county's request (rules G2, G3, G6)."""
    args = (("request", request_id),)
    return (
        Action("受理", "county.accept", args),
        Action("退回县级", "county.send_back", args, prompt="请写明退回原因"),
    )


@dataclass(frozen=True, slots=True)
class CountyRequest(AboutItem, Notice):
    """A county asks the city to coordinate, to 综合专班负责人 of the city (rules G2, G3, Q3)."""

    mergeable: ClassVar[bool] = False

    request_id: int
    county: str
    by: str
    done: str
    crux: str
    unit: str
    path: str
    due_on: date | None

    @property
    def actions(self) -> tuple[Action, ...]:
        return request_actions(self.request_id)


@dataclass(frozen=True, slots=True)
class CountyRequestDecided(AboutItem, Notice):
    """What the city decided on a county's request: city_number when it was taken on. own: the reply to who decided."""

    county: str
    by: str
    city_number: str
    reason: str
    own: bool


@dataclass(frozen=True, slots=True)
class CountyItemNews(AboutItem, Notice):
    """Something happened to the city's item of a county's item, to the county's 综合专班 and 责任人 (rule Q3)."""

    city_number: str
    text: str


@dataclass(frozen=True, slots=True)
class CountyItemToClose(AboutItem, Notice):
    """The city's item was closed: the county decides on its own (rule Q3)."""

    mergeable: ClassVar[bool] = False

    city_number: str

    @property
    def actions(self) -> tuple[Action, ...]:
        args = item_args(self.item)
        return (
            Action("销号", "item.close", args),
            Action("继续办理", "county.go_on", args, prompt="请写明原因"),
        )


@dataclass(frozen=True, slots=True)
class ItemEscalated(AboutItem, Notice):
    """A problem is put to who decides at its new level (rules E12, G2). red_days: 0 when no light is behind it.

    asked: what it is put there for, as its organisation calls it.

    holder: who goes on with it below (rule G5). reason: why a level was skipped.
    """

    mergeable: ClassVar[bool] = False

    red_days: int
    crux: str
    unit: str
    path: str
    due_on: date | None
    by: str
    level: int = 2
    from_level: int = 1
    tags: tuple[str, ...] = ()
    reason: str = ""
    holder: str = ""
    asked: str = ""

    @property
    def actions(self) -> tuple[Action, ...]:
        return decision_actions(self.item)


@dataclass(frozen=True, slots=True)
class ItemEscalationProposed(AboutItem, Notice):
    """提级建议 by a rule or a person, to who decides (rules F6, G2). by: empty for a rule, then overdue says why.

    from_name, to_name, addressee: how the item's organisation calls the two levels, and to whom it goes up.
    """

    mergeable: ClassVar[bool] = False

    proposal_id: int
    from_level: int
    to_level: int
    crux: str
    unit: str
    path: str
    due_on: date | None
    done: str
    reason: str
    by: str
    overdue: str
    edited: bool
    from_name: str = ""
    to_name: str = ""
    addressee: str = ""

    @property
    def actions(self) -> tuple[Action, ...]:
        if not self.proposal_id:  # a county asks the city itself, stating what it has done (rule G3)
            step = (*item_args(self.item), ("level", self.to_level))
            return (Action(f"提级 {self.to_level}级", "item.raise", step),)
        return proposal_actions(self.proposal_id)


@dataclass(frozen=True, slots=True)
class ItemEscalationDecided(AboutItem, Notice):
    """What was decided on going up: own: the reply to who decided, else to who proposed it. told: who decides there."""

    by: str
    to_level: int
    agreed: bool
    reason: str
    told: str
    own: bool
    level_name: str = ""


@dataclass(frozen=True, slots=True)
class ItemEscalationPassedOn(AboutItem, Notice):
    """The receipt of a proposal: told decides on it."""

    to_level: int
    told: str


@dataclass(frozen=True, slots=True)
class EscalationGaps(AboutItem, Notice):
    """A request to go up that is not complete: nothing was written (rules C4, G2, G3)."""

    to_level: int
    missing: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task of a 批示: number, unit and 责任人. due_at: where the tasks have different due times."""

    number: str
    unit: str
    person: str
    due_at: datetime | None = None


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
    """A 批示 and its tasks: to 综合专班负责人, 督办专员, 带班领导 of the units; own: the reply to who gave it.

    due_at: the latest of their due times. period: 「本周内」 where one is the end of a period; task_ids: of the tasks
    with such a due time, for who confirms it (rule A2).
    """

    by: str
    text: str
    tasks: tuple[TaskLine, ...]
    due_at: datetime
    receipt_due_at: datetime
    own: bool
    period: str = ""
    task_ids: str = ""

    @property
    def actions(self) -> tuple[Action, ...]:
        if not self.task_ids:
            return ()
        args = (*item_args(self.item), ("tasks", self.task_ids))
        return (
            Action("确认时限", "task.confirm_due", args),
            Action("改时限", "task.change_due", args, prompt="新的时限，如 9月28日"),
        )


@dataclass(frozen=True, slots=True)
class TaskDueChanged(AboutItem, Notice):
    """综合专班负责人 set another due time for a task of a 批示, to its 责任人."""

    by: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class UnitInstruction(AboutItem, Notice):
    """批示 of the unit's own 带班领导, to 责任人 and 联络员 (rule B10)."""

    by: str
    text: str


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
    """Sent back, with a reason, to 综合专班负责人 (rule G6). screening: it has not been 交办 yet."""

    mergeable: ClassVar[bool] = False

    by: str
    reason: str
    level: int
    screening: bool = True
    level_name: str = ""

    @property
    def actions(self) -> tuple[Action, ...]:
        args = item_args(self.item)
        if not self.screening or self.level >= 2:
            return (Action("查看", "item.show", args),)
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
