"""The seam to a chat platform, and the family of failures an adapter may report.

SendFailed
├── RateLimited    wait as told; nothing has failed
├── Unavailable    try again later; the platform or the network is down
│   ├── NeedsOperator held until somebody mends a setting; then it goes
│   └── AnswerLost executed perhaps; sent again unchanged, the platform knows it for a repeat
├── InDoubt        executed perhaps, the answer was lost
├── NotThisWay     this channel cannot carry it; another one to the same people may
├── Unreachable    this person or group cannot be reached any more (permanent)
└── Rejected       the platform will never take this message, or give out this file (permanent)
    └── TooLarge   the file is above the limit
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from aiohttp import web

from models.db import Session
from models.types import ChatKind, InboundMessage, OutgoingMessage, PendingFile


class SendFailed(Exception):
    """An adapter classifies, the delivery worker decides. The text must not contain secrets."""


class RateLimited(SendFailed):
    def __init__(self, detail: str, *, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(SendFailed):
    pass


class AnswerLost(Unavailable):
    """Only for platforms that do not show the same message twice."""


class NeedsOperator(Unavailable):
    """Held, not lost: goes as soon as the setting is right. The text says which setting, in words for the operator."""


class InDoubt(SendFailed):
    pass


class NotThisWay(SendFailed):
    pass


class Unreachable(SendFailed):
    pass


class Rejected(SendFailed):
    pass


class TooLarge(Rejected):
    """A file above the limit; it was not read to its end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message may hold, and how many may go in a minute to one channel (None: no limit).

    text_length: the longest text, in characters, or with in_bytes in bytes of UTF-8. text_beside_buttons: False where
    buttons stand in a message of their own, below a heading. buttons: the most of one message (None: no limit).
    files_apart: every file is a message of its own. accounts_of: the platform whose accounts its people have, where it
    is another way to them. answers_only: it carries answers to messages that came on it, and nothing else.
    """

    private_per_minute: int | None
    group_per_minute: int | None
    text_length: int
    in_bytes: bool = False
    text_beside_buttons: bool = True
    buttons: int | None = None
    files_apart: bool = False
    accounts_of: str = ""
    answers_only: bool = False

    def size(self, text: str) -> int:
        """Length of a text as this platform counts."""
        return len(text.encode()) if self.in_bytes else len(text)

    def per_minute(self, chat: ChatKind) -> int | None:
        return self.group_per_minute if chat is ChatKind.GROUP else self.private_per_minute


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as a platform gave it out. name: from the platform, may be empty."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of check-config about a platform. mend: what to do about it; empty when all is well."""

    text: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a platform's own directory. units: names of the departments; left: no longer there."""

    account: str
    name: str
    units: tuple[str, ...]
    left: bool = False


class Platform(Protocol):
    """A running platform."""

    name: str
    limits: Limits
    has_buttons: bool
    idempotent: bool

    async def send(self, message: OutgoingMessage) -> str | None:
        """Send one message and return the platform's id for it, if it has one. Raises SendFailed."""

    async def fetch(self, file: PendingFile, *, limit: int) -> Fetched:
        """The content of a file that came with a message. Raises TooLarge above limit bytes, else SendFailed."""

    async def show_settled(self, click: InboundMessage) -> None:
        """Show on the card that its question is settled, where the platform can. Raises SendFailed."""

    def routes(self) -> list[web.RouteDef]:
        """The HTTP routes of this platform."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


@runtime_checkable
class OwnStore(Protocol):
    """A platform whose "server" is this database: what it shows is a row of the commit that causes it.

    Nothing is sent over a network, so nothing can be lost or doubled between the message and its sent mark.
    """

    def write(self, session: Session, messages: Sequence[OutgoingMessage]) -> None:
        """Show messages with the commit of this session; the same key is shown once."""

    def written(self) -> None:
        """What was written is committed: whoever waits for news may look."""


# Stores a verified message; returns once it is committed. False: it was there before (rule C12).
Accept = Callable[[InboundMessage], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class PlatformModule:
    """What PLATFORMS lists: the name, and how to build the platform from its services.

    build receives a `bot.services.Services`, inspect a `bot.settings.Settings`; they are typed loosely here because
    the seam must not know the product. inspect: what check-config says about it, tried against the real platform;
    None where there is nothing to try. part_of: the platform whose settings switch this channel on.
    members: everybody in its directory whom these settings may see. open_group: makes a group of its own from settings,
    name, a key that is the same each time, and accounts, the first of them its owner; returns the group's address.
    Both raise SendFailed. registration: the file that the platform's own operator installs, with its secrets; None
    where everything is entered by hand.
    """

    name: str
    build: Callable[[Any], Platform]
    inspect: Callable[[Any], Awaitable[Sequence[Finding]]] | None = None
    registration: Callable[[Any], str] | None = None
    part_of: str = ""
    members: Callable[[Any], Awaitable[Sequence[Member]]] | None = None
    open_group: Callable[[Any, str, str, Sequence[str]], Awaitable[str]] | None = None
