"""Changing known projects to what a sheet says (rules D1–D3, E6)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Final, cast

from sqlalchemy import Table, delete
from sqlalchemy.orm import Session

from models.db import insert_many
from models.operations import lights
from models.operations.desk import Desk
from models.operations.import_comparison import INVESTMENT, changes_of, stored_projects
from models.operations.import_inserts import REASON, entry_changes, figure_day
from models.operations.import_preview import Accepted, Change
from models.rules.project_rows import ProjectRow, linear_curve
from models.tables.projects import Entry, Project, ProjectCategory, ProjectPlan
from models.types import Subject

_CATEGORIES: Final = cast("Table", ProjectCategory.__table__)
_LIGHT_FIELDS: Final = frozenset(
    {"planned_start", "planned_finish", "plan_fen", "curve", "started_on", "finished_on"}
)


def change_projects(desk: Desk, rows: Sequence[tuple[Accepted, int]]) -> int:
    """Change projects, given by id, to what the sheet says; returns how many really changed.

    They are compared again: what was reported since the preview stays.
    """
    stored = stored_projects(desk.session, desk.directory, [project_id for _, project_id in rows])
    count = 0
    for one, project_id in rows:
        changes = tuple(changes_of(one, stored[project_id], desk.today))
        if changes:
            _change(desk, desk.session.get_one(Project, project_id), one, changes)
            count += 1
    return count


def _change(desk: Desk, project: Project, one: Accepted, changes: Sequence[Change]) -> None:
    session, row = desk.session, one.row
    values = {change.field: change.new for change in changes}
    record: dict[str, tuple[object, object]] = {}
    for change in changes:
        record[change.field] = (_audited(change.old), _audited(change.new))
        if change.field not in {"categories", "plan_fen", "curve"}:
            setattr(project, change.field, change.new)
    if "categories" in values:
        session.execute(delete(ProjectCategory).where(ProjectCategory.project_id == project.id))
        if one.category_ids:
            insert_many(
                session, _CATEGORIES,
                [{"project_id": project.id, "category_id": number} for number in one.category_ids],
            )  # fmt: skip
    if row.plan_fen is not None and ("plan_fen" in values or "curve" in values):
        _write_plan(session, project.id, one.plan_year(desk.today), row)
    project.version += 1
    entry_id: int | None = None
    if "ytd_fen" in values:
        day = figure_day(row, desk.today)
        project.ytd_as_of, project.figure_year = day, day.year
        record["ytd_as_of"] = (None, day)
        entry_id = _enter(desk, project, row, day)
    session.flush()
    desk.record(Subject("project", project.id), record, reason=REASON)
    if "ytd_fen" in values or _LIGHT_FIELDS & values.keys():
        lights.reevaluate(desk, project, cause="import", entry_id=entry_id)


def _enter(desk: Desk, project: Project, row: ProjectRow, day: date) -> int:
    """The first figure of a project that had none; returns the id of its entry."""
    assert row.ytd_fen is not None
    entry = Entry(
        project_id=project.id, kind="import", author_id=desk.actor.person_id,
        on_behalf_of_id=desk.actor.for_id, at=desk.now, year=day.year, as_of=day, ytd_fen=row.ytd_fen,
        changes=entry_changes(row.ytd_fen, day), source=desk.actor.source, reason=REASON,
        version_after=project.version,
    )  # fmt: skip
    desk.session.add(entry)
    desk.session.flush()
    return entry.id


def _write_plan(session: Session, project_id: int, year: int, row: ProjectRow) -> None:
    assert row.plan_fen is not None
    curve = list(row.curve) if row.curve is not None else linear_curve(row.plan_fen)
    plan = session.get(ProjectPlan, (project_id, year, INVESTMENT))
    if plan is None:
        session.add(
            ProjectPlan(project_id=project_id, year=year, kind=INVESTMENT, plan_fen=row.plan_fen, curve=curve)
        )
    else:
        plan.plan_fen, plan.curve = row.plan_fen, curve


def _audited(value: object) -> object:
    """Lists and mappings as JSON in a fixed order."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, (dict, list)) else value
