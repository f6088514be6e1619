"""The contract on WeCom's self-built app."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

from tests.fakes import wecom as fake
from tests.platforms.conftest import LIAISON, Office, wecom_office
from tests.platforms.contract.harness import REPORT, Harness, Knock, Trait
from tests.postgres import Server


class WecomApp(Harness):
    name = "wecom"
    without: ClassVar = {Trait.GROUPS: "the vendor hands nothing of a group to an app"}
    secrets = (fake.SECRET, fake.TOKEN, fake.KEY, "access_token=")

    def __init__(self, office: Office) -> None:
        self.city, self.server, self._office = office.city, office.server, office
        self._count = 0

    async def deliver(self, text: str, *, times: int = 1) -> None:
        self._count += 1
        caller = self._office.caller
        inner = caller.text(LIAISON, text, message_id=f"732{self._count:016}")
        made = caller.sealed(inner)
        seen = await asyncio.gather(*(caller.post(*made) for _ in range(times)))
        seen.append(await caller.post(*caller.sealed(inner)))  # and once more, sealed anew
        assert set(seen) == {(200, b"")}

    async def choose(self, label: str, *, times: int = 1) -> None:
        caller = self._office.caller
        inner = caller.click(LIAISON, self.server.card(LIAISON), label)
        for _ in range(times):
            await caller.deliver(inner)
        await self.settle()

    async def attach(self, name: str, content: bytes) -> None:
        media = secrets.token_hex(8)
        self.server.media[media] = (name, content)
        caller = self._office.caller
        await caller.deliver(caller.inner(LIAISON, "file", MediaId=media, FileName=name))

    async def knock(self, how: Knock) -> int:
        caller = self._office.caller
        stamp = caller.at - 600 if how is Knock.STALE else caller.at
        query, body = caller.sealed(caller.text(LIAISON, REPORT, message_id="7329"), stamp=stamp)
        if how is Knock.NOBODY:
            query = {}
        if how is Knock.FORGED:
            query["msg_signature"] = "0" * 40
        if how is Knock.OVERSIZED:
            body += b" " * 1024 * 1024
        return (await caller.post(query, body))[0]

    async def garbage(self) -> list[int]:
        caller = self._office.caller
        query, _ = caller.sealed(caller.text(LIAISON, REPORT))
        bodies = (b"", b"hello", b"\xff", b"{}", b"<xml/>", b"<xml><Encrypt>" * 9)
        plain = [(await caller.post(query, body))[0] for body in bodies]
        inner = ("", "no xml", '<!DOCTYPE xml [<!ENTITY a "b">]><xml>&a;</xml>')
        return [*plain, *[(await caller.post(*caller.sealed(one)))[0] for one in inner]]

    def heard(self) -> list[str]:
        """Texts without their serial number; the cards behind them repeat only a heading."""
        return [
            re.sub(r"\n〔[\d.]+〕$", "", one.text) for one in self.server.to(LIAISON) if one.kind == "text"
        ]

    def limit(self) -> None:
        self.server.refuse["message/send"] = [45009]

    def end_token(self) -> Callable[[], None]:
        self.server.end_tokens()
        return lambda: None  # a new one is asked for

    def lose_person(self) -> str:
        self.server.members.clear()
        return "81013"

    def refuse_once(self) -> str:
        self.server.refuse["message/send"] = [40058]
        return "40058"

    async def outage(self, down: bool) -> None:
        self.server.gone = down

    def sends(self) -> int:
        return self.server.calls["message/send"]


HARNESS = WecomApp


@asynccontextmanager
async def opened(
    tmp_path: Path, databases: Server | None, through: Callable[[str], str] | None
) -> AsyncIterator[WecomApp]:
    async with wecom_office(tmp_path, databases, through=through) as office:
        yield WecomApp(office)
