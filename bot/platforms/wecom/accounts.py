"""Members' ids: the same in upper and lower case, written in the roster in one way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import structlog

from bot.platforms.base import SendFailed
from bot.platforms.wecom.api import Api
from bot.services import Services
from models.queries.directory import Directory
from models.types import InboundMessage

log = structlog.get_logger()

PLATFORM: Final = "wecom"
"""The platform whose accounts the people of every channel have."""
ID_SECONDS: Final = 2.0
MOST_IDS: Final = 10_000


def account_of(userid: str) -> str:
    """A member's id as the product knows it: ids are the same in any case, and answers come in lower case."""
    return userid.strip().lower()


class Spelling:
    """Ids as the roster spells them."""

    def __init__(self, directory: Callable[[], Awaitable[Directory]]) -> None:
        self._directory = directory
        self._spelling: Mapping[str, str] = {}
        self._spelt_for: Directory | None = None

    async def of(self, account: str) -> str | None:
        """The roster's spelling of an id in any case; None for one that nobody has."""
        directory = await self._directory()
        if directory is not self._spelt_for:
            self._spelling = {
                account_of(one): one for platform, one in directory.account_by_address if platform == PLATFORM
            }
            self._spelt_for = directory
        return self._spelling.get(account)

    async def spelt(self, message: InboundMessage) -> InboundMessage:
        """The message under the account as the roster spells it."""
        account = await self.of(message.account) or message.account
        return message if account == message.account else replace(message, account=account)


async def note_unregistered(services: Services, channel: str, chat: str) -> None:
    """The operator needs a group's number for the roster, and sees it nowhere else."""
    directory = await services.directory()
    if chat and (channel, chat) not in directory.group_by_address:
        log.info("group not registered", platform=channel, chat=chat)


class People:
    """Who speaks: an id of the roster, also where the platform shows an encrypted one."""

    def __init__(self, spelling: Spelling, api: Api | None) -> None:
        self._spelling = spelling
        self._api = api
        self._plain: dict[str, str] = {}

    async def close(self) -> None:
        if self._api is not None:
            await self._api.close()

    async def named(self, message: InboundMessage, sender: str) -> InboundMessage:
        """The message under the account as the roster spells it. sender: the id as it came."""
        if await self._spelling.of(message.account) is None and self._api is not None:
            plain = await self._converted(sender, self._api)
            if plain and await self._spelling.of(plain) is not None:
                message = replace(message, account=plain)
        return await self._spelling.spelt(message)

    async def _converted(self, sender: str, api: Api) -> str | None:
        """The plain id of an encrypted one; asked for once."""
        if sender in self._plain:
            return self._plain[sender]
        body: dict[str, Any] = {"open_userid_list": [sender]}
        try:
            async with asyncio.timeout(ID_SECONDS):
                answer = await api.post("batch/openuserid_to_userid", body)
        except (SendFailed, TimeoutError) as error:
            log.info("id not converted", platform=PLATFORM, why=str(error)[:120] or type(error).__name__)
            return None
        found = answer.get("userid_list")
        plain = account_of(sender)
        for one in found if isinstance(found, list) else ():
            if isinstance(one, dict) and one.get("open_userid") == sender:
                plain = account_of(str(one.get("userid", "")))
        if len(self._plain) >= MOST_IDS:
            self._plain.clear()
        self._plain[sender] = plain
        return plain
