"""Who stands how to a problem item, and who may see it (rules B3, B5, B8, B10, F8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from models.queries import scopes
from models.queries.directory import Directory, GroupInfo, PersonInfo
from models.rules.items import Party
from models.rules.scope import Asker, ItemScope, ProjectScope, item_in_group, may_see_item
from models.tables.items import Item
from models.types import Role


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
