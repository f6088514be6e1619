"""What a draft card needs of a project's ledger row, held for the batch (and across batches while nothing changed)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from models.db import LEDGER_TABLES
from models.queries import lights
from models.rules.light_policy import LightPolicy
from models.rules.lights import Evaluation, ProjectFacts, YearPlan, evaluate
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
    stage: str

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
        otherwise: dict[str, Any] = {
            "year_to_date": ytd_fen,
            "started_on": started_on,
            "finished_on": finished_on,
            "last_report_on": today if reported_today else None,
        }
        # In one copy: every report asks this.
        facts = replace(self.facts, **{name: value for name, value in otherwise.items() if value is not None})
        evaluation = evaluate(facts, today, policy)
        return self.adjusted or evaluation.light, evaluation


def of(session: Session, project_id: int) -> Figures:
    """The figures of one project; from what the batch holds, if nothing has changed them."""
    held: dict[int, Figures] | None = session.info.get(HELD)
    session.flush()  # a change that only an object knows of is told by `touched` once it is written
    touched: set[str] = getattr(session, "touched", set())
    if held is None or touched & LEDGER_TABLES:
        return read(session, (project_id,))[project_id]
    if project_id not in held:
        held.update(read(session, (project_id,)))
    return held[project_id]


_PLAN: Final = aliased(ProjectPlan)
_PAYMENT: Final = aliased(ProjectPlan)
# One statement, built once: a confirmation reads its project several times after the ledger has moved.
_ROWS: Final = (
    select(
        Project.id, Project.code, Project.name, Project.ytd_fen, Project.ytd_as_of, Project.prior_years_fen,
        Project.basis, Project.total_fen, Project.version, Project.figure_year, Project.stage, Project.paid_fen,
        Project.planned_start, Project.planned_finish, Project.started_on, Project.finished_on,
        Project.last_report_on, Project.created_at, _PLAN.plan_fen.label("plan_fen"), _PLAN.curve.label("curve"),
        _PAYMENT.plan_fen.label("payment_fen"), _PAYMENT.curve.label("payment_curve"),
        LightState.shown, LightAdjustment.light.label("adjusted"),
    )
    .outerjoin(
        _PLAN,
        and_(_PLAN.project_id == Project.id, _PLAN.year == Project.figure_year, _PLAN.kind == "investment"),
    )
    .outerjoin(
        _PAYMENT,
        and_(_PAYMENT.project_id == Project.id, _PAYMENT.year == Project.figure_year, _PAYMENT.kind == "payment"),
    )
    .outerjoin(LightState, LightState.project_id == Project.id)
    .outerjoin(
        LightAdjustment,
        and_(LightAdjustment.project_id == Project.id, LightAdjustment.ended_at.is_(None)),
    )
    .where(Project.id.in_(bindparam("ids", expanding=True)))
    .order_by(LightAdjustment.id)  # the last adjustment counts
)  # fmt: skip


def read(session: Session, project_ids: Collection[int]) -> dict[int, Figures]:
    """The figures of several projects as the session sees them."""
    return {
        row.id: Figures(
            row.id, row.code, row.name, row.ytd_fen, row.ytd_as_of, row.prior_years_fen, row.basis, row.total_fen,
            row.version, row.plan_fen if row.plan_fen and row.plan_fen > 0 else None,
            lights.facts_from(
                plan=_year_plan(row.figure_year, row.plan_fen, row.curve),
                payment=_year_plan(row.figure_year, row.payment_fen, row.payment_curve),
                ytd_fen=row.ytd_fen, paid_fen=row.paid_fen, stage=row.stage,
                planned=(row.planned_start, row.planned_finish), happened=(row.started_on, row.finished_on),
                reported_on=row.last_report_on, created_at=row.created_at,
            ),
            Light(row.shown) if row.shown else Light.GREEN,
            Light(row.adjusted) if row.adjusted else None,
            row.stage,
        )
        for row in session.execute(_ROWS, {"ids": sorted(project_ids)})
    }  # fmt: skip


def _year_plan(year: int, plan_fen: int | None, curve: Sequence[int] | None) -> YearPlan | None:
    return None if plan_fen is None else YearPlan(year, plan_fen, tuple(curve or ()))
