"""办结 and 销号 (rules F8–F10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.items import AboutItem, feedback_actions, item_args, reopen_action, ruling_actions


@dataclass(frozen=True, slots=True)
class EvidenceWanted(AboutItem, Notice):
    """办结 needs an attachment or a 文号 (rule F9). words, evidence: whether that is still missing."""

    words: bool = False
    evidence: bool = True


@dataclass(frozen=True, slots=True)
class ClosingDropped(AboutItem, Notice):
    """A 办结 that was begun is not handed in: its author took it back before there was evidence."""


@dataclass(frozen=True, slots=True)
class ClosingSubmitted(AboutItem, Notice):
    """Receipt of 报办结 for its author. extension_void: a request for 延期 that waited ended with it (rule F7)."""

    submitted_at: datetime
    late: int
    reviewer: str
    extension_void: bool = False


@dataclass(frozen=True, slots=True)
class ClosingToReview(AboutItem, Notice):
    """待审核, to who rules on it. evidence: 文号 and names of files."""

    mergeable: ClassVar[bool] = False

    unit: str
    author: str
    text: str
    evidence: tuple[str, ...]
    file_ids: tuple[int, ...]
    submitted_at: datetime
    due_at: datetime | None
    late: int

    @property
    def files(self) -> tuple[int, ...]:
        return self.file_ids

    @property
    def actions(self) -> tuple[Action, ...]:
        return ruling_actions(self.item)


@dataclass(frozen=True, slots=True)
class ClosingFailed(AboutItem, Notice):
    """审核不通过, to who submitted it: the 办结时限 stays. late: workdays by which it has passed meanwhile."""

    by: str
    reason: str
    due_at: datetime | None
    late: int = 0

    @property
    def actions(self) -> tuple[Action, ...]:
        return feedback_actions(self.item)


@dataclass(frozen=True, slots=True)
class ItemToClose(AboutItem, Notice):
    """待销号, to 综合专班."""

    mergeable: ClassVar[bool] = False

    reviewed_by: str
    submitted_at: datetime
    workdays: int

    @property
    def actions(self) -> tuple[Action, ...]:
        return (Action("销号", "item.close", item_args(self.item)),)


@dataclass(frozen=True, slots=True)
class ItemClosed(AboutItem, Notice):
    """销号, to who raised it or a duplicate of it (rules F10, F13). own: the number they raised.

    task: it came from a 批示, and the reader gave it.
    """

    own: str
    closed_at: datetime
    workdays: int
    task: bool = False

    @property
    def actions(self) -> tuple[Action, ...]:
        return () if self.task or self.own != self.item.number else (reopen_action(self.item),)
