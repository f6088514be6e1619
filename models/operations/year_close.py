"""The turn of the year: figures are closed and start again at 0 (rule D6)."""

from __future__ import annotations

from sqlalchemy import exists, select

from models.notices.lights import PlansMissing
from models.operations.desk import Desk
from models.tables.lights import LightState
from models.tables.projects import Project, ProjectPlan, YearClose
from models.types import Subject


def close_year(desk: Desk) -> dict[str, int]:
    """Close every project whose figures are of an earlier year. Doing it again changes nothing.

    The year-to-date figure is added to 截至上年底累计 where that is recorded; the closed year keeps its own.
    The lights follow at 07:00. Projects without a plan for the new year are listed for 综合专班.
    """
    year = desk.today.year
    rows = desk.session.execute(
        select(Project).where(Project.figure_year < year).order_by(Project.code)
    ).scalars().all()  # fmt: skip
    for project in rows:
        _close(desk, project, year)
    if rows:
        _list_missing_plans(desk, year)
    return {"closed": len(rows)}


def _close(desk: Desk, project: Project, year: int) -> None:
    old = project.figure_year
    closed = desk.session.get(YearClose, (project.id, old))
    if closed is None:
        desk.session.add(
            YearClose(project_id=project.id, year=old, ytd_fen=project.ytd_fen, as_of=project.ytd_as_of)
        )
    prior = project.prior_years_fen
    total = None if prior is None else prior + project.ytd_fen
    desk.record(
        Subject("project", project.id),
        {
            "figure_year": (old, year),
            "ytd_fen": (project.ytd_fen, 0),
            "ytd_as_of": (project.ytd_as_of, None),
            "prior_years_fen": (prior, total),
        },
        reason=f"{old} 年结转",
    )
    project.prior_years_fen = total
    project.figure_year, project.ytd_fen, project.ytd_as_of = year, 0, None
    project.period_fen, project.period_name, project.period_as_of = None, None, None
    project.version += 1
    state = desk.session.get(LightState, project.id)
    if state is not None:
        state.next_change_on = desk.today
    desk.session.flush()


def _list_missing_plans(desk: Desk, year: int) -> None:
    missing = desk.session.execute(
        select(Project.organisation_id, Project.code, Project.name)
        .where(
            ~exists().where(
                ProjectPlan.project_id == Project.id,
                ProjectPlan.year == year,
                ProjectPlan.kind == "investment",
                ProjectPlan.plan_fen > 0,
            )
        )
        .order_by(Project.code)
    ).all()
    for organisation_id in dict.fromkeys(row.organisation_id for row in missing):
        names = tuple(f"{row.code} {row.name}" for row in missing if row.organisation_id == organisation_id)
        desk.notify(
            PlansMissing(year=year, projects=names),
            to=desk.directory.ledger_admins(organisation_id), key=f"plans missing:{organisation_id}:{year}",
            reason="新年度缺计划",
        )  # fmt: skip
