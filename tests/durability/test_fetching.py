"""Messages whose files have to be fetched first: in order, tried again, given up in the end (rule C9)."""

from __future__ import annotations

import asyncio

from bot.fetching import LOST
from bot.inbound import FETCH_LEASE, MAX_FETCHES, RETRY_SECONDS
from bot.platforms.base import Rejected, Unavailable
from models.types import InboxState, PendingFile

from .line import Line, line_on

DONE = InboxState.DONE.value
WAITING = InboxState.WAITING.value
PICTURE = (PendingFile("media-1", "照片"),)


async def fetched(line: Line, count: int) -> None:
    """Let what may go begin, and wait until so many fetches have ended and been recorded."""
    await line.move()
    async with asyncio.timeout(10):
        while line.fetched < count or line.inbound._fetching:
            await asyncio.sleep(0.001)


async def test_the_sender_waits_behind_the_file_and_nobody_else(city_url: str) -> None:
    async with line_on(city_url) as line:
        line.fetches = [Unavailable("busy"), TimeoutError(), None]
        await line.say("张伟", "/回声 1", pending=PICTURE)
        await line.say("张伟", "/回声 2")
        await line.say("李娜", "/回声 3")
        await fetched(line, 1)
        assert line.window.to("李娜") == ["收到3"]
        assert line.window.to("张伟") == []
        assert await line.inbox("张伟") == [(WAITING, 1), (WAITING, 0)]
        line.clock.go(RETRY_SECONDS[0])
        await fetched(line, 2)
        await line.move()
        assert line.fetched == 2, "too early"
        line.clock.go(RETRY_SECONDS[1])
        await fetched(line, 3)
        await line.move()
        assert line.window.to("张伟") == ["收到1", "收到2"]
        assert await line.inbox("张伟") == [(DONE, 0), (DONE, 0)]


async def test_it_is_given_up_and_said(city_url: str) -> None:
    async with line_on(city_url) as line:
        line.fetches = [Unavailable("down")] * MAX_FETCHES
        await line.say("张伟", "/回声 1", pending=PICTURE)
        for attempt in range(1, MAX_FETCHES):
            await fetched(line, attempt)
            line.clock.go(RETRY_SECONDS[attempt - 1])
        await line.move()
        async with asyncio.timeout(10):
            while await line.inbox("张伟") != [(DONE, 0)]:
                await line.move()
        assert line.fetched == MAX_FETCHES - 1
        assert line.window.to("张伟") == ["收到1", LOST], "the text is not lost with the file (rule C9)"


async def test_whoever_comes_after_a_dead_process_waits_for_its_lease(city_url: str) -> None:
    async with line_on(city_url) as line:
        line.fetches = [Rejected("never recorded")]
        await line.say("张伟", "/回声 1", pending=PICTURE)
        await line.database.write(
            lambda session: line.inbound._process_chunk(session, limit=8, giving_way=False)
        )  # and it dies
        clock = line.clock
    async with line_on(city_url, clock=clock) as line:
        line.fetches = [None]
        await line.move()
        assert (line.fetched, await line.inbox("张伟")) == (0, [(WAITING, 1)])
        clock.go(FETCH_LEASE.total_seconds())
        await fetched(line, 1)
        await line.move()
        assert line.window.to("张伟") == ["收到1"]
