"""Drafts as they are looked up: by button or question, by author, by message (rules C2, C9, C17)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables.drafts import Draft
from models.types import DraftKind, DraftState


def by_id(session: Session, draft_id: int | None) -> Draft | None:
    """The draft in whatever state it is."""
    return session.get(Draft, draft_id) if draft_id is not None else None


def still_open(session: Session, draft_id: int | None) -> Draft | None:
    """The draft a question or a button is about while it can still be changed; None for one that is over."""
    draft = by_id(session, draft_id)
    return draft if draft is not None and draft.state == DraftState.OPEN.value else None


def open_of(session: Session, author_id: int, *, kind: DraftKind | None = None) -> list[Draft]:
    """The author's open drafts by number; with kind, those of it."""
    wanted = select(Draft).where(Draft.author_id == author_id, Draft.state == DraftState.OPEN.value)
    if kind is not None:
        wanted = wanted.where(Draft.kind == kind.value)
    return list(session.execute(wanted.order_by(Draft.number)).scalars())


def only_open(session: Session, author_id: int, kind: DraftKind) -> Draft | None:
    """The author's one open draft of a kind; None where there is none, or more than one to choose from."""
    found = open_of(session, author_id, kind=kind)
    return found[0] if len(found) == 1 else None


def closings_of(session: Session, item_id: int) -> list[Draft]:
    """Open drafts of a 办结 that waits for the tasks of 协办 units (rule F11)."""
    rows = session.execute(
        select(Draft)
        .where(Draft.kind == DraftKind.CLOSING.value, Draft.state == DraftState.OPEN.value)
        .order_by(Draft.id)
    ).scalars()
    return [draft for draft in rows if draft.body["item"] == item_id]


def newest_in_chat(
    session: Session, author_id: int, *, group_id: int | None, since: datetime
) -> Draft | None:
    """The open draft the author made last in this chat, if it is not older than since (rule C9)."""
    return session.execute(
        select(Draft)
        .where(
            Draft.author_id == author_id,
            Draft.group_id.is_(None) if group_id is None else Draft.group_id == group_id,
            Draft.state == DraftState.OPEN.value,
            Draft.created_at >= since,
        )
        .order_by(Draft.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def newest_in_group(session: Session, group_id: int) -> Draft | None:
    """The open draft that was begun last in a group, whoever made it."""
    return session.execute(
        select(Draft)
        .where(Draft.group_id == group_id, Draft.state == DraftState.OPEN.value)
        .order_by(Draft.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def last_changed(session: Session, author_id: int) -> Draft | None:
    """The author's draft that was touched last, open or over."""
    return session.execute(
        select(Draft)
        .where(Draft.author_id == author_id)
        .order_by(Draft.changed_at.desc(), Draft.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def settled(session: Session, author_ids: Collection[int], number: int, *, since: datetime) -> Draft | None:
    """The last draft of these authors that had this number and is over, if it was closed since then (rule C2)."""
    return session.execute(
        select(Draft)
        .where(
            Draft.author_id.in_(author_ids),
            Draft.number == number,
            Draft.state != DraftState.OPEN.value,
            Draft.closed_at >= since,
        )
        .order_by(Draft.closed_at.desc(), Draft.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def of_message(session: Session, author_id: int, message_id: str) -> Draft | None:
    """The first draft that a message of the author led to (rule C17)."""
    return session.execute(
        select(Draft)
        .where(Draft.author_id == author_id, Draft.source == message_id)
        .order_by(Draft.id)
        .limit(1)
    ).scalar_one_or_none()
