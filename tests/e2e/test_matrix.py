"""The product with a real homeserver and a real client: from a liaison's words to a push in the group.

Needs the environment of `make e2e`; run_all.py names it where it is missing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.platforms.matrix.setup import inspect, registration
from bot.settings import MatrixSettings
from tests.e2e.homeserver import PYTHON, SERVER, Homeserver
from tests.fakes.fault_proxy import Fault, FaultProxy, fault_proxy
from tests.flows.city import City, city_at
from tests.flows.samples import jpeg
from tests.flows.told import group_id
from tests.platforms.offices import move

BOT = f"@zhuanban:{SERVER}"
ZHANG = f"@zhangwei:{SERVER}"
LI = f"@wangli:{SERVER}"
PLANT = "ZX0031"
REPORT = "城南污水处理厂累计完成投资5500万,主体结构封顶"
AT = "2026-09-22 10:02"


class People:
    """The clients, in a process of their own environment."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._turn = asyncio.Lock()

    async def ask(self, do: str, user: str, **told: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._turn:
            self._process.stdin.write(json.dumps({"do": do, "user": user, **told}).encode() + b"\n")
            await self._process.stdin.drain()
            said = json.loads(await self._process.stdout.readline())
        assert "error" not in said, (do, told, said)
        return said["answer"]

    async def say(self, user: str, room: str, text: str, **more: Any) -> str:
        event: str = await self.ask(
            "say", user, room=room, content={"msgtype": "m.text", "body": text, **more}
        )
        return event

    async def wait(self, user: str, room: str, part: str, *, after: str) -> dict[str, str]:
        """The bot's first message with these words behind another message."""
        found: dict[str, str] = await self.ask("wait", user, room=room, sender=BOT, part=part, after=after)
        return found

    async def heard(self, user: str, room: str) -> list[str]:
        """All that the bot said in a room so far."""
        return [one["body"] for one in await self.ask("seen", user, room=room) if one["sender"] == BOT]


@dataclass(slots=True)
class Bed:
    """city: the product, reached by the homeserver through `way`, which can lose answers."""

    city: City
    server: Homeserver
    people: People
    way: FaultProxy

    async def restart_product(self) -> None:
        await self.city.restart()
        self.way.target = self.city.base

    async def until(self, done: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(30):
            while not await done():
                await asyncio.sleep(0.05)

    async def ytd(self) -> int:
        found: int = (await self.city.project(PLANT))["ytd_wan"]
        return found


@pytest.fixture
async def bed(tmp_path: Path) -> AsyncIterator[Bed]:
    assert PYTHON.exists(), "the environment is missing: make e2e"
    async with AsyncExitStack() as stack:
        way = await stack.enter_async_context(fault_proxy())
        city = await stack.enter_async_context(city_at(tmp_path, AT))
        told = MatrixSettings(
            as_token=SecretStr("as-token-of-this-test"), hs_token=SecretStr("hs-token-of-this-test"), user_id=BOT
        )  # fmt: skip
        settings = city.settings.model_copy(update={"matrix": told, "public_url": way.base})
        folder = tmp_path / "homeserver"
        folder.mkdir()
        server = Homeserver(folder, registration(settings))
        server.write()
        stack.callback(server.stop)
        await server.start()
        process = await asyncio.create_subprocess_exec(
            str(PYTHON), str(Path(__file__).parent / "client.py"), server.base,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**22,
        )  # fmt: skip
        stack.push_async_callback(ended, process)
        people = People(process)
        for user in (ZHANG, LI):
            await people.ask("register", user)
        await move(city, platform="matrix", account=ZHANG)
        told = told.model_copy(update={"homeserver_url": server.base})
        changed = {"platforms": ("webchat", "matrix"), "matrix": told, "public_url": way.base}
        city.settings = city.settings.model_copy(update=changed)
        running = Bed(city, server, people, way)
        await running.restart_product()
        yield running


async def ended(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    async with asyncio.timeout(20):
        await process.wait()


async def test_from_a_report_to_a_push_in_the_group(bed: Bed) -> None:
    people = bed.people
    # The county's group, registered as a roster would.
    group = await people.ask("room", LI, invite=[BOT, ZHANG], name="青禾县专班", direct=False)
    assert await people.ask("join", ZHANG) == group
    await bed.city.change(
        "UPDATE group_accounts SET platform = 'matrix', account = :room WHERE group_id = :id",
        room=group, id=await group_id(bed.city, "青禾县"),
    )  # fmt: skip
    await bed.restart_product()
    assert not any(one.mend for one in await inspect(bed.city.settings)), await inspect(bed.city.settings)

    # A private chat, opened by the person; the bot comes in by itself, and hears what was said before.
    room = await people.ask("room", ZHANG, invite=[BOT], name="", direct=True)
    hello = await people.say(ZHANG, room, "/帮助")
    await people.wait(ZHANG, room, "/", after=hello)

    # A picture, a report, and a card that offers it (C9).
    photo = bed.server.folder / "a.jpg"
    photo.write_bytes(jpeg())
    url = await people.ask("upload", ZHANG, path=str(photo), media_type="image/jpeg")
    await people.ask(
        "say", ZHANG, room=room,
        content={"msgtype": "m.image", "body": "现场.jpg", "filename": "现场.jpg", "url": url, "info": {}},
    )  # fmt: skip
    said = await people.say(ZHANG, room, REPORT)
    card = await people.wait(ZHANG, room, PLANT, after=said)
    assert "现场.jpg" in card["body"]
    assert "1 确认" in card["body"]
    assert await bed.ytd() == 4700

    # The homeserver restarts between card and choice. Then the ledger has it, the light turns, the group is told.
    bed.server.stop()
    await bed.server.start()
    chosen = await people.say(ZHANG, room, "1")
    await people.wait(ZHANG, room, "5500", after=chosen)
    assert await bed.ytd() == 5500
    assert (await bed.city.project(PLANT))["light"] == "绿"
    await bed.city._settle()  # this clock stands still: what waits for a group goes when it is asked to
    push = await people.wait(LI, group, PLANT, after="")
    assert "绿" in push["body"]
    await bed.until(lambda: shows(bed, room, "（已处理）"))

    # A lost answer makes the homeserver send the same transaction again: one effect, one answer.
    before = len((await bed.city.project(PLANT))["entries"])
    bed.way.spoil = [Fault.REPLY_LOST, Fault.REPLY_LOST]
    said = await people.say(ZHANG, room, "城南污水处理厂累计完成投资5600万")
    await people.wait(ZHANG, room, "5600", after=said)
    confirmed = await people.say(ZHANG, room, "确认")
    await people.wait(ZHANG, room, "5600", after=confirmed)
    await bed.until(lambda: spoilt(bed, 2))
    assert len((await bed.city.project(PLANT))["entries"]) == before + 1
    assert len([text for text in await people.heard(ZHANG, room) if "5600" in text]) == 2

    # The product is down while somebody writes: what was said waits at the homeserver. Talk in the group that is not
    # for the bot stays unheard.
    await bed.city.stop()
    await people.say(LI, group, "查 ZX0031")
    asked = await people.say(ZHANG, group, "专班助手: 查 ZX0031", **{"m.mentions": {"user_ids": [BOT]}})
    await bed.city.restart()
    bed.way.target = bed.city.base
    await bed.until(lambda: taken(bed, asked))
    await bed.city._settle()
    await people.wait(LI, group, PLANT, after=asked)
    rows = await bed.city.rows("SELECT id FROM inbox WHERE payload LIKE '%wangli%'")
    assert rows == []


async def shows(bed: Bed, room: str, part: str) -> bool:
    return any(part in text for text in await bed.people.heard(ZHANG, room))


async def taken(bed: Bed, event_id: str) -> bool:
    found = await bed.city.rows("SELECT id FROM inbox WHERE message_id = :id AND state = 'done'", id=event_id)
    return bool(found)


async def spoilt(bed: Bed, count: int) -> bool:
    return bed.way.spoilt >= count
