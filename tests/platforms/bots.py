"""An office on WeCom with an AI bot: members write to it, and groups mention it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from bot.settings import WecomAibotSettings, WecomSettings
from tests import postgres
from tests.fakes import wecom_aibot as fake
from tests.fakes.wecom import Wecom, wecom_server
from tests.fakes.wecom_aibot import BotCaller, Screen
from tests.flows.city import City, city_at

from .conftest import AT, LIAISON, wecom_settings
from .offices import move

GROUP: Final = "wrxyzGROUP0001"
KEY: Final = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
GROUP_NAME: Final = "青禾县"


@dataclass(slots=True)
class BotOffice:
    """The product with web chat (for clock and records) and an AI bot; 张伟 is reached on WeCom only."""

    city: City
    server: Wecom
    screen: Screen

    @property
    def caller(self) -> BotCaller:
        at = int(self.city.product.clock.now().timestamp())
        return BotCaller(f"{self.city.base}/callback/wecom/aibot", self.city.client, self.screen, at)

    async def settle(self) -> None:
        await self.city._settle()

    async def answers(self) -> list[dict[str, Any]]:
        return await self.city.rows(
            "SELECT id, state, platform, turn, outcome FROM outbox WHERE reason = '回复'"
        )


def bot_settings(base: str, *, app: bool, call_seconds: float = 10) -> WecomSettings:
    whole = wecom_settings(base, call_seconds=call_seconds)
    bot = WecomAibotSettings(
        bot_id=fake.BOT, token=SecretStr(fake.TOKEN), encoding_aes_key=SecretStr(fake.KEY), names=(fake.NAME, "助手"),
    )  # fmt: skip
    return whole.model_copy(
        update={"aibot": bot} if app else {"aibot": bot, "app": type(whole.app)(), "corp_id": None}
    )


@asynccontextmanager
async def bot_office(
    tmp_path: Path,
    *,
    databases: postgres.Server | None,
    app: bool,
    through: Callable[[str], str] | None = None,
) -> AsyncIterator[BotOffice]:
    """through: the address at which the product reaches the server, if not its own; calls there wait a second only."""
    async with AsyncExitStack() as stack:
        screen = Screen()
        server = await stack.enter_async_context(wecom_server(screen.routes()))
        screen.base = address = through(server.base) if through else server.base
        city = await stack.enter_async_context(city_at(tmp_path, AT, server=databases))
        await move(city, platform="wecom", account=LIAISON)
        for platform, account in (("wecom_aibot", GROUP), ("wecom_webhook", KEY)):
            await city.change(
                "INSERT INTO group_accounts (group_id, platform, account) "
                "SELECT id, :platform, :account FROM chat_groups WHERE name = :name",
                platform=platform, account=account, name=GROUP_NAME,
            )  # fmt: skip
        server.members.add(LIAISON)
        server.keys.add(KEY)
        told = bot_settings(address, app=app, call_seconds=1 if through else 10)
        changed = {"platforms": ("webchat", "wecom"), "wecom": told}
        city.settings = city.settings.model_copy(update=changed)
        await city.restart()
        yield BotOffice(city, server, screen)
