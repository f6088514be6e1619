"""五个「尽」 (S73)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.notices.base import Action, Notice


@dataclass(frozen=True, slots=True)
class CompletionLine:
    """One pair. kept: there is a ledger for it."""

    name: str
    what: str
    done: int
    total: int
    kept: bool


@dataclass(frozen=True, slots=True)
class FiveCompletions(Notice):
    """elsewhere: the group sees less than the asker, who was sent the rest in private."""

    lines: tuple[CompletionLine, ...]
    on: date
    elsewhere: bool = False

    @property
    def actions(self) -> tuple[Action, ...]:
        return (
            Action("看未完成", "completion.left"),
            *(
                Action(f"{line.name} 清单", "completion.list", (("name", line.name),))
                for line in self.lines
                if line.kept and line.total
            ),
        )


@dataclass(frozen=True, slots=True)
class CompletionGroup:
    """What is not done, or done, of one indicator. more: how many were left out."""

    title: str
    lines: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class CompletionList(Notice):
    """elsewhere: as above."""

    groups: tuple[CompletionGroup, ...]
    on: date
    elsewhere: bool = False
