"""People as they are looked up: by name, by unit, in the address book; and attempts of unbound accounts."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.notices.people import (
    AddressBook,
    Contact,
    PeopleFound,
    PersonLine,
    TaskForceContacts,
    UnboundLine,
    UnitContacts,
    UnitContactsCard,
)
from models.queries import gaps
from models.queries.directory import Directory, PersonInfo, TaskForceInfo, UnitInfo
from models.rules import calendar
from models.tables.people import Account, BindingAttempt
from models.types import Role

UNBOUND_MESSAGE = "unbound_message"
WRONG_CODE = "wrong_code"

_SEES_EVERY_PHONE = (
    Role.HUB_HEAD,
    Role.LEDGER_ADMIN,
    Role.SUPERVISOR,
    Role.CITY_LEADER,
    Role.DEPUTY_MAYOR,
    Role.EXECUTIVE_DEPUTY_MAYOR,
    Role.OFFICE_HEAD,
    Role.ADMINISTRATOR,
)
FUNDS = "财政金融"


def find(directory: Directory, text: str, *, organisation_id: int) -> tuple[PersonInfo, ...]:
    """People of an organisation by name, or by name and unit: 王磊, 王磊(临河区发改局), 临河区发改局王磊."""
    said = _plain(text)
    own = [person for person in directory.people.values() if person.organisation_id == organisation_id]
    with_unit = [person for person in own if said in _forms(directory, person)]
    return tuple(with_unit) or tuple(person for person in own if person.name == said)


def _forms(directory: Directory, person: PersonInfo) -> frozenset[str]:
    unit = _plain(directory.units[person.unit_id].name)
    return frozenset({f"{person.name}({unit})", f"{unit}{person.name}"})


def _plain(text: str) -> str:
    return "".join(text.split()).replace("（", "(").replace("）", ")")


def may_issue_code(directory: Directory, by: PersonInfo, to: PersonInfo) -> bool:
    """系统管理员, 综合专班 联络员 or 负责人, or the 联络员 of the person's own unit or county."""
    if by.organisation_id != to.organisation_id:
        return False
    if by.holds(Role.ADMINISTRATOR, Role.LEDGER_ADMIN, Role.HUB_HEAD) or is_hub_liaison(directory, by):
        return True
    unit = directory.units[to.unit_id]
    return any(
        post.role is Role.LIAISON
        and (post.unit_id == unit.id or (post.region_id is not None and post.region_id == unit.region_id))
        for post in by.posts
    )


def is_hub_liaison(directory: Directory, person: PersonInfo) -> bool:
    hub = directory.hub(person.organisation_id)
    return hub is not None and any(
        post.role is Role.LIAISON and post.task_force_id == hub.id for post in person.posts
    )


# --- the address book


def may_see_task_force(directory: Directory, asker: PersonInfo, task_force: TaskForceInfo) -> bool:
    """A bank sees only 财政金融专班 (S71)."""
    return not is_bank(directory, asker) or FUNDS in task_force.name


def may_see_person(directory: Directory, asker: PersonInfo, person: PersonInfo) -> bool:
    """A bank sees its own people and those of 财政金融专班; others everybody of their organisation."""
    if asker.organisation_id != person.organisation_id:
        return False
    return (
        not is_bank(directory, asker)
        or person.unit_id == asker.unit_id
        or any(FUNDS in tf.name for tf in _task_forces_of(directory, person))
    )


def may_see_unit(directory: Directory, asker: PersonInfo, unit: UnitInfo) -> bool:
    if asker.organisation_id != unit.organisation_id:
        return False
    return (
        not is_bank(directory, asker)
        or unit.id == asker.unit_id
        or any(FUNDS in tf.name for tf in directory.task_forces_of_unit.get(unit.id, ()))
    )


def may_see_phone(directory: Directory, asker: PersonInfo, person: PersonInfo) -> bool:
    """综合专班, 市领导 and the administrator see all numbers, others those of their own unit, county or 专班.

    A bank sees those of its own people only, and nobody but 综合专班 and leaders those of 市领导.
    """
    if asker.id == person.id or asker.holds(*_SEES_EVERY_PHONE) or is_hub_liaison(directory, asker):
        return True
    if person.holds(Role.CITY_LEADER):
        return False
    if asker.unit_id == person.unit_id:
        return True
    if is_bank(directory, asker):
        return False
    regions = {post.region_id for post in asker.posts if post.region_id is not None}
    if regions & {post.region_id for post in person.posts}:
        return True
    shared = {tf.id for tf in _task_forces_of(directory, asker)} & {
        tf.id for tf in _task_forces_of(directory, person)
    }
    return bool(shared)


def is_bank(directory: Directory, person: PersonInfo) -> bool:
    return directory.units[person.unit_id].is_bank


def _task_forces_of(directory: Directory, person: PersonInfo) -> tuple[TaskForceInfo, ...]:
    """Of the person's unit and posts; 综合专班 only for those with a post in it."""
    of_unit = (tf for tf in directory.task_forces_of_unit.get(person.unit_id, ()) if not tf.is_hub)
    of_posts = (
        directory.task_forces[post.task_force_id] for post in person.posts if post.task_force_id is not None
    )
    return tuple(dict.fromkeys((*of_unit, *of_posts)))


def address_book(directory: Directory, asker: PersonInfo) -> AddressBook:
    """The task forces that the asker can look up."""
    return AddressBook(
        tuple(
            (tf.name, "、".join(directory.units[number].name for number in tf.lead_ids))
            for tf in directory.task_forces.values()
            if tf.organisation_id == asker.organisation_id and may_see_task_force(directory, asker, tf)
        )
    )


def task_force_contacts(
    directory: Directory, asker: PersonInfo, task_force: TaskForceInfo, *, phones: bool
) -> TaskForceContacts:
    """Who leads and who is liaison in each unit. phones: False in a group."""
    posts = tuple(
        _contact(directory, asker, person, post.role, phones=phones)
        for person in directory.people.values()
        for post in person.posts
        if post.task_force_id == task_force.id
    )
    return TaskForceContacts(
        name=task_force.name,
        posts=posts,
        lead=tuple(
            unit_contacts(directory, asker, directory.units[number], phones=phones)
            for number in task_force.lead_ids
        ),
        members=tuple(
            unit_contacts(directory, asker, directory.units[number], phones=phones)
            for number in task_force.unit_ids
            if number not in task_force.lead_ids
        ),
    )


def unit_contacts(directory: Directory, asker: PersonInfo, unit: UnitInfo, *, phones: bool) -> UnitContacts:
    contacts: list[Contact] = []
    for role in gaps.NEEDED:
        people = gaps.holders(directory, unit, role)
        contacts.extend(_contact(directory, asker, person, role, phones=phones) for person in people)
        if not people:
            contacts.append(Contact(role.value, "", ""))
    return UnitContacts(unit.name, tuple(contacts))


def unit_card(directory: Directory, asker: PersonInfo, unit: UnitInfo, *, phones: bool) -> UnitContactsCard:
    return UnitContactsCard(
        unit_contacts(directory, asker, unit, phones=phones),
        tuple(
            tf.name
            for tf in directory.task_forces_of_unit.get(unit.id, ())
            if may_see_task_force(directory, asker, tf)
        ),
    )


def people_found(
    directory: Directory, asker: PersonInfo, people: tuple[PersonInfo, ...], *, phones: bool
) -> PeopleFound:
    return PeopleFound(
        tuple(
            PersonLine(
                name=person.label,
                unit=directory.units[person.unit_id].name,
                roles=tuple(dict.fromkeys(_role_words(directory, person))),
                phone=_phone(directory, asker, person, phones=phones),
            )
            for person in people
        )
    )


def _role_words(directory: Directory, person: PersonInfo) -> list[str]:
    words = []
    for post in person.posts:
        body = ""
        if post.task_force_id is not None:
            body = directory.task_forces[post.task_force_id].name
        elif post.region_id is not None:
            body = directory.regions[post.region_id].name
        words.append(post.role.value if post.role.value.startswith(body) else f"{body}{post.role.value}")
    return words


def _contact(
    directory: Directory, asker: PersonInfo, person: PersonInfo, role: Role, *, phones: bool
) -> Contact:
    return Contact(role.value, person.label, _phone(directory, asker, person, phones=phones))


def _phone(directory: Directory, asker: PersonInfo, person: PersonInfo, *, phones: bool) -> str:
    return (person.phone or "") if phones and may_see_phone(directory, asker, person) else ""


# --- unbound accounts (rule B2)


def unbound_attempts(session: Session, *, first: date, last: date, at_least: int) -> tuple[UnboundLine, ...]:
    """Accounts with so many messages on one local day, from the first to the last day, both included."""
    rows = session.execute(
        select(Account.platform, Account.account, BindingAttempt.at)
        .join(Account, Account.id == BindingAttempt.account_id)
        .where(
            BindingAttempt.kind == UNBOUND_MESSAGE,
            BindingAttempt.at >= calendar.at(first, "00:00"),
            BindingAttempt.at < calendar.at(last + timedelta(days=1), "00:00"),
        )
    )
    counts = Counter((calendar.local_date(at), platform, account) for platform, account, at in rows)
    return tuple(
        UnboundLine(platform, account, day, count)
        for (day, platform, account), count in sorted(counts.items())
        if count >= at_least
    )
