"""The AI bot by long connection: private chats and groups, answers and pushes, without an address of one's own.

One process of several holds the connection; the others hand back what is to be sent, and the holder takes it.
"""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from functools import partial
from typing import Any, Final

import structlog
from aiohttp import web

from bot.clock import WallClock
from bot.platforms.base import (
    AnswerLost,
    Fetched,
    Finding,
    InDoubt,
    Limits,
    RateLimited,
    Rejected,
    Unavailable,
)
from bot.platforms.wecom import aibot_words as words
from bot.platforms.wecom.accounts import PLATFORM, People, Spelling, note_unregistered
from bot.platforms.wecom.aibot import PER_MINUTE, TEXT_BYTES
from bot.platforms.wecom.aibot_heard import CHANNEL, Said, as_message, said
from bot.platforms.wecom.api import Api
from bot.platforms.wecom.cards import MOST_BUTTONS, is_one_question
from bot.platforms.wecom.checking import looked
from bot.platforms.wecom.crypto import EnvelopeRefused
from bot.platforms.wecom.downloads import fetch_encrypted, file_key, origin
from bot.platforms.wecom.failures import link_failure
from bot.platforms.wecom.link import Frame, Link, request_of, subscribe_once
from bot.platforms.wecom.outgoing import content_of, kind_of
from bot.platforms.wecom.wire import code_of
from bot.services import Services
from bot.settings import Settings
from models.db import DatabaseUnavailable
from models.operations import leases
from models.operations import turns as operations
from models.operations.turns import Use
from models.types import ChatKind, InboundKind, InboundMessage, OutgoingFile, OutgoingMessage, PendingFile

log = structlog.get_logger()

LEASE: Final = timedelta(seconds=30)
RENEW_SECONDS: Final = 10.0
ELSEWHERE_SECONDS: Final = 1.0  # until another process is asked to send
STORE_ATTEMPTS: Final = 30
# An answer to this callback cannot go any more: the same words go as a message of their own.
TOO_LATE: Final = frozenset({846604, 846605, 846606, 846608})
_ANSWER, _WELCOME, _CLICK = "ws:", "wel:", "up:"


class WecomAiBotLink:
    """Implements bot.platforms.base.Platform."""

    name = CHANNEL
    limits = Limits(
        private_per_minute=PER_MINUTE, group_per_minute=PER_MINUTE, text_length=TEXT_BYTES, in_bytes=True,
        text_beside_buttons=False, buttons=MOST_BUTTONS, files_apart=True, accounts_of=PLATFORM,
    )  # fmt: skip
    has_buttons = True
    idempotent = False

    def __init__(self, services: Services, api: Api | None) -> None:
        settings = services.settings.wecom
        self._services = services
        self._bot_id = settings.aibot.bot_id or ""
        self._names = settings.aibot.names
        self._proxy = settings.proxy
        self._trusted = {origin(settings.api_base), origin(settings.ws_url)}
        self._people = People(Spelling(services.directory), api)
        self._link = Link(
            url=settings.ws_url, bot_id=self._bot_id, secret=settings.aibot.connection_secret, proxy=settings.proxy,
            heard=self._heard, tasks=services.tasks,
        )  # fmt: skip
        self._holder = secrets.token_hex(8)
        self._lease = _lease_of(self._bot_id)
        self._keeper: asyncio.Task[None] | None = None
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._keeper = self._services.tasks.start(self._keep(), name="wecom connection")

    async def stop(self) -> None:
        await self._services.tasks.stop(*[task for task in (self._keeper, self._running) if task is not None])
        self._running = None
        try:
            await self._services.database.write(
                partial(leases.give_up, name=self._lease, holder=self._holder)
            )
        except DatabaseUnavailable:
            log.warning("lease not given up", platform=CHANNEL)  # it ends by itself
        await self._people.close()

    async def _keep(self) -> None:
        """Hold the lease, and with it the connection; without it, be ready to take it over."""
        ends = 0.0
        loop = asyncio.get_running_loop()
        while True:
            try:
                mine = await self._services.database.write(
                    partial(
                        leases.take, name=self._lease, holder=self._holder, now=WallClock().now(), lasts=LEASE,
                        alone=self._services.database.is_sqlite,
                    )
                )  # fmt: skip
                ends = loop.time() + LEASE.total_seconds() if mine else 0.0
            except DatabaseUnavailable:
                mine = loop.time() < ends - RENEW_SECONDS
            if mine and (self._running is None or self._running.done()):
                self._running = self._services.tasks.start(self._link.run(), name="wecom link")
            elif not mine and self._running is not None:
                await self._services.tasks.stop(self._running)
                self._running = None
            await asyncio.sleep(RENEW_SECONDS)

    def routes(self) -> list[web.RouteDef]:
        return []

    # --- in

    async def _heard(self, frame: Frame) -> None:
        """One callback; whatever is wrong with it must not end the connection."""
        body = frame.get("body")
        try:
            one = said(body if isinstance(body, dict) else {})
        except EnvelopeRefused as error:
            log.warning("callback refused", platform=CHANNEL, why=str(error))
            self._services.metrics.messages_in.labels(CHANNEL, "refused").inc()
            return
        request = request_of(frame)
        whole = one.message_id and one.sender and request
        if one.bot_id not in ("", self._bot_id) or not whole:
            log.warning(
                "callback refused", platform=CHANNEL, why="meant for another bot, or without id or sender"
            )
            self._services.metrics.messages_in.labels(CHANNEL, "refused").inc()
            return
        turn = _turn(one, request)
        message = as_message(
            one, names=self._names, at=self._services.clock.now(), turn=turn, collect_seconds=0
        )
        if message is None:
            self._services.metrics.messages_in.labels(CHANNEL, "ignored").inc()
            return
        await self._store(one, message)

    async def _store(self, one: Said, heard: InboundMessage) -> None:
        """The platform does not say it again, so it is kept in memory until the database takes it."""
        for attempt in range(STORE_ATTEMPTS):
            try:
                await note_unregistered(self._services, CHANNEL, one.chat)
                message = await self._people.named(heard, one.sender)
                await self._services.database.write(
                    partial(
                        operations.open_turn, turn=message.turn, channel=CHANNEL, message_id=message.message_id,
                        address=message.chat_address or message.account, reply_url=None,
                        now=self._services.clock.now(),
                    )
                )  # fmt: skip
                await self._services.accept(message)
            except DatabaseUnavailable:
                log.warning("message not stored yet", platform=CHANNEL, attempt=attempt)
                await asyncio.sleep(min(2.0**attempt, 30.0))
            else:
                return
        log.error("message given up", platform=CHANNEL)

    async def fetch(self, file: PendingFile, *, limit: int) -> Fetched:
        key, _, url = file.reference.rpartition(" ")
        return await fetch_encrypted(
            url, key=file_key(key), name=file.name, limit=limit, trusted=self._trusted, proxy=self._proxy
        )

    async def show_settled(self, click: InboundMessage) -> None:
        """Replace the card within the five seconds that the platform gives for it."""
        turn, _, task = click.ticket.partition(" ")
        if click.kind is not InboundKind.CLICK or not is_one_question(task):
            return
        above = await self._services.answering.words_above(click.action)
        update = words.settled(above, task_id=task, token=click.action)
        answer = await self._link.ask("aibot_respond_update_msg", update, request=turn.removeprefix(_CLICK))
        if (code := code_of(answer)) != 0:
            log.info("card not changed", platform=CHANNEL, code=code)

    # --- out

    async def send(self, message: OutgoingMessage) -> str | None:
        """Answer the callback where that is still open, else speak in the chat. Raises SendFailed."""
        if self._running is None or self._running.done():
            raise RateLimited("another process holds the connection", retry_after=ELSEWHERE_SECONDS)
        if not self._link.up.is_set():
            raise Unavailable("not connected")
        body = await self._body(message)
        if message.turn and not message.files and not message.buttons and await self._answered(message):
            return None
        group = message.chat is ChatKind.GROUP
        await self._tell(
            "aibot_send_msg", {"chatid": message.address, "chat_type": 2 if group else 1, **body}
        )
        return None

    async def _answered(self, message: OutgoingMessage) -> bool:
        """Whether the callback itself took the answer; it takes one."""
        if message.turn.startswith(_WELCOME):
            cmd, body = "aibot_respond_welcome_msg", {"msgtype": "text", "text": {"content": message.text}}
        elif message.turn.startswith(_ANSWER):
            cmd, body = (
                "aibot_respond_msg",
                words.stream(message.key.replace(".", "-"), message.text, finish=True),
            )
        else:
            return False
        now = self._services.clock.now()
        use = await self._services.database.write(
            partial(operations.use_turn, turn=message.turn, key=message.key, now=now)
        )
        if use is Use.OURS:
            raise InDoubt("sent before; whether it arrived is not known")
        if use is not Use.FREE:
            return False
        try:
            await self._tell(cmd, body, request=message.turn.partition(":")[2])
        except _TooLate:
            return False
        except Unavailable:  # it has not gone
            await self._services.database.write(
                partial(operations.give_back, turn=message.turn, key=message.key)
            )
            raise
        return True

    async def _tell(self, cmd: str, body: Frame, *, request: str = "") -> None:
        try:
            answer = await self._link.ask(cmd, body, request=request)
        except AnswerLost as error:
            raise InDoubt(str(error)) from None
        code = code_of(answer)
        if code == 0:
            return
        if code in TOO_LATE:
            raise _TooLate(f"errcode {code}")
        raise link_failure(code)

    async def _body(self, message: OutgoingMessage) -> dict[str, Any]:
        if message.files:
            return await self._file(message.files[0])
        if message.buttons:
            made = words.card_of(message.text, message.buttons, key=message.key, address=message.address)
            return {"msgtype": "template_card", "template_card": made}
        return words.markdown(message.text)

    async def _file(self, file: OutgoingFile) -> dict[str, Any]:
        content = await content_of(self._services, file)
        kind = kind_of(file, content)
        return {
            "msgtype": kind,
            kind: {"media_id": await self._link.upload(file.name, content, kind=kind)},
        }


class _TooLate(Rejected):
    pass


def _turn(one: Said, request: str) -> str:
    if one.event == "enter_chat":
        return f"{_WELCOME}{request}"
    return f"{_CLICK if one.kind == 'event' else _ANSWER}{request}"


def _lease_of(bot_id: str) -> str:
    return f"{CHANNEL} {bot_id}"


async def inspect(settings: Settings) -> list[Finding]:
    """Subscribe once, unless that would take the connection from a running bot."""
    told = settings.wecom
    found = [Finding(f"智能机器人长连接：{told.ws_url}（只需要能访问外网 443 端口）")]
    if await _is_running(settings):
        found.append(Finding("智能机器人长连接：本系统正连着，未另试（再连会把它顶下线）"))
    else:
        found.append(await _tried(settings))
    if PLATFORM not in told.channels:
        found.append(Finding("没有自建应用：只能写给先和机器人说过话的人；群预警另配群推送地址更稳"))
    if not told.aibot.names:
        found.append(Finding("没有填机器人名字：群里的话去掉开头的第一个「@…」"))
    return found


async def _tried(settings: Settings) -> Finding:
    told = settings.wecom
    try:
        code = await subscribe_once(
            told.ws_url, bot_id=told.aibot.bot_id or "", secret=told.aibot.connection_secret, proxy=told.proxy,
            seconds=told.call_seconds,
        )  # fmt: skip
    except Unavailable as error:
        return Finding("智能机器人长连接：连不上", f"核对出网 443 端口和 BOT_WECOM__WS_URL（{error}）")
    if code != 0:
        return Finding("智能机器人长连接：被拒绝", str(link_failure(code)))
    return Finding("智能机器人长连接：Bot ID 和 Secret 可用")


async def _is_running(settings: Settings) -> bool:
    """Whether a bot on the same database holds the connection now; a database that is not there has none."""
    name, now = _lease_of(settings.wecom.aibot.bot_id or ""), WallClock().now()
    return bool(await looked(settings, partial(leases.is_held, name=name, now=now)))
