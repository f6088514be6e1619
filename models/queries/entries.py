"""Entries: what people confirmed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.tables.projects import Entry


def by_id(session: Session, entry_id: int) -> Entry | None:
    return session.get(Entry, entry_id)


def latest_of(session: Session, author_id: int, *, since: datetime) -> Entry | None:
    """The author's last entry that still stands and is not older than since, a correction entered directly included."""
    return session.execute(
        select(Entry)
        .where(
            Entry.author_id == author_id,
            Entry.undone_at.is_(None),
            Entry.at >= since,
            or_(
                Entry.kind.in_(("report", "unchanged")),
                and_(Entry.kind == "correction", Entry.line.is_not(None)),
            ),
        )
        .order_by(Entry.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def of_project(session: Session, project_id: int, *, limit: int) -> list[Entry]:
    """The newest entries of a project."""
    return list(
        session.execute(
            select(Entry).where(Entry.project_id == project_id).order_by(Entry.id.desc()).limit(limit)
        ).scalars()
    )


def of_draft(session: Session, draft_id: int) -> list[Entry]:
    return list(session.execute(select(Entry).where(Entry.draft_id == draft_id).order_by(Entry.id)).scalars())
