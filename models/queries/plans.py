"""Annual plans of projects."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables.projects import ProjectPlan, YearClose


def closed_years(session: Session, project_id: int, *, most: int) -> list[YearClose]:
    """The years that are over, the newest first (rule D6)."""
    found = select(YearClose).where(YearClose.project_id == project_id).order_by(YearClose.year.desc())
    return list(session.execute(found.limit(most)).scalars())


def investment(session: Session, project_id: int, year: int) -> ProjectPlan | None:
    """The investment plan of a year; None without one or with a plan of 0 (rule E1)."""
    plan = session.get(ProjectPlan, (project_id, year, "investment"))
    return plan if plan is not None and plan.plan_fen > 0 else None
