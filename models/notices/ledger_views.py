"""Ledgers as views of the one record (rules D1, D5), and a change of a project's categories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.drafts import AboutDraft, confirm_actions
from models.notices.ledger import Standing
from models.rules.money import percent


@dataclass(frozen=True, slots=True)
class LedgersOfProject(Notice):
    """In which ledgers a project stands."""

    code: str
    name: str
    ledgers: tuple[str, ...]
    stage: str

    @property
    def label(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One ledger: how many projects, annual plan and year to date in 分. lights: how many 红, 黄, 绿."""

    name: str
    projects: int
    plan_fen: int
    ytd_fen: int
    lights: tuple[int, int, int]

    @property
    def completion(self) -> str | None:
        """完成率 of all of them together; None without a plan."""
        return percent(Fraction(self.ytd_fen, self.plan_fen)) if self.plan_fen else None


@dataclass(frozen=True, slots=True)
class LedgerOverview(Notice):
    """Every ledger of the asker. overlapping: by how many the categories together exceed 总账.

    elsewhere: the rest was sent in private.
    """

    whole: LedgerLine
    categories: tuple[LedgerLine, ...]
    regions: tuple[LedgerLine, ...]
    sectors: tuple[LedgerLine, ...]
    overlapping: int
    on: date
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One project in a list. plan_fen: 0 without a plan of the year."""

    code: str
    name: str
    adjusted: bool
    ytd_fen: int
    plan_fen: int
    as_of: date | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class ProjectList(Notice):
    """/查 项目, /查 青禾县: the worst first. more: how many do not fit. elsewhere: the rest was sent in private."""

    on: date
    whole: LedgerLine
    lines: tuple[ProjectLine, ...]
    more: int
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class CategoriesDraft(AboutDraft, Notice):
    """A change of categories before it is confirmed (rules B10, C1)."""

    mergeable: ClassVar[bool] = False

    draft_id: int
    version: int
    number: int
    code: str
    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def label(self) -> str:
        return self.code

    @property
    def actions(self) -> tuple[Action, ...]:
        return confirm_actions(self.draft_id, self.version)


@dataclass(frozen=True, slots=True)
class CategoriesChanged(Notice):
    """Receipt: the record is one, its views are more or fewer."""

    code: str
    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]
