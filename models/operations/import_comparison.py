"""A project sheet beside the ledger: what it says otherwise (rules D3, E1, Q1).

Figures that people reported are never overwritten by a sheet; they are listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.operations.import_preview import WORDS, Accepted, Change, Preview
from models.queries.directory import Directory
from models.rules.money import wan
from models.rules.project_rows import Rejection, linear_curve
from models.rules.sheet_columns import Sheet
from models.tables.projects import Project, ProjectPlan

INVESTMENT: Final = "investment"
_FREE: Final = (
    "name", "industry", "nature", "tier", "owner", "content", "sponsor", "total_fen", "planned_start",
    "planned_finish",
)  # fmt: skip
"""Columns that a sheet may change as they are."""
_REPORTED: Final = ("prior_years_fen", "stage", "started_on", "finished_on")
"""Columns that a sheet may fill but not change."""
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """A project of the ledger and what hangs on it."""

    project: Any
    category_ids: tuple[int, ...]
    plans: Mapping[int, tuple[int, Sequence[int]]]


_COLUMNS: Final = (
    Project.id, Project.organisation_id, Project.code, Project.aliases, Project.region_id, Project.unit_id,
    Project.task_force_id, Project.responsible_person_id, Project.prior_years_fen, Project.stage,
    Project.started_on, Project.finished_on, Project.ytd_fen, Project.ytd_as_of, Project.facts,
    *(getattr(Project, name) for name in _FREE),
)  # fmt: skip


def compare(session: Session, directory: Directory, sheet: Sheet, found: Preview, today: date) -> None:
    """Find the known projects among the accepted rows, and what the sheet says otherwise."""
    ids = {(one.organisation_id, one.code.upper()): one.id for one in directory.projects.values()}
    title_of = {(one.organisation_id, one.name): one for one in directory.projects.values()}
    known = [
        number
        for one in found.accepted
        if (number := ids.get((one.organisation_id, one.row.code.upper()))) is not None
    ]
    stored = stored_projects(session, directory, known)
    accepted: list[Accepted] = []
    for one in found.accepted:
        namesake = title_of.get((one.organisation_id, one.row.name))
        if namesake is not None and namesake.code.upper() != one.row.code.upper():
            found.rejections.append(
                Rejection(sheet.cell(one.row.row, "name"), f"「{one.row.name}」与台账 {namesake.code} 同名")
            )
            continue
        one.project_id = ids.get((one.organisation_id, one.row.code.upper()))
        if one.project_id is not None:
            was = stored[one.project_id]
            problem = _curve_problem(sheet, one, was, today)
            if problem is not None:
                found.rejections.append(problem)
                continue
            one.changes = tuple(changes_of(one, was, today))
            found.kept += _kept(one, was)
        accepted.append(one)
    found.accepted = accepted
    found.rejections.sort(key=lambda rejection: rejection.cell.row)


def stored_projects(session: Session, directory: Directory, ids: Sequence[int]) -> dict[int, Stored]:
    """Projects by id, as they are now."""
    found: dict[int, Stored] = {}
    for at in range(0, len(ids), _CHUNK):
        some = ids[at : at + _CHUNK]
        plans: dict[int, dict[int, tuple[int, Sequence[int]]]] = defaultdict(dict)
        for plan in session.execute(
            select(ProjectPlan.project_id, ProjectPlan.year, ProjectPlan.plan_fen, ProjectPlan.curve).where(
                ProjectPlan.project_id.in_(some), ProjectPlan.kind == INVESTMENT
            )
        ):
            plans[plan.project_id][plan.year] = (plan.plan_fen, plan.curve)
        for row in session.execute(select(*_COLUMNS).where(Project.id.in_(some))):
            info = directory.projects.get(row.id)
            found[row.id] = Stored(row, info.category_ids if info else (), plans[row.id])
    return found


def _curve_problem(sheet: Sheet, one: Accepted, was: Stored, today: date) -> Rejection | None:
    """A new annual plan cannot keep an uneven monthly plan that was made for another total."""
    plan = was.plans.get(one.plan_year(today))
    if one.row.plan_fen is None or one.row.curve is not None or plan is None or plan[0] == one.row.plan_fen:
        return None
    if list(plan[1]) in ([], linear_curve(plan[0])):
        return None
    return Rejection(
        sheet.cell(one.row.row, "plan_fen"),
        f" {wan(plan[0])} → {wan(one.row.plan_fen)}：台账中已有分月计划，请同时给出12个月的月度计划",
    )


def changes_of(one: Accepted, was: Stored, today: date) -> Iterable[Change]:
    """Empty cells say nothing. Reported columns are filled when they are empty, never changed."""
    row, project = one.row, was.project
    for name in _FREE:
        value = getattr(row, name)
        if value is not None and value != getattr(project, name):
            yield Change(name, getattr(project, name), value)
    if row.aliases is not None and list(row.aliases) != list(project.aliases):
        yield Change("aliases", list(project.aliases), list(row.aliases))
    if row.region is not None and one.region_id != project.region_id:
        yield Change("region_id", project.region_id, one.region_id)
    if one.unit_id is None or one.unit_id != project.unit_id:
        yield Change("unit_id", project.unit_id, one.unit_id)
    for name, value in (("task_force_id", one.task_force_id), ("responsible_person_id", one.person_id)):
        if value is not None and value != getattr(project, name):
            yield Change(name, getattr(project, name), value)
    for name in _REPORTED:
        value = getattr(row, name)
        if value is not None and getattr(project, name) is None:
            yield Change(name, None, value)
    if row.ytd_fen is not None and project.ytd_as_of is None and row.ytd_fen != project.ytd_fen:
        yield Change("ytd_fen", project.ytd_fen, row.ytd_fen)
    facts = {**project.facts, **row.facts}
    if facts != project.facts:
        yield Change("facts", project.facts, facts)
    if one.category_ids is not None and set(one.category_ids) != set(was.category_ids):
        yield Change("categories", sorted(was.category_ids), sorted(one.category_ids))
    if row.plan_fen is not None:
        plan_fen, curve = was.plans.get(one.plan_year(today), (None, ()))
        wanted = list(row.curve) if row.curve is not None else linear_curve(row.plan_fen)
        if plan_fen != row.plan_fen:
            yield Change("plan_fen", plan_fen, row.plan_fen)
        if (row.curve is not None or plan_fen != row.plan_fen) and list(curve) != wanted:
            yield Change("curve", list(curve), wanted)


def _kept(one: Accepted, was: Stored) -> Iterable[str]:
    """Reported figures that the sheet says otherwise."""
    row, project = one.row, was.project
    where = f"第{row.row}行 {project.code}"
    if row.ytd_fen is not None and project.ytd_as_of is not None and row.ytd_fen != project.ytd_fen:
        yield f"{where} 今年累计：表中 {wan(row.ytd_fen)}，台账 {wan(project.ytd_fen)}，请上报或 /更正"
    for name in _REPORTED:
        new, old = getattr(row, name), getattr(project, name)
        if new is not None and old is not None and new != old:
            shown = (wan(new), wan(old)) if name.endswith("_fen") else (new, old)
            yield f"{where} {WORDS[name]}：表中 {shown[0]}，台账 {shown[1]}"
