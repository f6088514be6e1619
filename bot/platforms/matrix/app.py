"""The application service: transactions of the homeserver in, calls of the client-server API out.

There are no buttons: choices are numbered in the text, and a number that is sent back is one (bot.choices).
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from typing import Any, Final

import structlog
from aiohttp import web
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import files
from bot.platforms.base import (
    AnswerLost,
    Fetched,
    Limits,
    PlatformModule,
    Rejected,
    SendFailed,
)
from bot.platforms.matrix import wording
from bot.platforms.matrix.api import Api
from bot.platforms.matrix.door import NAME, Door
from bot.platforms.matrix.events import Bot, mxc
from bot.platforms.matrix.failures import Gone
from bot.platforms.matrix.rooms import Rooms
from bot.platforms.matrix.setup import inspect, registration
from bot.services import Services
from bot.shelf import Kept
from models.operations.versions import INSTALLED_AT, mark
from models.tables.outbox import OutboxNotice
from models.types import (
    ChatKind,
    InboundMessage,
    OutgoingFile,
    OutgoingMessage,
    PendingFile,
)

log = structlog.get_logger()

TEXT_LENGTH: Final = 4000
GROUP_PER_MINUTE: Final = 20
FILE_BYTES: Final = 50 * 1024 * 1024  # what homeservers take unless told otherwise
MEDIA_LASTS: Final = timedelta(days=2)
INTRODUCE_SECONDS: Final = (1, 5, 30, 60)


class MatrixService:
    """Implements bot.platforms.base.Platform."""

    name = NAME
    limits = Limits(
        private_per_minute=None, group_per_minute=GROUP_PER_MINUTE, text_length=TEXT_LENGTH, files_apart=True
    )
    has_buttons = False
    idempotent = True

    def __init__(self, services: Services) -> None:
        settings = services.settings.matrix
        self._services = services
        self._bot = Bot(settings.user_id or "")
        self._api = Api(
            base=settings.homeserver_url or "", token=settings.as_token_text, user_id=self._bot.user_id,
            now=services.clock.now, call_seconds=settings.call_seconds,
        )  # fmt: skip
        self._rooms = Rooms(services.database, self._api, self._bot)
        self._door = Door(services, self._api, self._rooms, self._bot)
        self._uploaded: dict[str, Kept] = {}  # by SHA-256
        self._in_doubt: set[str] = set()  # messages that were sent, but no answer came
        self._older = 0  # outbox rows that an earlier process may have sent
        self._install = ""
        self._introducing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._older, self._install = await self._services.database.read(_where_we_are)
        self._introducing = self._services.tasks.start(self._introduce(), name="matrix account")

    async def stop(self) -> None:
        if self._introducing is not None:
            await self._services.tasks.stop(self._introducing)
        await self._api.close()

    async def _introduce(self) -> None:
        """The bot's account and its name, as soon as the homeserver answers."""
        for pause in (*INTRODUCE_SECONDS, None):
            try:
                await self._api.register(self._bot.user_id[1:].partition(":")[0])
                await self._api.set_name(self._bot.shown)
            except SendFailed as error:
                log.warning("platform not reached at start", platform=NAME, why=str(error)[:200])
            else:
                return
            if pause is not None:
                await asyncio.sleep(pause)

    # --- in

    def routes(self) -> list[web.RouteDef]:
        return self._door.routes()

    async def fetch(self, file: PendingFile, *, limit: int) -> Fetched:
        found = mxc(file.reference)
        if found is None:
            raise Rejected("not the address of a file")
        fetched = await self._api.download(*found, limit=limit)
        return Fetched(file.name or fetched.name, fetched.content)

    # --- out

    async def send(self, message: OutgoingMessage) -> str | None:
        """Send one message. The same key again is the same transaction, which the homeserver carries out once."""
        if message.chat is ChatKind.GROUP:
            return await self._put(message.address, message)
        room = await self._rooms.of(message.address)
        try:
            return await self._put(room, message)
        except Gone:  # the person has closed it, or we missed that we were sent away
            await self._rooms.leave(room)
        return await self._put(await self._rooms.of(message.address), message)

    async def _put(self, room: str, message: OutgoingMessage) -> str | None:
        key = f"zb-{self._install}-{message.key}"
        if self._perhaps_sent(message.key) and (found := await self._find(room, key)):
            return found
        if message.files:
            content = await self._file_content(message.files[0], key)
        else:
            content = wording.message_content(message, key=key)
        try:
            return await self._api.put_event(room, key, content) or None
        except (AnswerLost, asyncio.CancelledError):
            self._in_doubt.add(message.key)
            raise

    def _perhaps_sent(self, key: str) -> bool:
        """The homeserver forgets transactions within the hour, and when it restarts: then the room is looked at."""
        row = key.partition(".")[0]
        return key in self._in_doubt or (row.isdigit() and int(row) <= self._older)

    async def _find(self, room: str, key: str) -> str:
        for event in await self._api.latest(room, own=True):
            content = event.get("content")
            if isinstance(content, dict) and content.get(wording.KEY) == key:
                return str(event.get("event_id", ""))
        return ""

    async def _file_content(self, file: OutgoingFile, key: str) -> dict[str, Any]:
        try:
            content = await asyncio.to_thread(files.path_of(self._services.files, file.sha256).read_bytes)
        except OSError as error:
            raise Rejected(f"file cannot be read: {type(error).__name__}") from None
        if len(content) > FILE_BYTES:
            raise Rejected(f"file of {len(content)} bytes is above the limit")
        now = self._services.clock.now()
        kept = self._uploaded.get(file.sha256)
        if kept is None or kept.expires_at <= now:
            address = await self._api.upload(file.name, content, media_type=file.media_type)
            kept = self._uploaded[file.sha256] = Kept(address, now + MEDIA_LASTS)
        return wording.file_content(
            file.name, address=kept.value, media_type=file.media_type, size=len(content), key=key
        )

    async def show_settled(self, click: InboundMessage) -> None:
        """Take the choices away from a card, by an edit; the same edit is never made twice."""
        room, _, event_id = click.ticket.partition(" ")
        content = wording.settled_content(await self._api.event(room, event_id), event_id)
        if content is not None:
            done = hashlib.blake2b(event_id.encode(), digest_size=8).hexdigest()
            await self._api.put_event(room, f"zb-settled-{done}", content)


def _where_we_are(session: Session) -> tuple[int, str]:
    """The newest outbox row, and what tells this installation from another on the same homeserver."""
    newest = session.execute(select(func.max(OutboxNotice.id))).scalar_one()
    since = mark(session, INSTALLED_AT) or ""
    return newest or 0, hashlib.blake2b(since.encode(), digest_size=4).hexdigest()


MATRIX: Final = PlatformModule(NAME, MatrixService, inspect, registration)
