"""The policy in force and the versions that open cases were opened with."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.policy import Policy
from models.tables.clockwork import Policy as PolicyRow


def current(session: Session) -> Policy:
    """The latest version; the defaults of the specification when none was stored."""
    row = session.execute(select(PolicyRow).order_by(PolicyRow.version.desc()).limit(1)).scalar_one_or_none()
    return Policy() if row is None else Policy.from_json(row.body, version=row.version)


def of_version(session: Session, version: int) -> Policy:
    """The policy a case was opened with."""
    row = session.execute(select(PolicyRow).where(PolicyRow.version == version)).scalar_one_or_none()
    return Policy() if row is None else Policy.from_json(row.body, version=row.version)


def every(session: Session) -> list[Policy]:
    """All versions that a case may have been opened with, the defaults of the specification among them."""
    rows = session.execute(select(PolicyRow).order_by(PolicyRow.version)).scalars()
    return [Policy(), *(Policy.from_json(row.body, version=row.version) for row in rows)]
