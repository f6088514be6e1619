"""Notices waiting to be said, the messages that carried them, and the state of each channel (rules P1–P5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigId

_UNENDED: Final = "state IN ('waiting', 'sending')"
UNENDED: Final = text(f"outbox.{_UNENDED}")
"""Waits or is on its way. Written out: for values that come as parameters no database takes the partial index, and a
look at what waits would read all that was ever sent."""

_STUCK: Final = "state IN ('dead', 'undelivered')"
STUCK: Final = text(f"outbox.{_STUCK}")
"""Reached nobody; written out for the same reason."""


class OutboxNotice(Base):
    """One notice for one recipient.

    key: 16 bytes, unique; writing the same key again does nothing. due_at: not before (push window, digest).
    reason: the named reason for sending, or at the end for not sending. subject: what it is about; notices about one
    subject keep their order in a channel. lease_until: a process that claimed it and died gives it back after that.
    turn: of the message that it answers, where an answer has to name it (table turns).
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "due_at",
            "id",
            sqlite_where=text(_UNENDED),
            postgresql_where=text(_UNENDED),
        ),
        Index("ix_outbox_stuck", "id", sqlite_where=text(_STUCK), postgresql_where=text(_STUCK)),
        Index("ix_outbox_subject", "subject_kind", "subject_id"),
        Index("ix_outbox_recipient", "recipient_kind", "recipient_id", "id"),
        Index(
            "ix_outbox_turn",
            "turn",
            sqlite_where=text("turn IS NOT NULL"),
            postgresql_where=text("turn IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    recipient_kind: Mapped[str]
    recipient_id: Mapped[int]
    platform: Mapped[str | None]  # replies go back to the platform they came from
    notice: Mapped[str]
    payload: Mapped[dict[str, Any]]
    reason: Mapped[str]
    urgency: Mapped[str]
    subject_kind: Mapped[str | None]
    subject_id: Mapped[int | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    turn: Mapped[str | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("sent_messages.id"))
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]  # why it was withdrawn or is dead; 回退到… for a fallback
    actions: Mapped[list[Any] | None]  # buttons as shown: [{id, label, verb, args, prompt}]


class SentMessage(Base):
    """One message that a platform accepted; several notices share one when they were merged."""

    __tablename__ = "sent_messages"
    __table_args__ = (Index("ix_sent_messages_channel_at", "platform", "address", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    platform: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]
    platform_id: Mapped[str | None]
    parts: Mapped[int] = mapped_column(default=1)
    notices: Mapped[int] = mapped_column(default=1)
    # Neither urgent nor a reply: these keep a pace, see models.rules.pacing.
    paced: Mapped[bool] = mapped_column(default=False, server_default=false())
    doubt: Mapped[str | None]  # e.g. the reply was lost and the platform has no idempotency key


class Turn(Base):
    """A message on a platform that takes its answer only as that message's answer, and only once.

    address: the chat. reply_url: where the platform takes it, valid for a while. used_by: the key of the message that
    was sent there, noted before it was sent: whatever comes of that, the way is not used for anything else.
    """

    __tablename__ = "turns"
    __table_args__ = (Index("ix_turns_opened_at", "opened_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    address: Mapped[str]
    message_id: Mapped[str]
    reply_url: Mapped[str | None]
    opened_at: Mapped[datetime]
    used_by: Mapped[str | None]
    used_at: Mapped[datetime | None]


class Channel(Base):
    """Durable state of a channel: a wait that the platform asked for or that failures imposed (rules P1, P2).

    The send limit itself is counted from sent_messages, so it needs no state of its own.
    """

    __tablename__ = "channels"

    platform: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    blocked_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)


class WebchatMessage(Base):
    """What the local platform has shown: its own store, as a vendor's server would have one."""

    __tablename__ = "webchat_messages"
    __table_args__ = (UniqueConstraint("key"),)

    seq: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str]
    to_kind: Mapped[str]
    to_name: Mapped[str]
    text: Mapped[str]
    actions: Mapped[list[Any]]
    files: Mapped[list[Any]]
    at: Mapped[datetime]
    reason: Mapped[str]
