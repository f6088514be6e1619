"""协办: the tasks of units beside the 责任单位, and what they hold up (rule F11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.items import AboutItem, ItemFacts, feedback_actions


@dataclass(frozen=True, slots=True)
class AssistLine:
    """One task: who does what by when. unit: as it was written."""

    id: int
    unit: str
    person: str
    task: str
    due_at: datetime
    state: str  # 未完成, 已完成, 已免除


def finish_action(item: ItemFacts, assist_id: int) -> Action:
    args = (("item", item.id), ("assist", assist_id))
    return Action("完成协办", "assist.finish", args, prompt="请写明完成情况")


def waive_actions(item: ItemFacts, lines: tuple[AssistLine, ...]) -> tuple[Action, ...]:
    """One button for each task that is left; named when there are several."""
    return tuple(
        Action(
            "免除协办" if len(lines) == 1 else f"免除协办 {line.unit}",
            "assist.waive",
            (("item", item.id), ("assist", line.id)),
            prompt="请写明免除原因",
        )
        for line in lines
    )


@dataclass(frozen=True, slots=True)
class AssistTask(AboutItem):
    """What notices about one task share."""

    line: AssistLine


@dataclass(frozen=True, slots=True)
class AssistAssigned(AssistTask, Notice):
    """A task, to the 责任人 of the 协办 unit. host: who answers for the whole item."""

    mergeable: ClassVar[bool] = False

    host: str

    @property
    def actions(self) -> tuple[Action, ...]:
        return (finish_action(self.item, self.line.id),)


@dataclass(frozen=True, slots=True)
class AssistDue(AssistTask, Notice):
    """A task is due on the next workday, or overdue by `late` workdays (0: not yet)."""

    late: int

    @property
    def actions(self) -> tuple[Action, ...]:
        return (finish_action(self.item, self.line.id),)


@dataclass(frozen=True, slots=True)
class AssistDueMoved(AssistTask, Notice):
    """The item has more time, and so has the task that was due with it (rule F7). old_due_at: what it was."""

    old_due_at: datetime

    @property
    def actions(self) -> tuple[Action, ...]:
        return (finish_action(self.item, self.line.id),)


@dataclass(frozen=True, slots=True)
class AssistFinished(AssistTask, Notice):
    """完成协办, to the 责任人 and the 督办专员; own: the reply to who did it. left: how many tasks are open."""

    by: str
    result: str
    left: int
    own: bool


@dataclass(frozen=True, slots=True)
class AssistWaived(AssistTask, Notice):
    """免除协办, to the 协办 unit; own: the reply to who waived it."""

    by: str
    reason: str
    own: bool


@dataclass(frozen=True, slots=True)
class ClosingBlocked(AboutItem, Notice):
    """报办结 while tasks of 协办 units are open; what was said is kept as a draft."""

    lines: tuple[AssistLine, ...]
    supervisor: str
    draft_number: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ClosingHeld(AboutItem, Notice):
    """The same, to the 督办专员, who may waive the tasks."""

    mergeable: ClassVar[bool] = False

    lines: tuple[AssistLine, ...]
    unit: str
    author: str
    text: str

    @property
    def actions(self) -> tuple[Action, ...]:
        return waive_actions(self.item, self.lines)


@dataclass(frozen=True, slots=True)
class ClosingReady(AboutItem, Notice):
    """No task of a 协办 unit is open any more: 办结 can be reported. draft_id: 0 when nothing was kept of it."""

    mergeable: ClassVar[bool] = False

    draft_id: int
    version: int
    number: int
    text: str
    evidence: tuple[str, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        if not self.draft_id:
            return feedback_actions(self.item)[1:]
        args = (("draft", self.draft_id), ("version", self.version))
        return (
            Action("提交", "draft.confirm", args),
            Action("修改", "draft.edit", args, prompt="请写修改后的办结情况"),
            Action("取消", "draft.cancel", args),
        )
