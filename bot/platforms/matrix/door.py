"""The callback: transactions of the homeserver, events as messages of the product."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections import Counter
from collections.abc import Sequence
from typing import Final

import structlog
from aiohttp import web
from sqlalchemy.orm import Session

from bot import choices
from bot.platforms.base import RateLimited, Rejected, SendFailed, Unavailable, Unreachable
from bot.platforms.bodies import called_body
from bot.platforms.matrix import wording
from bot.platforms.matrix.api import Api
from bot.platforms.matrix.events import Bot, Membership, Said, read
from bot.platforms.matrix.rooms import Rooms
from bot.platforms.matrix.transactions import Transactions
from bot.services import Services
from models.db import DatabaseUnavailable
from models.queries.inbox import was_taken
from models.queries.outbox import cards_in
from models.types import ChatKind, InboundKind, InboundMessage

log = structlog.get_logger()

NAME: Final = "matrix"
PATH: Final = "/callback/matrix"
MAX_BODY: Final = 16 * 1024 * 1024  # a hundred events of 64 KiB and more
JOIN_TRIES: Final = 5
LOOKED_AT: Final = 6  # messages of a chat before the last one


class Door:
    """What the homeserver calls. Everything that matters of a transaction is stored before it is acknowledged."""

    def __init__(self, services: Services, api: Api, rooms: Rooms, bot: Bot) -> None:
        self._services = services
        self._hs_token = services.settings.matrix.hs_token_text
        self._api = api
        self._rooms = rooms
        self._bot = bot
        self._transactions = Transactions(services.database)
        self._join_tries: Counter[str] = Counter()

    def routes(self) -> list[web.RouteDef]:
        known = [
            route
            for before in (f"{PATH}/_matrix/app/v1", PATH)  # the second is what older homeservers call
            for route in (
                web.put(f"{before}/transactions/{{number}}", self._hear),
                web.get(f"{before}/users/{{id}}", self._has_user),
                web.get(f"{before}/rooms/{{id}}", self._has_no_room),
                web.post(f"{before}/ping", self._pong),
            )
        ]
        return [*known, web.route("*", f"{PATH}/{{rest:.*}}", self._unknown)]

    def _refusal(self, request: web.Request) -> web.Response | None:
        """The answer to a caller that is not our homeserver."""
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        given = given or request.query.get("access_token", "")
        if given and hmac.compare_digest(given.encode("utf-8", "replace"), self._hs_token.encode()):
            return None
        self._note_refused("no token" if not given else "wrong token")
        return _error(403, "M_FORBIDDEN") if given else _error(401, "M_MISSING_TOKEN")

    async def _hear(self, request: web.Request) -> web.Response:
        """200 once everything that matters of a transaction is stored; otherwise it comes again."""
        if (refusal := self._refusal(request)) is not None:
            return refusal
        body = await called_body(request, MAX_BODY)
        if body is None:
            self._note_refused("too large")
            return _error(413, "M_TOO_LARGE")
        events = _events(body)
        if events is None:
            self._note_refused("not a transaction")
            return _error(400, "M_NOT_JSON")
        number = request.match_info["number"]
        ids = [str(event.get("event_id")) if isinstance(event, dict) else "" for event in events]
        try:
            if not await self._transactions.has(number, ids):
                await self._take(events)
                await self._transactions.note(number, ids, self._services.clock.now())
        except (DatabaseUnavailable, Unavailable, RateLimited) as error:
            log.warning("transaction not taken", platform=NAME, why=type(error).__name__)
            return _error(503, "M_UNKNOWN")
        return web.json_response({})

    async def _take(self, events: Sequence[object]) -> None:
        """Rooms as they change, messages in their order; those of one transaction share a commit."""
        heard: list[InboundMessage] = []
        for event in events:
            said = read(event, self._bot)
            if isinstance(said, Membership):
                heard.extend(await self._moved(said))
            elif said is not None:
                heard.extend(await self._words(said))
        await asyncio.gather(*(self._services.accept(message) for message in heard))

    async def _words(self, said: Said) -> list[InboundMessage]:
        message = await self._message(said)
        if message is None:
            self._services.metrics.messages_in.labels(NAME, "ignored").inc()
            return []
        return [message]

    async def _message(self, said: Said) -> InboundMessage | None:
        """What the product has to do with it; None for group talk that does not address the bot (rule C15)."""
        directory = await self._services.directory()
        group = (NAME, said.room) in directory.group_by_address
        if said.kind in (InboundKind.EDIT, InboundKind.RECALL):
            about = said.about
            known = await self._services.database.read(lambda session: was_taken(session, NAME, about))
            return self._made(said, group=group, quoted=about) if known else None
        private = not group and await self._is_private(said)
        if not private and not said.addressed:
            return None
        if said.refused or said.pending:
            return self._made(said, group=not private)
        address = said.sender if private else said.room
        chosen = await self._chosen(said, address)
        if isinstance(chosen, str):
            return self._made(said, group=not private, refused=(chosen,))
        if chosen is None:
            return self._made(said, group=not private)
        ticket = ""
        if chosen.card.id and wording.tokens_of_one_question(chosen.card.buttons):
            ticket = f"{said.room} {chosen.card.id}"
        return self._made(
            said, group=not private, kind=InboundKind.CLICK, text=chosen.words, action=chosen.button.token,
            ticket=ticket,
        )  # fmt: skip

    async def _is_private(self, said: Said) -> bool:
        """Whether the bot is alone with the sender there. Raises Unavailable while the homeserver does not say."""
        try:
            private = await self._rooms.is_private(said.room, said.sender, keep=not said.sealed)
        except (Unreachable, Rejected):
            return False  # a room that we are not in any more
        if private and said.sealed:  # it cannot be read there: answers go to a room of our own
            await self._rooms.leave(said.room)
        return private

    async def _chosen(self, said: Said, address: str) -> choices.Chosen | str | None:
        """The choice that a number makes: on the card it replies to, else on the last one of the chat."""
        if not said.text[:4].strip("#＃ ")[:1].isdigit():
            return None
        answered = said.answers

        def look(session: Session) -> choices.Chosen | str | None:
            if answered:
                cards = cards_in(session, NAME, address, limit=1, platform_id=answered)
                return choices.picked(said.text, cards[0]) if cards else None
            return choices.meant(said.text, cards_in(session, NAME, address, limit=LOOKED_AT + 1))

        return await self._services.database.read(look)

    def _made(
        self, said: Said, *, group: bool, kind: InboundKind | None = None, text: str | None = None, quoted: str = "",
        action: str = "", ticket: str = "", refused: tuple[str, ...] = (),
    ) -> InboundMessage:  # fmt: skip
        return InboundMessage(
            platform=NAME, message_id=said.event_id, account=said.sender,
            chat=ChatKind.GROUP if group else ChatKind.PRIVATE, chat_address=said.room if group else "",
            kind=kind or said.kind, text=said.text if text is None else text,
            received_at=self._services.clock.now(), quoted=quoted or said.quoted, action=action, ticket=ticket,
            refused=(*said.refused, *refused), pending=said.pending,
        )  # fmt: skip

    async def _moved(self, change: Membership) -> list[InboundMessage]:
        """Somebody came or went: invitations are accepted, private rooms end, people cannot be reached any more."""
        self._rooms.changed(change.room)
        if change.who == self._bot.user_id:
            return await self._bot_moved(change)
        owner = await self._rooms.owner(change.room)
        if change.how == "join" and owner and change.who != owner:
            await self._rooms.leave(change.room)
            log.warning("private room has a third member", platform=NAME)
        if change.who != owner:
            return []
        if change.how in ("leave", "ban"):
            await self._rooms.leave(change.room)
            return [self._presence(change, change.who, InboundKind.LEFT)]
        return [self._presence(change, change.who, InboundKind.CAME)] if change.how == "join" else []

    async def _bot_moved(self, change: Membership) -> list[InboundMessage]:
        if change.how == "invite" and await self._may_invite(change.by):
            if not await self._join(change):
                return []
            came = []
            if change.direct:
                await self._rooms.learn(change.by, change.room)
                came.append(self._presence(change, change.by, InboundKind.CAME))
            return [*came, *await self._said_meanwhile(change)]
        if change.how in ("leave", "ban"):
            owner = await self._rooms.leave(change.room)
            log.warning("removed from a room", platform=NAME, private=bool(owner))
            return [self._presence(change, owner, InboundKind.LEFT)] if owner else []
        return []

    async def _said_meanwhile(self, invited: Membership) -> list[InboundMessage]:
        """What was said between the invitation and the joining: the homeserver hands on only what comes later."""
        try:
            newest = await self._api.latest(invited.room, own=False)
        except (Unreachable, Rejected):
            return []  # the room does not show what was before
        found: list[InboundMessage] = []
        for event in newest:
            if event.get("event_id") == invited.event_id:
                break
            said = read({**event, "room_id": invited.room}, self._bot)
            if isinstance(said, Said):
                found[:0] = await self._words(said)
        return found

    def _presence(self, change: Membership, user: str, kind: InboundKind) -> InboundMessage:
        return InboundMessage(
            platform=NAME, message_id=change.event_id, account=user, chat=ChatKind.PRIVATE, chat_address="",
            kind=kind, text="", received_at=self._services.clock.now(),
        )  # fmt: skip

    async def _may_invite(self, user: str) -> bool:
        """People of our own homeserver, and those who are known here."""
        if user.partition(":")[2] == self._bot.user_id.partition(":")[2]:
            return True
        directory = await self._services.directory()
        known = directory.account_by_address.get((NAME, user))
        return known is not None and known.person_id is not None

    async def _join(self, change: Membership) -> bool:
        """Raises Unavailable while it may succeed later: the transaction comes again, but not for ever."""
        try:
            await self._api.join(change.room)
        except SendFailed as error:
            self._join_tries[change.event_id] += 1
            if (
                isinstance(error, (Unavailable, RateLimited))
                and self._join_tries[change.event_id] < JOIN_TRIES
            ):
                raise
            log.warning("invitation not accepted", platform=NAME, why=str(error)[:200])
            return False
        return True

    async def _has_user(self, request: web.Request) -> web.Response:
        if (refusal := self._refusal(request)) is not None:
            return refusal
        if request.match_info["id"] == self._bot.user_id:
            return web.json_response({})
        return _error(404, "M_NOT_FOUND")

    async def _has_no_room(self, request: web.Request) -> web.Response:
        return self._refusal(request) or _error(404, "M_NOT_FOUND")

    async def _pong(self, request: web.Request) -> web.Response:
        return self._refusal(request) or web.json_response({})

    async def _unknown(self, request: web.Request) -> web.Response:
        return self._refusal(request) or _error(404, "M_UNRECOGNIZED")

    def _note_refused(self, why: str) -> None:
        self._services.metrics.messages_in.labels(NAME, "refused").inc()
        log.warning("callback refused", platform=NAME, why=why)


def _events(body: bytes) -> list[object] | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    events = told.get("events") if isinstance(told, dict) else None
    return events if isinstance(events, list) else None


def _error(status: int, code: str) -> web.Response:
    return web.json_response({"errcode": code, "error": code}, status=status)
