"""What every callback passes before anything in it is believed: size, signature, time."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from aiohttp import web

from bot.metrics import Metrics
from bot.platforms.wecom.crypto import Envelope, EnvelopeRefused, Fault, Sealed

log = structlog.get_logger()

MAX_BODY: Final = 1024 * 1024
STATUS: Final = {
    Fault.SIGNATURE: 403,
    Fault.RECEIVER: 403,
    Fault.FORM: 400,
    Fault.DECRYPTION: 400,
    Fault.BUFFER: 400,
    Fault.BASE64: 400,
}


class Stale(Exception):
    """A genuine callback of another time. seconds: how far its time lies from ours."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} s from our clock")
        self.seconds = seconds


class Door:
    """The entrance of one application. freshness: seconds that the time of a callback may lie from ours."""

    def __init__(
        self, envelope: Envelope, *, channel: str, freshness: int, now: Callable[[], datetime], metrics: Metrics
    ) -> None:  # fmt: skip
        self.envelope = envelope
        self._channel = channel
        self._freshness = freshness
        self._now = now
        self._metrics = metrics

    async def check_address(self, request: web.Request) -> web.Response:
        """Answer the console's check with what it sealed, to the byte."""
        try:
            text = self.opened(request, request.query.get("echostr", ""))
        except (EnvelopeRefused, Stale) as error:
            self.note_refused(error)
            return web.Response(status=403)
        return web.Response(text=text, content_type="text/plain")

    def opened(self, request: web.Request, encrypt: str) -> str:
        """The decrypted message of a request, if its signature fits and its time is ours."""
        query = request.query
        timestamp = query.get("timestamp", "")
        text = self.envelope.open(
            Sealed(encrypt, query.get("msg_signature", ""), timestamp, query.get("nonce", ""))
        )
        now = int(self._now().timestamp())
        sent_at = int(timestamp) if timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 15 else 0
        if abs(now - sent_at) > self._freshness:
            raise Stale(sent_at - now)
        return text

    def sealed_text(self, text: str) -> bytes:
        """An answer in the envelope of the self-built app: XML with a nonce of our own."""
        stamp, nonce = str(int(self._now().timestamp())), secrets.token_hex(8)
        made = self.envelope.seal(text, timestamp=stamp, nonce=nonce)
        return (
            f"<xml><Encrypt><![CDATA[{made.encrypt}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{made.signature}]]></MsgSignature>"
            f"<TimeStamp>{stamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        ).encode()

    def refused(self, error: EnvelopeRefused | Stale | None) -> web.Response:
        """The answer to a callback that is not taken; None: it is too large."""
        self.note_refused(error)
        if error is None:
            return web.Response(status=413)
        return web.Response(status=403 if isinstance(error, Stale) else STATUS.get(error.fault, 400))

    def note_refused(self, error: EnvelopeRefused | Stale | None) -> None:
        self._metrics.messages_in.labels(self._channel, "refused").inc()
        if isinstance(error, Stale):
            log.warning("callback of another time", platform=self._channel, skew_seconds=error.seconds)
        else:
            log.warning("callback refused", platform=self._channel, why=str(error or "too large"))
