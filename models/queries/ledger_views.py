"""Figures of projects as the views of the ledger add them up (rules D1, D5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models.tables.projects import Project, ProjectPlan


@dataclass(frozen=True, slots=True)
class Figures:
    """In 分: annual plan of the year (0 without one) and year to date."""

    plan_fen: int
    ytd_fen: int


def figures(session: Session, project_ids: Collection[int], *, year: int) -> dict[int, Figures]:
    """Of these projects, by id."""
    rows = session.execute(
        select(Project.id, Project.ytd_fen, ProjectPlan.plan_fen).outerjoin(
            ProjectPlan,
            and_(
                ProjectPlan.project_id == Project.id,
                ProjectPlan.year == year,
                ProjectPlan.kind == "investment",
            ),
        )
    )
    wanted = frozenset(project_ids)
    return {row.id: Figures(row.plan_fen or 0, row.ytd_fen) for row in rows if row.id in wanted}
