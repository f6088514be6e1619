"""Inbox, router and outbox on one database, without HTTP and without workers: a test lets each of them move.

The commands are the test's own, so that a message can fail as wanted; the platform keeps what it was sent.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery import Delivery, end_leases
from bot.inbound import Inbound
from bot.metrics import Metrics
from bot.platforms.base import Fetched, Limits, Rejected
from bot.snapshots import Snapshots
from bot.tasks import Tasks
from handlers.context import Context
from handlers.router import Router
from handlers.verbs import Command
from models.db import PATIENCE, Database, Patience
from models.notices.replies import Refusal
from models.tables.inbox import InboxMessage
from models.types import ChatKind, InboundKind, InboundMessage, OutgoingMessage, PendingFile

PLATFORM: Final = "webchat"
_SAID: Final = itertools.count(1)
START: Final = datetime(2026, 9, 22, 2, 0, tzinfo=UTC)


@dataclass(slots=True)
class HandClock:
    """A real clock to the product, moved by the test."""

    simulated: bool = False
    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def go(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(slots=True)
class Window:
    """A platform that takes everything, or fails as told. Implements bot.platforms.base.Platform.

    It outlives the processes that send to it. refuse: raised instead of showing; lose: raised after it has shown.
    fates: the same as refuse for each of the next calls, None where it is shown.
    hold: calls wait here before they show, hold_answer after it; `waiting` tells that one has come.
    """

    name: str = PLATFORM
    limits: Limits = field(default_factory=lambda: Limits(None, 20, 4000))
    has_buttons: bool = True
    idempotent: bool = True
    shown: dict[str, OutgoingMessage] = field(default_factory=dict)
    repeats: list[OutgoingMessage] = field(default_factory=list)
    refuse: Exception | None = None
    lose: Exception | None = None
    fates: list[Exception | None] = field(default_factory=list)
    hold: asyncio.Event | None = None
    hold_answer: asyncio.Event | None = None
    waiting: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: OutgoingMessage) -> str | None:
        """A message under a key that is known already is a repetition and not shown again, as at a vendor."""
        await self._wait(self.hold)
        refused = self.fates.pop(0) if self.fates else self.refuse
        if refused is not None:
            raise refused
        if message.key in self.shown:
            self.repeats.append(message)
        else:
            self.shown[message.key] = message
        await self._wait(self.hold_answer)
        if self.lose is not None:
            raise self.lose
        return message.key

    async def _wait(self, gate: asyncio.Event | None) -> None:
        if gate is not None and not gate.is_set():
            self.waiting.set()
            await gate.wait()

    def to(self, address: str) -> list[str]:
        """The texts shown to one address, in order."""
        return [message.text for message in self.shown.values() if message.address == address]

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


def echo(context: Context, arguments: str) -> None:
    """Answers with its arguments."""
    context.say(Refusal((f"收到{arguments}",)))


def unused(_context: Context) -> None:
    raise AssertionError("only commands are sent here")


class Line:
    def __init__(
        self, database: Database, tasks: Tasks, clock: HandClock, commands: Sequence[Command], window: Window
    ) -> None:
        self.database = database
        self.tasks = tasks
        self.clock = clock
        self.window = window
        snapshots, metrics = Snapshots(), Metrics()
        self.delivery = Delivery(
            database=database, platforms={PLATFORM: window}, snapshots=snapshots, clock=clock, tasks=tasks,
            metrics=metrics, alone=database.is_sqlite,
        )  # fmt: skip
        router = Router(
            commands=[Command("回声", "回声", "/回声 词", echo), *commands], verbs={}, free_text=unused, files=unused,
            recalled=unused,
        )  # fmt: skip
        self.inbound = Inbound(
            database=database, router=router, snapshots=snapshots, clock=clock, delivery=self.delivery, tasks=tasks,
            metrics=metrics, fetch=self._fetch,
        )  # fmt: skip
        self.fetches: list[Exception | None] = []  # what becomes of the next ones; None: the file is there
        self.fetched = 0

    async def _fetch(self, message: InboundMessage) -> InboundMessage:
        self.fetched += 1
        if (failed := self.fetches.pop(0)) is not None:
            raise failed
        return replace(message, pending=())

    async def say(
        self, who: str, text: str, *, message_id: str | None = None, pending: tuple[PendingFile, ...] = ()
    ) -> bool:
        """Accept one message; True when it is new. Nothing is processed yet."""
        return await self.inbound.accept(
            InboundMessage(
                platform=PLATFORM, message_id=message_id or f"said {next(_SAID)}", account=who, chat=ChatKind.PRIVATE,
                chat_address="", kind=InboundKind.TEXT, text=text, received_at=self.clock.now(),
                pending=pending,
            )
        )  # fmt: skip

    async def move(self) -> None:
        """Process and send everything that may go at this moment."""
        await self.inbound.drain()
        await self.delivery.drain()

    async def inbox(self, who: str) -> list[tuple[str, int]]:
        """State and attempts of a person's messages, oldest first."""

        def look(session: Session) -> list[tuple[str, int]]:
            rows = session.execute(
                select(InboxMessage.state, InboxMessage.attempts)
                .where(InboxMessage.sender_key == f"{PLATFORM}:{who}")
                .order_by(InboxMessage.id)
            )
            return [(row.state, row.attempts) for row in rows]

        return await self.database.read(look)


@asynccontextmanager
async def line_on(
    url: str,
    commands: Sequence[Command] = (),
    *,
    patience: Patience = PATIENCE,
    clock: HandClock | None = None,
    window: Window | None = None,
) -> AsyncIterator[Line]:
    """A process on this database. Leaving it is as if it died: what it writes is written, nothing more is sent."""
    tasks = Tasks()
    clock = clock or HandClock()
    database = await Database.open(url, lambda work: tasks.start(work, name="writer"), patience=patience)
    try:
        if database.is_sqlite:  # as at the start of the product
            await database.write(lambda session: end_leases(session, clock.now()))
        yield Line(database, tasks, clock, commands, window or Window())
    finally:
        await database.close()
        await tasks.stop()
    assert tasks.failed == []
