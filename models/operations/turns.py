"""Turns: messages whose answers their platform takes only as those messages' answers, and only once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.inserts import insert_unless_there
from models.tables.outbox import OutboxNotice, SentMessage, Turn
from models.types import OutboxState

KEPT: Final = timedelta(hours=25)
"""No platform takes an answer later than a day after its message."""


FAILED: Final = "failed"


class Use(Enum):
    """What became of an attempt to use a turn."""

    FREE = "free"  # it is the caller's now
    OURS = "ours"  # the same message was sent there before; whether it arrived is not known
    TAKEN = "taken"  # another message was sent there
    UNKNOWN = "unknown"  # or closed


def open_turn(
    session: Session, turn: str, *, channel: str, address: str, message_id: str, reply_url: str | None, now: datetime
) -> None:  # fmt: skip
    """Note a turn; one that is open already stays as it is. Turns that are past any answer are forgotten."""
    session.execute(delete(Turn).where(Turn.opened_at < now - KEPT))
    session.execute(
        insert_unless_there(session, Turn)
        .values(
            id=turn,
            channel=channel,
            address=address,
            message_id=message_id,
            reply_url=reply_url,
            opened_at=now,
        )
        .on_conflict_do_nothing()
    )


def use_turn(session: Session, turn: str, *, key: str, now: datetime) -> Use:
    """Claim the one answer of a turn for the message with this key, before it is sent."""
    row = session.get(Turn, turn)
    if row is None or row.used_by == FAILED:
        return Use.UNKNOWN
    if row.used_by is not None:
        return Use.OURS if row.used_by == key else Use.TAKEN
    row.used_by, row.used_at = key, now
    session.flush()
    return Use.FREE


def give_back(session: Session, turn: str, *, key: str) -> None:
    """The message certainly did not go: the turn is free again."""
    session.execute(
        update(Turn).where(Turn.id == turn, Turn.used_by == key).values(used_by=None, used_at=None)
    )


def close_turn(session: Session, turn: str) -> None:
    """The platform does not take the answer this way any more."""
    session.execute(update(Turn).where(Turn.id == turn).values(used_by=FAILED))


def send_now(session: Session, turn: str, now: datetime) -> None:
    """Answers that nobody will fetch any more are due at once."""
    session.execute(
        update(OutboxNotice)
        .where(OutboxNotice.turn == turn, OutboxNotice.state == OutboxState.WAITING.value)
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )


def note_arrived(session: Session, row_ids: Sequence[int]) -> None:
    """An answer that was noted as handed over has arrived: nothing about it is in doubt any more."""
    session.execute(
        update(SentMessage)
        .where(SentMessage.id.in_(_messages_of(session, row_ids)))
        .values(doubt=None)
        .execution_options(synchronize_session=False)
    )


def take_back(session: Session, row_ids: Sequence[int], now: datetime) -> None:
    """An answer that was noted as handed over certainly was not: it is due at once."""
    messages = _messages_of(session, row_ids)
    session.execute(
        update(OutboxNotice)
        .where(OutboxNotice.id.in_(row_ids))
        .values(state=OutboxState.WAITING.value, message_id=None, ended_at=None, due_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(SentMessage).where(SentMessage.id.in_(messages)).execution_options(synchronize_session=False)
    )


def _messages_of(session: Session, row_ids: Sequence[int]) -> list[int]:
    found = select(OutboxNotice.message_id).where(OutboxNotice.id.in_(row_ids))
    return [number for number in session.execute(found).scalars() if number is not None]
