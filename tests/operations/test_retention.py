"""The nightly job drops what need not be kept and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bot.tasks import Tasks
from models.db import Database
from models.operations.desk import Desk
from models.queries import directory as directories
from models.rules.calendar import SHANGHAI
from models.rules.policies import Policies
from models.tables.clockwork import JobRun
from models.tables.inbox import InboxMessage, SeenMessage
from scheduler.jobs.retention import JOB
from scheduler.schedule import JobResult
from tests import prepared

NOW = datetime(2026, 9, 22, 3, 30, tzinfo=SHANGHAI)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    tasks = Tasks()
    url = prepared.copy(prepared.empty(), tmp_path / "test.db")
    opened = await Database.open(url, lambda work: tasks.start(work, name="writer"))
    yield opened
    await opened.close()
    await tasks.stop()


async def night(database: Database, now: datetime = NOW) -> JobResult:
    return await database.write(
        lambda session: JOB.run(Desk(session, directories.load(session), Policies(), now))
    )


def message(session: Session, name: str, state: str, *, days: int) -> None:
    at = NOW - timedelta(days=days)
    session.execute(
        insert(InboxMessage).values(
            platform="webchat",
            message_id=name,
            sender_key="webchat:张伟",
            payload={"text": name},
            received_at=at,
            state=state,
            attempts=0,
            done_at=at if state == "done" else None,
        )
    )


async def texts(database: Database) -> dict[str, object]:
    return await database.read(
        lambda session: {
            row.message_id: row.payload.get("text") for row in session.execute(select(InboxMessage)).scalars()
        }
    )


async def test_texts_of_old_messages_go_and_their_rows_stay(database: Database) -> None:
    def fill(session: Session) -> None:
        message(session, "old", "done", days=31)
        message(session, "parked", "parked", days=31)
        message(session, "older than it looks", "done", days=40)
        message(session, "recent", "done", days=29)

    await database.write(fill)
    assert (await night(database))["texts"] == 2
    assert await texts(database) == {
        "old": None, "parked": "parked", "older than it looks": None, "recent": "recent",
    }  # fmt: skip
    assert (await night(database))["texts"] == 0
    await database.write(
        lambda session: session.execute(
            update(InboxMessage).where(InboxMessage.message_id == "parked").values(state="done", done_at=NOW)
        )
    )
    assert (await night(database, NOW + timedelta(days=31)))["texts"] == 2
    assert set((await texts(database)).values()) == {None}


async def test_keys_of_messages_seen_long_ago_go(database: Database) -> None:
    def fill(session: Session) -> None:
        for number, days in enumerate((1, 7, 9, 20)):
            session.execute(
                insert(SeenMessage).values(key=bytes([number] * 16), at=NOW - timedelta(days=days))
            )

    await database.write(fill)
    assert (await night(database))["seen"] == 2
    left = await database.read(
        lambda session: session.execute(select(func.count(SeenMessage.key))).scalar_one()
    )
    assert left == 2


async def test_the_last_run_of_every_job_stays(database: Database) -> None:
    def fill(session: Session) -> None:
        for job, days in (("weekly", 500), ("weekly", 450), ("daily", 401), ("daily", 1)):
            at = NOW - timedelta(days=days)
            session.execute(insert(JobRun).values(job=job, due_at=at, ran_at=at, result={}))

    await database.write(fill)
    assert (await night(database))["job_runs"] == 2
    left = await database.read(
        lambda session: [
            (row.job, (NOW - row.due_at).days)
            for row in session.execute(select(JobRun).order_by(JobRun.id)).scalars()
        ]
    )
    assert left == [("weekly", 450), ("daily", 1)]


def test_it_is_due_at_half_past_three() -> None:
    assert (JOB.name, JOB.schedule.clock, JOB.schedule.workdays) == ("retention", "03:30", False)
