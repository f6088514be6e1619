"""The running product is killed at random moments under load: nothing lost, nothing twice (C12 P1, S12).

ZHUANBAN_KILLS: how often (5 unless told); ZHUANBAN_SEED: the same moments again.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
from pathlib import Path

import aiohttp
import pytest

from .books import books_of
from .crowd import Crowd
from .process import Bot

KILLS = int(os.environ.get("ZHUANBAN_KILLS", "5"))
SEED = int(os.environ.get("ZHUANBAN_SEED") or secrets.randbelow(1_000_000))


@pytest.mark.timeout(120 + 30 * KILLS)
async def test_killed_again_and_again(city_url: str, tmp_path: Path) -> None:
    print(f"ZHUANBAN_SEED={SEED} ZHUANBAN_KILLS={KILLS}")  # shown when the test fails
    chance = random.Random(SEED)
    bot = Bot(city_url, tmp_path)
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as client:
            bot.start()
            crowd = Crowd([bot], client, chance)
            crowd.begin()
            for number in range(KILLS):
                if number % 5 == 3:  # while it starts, or catches up with what the one before has left
                    await asyncio.sleep(chance.uniform(1, 6))
                else:
                    await bot.ready(client)
                    await crowd.heard(crowd.acknowledged + chance.randint(1, 60))
                    await asyncio.sleep(chance.uniform(0, 0.05))
                bot.kill()
                bot.start()
            await bot.ready(client)
            await crowd.finish()
            async with books_of(city_url, tmp_path) as books:
                waited = await books.settled()
                counts = await books.check(crowd.said)
                print(f"{counts} redelivered: {crowd.redelivered}, settled after {waited:.1f} s")
                assert counts["acknowledged"] >= KILLS

                # The platform delivers again what was processed long ago, in another process.
                for one in chance.sample(
                    [one for some in crowd.said.values() for one in some if one.acknowledged], 20
                ):
                    status, answer = await bot.post(
                        client, {"from": one.who, "text": one.text, "message_id": one.message_id}
                    )
                    assert (status, answer["repeat"]) == (202, True)
                await books.settled()
                assert await books.check(crowd.said) == counts
            assert await bot.stop() == 0, bot.said()
    finally:
        bot.end()
