"""Several people who write at the same time, as platforms deliver them: redelivered until acknowledged."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import aiohttp

from .polling import until
from .process import Bot

REPORTER: Final = "张伟"  # reports figures and confirms them; the others ask
PEOPLE: Final = (REPORTER, "李娜", "孙晓雯", "彭倩", "苏静", "唐静")
QUESTIONS: Final = ("/我的", "/查 ZX0031", "/草稿", "/查 青禾灌区")


@dataclass(slots=True)
class Said:
    """One message as its sender knows it. acknowledged: a 202 came back. chat: the group; empty in private."""

    who: str
    message_id: str
    text: str
    acknowledged: bool = False
    chat: str = ""


@dataclass(slots=True)
class Crowd:
    """People talk from `begin` until `finish`; `said` holds what each of them sent, in order."""

    bots: Sequence[Bot]
    client: aiohttp.ClientSession
    chance: random.Random
    people: tuple[str, ...] = PEOPLE
    said: dict[str, list[Said]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    acknowledged: int = 0
    redelivered: int = 0
    _stop: bool = False
    _talking: list[asyncio.Task[None]] = field(default_factory=list)

    def begin(self) -> None:
        self.said = {who: [] for who in self.people}
        self._talking = [asyncio.ensure_future(self._talk(who)) for who in self.people]

    async def finish(self, *, seconds: float = 60) -> None:
        """Let everybody bring their last message to its end. The product must be running."""
        self._stop = True
        async with asyncio.timeout(seconds):
            await asyncio.gather(*self._talking)
        assert self.problems == []

    async def heard(self, count: int, *, seconds: float = 60) -> None:
        """Wait until so many messages have been acknowledged in all."""

        async def enough() -> bool:
            return self.acknowledged >= count

        await until(enough, f"{count} messages are acknowledged ({self.acknowledged})", seconds=seconds)

    async def _talk(self, who: str) -> None:
        number = 0
        while not self._stop:
            number += 1
            await self._deliver(Said(who, f"{who}-{number}", _text(who, number)))

    async def _deliver(self, said: Said) -> None:
        """Send until it is acknowledged; now and then the platform gives up, or delivers again for nothing."""
        self.said[said.who].append(said)
        gives_up = self.chance.random() < 0.1
        while not said.acknowledged:
            fresh = await self._post(said)
            if fresh is not None:
                said.acknowledged = True
                self.acknowledged += 1
            elif gives_up:
                return  # it may have been stored all the same
            else:
                self.redelivered += 1
                await asyncio.sleep(0.2)  # a platform's pause between attempts
        if self.chance.random() < 0.05 and await self._post(said):
            self.problems.append(f"{said.message_id} was taken twice")

    async def _post(self, said: Said) -> bool | None:
        """True: taken as new; False: known already; None: not acknowledged."""
        body = {"from": said.who, "text": said.text, "message_id": said.message_id}
        try:
            status, answer = await self.chance.choice(self.bots).post(self.client, body)
        except (aiohttp.ClientError, TimeoutError, ValueError):  # refused, cut off, or cut off in the middle
            return None
        if status == 202:
            return not answer["repeat"]
        if status != 503:
            self.problems.append(f"{said.message_id}: {status} {answer}")
        return None


def _text(who: str, number: int) -> str:
    if who == REPORTER:
        return f"ZX0031累计{5000 + number}万" if number % 2 else "确认"
    return QUESTIONS[number % len(QUESTIONS)]
