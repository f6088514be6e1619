"""Turns and the answers to them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.tables.inbox import InboxMessage
from models.tables.outbox import OutboxNotice, SentMessage, Turn
from models.types import InboxState, OutboxState


def turn(session: Session, number: str) -> Turn | None:
    return session.get(Turn, number)


def answers_to(session: Session, turn: str) -> Sequence[OutboxNotice]:
    """Everything that answers one message in its own chat, in order; written all at once, or not yet."""
    statement = select(OutboxNotice).where(OutboxNotice.turn == turn).order_by(OutboxNotice.id)
    return session.execute(statement).scalars().all()


def in_doubt(session: Session, turn: str) -> Sequence[OutboxNotice]:
    """Answers to a message that were handed over without anybody knowing whether they arrived."""
    statement = (
        select(OutboxNotice)
        .join(SentMessage, SentMessage.id == OutboxNotice.message_id)
        .where(OutboxNotice.turn == turn, SentMessage.doubt.is_not(None))
        .order_by(OutboxNotice.id)
    )
    return session.execute(statement).scalars().all()


def is_first(session: Session, row: OutboxNotice) -> bool:
    """Whether no older answer to the same recipient waits (rule P2)."""
    older = (
        select(func.count())
        .select_from(OutboxNotice)
        .where(
            OutboxNotice.recipient_kind == row.recipient_kind,
            OutboxNotice.recipient_id == row.recipient_id,
            OutboxNotice.id < row.id,
            OutboxNotice.state.in_([OutboxState.WAITING.value, OutboxState.SENDING.value]),
            OutboxNotice.urgency == row.urgency,
        )
    )
    return session.execute(older).scalar_one() == 0


def is_waiting(session: Session, platform: str, message_id: str) -> bool:
    """Whether a message is still to be processed; few ever are at the same time."""
    statement = select(InboxMessage.id).where(
        InboxMessage.state == InboxState.WAITING.value,
        InboxMessage.platform == platform,
        InboxMessage.message_id == message_id,
    )
    return session.execute(statement.limit(1)).first() is not None
