"""SIGTERM while messages are under way: an orderly end, and nothing is lost or done twice by it (rules C12 P1)."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.tasks import Tasks
from models.tables.outbox import OutboxNotice
from models.types import OutboxState

from .books import books_of
from .crowd import Crowd
from .process import Bot

STOP_SECONDS = 25  # requests under way get 5 seconds, messages under way 20


@pytest.mark.timeout(240)
async def test_a_graceful_stop_under_load(city_url: str, tmp_path: Path) -> None:
    bot = Bot(city_url, tmp_path)
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as client:
            bot.start()
            await bot.ready(client)
            page = asyncio.ensure_future(bot.poll(client))  # an open page waits for news all the while
            crowd = Crowd([bot], client, random.Random(1))
            crowd.begin()
            await crowd.heard(40)
            assert await bot.stop(seconds=STOP_SECONDS) == 0, bot.said()
            await page
            async with books_of(city_url, tmp_path) as books:
                claimed = select(func.count()).where(OutboxNotice.state == OutboxState.SENDING.value)
                left = await books.database.read(lambda session: session.execute(claimed).scalar_one())
                assert left == 0, "what was claimed is sent before the end"

                bot.start()
                await bot.ready(client)
                await crowd.heard(crowd.acknowledged + 20)
                await crowd.finish()
                await books.settled()
                await books.check(crowd.said)
            assert await bot.stop(seconds=STOP_SECONDS) == 0, bot.said()
            assert "Traceback" not in bot.said()
    finally:
        bot.end()


@pytest.mark.sqlite_only
async def test_who_lost_a_cancellation_is_told_again() -> None:
    tasks = Tasks(patience=0.01)
    began = asyncio.Event()

    async def hard_of_hearing() -> None:
        began.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    task = tasks.start(hard_of_hearing(), name="hard of hearing")
    await began.wait()
    async with asyncio.timeout(5):
        await tasks.stop()
    assert task.cancelled()
    assert tasks.failed == []
