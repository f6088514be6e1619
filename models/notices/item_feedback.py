"""定期反馈 and its review (rules F5, A7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.items import AboutItem, feedback_actions


@dataclass(frozen=True, slots=True)
class FeedbackSubmitted(AboutItem, Notice):
    """Receipt of a feedback for its author."""

    due_at: datetime
    submitted_at: datetime
    late: int
    reviewer: str


@dataclass(frozen=True, slots=True)
class FeedbackToReview(AboutItem, Notice):
    """A feedback, to who rules on it."""

    mergeable: ClassVar[bool] = False

    feedback_id: int
    unit: str
    author: str
    text: str
    due_at: datetime
    submitted_at: datetime
    late: int

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("item", self.item.id), ("feedback", self.feedback_id))
        return (
            Action("采纳", "item.accept_feedback", args),
            Action("退回", "item.return_feedback", args, prompt="请写明退回原因"),
        )


@dataclass(frozen=True, slots=True)
class FeedbackAccepted(AboutItem, Notice):
    """采纳, to the author and the reviewer. next_due_at: when the next one is due."""

    by: str
    submitted_at: datetime
    late: int
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedbackReturned(AboutItem, Notice):
    """退回 of a feedback, to its author: the old due date stays."""

    by: str
    reason: str
    due_at: datetime
    next_rung: str
    next_rung_at: datetime | None

    @property
    def actions(self) -> tuple[Action, ...]:
        return feedback_actions(self.item)
