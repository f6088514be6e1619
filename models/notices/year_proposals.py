"""激励倾斜建议 of a year, for who decides (rule I6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.documents import AboutDocument


@dataclass(frozen=True, slots=True)
class YearLine:
    """One region or unit: rank, year score with two decimals, counts, what is proposed for it."""

    rank: str
    name: str
    score: str
    praised: int
    overdue: int
    red_days: int
    proposed: str


@dataclass(frozen=True, slots=True)
class YearProposal(AboutDocument, Notice):
    """terms: by which scores what is proposed."""

    mergeable: ClassVar[bool] = False

    version: int
    year: int
    regions: tuple[YearLine, ...]
    departments: tuple[YearLine, ...]
    terms: str

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("document", self.document_id), ("version", self.version))
        return (
            Action("同意", "document.agree", args, prompt="决定和理由"),
            Action("不同意", "document.refuse", args, prompt="请写明理由"),
            Action("导出docx", "document.export", args[:1]),
        )
