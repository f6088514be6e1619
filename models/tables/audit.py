"""Append-only history: one row per changed field, hash-chained per record (rules D2, Q2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigId


class AuditRow(Base):
    """seq counts the rows of one record from 1; digest covers the row and the digest before it."""

    __tablename__ = "audit"
    __table_args__ = (
        UniqueConstraint("record_kind", "record_id", "seq"),
        Index("ix_audit_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_kind: Mapped[str]
    record_id: Mapped[int]
    seq: Mapped[int]
    at: Mapped[datetime]
    processed_at: Mapped[datetime | None]
    field: Mapped[str]
    old: Mapped[str | None]
    new: Mapped[str | None]
    by_id: Mapped[int | None]
    for_id: Mapped[int | None]
    by_name: Mapped[str]
    message_id: Mapped[str | None]
    reason: Mapped[str | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditHead(Base):
    """The last row of each record's chain: makes appending cheap and a cut-off tail visible."""

    __tablename__ = "audit_heads"

    record_kind: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
