"""The contract on WeCom's AI bot by callback: its answers are fetched as streams, the rest goes to reply addresses."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

from tests.fakes import wecom_aibot as fake
from tests.platforms.bots import GROUP, BotOffice, bot_office
from tests.platforms.conftest import LIAISON
from tests.platforms.contract.harness import REPORT, Harness, Knock, Trait
from tests.postgres import Server

Json = dict[str, Any]
ONLY_ANSWERS = "it only answers, and never speaks first"


class WecomAibot(Harness):
    name = "wecom_aibot"
    without: ClassVar = {
        Trait.NOTICES: ONLY_ANSWERS,
        Trait.CALLS: ONLY_ANSWERS,
        Trait.TOKENS: ONLY_ANSWERS,
        Trait.HTTP: ONLY_ANSWERS,
        Trait.PEOPLE: ONLY_ANSWERS,
        Trait.REPEATS: "a reply address works once",
    }
    secrets = (fake.TOKEN, fake.KEY, "response_code")

    def __init__(self, office: BotOffice) -> None:
        self.city, self._office = office.city, office
        self._screen: dict[str, str] = {}  # of 张伟: a stream shows its latest content, each post is its own
        self._card: Json = {}
        self._open: dict[str, Json] = {}  # what was said, by streams that have not ended

    async def deliver(self, text: str, *, times: int = 1) -> None:
        await self._deliver(self._office.caller.text(LIAISON, text), times)

    async def _deliver(self, said: Json, times: int = 1) -> None:
        caller = self._office.caller
        query, body = caller.sealed(said)
        for status, raw in await asyncio.gather(*(caller.post(query, body) for _ in range(times))):
            assert status == 200, (status, raw)
            self._show(said, caller.opened(raw, query))
        self._show(said, await caller.say(said))  # and once more, sealed anew

    def _show(self, said: Json, told: Json) -> None:
        self._show_posted()
        if "stream" in told:
            stream = told["stream"]["id"]
            self._screen[stream] = told["stream"]["content"]
            if told["stream"]["finish"]:
                self._open.pop(stream, None)
            else:
                self._open[stream] = said
        self._card = told.get("template_card", self._card)

    def _show_posted(self) -> None:
        for number, body in enumerate(self._office.screen.posted):
            if "markdown" in body:
                self._screen.setdefault(f"post {number}", body["markdown"]["content"])

    async def settle(self) -> None:
        """The platform asks for the rest of every stream that has not ended."""
        await super().settle()
        for stream, said in list(self._open.items()):
            caller = self._office.caller
            self._show(said, await caller.say(caller.poll(said, stream)))
        await super().settle()

    async def in_group(self, text: str, *, named: bool) -> list[str]:
        """The vendor hands on only what names the bot."""
        if not named:
            return []
        caller = self._office.caller
        told = await caller.whole(caller.text(LIAISON, f"@{fake.NAME} {text}", group=GROUP))
        await self.settle()
        return [told["stream"]["content"]]

    async def choose(self, label: str, *, times: int = 1) -> None:
        click = self._office.caller.click(LIAISON, self._card, label)
        await self._deliver(click, times)
        await self.settle()

    async def attach(self, name: str, content: bytes) -> None:
        caller = self._office.caller
        url = self._office.screen.put(name, content, caller.envelope.key)
        await self._deliver(caller.body(LIAISON, "file", {"url": url}))

    async def knock(self, how: Knock) -> int:
        caller = self._office.caller
        said = caller.text(LIAISON, REPORT, message_id="CAIQknock")
        query, body = caller.sealed(said, stamp=caller.at - 600 if how is Knock.STALE else None)
        if how is Knock.NOBODY:
            query = {}
        if how is Knock.FORGED:
            query["msg_signature"] = "0" * 40
        if how is Knock.OVERSIZED:
            body += b" " * 1024 * 1024
        status, raw = await caller.post(query, body)
        if status == 200:
            self._show(said, caller.opened(raw, query))
        return status

    async def garbage(self) -> list[int]:
        caller = self._office.caller
        query, _ = caller.sealed(caller.text(LIAISON, REPORT))
        bodies = (b"", b"hello", b"\xff", b"[]", b"{}", b'{"encrypt": 5}', b"[" * 100_000)
        plain = [(await caller.post(query, body))[0] for body in bodies]
        return [*plain, *[await self._sealed(inner) for inner in ("", "[1]", "null", "{}", "[" * 50_000)]]

    async def _sealed(self, inner: str) -> int:
        caller = self._office.caller
        made = caller.envelope.seal(inner, timestamp=str(caller.at), nonce=secrets.token_hex(5))
        query = {"msg_signature": made.signature, "timestamp": made.timestamp, "nonce": made.nonce}
        return (await caller.post(query, json.dumps({"encrypt": made.encrypt}).encode()))[0]

    def heard(self) -> list[str]:
        self._show_posted()
        return list(self._screen.values())


HARNESS = WecomAibot


@asynccontextmanager
async def opened(
    tmp_path: Path, databases: Server | None, through: Callable[[str], str] | None
) -> AsyncIterator[WecomAibot]:
    async with bot_office(tmp_path, databases=databases, app=False, through=through) as office:
        yield WecomAibot(office)
