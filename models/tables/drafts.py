"""Drafts, open questions and files that wait for a text (rules C1–C11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class Draft(Base):
    """What an author has said but not yet confirmed.

    number: shown as 草稿N, unique among the author's open drafts. body: the typed draft of models.drafts as JSON.
    version: raised by every edit; a button carries the version it was shown with. group_id: where it was said.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        Index("ix_drafts_author_state", "author_id", "state"),
        Index(
            "ix_drafts_open",
            "id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    number: Mapped[int]
    kind: Mapped[str]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("chat_groups.id"))
    source: Mapped[str]
    body: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Question(Base):
    """The one open question to a person in a chat; lives 30 minutes (rule C4)."""

    __tablename__ = "questions"
    __table_args__ = (Index("ix_questions_person_chat", "person_id", "group_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("chat_groups.id"))
    kind: Mapped[str]
    body: Mapped[dict[str, Any]]
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class StoredFile(Base):
    """File content, stored once by its SHA-256 under the data folder (rule C9)."""

    __tablename__ = "stored_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]
    media_type: Mapped[str]
    stored_at: Mapped[datetime]


class Attachment(Base):
    """A file somebody sent. owner: draft, entry, item, feedback, adjustment…, or empty while it waits."""

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_sender_at", "sender_id", "at"),
        Index("ix_attachments_owner", "owner_kind", "owner_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    name: Mapped[str]
    sender_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("chat_groups.id"))
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    owner_kind: Mapped[str | None]
    owner_id: Mapped[int | None]
    source: Mapped[str]
