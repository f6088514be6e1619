"""A chat platform that fails as told: down for a while, too many requests, somebody gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from aiohttp import web

from bot.platforms.base import (
    Fetched,
    Limits,
    PlatformModule,
    RateLimited,
    Rejected,
    Unavailable,
    Unreachable,
)
from models.types import InboundMessage, OutgoingMessage, PendingFile

NAME: Final = "flaky"
LIMITS: Final = Limits(private_per_minute=None, group_per_minute=20, text_length=4000)


@dataclass(slots=True)
class Outage:
    """Every call between two moments is refused."""

    begins: datetime
    ends: datetime

    def covers(self, at: datetime) -> bool:
        return self.begins <= at < self.ends


@dataclass(slots=True)
class Flaky:
    """Implements bot.platforms.base.Platform. Judges by a message's time, so the simulated clock rules it.

    One object outlives restarts of the product, as a vendor's server does. sent: what it accepted, repeats
    included; refused: what it turned away.
    """

    name: str = NAME
    limits: Limits = LIMITS
    has_buttons: bool = True
    idempotent: bool = False

    sent: list[OutgoingMessage] = field(default_factory=list)
    refused: list[OutgoingMessage] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    busy_once: dict[str, float] = field(default_factory=dict)

    def down(self, begins: datetime, ends: datetime) -> None:
        """Refuse every call in this time."""
        self.outages.append(Outage(begins, ends))

    def too_many(self, address: str, *, retry_after: float) -> None:
        """Answer the next call for this address with "too many requests", seconds to wait included."""
        self.busy_once[address] = retry_after

    def to(self, address: str) -> list[OutgoingMessage]:
        """What was accepted for one address, in order."""
        return [message for message in self.sent if message.address == address]

    async def send(self, message: OutgoingMessage) -> str | None:
        if any(outage.covers(message.at) for outage in self.outages):
            self.refused.append(message)
            raise Unavailable("connection refused")
        if message.address in self.gone:
            self.refused.append(message)
            raise Unreachable("user left")
        if message.address in self.busy_once:
            self.refused.append(message)
            raise RateLimited("too many requests", retry_after=self.busy_once.pop(message.address))
        self.sent.append(message)
        return f"{NAME}-{len(self.sent)}"

    async def fetch(self, file: PendingFile, *, limit: int) -> Fetched:
        raise Rejected("keeps no files")

    async def show_settled(self, click: InboundMessage) -> None:
        """Shows nothing."""

    def routes(self) -> list[web.RouteDef]:
        return []

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    def module(self) -> PlatformModule:
        """What the product lists; every start of the product gets this object."""
        return PlatformModule(NAME, lambda _services: self)
