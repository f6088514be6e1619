"""Runs what the clock has made due: jobs once per due time, timers once each, in order of their due times (rule A4).

Each runs in one transaction of its own that also records it, so that a process that dies in between, or a second
process on the same database, never leads to a second run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final, Protocol, cast

import structlog
from sqlalchemy import Insert, Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from models.db import Database, WriteSession, is_the_database
from models.inserts import insert_unless_there
from models.operations.audit import Actor
from models.operations.desk import Desk
from models.operations.versions import CHANGED, INSTALLED_AT, time_mark
from models.queries.directory import Directory
from models.rules.calendar import Calendar
from models.rules.policies import Policies
from models.tables.clockwork import JobRun, Timer
from scheduler.schedule import Job, TimerKind

log = structlog.get_logger()

MAX_ATTEMPTS: Final = 5
_RUNS: Final = cast("Table", JobRun.__table__)
_RESULT: Final = update(_RUNS).where(_RUNS.c.id == bindparam("run_id")).values(result=bindparam("outcome"))
_TIMERS: Final = cast("Table", Timer.__table__).c
# What is due and what comes after it, in one look at a partial index: this runs at every step of the clock.
_WAITING: Final = (
    select(_TIMERS.id, _TIMERS.kind, _TIMERS.due_at)
    .where(_TIMERS.state == "waiting")
    .order_by(_TIMERS.due_at, _TIMERS.id)
    .limit(bindparam("limit"))
)


class Snapshot(Protocol):
    @property
    def directory(self) -> Directory: ...
    @property
    def policies(self) -> Policies: ...


@dataclass(slots=True)
class Ran:
    """What one pass did, for the caller to report: (name, due time) in order."""

    jobs: list[tuple[str, datetime]] = field(default_factory=list)
    next_at: datetime | None = None  # when the next job or timer is due


@dataclass(frozen=True, slots=True)
class _Due:
    name: str
    at: datetime
    timer_id: int | None

    @property
    def identity(self) -> str:
        return self.name if self.timer_id is None else f"timer {self.timer_id}"


@dataclass(frozen=True, slots=True)
class _Next:
    """due: what is to be run now; else next_at: when something will be."""

    due: _Due | None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """done: what was run, if anything; did: it was not another process that ran it. after: what comes after it."""

    done: _Due | None
    did: bool
    after: _Next | None


@dataclass(slots=True)
class _Plan:
    """When each job is due next, as long as the calendar is this one."""

    calendar: Calendar
    due: dict[str, datetime]


class _StepFailed(Exception):
    def __init__(self, due: _Due) -> None:
        super().__init__(due.name)
        self.due = due


class Runner:
    def __init__(
        self, *, database: Database, jobs: Sequence[Job], timers: Mapping[str, TimerKind],
        snapshot: Callable[[Session], Snapshot], observe: Callable[[str, str, float], None],
    ) -> None:  # fmt: skip
        self._database = database
        self._jobs = tuple(jobs)
        self._timers = dict(timers)
        self._snapshot = snapshot
        self._observe = observe  # name, result, lateness in seconds
        # What this process knows of the runs so far. Another one may have run a job since: that is found out when it
        # is tried here, and the plan is made anew.
        self._plan: _Plan | None = None
        self._run_begins: Insert | None = None
        # One statement, each part a look at the end of an index.
        self._last_runs = select(
            *(
                select(func.max(JobRun.due_at)).where(JobRun.job == job.name).scalar_subquery()
                for job in self._jobs
            )
        )

    async def run_due(self, now: datetime) -> Ran:
        """Run everything due at or before now, oldest first. A failing job is tried again at the next pass."""
        ran = Ran()
        failed: set[str] = set()
        while True:
            try:
                step = await self._database.write(partial(self._step, now=now, failed=failed))
            except _StepFailed as failure:
                failed.add(failure.due.identity)
                self._observe(failure.due.name, "failed", (now - failure.due.at).total_seconds())
                error = failure.__cause__
                log.error(  # noqa: TRY400 - the cause is the error, not the wrapper
                    "job failed",
                    job=failure.due.name,
                    due=failure.due.at.isoformat(),
                    error=type(error).__name__,
                    exc_info=error,
                )
                if failure.due.timer_id is not None:
                    await self._database.write(
                        partial(_count_failure, timer_id=failure.due.timer_id, error=error)
                    )
                continue
            if step.done is not None:
                self._note(step)
                if step.did:
                    ran.jobs.append((step.done.name, step.done.at))
                    self._observe(step.done.name, "ran", (now - step.done.at).total_seconds())
            if step.after is not None and step.after.due is None:
                ran.next_at = step.after.next_at
                return ran

    def _note(self, step: _Step) -> None:
        """A job that this process has run is next due after that; if another has, the plan is out of date."""
        if step.done is None or step.done.timer_id is not None or self._plan is None:
            return
        if step.did:
            self._plan.due[step.done.name] = self._after(step.done.name, step.done.at, self._plan.calendar)
        else:
            self._plan = None

    async def timer_due(self, now: datetime) -> bool:
        """True when a timer waits that is due: one look at a partial index."""
        statement = select(Timer.id).where(Timer.state == "waiting", Timer.due_at <= now).limit(1)
        return await self._database.read(lambda session: session.execute(statement).first() is not None)

    async def next_due(self, now: datetime) -> datetime | None:
        """The next moment after now at which a job or timer is due."""
        return await self._database.read(partial(self._next_at, now=now))

    def _step(self, session: WriteSession, *, now: datetime, failed: set[str]) -> _Step:
        """Run the oldest due job or timer in this transaction, if there is one, and say what comes after it."""
        session.write_pending()  # timers may be among what others have left in this batch
        before = self._next(session, now=now, failed=failed)
        due = before.due
        if due is None:
            return _Step(None, did=False, after=before)
        try:
            if due.timer_id is None:
                did = self._run_job(session, name=due.name, due_at=due.at, now=now)
            else:
                did = self._run_timer(session, timer_id=due.timer_id, now=now)
            session.flush()
            session.write_pending()  # here, where a row that is refused is still known to be this step's
        except Exception as error:
            if is_the_database(error):
                raise  # the writer tries again
            raise _StepFailed(due) from error
        # With its own runs in order, most passes end here, without a transaction that only looks.
        known = did and not session.info.pop(CHANGED, False)
        return _Step(due, did, self._next(session, now=now, failed=failed, ran=due) if known else None)

    def _next_at(self, session: Session, *, now: datetime) -> datetime | None:
        calendar = self._snapshot(session).directory.calendar
        moments = [job.schedule.next_after(now, calendar) for job in self._jobs]
        timer = session.execute(
            select(func.min(Timer.due_at)).where(Timer.state == "waiting", Timer.due_at > now)
        ).scalar_one_or_none()
        return min([*moments, *([timer] if timer else [])], default=None)

    def _next(self, session: Session, *, now: datetime, failed: set[str], ran: _Due | None = None) -> _Next:
        """The oldest due job or timer that has not failed in this pass; jobs before timers of the same moment.

        ran: what this transaction has run.
        """
        plan = self._planned(session, now)
        best: _Due | None = None
        later: datetime | None = None
        for job in self._jobs:
            due_at = plan.due[job.name]
            if ran is not None and ran.timer_id is None and ran.name == job.name:
                due_at = self._after(job.name, ran.at, plan.calendar)
            if job.name in failed:
                due_at = max(due_at, job.schedule.next_after(now, plan.calendar))
            if due_at > now:
                later = due_at if later is None else min(later, due_at)
            elif best is None or due_at < best.at:
                best = _Due(job.name, due_at, None)
        for timer in session.connection().execute(_WAITING, {"limit": len(failed) + 1}):
            candidate = _Due(timer.kind, timer.due_at, timer.id)
            if candidate.identity in failed:
                continue
            if candidate.at > now:
                later = candidate.at if later is None else min(later, candidate.at)
            elif best is None or candidate.at < best.at:
                best = candidate
            break
        return _Next(best, later if best is None else None)

    def _planned(self, session: Session, now: datetime) -> _Plan:
        """What is known of the jobs, read anew when the calendar has changed."""
        calendar = self._snapshot(session).directory.calendar
        if self._plan is None or self._plan.calendar is not calendar:
            last_runs = session.execute(self._last_runs).one() if self._jobs else ()
            begin = now if all(last_runs) else time_mark(session, INSTALLED_AT) or now
            self._plan = _Plan(
                calendar,
                {
                    job.name: job.schedule.next_after(last or begin, calendar)
                    for job, last in zip(self._jobs, last_runs, strict=True)
                },
            )
        return self._plan

    def _after(self, name: str, due_at: datetime, calendar: Calendar) -> datetime:
        job = next(job for job in self._jobs if job.name == name)
        return job.schedule.next_after(due_at, calendar)

    def _run_job(self, session: Session, *, name: str, due_at: datetime, now: datetime) -> bool:
        job = next(job for job in self._jobs if job.name == name)
        begun = {"job": name, "due_at": due_at, "ran_at": now, "result": {}}
        run_id = session.execute(self._begin_run(session), begun).scalar_one_or_none()
        if run_id is None:
            return False  # another process ran it
        result = job.run(self._desk(session, due_at, now, f"任务 {job.title}"))
        session.execute(_RESULT, {"run_id": run_id, "outcome": result})
        return True

    def _begin_run(self, session: Session) -> Insert:
        """Built once: building it costs more than running it."""
        if self._run_begins is None:
            self._run_begins = (
                insert_unless_there(session, _RUNS).on_conflict_do_nothing().returning(_RUNS.c.id)
            )
        return self._run_begins

    def _run_timer(self, session: Session, *, timer_id: int, now: datetime) -> bool:
        timer = session.execute(
            update(Timer).where(Timer.id == timer_id, Timer.state == "waiting").values(state="fired", fired_at=now)
            .returning(Timer.kind, Timer.subject_id, Timer.body, Timer.due_at)
            .execution_options(synchronize_session=False)
        ).one_or_none()  # fmt: skip
        if timer is None:
            return False
        kind = self._timers[timer.kind]
        outcome = kind.run(
            self._desk(session, timer.due_at, now, f"定时 {kind.title}"), timer.subject_id, dict(timer.body)
        )
        session.execute(
            update(Timer).where(Timer.id == timer_id).values(outcome=outcome)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
        return True

    def _desk(self, session: Session, due_at: datetime, now: datetime, source: str) -> Desk:
        snapshot = self._snapshot(session)
        return Desk(
            session, snapshot.directory, snapshot.policies, due_at, Actor(None, "系统", source=source),
            processed_at=now if now != due_at else None,
        )  # fmt: skip


def _count_failure(session: Session, *, timer_id: int, error: BaseException | None) -> None:
    timer = session.get_one(Timer, timer_id)
    timer.attempts += 1
    timer.outcome = f"{type(error).__name__}: {str(error)[:200]}"
    if timer.attempts >= MAX_ATTEMPTS:
        timer.state = "parked"
