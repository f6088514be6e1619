"""Corrections: lower figures that the ledger administrator decides on (rule C6)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables.projects import Correction


def by_id(session: Session, correction_id: int) -> Correction | None:
    return session.get(Correction, correction_id)


def waiting(session: Session) -> list[Correction]:
    """Those that nobody has decided on, oldest first."""
    return list(
        session.execute(
            select(Correction).where(Correction.state == "waiting").order_by(Correction.id)
        ).scalars()
    )
