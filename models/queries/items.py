"""Problem items: who stands how to one, who may see it, the lists shown (rules B3, B8, B10, D5)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from models.queries import scopes
from models.queries.directory import Directory, GroupInfo, PersonInfo
from models.rules.calendar import local_date
from models.rules.items import ENDED, MOSTLY_THE_SAME, Party, said_alike
from models.rules.policies import Policies
from models.rules.scope import Asker, ItemScope, ProjectScope, item_in_group, may_see_item
from models.tables.audit import AuditRow
from models.tables.clockwork import Timer
from models.tables.items import Item, ItemAssist, ItemExtension, ItemFeedback, Ladder, Rung
from models.tables.lights import Instruction
from models.tables.projects import Project
from models.types import FeedbackState, ItemState, Role, Subject

NUMBER: Final = re.compile(r"(县?)\s*[WwＷｗ]\s*0*(\d{1,6})")
_OPEN: Final = tuple(state.value for state in ItemState if state not in ENDED)
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


# --- capacities (rule B10)


def is_hub_liaison(directory: Directory, person: PersonInfo) -> bool:
    """联络员 of 综合专班 itself, or its ledger administrator."""
    if person.holds(Role.LEDGER_ADMIN):
        return True
    hub = directory.hub(person.organisation_id)
    return hub is not None and any(
        post.role is Role.LIAISON and post.task_force_id == hub.id for post in person.posts
    )


def is_hub(directory: Directory, person: PersonInfo) -> bool:
    """综合专班联络员、负责人 (rule B10)."""
    return is_hub_liaison(directory, person) or person.holds(Role.HUB_HEAD)


def parties(directory: Directory, person: PersonInfo, item: Item) -> frozenset[Party]:
    """In which capacities a person stands to an item; none for who may not see it (rule B8)."""
    if not sees(directory, person, item):
        return frozenset()
    person = directory.in_house(person, item.organisation_id)
    found: set[Party] = set()
    if person.organisation_id == item.organisation_id:
        if is_hub_liaison(directory, person):
            found.add(Party.HUB)
        if person.holds(Role.HUB_HEAD):
            found |= {Party.HUB, Party.HUB_HEAD, Party.SUPERVISOR}
    unassigned = item.supervisor_id is None and person.organisation_id == item.organisation_id
    if item.supervisor_id == person.id or (unassigned and person.holds(Role.SUPERVISOR)):
        found.add(Party.SUPERVISOR)  # before 交办 it is the state that forbids, not the post (rule B10)
    if raiser_id(item) == person.id:
        found.add(Party.RAISER)
    if item.person_id == person.id or (
        item.unit_id is not None and speaks_for(directory, person, item.unit_id)
    ):
        found.add(Party.RESPONSIBLE)
    if any(
        number == person.id or speaks_for(directory, person, unit_id) for unit_id, number in item.assisting
    ):
        found.add(Party.ASSISTING)
    return frozenset(found)


def speaks_for(directory: Directory, person: PersonInfo, unit_id: int) -> bool:
    """联络员 or 带班领导 of a unit, or who stands in for it (rule E8)."""
    if unit_id not in directory.units:
        return False
    return any(person in directory.for_unit(unit_id, role) for role in (Role.LIAISON, Role.LEADER))


def liaisons(directory: Directory, item: Item) -> tuple[PersonInfo, ...]:
    """联络员 of the 责任单位; none that may not see a restricted item."""
    return _of_unit(directory, item, Role.LIAISON)


def leaders(directory: Directory, item: Item) -> tuple[PersonInfo, ...]:
    """带班领导 of the 责任单位; none that may not see a restricted item."""
    return _of_unit(directory, item, Role.LEADER)


def _of_unit(directory: Directory, item: Item, role: Role) -> tuple[PersonInfo, ...]:
    if item.unit_id is None or item.unit_id not in directory.units:
        return ()
    return allowed_only(directory, item, directory.for_unit(item.unit_id, role))


def person(directory: Directory, person_id: int | None) -> PersonInfo | None:
    return directory.people.get(person_id) if person_id is not None else None


def raiser_id(item: Item) -> int | None:
    """Id of who raised the item, or of who stands in their place since a handover (rule B7)."""
    return item.heir_id if item.heir_id is not None else item.raised_by_id


def raiser(directory: Directory, item: Item) -> PersonInfo | None:
    """Who is told and asked as the one who raised it."""
    return person(directory, raiser_id(item))


def touching(session: Session, person_id: int) -> list[Item]:
    """Items with which a person has to do and that are open or may come back, oldest first (rules B7, F1)."""
    rows = session.execute(
        select(Item).where(or_(is_open(), Item.state == ItemState.CLOSED.value)).order_by(Item.id)
    ).scalars()
    return [
        item
        for item in rows
        if person_id in (item.person_id, item.supervisor_id, raiser_id(item))
        or person_id in item.visible_to
        or any(number == person_id for _, number in item.assisting)
    ]


def responsible(directory: Directory, item: Item) -> PersonInfo | None:
    """责任人, or the unit's 联络员 when that person has left."""
    return person(directory, item.person_id) or next(iter(liaisons(directory, item)), None)


def submitter(directory: Directory, item: Item, author_id: int) -> PersonInfo | None:
    """Who is told what became of a submission: its author, or 责任人 when the author has handed the duty over (B7)."""
    author = person(directory, author_id)
    speaks = author is not None and item.unit_id is not None and speaks_for(directory, author, item.unit_id)
    if author is not None and (speaks or author.id == item.person_id):
        return author
    return responsible(directory, item) or author


def hub_heads(directory: Directory, item: Item) -> tuple[PersonInfo, ...]:
    return directory.holders(Role.HUB_HEAD, organisation_id=item.organisation_id)


def screeners(directory: Directory, item: Item) -> tuple[PersonInfo, ...]:
    """Who decides on a new item: 联络员 of 综合专班; for a restricted one only its 负责人 (rule B8)."""
    if item.restricted:
        return hub_heads(directory, item)
    found = directory.ledger_admins(item.organisation_id)
    hub = directory.hub(item.organisation_id)
    if not found and hub is not None:
        found = directory.at_task_force(hub.id, Role.LIAISON)
    return found or hub_heads(directory, item)


def reviewers(directory: Directory, item: Item, *, author_ids: Collection[int]) -> tuple[PersonInfo, ...]:
    """督办专员, or 综合专班负责人 when that is nobody or the author (rule F8)."""
    supervisor = person(directory, item.supervisor_id)
    if supervisor is not None and supervisor.id not in author_ids:
        return (directory.in_house(supervisor, item.organisation_id),)
    return tuple(head for head in hub_heads(directory, item) if head.id not in author_ids)


def supervisors(directory: Directory, organisation_id: int) -> tuple[PersonInfo, ...]:
    """督办专员 of an organisation, or 综合专班负责人 where it has none (rule F8)."""
    return directory.holders(Role.SUPERVISOR, organisation_id=organisation_id) or directory.holders(
        Role.HUB_HEAD, organisation_id=organisation_id
    )


def conflicted(directory: Directory, author_ids: Collection[int], now: datetime) -> frozenset[int]:
    """Ids of those who may not review what these people submitted: they, and who acts for them now (rule F8)."""
    delegates = {one.id for author_id in author_ids for one in directory.delegates_of(author_id, now)}
    return frozenset({*author_ids, *delegates})


def closing_reviewers(
    directory: Directory, item: Item, author_ids: Collection[int], now: datetime
) -> tuple[PersonInfo, ...]:
    """Who rules on a 办结: 督办专员; 综合专班负责人 too where nobody is left who may (rule F8).

    Nobody is left, too, while the 督办专员 is stood in for by who submitted it.
    """
    barred = conflicted(directory, author_ids, now)
    found = reviewers(directory, item, author_ids=barred)
    if any(one.id in barred for who in found for one in directory.delegates_of(who.id, now)):
        heads = tuple(head for head in hub_heads(directory, item) if head.id not in barred)
        found = tuple(dict.fromkeys((*found, *heads)))
    return found


def post_holders(directory: Directory, item: Item, role: Role) -> tuple[PersonInfo, ...]:
    """Holders of a leader's post; where some hold it for the 专班 that handles the item, those."""
    holders = directory.holders(role, organisation_id=item.organisation_id)
    project = directory.projects.get(item.project_id) if item.project_id is not None else None
    force_id = item.task_force_id or (project.task_force_id if project else None)
    own = tuple(
        one
        for one in holders
        if any(post.role is role and post.task_force_id == force_id for post in one.posts)
    )
    return own if force_id is not None and own else holders


def undecided(session: Session, item: Item) -> bool:
    """Put to a level above 综合专班 where nobody has given a 批示 since (rules G1, G4)."""
    return session.execute(select(Item.id).where(Item.id == item.id, *_UNDECIDED)).first() is not None


def tasks_of(session: Session, item_id: int) -> list[Item]:
    """What a 批示 on the item gave to units (rule G4)."""
    return list(session.execute(select(Item).where(Item.parent_id == item_id).order_by(Item.id)).scalars())


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


def restricted_circle(directory: Directory, author: PersonInfo) -> tuple[int, ...]:
    """Ids of the people who may see a restricted item (rule B8); the audit role sees it beside them."""
    leaders = {
        leader.id
        for unit_id in (author.unit_id, *(post.unit_id for post in author.posts if post.unit_id is not None))
        for leader in directory.for_unit(unit_id, Role.LEADER)
    }
    heads = (head.id for head in directory.holders(Role.HUB_HEAD, organisation_id=author.organisation_id))
    return tuple(sorted({author.id, *leaders, *heads}))


# --- sight (rules B3, B5, B8)


def scope(directory: Directory, item: Item) -> ItemScope:
    units = [number for number in (item.unit_id, *(unit_id for unit_id, _ in item.assisting)) if number]
    known = [directory.units[number] for number in units if number in directory.units]
    return ItemScope(
        organisation_id=item.organisation_id,
        unit_ids=frozenset(units),
        region_ids=frozenset(
            unit.region_id for unit in known if unit.kind == "region" and unit.region_id is not None
        ),
        assisting_ids=frozenset(person_id for _, person_id in item.assisting),
        task_force_id=item.task_force_id,
        raised_by_id=raiser_id(item),
        responsible_person_id=item.person_id,
        supervisor_id=item.supervisor_id,
        restricted=item.restricted,
        visible_to=frozenset(item.visible_to),
    )


def sees(directory: Directory, person: PersonInfo, item: Item) -> bool:
    """Whether the person may see the item in private, by their own posts."""
    there = directory.in_house(person, item.organisation_id)
    return may_see_item(scopes.asker(directory, there), scope(directory, item), _project(directory, item))


def sees_in_group(directory: Directory, person: PersonInfo, group: GroupInfo, item: Item) -> bool:
    asker: Asker = scopes.asker(directory, directory.in_house(person, item.organisation_id))
    return item_in_group(
        asker, scopes.group_scope(directory, group), scope(directory, item), _project(directory, item)
    )


def _project(directory: Directory, item: Item) -> ProjectScope | None:
    project = directory.projects.get(item.project_id) if item.project_id is not None else None
    return scopes.project_scope(directory, project) if project else None


def allowed_only(directory: Directory, item: Item, people: Iterable[PersonInfo]) -> tuple[PersonInfo, ...]:
    """Those who may be told of the item: for a restricted one only those who may see it."""
    if not item.restricted:
        return tuple(people)
    return tuple(one for one in people if sees(directory, one, item))


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


def feedbacks(session: Session, item_id: int) -> list[ItemFeedback]:
    return list(
        session.execute(
            select(ItemFeedback).where(ItemFeedback.item_id == item_id).order_by(ItemFeedback.id)
        ).scalars()
    )


def feedback_by_id(session: Session, feedback_id: int) -> ItemFeedback | None:
    return session.get(ItemFeedback, feedback_id)


def feedbacks_under_review(session: Session, organisation_id: int) -> list[tuple[ItemFeedback, Item]]:
    """Every submitted feedback of an organisation that waits for a ruling, with its item, oldest first."""
    rows = session.execute(
        select(ItemFeedback, Item)
        .join(Item, Item.id == ItemFeedback.item_id)
        .where(Item.organisation_id == organisation_id, ItemFeedback.state == FeedbackState.SUBMITTED.value)
        .order_by(ItemFeedback.id)
    )
    return [(feedback, item) for feedback, item in rows]


def instructions(session: Session, item_id: int) -> list[Instruction]:
    """批示 on the item, oldest first (rule G4)."""
    rows = session.execute(
        select(Instruction)
        .where(Instruction.subject_kind.in_(("item", "item_unit")), Instruction.subject_id == item_id)
        .order_by(Instruction.id)
    )
    return list(rows.scalars())


def feedback_under_review(session: Session, item_id: int) -> ItemFeedback | None:
    """The submitted feedback that nobody has ruled on yet."""
    return session.execute(
        select(ItemFeedback)
        .where(ItemFeedback.item_id == item_id, ItemFeedback.state == FeedbackState.SUBMITTED.value)
        .order_by(ItemFeedback.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def next_rung(session: Session, item: Item, what: str) -> Timer | None:
    """The timer of the ladder's next rung behind a running due date of the item."""
    return session.execute(
        select(Timer)
        .join(Ladder, Ladder.id == Timer.subject_id)
        .where(
            Timer.subject_kind == "ladder",
            Timer.state == "waiting",
            Ladder.subject_kind == "item",
            Ladder.subject_id == item.id,
            Ladder.what == what,
        )
        .order_by(Timer.due_at, Timer.id)
        .limit(1)
    ).scalar_one_or_none()


def rungs_taken(session: Session, ladder_id: int) -> frozenset[str]:
    """Names of the rungs of a ladder that have fired."""
    return frozenset(session.execute(select(Rung.name).where(Rung.ladder_id == ladder_id)).scalars())


def handling_workdays(directory: Directory, item: Item, until: datetime) -> int | None:
    """办理时长: workdays from 签收 to the submission that passed, or until now (F14); None before 签收."""
    if item.received_at is None:
        return None
    end = item.submitted_at or item.closed_at or until
    return directory.calendar.workdays_between(local_date(item.received_at), local_date(end))


def closing_authors(session: Session, item_id: int) -> frozenset[int]:
    """Ids of who submitted the 办结 last, and for whom: neither may review it (rule F8)."""
    row = session.execute(
        select(AuditRow.by_id, AuditRow.for_id)
        .where(AuditRow.record_kind == "item", AuditRow.record_id == item_id, AuditRow.field == "closing")
        .order_by(AuditRow.seq.desc())
        .limit(1)
    ).one_or_none()
    return frozenset(one for one in row if one is not None) if row else frozenset()


def overdue_carried(session: Session, item_id: int) -> tuple[int, int]:
    """逾期 (how often, how many workdays) from before the last reopening that no feedback shows (rule F14)."""
    noted = _last_noted(session, item_id, "overdue_carried")
    times, _, workdays = (noted.new or "").partition("/") if noted is not None else ("0", "", "0")
    return int(times), int(workdays)


def effect(session: Session, item: Item) -> str | None:
    """What who raised it said of the effect since 销号: 有效, 反弹, or None (rule F12)."""
    noted = _last_noted(session, item.id, "effect")
    return noted.new if noted is not None and item.closed_at and noted.at >= item.closed_at else None


def noted(session: Session, item_id: int, field: str) -> AuditRow | None:
    """The last row of the item's history about something that has no column."""
    return _last_noted(session, item_id, field)


def level_before(session: Session, item: Item) -> int:
    """The level from which the item came to its own; one below where its history does not say."""
    row = _last_noted(session, item.id, "level")
    old = row.old if row is not None else None
    return int(old) if old is not None and old.isdigit() else item.level - 1


def _last_noted(session: Session, item_id: int, field: str) -> AuditRow | None:
    return session.execute(
        select(AuditRow)
        .where(AuditRow.record_kind == "item", AuditRow.record_id == item_id, AuditRow.field == field)
        .order_by(AuditRow.seq.desc())
        .limit(1)
    ).scalar_one_or_none()


def last_act_of(session: Session, person_id: int, *, since: datetime) -> tuple[Item, datetime] | None:
    """The item on which a person acted last since then in a way that files may belong to, and when."""
    row = session.execute(
        select(AuditRow)
        .where(
            AuditRow.record_kind == "item",
            AuditRow.by_id == person_id,
            AuditRow.at >= since,
            or_(
                AuditRow.field.in_(("closing", "feedback", "title", "assist")),
                and_(AuditRow.field == "state", AuditRow.old == ItemState.CLOSED.value),
            ),
        )
        .order_by(AuditRow.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if row is None:
        return None
    item = session.get(Item, row.record_id)
    return (item, row.at) if item is not None else None


def effect_asked_of(session: Session, person_id: int, timer_kind: str) -> list[Item]:
    """Closed items whose effect the person was asked for and has not told, oldest first (rule F12)."""
    asked = exists().where(
        Timer.subject_kind == "item",
        Timer.subject_id == Item.id,
        Timer.kind == timer_kind,
        Timer.state == "fired",
        Timer.due_at > Item.closed_at,
    )
    rows = session.execute(
        select(Item)
        .where(
            func.coalesce(Item.heir_id, Item.raised_by_id) == person_id,
            Item.state == ItemState.CLOSED.value,
            asked,
        )
        .order_by(Item.id)
    )
    return [item for item in rows.scalars() if effect(session, item) is None]


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
