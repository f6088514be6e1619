"""The contract on Matrix: choices are numbers."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

from tests.fakes import matrix as fake
from tests.platforms.contract.harness import REPORT, Harness, Knock, Trait
from tests.platforms.matrix_office import ZHANG, MatrixOffice, matrix_office
from tests.postgres import Server


class MatrixService(Harness):
    name = "matrix"
    without: ClassVar = {Trait.STAMPS: "a homeserver delivers late whatever it could not deliver in time"}
    secrets = (fake.AS_TOKEN, fake.HS_TOKEN)

    def __init__(self, office: MatrixOffice) -> None:
        self.city, self.server, self._office = office.city, office.server, office
        self._count = 0

    async def _deliver(self, event: object, times: int = 1) -> None:
        self._count += 1
        caller = self._office.caller
        number = f"t{self._count}"
        seen = await asyncio.gather(*(caller.put([event], number=number) for _ in range(times)))
        seen.append(await caller.put([event], number=f"{number} anew"))
        assert all(one == (200, {}) for one in seen)

    async def deliver(self, text: str, *, times: int = 1) -> None:
        await self._deliver(self.server.text(ZHANG, self._office.room, text), times)

    async def in_group(self, text: str, *, named: bool) -> list[str]:
        room = self._office.group
        before = len(self.server.screen(room))
        await self._deliver(self.server.text(ZHANG, room, f"@助手 {text}" if named else text))
        await self.settle()
        return [one.text for one in self.server.screen(room)[before:]]

    async def choose(self, label: str, *, times: int = 1) -> None:
        number = self._office.card().number(label)
        await self._deliver(self.server.text(ZHANG, self._office.room, number), times)
        await self.settle()

    async def attach(self, name: str, content: bytes) -> None:
        url = f"mxc://{fake.SERVER}/{secrets.token_hex(8)}"
        self.server.media[url] = (name, content)
        told = {"msgtype": "m.file", "body": name, "filename": name, "url": url}
        await self._deliver(self.server.event(ZHANG, self._office.room, told))

    async def knock(self, how: Knock) -> int:
        caller = self._office.caller
        event = self.server.text(ZHANG, self._office.room, REPORT)
        if how is Knock.NOBODY:
            where = f"{caller.url}/_matrix/app/v1/transactions/1"
            async with caller.client.put(where, json={"events": [event]}) as response:
                return response.status
        raw = b" " * 17 * 1024 * 1024 if how is Knock.OVERSIZED else None
        token = "x" * len(fake.HS_TOKEN) if how is Knock.FORGED else fake.HS_TOKEN
        return (await caller.put([event], number="knock", token=token, raw=raw))[0]

    async def garbage(self) -> list[int]:
        caller = self._office.caller
        bodies = (b"", b"hello", b"\xff", b"[]", b"{}", b'{"events": {}}', b"[" * 100_000)
        return [(await caller.put([], raw=body))[0] for body in bodies]

    def heard(self) -> list[str]:
        return [one.text for one in self.server.to(ZHANG)]

    def limit(self) -> None:
        self.server.refuse["send"] = [fake.LIMITED]

    def end_token(self) -> Callable[[], None]:
        self.server.token = "another-token-0123456789"

        def mend() -> None:
            self.server.token = fake.AS_TOKEN

        return mend

    def lose_person(self) -> str:
        self.server.users.discard(ZHANG)
        for room in self.server.rooms.values():
            room.members.pop(fake.BOT, None)
        return "no such user"

    def refuse_once(self) -> str:
        self.server.refuse["send"] = [(400, {"errcode": "M_BAD_JSON", "error": "no"})]
        return "M_BAD_JSON"

    async def outage(self, down: bool) -> None:
        self.server.gone = down

    def sends(self) -> int:
        return self.server.calls["send"]


HARNESS = MatrixService


@asynccontextmanager
async def opened(
    tmp_path: Path, databases: Server | None, through: Callable[[str], str] | None
) -> AsyncIterator[MatrixService]:
    async with matrix_office(tmp_path, databases, through=through) as office:
        yield MatrixService(office)
