"""Problem items as rows: by number, of a project or an organisation, the lists shown (rules B8, D5)."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from models.queries import item_parties
from models.queries.directory import Directory
from models.rules.items import MOSTLY_THE_SAME, OPEN, said_alike
from models.rules.policies import Policies
from models.tables.items import Item
from models.tables.lights import Instruction
from models.tables.projects import Project
from models.types import ItemState, Subject

NUMBER: Final = re.compile(r"(县?)\s*[WwＷｗ]\s*0*(\d{1,6})")
_OPEN: Final = tuple(state.value for state in ItemState if state in OPEN)
CONVENED: Final = "召开专项协调"
"""A decision that gives no task yet: the problem still waits for its 批示."""
_UNDECIDED: Final = (
    Item.level >= 2,
    Item.level <= 3,
    Item.state.in_(_OPEN),
    Item.parent_id.is_(None),
    or_(Item.level_since.is_not(None), Item.state == ItemState.SCREENING.value),
    ~exists().where(
        Instruction.subject_kind == "item",
        Instruction.subject_id == Item.id,
        Instruction.text != CONVENED,
        Instruction.at >= func.coalesce(Item.level_since, Item.raised_at),
    ),
)


def subject(item: Item) -> Subject:
    return Subject("item", item.id)


def normal_number(text: str) -> str | None:
    """W0186 for w186, Ｗ0186 or /W0186; None when the text holds no number of an item."""
    found = NUMBER.search(text)
    return f"{found[1]}W{int(found[2]):04d}" if found else None


def by_id(session: Session, item_id: int | None) -> Item | None:
    return session.get(Item, item_id) if item_id is not None else None


def by_number(session: Session, organisation_id: int, number: str) -> Item | None:
    return session.execute(
        select(Item).where(Item.organisation_id == organisation_id, Item.number == number)
    ).scalar_one_or_none()


def touching(session: Session, person_id: int) -> list[Item]:
    """Items with which a person has to do and that are open or may come back, oldest first (rules B7, F1)."""
    rows = session.execute(
        select(Item).where(or_(is_open(), Item.state == ItemState.CLOSED.value)).order_by(Item.id)
    ).scalars()
    return [
        item
        for item in rows
        if person_id in (item.person_id, item.supervisor_id, item_parties.raiser_id(item))
        or person_id in item.visible_to
        or any(number == person_id for _, number in item.assisting)
    ]


def undecided(session: Session, item: Item) -> bool:
    """Put to a level above 综合专班 where nobody has given a 批示 since (rules G1, G4)."""
    return session.execute(select(Item.id).where(Item.id == item.id, *_UNDECIDED)).first() is not None


def waiting_for_decision(session: Session, organisation_id: int) -> list[Item]:
    """Raised items on which nobody has decided, oldest first."""
    rows = session.execute(
        select(Item).where(Item.organisation_id == organisation_id, *_UNDECIDED).order_by(Item.id)
    )
    return list(rows.scalars())


def in_states(session: Session, organisation_id: int, *states: ItemState) -> list[Item]:
    """Items of an organisation that are in one of these states, oldest first."""
    rows = session.execute(
        select(Item)
        .where(Item.organisation_id == organisation_id, Item.state.in_([state.value for state in states]))
        .order_by(Item.id)
    )
    return list(rows.scalars())


def in_hand(session: Session) -> list[Item]:
    """Everything that waits for 签收 or is being worked on, oldest first."""
    return _in_hand(session)


def in_hand_of(session: Session, person_id: int, unit_ids: Collection[int]) -> list[Item]:
    """Of that, what the person is 责任人 for and what lies with one of the units."""
    return _in_hand(session, or_(Item.person_id == person_id, Item.unit_id.in_(unit_ids)))


def _in_hand(session: Session, *where: ColumnElement[bool]) -> list[Item]:
    states = (ItemState.AWAITING_RECEIPT.value, ItemState.IN_PROGRESS.value)
    rows = session.execute(select(Item).where(*where, Item.state.in_(states)).order_by(Item.id))
    return list(rows.scalars())


# --- lists


def is_open() -> ColumnElement[bool]:
    """在办: every state but 已销号, 已合并, 不予受理 (rule D5)."""
    return Item.state.in_(_OPEN)


def of_its_house() -> ColumnElement[bool]:
    """Only items of the organisation whose project it is: a county's own stand in its own lists (rule Q3)."""
    return Item.organisation_id == (
        select(Project.organisation_id).where(Project.id == Item.project_id).scalar_subquery()
    )


def of_project(session: Session, project_id: int, *, only_open: bool = True) -> list[Item]:
    """A project's problems, restricted ones included: callers show only those that `sees` allows.

    Tasks are shown with the problem they belong to.
    """
    statement = (
        select(Item)
        .where(Item.project_id == project_id, Item.parent_id.is_(None), of_its_house())
        .order_by(Item.id)
    )
    return list(session.execute(statement.where(is_open()) if only_open else statement).scalars())


def open_count(session: Session, project_id: int) -> int:
    """How many 在办 items a project has; restricted ones are in no count (rules B8, D5)."""
    return session.execute(
        select(func.count()).where(
            Item.project_id == project_id,
            Item.restricted.is_(False),
            Item.parent_id.is_(None),
            of_its_house(),
            is_open(),
        )
    ).scalar_one()


def of_origin(session: Session, item_id: int) -> Item | None:
    """The city's item that a county's item became when it was sent up, the latest (rule Q3)."""
    return session.execute(
        select(Item).where(Item.origin_id == item_id).order_by(Item.id.desc()).limit(1)
    ).scalar_one_or_none()


def county_counts(
    session: Session, directory: Directory, policies: Policies, organisation_id: int
) -> list[tuple[str, int]]:
    """How many 在办 items each county of a city works on itself: all that the city sees of them (rule Q3)."""
    counties = [one.id for one in directory.organisations.values() if one.parent_id == organisation_id]
    rows = session.execute(
        select(Item.organisation_id, Item.level_version, Item.level, func.count())
        .where(
            Item.organisation_id.in_(counties),
            Item.restricted.is_(False),
            Item.parent_id.is_(None),
            is_open(),
        )
        .group_by(Item.organisation_id, Item.level_version, Item.level)
        .order_by(Item.organisation_id)
    )
    found: dict[str, int] = {}
    for county, version, level, count in rows:
        if level <= policies.at(county, version).levels.own_top:
            name = directory.organisations[county].name
            found[name] = found.get(name, 0) + count
    return list(found.items())


def alike(session: Session, item: Item) -> list[Item]:
    """Other open items of the same project, of the same type or in much the same words, which it may repeat (F13).

    Never restricted ones (rule B8), at most three.
    """
    if item.project_id is None or item.restricted or item.parent_id is not None:
        return []
    found = repeated_by(session, item.organisation_id, item.project_id, item.kind, item.title)
    return [one for one in found if one.id != item.id][:3]


def repeated_by(
    session: Session, organisation_id: int, project_id: int, kind: str | None, title: str
) -> list[Item]:
    """Open items of the organisation that a problem of this project, type and wording may repeat.

    Never restricted ones (rule B8), and none that a county keeps on the same project for itself (rule Q3).
    """
    rows = session.execute(
        select(Item)
        .where(
            Item.organisation_id == organisation_id,
            Item.project_id == project_id,
            Item.parent_id.is_(None),
            Item.restricted.is_(False),
            is_open(),
        )
        .order_by(Item.id)
    ).scalars()
    return [
        one
        for one in rows
        if (kind is not None and one.kind == kind) or said_alike(one.title, title) >= MOSTLY_THE_SAME
    ]


def of_organisation(session: Session, organisation_id: int) -> list[Item]:
    """Every item of an organisation, oldest first; callers show only those that `sees` allows."""
    return list(
        session.execute(
            select(Item).where(Item.organisation_id == organisation_id).order_by(Item.id)
        ).scalars()
    )


def open_of_organisation(session: Session, organisation_id: int) -> list[Item]:
    return list(
        session.execute(
            select(Item).where(Item.organisation_id == organisation_id, is_open()).order_by(Item.id)
        ).scalars()
    )


def words_of_open(session: Session, organisation_id: int) -> list[tuple[int, str]]:
    """Id and own words (type, tags, title) of every open problem that may be searched: no restricted one (rule B8)."""
    rows = session.execute(
        select(Item.id, Item.kind, Item.tags, Item.title)
        .where(
            Item.organisation_id == organisation_id,
            Item.parent_id.is_(None),
            Item.restricted.is_(False),
            is_open(),
        )
        .order_by(Item.id)
    )
    return [(row.id, " ".join((row.kind or "", *row.tags, row.title))) for row in rows]


def by_ids(session: Session, ids: Collection[int]) -> list[Item]:
    """These items, oldest first."""
    return list(session.execute(select(Item).where(Item.id.in_(ids)).order_by(Item.id)).scalars())


def without_due(session: Session, organisation_id: int) -> list[Item]:
    """Reopened items for which no new 办结时限 was set, oldest first (rule F1)."""
    rows = session.execute(
        select(Item)
        .where(
            Item.organisation_id == organisation_id,
            Item.state == ItemState.IN_PROGRESS.value,
            Item.due_at.is_(None),
            Item.unit_id.is_not(None),
        )
        .order_by(Item.id)
    )
    return list(rows.scalars())


def merged_into(session: Session, item_id: int) -> list[Item]:
    """Duplicates that point to an item (rule F13)."""
    return list(
        session.execute(select(Item).where(Item.merged_into_id == item_id).order_by(Item.id)).scalars()
    )
