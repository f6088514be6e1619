"""Messages from platforms: stored before they are acknowledged, processed once (rule C12)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigId


class SeenMessage(Base):
    """16-byte key of (platform, message id); kept for the re-delivery window, then pruned."""

    __tablename__ = "seen_messages"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    at: Mapped[datetime]


class InboxMessage(Base):
    """One message. sender_key orders the messages of one person; payload is the InboundMessage as JSON."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_waiting",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_inbox_parked",
            "id",
            sqlite_where=text("state = 'parked'"),
            postgresql_where=text("state = 'parked'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    platform: Mapped[str]
    message_id: Mapped[str]
    sender_key: Mapped[str]
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    reason: Mapped[str | None]  # error of the last attempt; outcome when done


class MessageEffect(Base):
    """Which draft or entry a platform message led to; used when it is recalled or edited (rule C17)."""

    __tablename__ = "message_effects"

    platform: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
