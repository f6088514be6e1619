"""Cards and receipts of drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.notices.base import Action, Notice
from models.types import Subject


def draft_actions(draft_id: int, version: int, *, edit: str, confirm: str = "确认") -> tuple[Action, ...]:
    """The buttons of a draft's card. edit: what to write for [修改]."""
    args = (("draft", draft_id), ("version", version))
    return (
        Action(confirm, "draft.confirm", args),
        Action("修改", "draft.edit", args, prompt=edit),
        Action("取消", "draft.cancel", args),
    )


class AboutDraft:
    """What notices about one draft share."""

    draft_id: int
    number: int

    @property
    def label(self) -> str:
        return f"草稿{self.number}"

    @property
    def about(self) -> Subject | None:
        return Subject("draft", self.draft_id)


def confirm_actions(draft_id: int, version: int) -> tuple[Action, ...]:
    """Yes or no, where there is nothing to edit."""
    args = (("draft", draft_id), ("version", version))
    return (Action("确认", "draft.confirm", args), Action("取消", "draft.cancel", args))


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """One open draft in a list: number, what it is about in a few words, until when it lives."""

    number: int
    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DraftList(Notice):
    """/草稿"""

    drafts: tuple[DraftSummary, ...]
    waiting_files: tuple[str, ...]  # names of files that wait for a text


@dataclass(frozen=True, slots=True)
class DraftLapsed(AboutDraft, Notice):
    """A draft ran out while no process ran, so that its reminder never came (rules A4, C11)."""

    draft_id: int
    number: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DraftExpiring(AboutDraft, Notice):
    """The one reminder on the day a draft runs out (rule C11)."""

    draft_id: int
    version: int
    number: int
    text: str
    expires_at: datetime

    @property
    def actions(self) -> tuple[Action, ...]:
        return confirm_actions(self.draft_id, self.version)
