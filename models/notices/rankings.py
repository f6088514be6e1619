"""考评 and 通报 of a month: drafts, own lines, objections, the issued circular (rules I3, I4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.documents import AboutDocument, draft_actions


@dataclass(frozen=True, slots=True)
class RankLine:
    """One ranked unit, worded: rank 第1 or —, score and parts with two decimals, ratios as 24300/23000."""

    name: str
    rank: str
    score: str
    ratios: tuple[str, ...]  # 投资 in 万元, 开工, 办结, 报送
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankingDraft(AboutDocument, Notice):
    """The draft to 综合专班 (rule I4). open_objections: how many wait for a ruling."""

    mergeable: ClassVar[bool] = False

    version: int
    month: str
    regions: tuple[RankLine, ...]
    departments: tuple[RankLine, ...]
    praised: tuple[str, ...]
    pressed: tuple[str, ...]
    objections_until: datetime
    open_objections: int
    signs: bool
    signers: str
    again: bool

    @property
    def actions(self) -> tuple[Action, ...]:
        return (
            *draft_actions(self.document_id, self.version, signs=self.signs),
            Action("导出docx", "document.export", (("document", self.document_id),)),
        )


@dataclass(frozen=True, slots=True)
class RankingOwn(AboutDocument, Notice):
    """A ranked unit's own line, and nobody else's (rule I4). of: how many are ranked in its list."""

    mergeable: ClassVar[bool] = False

    key: str
    month: str
    line: RankLine
    of: int
    objections_until: datetime
    changed: str

    @property
    def actions(self) -> tuple[Action, ...]:
        return (
            Action(
                "异议",
                "ranking.object",
                (("document", self.document_id), ("key", self.key)),
                prompt="请写明哪一项、应为多少、依据（可先发截图）",
            ),
            Action("无异议", "ranking.waive", (("document", self.document_id), ("key", self.key))),
        )


def objection_actions(document_id: int, number: int) -> tuple[Action, ...]:
    args = (("document", document_id), ("objection", number), ("of", f"{document_id}:{number}"))
    return (
        Action("采纳", "ranking.adopt", args, prompt="改为多少，如：报送 21/24"),
        Action("不采纳", "ranking.refuse", args, prompt="请写明理由"),
    )


@dataclass(frozen=True, slots=True)
class RankingObjection(AboutDocument, Notice):
    """An objection, to 综合专班 for a ruling (rules B10, I4)."""

    mergeable: ClassVar[bool] = False

    number: int
    month: str
    unit: str
    by: str
    text: str
    line: RankLine
    attachment_ids: tuple[int, ...]

    @property
    def files(self) -> tuple[int, ...]:
        return self.attachment_ids

    @property
    def actions(self) -> tuple[Action, ...]:
        return objection_actions(self.document_id, self.number)


@dataclass(frozen=True, slots=True)
class RankingObjected(AboutDocument, Notice):
    """To who objected: it was handed in."""

    month: str
    unit: str
    text: str
    files_count: int


@dataclass(frozen=True, slots=True)
class RankingWaived(AboutDocument, Notice):
    """To who said 无异议: it was noted. left: how many ranked units have not said so yet."""

    month: str
    unit: str
    left: int
    objections_until: datetime


@dataclass(frozen=True, slots=True)
class RankingRecomputed(AboutDocument, Notice):
    """重算 after 采纳, to who adopted. place: 名次不变, or 名次由第4变为第3."""

    unit: str
    parts: tuple[str, ...]
    score: str
    place: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankingRuled(AboutDocument, Notice):
    """The ruling, to who objected."""

    month: str
    unit: str
    adopted: bool
    by: str
    reason: str
    score: str
    rank: str


@dataclass(frozen=True, slots=True)
class RankingPublished(AboutDocument, Notice):
    """The issued 通报, to all groups."""

    mergeable: ClassVar[bool] = False

    serial: str
    title: str
    month: str
    regions: tuple[RankLine, ...]
    departments: tuple[RankLine, ...]
    praised: tuple[str, ...]
    pressed: tuple[str, ...]
    attachment_id: int

    @property
    def files(self) -> tuple[int, ...]:
        return (self.attachment_id,)
