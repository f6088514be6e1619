"""The contract on WeCom's AI bot by long connection: frames in and out, answers to callbacks, pushes beside them."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar, cast

from pydantic import SecretStr

from bot.platforms.wecom.aibot_link import WecomAiBotLink
from bot.platforms.wecom.link import Link, Pace
from bot.settings import WecomAibotSettings, WecomSettings
from tests.fakes import wecom_aibot as fake
from tests.fakes.wecom import wecom_server
from tests.fakes.wecom_aibot import BotCaller
from tests.fakes.wecom_link import Telephone, telephone
from tests.flows.city import City, city_at
from tests.platforms.bots import GROUP, GROUP_NAME
from tests.platforms.conftest import AT, LIAISON
from tests.platforms.contract.harness import Harness, Knock, Trait
from tests.platforms.offices import move, until
from tests.postgres import Server

Json = dict[str, Any]
OPENED_BY_US = "the connection is opened by us: whoever answers there is the platform"


class WecomAibotLink(Harness):
    name = "wecom_aibot"
    without: ClassVar = {
        Trait.DOOR: OPENED_BY_US,
        Trait.STAMPS: OPENED_BY_US,
        Trait.TOKENS: "it subscribes with the secret itself, and keeps no token",
        Trait.PEOPLE: "the vendor says the same of somebody who has left and of a chat that never wrote",
        Trait.HTTP: "sends are frames of one connection; a lost answer and a cut are in test_wecom_link",
        Trait.REPEATS: "the vendor has no key by which it would know a repeat",
    }
    secrets = (fake.SECRET,)

    def __init__(self, city: City, server: Telephone) -> None:
        self.city, self.server = city, server

    @property
    def _caller(self) -> BotCaller:
        return BotCaller(
            "", self.city.client, self.server.screen, int(self.city.product.clock.now().timestamp())
        )

    async def settle(self) -> None:
        await until(lambda: self.server.down or self._link.up.is_set())
        await super().settle()

    async def deliver(self, text: str, *, times: int = 1) -> None:
        await self._deliver(self._caller.text(LIAISON, text), times)

    async def _deliver(self, said: Json, times: int = 1) -> None:
        """Nothing is acknowledged there: it has come once it is stored."""
        known = await self.stored()
        for _ in range(times):
            await self.server.call(said)
        async with asyncio.timeout(10):
            while await self.stored() == known:
                await asyncio.sleep(0.01)
        await self.server.call(said)  # and once more

    async def in_group(self, text: str, *, named: bool) -> list[str]:
        """The vendor hands on only what names the bot."""
        if not named:
            return []
        before = len(self._texts(GROUP))
        await self._deliver(self._caller.text(LIAISON, f"@{fake.NAME} {text}", group=GROUP))
        await self.settle()
        return self._texts(GROUP)[before:]

    async def choose(self, label: str, *, times: int = 1) -> None:
        card = [one["card"] for one in self.server.in_chat(LIAISON) if "card" in one][-1]
        await self._deliver(self._caller.click(LIAISON, card, label), times)
        await self.settle()

    async def attach(self, name: str, content: bytes) -> None:
        key = secrets.token_bytes(32)
        url = self.server.screen.put(name, content, key)
        told = {"url": url, "aeskey": base64.b64encode(key).decode()}
        await self._deliver(self._caller.body(LIAISON, "file", told))

    async def knock(self, how: Knock) -> int:
        """A frame far above the limit ends the connection, which comes back."""
        assert how is Knock.OVERSIZED, how
        self._hurry()
        seen = self.server.calls["aibot_subscribe"]
        said = self._caller.text(LIAISON, "x" * 5 * 1024 * 1024)
        with suppress(ConnectionError):  # hung up while it is being sent
            await self.server.call(said)
        await until(lambda: self.server.calls["aibot_subscribe"] > seen and self._link.up.is_set())
        return 0

    async def garbage(self) -> list[int]:
        socket = self.server._socket
        assert socket is not None
        for odd in ("", "x", "[]", "null", "5", '{"headers": 5}', '{"cmd": 5}', "[" * 50_000):
            await socket.send_str(odd)
        said = self._caller.text(LIAISON, "/帮助")
        for wrong in ({"aibotid": "another"}, {"msgid": ""}, {"msgtype": 5}, {"from": "nobody"}):
            await self.server.push("aibot_msg_callback", "r", said | wrong)
        await self.server.push("aibot_msg_callback", "", said)
        return []

    def heard(self) -> list[str]:
        """Texts; the cards behind them repeat only a heading."""
        return self._texts(LIAISON)

    def _texts(self, chat: str) -> list[str]:
        return [one["text"] for one in self.server.in_chat(chat) if one["msgtype"] != "template_card"]

    def limit(self) -> None:
        self.server.refuse["aibot_send_msg"] = [846607]

    def refuse_once(self) -> str:
        self.server.refuse["aibot_send_msg"] = [40058]
        return "40058"

    async def outage(self, down: bool) -> None:
        self._hurry()
        self.server.down = down
        if down:
            await self.server.cut()
            await until(lambda: not self._link.up.is_set())
        else:
            await until(self._link.up.is_set)

    def sends(self) -> int:
        return self.server.calls["aibot_send_msg"]

    @property
    def _link(self) -> Link:
        return cast("WecomAiBotLink", self.city.product.platforms[self.name])._link

    def _hurry(self) -> None:
        self._link._pace = Pace(first=0.02, longest=0.05)


HARNESS = WecomAibotLink


@asynccontextmanager
async def opened(
    tmp_path: Path, databases: Server | None, through: Callable[[str], str] | None
) -> AsyncIterator[WecomAibotLink]:
    assert through is None, "no proxy stands in a connection that stays open"
    async with telephone() as server, wecom_server() as api, city_at(tmp_path, AT, server=databases) as city:
        await move(city, platform="wecom", account=LIAISON)
        await city.change(
            "INSERT INTO group_accounts (group_id, platform, account) "
            "SELECT id, 'wecom_aibot', :account FROM chat_groups WHERE name = :name",
            account=GROUP, name=GROUP_NAME,
        )  # fmt: skip
        bot = WecomAibotSettings(bot_id=fake.BOT, secret=SecretStr(fake.SECRET), names=(fake.NAME,))
        told = WecomSettings(api_base=api.base, ws_url=server.url, aibot=bot)
        city.settings = city.settings.model_copy(update={"platforms": ("webchat", "wecom"), "wecom": told})
        await city.restart()
        server.talked.add(LIAISON.lower())
        await until(lambda: server.connected)
        yield WecomAibotLink(city, server)
