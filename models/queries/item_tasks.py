"""Tasks beside a problem item: those of a 批示, of 协办 units, and requests to extend (rules F7, F11, G4)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.tables.items import Item, ItemAssist, ItemExtension


def tasks_of(session: Session, item_id: int) -> list[Item]:
    """What a 批示 on the item gave to units (rule G4)."""
    return list(session.execute(select(Item).where(Item.parent_id == item_id).order_by(Item.id)).scalars())


# --- 协办 (rule F11)


def assists(session: Session, item_id: int) -> list[ItemAssist]:
    """The tasks of the 协办 units of an item as it was handed out last, in order."""
    rows = session.execute(
        select(ItemAssist)
        .where(ItemAssist.item_id == item_id, ItemAssist.state != "ended")
        .order_by(ItemAssist.id)
    )
    return list(rows.scalars())


def open_assists(session: Session, item_id: int) -> list[ItemAssist]:
    """Those that are neither done nor waived."""
    return [one for one in assists(session, item_id) if one.state == "open"]


def assist_by_id(session: Session, assist_id: int) -> ItemAssist | None:
    return session.get(ItemAssist, assist_id)


def assists_of(session: Session, person_id: int, unit_ids: Collection[int]) -> list[tuple[ItemAssist, Item]]:
    """Open tasks of a person or of units, with their items, oldest first."""
    rows = session.execute(
        select(ItemAssist, Item)
        .join(Item, Item.id == ItemAssist.item_id)
        .where(
            ItemAssist.state == "open",
            or_(ItemAssist.person_id == person_id, ItemAssist.unit_id.in_(unit_ids)),
        )
        .order_by(ItemAssist.id)
    )
    return [(assist, item) for assist, item in rows]


def all_open_assists(session: Session) -> list[tuple[ItemAssist, Item]]:
    """Every open task of a 协办 unit, with its item."""
    rows = session.execute(
        select(ItemAssist, Item)
        .join(Item, Item.id == ItemAssist.item_id)
        .where(ItemAssist.state == "open")
        .order_by(ItemAssist.id)
    )
    return [(assist, item) for assist, item in rows]


# --- 延期 (rule F7)


def extension_by_id(session: Session, extension_id: int) -> ItemExtension | None:
    return session.get(ItemExtension, extension_id)


def extension_waiting(session: Session, item_id: int) -> ItemExtension | None:
    """The request of an item on which nobody has decided."""
    return session.execute(
        select(ItemExtension)
        .where(ItemExtension.item_id == item_id, ItemExtension.state == "waiting")
        .order_by(ItemExtension.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def extensions_waiting(session: Session, organisation_id: int) -> list[tuple[ItemExtension, Item]]:
    """Every such request of an organisation with its item, oldest first."""
    rows = session.execute(
        select(ItemExtension, Item)
        .join(Item, Item.id == ItemExtension.item_id)
        .where(Item.organisation_id == organisation_id, ItemExtension.state == "waiting")
        .order_by(ItemExtension.id)
    )
    return [(request, item) for request, item in rows]
