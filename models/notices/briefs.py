"""The issued 简报, to its readers (rule I5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.notices.base import Notice
from models.notices.documents import AboutDocument


@dataclass(frozen=True, slots=True)
class BriefSent(AboutDocument, Notice):
    """how: 报 or 抄送. at: the cut-off of its figures."""

    serial: str
    title: str
    how: str
    at: datetime
    attachment_id: int

    @property
    def files(self) -> tuple[int, ...]:
        return (self.attachment_id,)
