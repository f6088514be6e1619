"""The self-built app: private chats with members. Callbacks in, `message/send` out.

The platform has no text field on its cards: what a button asks for is typed as the next message. Every message
carries its serial number, because the platform drops a second one that is equal to the last byte.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from aiohttp import web

from bot.answering import Answer
from bot.clock import WallClock
from bot.platforms.base import (
    AnswerLost,
    Fetched,
    Finding,
    InDoubt,
    Limits,
    SendFailed,
    Unreachable,
)
from bot.platforms.bodies import called_body
from bot.platforms.wecom.accounts import Spelling, account_of
from bot.platforms.wecom.api import Api
from bot.platforms.wecom.callback import ALERTS, Heard, as_message, encrypted_part, passive_text, read
from bot.platforms.wecom.cards import MOST_BUTTONS, SETTLED, Card, card, is_one_question, typed_hint
from bot.platforms.wecom.checking import app_is_ours, out_of_order, whom_it_sees
from bot.platforms.wecom.crypto import Envelope, EnvelopeRefused, Fault
from bot.platforms.wecom.directory import api_for
from bot.platforms.wecom.door import MAX_BODY, Door, Stale
from bot.platforms.wecom.failures import MediaGone
from bot.platforms.wecom.outgoing import content_of, kind_of
from bot.platforms.wecom.uploads import Uploads
from bot.platforms.wecom.wire import Answer as ApiAnswer
from bot.platforms.wecom.wire import told
from bot.services import Services
from bot.settings import Settings, WecomSettings
from bot.shelf import Shelf
from models.db import DatabaseUnavailable
from models.types import ChatKind, InboundMessage, OutgoingFile, OutgoingMessage, PendingFile

log = structlog.get_logger()

NAME: Final = "wecom"
PATH: Final = "/callback/wecom/app"
TEXT_BYTES: Final = 2048  # the platform cuts what is longer, without an error
SERIAL_BYTES: Final = 48
# For one member the platform takes 30, and 1000 an hour; it drops the rest without an error.
PER_MINUTE: Final = 15
DUPLICATE_SECONDS: Final = 4 * 3600  # the longest time for which the platform recognises a repeat
QUIET_SECONDS: Final = 1.0  # after another callback: what it brought may still be worked on
PASSIVE_HOLD: Final = 4  # seconds for which an answer waits to be fetched: the platform hangs up after five
SKEW: Final = timedelta(seconds=60)
HIDDEN_FOR: Final = timedelta(hours=1)
# More than that within that time are not people who have left: the visible range is wrong.
MANY_HIDDEN: Final = 5

RANGE: Final = "核对应用的可见范围：管理后台「应用管理」→ 本应用 →「可见范围」"

Content = dict[str, Any]


def app_api(services: Services) -> Api:
    """The calls of the self-built app; everybody who makes one shares its token."""
    settings = services.settings.wecom
    corp_id = settings.corp_id or ""
    shelf = Shelf(
        services.database, name=f"{NAME} token {corp_id} {settings.app.agent_id or 0}", secret=settings.secret
    )
    return Api(
        base=settings.api_base, corp_id=corp_id, secret=settings.secret, proxy=settings.proxy,
        shelf=shelf, now=services.clock.now, call_seconds=settings.call_seconds,
    )  # fmt: skip


class WecomApp:
    """Implements bot.platforms.base.Platform."""

    name = NAME
    limits = Limits(
        private_per_minute=PER_MINUTE, group_per_minute=PER_MINUTE, text_length=TEXT_BYTES - SERIAL_BYTES,
        in_bytes=True, text_beside_buttons=False, buttons=MOST_BUTTONS, files_apart=True,
    )  # fmt: skip
    has_buttons = True
    idempotent = True

    def __init__(self, services: Services) -> None:
        settings = services.settings.wecom
        self._services = services
        self._corp_id = settings.corp_id or ""
        self._agent_id = settings.app.agent_id or 0
        envelope = Envelope(
            token=settings.token, encoding_aes_key=settings.encoding_aes_key, receiver=self._corp_id
        )
        self._door = Door(
            envelope, channel=NAME, freshness=settings.freshness_seconds, now=services.clock.now,
            metrics=services.metrics,
        )  # fmt: skip
        self._spelling = Spelling(services.directory)
        self._api = app_api(services)
        self._hidden: dict[str, datetime] = {}  # members that were not reached, and when last
        self._answering = services.answering
        self._passive_seconds = settings.app.passive_seconds
        self._called_at = -QUIET_SECONDS  # loop time of the last callback
        self._calls = 0  # callbacks that are being answered now
        self._handing: set[str] = set()  # turns whose answers are being handed over
        self._waits_for = ""  # the turn whose answer one of them waits for
        self._uploads = Uploads(
            services.database, name=f"{NAME} media {self._corp_id} {self._agent_id}", now=services.clock.now
        )

    async def start(self) -> None:
        if not self._services.clock.simulated:
            self._services.tasks.start(self._compare_clocks(), name="wecom clock")

    async def stop(self) -> None:
        await self._api.close()

    async def _compare_clocks(self) -> None:
        """A wrong clock here would make every callback look stale."""
        try:
            await self._api.get("getcallbackip")
        except SendFailed as error:
            log.warning("platform not reached at start", platform=NAME, why=str(error)[:200])
        skew = _skew(self._api, self._services.clock.now())
        if skew is not None and abs(skew) > SKEW:
            log.warning(
                "clock differs from the platform's", platform=NAME, seconds=round(skew.total_seconds())
            )

    # --- in

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self._door.check_address), web.post(PATH, self._hear)]

    async def _hear(self, request: web.Request) -> web.StreamResponse:
        """200 once the message is stored, with the answer in it where that is ready and can stand there."""
        body = await called_body(request, MAX_BODY)
        if body is None:
            return self._door.refused(None)
        try:
            heard = read(self._door.opened(request, encrypted_part(body)))
            self._check_receiver(heard)
        except (EnvelopeRefused, Stale) as error:
            return self._door.refused(error)
        message = as_message(heard, platform=NAME, agent_id=self._agent_id, at=self._services.clock.now())
        if message is None:
            self._ignore(heard)
            return web.Response()
        message = await self._spelling.spelt(message)
        if self._waits_for:  # whoever waits for an answer must not wait through a crowd
            self._answering.hurry(self._waits_for)
        moment = asyncio.get_running_loop().time()
        quiet = not self._calls and moment - self._called_at >= QUIET_SECONDS
        self._called_at = moment
        alone = heard.kind != "event" and not message.pending and quiet
        turn = self._turn(message) if alone else ""
        self._calls += 1
        try:
            fresh = await self._services.accept(
                replace(message, turn=turn, collect_seconds=PASSIVE_HOLD) if turn else message
            )
            if fresh and turn:
                return await self._answer(request, heard, message, turn)
            if not fresh and heard.kind != "event" and (turn := self._turn(message)) not in self._handing:
                again = await self._answering.handed_before(turn) if turn else None
                if again is not None and (text := _plain_text(again)):
                    return await self._hand_over(request, heard, again, text)
        except DatabaseUnavailable:
            return web.Response(status=503)  # not stored: the platform sends it again
        finally:
            self._calls -= 1
        return web.Response()

    def _turn(self, message: InboundMessage) -> str:
        """Under which the answer may be fetched; empty where answers are never given this way."""
        digest = hashlib.blake2b(message.message_id.encode(), digest_size=12).hexdigest()
        return f"ap{digest}" if self._passive_seconds > 0 else ""

    async def _answer(
        self, request: web.Request, heard: Heard, message: InboundMessage, turn: str
    ) -> web.StreamResponse:
        """The answer itself, when it is one plain text and ready in time; else nothing, and it is sent."""
        self._waits_for = turn
        answer = None
        if self._calls == 1:  # nobody else has come while it was stored
            answer = await self._answering.wait(
                turn, platform=NAME, message_id=message.message_id, seconds=self._passive_seconds
            )
        self._waits_for = ""
        text = _plain_text(answer)
        if answer is None or not text:
            if answer is not None and answer.parts:
                await self._answering.send_instead(turn)
            elif answer is None:
                self._services.tasks.start(self._send_soon(turn, message), name="wecom late answer")
            return web.Response()
        self._handing.add(turn)
        try:
            await self._answering.hand_over(answer, (NAME, message.account))
            return await self._hand_over(request, heard, answer, text)
        finally:
            self._handing.discard(turn)

    async def _hand_over(
        self, request: web.Request, heard: Heard, answer: Answer, text: str
    ) -> web.StreamResponse:
        """Write an answer that is noted as handed over, and note whether it was."""
        body = self._door.sealed_text(
            passive_text(
                text, to=heard.sender, corp_id=self._corp_id, at=int(self._services.clock.now().timestamp())
            )
        )
        response = web.Response(body=body, content_type="text/xml", charset="utf-8")
        try:
            await response.prepare(request)
            await response.write_eof()
        except ConnectionError:  # the platform did not wait
            await self._answering.take_back(answer)
        else:
            await self._answering.arrived(answer)
        return response

    def _check_receiver(self, heard: Heard) -> None:
        """Meant for this corp and this app; changes of the directory name no app."""
        ours = heard.agent_id == str(self._agent_id) or (
            heard.event == "change_contact" and not heard.agent_id
        )
        if heard.receiver != self._corp_id or not ours:
            raise EnvelopeRefused(Fault.RECEIVER, "meant for another app")

    def _ignore(self, heard: Heard) -> None:
        self._services.metrics.messages_in.labels(NAME, "ignored").inc()
        if heard.event in ALERTS:
            log.error("the platform limits this app", platform=NAME, event_kind=heard.event)

    async def _send_soon(self, turn: str, message: InboundMessage) -> None:
        """Send an answer that will not be fetched as soon as it is there; without this it is due a little later."""
        answer = await self._answering.wait(
            turn, platform=NAME, message_id=message.message_id, seconds=PASSIVE_HOLD
        )
        if answer is not None and answer.waiting:
            await self._answering.send_instead(turn)

    async def fetch(self, file: PendingFile, *, limit: int) -> Fetched:
        fetched = await self._api.download(file.reference, limit=limit)
        _, dot, ending = fetched.name.rpartition(".")
        if file.name and "." not in file.name and dot:  # a picture has no name of its own
            return Fetched(f"{file.name}.{ending}", fetched.content)
        return Fetched(file.name or fetched.name, fetched.content)

    # --- out

    async def send(self, message: OutgoingMessage) -> str | None:
        """Send to one member, or to a group of this app. A member is not shown a repeat within four hours."""
        if message.chat is ChatKind.GROUP:
            return await self._send_to_group(message)
        if message.files:
            return await self._with_file(
                message.files[0], lambda content: self._tell(message.address, content)
            )
        if message.buttons:
            return await self._tell(
                message.address, {"msgtype": "template_card", "template_card": _card(message)}
            )
        text = f"{message.text}\n〔{message.key}〕"
        return await self._tell(message.address, {"msgtype": "text", "text": {"content": text}})

    async def _tell(self, address: str, content: Content) -> str | None:
        try:
            return await self._told(address, content)
        except Unreachable:
            self._note_hidden(address)
            raise

    def _note_hidden(self, address: str) -> None:
        now = self._services.clock.now()
        self._hidden = {one: at for one, at in self._hidden.items() if now - at < HIDDEN_FOR} | {address: now}
        if len(self._hidden) > MANY_HIDDEN:
            log.error("many members not reached", platform=NAME, members=len(self._hidden), mend=RANGE)

    async def _told(self, address: str, content: Content) -> str | None:
        answer = told(
            await self._api.post(
                "message/send",
                {
                    "touser": address, "agentid": self._agent_id, **content, "safe": 0,
                    "enable_duplicate_check": 1, "duplicate_check_interval": DUPLICATE_SECONDS,
                },
            )
        )  # fmt: skip
        _check_reached(answer, address)
        return str(answer.get("msgid", "")) or None

    async def _send_to_group(self, message: OutgoingMessage) -> str | None:
        """A group that the app has made: no cards there, and no way to recognise a repeat."""
        if message.files:
            return await self._with_file(
                message.files[0], lambda content: self._tell_group(message.address, content)
            )
        said = typed_hint(message.buttons) or message.text
        text = f"{said}\n〔{message.key}〕"
        return await self._tell_group(message.address, {"msgtype": "text", "text": {"content": text}})

    async def _tell_group(self, address: str, content: Content) -> str | None:
        try:
            told(await self._api.post("appchat/send", {"chatid": address, **content, "safe": 0}))
        except AnswerLost as error:
            raise InDoubt(str(error)) from None
        return None

    async def _with_file(
        self, file: OutgoingFile, tell: Callable[[Content], Awaitable[str | None]]
    ) -> str | None:
        """Say a file that was handed over once; handed over again when the platform has forgotten it."""
        content = await content_of(self._services, file)
        kind = kind_of(file, content)
        known = await self._uploads.find(kind, file.sha256)
        if known is not None:
            try:
                return await tell({"msgtype": kind, kind: {"media_id": known}})
            except MediaGone:
                await self._uploads.forget(kind, file.sha256)
        media_id = await self._api.upload(file.name, content, kind=kind)
        await self._uploads.keep(kind, file.sha256, media_id)
        return await tell({"msgtype": kind, kind: {"media_id": media_id}})

    async def show_settled(self, click: InboundMessage) -> None:
        """Replace the buttons by a word, where all of them belonged to the one question."""
        code, _, task = click.ticket.partition(" ")
        if not code or not is_one_question(task):
            return
        await self._api.post(
            "message/update_template_card",
            {
                "userids": [click.account], "agentid": self._agent_id, "response_code": code,
                "button": {"replace_name": SETTLED},
            },
        )  # fmt: skip


def _card(message: OutgoingMessage) -> Card:
    return card(message.text, message.buttons, key=message.key, address=message.address)


def _plain_text(answer: Answer | None) -> str:
    """An answer that can stand in the answer to its callback: one text, short enough, nothing beside it."""
    if answer is None or len(answer.parts) != 1 or len(answer.waiting) != 1 or not answer.first:
        return ""
    if answer.buttons or answer.files:
        return ""
    text = f"{answer.text}\n〔{answer.numbers[0]}.1〕"
    return text if len(text.encode()) <= TEXT_BYTES else ""


def _check_reached(answer: ApiAnswer, address: str) -> None:
    """The call may succeed and still reach nobody."""
    for name in ("invaliduser", "unlicenseduser"):
        if account_of(address) in str(answer.get(name, "")).lower().split("|"):
            raise Unreachable(f"{name}")


def _skew(api: Api, now: datetime) -> timedelta | None:
    return None if api.server_time is None else now - api.server_time


async def inspect(settings: Settings) -> Sequence[Finding]:
    """Try id, secret and address against the server, and compare the clocks."""
    wecom: WecomSettings = settings.wecom
    now = WallClock().now
    api = api_for(settings)
    base = (settings.public_url or f"http://{settings.listen}").rstrip("/")
    found = [Finding(f"回调地址：{base}{PATH}（填入管理后台「接收消息」的 URL）")]
    try:
        await api.get("getcallbackip")
        found.append(Finding(f"接口 {wecom.api_base}：凭证可用"))
        about = await app_is_ours(api, wecom.app.agent_id or 0) or await whom_it_sees(api, settings)
        found.extend([about] if about is not None else [])
    except SendFailed as error:
        found.append(out_of_order(wecom.api_base, error))
    finally:
        await api.close()
    skew = _skew(api, now())
    if skew is not None and abs(skew) > SKEW:
        found.append(
            Finding(
                f"本机时钟相差 {round(skew.total_seconds())} 秒", "请校准本机时间，否则回调会被当作过期拒绝"
            )
        )
    return found
