"""Feedback on a warning before it is handed in (rules C1, E9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.drafts import AboutDraft, draft_actions
from models.types import Light


@dataclass(frozen=True, slots=True)
class LightFeedbackDraftCard(AboutDraft, Notice):
    """【反馈草稿】 on a warning, before it is handed in (rules C1, E9). reviewer: who will rule on it."""

    mergeable: ClassVar[bool] = False

    draft_id: int
    version: int
    number: int
    code: str
    name: str
    light: Light
    text: str
    reviewer: str
    promises: tuple[str, ...]
    due_at: datetime | None  # empty where an earlier feedback was accepted: it adds to that one

    @property
    def actions(self) -> tuple[Action, ...]:
        return draft_actions(self.draft_id, self.version, edit="请填写修改后的反馈")
