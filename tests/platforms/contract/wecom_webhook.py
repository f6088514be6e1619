"""The contract on the push address of a WeCom group: outwards only, to the county's group."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

from models.types import Recipient, RecipientKind
from tests.flows.told import group_id
from tests.platforms.bots import GROUP_NAME, KEY, BotOffice, bot_office
from tests.platforms.contract.harness import Harness, Trait
from tests.platforms.offices import clock_of
from tests.postgres import Server

ONLY_SENDS = "nothing comes in on it: it only posts"


class WecomWebhook(Harness):
    name = "wecom_webhook"
    without: ClassVar = {
        Trait.HEARS: ONLY_SENDS,
        Trait.DOOR: ONLY_SENDS,
        Trait.GROUPS: ONLY_SENDS,
        Trait.STAMPS: ONLY_SENDS,
        Trait.TOKENS: "the address itself is the secret, and does not end",
        Trait.PEOPLE: "it reaches a group, not people; a lost address is in test_wecom_webhook",
        Trait.REPEATS: "the vendor has no key by which it would know a repeat",
    }
    secrets = (KEY,)

    def __init__(self, office: BotOffice) -> None:
        self.city, self.server = office.city, office.server

    async def recipient(self) -> Recipient:
        return Recipient(RecipientKind.GROUP, await group_id(self.city, GROUP_NAME))

    def heard(self) -> list[str]:
        return [body["markdown"]["content"] for _, body in self.server.pushed if "markdown" in body]

    def limit(self) -> None:
        self.server.refuse["webhook/send"] = [45009]

    def refuse_once(self) -> str:
        self.server.refuse["webhook/send"] = [40058]
        return "40058"

    async def outage(self, down: bool) -> None:
        self.server.gone = down

    def sends(self) -> int:
        return self.server.calls["webhook/send"]


HARNESS = WecomWebhook


@asynccontextmanager
async def opened(
    tmp_path: Path, databases: Server | None, through: Callable[[str], str] | None
) -> AsyncIterator[WecomWebhook]:
    async with bot_office(tmp_path, databases=databases, app=False, through=through) as office:
        await office.city.change(
            "DELETE FROM group_accounts WHERE platform = 'webchat' AND group_id = :id",
            id=await group_id(office.city, GROUP_NAME),
        )
        await office.city.restart()
        office.server.now = clock_of(office.city)
        yield WecomWebhook(office)
