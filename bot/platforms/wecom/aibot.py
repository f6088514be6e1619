"""The AI bot by callback: private chats and groups where it is mentioned. It answers, and never speaks first.

An answer is fetched by the platform: in the answer to its callback, or by asking again under the same stream id. What
is not fetched in time goes to the message's own reply address, which works once.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from functools import partial
from typing import Final
from weakref import WeakValueDictionary

import structlog
from aiohttp import web

from bot.platforms.base import (
    AnswerLost,
    Fetched,
    Finding,
    InDoubt,
    Limits,
    NotThisWay,
    Rejected,
    Unavailable,
)
from bot.platforms.bodies import called_body
from bot.platforms.wecom import aibot_words as words
from bot.platforms.wecom.accounts import PLATFORM, People, Spelling, note_unregistered
from bot.platforms.wecom.aibot_heard import CHANNEL, Said, as_message, encrypted_part, read, task_of
from bot.platforms.wecom.api import Api
from bot.platforms.wecom.cards import is_one_question, typed_hint
from bot.platforms.wecom.crypto import Envelope, EnvelopeRefused, Fault
from bot.platforms.wecom.door import MAX_BODY, Door, Stale
from bot.platforms.wecom.downloads import fetch_encrypted, file_key, origin
from bot.platforms.wecom.wire import Wire, code_of
from bot.services import Services
from bot.settings import Settings
from models.db import DatabaseUnavailable
from models.operations import turns as operations
from models.operations.turns import Use
from models.queries import turns as queries
from models.types import InboundKind, InboundMessage, OutgoingMessage, PendingFile

log = structlog.get_logger()

PATH: Final = "/callback/wecom/aibot"
PER_MINUTE: Final = 15  # the platform takes 30 a minute and 1000 an hour in one chat
TEXT_BYTES: Final = words.CONTENT_BYTES - 1024
FIRST_SECONDS: Final = 3.0  # the platform waits 5
POLL_SECONDS: Final = 1.0
COLLECT_SECONDS: Final = 300  # it asks again for 6 minutes
GREETING_SECONDS: Final = 4
REPLY_MINUTES: Final = 55  # of the hour for which a reply address works
SHOW_SECONDS: Final = 0.3


class WecomAiBot:
    """Implements bot.platforms.base.Platform. api: of the self-built app, where there is one."""

    name = CHANNEL
    has_buttons = True
    idempotent = False

    def __init__(self, services: Services, api: Api | None) -> None:
        settings = services.settings.wecom
        self.limits = Limits(
            private_per_minute=PER_MINUTE, group_per_minute=PER_MINUTE, text_length=TEXT_BYTES, in_bytes=True,
            buttons=None, accounts_of=PLATFORM, answers_only=True,
        )  # fmt: skip
        self._services = services
        self._answering = services.answering
        self._bot_id = settings.aibot.bot_id or ""
        self._names = settings.aibot.names
        self._proxy = settings.proxy
        self._trusted = {origin(settings.api_base), origin(settings.ws_url)}
        self._reply_origin = origin(settings.api_base)
        self._envelope = Envelope(
            token=settings.aibot.callback_token, encoding_aes_key=settings.aibot.callback_key, receiver=""
        )
        self._door = Door(
            self._envelope, channel=CHANNEL, freshness=settings.freshness_seconds, now=services.clock.now,
            metrics=services.metrics,
        )  # fmt: skip
        self._wire = Wire(settings.proxy, call_seconds=settings.call_seconds)
        self._people = People(Spelling(services.directory), api)
        # Clicks whose card is to be shown as settled, by turn; deliveries of the same click share one.
        self._shown: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()

    async def start(self) -> None:
        """Waits to be called."""

    async def stop(self) -> None:
        await self._wire.close()
        await self._people.close()

    # --- in

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self._door.check_address), web.post(PATH, self._hear)]

    async def _hear(self, request: web.Request) -> web.Response:
        body = await called_body(request, MAX_BODY)
        if body is None:
            return self._door.refused(None)
        try:
            one = read(self._door.opened(request, encrypted_part(body)))
            self._check(one)
        except (EnvelopeRefused, Stale) as error:
            return self._door.refused(error)
        try:
            said = await self._refresh(one) if one.kind == "stream" else await self._answer(one)
        except DatabaseUnavailable:
            return web.Response(status=503)  # not stored: the platform sends it again
        return self._sealed(request, said)

    def _check(self, one: Said) -> None:
        """Meant for this bot, and to be told from any other message."""
        if one.bot_id != self._bot_id:
            raise EnvelopeRefused(Fault.RECEIVER, "meant for another bot")
        if one.kind != "stream" and not (one.message_id and one.sender):
            raise EnvelopeRefused(Fault.FORM, "no msgid or sender")

    def _sealed(self, request: web.Request, body: words.Body) -> web.Response:
        """The platform expects its own nonce back, and no content type of JSON."""
        nonce = request.query.get("nonce", "")
        now = int(self._services.clock.now().timestamp())
        made = self._envelope.seal(json.dumps(body, ensure_ascii=False), timestamp=str(now), nonce=nonce)
        text = json.dumps(
            {"encrypt": made.encrypt, "msgsignature": made.signature, "timestamp": now, "nonce": nonce}
        )
        return web.Response(text=text, content_type="text/plain", charset="utf-8")

    async def _answer(self, one: Said) -> words.Body:
        """Store a message, and say what there is to say within the time that the platform waits."""
        turn = turn_of(one)
        is_click = one.event == "template_card_event"
        is_greeting = one.event == "enter_chat"
        wait = 0 if is_click else GREETING_SECONDS if is_greeting else COLLECT_SECONDS
        message = as_message(
            one, names=self._names, at=self._services.clock.now(), turn=turn, collect_seconds=wait
        )
        if message is None:
            self._services.metrics.messages_in.labels(CHANNEL, "ignored").inc()
            return {}
        await note_unregistered(self._services, CHANNEL, one.chat)
        message = await self._people.named(message, one.sender)
        shown = self._shown.setdefault(turn, asyncio.Event())
        await self._open(one, turn, message)
        fresh = await self._services.accept(message)
        answer = await self._answering.wait(
            turn, platform=PLATFORM, message_id=message.message_id, seconds=FIRST_SECONDS
        )
        if is_click:
            return await self._settled(one, message, shown) if fresh and answer is not None else {}
        if answer is None:
            return {} if is_greeting else words.stream(turn, words.WORKING, finish=False)
        if not answer.parts:
            return {}
        if is_greeting:
            said: words.Body = {"msgtype": "text", "text": {"content": words.whole_text(answer)}}
        else:
            said = words.whole_answer(turn, answer, address=one.address)
        await self._answering.handed_over(answer, (CHANNEL, message.chat_address or message.account))
        return said

    async def _open(self, one: Said, turn: str, message: InboundMessage) -> None:
        await self._services.database.write(
            partial(
                operations.open_turn, turn=turn, channel=CHANNEL, message_id=message.message_id,
                address=message.chat_address or message.account, reply_url=one.reply_url or None,
                now=self._services.clock.now(),
            )
        )  # fmt: skip

    async def _refresh(self, one: Said) -> words.Body:
        """Answer the platform's question for the rest of a stream; a stream nobody knows is ended."""
        number = one.body.get("stream", {})
        turn = str(number.get("id", "")) if isinstance(number, dict) else ""
        row = await self._services.database.read(partial(queries.turn, number=turn))
        if row is None:
            return words.stream(turn, words.FORGOTTEN, finish=True)
        answer = await self._answering.wait(
            turn, platform=PLATFORM, message_id=row.message_id, seconds=POLL_SECONDS
        )
        if answer is not None:
            if not answer.parts:
                return words.stream(turn, "", finish=True)
            await self._answering.handed_over(answer, (CHANNEL, row.address))
            return words.whole_answer(turn, answer, address=row.address)
        late = (self._services.clock.now() - row.opened_at).total_seconds() >= COLLECT_SECONDS
        return words.stream(turn, words.LATE if late else words.WORKING, finish=late)

    async def _settled(self, one: Said, message: InboundMessage, shown: asyncio.Event) -> words.Body:
        """The card without its buttons, if the click settled its one question."""
        try:
            async with asyncio.timeout(SHOW_SECONDS):
                await shown.wait()
        except TimeoutError:
            return {}
        above = await self._answering.words_above(message.action)
        return words.settled(above, task_id=task_of(one), token=message.action)

    async def show_settled(self, click: InboundMessage) -> None:
        """Whoever answers the click's callback puts it into that answer."""
        turn, _, task = click.ticket.partition(" ")
        shown = self._shown.get(turn)
        if click.kind is InboundKind.CLICK and is_one_question(task) and shown is not None:
            shown.set()

    async def fetch(self, file: PendingFile, *, limit: int) -> Fetched:
        key, _, url = file.reference.rpartition(" ")
        return await fetch_encrypted(
            url, key=file_key(key) if key else self._envelope.key, name=file.name, limit=limit,
            trusted=self._trusted, proxy=self._proxy,
        )  # fmt: skip

    # --- out

    async def send(self, message: OutgoingMessage) -> str | None:
        """Send what was not fetched to the reply address of its message; one call carries every answer to it."""
        if not message.turn:
            raise NotThisWay("an AI bot by callback only answers")
        now = self._services.clock.now()
        row = await self._services.database.read(partial(queries.turn, number=message.turn))
        if row is None or not row.reply_url or (now - row.opened_at).total_seconds() > REPLY_MINUTES * 60:
            raise NotThisWay("no reply address that still works")
        if origin(row.reply_url) != self._reply_origin:
            log.warning("reply address of another host", platform=CHANNEL)
            raise NotThisWay("reply address of another host")
        key = message.key
        use = await self._services.database.write(
            partial(operations.use_turn, turn=message.turn, key=key, now=now)
        )
        if use is Use.TAKEN:
            return None  # went with the others
        if use is Use.OURS:
            raise InDoubt("the reply address was used before; whether the answer arrived is not known")
        if use is Use.UNKNOWN:
            raise NotThisWay("the reply address does not work any more")
        answer = await self._answering.look(message.turn, platform=PLATFORM, message_id=row.message_id)
        said = words.whole_text(answer, typed_hint(answer.buttons)) if answer is not None else message.text
        try:
            code = code_of(await self._wire.post(row.reply_url, words.markdown(said)))
        except AnswerLost as error:
            raise InDoubt(str(error)) from None
        except Unavailable:
            await self._services.database.write(partial(operations.give_back, turn=message.turn, key=key))
            raise
        except Rejected as error:
            await self._close(message.turn)
            raise NotThisWay(str(error)) from None
        if code != 0:  # used or expired: which code says so is not documented
            await self._close(message.turn)
            raise NotThisWay(f"errcode {code}")
        return None

    async def _close(self, turn: str) -> None:
        await self._services.database.write(partial(operations.close_turn, turn=turn))


def turn_of(one: Said) -> str:
    """The same for every delivery of a message."""
    return "zb" + hashlib.blake2b(f"{one.bot_id}\0{one.message_id}".encode(), digest_size=12).hexdigest()


async def inspect(settings: Settings) -> Sequence[Finding]:
    """What is on; a callback cannot be tried from here."""
    told = settings.wecom
    base = (settings.public_url or f"http://{settings.listen}").rstrip("/")
    found = [Finding(f"智能机器人 URL 回调：{base}{PATH}（填入智能机器人「接收消息」的 URL）")]
    if PLATFORM not in told.channels:
        found.append(Finding("没有自建应用：机器人只能回答，群里的私信答复和预警推送要另配群推送地址"))
    if not told.aibot.names:
        found.append(Finding("没有填机器人名字：群里的话去掉开头的第一个「@…」"))
    return found
