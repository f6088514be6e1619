"""The directory: organisations, people, task forces, groups and the names of projects, held in memory.

One immutable snapshot per version; a commit that changes any of it raises the version (models.operations.versions), and
the next batch reads a new snapshot. Figures, drafts and lights are not in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.calendar import Calendar
from models.tables.clockwork import Meta
from models.tables.people import Account, CalendarDay, Delegation, Organisation, Person, Post, Region, Unit
from models.tables.projects import Project, ProjectCategory
from models.tables.taskforces import Category, ChatGroup, GroupAccount, TaskForce, TaskForceUnit
from models.types import Role

VERSION_NAME = "directory_version"
_META = Meta.__table__.c
_VERSION = select(_META.value).where(_META.name == VERSION_NAME)


@dataclass(frozen=True, slots=True)
class OrganisationInfo:
    id: int
    name: str
    level: str
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class RegionInfo:
    id: int
    organisation_id: int
    name: str


@dataclass(frozen=True, slots=True)
class UnitInfo:
    id: int
    organisation_id: int
    name: str
    kind: str
    region_id: int | None
    aliases: tuple[str, ...]
    placeholder: bool
    member: bool

    @property
    def is_bank(self) -> bool:
        return self.kind == "bank"


@dataclass(frozen=True, slots=True)
class PostInfo:
    role: Role
    unit_id: int | None
    region_id: int | None
    task_force_id: int | None


@dataclass(frozen=True, slots=True)
class PersonInfo:
    """label: the name, with the unit where another person has the same name (rule B1).

    heir_id: who took over when the last post was handed over (rule B7).
    """

    id: int
    organisation_id: int
    name: str
    label: str
    unit_id: int
    title: str | None
    phone: str | None
    posts: tuple[PostInfo, ...]
    heir_id: int | None = None

    def holds(self, *roles: Role) -> bool:
        return any(post.role in roles for post in self.posts)


@dataclass(frozen=True, slots=True)
class TaskForceInfo:
    id: int
    organisation_id: int
    seq: int
    name: str
    is_hub: bool
    unit_ids: tuple[int, ...]
    lead_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CategoryInfo:
    id: int
    organisation_id: int
    name: str
    task_force_id: int | None
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupInfo:
    id: int
    organisation_id: int
    name: str
    body_kind: str
    task_force_id: int | None
    region_id: int | None
    unit_id: int | None
    accounts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ProjectInfo:
    """What matching, scope and audiences need of a project; figures are read from its row."""

    id: int
    organisation_id: int
    code: str
    name: str
    aliases: tuple[str, ...]
    task_force_id: int | None
    region_id: int | None
    unit_id: int
    category_ids: tuple[int, ...]
    responsible_person_id: int | None


@dataclass(frozen=True, slots=True)
class AccountInfo:
    id: int
    platform: str
    account: str
    person_id: int | None
    last_seen_at: datetime | None
    unreachable_since: datetime | None


@dataclass(frozen=True, slots=True)
class DelegationInfo:
    id: int
    principal_id: int
    delegate_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, eq=False)
class Directory:
    """Look-ups by id are dictionaries; everything else is derived once per snapshot.

    derived: what other queries computed from this snapshot, e.g. which projects a person sees.
    """

    version: str
    organisations: dict[int, OrganisationInfo]
    regions: dict[int, RegionInfo]
    units: dict[int, UnitInfo]
    people: dict[int, PersonInfo]
    task_forces: dict[int, TaskForceInfo]
    categories: dict[int, CategoryInfo]
    groups: dict[int, GroupInfo]
    projects: dict[int, ProjectInfo]
    accounts: dict[int, AccountInfo]
    delegations: tuple[DelegationInfo, ...]
    calendar: Calendar
    seconded: dict[tuple[int, int], PersonInfo] = field(default_factory=dict)
    """(person, organisation) → the person as they are there: posts in an organisation beside their own (rule Q3)."""
    derived: dict[tuple[str, int], Any] = field(default_factory=dict, repr=False)

    @cached_property
    def account_by_address(self) -> dict[tuple[str, str], AccountInfo]:
        return {(account.platform, account.account): account for account in self.accounts.values()}

    @cached_property
    def accounts_of(self) -> dict[int, tuple[AccountInfo, ...]]:
        """Bound accounts of each person, the one used last first."""
        found: dict[int, list[AccountInfo]] = defaultdict(list)
        for account in self.accounts.values():
            if account.person_id is not None:
                found[account.person_id].append(account)
        return {
            person: tuple(sorted(some, key=lambda a: (a.last_seen_at is None, -_stamp(a.last_seen_at), a.id)))
            for person, some in found.items()
        }

    @cached_property
    def group_by_address(self) -> dict[tuple[str, str], GroupInfo]:
        return {address: group for group in self.groups.values() for address in group.accounts}

    @cached_property
    def people_by_name(self) -> dict[str, tuple[PersonInfo, ...]]:
        found: dict[str, list[PersonInfo]] = defaultdict(list)
        for person in self.people.values():
            found[person.name].append(person)
        return {name: tuple(some) for name, some in found.items()}

    @cached_property
    def project_by_code(self) -> dict[str, ProjectInfo]:
        return {project.code.upper(): project for project in self.projects.values()}

    def unit_named(self, organisation_id: int, name: str) -> UnitInfo | None:
        """The unit of an organisation with that name or alias: a city and its county both have a 市财政局 (rule Q3)."""
        return self._unit_by_name.get((organisation_id, name))

    @cached_property
    def _unit_by_name(self) -> dict[tuple[int, str], UnitInfo]:
        """A name wins over an alias."""
        found: dict[tuple[int, str], UnitInfo] = {}
        for unit in self.units.values():
            for alias in unit.aliases:
                found.setdefault((unit.organisation_id, alias), unit)
        found.update({(unit.organisation_id, unit.name): unit for unit in self.units.values()})
        return found

    @cached_property
    def keeping_ledgers(self) -> frozenset[int]:
        """Organisations with projects of their own: a weekly and monthly routine has something to be about."""
        return frozenset(project.organisation_id for project in self.projects.values())

    @cached_property
    def task_forces_of_unit(self) -> dict[int, tuple[TaskForceInfo, ...]]:
        found: dict[int, list[TaskForceInfo]] = defaultdict(list)
        for task_force in self.task_forces.values():
            for unit_id in task_force.unit_ids:
                found[unit_id].append(task_force)
        return {unit: tuple(some) for unit, some in found.items()}

    def lineage(self, organisation_id: int) -> tuple[OrganisationInfo, ...]:
        """The organisation, then the one above it, up to the city."""
        found: list[OrganisationInfo] = []
        here = self.organisations.get(organisation_id)
        while here is not None and here not in found:
            found.append(here)
            here = self.organisations.get(here.parent_id) if here.parent_id is not None else None
        return tuple(found)

    def hub(self, organisation_id: int) -> TaskForceInfo | None:
        """综合专班 of an organisation."""
        return next(
            (tf for tf in self.task_forces.values() if tf.is_hub and tf.organisation_id == organisation_id),
            None,
        )

    def in_house(self, person: PersonInfo, organisation_id: int) -> PersonInfo:
        """The person as they are in an organisation; as they are at home where they hold no post there (Q3)."""
        if person.organisation_id == organisation_id:
            return person
        return self.seconded.get((person.id, organisation_id), self.people.get(person.id, person))

    def houses(self, person: PersonInfo) -> tuple[PersonInfo, ...]:
        """The person as they are in each organisation in which they hold posts, at home first (rule Q3)."""
        return (person, *(one for (number, _), one in self.seconded.items() if number == person.id))

    @cached_property
    def everybody(self) -> tuple[PersonInfo, ...]:
        """All people, and those of other organisations once more as they are where they hold posts."""
        return (*self.people.values(), *self.seconded.values())

    def holders(self, *roles: Role, organisation_id: int | None = None) -> tuple[PersonInfo, ...]:
        """People who hold any of the roles, in roster order; with an organisation, those who hold it there."""
        if organisation_id is None:
            return tuple(person for person in self.people.values() if person.holds(*roles))
        return tuple(
            person
            for person in self.everybody
            if person.organisation_id == organisation_id and person.holds(*roles)
        )

    def hub_head(self, organisation_id: int) -> PersonInfo | None:
        return next(iter(self.holders(Role.HUB_HEAD, organisation_id=organisation_id)), None)

    def ledger_admins(self, organisation_id: int) -> tuple[PersonInfo, ...]:
        return self.holders(Role.LEDGER_ADMIN, organisation_id=organisation_id)

    def at_unit(self, unit_id: int, role: Role) -> tuple[PersonInfo, ...]:
        """People who hold the role for a unit."""
        return self._posts_by_unit.get((role, unit_id), ())

    def at_region(self, region_id: int, role: Role) -> tuple[PersonInfo, ...]:
        """People who hold the role for a county."""
        return self._posts_by_region.get((role, region_id), ())

    def at_task_force(self, task_force_id: int, role: Role) -> tuple[PersonInfo, ...]:
        """Holders of the role for the task force itself, else those of its lead units."""
        own = self._posts_by_task_force.get((role, task_force_id), ())
        if own:
            return own
        task_force = self.task_forces[task_force_id]
        return _once(person for unit_id in task_force.lead_ids for person in self.at_unit(unit_id, role))

    def for_unit(self, unit_id: int, role: Role) -> tuple[PersonInfo, ...]:
        """Holders for a unit; a county's people stand in for its units that have none of their own (rule E8)."""
        own = self.at_unit(unit_id, role)
        if own:
            return own
        region_id = self.units[unit_id].region_id
        return self.at_region(region_id, role) if region_id is not None else ()

    def responsible_person(self, project: ProjectInfo) -> PersonInfo | None:
        """责任人 of a project: named, else the 联络员 of its 责任单位 or who stands in."""
        if project.responsible_person_id in self.people:
            return self.people[project.responsible_person_id]
        return next(iter(self.for_unit(project.unit_id, Role.LIAISON)), None)

    def group_of_task_force(self, task_force_id: int) -> GroupInfo | None:
        return next((group for group in self.groups.values() if group.task_force_id == task_force_id), None)

    def group_of_region(self, region_id: int) -> GroupInfo | None:
        return next(
            (
                group
                for group in self.groups.values()
                if group.region_id == region_id and group.unit_id is None
            ),
            None,
        )

    def standing_in_for(self, person_id: int, now: datetime) -> tuple[PersonInfo, ...]:
        """Principals whose delegate this person is now (rule B6)."""
        return tuple(
            self.people[row.principal_id]
            for row in self.delegations
            if row.delegate_id == person_id
            and row.starts_at <= now < row.ends_at
            and row.principal_id in self.people
        )

    def delegates_of(self, person_id: int, now: datetime) -> tuple[PersonInfo, ...]:
        return tuple(
            self.people[row.delegate_id]
            for row in self.delegations
            if row.principal_id == person_id
            and row.starts_at <= now < row.ends_at
            and row.delegate_id in self.people
        )

    @cached_property
    def _posts_by_unit(self) -> dict[tuple[Role, int], tuple[PersonInfo, ...]]:
        return _index(
            ((post.role, post.unit_id), person)
            for person in self.everybody
            for post in person.posts
            if post.unit_id is not None
        )

    @cached_property
    def _posts_by_region(self) -> dict[tuple[Role, int], tuple[PersonInfo, ...]]:
        return _index(
            ((post.role, post.region_id), person)
            for person in self.everybody
            for post in person.posts
            if post.region_id is not None
        )

    @cached_property
    def _posts_by_task_force(self) -> dict[tuple[Role, int], tuple[PersonInfo, ...]]:
        return _index(
            ((post.role, post.task_force_id), person)
            for person in self.everybody
            for post in person.posts
            if post.task_force_id is not None
        )


def version(session: Session) -> str:
    """The stored directory version, a token that is never used twice; one primary-key read.

    Past the session, because every transaction asks: nothing that waits in it is in this table.
    """
    return session.connection().execute(_VERSION).scalar_one_or_none() or ""


def load(session: Session) -> Directory:
    """Read a whole snapshot. Retired units and people are left out."""
    posts: dict[int, list[PostInfo]] = defaultdict(list)
    for post in session.execute(select(Post).order_by(Post.id)).scalars():
        posts[post.person_id].append(
            PostInfo(Role(post.role), post.unit_id, post.region_id, post.task_force_id)
        )
    units = {
        row.id: UnitInfo(
            row.id, row.organisation_id, row.name, row.kind, row.region_id, tuple(row.aliases), row.placeholder,
            row.member,
        )
        for row in session.execute(select(Unit).where(Unit.retired_at.is_(None)).order_by(Unit.id)).scalars()
    }  # fmt: skip
    person_rows = (
        session.execute(select(Person).where(Person.retired_at.is_(None)).order_by(Person.id)).scalars().all()
    )
    namesakes: dict[tuple[int, str], int] = defaultdict(int)
    for row in person_rows:
        namesakes[row.organisation_id, row.name] += 1
    task_force_homes: dict[int, int] = {
        row.id: row.organisation_id
        for row in session.execute(select(TaskForce.id, TaskForce.organisation_id))
    }
    region_homes: dict[int, int] = {
        row.id: row.organisation_id for row in session.execute(select(Region.id, Region.organisation_id))
    }

    def home_of(post: PostInfo, home: int) -> int:
        if post.unit_id in units:
            return units[post.unit_id].organisation_id
        if post.region_id is not None:
            return region_homes.get(post.region_id, home)
        return task_force_homes.get(post.task_force_id, home) if post.task_force_id is not None else home

    people: dict[int, PersonInfo] = {}
    seconded: dict[tuple[int, int], PersonInfo] = {}
    for row in person_rows:
        unique = namesakes[row.organisation_id, row.name] == 1
        held: dict[int, list[PostInfo]] = defaultdict(list)
        for one in posts[row.id]:
            held[home_of(one, row.organisation_id)].append(one)
        known = people[row.id] = PersonInfo(
            row.id, row.organisation_id, row.name,
            row.name if unique else f"{row.name}({units[row.unit_id].name})",
            row.unit_id, row.title, row.phone, tuple(held.pop(row.organisation_id, ())),
            row.heir_id,
        )  # fmt: skip
        for organisation_id, there in held.items():
            unit_id = next((post.unit_id for post in there if post.unit_id is not None), known.unit_id)
            seconded[row.id, organisation_id] = replace(
                known, organisation_id=organisation_id, unit_id=unit_id, posts=tuple(there)
            )
    members: dict[int, list[TaskForceUnit]] = defaultdict(list)
    for membership in session.execute(select(TaskForceUnit).order_by(TaskForceUnit.seq)).scalars():
        members[membership.task_force_id].append(membership)
    addresses: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for address in session.execute(select(GroupAccount).order_by(GroupAccount.id)).scalars():
        addresses[address.group_id].append((address.platform, address.account))
    categories_of: dict[int, list[int]] = defaultdict(list)
    for project_id, category_id in session.execute(
        select(ProjectCategory.project_id, ProjectCategory.category_id).order_by(ProjectCategory.category_id)
    ):
        categories_of[project_id].append(category_id)
    return Directory(
        version=version(session),
        organisations={
            row.id: OrganisationInfo(row.id, row.name, row.level, row.parent_id)
            for row in session.execute(select(Organisation).order_by(Organisation.id)).scalars()
        },
        regions={
            row.id: RegionInfo(row.id, row.organisation_id, row.name)
            for row in session.execute(select(Region).order_by(Region.id)).scalars()
        },
        units=units,
        people=people,
        task_forces={
            row.id: TaskForceInfo(
                row.id, row.organisation_id, row.seq, row.name, row.is_hub,
                tuple(m.unit_id for m in members[row.id]), tuple(m.unit_id for m in members[row.id] if m.lead),
            )
            for row in session.execute(select(TaskForce).order_by(TaskForce.organisation_id, TaskForce.seq)).scalars()
        },
        categories={
            row.id: CategoryInfo(row.id, row.organisation_id, row.name, row.task_force_id, tuple(row.aliases))
            for row in session.execute(select(Category).order_by(Category.seq)).scalars()
        },
        groups={
            row.id: GroupInfo(
                row.id, row.organisation_id, row.name, row.body_kind, row.task_force_id, row.region_id, row.unit_id,
                tuple(addresses[row.id]),
            )
            for row in session.execute(select(ChatGroup).order_by(ChatGroup.id)).scalars()
        },
        projects={
            row.id: ProjectInfo(
                row.id, row.organisation_id, row.code, row.name, tuple(row.aliases), row.task_force_id, row.region_id,
                row.unit_id, tuple(categories_of[row.id]), row.responsible_person_id,
            )
            for row in session.execute(
                select(
                    Project.id, Project.organisation_id, Project.code, Project.name, Project.aliases,
                    Project.task_force_id, Project.region_id, Project.unit_id, Project.responsible_person_id,
                ).order_by(Project.id)
            )
        },
        accounts={
            row.id: AccountInfo(
                row.id, row.platform, row.account, row.person_id, row.last_seen_at, row.unreachable_since
            )
            for row in session.execute(select(Account).where(Account.person_id.is_not(None))).scalars()
        },
        delegations=tuple(
            DelegationInfo(row.id, row.principal_id, row.delegate_id, row.starts_at, row.ends_at)
            for row in session.execute(select(Delegation).where(Delegation.cancelled_at.is_(None))).scalars()
        ),
        calendar=Calendar.of(
            {row.day: row.workday for row in session.execute(select(CalendarDay)).scalars()}
        ),
        seconded=seconded,
    )  # fmt: skip


def _index(
    pairs: Iterable[tuple[tuple[Role, int], PersonInfo]],
) -> dict[tuple[Role, int], tuple[PersonInfo, ...]]:
    found: dict[tuple[Role, int], list[PersonInfo]] = defaultdict(list)
    for key, person in pairs:
        if person not in found[key]:
            found[key].append(person)
    return {key: tuple(some) for key, some in found.items()}


def _once(people: Iterable[PersonInfo]) -> tuple[PersonInfo, ...]:
    return tuple(dict.fromkeys(people))


def _stamp(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0
