"""A task of a unit under a problem, or from a meeting: an item 待签收 that follows F3 and F5–F9 (rules G4, M1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models.operations import item_dues, item_screening, items
from models.operations.desk import Desk
from models.queries import item_parties
from models.queries.directory import PersonInfo
from models.rules.ladder import Receipt
from models.tables.items import Item
from models.types import ItemState

_LONGEST_TITLE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which unit has to do what until when, who is 责任人 there, who supervises it."""

    organisation_id: int
    text: str
    unit_id: int
    person_id: int
    due_at: datetime
    supervisor_id: int
    source: str
    raised_by_id: int | None
    project_id: int | None = None
    level: int | None = None
    kind: str | None = None
    task_force_id: int | None = None


def assign(desk: Desk, order: Order, *, parent: Item | None = None) -> tuple[Item, Receipt]:
    """The task, and until when it has to be received; telling its 责任人 is the caller's.

    A task of a restricted problem is restricted to the same people and those who carry it (rule B8).
    """
    task = item_screening.create(
        desk,
        item_screening.NewItem(
            organisation_id=order.organisation_id,
            title=order.text[:_LONGEST_TITLE],
            raised_by_id=order.raised_by_id,
            project_id=order.project_id,
            kind=order.kind,
            source=order.source,
            restricted=parent is not None and parent.restricted,
            level=order.level,
            parent_id=parent.id if parent is not None else None,
        ),
    )
    if parent is not None and parent.restricted:
        circle = sorted({*parent.visible_to, order.person_id, order.supervisor_id})
        items.change(desk, task, visible_to=circle)
    items.change(
        desk, task, state=ItemState.AWAITING_RECEIPT.value, goal=order.text, unit_id=order.unit_id,
        measures=f"按{order.source}要求落实",
        person_id=order.person_id, supervisor_id=order.supervisor_id, due_at=order.due_at,
        task_force_id=order.task_force_id, dispatched_at=desk.now,
    )  # fmt: skip
    return task, item_dues.await_receipt(desk, task)


def supervisor(desk: Desk, organisation_id: int, item: Item | None = None) -> PersonInfo | None:
    """督办专员 of the item, else the organisation's, else 综合专班负责人, who rules where there is none (F8)."""
    known = item_parties.person(desk.directory, item.supervisor_id if item is not None else None)
    if known is not None:
        return known
    holders = item_parties.supervisors(desk.directory, organisation_id)
    return next(iter(holders), None)
