"""What the clock has done: job runs, timers, outages; and the version counters of in-memory snapshots."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigId


class JobRun(Base):
    """One run of one job for one due time; the pair is unique (rule A4)."""

    __tablename__ = "job_runs"
    __table_args__ = (UniqueConstraint("job", "due_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    job: Mapped[str]
    due_at: Mapped[datetime]
    ran_at: Mapped[datetime]
    result: Mapped[dict[str, Any]]


class Timer(Base):
    """A deadline that does something when it comes: a row, not a scheduler job.

    key is unique, so setting the same timer twice changes nothing. state: waiting, fired, cancelled, parked.
    """

    __tablename__ = "timers"
    __table_args__ = (
        Index(
            "ix_timers_waiting",
            "due_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_timers_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    body: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    state: Mapped[str]
    fired_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None]


class Outage(Base):
    """A stretch in which no process ran (rule A4)."""

    __tablename__ = "outages"

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]


class Meta(Base):
    """Counters and marks: roster version, heartbeat, simulated clock, installation time."""

    __tablename__ = "meta"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Policy(Base):
    """A versioned policy row; an open case keeps the version it was opened with."""

    __tablename__ = "policies"
    __table_args__ = (UniqueConstraint("organisation_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None]
    version: Mapped[int]
    at: Mapped[datetime]
    body: Mapped[dict[str, Any]]
