"""Problems imported from a file: what would be entered, and what was (rules O2, Q1; S36)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.drafts import AboutDraft


@dataclass(frozen=True, slots=True)
class UnknownRow:
    """A row whose project is not known. suggestion: code and name it may mean, empty for none."""

    number: int
    name: str
    suggestion: str
    project_id: int


@dataclass(frozen=True, slots=True)
class ProblemImport(AboutDraft, Notice):
    """The preview. new: 「第2行 ZX0031 …」; repeated: (row, number of the open item)."""

    mergeable: ClassVar[bool] = False

    draft_id: int
    version: int
    number: int
    file: str
    total: int
    new: tuple[str, ...]
    more: int  # new rows that are not listed
    repeated: tuple[tuple[int, str], ...]
    unknown: tuple[UnknownRow, ...]
    empty: tuple[int, ...]  # rows without a text

    @property
    def actions(self) -> tuple[Action, ...]:
        args = (("draft", self.draft_id), ("version", self.version))
        count = len(self.new) + self.more
        return (
            *((Action(f"导入{count}行", "draft.confirm", args),) if count else ()),
            Action("全部不导入", "draft.cancel", args),
            *(
                Action(
                    f"第{row.number}行是 {row.suggestion.partition(' ')[0]}",
                    "import.row",
                    (*args, ("row", row.number), ("project", row.project_id)),
                )
                for row in self.unknown
                if row.suggestion
            ),
        )


@dataclass(frozen=True, slots=True)
class ImportedItem:
    item_id: int
    number: str
    title: str
    project: str


@dataclass(frozen=True, slots=True)
class ImportedToScreen(Notice):
    """All that a file brought and that one person has to do with, to those who did not import it (rules J2, O2)."""

    mergeable: ClassVar[bool] = False

    file: str
    by: str
    lines: tuple[ImportedItem, ...]
    screens: bool

    @property
    def actions(self) -> tuple[Action, ...]:
        if not self.screens:
            return ()
        return tuple(
            Action(f"交办 {one.number}", "item.dispatch", (("item", one.item_id),)) for one in self.lines[:6]
        )


@dataclass(frozen=True, slots=True)
class ProblemsImported(Notice):
    """Receipt: the numbers that were given."""

    numbers: tuple[str, ...]
    left_out: int
    source: str
