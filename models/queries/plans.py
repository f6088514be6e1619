"""Annual plans of projects."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.tables.projects import ProjectPlan


def investment(session: Session, project_id: int, year: int) -> ProjectPlan | None:
    """The investment plan of a year; None without one or with a plan of 0 (rule E1)."""
    plan = session.get(ProjectPlan, (project_id, year, "investment"))
    return plan if plan is not None and plan.plan_fen > 0 else None
