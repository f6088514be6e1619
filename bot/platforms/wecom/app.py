"""The self-built app: private chats with members. Callbacks in, `message/send` out.

The platform has no text field on its cards: what a button asks for is typed as the next message. Every message
carries its serial number, because the platform drops a second one that is equal to the last byte.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog
from aiohttp import web

from bot import files
from bot.clock import WallClock
from bot.platforms.base import Fetched, Finding, Limits, PlatformModule, Rejected, SendFailed, Unreachable
from bot.platforms.wecom.api import Answer, Api
from bot.platforms.wecom.callback import ALERTS, Heard, account_of, as_message, encrypted_part, read
from bot.platforms.wecom.crypto import Envelope, EnvelopeRefused, Fault, Sealed
from bot.services import Services
from bot.settings import Settings, WecomSettings
from bot.shelf import Kept, Shelf
from models.db import DatabaseUnavailable
from models.queries.directory import Directory
from models.types import InboundMessage, OutgoingFile, OutgoingMessage, PendingFile

log = structlog.get_logger()

NAME: Final = "wecom"
PATH: Final = "/callback/wecom/app"
MAX_BODY: Final = 1024 * 1024
TEXT_BYTES: Final = 2048  # the platform cuts what is longer, without an error
SERIAL_BYTES: Final = 48
PER_MINUTE: Final = 20  # the platform takes 30 for one member and drops the others without an error
CARD_BUTTONS: Final = 6
DUPLICATE_SECONDS: Final = 4 * 3600  # the longest time for which the platform recognises a repeat
MEDIA_LASTS: Final = timedelta(days=2)  # of the three days that it keeps a file
FILE_BYTES: Final = 20 * 1024 * 1024
PICTURE_BYTES: Final = 5 * 1024 * 1024  # the vendor names 5 and 10 MB; above 5 it goes as a file
SKEW: Final = timedelta(seconds=60)
STATUS: Final = {
    Fault.SIGNATURE: 403,
    Fault.RECEIVER: 403,
    Fault.FORM: 400,
    Fault.DECRYPTION: 400,
    Fault.BUFFER: 400,
    Fault.BASE64: 400,
}
SETTLED: Final = "已处理"


class Stale(Exception):
    """A genuine callback of another time. seconds: how far its time lies from ours."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} s from our clock")
        self.seconds = seconds


class WecomApp:
    """Implements bot.platforms.base.Platform."""

    name = NAME
    limits = Limits(
        private_per_minute=PER_MINUTE, group_per_minute=None, text_length=TEXT_BYTES - SERIAL_BYTES, in_bytes=True,
        text_beside_buttons=False, buttons=CARD_BUTTONS, files_apart=True,
    )  # fmt: skip
    has_buttons = True
    idempotent = True

    def __init__(self, services: Services) -> None:
        settings = services.settings.wecom
        self._services = services
        self._corp_id = settings.corp_id or ""
        self._agent_id = settings.app.agent_id or 0
        self._freshness = settings.freshness_seconds
        self._envelope = Envelope(
            token=settings.token, encoding_aes_key=settings.encoding_aes_key, receiver=self._corp_id
        )
        shelf = Shelf(
            services.database, name=f"{NAME} token {self._corp_id} {self._agent_id}", secret=settings.secret
        )
        self._api = Api(
            base=settings.api_base, corp_id=self._corp_id, secret=settings.secret, proxy=settings.proxy,
            shelf=shelf, now=services.clock.now,
        )  # fmt: skip
        self._uploaded: dict[tuple[str, str], Kept] = {}  # by kind and SHA-256
        self._spelling: Mapping[str, str] = {}
        self._spelt_for: Directory | None = None

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
        return [web.get(PATH, self._check_address), web.post(PATH, self._hear)]

    async def _check_address(self, request: web.Request) -> web.Response:
        """Answer the console's check with what it sealed, to the byte."""
        try:
            text = self._opened(request, request.query.get("echostr", ""))
        except (EnvelopeRefused, Stale) as error:
            self._note_refused(error)
            return web.Response(status=403)
        return web.Response(text=text, content_type="text/plain")

    async def _hear(self, request: web.Request) -> web.Response:
        """200 with nothing in it once the message is stored; the answer goes out by itself."""
        body = await _limited_body(request)
        if body is None:
            self._note_refused(None)
            return web.Response(status=413)
        try:
            heard = read(self._opened(request, encrypted_part(body)))
            self._check_receiver(heard)
        except EnvelopeRefused as error:
            self._note_refused(error)
            return web.Response(status=STATUS.get(error.fault, 400))
        except Stale as error:
            self._note_refused(error)
            return web.Response(status=403)
        message = as_message(heard, platform=NAME, agent_id=self._agent_id, at=self._services.clock.now())
        if message is None:
            self._ignore(heard)
            return web.Response()
        try:
            await self._services.accept(await self._spelt(message))
        except DatabaseUnavailable:
            return web.Response(status=503)  # not stored: the platform sends it again
        return web.Response()

    def _opened(self, request: web.Request, encrypt: str) -> str:
        """The decrypted message of a request, if its signature fits and its time is ours."""
        query = request.query
        timestamp = query.get("timestamp", "")
        text = self._envelope.open(
            Sealed(encrypt, query.get("msg_signature", ""), timestamp, query.get("nonce", ""))
        )
        now = int(self._services.clock.now().timestamp())
        sent_at = int(timestamp) if timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 15 else 0
        if abs(now - sent_at) > self._freshness:
            raise Stale(sent_at - now)
        return text

    def _check_receiver(self, heard: Heard) -> None:
        """Meant for this corp and this app; changes of the directory name no app."""
        ours = heard.agent_id == str(self._agent_id) or (
            heard.event == "change_contact" and not heard.agent_id
        )
        if heard.receiver != self._corp_id or not ours:
            raise EnvelopeRefused(Fault.RECEIVER, "meant for another app")

    def _note_refused(self, error: EnvelopeRefused | Stale | None) -> None:
        self._services.metrics.messages_in.labels(NAME, "refused").inc()
        if isinstance(error, Stale):
            log.warning("callback of another time", platform=NAME, skew_seconds=error.seconds)
        else:
            log.warning("callback refused", platform=NAME, why=str(error or "too large"))

    def _ignore(self, heard: Heard) -> None:
        self._services.metrics.messages_in.labels(NAME, "ignored").inc()
        if heard.event in ALERTS:
            log.error("the platform limits this app", platform=NAME, event_kind=heard.event)

    async def _spelt(self, message: InboundMessage) -> InboundMessage:
        """The message under the account as the roster spells it: ids are the same in upper and lower case."""
        directory = await self._services.directory()
        if directory is not self._spelt_for:
            self._spelling = {
                account_of(account): account
                for platform, account in directory.account_by_address
                if platform == NAME
            }
            self._spelt_for = directory
        account = self._spelling.get(message.account, message.account)
        return _with_account(message, account)

    async def fetch(self, file: PendingFile, *, limit: int) -> Fetched:
        fetched = await self._api.download(file.reference, limit=limit)
        _, dot, ending = fetched.name.rpartition(".")
        if file.name and "." not in file.name and dot:  # a picture has no name of its own
            return Fetched(f"{file.name}.{ending}", fetched.content)
        return Fetched(file.name or fetched.name, fetched.content)

    # --- out

    async def send(self, message: OutgoingMessage) -> str | None:
        """Send to one member. A repeat of the same message within four hours is not shown again."""
        if message.files:
            content = await self._file_content(message.files[0])
        elif message.buttons:
            content = {"msgtype": "template_card", "template_card": card(message)}
        else:
            content = {"msgtype": "text", "text": {"content": f"{message.text}\n〔{message.key}〕"}}
        answer = await self._api.post(
            "message/send",
            {
                "touser": message.address, "agentid": self._agent_id, **content, "safe": 0,
                "enable_duplicate_check": 1, "duplicate_check_interval": DUPLICATE_SECONDS,
            },
        )  # fmt: skip
        _check_reached(answer, message.address)
        return str(answer.get("msgid", "")) or None

    async def _file_content(self, file: OutgoingFile) -> dict[str, Any]:
        """Uploaded once and kept in mind, so that a repeat of the message is the same to the byte."""
        try:
            path = await files.kept(
                self._services.files, file.sha256, partial(self._services.made, file.sha256)
            )
            if path is None:
                raise Rejected("file is gone")
            content = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise Rejected(f"file cannot be read: {type(error).__name__}") from None
        if len(content) > FILE_BYTES:
            raise Rejected(f"file of {len(content)} bytes is above the platform's limit")
        picture = file.media_type in ("image/jpeg", "image/png") and len(content) <= PICTURE_BYTES
        kind = "image" if picture else "file"
        now = self._services.clock.now()
        kept = self._uploaded.get((kind, file.sha256))
        if kept is None or kept.expires_at <= now:
            media_id = await self._api.upload(file.name, content, kind=kind)
            kept = self._uploaded[kind, file.sha256] = Kept(media_id, now + MEDIA_LASTS)
        return {"msgtype": kind, kind: {"media_id": kept.value}}

    async def show_settled(self, click: InboundMessage) -> None:
        """Replace the buttons by a word, where all of them belonged to the one question."""
        code, _, task = click.ticket.partition(" ")
        if not code or not task.endswith(_ONE_QUESTION):
            return
        await self._api.post(
            "message/update_template_card",
            {
                "userids": [click.account], "agentid": self._agent_id, "response_code": code,
                "button": {"replace_name": SETTLED},
            },
        )  # fmt: skip


_ONE_QUESTION: Final = "-1"
_SEVERAL: Final = "-n"


def card(message: OutgoingMessage) -> dict[str, Any]:
    """Buttons below a heading. The keys are the product's own tokens; what they do is looked up when they come back."""
    asking = [button.label for button in message.buttons if button.prompt]
    rows = {button.token.partition(".")[0] for button in message.buttons}
    shown = "\0".join((message.address, message.text, *(button.token for button in message.buttons)))
    digest = hashlib.blake2b(shown.encode(), digest_size=6).hexdigest()
    body: dict[str, Any] = {
        "card_type": "button_interaction",
        "main_title": {"title": message.text},
        "task_id": f"zb-{message.key.replace('.', '-')}-{digest}{_ONE_QUESTION if len(rows) == 1 else _SEVERAL}",
        "button_list": [{"text": button.label, "key": button.token} for button in message.buttons],
    }
    if asking:
        body["sub_title_text"] = f"按「{'」「'.join(asking)}」后，请按提示用文字回复"
    return body


def _with_account(message: InboundMessage, account: str) -> InboundMessage:
    return message if account == message.account else replace(message, account=account)


def _check_reached(answer: Answer, address: str) -> None:
    """The call may succeed and still reach nobody."""
    for name in ("invaliduser", "unlicenseduser"):
        if account_of(address) in str(answer.get(name, "")).lower().split("|"):
            raise Unreachable(f"{name}")


async def _limited_body(request: web.Request) -> bytes | None:
    """The body, or None when it is above the limit; not more than that is read."""
    if (request.content_length or 0) > MAX_BODY:
        return None
    body = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)


def _skew(api: Api, now: datetime) -> timedelta | None:
    return None if api.server_time is None else now - api.server_time


class _Nowhere:
    """A shelf for one look: check-config has no database."""

    async def look(self) -> Kept | None:
        return None

    async def put(self, kept: Kept) -> None:
        """Forgotten at once."""


async def inspect(settings: Settings) -> Sequence[Finding]:
    """Try id, secret and address against the server, and compare the clocks."""
    told: WecomSettings = settings.wecom
    now = WallClock().now
    api = Api(
        base=told.api_base, corp_id=told.corp_id or "", secret=told.secret, proxy=told.proxy,
        shelf=_Nowhere(), now=now,
    )  # fmt: skip
    base = (settings.public_url or f"http://{settings.listen}").rstrip("/")
    found = [Finding(f"回调地址：{base}{PATH}（填入管理后台「接收消息」的 URL）")]
    try:
        await api.get("getcallbackip")
        found.append(Finding(f"接口 {told.api_base}：凭证可用"))
    except SendFailed as error:
        found.append(Finding(f"接口 {told.api_base}：不可用", str(error)))
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


WECOM: Final = PlatformModule(NAME, WecomApp, inspect)
