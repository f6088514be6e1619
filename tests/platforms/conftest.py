"""An office on WeCom: the city with one liaison reached there, and the server's stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import WecomAppSettings, WecomSettings
from tests import postgres
from tests.conftest import ON_POSTGRES
from tests.fakes import wecom as fake
from tests.fakes.wecom import Caller, Wecom, wecom_server
from tests.flows.city import City, city_at
from tests.platforms.offices import clock_of, move, queue
from tests.referees import WECOM

AT = "2026-09-22 10:02"
collect_ignore = [] if WECOM.exists() else ["test_wecom_certified.py"]
LIAISON = "ZhangWei"  # 张伟's id there, in the roster's spelling


def wecom_settings(base: str, *, call_seconds: float = 10) -> WecomSettings:
    return WecomSettings(
        call_seconds=call_seconds,
        corp_id=fake.CORP,
        api_base=base,
        app=WecomAppSettings(
            agent_id=fake.AGENT,
            secret=SecretStr(fake.SECRET),
            token=SecretStr(fake.TOKEN),
            encoding_aes_key=SecretStr(fake.KEY),
            passive_seconds=0,  # test_wecom_passive has its own
        ),
    )


@dataclass(slots=True)
class Office:
    """The product with web chat (for clock and records) and WeCom; 张伟 is reached on WeCom only."""

    city: City
    server: Wecom

    @property
    def caller(self) -> Caller:
        at = int(self.city.product.clock.now().timestamp())
        return Caller(f"{self.city.base}/callback/wecom/app", self.city.client, at)

    async def settle(self) -> None:
        await self.city._settle()

    async def say(self, text: str, *, message_id: str | None = None) -> None:
        """A text from 张伟; returns when everything it leads to has been done."""
        caller = self.caller
        await caller.deliver(
            caller.text(LIAISON, text, message_id=message_id or f"{abs(hash((text, caller.at)))}")
        )
        await self.settle()

    async def press(self, label: str) -> None:
        """A button of 张伟's latest card."""
        caller = self.caller
        await caller.deliver(caller.click(LIAISON, self.server.card(LIAISON), label))
        await self.settle()

    async def queue(self, *texts: str) -> None:
        """Urgent notices for 张伟, due now."""
        await queue(self.city, *texts)

    def heard(self) -> list[str]:
        """What stands on 张伟's screen, cards by their headings."""
        return [one.text for one in self.server.to(LIAISON)]


@asynccontextmanager
async def wecom_office(
    tmp_path: Path, databases: postgres.Server | None, *, through: Callable[[str], str] | None = None
) -> AsyncIterator[Office]:
    """through: the address at which the product reaches the server, if not its own; calls there wait a second only."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(wecom_server())
        city = await stack.enter_async_context(city_at(tmp_path, AT, server=databases))
        await move(city, platform="wecom", account=LIAISON)
        server.members.add(LIAISON)
        address = through(server.base) if through else server.base
        changed = {
            "platforms": ("webchat", "wecom"),
            "wecom": wecom_settings(address, call_seconds=1 if through else 10),
        }
        city.settings = city.settings.model_copy(update=changed)
        await city.restart()
        server.now = clock_of(city)
        yield Office(city, server)


@pytest.fixture
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    databases: postgres.Server | None = request.getfixturevalue("postgres_databases") if ON_POSTGRES else None
    async with wecom_office(tmp_path, databases) as running:
        yield running
