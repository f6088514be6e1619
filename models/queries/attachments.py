"""Files people sent: those that wait for a text, and those that belong to something (rule C9)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.tables.drafts import Attachment, StoredFile
from models.types import Subject


def of(session: Session, owner: Subject) -> list[Attachment]:
    """What belongs to a draft, entry, item…, in the order it came."""
    return _by_id(session, Attachment.owner_kind == owner.kind, Attachment.owner_id == owner.id)


def waiting(session: Session, sender_id: int, *, now: datetime) -> list[Attachment]:
    """The sender's files of any chat that wait for a text and have not expired."""
    return _by_id(session, *_waiting_of(sender_id), Attachment.expires_at > now)


def waiting_in_chat(
    session: Session, sender_id: int, *, group_id: int | None, since: datetime, now: datetime
) -> list[Attachment]:
    """Of those, the ones sent in this chat and not before since."""
    return _by_id(
        session,
        *_waiting_of(sender_id),
        Attachment.group_id.is_(None) if group_id is None else Attachment.group_id == group_id,
        Attachment.at >= since,
        Attachment.expires_at > now,
    )


def waiting_among(session: Session, sender_id: int, ids: Collection[int]) -> list[Attachment]:
    """Of the files with these ids, those that are the sender's and still belong to nothing."""
    return _by_id(session, *_waiting_of(sender_id), Attachment.id.in_(ids))


def digest_of(session: Session, file: Attachment) -> str:
    """The SHA-256 of a file's content."""
    return session.execute(select(StoredFile.sha256).where(StoredFile.id == file.file_id)).scalar_one()


def _waiting_of(sender_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Attachment.sender_id == sender_id, Attachment.owner_kind.is_(None))


def _by_id(session: Session, *where: ColumnElement[bool]) -> list[Attachment]:
    return list(session.execute(select(Attachment).where(*where).order_by(Attachment.id)).scalars())
