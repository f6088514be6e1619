"""The contract on the local web chat: its server is the product itself."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

from tests.flows.city import City, city_at
from tests.platforms.contract.harness import REPORT, Harness, Knock, Trait
from tests.platforms.offices import WHO
from tests.postgres import Server

AT = "2026-09-22 10:02"
GROUP = "青禾县"


class Webchat(Harness):
    name = "webchat"
    without: ClassVar = {
        Trait.STAMPS: "it is the product's own page: nobody else delivers",
        Trait.CALLS: "its server is the product itself",
        Trait.TOKENS: "its server is the product itself",
        Trait.PEOPLE: "its server is the product itself",
    }

    def __init__(self, city: City) -> None:
        self.city = city
        self._count = 0
        self._said_by_the_page: list[str] = []

    async def deliver(self, text: str, *, times: int = 1) -> None:
        self._count += 1
        await asyncio.gather(
            *(self.city.say(WHO, text, message_id=f"m{self._count}", settle=False) for _ in range(times))
        )

    async def in_group(self, text: str, *, named: bool) -> list[str]:
        before = len(self.city.heard(GROUP))
        await self.city.say(WHO, text, group=GROUP, addressed=named)
        return [message.text for message in self.city.heard(GROUP)[before:]]

    async def choose(self, label: str, *, times: int = 1) -> None:
        self._count += 1
        shown = self.city.with_button(WHO, label)
        for _ in range(times):
            await self.city.press_on(shown, WHO, label, message_id=f"m{self._count}")

    async def attach(self, name: str, content: bytes) -> None:
        file = {"name": name, "base64": base64.b64encode(content).decode()}
        body = {"from": WHO, "chat": "private", "text": "", "attachments": [file]}
        status, answer = await self.city.post("messages", body)
        if status != 202:  # said by the page itself, at once
            self._said_by_the_page.append(answer["error"])

    async def knock(self, how: Knock) -> int:
        body = {"from": WHO, "chat": "private", "text": REPORT, "message_id": "knock"}
        headers = {"Content-Type": "application/json"}
        if how is Knock.NOBODY:
            headers["Sec-Fetch-Site"] = "cross-site"
        if how is Knock.FORGED:
            headers["Host"] = "evil.example"
        if how is Knock.OVERSIZED:
            body["text"] = "投资" * 20_000
        return await self._post(json.dumps(body).encode(), headers)

    async def garbage(self) -> list[int]:
        kind = {"Content-Type": "application/json"}
        return [
            await self._post(body, kind) for body in (b"", b"hello", b"[]", b"{}", b"\xff", b'{"from": 5}')
        ]

    async def _post(self, body: bytes, headers: dict[str, str]) -> int:
        where = f"{self.city.base}/webchat/api/messages"
        async with self.city.client.post(where, data=body, headers=headers) as response:
            await response.read()
            return response.status

    def heard(self) -> list[str]:
        return [*(message.text for message in self.city.heard(WHO)), *self._said_by_the_page]


HARNESS = Webchat


@asynccontextmanager
async def opened(
    tmp_path: Path, databases: Server | None, _through: Callable[[str], str] | None
) -> AsyncIterator[Webchat]:
    async with city_at(tmp_path, AT, server=databases) as city:
        yield Webchat(city)
