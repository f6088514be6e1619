"""Drafts about problem items before they are confirmed, and what is asked to complete them (rules C2, C4, D4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.drafts import AboutDraft, draft_actions
from models.notices.items import AboutItem


@dataclass(frozen=True, slots=True)
class ProblemDraftCard(AboutDraft, Notice):
    """A problem before it is confirmed. suggestions: tags that the words suggest.

    house: who works on it, for people who serve in a county and its city; switch: label of the button to the other one.
    """

    mergeable: ClassVar[bool] = False

    draft_id: int
    version: int
    number: int
    project: str
    title: str
    kind: str | None
    task_force: str
    wanted: str | None
    wanted_unit: str | None
    wanted_by: datetime | None
    tags: tuple[str, ...]
    source: str
    restricted: bool
    urgent: bool
    supplements: str  # number of the item that is supplemented, else empty
    house: str = ""
    switch: str = ""

    @property
    def label(self) -> str:
        return f"问题草稿{self.number}"

    @property
    def actions(self) -> tuple[Action, ...]:
        actions = draft_actions(
            self.draft_id, self.version, edit="请写明修改后的内容，如：类型 施工许可；希望协调 …"
        )
        if not self.switch:
            return actions
        args = (("draft", self.draft_id), ("version", self.version))
        return (*actions, Action(self.switch, "draft.switch_house", args))


@dataclass(frozen=True, slots=True)
class ProblemProjectChoice(AboutDraft, Notice):
    """Which project a problem is about (rule C3). choices: code and name, empty when none is known."""

    draft_id: int
    number: int
    title: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProblemRaised(AboutItem, Notice):
    """Receipt for the author of a confirmed problem. urgent_to: who decides at once on 特别重大 (G7)."""

    restricted: bool
    supplemented: bool
    urgent_to: str = ""


@dataclass(frozen=True, slots=True)
class DispatchDraftCard(AboutItem, Notice):
    """【交办草稿】: all of D4, to be confirmed."""

    mergeable: ClassVar[bool] = False

    draft_id: int
    version: int
    number: int
    goal: str
    measures: str
    unit: str
    person: str
    due_at: datetime
    supervisor: str
    task_force: str
    tags: tuple[str, ...]
    assists: tuple[str, ...] = ()  # 协办 units with their tasks

    @property
    def actions(self) -> tuple[Action, ...]:
        return draft_actions(
            self.draft_id, self.version, edit="如：时限 10月20日；责任人 彭倩", confirm="确认交办"
        )


@dataclass(frozen=True, slots=True)
class DispatchGaps(AboutItem, Notice):
    """What is still missing before 交办, named in one question (rules C4, D4)."""

    draft_number: int
    missing: tuple[str, ...]
    problems: tuple[str, ...]  # values that could not be taken
    example: str
    person: str  # the 责任人 once known, with the unit where two share the name


@dataclass(frozen=True, slots=True)
class ItemPersonChoice(AboutItem, Notice):
    """People of one name, with their units (rule B1). choices: (person id, name with unit)."""

    draft_id: int
    field: str
    field_name: str
    name: str
    choices: tuple[tuple[int, str], ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        return tuple(
            Action(
                f"{number} {label}",
                "dispatch.person",
                (("draft", self.draft_id), ("field", self.field), ("person", person_id)),
            )
            for number, (person_id, label) in enumerate(self.choices, start=1)
        )


@dataclass(frozen=True, slots=True)
class FeedbackDraftCard(AboutItem, Notice):
    """【反馈草稿】 of an item. due_at: the due date it covers. late: workdays by which it is late now.

    extension: how to ask for the 延期 that stands in the text, which asks for none by itself (rule F7).
    """

    mergeable: ClassVar[bool] = False

    draft_id: int
    version: int
    number: int
    text: str
    due_at: datetime
    late: int
    extension: str = ""

    @property
    def actions(self) -> tuple[Action, ...]:
        return draft_actions(self.draft_id, self.version, edit="请填写修改后的反馈")
