"""An office on Matrix: the city with one liaison reached there, one group that chats there, and a homeserver."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.settings import MatrixSettings
from models.types import Recipient, RecipientKind
from tests.fakes import matrix as fake
from tests.fakes.matrix import Caller, Matrix, Shown, matrix_server
from tests.flows.city import City, city_at
from tests.flows.told import group_id
from tests.platforms.offices import move, queue
from tests.postgres import Server

AT = "2026-09-22 10:02"
ZHANG = f"@zhangwei:{fake.SERVER}"  # 张伟
GROUP = "青禾县"


def matrix_settings(base: str, *, call_seconds: float = 10) -> MatrixSettings:
    return MatrixSettings(
        call_seconds=call_seconds,
        homeserver_url=base,
        as_token=SecretStr(fake.AS_TOKEN),
        hs_token=SecretStr(fake.HS_TOKEN),
        user_id=fake.BOT,
    )


@dataclass(slots=True)
class MatrixOffice:
    """The product with web chat (for clock and records) and Matrix; 张伟 and the county's group are there only."""

    city: City
    server: Matrix
    group: str
    _caller: Caller | None = None

    @property
    def caller(self) -> Caller:
        if self._caller is None:
            self._caller = Caller("", self.city.client)
        self._caller.url, self._caller.client = f"{self.city.base}/callback/matrix", self.city.client
        return self._caller

    @property
    def room(self) -> str:
        """Where 张伟 and the bot are alone."""
        return self.server.private(ZHANG)

    async def settle(self) -> None:
        await self.city._settle()

    async def say(self, body: str, *, room: str = "", who: str = ZHANG, **more: object) -> None:
        """A text; returns when everything it leads to has been done."""
        await self.caller.deliver(self.server.text(who, room or self.room, body, **more))
        await self.settle()

    def card(self, room: str = "") -> Shown:
        """The latest message of the bot in a room that offers a choice."""
        shown = self.server.screen(room) if room else self.server.to(ZHANG)
        return [one for one in shown if "请回复" in one.text][-1]

    async def choose(self, label: str) -> None:
        """A choice of 张伟's latest card."""
        await self.say(self.card().number(label))

    async def queue(self, *texts: str, to_group: bool = False) -> None:
        """Urgent notices for 张伟 or the group, due now."""
        to = Recipient(RecipientKind.GROUP, await group_id(self.city, GROUP)) if to_group else None
        await queue(self.city, *texts, to=to)

    def heard(self) -> list[str]:
        """What stands on 张伟's screen."""
        return [one.text for one in self.server.to(ZHANG)]


@asynccontextmanager
async def matrix_office(
    tmp_path: Path, databases: Server | None, *, through: Callable[[str], str] | None = None
) -> AsyncIterator[MatrixOffice]:
    """through: the address at which the product reaches the homeserver, if not its own; calls there wait a second."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(matrix_server())
        city = await stack.enter_async_context(city_at(tmp_path, AT, server=databases))
        group = server.room(ZHANG, f"@wangli:{fake.SERVER}", f"@zhaomin:{fake.SERVER}", name="群 青禾县")
        await move(city, platform="matrix", account=ZHANG)
        there = await group_id(city, GROUP)
        await city.change(
            "UPDATE group_accounts SET platform = 'matrix', account = :room WHERE group_id = :id",
            room=group,
            id=there,
        )
        address = through(server.base) if through else server.base
        changed = {
            "platforms": ("webchat", "matrix"),
            "matrix": matrix_settings(address, call_seconds=1 if through else 10),
        }
        city.settings = city.settings.model_copy(update=changed)
        await city.restart()
        yield MatrixOffice(city, server, group)
