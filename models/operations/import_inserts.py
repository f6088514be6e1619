"""New projects of a sheet into the ledger, thousands at a time (rules D1, D2, E6).

Each comes with its plan, its first light, an entry of kind "import" where the sheet gives a figure, and audit rows:
the same rows that a project entered alone would have, written column by column past the unit of work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any, Final, cast

from sqlalchemy import Table

from models.db import insert_columns, next_ids
from models.inserts import json_text, plain_json
from models.operations import audit, lights
from models.operations.desk import Desk
from models.operations.import_comparison import INVESTMENT
from models.operations.import_preview import WORDS, Accepted
from models.queries.lights import FINISHED, STARTED
from models.rules.lights import ProjectFacts, YearPlan, outlook
from models.rules.money import wan
from models.rules.partial_dates import first_day, last_day
from models.rules.project_rows import ProjectRow, linear_curve
from models.tables.lights import LightChange, LightState
from models.tables.projects import Entry, Project, ProjectCategory, ProjectPlan
from models.types import Light

REASON: Final = "台账导入"

_PROJECTS: Final = cast("Table", Project.__table__)
_PLANS: Final = cast("Table", ProjectPlan.__table__)
_CATEGORIES: Final = cast("Table", ProjectCategory.__table__)
_ENTRIES: Final = cast("Table", Entry.__table__)
_STATES: Final = cast("Table", LightState.__table__)
_TURNS: Final = cast("Table", LightChange.__table__)
_AS_WRITTEN: Final = (
    "code", "name", "industry", "nature", "tier", "owner", "content", "sponsor", "total_fen",
    "prior_years_fen", "planned_start", "planned_finish", "started_on", "finished_on",
)  # fmt: skip
"""Columns of a project that are those of the sheet."""


@dataclass(frozen=True, slots=True)
class _New:
    """A project to be, with the id it will have. day: of its figure, if it has one."""

    id: int
    one: Accepted
    row: ProjectRow
    plan: YearPlan | None
    day: date | None


def insert_projects(desk: Desk, rows: Sequence[Accepted]) -> None:
    """Enter projects that the ledger does not have; every unit is known by now."""
    today = desk.today
    ids = next_ids(desk.session, _PROJECTS, len(rows))
    new = [
        _New(
            number, one, one.row, _plan(one, today),
            figure_day(one.row, today) if one.row.ytd_fen is not None else None,
        )
        for number, one in zip(ids, rows, strict=True)
    ]  # fmt: skip
    _insert_projects(desk, new)
    _insert_plans(desk, [one for one in new if one.plan is not None])
    _insert_categories(desk, new)
    _insert_entries(desk, [one for one in new if one.day is not None])
    _insert_lights(desk, new)
    audit.record_new(
        desk.session, "project", [(one.id, _history(one)) for one in new], by=desk.actor, at=desk.now,
        reason=REASON,
    )  # fmt: skip


def figure_day(row: ProjectRow, today: date) -> date:
    """The day that 今年累计 is for; a month that is not over yet counts to today."""
    return min(last_day(row.ytd_as_of), today) if row.ytd_as_of is not None else today


def entry_changes(ytd_fen: int, day: date) -> dict[str, list[Any]]:
    """What an imported figure enters, as stored."""
    return {"ytd_fen": [None, ytd_fen], "ytd_as_of": [None, day.isoformat()]}


def _plan(one: Accepted, today: date) -> YearPlan | None:
    row = one.row
    if row.plan_fen is None:
        return None
    return YearPlan(one.plan_year(today), row.plan_fen, row.curve or tuple(linear_curve(row.plan_fen)))


def _insert_projects(desk: Desk, new: Sequence[_New]) -> None:
    rows = [one.row for one in new]
    same = len(new)
    columns: dict[str, Sequence[Any]] = {
        "id": [one.id for one in new],
        **{name: list(map(attrgetter(name), rows)) for name in _AS_WRITTEN},
        **{
            name: [getattr(one.one, name) for one in new]
            for name in ("organisation_id", "region_id", "unit_id", "task_force_id")
        },
        "responsible_person_id": [one.one.person_id for one in new],
        "aliases": [json_text(row.aliases or ()) for row in rows],
        "figure_year": [desk.today.year] * same,
        "ytd_fen": [row.ytd_fen or 0 for row in rows],
        "ytd_as_of": [one.day for one in new],
        "stage": list(map(_stage, rows)),
        "version": [1] * same,
        "created_at": [desk.now] * same,
        "facts": [json_text(row.facts) for row in rows],
    }
    insert_columns(desk.session, _PROJECTS, columns, stored=("aliases", "facts"))


def _stage(row: ProjectRow) -> str:
    """As written; else by what is known: a new project has not started until somebody says so (rule E3)."""
    if row.stage is not None:
        return row.stage
    if row.finished_on is not None:
        return "竣工"
    return "前期" if row.nature in {"新建", "前期"} and row.started_on is None else "在建"


def _insert_plans(desk: Desk, new: Sequence[_New]) -> None:
    plans = [one.plan for one in new if one.plan is not None]
    columns: dict[str, Sequence[Any]] = {
        "project_id": [one.id for one in new],
        "year": [plan.year for plan in plans],
        "kind": [INVESTMENT] * len(plans),
        "plan_fen": [plan.total for plan in plans],
        "curve": [plain_json(plan.curve) for plan in plans],
    }
    insert_columns(desk.session, _PLANS, columns, stored=("curve",))


def _insert_categories(desk: Desk, new: Sequence[_New]) -> None:
    pairs = [(one.id, number) for one in new for number in one.one.category_ids or ()]
    insert_columns(
        desk.session, _CATEGORIES,
        {"project_id": [pair[0] for pair in pairs], "category_id": [pair[1] for pair in pairs]},
    )  # fmt: skip


def _insert_entries(desk: Desk, new: Sequence[_New]) -> None:
    same = len(new)
    days = [one.day or desk.today for one in new]
    figures = [one.row.ytd_fen or 0 for one in new]
    columns: dict[str, Sequence[Any]] = {
        "project_id": [one.id for one in new],
        "kind": ["import"] * same,
        "author_id": [desk.actor.person_id] * same,
        "on_behalf_of_id": [desk.actor.for_id] * same,
        "at": [desk.now] * same,
        "year": [day.year for day in days],
        "as_of": days,
        "ytd_fen": figures,
        "changes": [plain_json(entry_changes(fen, day)) for fen, day in zip(figures, days, strict=True)],
        "source": [desk.actor.source] * same,
        "reason": [REASON] * same,
        "version_after": [1] * same,
    }
    insert_columns(desk.session, _ENTRIES, columns, stored=("changes",))


# --- lights


@dataclass(slots=True)
class _Lights:
    """Columns of first lights, and of the turns of those that are not green. reasons and figures: JSON."""

    light: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    next_change_on: list[date | None] = field(default_factory=list)
    turned: list[int] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)


def _insert_lights(desk: Desk, new: Sequence[_New]) -> None:
    """What models.operations.lights.ensure_state makes for one project."""
    first = _first_lights(desk, new)
    now, today, green = desk.now, desk.today, Light.GREEN.value
    versions = [desk.policy_of(one.one.organisation_id).version for one in new]
    same = len(new)
    ids = [one.id for one in new]
    columns: dict[str, Sequence[Any]] = {
        "project_id": ids,
        "computed": first.light,
        "shown": first.light,
        "reasons": first.reasons,
        "since": [now] * same,
        "announced": [green] * same,
        "evaluated_on": [today] * same,
        "next_change_on": first.next_change_on,
        "red_days": [0] * same,
        "policy_version": versions,
    }
    insert_columns(desk.session, _STATES, columns, stored=("reasons",))
    turned = [first.light[at] for at in first.turned]
    same = len(turned)
    columns = {
        "project_id": [ids[at] for at in first.turned],
        "at": [now] * same,
        "processed_at": [now] * same,
        "old_computed": [green] * same,
        "computed": turned,
        "old_shown": [green] * same,
        "shown": turned,
        "reasons": [first.reasons[at] for at in first.turned],
        "figures": first.figures,
        "cause": ["import"] * same,
        "policy_version": [versions[at] for at in first.turned],
    }
    insert_columns(desk.session, _TURNS, columns, stored=("reasons", "figures"))


def _first_lights(desk: Desk, new: Sequence[_New]) -> _Lights:
    today = desk.today
    found = _Lights()
    for at, one in enumerate(new):
        facts = _facts(one, today)
        policy = desk.policy_of(one.one.organisation_id).lights
        evaluation, next_change_on = outlook(facts, today, policy)
        found.light.append(evaluation.light.value)
        found.reasons.append(plain_json([lights.reason_json(reason) for reason in evaluation.reasons]))
        found.next_change_on.append(next_change_on)
        if evaluation.light is not Light.GREEN:
            found.turned.append(at)
            found.figures.append(plain_json(lights.figures_json(facts, evaluation)))
    return found


def _facts(one: _New, today: date) -> ProjectFacts:
    row, stage = one.row, _stage(one.row)
    return ProjectFacts(
        plan=one.plan if one.plan is not None and one.plan.year == today.year else None,
        year_to_date=row.ytd_fen or 0,
        planned_start=first_day(row.planned_start) if row.planned_start else None,
        started_on=first_day(row.started_on) if row.started_on else None,
        started=stage in STARTED,
        planned_finish=last_day(row.planned_finish) if row.planned_finish else None,
        finished_on=first_day(row.finished_on) if row.finished_on else None,
        finished=stage in FINISHED,
        last_report_on=today,
    )


# --- history


def _history(one: _New) -> list[tuple[str, str]]:
    """The fields that a project comes with, in the order of its audit rows."""
    history = [("created", _summary(one.row))]
    if one.day is not None:
        history += (("ytd_fen", str(one.row.ytd_fen)), ("ytd_as_of", one.day.isoformat()))
    return history


def _summary(row: ProjectRow) -> str:
    """What a new project came with, as one line of its history."""
    said = f"{row.name}；责任单位 {row.unit}"
    for name in ("total_fen", "plan_fen", "prior_years_fen"):
        value = getattr(row, name)
        if value is not None:
            said += f"；{WORDS[name]} {wan(value)} 万元"
    return said
