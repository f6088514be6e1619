"""重开 and 跟踪问效 (rules F1, F12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.items import AboutItem, effect_actions, feedback_actions, set_due_action


@dataclass(frozen=True, slots=True)
class ItemReopened(AboutItem, Notice):
    """Receipt of 重开. told: who was told. sets_due: the reader is the one who sets the new 办结时限."""

    told: tuple[str, ...]
    feedback_due_at: datetime
    sets_due: bool

    @property
    def actions(self) -> tuple[Action, ...]:
        return (set_due_action(self.item),) if self.sets_due else ()


@dataclass(frozen=True, slots=True)
class Reopened(AboutItem):
    """What those who go on with a reopened item are told: feedback counts from now; with the files sent along."""

    by: str
    reason: str
    feedback_due_at: datetime
    file_ids: tuple[int, ...]

    @property
    def files(self) -> tuple[int, ...]:
        return self.file_ids


@dataclass(frozen=True, slots=True)
class ReopenedToHandle(Reopened, Notice):
    """重开, to the 责任人."""

    mergeable: ClassVar[bool] = False

    @property
    def actions(self) -> tuple[Action, ...]:
        return feedback_actions(self.item)


@dataclass(frozen=True, slots=True)
class ReopenedToSupervise(Reopened, Notice):
    """重开, to the 督办专员, who is asked for a new 办结时限."""

    mergeable: ClassVar[bool] = False

    unit: str
    person: str

    @property
    def actions(self) -> tuple[Action, ...]:
        return (set_due_action(self.item),)


@dataclass(frozen=True, slots=True)
class ReopenedToRaiser(AboutItem, Notice):
    """重开 by somebody else, to who raised it or a duplicate of it. own: the number they raised."""

    own: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReopenRefused(AboutItem, Notice):
    """重开 is refused; a linked new problem is drafted. days: until how many days after 销号 it was possible.

    by_tasks: it was carried by the tasks of a 批示 and has no unit that could go on with it.
    """

    closed_at: datetime
    days: int
    by_tasks: bool


@dataclass(frozen=True, slots=True)
class ReopenedItemDue(AboutItem, Notice):
    """The new 办结时限 of a reopened item, to who set it and to the 责任人."""

    by: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DueWanted(AboutItem, Notice):
    """A reopened item still has no 办结时限, to who sets it. report: the same to 综合专班负责人."""

    setters: str
    feedback_due_at: datetime | None
    report: bool

    @property
    def actions(self) -> tuple[Action, ...]:
        return (set_due_action(self.item),)


@dataclass(frozen=True, slots=True)
class EffectAsked(AboutItem, Notice):
    """跟踪问效, to who raised it."""

    closed_at: datetime

    @property
    def actions(self) -> tuple[Action, ...]:
        return effect_actions(self.item)
