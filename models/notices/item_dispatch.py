"""交办 and 签收 (rules D4, F3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from models.notices.base import Action, Notice
from models.notices.item_assists import AssistLine
from models.notices.items import AboutItem, feedback_actions, receive_actions


@dataclass(frozen=True, slots=True)
class ItemDispatched(AboutItem, Notice):
    """Receipt of 交办 for 综合专班."""

    unit: str
    person: str
    due_at: datetime
    receipt_due_at: datetime


@dataclass(frozen=True, slots=True)
class ItemAssigned(AboutItem, Notice):
    """交办, to the 责任人."""

    mergeable: ClassVar[bool] = False

    goal: str
    measures: str
    unit: str
    person: str
    due_at: datetime
    supervisor: str
    receipt_due_at: datetime
    ruled_by: str = ""  # 综合专班负责人 whose ruling is final: no 退回 any more (rule F4)
    assists: tuple[AssistLine, ...] = ()

    @property
    def actions(self) -> tuple[Action, ...]:
        found = receive_actions(self.item)
        return found[:1] if self.ruled_by else found


@dataclass(frozen=True, slots=True)
class ItemAssignedToUnit(AboutItem, Notice):
    """交办, for the information of the unit's 带班领导."""

    goal: str
    unit: str
    person: str
    due_at: datetime
    receipt_due_at: datetime


@dataclass(frozen=True, slots=True)
class RaisedItemAssigned(AboutItem, Notice):
    """交办, to who raised the item: who handles it now."""

    goal: str
    unit: str
    person: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ItemToSupervise(AboutItem, Notice):
    """交办, to the 督办专员."""

    goal: str
    measures: str
    unit: str
    person: str
    due_at: datetime
    receipt_due_at: datetime


@dataclass(frozen=True, slots=True)
class ReceiptReminder(AboutItem, Notice):
    """签收 is overdue, to the 责任人."""

    dispatched_at: datetime
    receipt_due_at: datetime

    @property
    def actions(self) -> tuple[Action, ...]:
        return receive_actions(self.item)


@dataclass(frozen=True, slots=True)
class ReceiptReported(AboutItem, Notice):
    """签收 is two workdays overdue, to the 带班领导."""

    unit: str
    person: str
    dispatched_at: datetime
    receipt_due_at: datetime


@dataclass(frozen=True, slots=True)
class ItemReceived(AboutItem, Notice):
    """Receipt of 签收."""

    received_at: datetime
    feedback_due_at: datetime
    due_at: datetime | None
    workdays: int

    @property
    def actions(self) -> tuple[Action, ...]:
        return feedback_actions(self.item)


@dataclass(frozen=True, slots=True)
class ItemReceivedTold(AboutItem, Notice):
    """签收, to the 督办专员, and to the 责任人 where somebody else of the unit signed."""

    unit: str
    person: str
    received_at: datetime
    feedback_due_at: datetime
