"""In which room a person is spoken to: kept in the database, made when there is none.

A private room holds the bot and one person. As soon as a third one joins, or it is encrypted, it is no longer used.
"""

from __future__ import annotations

import hashlib
from typing import Final

import structlog
from sqlalchemy.orm import Session

from bot.platforms.base import Rejected, Unreachable
from bot.platforms.matrix.api import Api
from bot.platforms.matrix.events import Bot
from bot.platforms.matrix.failures import Gone, Taken
from models.db import Database
from models.operations.versions import mark, put_mark

log = structlog.get_logger()

_LEFT: Final = "-"  # before a room that is not used any more


class Rooms:
    def __init__(self, database: Database, api: Api, bot: Bot) -> None:
        self._database = database
        self._api = api
        self._bot = bot.user_id
        self._shown = bot.shown
        self._crowds: set[str] = set()  # rooms known to hold more people; found out anew after a start

    async def of(self, user: str) -> str:
        """The room in which to speak to a person. Raises Unreachable for somebody the homeserver does not know."""
        known = await self._mark(_for_person(user))
        if known and not known.startswith(_LEFT):
            return known
        if not await self._api.is_known(user):
            raise Unreachable("no such user on the homeserver")
        room = await self._make(user, after=known)
        await self.learn(user, room)
        return room

    async def owner(self, room: str) -> str:
        """The person with whom this room is private; empty for any other room."""
        user = await self._mark(_for_room(room))
        return user if user and await self._mark(_for_person(user)) == room else ""

    async def is_private(self, room: str, sender: str, *, keep: bool) -> bool:
        """Whether the bot is alone with the sender there. keep: then that is where it answers from now on."""
        if room in self._crowds:
            return False
        if await self.owner(room) == sender:
            return True
        if await self._api.members(room) != {self._bot, sender}:
            self._crowds.add(room)
            return False
        if keep:
            await self.learn(sender, room)
        return True

    async def learn(self, user: str, room: str) -> None:
        def write(session: Session) -> None:
            put_mark(session, _for_person(user), room)
            put_mark(session, _for_room(room), user)

        await self._database.write(write)

    async def leave(self, room: str) -> str:
        """Speak to its person elsewhere from now on; returns who that is, empty if nobody."""
        self._crowds.discard(room)
        user = await self.owner(room)
        if user:
            await self._database.write(lambda session: put_mark(session, _for_person(user), f"{_LEFT}{room}"))
        return user

    def changed(self, room: str) -> None:
        """Somebody came or went: what was known about the room may be wrong."""
        self._crowds.discard(room)

    async def _make(self, user: str, *, after: str) -> str:
        """A new room with an alias that stands for this person and this try: asked for twice, it is made once."""
        local, _, server = self._bot[1:].partition(":")
        digest = hashlib.blake2b(f"{user}\0{after}".encode(), digest_size=8).hexdigest()
        alias = f"_{local}_{digest}"
        try:
            return await self._api.create_room(
                {
                    "room_alias_name": alias, "preset": "private_chat", "visibility": "private", "name": self._shown,
                    "is_direct": True, "invite": [user], "power_level_content_override": {"invite": 100},
                }
            )  # fmt: skip
        except Taken:
            room = await self._api.room_of_alias(f"#{alias}:{server}")
        except (Gone, Rejected) as error:
            raise Unreachable(str(error)) from None
        try:
            await self._api.invite(room, user)
        except Gone:
            log.info("already in the room", platform="matrix")  # or invited before
        return room

    async def _mark(self, name: str) -> str:
        return await self._database.read(lambda session: mark(session, name)) or ""


def _for_person(user: str) -> str:
    return f"matrix room of {user}"


def _for_room(room: str) -> str:
    return f"matrix person in {room}"
