"""The runner: once per due time, in order, whatever happens to the process (rule A4)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.tasks import Tasks
from models.db import Database
from models.operations.desk import Desk
from models.operations.timers import cancel_timers, set_timer
from models.operations.versions import INSTALLED_AT, put_mark
from models.queries.directory import Directory
from models.rules.calendar import Calendar, parse_calendar
from models.rules.policies import Policies
from models.tables.clockwork import JobRun, Timer
from models.types import Subject
from scheduler.runner import MAX_ATTEMPTS, Runner
from scheduler.schedule import Daily, Job, JobResult, TimerKind
from tests import prepared

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar.of(
    parse_calendar(Path("models/data/calendar_cn.csv").read_text(encoding="utf-8"))
)  # the product's own table
START = datetime(2026, 9, 21, 18, 0, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Here:
    """The snapshot a runner works with: an empty city with a calendar."""

    directory: Directory
    policies: Policies = field(default_factory=Policies)


HERE = Here(
    Directory(
        version="1", organisations={}, regions={}, units={}, people={}, task_forces={}, categories={},
        groups={}, projects={}, accounts={}, delegations=(), calendar=CALENDAR,
    )
)  # fmt: skip


@dataclass
class Log:
    """What jobs and timers did: (name, due, processed at). failing: names that fail for now."""

    done: list[tuple[str, datetime, datetime | None]] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)
    observed: list[tuple[str, str]] = field(default_factory=list)

    def job(self, name: str, clock: str, *, workdays: bool = False) -> Job:
        def run(desk: Desk) -> JobResult:
            self.note(name, desk)
            return {"n": 1}

        return Job(name, name, Daily(clock, workdays), run)

    def timer(self, name: str) -> TimerKind:
        def run(desk: Desk, subject_id: int, _body: dict[str, object]) -> str:
            self.note(f"{name} {subject_id}", desk)
            return "done"

        return TimerKind(name, name, run)

    def note(self, name: str, desk: Desk) -> None:
        if name in self.failing:
            raise ValueError(name)
        self.done.append((name, desk.now.astimezone(SHANGHAI), desk.processed_at))

    def dues(self, name: str) -> list[str]:
        return [due.strftime("%m-%d %H:%M") for one, due, _ in self.done if one == name]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    tasks = Tasks()
    url = prepared.copy(prepared.empty(), tmp_path / "test.db")
    opened = await Database.open(url, lambda work: tasks.start(work, name="writer"))
    await opened.write(lambda session: put_mark(session, INSTALLED_AT, START.isoformat()))
    yield opened
    await opened.close()
    await tasks.stop()


def runner(database: Database, log: Log) -> Runner:
    jobs = (
        log.job("sweep", "07:00"),
        log.job("digest", "08:30", workdays=True),
        log.job("late", "16:00", workdays=True),
    )
    return Runner(
        database=database, jobs=jobs, timers={"t": log.timer("t")}, snapshot=lambda _session: HERE,
        observe=lambda name, result, _late: log.observed.append((name, result)),
    )  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


async def wait_for(database: Database, number: int, due: datetime) -> None:
    await database.write(lambda session: set_timer(session, "t", Subject("thing", number), due_at=due))


async def cancel(database: Database, number: int) -> None:
    await database.write(lambda session: cancel_timers(session, Subject("thing", number), reason="不再需要"))


async def states(database: Database) -> dict[int, str]:
    def look(session: Session) -> dict[int, str]:
        return {row.subject_id: row.state for row in session.execute(select(Timer.subject_id, Timer.state))}

    return await database.read(look)


async def test_every_due_time_once_and_in_order(database: Database) -> None:
    """A4: after three days down each job runs once per missed day, oldest first, and says when it ran."""
    log = Log()
    one = runner(database, log)
    ran = await one.run_due(at("09-24 10:00"))
    assert [(name, due.strftime("%d %H:%M")) for name, due in ran.jobs] == [
        ("sweep", "22 07:00"), ("digest", "22 08:30"), ("late", "22 16:00"),
        ("sweep", "23 07:00"), ("digest", "23 08:30"), ("late", "23 16:00"),
        ("sweep", "24 07:00"), ("digest", "24 08:30"),
    ]  # fmt: skip
    assert all(processed == at("09-24 10:00") for _, _, processed in log.done)
    assert (await one.run_due(at("09-24 10:00"))).jobs == []
    assert (await runner(database, log).run_due(at("09-24 15:59"))).jobs == []
    await one.run_due(at("09-24 16:00"))
    assert log.done[-1] == ("late", at("09-24 16:00"), None), "on time: nothing to explain"


async def test_days_off_are_no_due_times(database: Database) -> None:
    """A1: a workday job rests from 09-25 to 09-27 and works on the make-up Saturday 10-10."""
    log = Log()
    await runner(database, log).run_due(at("10-10 12:00"))
    days = ("09-22", "09-23", "09-24", "09-28", "09-29", "09-30", "10-08", "10-09", "10-10")
    assert log.dues("digest") == [f"{day} 08:30" for day in days]
    assert len(log.dues("sweep")) == 19


@pytest.mark.parametrize("seed", range(6))
async def test_any_rhythm_of_passes_gives_the_same_runs(database: Database, seed: int) -> None:
    """A4: when the runner looks, and how often it is made anew, changes nothing of what runs."""
    log, dice = Log(), random.Random(seed)
    end = at("10-12 09:00")
    for number in range(20):
        await wait_for(database, number, START + timedelta(minutes=dice.randrange(1, 29000)))
    now, one = START, runner(database, log)
    while now < end:
        now = min(end, now + timedelta(minutes=dice.choice((1, 30, 600, 3000, 9000))))
        if dice.random() < 0.3:
            one = runner(database, log)
        before = len(log.done)
        await one.run_due(now)
        dues = [due for _, due, _ in log.done[before:]]
        assert dues == sorted(dues)
        assert all(due <= now for due in dues)
    days = [START.date() + timedelta(days=number) for number in range(1, 22)]
    assert log.dues("sweep") == [f"{day:%m-%d} 07:00" for day in days]
    assert log.dues("digest") == [f"{day:%m-%d} 08:30" for day in days if CALENDAR.is_workday(day)]
    assert len(log.done) == len(set(log.done))
    assert sorted(name for name, _, _ in log.done if name.startswith("t ")) == sorted(
        f"t {number}" for number, state in (await states(database)).items() if state == "fired"
    )
    waiting = [state for state in (await states(database)).values() if state == "waiting"]
    assert len(waiting) + len([name for name, _, _ in log.done if name.startswith("t ")]) == 20


async def test_two_processes_at_once(database: Database) -> None:
    """P1 A4: two runners on one database never run the same thing twice."""
    log = Log()
    for number in range(30):
        await wait_for(database, number, at("09-22 12:00") + timedelta(minutes=number))
    await asyncio.gather(*(runner(database, log).run_due(at("09-24 10:00")) for _ in range(3)))
    assert len(log.done) == len(set(log.done)) == 8 + 30


async def test_a_failing_job_holds_up_nobody_and_is_tried_again(database: Database) -> None:
    """A4: nothing due is dropped; the failed period comes first once the job works again."""
    log = Log(failing={"digest"})
    one = runner(database, log)
    await one.run_due(at("09-23 10:00"))
    assert log.dues("sweep") == ["09-22 07:00", "09-23 07:00"]
    assert log.dues("digest") == []
    assert ("digest", "failed") in log.observed

    def recorded(session: Session) -> list[str]:
        return list(session.execute(select(JobRun.job)).scalars())

    assert "digest" not in await database.read(recorded), "a run that failed is not recorded as done"
    log.failing.clear()
    await one.run_due(at("09-23 10:00"))
    assert log.dues("digest") == ["09-22 08:30", "09-23 08:30"]


async def test_a_failing_timer_is_parked_after_some_attempts(database: Database) -> None:
    """One bad record does not stop the others, nor is it tried for ever."""
    log = Log(failing={"t 1"})
    one = runner(database, log)
    for number in (1, 2):
        await wait_for(database, number, at("09-22 12:00"))
    for attempt in range(MAX_ATTEMPTS + 3):
        await one.run_due(at("09-22 13:00") + timedelta(minutes=attempt))
    assert log.dues("t 2") == ["09-22 12:00"]
    assert await states(database) == {1: "parked", 2: "fired"}
    assert log.observed.count(("t", "failed")) == MAX_ATTEMPTS


async def test_timers_are_rows(database: Database) -> None:
    """Set twice is once, cancelled does not fire, set again after cancelling fires."""
    log = Log()
    one = runner(database, log)
    for number in (1, 1, 2, 3):
        await wait_for(database, number, at("09-22 12:00"))
    for number in (2, 3):
        await cancel(database, number)
    await wait_for(database, 3, at("09-22 12:00"))
    assert await one.next_due(at("09-22 09:00")) == at("09-22 12:00")
    assert not await one.timer_due(at("09-22 11:59"))
    assert await one.timer_due(at("09-22 12:00"))
    await one.run_due(at("09-22 12:00"))
    assert log.dues("t 1") == ["09-22 12:00"]
    assert log.dues("t 2") == []
    assert log.dues("t 3") == ["09-22 12:00"]
    await one.run_due(at("09-23 06:00"))
    assert log.dues("t 1") == ["09-22 12:00"]


async def test_next_due_looks_over_the_holiday(database: Database) -> None:
    """The clock may jump: the next event after 16:00 on 09-24 is the sweep of 09-25, a holiday."""
    one = runner(database, Log())
    assert await one.next_due(at("09-24 16:00")) == at("09-25 07:00")
    assert await one.next_due(at("09-28 07:00")) == at("09-28 08:30")


async def test_two_runners_on_one_database_run_each_due_time_once(database: Database) -> None:
    """A4: what a runner keeps of the runs so far may be out of date; it finds out and goes on from what is true."""
    log = Log()
    one, two = runner(database, log), runner(database, log)
    for first, second in ((one, two), (two, one), (one, two)):
        day = at("09-22 00:00") + timedelta(days=len(log.dues("sweep")))
        for moment in (day.replace(hour=7), day.replace(hour=9)):
            ran = await first.run_due(moment)
            again = await second.run_due(moment)
            assert ran.jobs
            assert again.jobs == []
            assert ran.next_at == again.next_at
    assert log.dues("sweep") == ["09-22 07:00", "09-23 07:00", "09-24 07:00"]
    assert log.dues("digest") == ["09-22 08:30", "09-23 08:30", "09-24 08:30"]


async def test_what_a_job_sets_for_now_runs_in_the_same_pass(database: Database) -> None:
    """A timer that a job has set for its own moment waits for no other step; the pass then says what comes next."""
    log = Log()
    noted = log.timer("t")

    def run(desk: Desk) -> JobResult:
        set_timer(desk.session, "t", Subject("thing", 7), due_at=desk.now)
        return {"n": 1}

    one = Runner(
        database=database, jobs=(Job("sets", "sets", Daily("07:00"), run),), timers={"t": noted},
        snapshot=lambda _session: HERE, observe=lambda name, result, _late: log.observed.append((name, result)),
    )  # fmt: skip
    ran = await one.run_due(at("09-22 07:00"))
    assert [name for name, _ in ran.jobs] == ["sets", "t"]
    assert log.dues("t 7") == ["09-22 07:00"]
    assert ran.next_at == at("09-23 07:00")
