"""Notices as they were written: what their buttons do."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables.outbox import OutboxNotice


def actions_of(session: Session, notice_id: int) -> list[dict[str, Any]]:
    """The buttons of a notice as stored, each with its verb and args; none for an unknown one."""
    actions = session.execute(
        select(OutboxNotice.actions).where(OutboxNotice.id == notice_id)
    ).scalar_one_or_none()
    return list(actions or ())
