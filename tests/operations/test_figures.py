"""What a card reads of a project in one statement is what its rows say, whatever has just been changed (rule C14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from models.db import WriteSession, sync_engine
from models.queries import figures, lights
from models.queries.figures import Figures
from models.rules.calendar import SHANGHAI
from models.tables.lights import LightAdjustment, LightState
from models.tables.projects import Project, ProjectPlan
from models.types import Light
from tests import prepared

NOW = datetime(2026, 9, 21, 18, tzinfo=SHANGHAI)
YEAR = 2026
LIGHTS = st.sampled_from([one.value for one in Light])
AMOUNTS = st.integers(0, 10**13)
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
COLUMNS = {
    "name": st.text("城东路桥", min_size=1, max_size=6),
    "ytd_fen": AMOUNTS,
    "ytd_as_of": st.none() | DAYS,
    "prior_years_fen": st.none() | AMOUNTS,
    "basis": st.sampled_from([None, "since_start", "year_to_date"]),
    "total_fen": st.none() | AMOUNTS,
    "paid_fen": st.none() | AMOUNTS,
    "version": st.integers(1, 99),
    "figure_year": st.sampled_from([YEAR, YEAR + 1]),
    "stage": st.sampled_from(["前期", "开工", "在建", "竣工", "投产"]),
    "planned_start": st.sampled_from([None, "2026", "2026-03", "2026-03-15"]),
    "planned_finish": st.sampled_from([None, "2026", "2026-11", "2026-12-01"]),
    "started_on": st.sampled_from([None, "2025-05", "2026-09-01"]),
    "finished_on": st.sampled_from([None, "2026-08"]),
    "last_report_on": st.none() | DAYS,
}
ROW = st.sampled_from(sorted(COLUMNS)).flatmap(lambda name: st.tuples(st.just(name), COLUMNS[name]))
PLAN = st.tuples(
    st.sampled_from([YEAR, YEAR + 1]), st.sampled_from(["investment", "payment"]), st.none() | AMOUNTS
)
CHANGES = st.lists(
    st.tuples(st.integers(0, 2), st.tuples(st.just("row"), st.booleans(), ROW))
    | st.tuples(st.integers(0, 2), st.tuples(st.just("plan"), st.booleans(), PLAN))
    | st.tuples(st.integers(0, 2), st.tuples(st.just("shown"), st.booleans(), st.none() | LIGHTS))
    | st.tuples(st.integers(0, 2), st.tuples(st.just("adjusted"), st.booleans(), st.none() | LIGHTS)),
    min_size=1,
    max_size=8,
)


def _from_its_rows(session: Session, project: Project) -> Figures:
    """All of it again, row by row."""
    plan = session.get(ProjectPlan, (project.id, project.figure_year, "investment"))
    adjustment = lights.adjustment(session, project.id)
    return Figures(
        project.id, project.code, project.name, project.ytd_fen, project.ytd_as_of, project.prior_years_fen,
        project.basis, project.total_fen, project.version, plan.plan_fen if plan and plan.plan_fen > 0 else None,
        lights.facts_of(session, project), lights.shown(session, project.id)[0],
        Light(adjustment.light) if adjustment else None, project.stage,
    )  # fmt: skip


def _plan(session: Session, project: Project, year: int, kind: str, fen: int | None) -> None:
    plan = session.get(ProjectPlan, (project.id, year, kind))
    if fen is None:
        if plan is not None:
            session.delete(plan)
    elif plan is None:
        session.add(
            ProjectPlan(project_id=project.id, year=year, kind=kind, plan_fen=fen, curve=[fen // 12] * 12)
        )
    else:
        plan.plan_fen, plan.curve = fen, [fen] * 12


def _shown(session: Session, project: Project, light: str | None) -> None:
    state = session.get(LightState, project.id)
    if light is None:
        if state is not None:
            session.delete(state)
    elif state is not None:
        state.shown = light
    else:
        session.add(
            LightState(project_id=project.id, computed=light, shown=light, reasons=[], since=NOW, announced=light,
                       evaluated_on=NOW.date())
        )  # fmt: skip


def _adjusted(session: Session, project: Project, light: str | None) -> None:
    """Another 调灯, beside the one before, or the end of all."""
    if light is not None:
        session.add(
            LightAdjustment(
                project_id=project.id, light=light, reason="雨季", until=NOW.date(), by_id=1, at=NOW
            )
        )
        return
    for one in session.execute(
        select(LightAdjustment).where(LightAdjustment.project_id == project.id)
    ).scalars():
        one.ended_at = NOW


def _change(session: Session, project: Project, change: tuple[str, bool, object]) -> None:
    """flush: written at once, else only on the object; a row also past the object, as counts are."""
    what, flush, told = change
    match what, told:
        case "row", (str() as column, value):
            if flush:
                session.execute(update(Project).where(Project.id == project.id).values({column: value}))
            else:
                setattr(project, column, value)
        case "plan", (int() as year, str() as kind, int() | None as fen):
            _plan(session, project, year, kind, fen)
        case "shown", str() | None as light:
            _shown(session, project, light)
        case "adjusted", str() | None as light:
            _adjusted(session, project, light)
        case _:
            raise AssertionError(change)
    if flush:
        session.flush()


def _check(tmp_path: Path, make: Callable[[Connection], Session]) -> None:
    engine = sync_engine(prepared.copy(prepared.city(NOW), tmp_path / "figures.db"))

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(CHANGES)
    def check(changes: list[tuple[int, tuple[str, bool, object]]]) -> None:
        with engine.connect() as connection, make(connection) as session:
            projects = session.execute(select(Project).order_by(Project.id).limit(3)).scalars().all()
            session.info[figures.HELD] = held = figures.read(session, [one.id for one in projects])
            for number, change in changes:
                before = dict(held)
                _change(session, projects[number], change)
                for project in projects:
                    now = figures.of(session, project.id)
                    assert now == _from_its_rows(session, project)
                    assert now == before[project.id] or project is projects[number]
                held.update(figures.read(session, [one.id for one in projects]))
            session.rollback()

    check()
    engine.dispose()


def test_figures_are_those_of_the_rows_after_every_change(tmp_path: Path) -> None:
    _check(tmp_path, WriteSession)


def test_several_at_once_are_those_of_each(tmp_path: Path) -> None:
    engine = sync_engine(prepared.copy(prepared.city(NOW), tmp_path / "figures.db"))
    with Session(engine) as session:
        projects = session.execute(select(Project)).scalars().all()
        found = figures.read(session, [one.id for one in projects])
        assert found == {one.id: _from_its_rows(session, one) for one in projects}
        assert figures.read(session, []) == {}
    engine.dispose()
