"""The push address of a group (消息推送, formerly 群机器人): out only, and whoever knows the address can post.

The group's account in the roster is the key of its address. There is no idempotency key here, so a message whose answer
was lost is not sent again: the outbox row says that it is in doubt. What certainly has not gone (no connection, too
many, an error of the server) is sent again.
"""

from __future__ import annotations

from typing import Any, Final

import aiohttp
import structlog
from aiohttp import web

from bot.platforms.base import (
    AnswerLost,
    Fetched,
    InDoubt,
    Limits,
    Rejected,
    Unavailable,
)
from bot.platforms.wecom.cards import typed_hint
from bot.platforms.wecom.failures import TARGET, failure
from bot.platforms.wecom.outgoing import content_of
from bot.platforms.wecom.wire import Answer, Wire, code_of
from bot.services import Services
from models.types import InboundMessage, OutgoingFile, OutgoingMessage, PendingFile

log = structlog.get_logger()

CHANNEL: Final = "wecom_webhook"
PER_MINUTE: Final = 18  # the platform takes 20
TEXT_BYTES: Final = 4096
HINT_BYTES: Final = 512
MOST_BUTTONS: Final = 12
_FULL_WIDTH: Final = str.maketrans({"<": "＜", ">": "＞", "`": "｀"})


class WecomWebhook:
    """Implements bot.platforms.base.Platform."""

    name = CHANNEL
    limits = Limits(
        private_per_minute=None, group_per_minute=PER_MINUTE, text_length=TEXT_BYTES - HINT_BYTES, in_bytes=True,
        buttons=MOST_BUTTONS, files_apart=True,
    )  # fmt: skip
    has_buttons = False
    idempotent = False

    def __init__(self, services: Services) -> None:
        self._services = services
        settings = services.settings.wecom
        self._base = settings.api_base
        self._wire = Wire(settings.proxy, call_seconds=settings.call_seconds)

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        await self._wire.close()

    def routes(self) -> list[web.RouteDef]:
        return []

    async def fetch(self, file: PendingFile, *, limit: int) -> Fetched:
        raise Rejected(f"{file.name} cannot have come in here, {limit} bytes or less")

    async def show_settled(self, click: InboundMessage) -> None:
        """There are no cards here."""

    async def send(self, message: OutgoingMessage) -> str | None:
        """Post one message to a group; its address is the key."""
        try:
            body = await self._body(message)
            answer = await self._wire.post(
                f"{self._base}/cgi-bin/webhook/send", body, params={"key": message.address}
            )
        except AnswerLost as error:
            raise InDoubt(str(error)) from None
        self._check(answer, message.address)
        return None

    async def _body(self, message: OutgoingMessage) -> dict[str, Any]:
        if message.files:
            return {
                "msgtype": "file",
                "file": {"media_id": await self._upload(message.files[0], message.address)},
            }
        hint = typed_hint(message.buttons, heard=False)
        text = plain_markdown(f"{message.text}\n{hint}" if hint and message.text else message.text or hint)
        return {"msgtype": "markdown", "markdown": {"content": text}}

    async def _upload(self, file: OutgoingFile, key: str) -> str:
        content = await content_of(self._services, file)
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("media", content, filename=file.name, content_type="application/octet-stream")
        try:
            answer = await self._wire.post(
                f"{self._base}/cgi-bin/webhook/upload_media", form, params={"key": key, "type": "file"}
            )
        except AnswerLost as error:  # an upload shows nothing to anybody: it can be repeated
            raise Unavailable(str(error)) from None
        self._check(answer, key)
        return str(answer.get("media_id", ""))

    def _check(self, answer: Answer, key: str) -> None:
        """Raise what the error code means; the server's words may repeat the address, so its key is taken out."""
        code = code_of(answer)
        if code == 0:
            return
        detail = str(answer.get("errmsg", "")).replace(key, "***")
        if code in TARGET:
            log.error("push address does not work", platform=CHANNEL, code=code, mend=TARGET[code])
        raise failure(code, detail=detail)


def plain_markdown(text: str) -> str:
    """Text that names nobody and runs nothing: what people wrote is neutral already, and so is the whole once more."""
    return text.translate(_FULL_WIDTH)
