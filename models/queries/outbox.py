"""Notices as they were written: what their buttons do, and which of them a chat has seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables.outbox import OutboxNotice
from models.types import OutboxState, Recipient


def actions_of(session: Session, notice_id: int) -> list[dict[str, Any]]:
    """The buttons of a notice as stored, each with its verb and args; none for an unknown one."""
    actions = session.execute(
        select(OutboxNotice.actions).where(OutboxNotice.id == notice_id)
    ).scalar_one_or_none()
    return list(actions or ())


def shown_to(
    session: Session, recipient: Recipient, *, since: datetime, limit: int
) -> list[list[dict[str, Any]]]:
    """Buttons of the newest notices that went to a recipient, newest first."""
    rows = session.execute(
        select(OutboxNotice.actions)
        .where(
            OutboxNotice.recipient_kind == recipient.kind.value,
            OutboxNotice.recipient_id == recipient.id,
            OutboxNotice.state.in_((OutboxState.SENT.value, OutboxState.SENDING.value)),
            OutboxNotice.created_at > since,
        )
        .order_by(OutboxNotice.id.desc())
        .limit(limit)
    ).scalars()
    return [list(actions or ()) for actions in rows]
