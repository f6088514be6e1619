"""Corrections: lower figures that the ledger administrator decides on (rule C6)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables.projects import Correction


def by_id(session: Session, correction_id: int) -> Correction | None:
    return session.get(Correction, correction_id)


def waiting_of(session: Session, author_id: int, *, project_id: int | None = None) -> list[Correction]:
    """What this person asked for and nobody has decided on, oldest first; with a project, what is about it."""
    return [
        one for one in waiting(session) if one.author_id == author_id and project_id in (None, one.project_id)
    ]


def waiting(session: Session) -> list[Correction]:
    """Those that nobody has decided on, oldest first."""
    return list(
        session.execute(
            select(Correction).where(Correction.state == "waiting").order_by(Correction.id)
        ).scalars()
    )
