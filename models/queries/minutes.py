"""会议纪要 that were entered, what they decided, and whose they are (rules B10, H1, M1)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.queries import item_parties
from models.queries.directory import Directory, PersonInfo
from models.tables.coordination import Minutes, MinutesLine
from models.tables.items import Item

MOST = 200  # records that are looked through for a name


def by_id(session: Session, minutes_id: int | None) -> Minutes | None:
    return session.get(Minutes, minutes_id) if minutes_id is not None else None


def newest(session: Session, organisation_id: int, *, limit: int = MOST) -> list[Minutes]:
    return list(
        session.execute(
            select(Minutes)
            .where(Minutes.organisation_id == organisation_id)
            .order_by(Minutes.id.desc())
            .limit(limit)
        ).scalars()
    )


def lines(session: Session, minutes_id: int) -> list[tuple[MinutesLine, Item]]:
    """The decisions in their order with the items that carry them; none of a restricted item (rule B8)."""
    rows = session.execute(
        select(MinutesLine, Item)
        .join(Item, Item.id == MinutesLine.item_id)
        .where(MinutesLine.minutes_id == minutes_id, Item.restricted.is_(False))
        .order_by(MinutesLine.seq)
    )
    return [(row[0], row[1]) for row in rows]


def sees(directory: Directory, person: PersonInfo, minutes: Minutes) -> bool:
    """Who entered them, who speaks for that person's unit now, and 综合专班 (rules B7, B10)."""
    if person.organisation_id != minutes.organisation_id:
        return False
    if person.id == minutes.by_id or item_parties.is_hub(directory, person):
        return True
    author = directory.people.get(minutes.by_id)
    unit_id = author.unit_id if author is not None else None
    return unit_id is not None and item_parties.speaks_for(directory, person, unit_id)
