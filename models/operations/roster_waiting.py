"""Loading a roster: what waits for somebody who has left a post goes to who has it now (rules B4, B7, P1, P3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.notices.base import Notice
from models.queries import directory as directories
from models.queries import documents, item_parties, scopes
from models.queries.directory import Directory, PersonInfo
from models.rules.scope import Visibility, may_see_project
from models.tables.documents import Document
from models.tables.items import Item
from models.tables.outbox import OutboxNotice
from models.types import OutboxState, RecipientKind, Role, Subject, Urgency

LEFT: Final = "无法送达：已不在岗"
_SHARED: Final = ("item", "document", "project")
_WAITING: Final = (
    OutboxNotice.recipient_kind == RecipientKind.PERSON.value,
    OutboxNotice.state == OutboxState.WAITING.value,
    OutboxNotice.urgency != Urgency.REPLY.value,
)


def people_before(session: Session) -> Directory | None:
    """Who held what, as long as something waits; None when nothing does, as on most days."""
    found = session.execute(select(OutboxNotice.id).where(*_WAITING).limit(1)).first()
    return directories.load(session) if found is not None else None


def pass_on(session: Session, before: Directory, *, now: datetime) -> None:
    """What waits for people whose posts changed, and is not for them any more, goes to their successors.

    Without a successor who may read it, it is lost to who has moved, and is marked for a person to look at.
    """
    after = directories.load(session)
    rows = session.execute(select(OutboxNotice).where(*_WAITING).order_by(OutboxNotice.id)).scalars().all()
    for row in rows:
        was, here = before.people.get(row.recipient_id), after.people.get(row.recipient_id)
        about = _about(row)
        if was is None or about is None:
            continue
        if here is not None and (here.posts == was.posts and here.unit_id == was.unit_id):
            continue
        if here is not None and _concerns(session, after, here, about, row.due_at):
            continue
        heir = next((one for one in _successors(after, was) if _sees(session, after, one, about)), None)
        if heir is not None and not _has_the_same(rows, row, heir):
            row.recipient_id = heir.id
        elif here is not None or heir is not None:
            row.state, row.outcome, row.ended_at = OutboxState.DEAD.value, LEFT, now
    session.flush()


def _about(row: OutboxNotice) -> Subject | None:
    """The record that others may see as well; None for what is the recipient's alone, such as a draft."""
    notice = Notice.registry.get(row.notice)
    if notice is None or notice.personal or row.subject_id is None or row.subject_kind not in _SHARED:
        return None
    return Subject(row.subject_kind, row.subject_id)


def _concerns(
    session: Session, directory: Directory, person: PersonInfo, about: Subject, at: datetime
) -> bool:
    """Whether the record is still one of the person's, or of those they stand in for then."""
    people = (person, *directory.standing_in_for(person.id, at))
    return any(_sees(session, directory, one, about) for one in people)


def _sees(session: Session, directory: Directory, person: PersonInfo, about: Subject) -> bool:
    if about.kind == "item":
        item = session.get(Item, about.id)
        return item is None or item_parties.sees(directory, person, item)
    if about.kind == "document":
        document = session.get(Document, about.id)
        return document is None or documents.sees(session, directory, person, document)
    project = directory.projects.get(about.id) if about.kind == "project" else None
    if project is None:
        return True
    scope = scopes.project_scope(directory, project)
    return may_see_project(scopes.asker(directory, person), scope) is not Visibility.NONE


def _successors(directory: Directory, was: PersonInfo) -> Iterator[PersonInfo]:
    """Who holds now what the person held, then the 联络员 of the unit; only who can be reached."""
    found: list[PersonInfo] = []
    for post in was.posts:
        if post.unit_id is not None and post.unit_id in directory.units:
            found.extend(directory.for_unit(post.unit_id, post.role))
        elif post.region_id is not None:
            found.extend(directory.at_region(post.region_id, post.role))
        elif post.task_force_id is not None:
            found.extend(directory.at_task_force(post.task_force_id, post.role))
        elif post.unit_id is None:
            found.extend(directory.holders(post.role, organisation_id=was.organisation_id))
    if was.unit_id in directory.units:
        found.extend(directory.for_unit(was.unit_id, Role.LIAISON))
    return (one for one in found if one.id != was.id and directory.accounts_of.get(one.id))


def _has_the_same(rows: Sequence[OutboxNotice], row: OutboxNotice, heir: PersonInfo) -> bool:
    """Whether the same waits for them of their own."""
    return any(
        (one.recipient_id, one.notice, one.subject_kind, one.subject_id, one.created_at)
        == (heir.id, row.notice, row.subject_kind, row.subject_id, row.created_at)
        for one in rows
    )
