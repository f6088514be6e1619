"""A job or a timer that the database refuses keeps nothing else from running (rule A4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import Table, insert, select, text
from sqlalchemy.orm import Session

from bot.snapshots import Snapshots
from models.db import Database, later
from models.operations.desk import Desk
from models.operations.timers import set_timer
from models.operations.versions import INSTALLED_AT, put_mark
from models.tables.clockwork import JobRun, Meta, Timer
from models.types import Subject
from scheduler.runner import MAX_ATTEMPTS, Runner
from scheduler.schedule import Daily, Job, JobResult, TimerKind

from .line import START

META = cast("Table", Meta.__table__)


def twice(desk: Desk) -> None:
    """A unique constraint."""
    for _ in range(2):
        desk.session.execute(insert(Meta).values(name="refused", value="1"))


def unknown(desk: Desk) -> None:
    """A statement that the database does not understand."""
    desk.session.execute(insert(Meta).values(name="refused", value="1"))
    desk.session.execute(text("SELECT no_such_column FROM meta"))


def kept(desk: Desk) -> None:
    """Rows that are only written when the job has returned."""
    for _ in range(2):
        later(desk.session, META, {"name": "refused", "value": "1"})


REFUSED = [twice, unknown, kept]


def job(name: str, clock: str, act: Callable[[Desk], None]) -> Job:
    def run(desk: Desk) -> JobResult:
        act(desk)
        return {"n": 1}

    return Job(name, name, Daily(clock), run)


def timer(name: str, act: Callable[[Desk], None]) -> TimerKind:
    def run(desk: Desk, _subject_id: int, _body: dict[str, object]) -> str:
        act(desk)
        return "done"

    return TimerKind(name, name, run)


def runner(database: Database, jobs: list[Job], timers: list[TimerKind]) -> Runner:
    return Runner(
        database=database, jobs=jobs, timers={kind.name: kind for kind in timers}, snapshot=Snapshots().current,
        observe=lambda _name, _result, _lateness: None,
    )  # fmt: skip


def note(name: str) -> Callable[[Desk], None]:
    return lambda desk: put_mark(desk.session, name, "1")


async def found(database: Database) -> set[str]:
    return set(await database.read(lambda session: session.execute(select(Meta.name)).scalars().all()))


@pytest.mark.parametrize("refused", REFUSED)
async def test_a_refused_job_is_tried_again_and_stops_no_other(
    database: Database, refused: Callable[[Desk], None]
) -> None:
    await database.write(
        lambda session: put_mark(session, INSTALLED_AT, (START - timedelta(days=1)).isoformat())
    )
    jobs = [job("bad", "08:00", refused), job("good", "08:30", note("good ran"))]
    ran = await runner(database, jobs, []).run_due(START)
    assert [name for name, _ in ran.jobs] == ["good"]
    assert "good ran" in await found(database)
    assert "refused" not in await found(database)
    runs = await database.read(lambda session: session.execute(select(JobRun.job)).scalars().all())
    assert list(runs) == ["good"]
    mended = [job("bad", "08:00", note("bad ran")), jobs[1]]
    ran = await runner(database, mended, []).run_due(START)
    assert [name for name, _ in ran.jobs] == ["bad"]


@pytest.mark.parametrize("refused", REFUSED)
async def test_a_refused_timer_is_parked_and_stops_no_other(
    database: Database, refused: Callable[[Desk], None]
) -> None:
    kinds = [timer("bad", refused), timer("good", note("good fired"))]

    def write(session: Session) -> None:
        put_mark(session, INSTALLED_AT, START.isoformat())
        set_timer(session, "bad", Subject("draft", 1), due_at=START - timedelta(hours=2))
        set_timer(session, "good", Subject("draft", 2), due_at=START - timedelta(hours=1))

    await database.write(write)
    for _ in range(MAX_ATTEMPTS):
        await runner(database, [], kinds).run_due(START)
    rows = await database.read(
        lambda session: session.execute(
            select(Timer.kind, Timer.state, Timer.attempts).order_by(Timer.id)
        ).all()
    )
    assert [tuple(row) for row in rows] == [("bad", "parked", MAX_ATTEMPTS), ("good", "fired", 0)]
    assert await found(database) >= {"good fired"}
    assert "refused" not in await found(database)
