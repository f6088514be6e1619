"""Notices as they were written: what their buttons do, and which of them a chat has seen."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from models.tables.outbox import OutboxNotice, SentMessage
from models.types import Button, OutboxState, Recipient, SentCard, Subject, Urgency


def actions_of(session: Session, notice_id: int) -> list[dict[str, Any]]:
    """The buttons of a notice as stored, each with its verb and args; none for an unknown one."""
    actions = session.execute(
        select(OutboxNotice.actions).where(OutboxNotice.id == notice_id)
    ).scalar_one_or_none()
    return list(actions or ())


def undelivered(session: Session, notice_id: int) -> tuple[Subject | None, bool]:
    """What a notice is about, and whether it still waits to reach the person or to be passed on (rule P3)."""
    row = session.get(OutboxNotice, notice_id)
    if row is None:
        return None, False
    about = Subject(row.subject_kind, row.subject_id) if row.subject_kind and row.subject_id else None
    return about, row.state == OutboxState.UNDELIVERED.value


def shown_to(
    session: Session, recipient: Recipient, *, since: datetime, limit: int, after: int = 0, naming: str = ""
) -> list[list[dict[str, Any]]]:
    """Buttons of the newest notices that went to a recipient, newest first, without the first `after` of them.

    naming: of these only the notices that say this number or code; the database looks, and nothing else is read.
    """
    newest = (
        select(OutboxNotice.id, OutboxNotice.actions, OutboxNotice.payload)
        .where(
            OutboxNotice.recipient_kind == recipient.kind.value,
            OutboxNotice.recipient_id == recipient.id,
            OutboxNotice.state.in_((OutboxState.SENT.value, OutboxState.SENDING.value)),
            OutboxNotice.created_at > since,
        )
        .order_by(OutboxNotice.id.desc())
        .limit(limit)
        .offset(after)
    ).subquery()
    wanted = select(newest.c.actions).order_by(newest.c.id.desc())
    if naming:
        wanted = wanted.where(cast(newest.c.payload, Text).contains(naming, autoescape=True))
    return [list(actions or ()) for actions in session.execute(wanted).scalars()]


def cards_in(
    session: Session, platform: str, address: str, *, limit: int, platform_id: str = ""
) -> list[SentCard]:
    """The newest messages that went to a channel, newest first, with their buttons in the order they were shown.

    platform_id: only the one that the platform knows under this id.
    """
    newest = (
        select(SentMessage)
        .where(SentMessage.platform == platform, SentMessage.address == address)
        .order_by(SentMessage.at.desc(), SentMessage.id.desc())
        .limit(limit)
    )
    if platform_id:
        newest = newest.where(SentMessage.platform_id == platform_id)
    messages = session.execute(newest).scalars().all()
    rows: dict[int, list[OutboxNotice]] = defaultdict(list)
    for row in session.execute(
        select(OutboxNotice)
        .where(OutboxNotice.message_id.in_([message.id for message in messages]))
        .order_by(OutboxNotice.id)
    ).scalars():
        rows[row.message_id or 0].append(row)
    return [
        SentCard(
            id=message.platform_id, at=message.at,
            answer=any(row.urgency == Urgency.REPLY.value for row in rows[message.id]),
            buttons=tuple(
                Button(f"{row.id}.{index}", action["label"], action["prompt"] or "")
                for row in rows[message.id]
                for index, action in enumerate(row.actions or ())
            ),
        )
        for message in messages
    ]  # fmt: skip
