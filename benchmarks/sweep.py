"""The daily light sweep over 1,000, 10,000 and 100,000 projects of which the same number change on the day."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Final, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from benchmarks import city
from benchmarks.running import Workbench
from benchmarks.targets import SWEEP, Measured
from bot.snapshots import Snapshot, Snapshots
from bot.tasks import Tasks
from models.db import Database, sync_engine
from models.operations.desk import Desk
from models.queries import lights as queries
from models.queries import policies
from models.rules.calendar import SHANGHAI
from models.rules.lights import evaluate, next_change_day
from models.rules.policy import Policy
from models.tables.lights import LightState
from models.tables.projects import Project, ProjectPlan
from models.types import Light
from scheduler.jobs import evaluate_lights

SIZES: Final = (1_000, 10_000, 100_000)
QUICK_SIZES: Final = (100, 1_000)
CHANGES: Final = 50
QUICK_CHANGES: Final = 5
FIRST_DAY: Final = city.START.date() + timedelta(days=1)
CHUNK: Final = 5_000


class NotTheSame(Exception):
    """The sweep did not change what it was to change: its time says nothing."""


@dataclass(slots=True)
class Ledger:
    """An open database of so many projects."""

    size: int
    database: Database
    snapshot: Snapshot


def measure(bench: Workbench, *, rounds: int, quick: bool) -> list[Measured]:
    return asyncio.run(_measure(bench, rounds=rounds, quick=quick))


async def _measure(bench: Workbench, *, rounds: int, quick: bool) -> list[Measured]:
    """A round is a day: on each, other projects fall due. One day before the first warms up."""
    sizes, changes = (QUICK_SIZES, QUICK_CHANGES) if quick else (SIZES, CHANGES)
    result = Measured(SWEEP, judged=not quick)
    seconds: dict[int, list[float]] = {size: [] for size in sizes}
    tasks = Tasks()
    ledgers = [await _open(bench, tasks, size, changes, days=rounds + 1) for size in sizes]
    try:
        for number in range(rounds + 1):
            for ledger in ledgers[:: 1 if number % 2 else -1]:
                took = await _sweep(ledger, FIRST_DAY + timedelta(days=number), changes)
                if number:
                    seconds[ledger.size].append(took)
    finally:
        for ledger in ledgers:
            await ledger.database.close()
        await tasks.stop()
    for number in range(rounds):
        steps = [seconds[size][number] for size in sizes]
        result.rounds.append(max(later / earlier for earlier, later in pairwise(steps)))
    said = "，".join(f"{size} 个 {median(times) * 1000:.0f} 毫秒" for size, times in seconds.items())
    result.remark = f"{said}；每天 {changes} 个变化"
    return [result]


async def _open(bench: Workbench, tasks: Tasks, size: int, changes: int, *, days: int) -> Ledger:
    path = bench.place(f"sweep{size}")
    shutil.copyfile(bench.city, path)
    _fill(path, size, changes, days)
    database = await Database.open(city.url_of(path), lambda work: tasks.start(work, name="writer"))
    return Ledger(size, database, await database.read(Snapshots().current))


async def _sweep(ledger: Ledger, day: date, changes: int) -> float:
    now = datetime.combine(day, datetime.min.time(), SHANGHAI) + timedelta(hours=7)
    started = time.perf_counter()
    done = await ledger.database.write(
        lambda session: evaluate_lights.run(
            Desk(session, ledger.snapshot.directory, ledger.snapshot.policies, now)
        )
    )
    took = time.perf_counter() - started
    if done["turned"] != changes:
        raise NotTheSame(f"{ledger.size} 个项目，{day}：应有 {changes} 个变灯，实为 {done}")
    return took


# --- filling


def _fill(path: Path, size: int, changes: int, days: int) -> None:
    """Projects like the first liaison's, all on plan; on each day some reach the end of their time unfinished."""
    engine = sync_engine(city.url_of(path))
    with Session(engine) as session:
        policy = policies.current(session).base
        for state in session.execute(select(LightState)).scalars():
            state.next_change_on = None  # the fictional city stays out of it
        like = session.execute(select(Project).order_by(Project.id.desc()).limit(1)).scalar_one()
        common = {column.name: getattr(like, column.name) for column in _table(Project).columns}
        projects, plans, states = [], [], []
        light_of: dict[str, dict[str, Any]] = {}
        for number in range(1, size + 1):
            day = (number - 1) // changes
            late = policy.lights.completion_yellow_after_days + 1
            finish = FIRST_DAY + timedelta(days=day - late) if day < days else date(2035, 12, 31)
            project = common | {
                "id": like.id + number, "code": f"SW{number:06d}", "name": f"第{number}号工程",
                "planned_finish": finish.isoformat(), "ytd_fen": 10_000, "last_report_on": city.START.date(),
            }  # fmt: skip
            projects.append(project)
            plans.append(
                {
                    "project_id": project["id"], "year": city.START.year, "kind": "investment", "plan_fen": 10_000,
                    "curve": [10_000] * 12,
                }
            )  # fmt: skip
            if project["planned_finish"] not in light_of:
                light_of[project["planned_finish"]] = _light(Project(**project), policy)
            states.append({"project_id": project["id"]} | light_of[project["planned_finish"]])
        for table, rows in ((Project, projects), (ProjectPlan, plans), (LightState, states)):
            for some in _chunks(rows):
                session.execute(insert(_table(table)), some)
        session.commit()
    engine.dispose()


def _light(project: Project, policy: Policy) -> dict[str, Any]:
    """The stored light of a project on the day before the first, as the rules have it."""
    plan = ProjectPlan(
        project_id=project.id,
        year=project.figure_year,
        kind="investment",
        plan_fen=10_000,
        curve=[10_000] * 12,
    )
    facts = queries._facts(project, plan, None)
    today = city.START.date()
    if evaluate(facts, today, policy.lights).light is not Light.GREEN:
        raise NotTheSame(f"{project.code} 一开始就不是绿灯")
    return {
        "computed": Light.GREEN.value, "shown": Light.GREEN.value, "reasons": [], "since": city.START,
        "announced": Light.GREEN.value, "evaluated_on": today, "red_days": 0, "policy_version": policy.version,
        "next_change_on": next_change_day(facts, today, policy.lights),
    }  # fmt: skip


def _table(cls: type[Any]) -> Table:
    return cast("Table", cls.__table__)


def _chunks(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for at in range(0, len(rows), CHUNK):
        yield rows[at : at + CHUNK]
