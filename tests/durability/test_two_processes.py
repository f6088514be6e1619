"""Two processes on one PostgreSQL: work is done once, and one carries on for the other (rules A4 C12 P1)."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import insert, pool, select, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session

from bot.clock import WallClock
from models.operations import drafts
from models.operations.versions import INSTALLED_AT, put_mark
from models.queries import directory as directories
from models.tables.clockwork import JobRun, Timer
from models.tables.outbox import OutboxNotice
from models.types import OutboxState
from scheduler.jobs import JOBS

from .books import Books, books_of
from .crowd import Crowd, Said
from .polling import until
from .process import Bot

TIMERS = 60
TAKEOVER_SECONDS = 30
GROUP = "青禾县"


def prepare(session: Session, now: datetime) -> None:
    """Jobs of three days to catch up on, timers due from now on, and a count of each time that one fires."""
    put_mark(session, INSTALLED_AT, (now - timedelta(days=3)).isoformat())
    session.execute(
        insert(Timer),
        [
            {
                "key": f"test {number}", "kind": drafts.REMINDER, "subject_kind": "draft", "subject_id": 10**6 + number,
                "body": {}, "due_at": now + timedelta(seconds=number / 2), "state": "waiting", "attempts": 0,
            }
            for number in range(TIMERS)
        ],
    )  # fmt: skip
    session.execute(text("CREATE TABLE fired (timer_id bigint)"))
    session.execute(
        text(
            "CREATE FUNCTION note_fired() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN INSERT INTO fired VALUES (NEW.id); RETURN NEW; END $$"
        )
    )
    session.execute(
        text(
            "CREATE TRIGGER note_fired AFTER UPDATE OF state ON timers FOR EACH ROW "
            "WHEN (NEW.state = 'fired') EXECUTE FUNCTION note_fired()"
        )
    )


def due_jobs(session: Session, since: datetime, now: datetime) -> Counter[tuple[str, datetime]]:
    calendar = directories.load(session).calendar
    return Counter((job.name, due) for job in JOBS for due in job.schedule.between(since, now, calendar))


async def all_fired(books: Books) -> bool:
    waiting = select(Timer.id).where(Timer.key.startswith("test "), Timer.state == "waiting")
    return await books.database.read(lambda session: session.execute(waiting).first() is None)


@pytest.mark.postgres_only
@pytest.mark.timeout(240)
async def test_two_processes_do_everything_once(shared_city_url: str, tmp_path: Path) -> None:
    bots = [Bot(shared_city_url, tmp_path, name=name) for name in ("one", "two")]
    installed = WallClock().now()
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as client,
            books_of(shared_city_url, tmp_path) as books,
        ):
            await books.database.write(lambda session: prepare(session, installed))
            for bot in bots:
                bot.start()
            for bot in bots:
                await bot.ready(client)
            crowd = Crowd(bots, client, random.Random(2))
            crowd.begin()
            await crowd.heard(200)
            await crowd.finish()
            await until(lambda: all_fired(books), "every timer has fired")
            await books.settled()

            def look(session: Session) -> tuple[list[int], set[int], Counter[tuple[str, datetime]]]:
                fired = list(session.execute(text("SELECT timer_id FROM fired")).scalars())
                mine = set(session.execute(select(Timer.id).where(Timer.key.startswith("test "))).scalars())
                runs = Counter((run.job, run.due_at) for run in session.execute(select(JobRun)).scalars())
                return fired, mine, runs

            fired, mine, runs = await books.database.read(look)
            assert len(fired) == len(set(fired)), "no timer fired twice"
            assert mine <= set(fired)
            wanted = await books.database.read(
                lambda session: due_jobs(session, installed - timedelta(days=3), installed)
            )
            assert len(wanted) > len(JOBS)
            assert wanted <= runs
            assert set(runs.values()) == {1}

            await books.database.write(
                lambda session: session.execute(text("DROP TRIGGER note_fired ON timers")) and None
            )
            await books.database.write(lambda session: session.execute(text("DROP TABLE fired")) and None)
            await books.check(crowd.said)
            for bot in bots:
                assert await bot.stop() == 0, bot.said()
                assert "Traceback" not in bot.said()
    finally:
        for bot in bots:
            bot.end()


@pytest.mark.postgres_only
@pytest.mark.timeout(240)
async def test_one_takes_over_what_the_other_had_claimed(shared_city_url: str, tmp_path: Path) -> None:
    """The first is killed with claimed replies, in the middle of a write; the second sends them in their order.

    In a group: what the web chat answers in private is shown with the commit that answers, and never claimed.
    """
    bots = [Bot(shared_city_url, tmp_path, name=name) for name in ("one", "two")]
    people = ("李娜", "孙晓雯", "张伟")

    def asked(who: str, number: int) -> dict[str, object]:
        return {"from": who, "chat": GROUP, "text": "@助手 /查 青禾灌区", "message_id": f"{who} {number}"}

    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as client,
            books_of(shared_city_url, tmp_path) as books,
        ):
            for bot in bots:
                bot.start()
            for bot in bots:
                await bot.ready(client)
            wall = await create_async_engine(shared_city_url, poolclass=pool.NullPool).connect()
            await wall.execute(text("LOCK TABLE webchat_messages IN EXCLUSIVE MODE"))  # nothing can be shown
            first = await asyncio.gather(*(bots[0].post(client, asked(who, 1)) for who in people))
            assert [status for status, _ in first] == [202, 202, 202]
            await until(lambda: _claimed(books), "the first process has claimed a reply")
            bots[0].kill()
            await wall.rollback()
            await wall.close()
            # The second process goes on at once; what the same people say next waits for what came before.
            second = await asyncio.gather(*(bots[1].post(client, asked(who, 2)) for who in people))
            assert [status for status, _ in second] == [202, 202, 202]
            took = await books.settled(seconds=TAKEOVER_SECONDS)
            print(f"taken over after {took:.1f} s")
            assert took < TAKEOVER_SECONDS
            said = {
                who: [Said(who, f"{who} {number}", "", acknowledged=True, chat=GROUP) for number in (1, 2)]
                for who in people
            }
            await books.check(said)
            assert await bots[1].stop() == 0, bots[1].said()
    finally:
        for bot in bots:
            bot.end()


async def _claimed(books: Books) -> bool:
    sending = select(OutboxNotice.id).where(OutboxNotice.state == OutboxState.SENDING.value)
    return await books.database.read(lambda session: session.execute(sending).first() is not None)
