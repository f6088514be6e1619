"""What a draft card needs of a project's ledger row, held for the batch (and across batches while nothing changed)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.db import LEDGER_TABLES
from models.queries import lights
from models.rules.light_policy import LightPolicy
from models.rules.lights import Evaluation, ProjectFacts, evaluate
from models.tables.lights import LightAdjustment, LightState
from models.tables.projects import Project, ProjectPlan
from models.types import Light

HELD: Final = "project figures held for this batch"


@dataclass(frozen=True, slots=True)
class Figures:
    """A project's figures as recorded now. Amounts in 分. plan_fen: of the figure year, None without one."""

    id: int
    code: str
    name: str
    ytd_fen: int
    ytd_as_of: date | None
    prior_years_fen: int | None
    basis: str | None
    total_fen: int | None
    version: int
    plan_fen: int | None
    facts: ProjectFacts
    shown: Light
    adjusted: Light | None

    def evaluate(
        self,
        today: date,
        policy: LightPolicy,
        *,
        ytd_fen: int | None = None,
        started_on: date | None = None,
        finished_on: date | None = None,
        reported_today: bool = False,
    ) -> tuple[Light, Evaluation]:
        """The light people would see, and what the rules say, with other figures or dates (rule C1)."""
        facts = self.facts
        if ytd_fen is not None:
            facts = replace(facts, year_to_date=ytd_fen)
        if started_on is not None:
            facts = replace(facts, started_on=started_on)
        if finished_on is not None:
            facts = replace(facts, finished_on=finished_on)
        if reported_today:
            facts = replace(facts, last_report_on=today)
        evaluation = evaluate(facts, today, policy)
        return self.adjusted or evaluation.light, evaluation


def of(session: Session, project_id: int) -> Figures:
    """The figures of one project; from what the batch holds, if nothing has changed them."""
    held: dict[int, Figures] | None = session.info.get(HELD)
    touched: set[str] = getattr(session, "touched", set())
    if held is None or touched & LEDGER_TABLES:
        return read(session, (project_id,))[project_id]
    if project_id not in held:
        held.update(read(session, (project_id,)))
    return held[project_id]


def read(session: Session, project_ids: Collection[int]) -> dict[int, Figures]:
    """The figures of several projects as the session sees them."""
    projects = session.execute(select(Project).where(Project.id.in_(project_ids))).scalars().all()
    facts = lights.facts_for(session, projects)
    plans = {
        plan.project_id: plan.plan_fen
        for plan in session.execute(
            select(ProjectPlan.project_id, ProjectPlan.plan_fen)
            .join(Project, Project.id == ProjectPlan.project_id)
            .where(
                ProjectPlan.project_id.in_(project_ids),
                ProjectPlan.kind == "investment",
                ProjectPlan.year == Project.figure_year,
                ProjectPlan.plan_fen > 0,
            )
        )
    }
    shown = {
        row.project_id: Light(row.shown)
        for row in session.execute(
            select(LightState.project_id, LightState.shown).where(LightState.project_id.in_(project_ids))
        )
    }
    adjusted = {
        row.project_id: Light(row.light)
        for row in session.execute(
            select(LightAdjustment.project_id, LightAdjustment.light)
            .where(LightAdjustment.project_id.in_(project_ids), LightAdjustment.ended_at.is_(None))
            .order_by(LightAdjustment.id)
        )
    }
    return {
        project.id: Figures(
            project.id, project.code, project.name, project.ytd_fen, project.ytd_as_of, project.prior_years_fen,
            project.basis, project.total_fen, project.version, plans.get(project.id), facts[project.id],
            shown.get(project.id, Light.GREEN), adjusted.get(project.id),
        )
        for project in projects
    }  # fmt: skip
