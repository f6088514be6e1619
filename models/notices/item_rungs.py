"""The ladder behind a due date of an item (rule F6). what: 定期反馈 or 办结."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.documents import draft_actions
from models.notices.items import AboutItem, feedback_actions


@dataclass(frozen=True, slots=True)
class ItemDue(AboutItem):
    """What is due, and what can be done about it."""

    what: str
    due_at: datetime

    @property
    def actions(self) -> tuple[Action, ...]:
        return feedback_actions(self.item)


@dataclass(frozen=True, slots=True)
class ItemDueSoon(ItemDue, Notice):
    """提醒, one workday before; late: workdays, when a review moved it behind the date (rule F6)."""

    late: int = 0


@dataclass(frozen=True, slots=True)
class ItemUrged(ItemDue, Notice):
    """催办, one workday after."""

    late: int
    excused_until: datetime | None = None  # it is not late until then because of an outage (rule A4)


@dataclass(frozen=True, slots=True)
class LetterProposed(AboutItem, Notice):
    """A draft of 提醒函 (to 督办专员) or 督办函 (to 综合专班负责人); only a person issues it (rule H3)."""

    mergeable: ClassVar[bool] = False

    letter_id: int
    kind: str
    what: str
    unit: str
    person: str
    due_at: datetime
    late: int
    version: int = 1
    earlier: str = ""
    reply_by: datetime | None = None
    signs: bool = False
    signers: str = ""
    excused_until: datetime | None = None  # it is not late until then because of an outage (rule A4)

    @property
    def actions(self) -> tuple[Action, ...]:
        show = Action(f"{self.kind}草稿 {self.item.number}", "document.show", (("document", self.letter_id),))
        return (show, *draft_actions(self.letter_id, self.version, signs=self.signs))


@dataclass(frozen=True, slots=True)
class ItemOverdueReported(AboutItem, Notice):
    """Three workdays overdue, to the unit's 带班领导."""

    what: str
    unit: str
    person: str
    due_at: datetime
    late: int
    excused_until: datetime | None = None  # it is not late until then because of an outage (rule A4)
