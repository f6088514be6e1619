"""The one writer: group commit, attempts that are undone, a database that cannot be written (rule C12)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

import pytest
from sqlalchemy import Table, func, insert, select, text, update
from sqlalchemy.orm import Session

from models.db import Database, StatementRefused, WriteSession, insert_columns
from models.errors import Invalid
from models.inserts import json_text
from models.tables.clockwork import JobRun, Meta

_RUNS: Final = cast("Table", JobRun.__table__)
_MARKS: Final = cast("Table", Meta.__table__)
AT: Final = datetime(2026, 9, 21, 10, 0, tzinfo=UTC)


def put(name: str, value: str = "1") -> Callable[[Session], None]:
    """A call that stores one mark."""

    def work(session: Session) -> None:
        session.execute(insert(Meta).values(name=name, value=value))

    return work


def run_row(job: str, number: int) -> dict[str, Any]:
    return {"id": number, "job": job, "due_at": AT, "ran_at": AT, "result": {}}


def later(session: WriteSession, job: str) -> int:
    """Keep a row for a later statement, with an id given now; returns the id."""
    number = session.next_id(_RUNS)
    session.later(_RUNS, run_row(job, number))
    return number


def jobs(session: Session) -> list[str]:
    return list(session.execute(select(JobRun.job).order_by(JobRun.id)).scalars())


async def marks(database: Database) -> set[str]:
    found = await database.read(lambda session: session.execute(select(Meta.name)).scalars().all())
    return set(found)


# --- group commit


async def test_calls_that_wait_together_share_commits(database: Database) -> None:
    before = database.commits
    await asyncio.gather(*(database.write(put(f"mark {number}")) for number in range(500)))
    assert len(await marks(database)) == 500
    assert database.commits - before <= 6  # 256 to a commit, and the first one leaves alone


async def test_a_call_returns_what_its_own_work_returned(database: Database) -> None:
    def answer(number: int) -> Callable[[Session], int]:
        return lambda _session: number

    answers = await asyncio.gather(*(database.write(answer(number)) for number in range(100)))
    assert answers == list(range(100))


async def test_acceptance_goes_before_what_waits(database: Database) -> None:
    order: list[str] = []

    def note(name: str) -> Callable[[Session], None]:
        return lambda _session: order.append(name)

    await asyncio.gather(
        *(database.write(note(f"normal {number}")) for number in range(600)),
        database.write(note("accept"), first=True),
    )
    assert order.index("accept") <= 256


async def test_a_call_that_raises_leaves_its_neighbours_alone(database: Database) -> None:
    def refuse(session: Session) -> None:
        put("half done")(session)
        raise Invalid("不行")

    outcomes = await asyncio.gather(
        database.write(put("before")), database.write(refuse), database.write(put("after")),
        return_exceptions=True,
    )  # fmt: skip
    assert [type(one) for one in outcomes] == [type(None), Invalid, type(None)]
    assert await marks(database) == {"before", "after"}


async def test_a_statement_that_is_refused_leaves_its_neighbours_alone(database: Database) -> None:
    """A broken constraint makes the batch start again, each call alone."""
    await database.write(put("there"))
    outcomes = await asyncio.gather(
        database.write(put("before")), database.write(put("there", "2")), database.write(put("after")),
        return_exceptions=True,
    )  # fmt: skip
    assert [type(one) for one in outcomes] == [type(None), StatementRefused, type(None)]
    assert await marks(database) == {"there", "before", "after"}


async def test_a_row_that_is_refused_at_the_end_leaves_its_neighbours_alone(database: Database) -> None:
    """Rows that were kept are written after the call has returned; the caller hears of it all the same."""

    def twice(session: WriteSession) -> None:
        for number in (1, 2):
            session.later(_RUNS, run_row("same", number))

    outcomes = await asyncio.gather(
        database.write(put("before")), database.write(twice), database.write(put("after")),
        return_exceptions=True,
    )  # fmt: skip
    assert [type(one) for one in outcomes] == [type(None), StatementRefused, type(None)]
    assert await marks(database) == {"before", "after"}
    assert await database.read(jobs) == []


async def test_work_that_breaks_the_session_does_not_end_the_writer(database: Database) -> None:
    """An object that changed under the session fails at the flush, with an error that no driver raised."""

    def lose(session: Session) -> None:
        put("lost")(session)
        row = session.get_one(Meta, "lost")
        session.execute(text("DELETE FROM meta WHERE name = 'lost'"))
        row.value = "2"

    with pytest.raises(Exception, match=r".+"):
        await database.write(lose)
    await database.write(put("later"))
    assert await marks(database) == {"later"}


async def test_a_thousand_read_modify_writes_lose_nothing(database: Database) -> None:
    await database.write(put("counter", "0"))

    def count(session: Session) -> int:
        value = int(session.execute(select(Meta.value).where(Meta.name == "counter")).scalar_one()) + 1
        session.execute(update(Meta).where(Meta.name == "counter").values(value=str(value)))
        return value

    seen = await asyncio.gather(*(database.write(count) for _ in range(1000)))
    assert sorted(seen) == list(range(1, 1001))
    stored = await database.read(
        lambda session: session.execute(select(Meta.value).where(Meta.name == "counter")).scalar_one()
    )
    assert stored == "1000"


async def test_a_caller_that_gives_up_does_not_stop_its_write(database: Database) -> None:
    waiting = asyncio.ensure_future(database.write(put("kept")))
    await asyncio.sleep(0)  # let it reach the queue
    waiting.cancel()
    await database.write(put("later"))
    assert await marks(database) == {"kept", "later"}


# --- attempts


async def test_an_attempt_that_raises_is_undone(database: Database) -> None:
    def work(session: WriteSession) -> None:
        with session.attempt():
            put("first")(session)
        with suppress(Invalid), session.attempt():
            put("second")(session)
            raise Invalid("不行")
        with session.attempt():
            put("third")(session)

    await database.write(work)
    assert await marks(database) == {"first", "third"}


async def test_an_inner_attempt_is_undone_alone(database: Database) -> None:
    def work(session: WriteSession) -> None:
        with session.attempt():
            put("outer")(session)
            with suppress(Invalid), session.attempt():
                put("inner")(session)
                raise Invalid("不行")
            with session.attempt():
                put("second inner")(session)

    await database.write(work)
    assert await marks(database) == {"outer", "second inner"}


async def test_an_outer_attempt_takes_its_inner_ones_along(database: Database) -> None:
    def work(session: WriteSession) -> None:
        with suppress(Invalid), session.attempt():
            with session.attempt():
                put("inner")(session)
            later(session, "kept")
            raise Invalid("不行")
        put("after")(session)

    await database.write(work)
    assert await marks(database) == {"after"}
    assert await database.read(jobs) == []


async def test_rows_that_wait_go_with_their_attempt(database: Database) -> None:
    """Rows of an undone attempt vanish, those of others stay, and no id is given twice."""

    def work(session: WriteSession) -> list[int]:
        ids = []
        with session.attempt():
            ids.append(later(session, "first"))
        with suppress(Invalid), session.attempt():
            later(session, "undone")
            raise Invalid("不行")
        with session.attempt():
            ids.append(later(session, "third"))
        return ids

    ids = await database.write(work)
    assert len(set(ids)) == 2
    assert await database.read(jobs) == ["first", "third"]


async def test_rows_that_wait_go_with_their_attempt_after_a_savepoint(database: Database) -> None:
    """The same when the undone attempt has written something and so reached the database."""

    def work(session: WriteSession) -> None:
        with session.attempt():
            later(session, "first")
        with suppress(Invalid), session.attempt():
            later(session, "undone")
            put("undone")(session)
            later(session, "undone too")
            raise Invalid("不行")
        with session.attempt():
            later(session, "third")

    await database.write(work)
    assert await database.read(jobs) == ["first", "third"]
    assert await marks(database) == set()


async def test_a_select_sees_the_rows_that_wait(database: Database) -> None:
    def work(session: WriteSession) -> tuple[int, int]:
        later(session, "first")
        inside = session.execute(select(func.count()).select_from(JobRun)).scalar_one()
        with session.attempt():
            later(session, "second")
            return inside, session.execute(select(func.count()).select_from(JobRun)).scalar_one()

    assert await database.write(work) == (1, 2)
    assert await database.read(jobs) == ["first", "second"]


async def test_a_select_inside_an_undone_attempt_keeps_earlier_rows(database: Database) -> None:
    def work(session: WriteSession) -> None:
        later(session, "first")
        with suppress(Invalid), session.attempt():
            later(session, "undone")
            assert jobs(session) == ["first", "undone"]
            raise Invalid("不行")
        assert jobs(session) == ["first"]

    await database.write(work)
    assert await database.read(jobs) == ["first"]


# --- many rows of one shape


@pytest.mark.parametrize("count", [1, 49, 50, 51, 137, 1000])
async def test_rows_by_the_column_are_those_of_single_rows(database: Database, count: int) -> None:
    """Rows that share a statement: each keeps its own values, conversions and defaults, in order."""
    numbers = range(1, count + 1)
    moments = [AT + timedelta(minutes=number % 7) for number in numbers]
    columns: dict[str, Sequence[Any]] = {
        "id": list(numbers),
        "job": [f"job {number}" for number in numbers],
        "due_at": moments,
        "ran_at": moments,
        "result": [json_text({"n": number, "说": "“引号”'"}) for number in numbers],
    }
    await database.write(lambda session: insert_columns(session, _RUNS, columns, stored=("result",)))
    rows = await database.read(
        lambda session: session.execute(
            select(JobRun.id, JobRun.job, JobRun.due_at, JobRun.result).order_by(JobRun.id)
        ).all()
    )
    assert [tuple(row) for row in rows] == [
        (number, f"job {number}", moment, {"n": number, "说": "“引号”'"})
        for number, moment in zip(numbers, moments, strict=True)
    ]


@pytest.mark.parametrize("count", [3, 60])
@pytest.mark.parametrize("more", [-1, 1])
async def test_columns_of_unlike_length_are_refused_whole(database: Database, count: int, more: int) -> None:
    columns: dict[str, Sequence[Any]] = {
        "name": [f"mark {number}" for number in range(count)],
        "value": ["1"] * (count + more),
    }
    with pytest.raises(ValueError, match=r"length|argument"):
        await database.write(lambda session: insert_columns(session, _MARKS, columns))
    assert await marks(database) == set()


async def test_a_row_that_is_refused_among_many_takes_all_of_them_along(database: Database) -> None:
    columns: dict[str, Sequence[Any]] = {
        "name": [f"mark {number % 119}" for number in range(120)],  # the last one stands twice
        "value": ["1"] * 120,
    }
    with pytest.raises(StatementRefused):
        await database.write(lambda session: insert_columns(session, _MARKS, columns))
    assert await marks(database) == set()
