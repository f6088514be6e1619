"""The seam to a chat platform, and the family of failures an adapter may report.

SendFailed
├── RateLimited    wait as told; nothing has failed
├── Unavailable    try again later; the platform or the network is down
├── InDoubt        executed perhaps, the answer was lost
├── Unreachable    this person or group cannot be reached any more (permanent)
└── Rejected       the platform will never take this message (permanent)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from aiohttp import web

from models.types import ChatKind, InboundMessage, OutgoingMessage


class SendFailed(Exception):
    """An adapter classifies, the delivery worker decides. The text must not contain secrets."""


class RateLimited(SendFailed):
    def __init__(self, detail: str, *, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(SendFailed):
    pass


class InDoubt(SendFailed):
    pass


class Unreachable(SendFailed):
    pass


class Rejected(SendFailed):
    pass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sends per minute and channel (None: no limit) and the longest text of one message in characters."""

    private_per_minute: int | None
    group_per_minute: int | None
    text_length: int

    def per_minute(self, chat: ChatKind) -> int | None:
        return self.group_per_minute if chat is ChatKind.GROUP else self.private_per_minute


class Platform(Protocol):
    """A running platform."""

    name: str
    limits: Limits
    has_buttons: bool
    idempotent: bool

    async def send(self, message: OutgoingMessage) -> str | None:
        """Send one message and return the platform's id for it, if it has one. Raises SendFailed."""

    def routes(self) -> list[web.RouteDef]:
        """The HTTP routes of this platform."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


# Stores a verified message; returns once it is committed. False: it was there before (rule C12).
Accept = Callable[[InboundMessage], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class PlatformModule:
    """What PLATFORMS lists: the name, and how to build the platform from its services.

    build receives a `bot.services.Services`; it is typed loosely here because the seam must not know the product.
    """

    name: str
    build: Callable[[Any], Platform]
