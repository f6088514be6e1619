"""Builds every object once, starts and stops them in order. The only place where all rooms meet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot import delivery as deliveries
from bot import migrate
from bot.answering import Answering
from bot.clock import Clock, SimulatedClock, WallClock
from bot.delivery import Delivery
from bot.fetching import fetch_files
from bot.inbound import Inbound
from bot.metrics import Metrics
from bot.model import Model
from bot.platforms import PLATFORMS
from bot.platforms.base import Platform, SendFailed
from bot.services import Advanced, Services
from bot.settings import Settings
from bot.sheets import FileSheets
from bot.snapshots import Snapshots
from bot.tasks import Tasks
from handlers.assembly import build_router
from models.db import Database, DatabaseUnavailable
from models.operations.versions import INSTALLED_AT, put_mark, time_mark
from models.queries.directory import Directory
from models.queries.documents import content as made_content
from models.tables.clockwork import Outage
from models.types import InboundMessage
from scheduler.jobs import JOBS
from scheduler.runner import Runner
from scheduler.timers import TIMERS
from templates.documents import Papers

log = structlog.get_logger()

HEARTBEAT: Final = "heartbeat"
CLOCK_MARK: Final = "simulated_clock"
OUTAGE_AFTER: Final = timedelta(minutes=2)
SKEW: Final = timedelta(seconds=5)  # what a time server corrects without a word
HEARTBEAT_EVERY: Final = timedelta(seconds=30)
TICK_SECONDS: Final = 1
DIRECTORY_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Settled:
    """Jobs and timers that ran until nothing was due, and when the next thing is."""

    ran: list[tuple[str, datetime]]
    next_at: datetime | None


class Product:
    """The running product. Made by `running`; its parts are public for the web layer and for tests."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, tasks: Tasks) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.tasks = tasks
        self.metrics = Metrics()
        self.snapshots = Snapshots()
        self._readers = Snapshots()  # of its own: reads run beside the writer
        self.platforms: dict[str, Platform] = {}
        self.delivery = Delivery(
            database=database, platforms=self.platforms, snapshots=self.snapshots, clock=clock, tasks=tasks,
            metrics=self.metrics, alone=database.is_sqlite,
        )  # fmt: skip
        self.answering = Answering(
            database=database, clock=clock, collected=self.delivery.collected, kick=self.delivery.kick
        )
        self.router = build_router(Papers(settings.documents_dir), FileSheets(settings.data_dir))
        self.inbound = Inbound(
            database=database, router=self.router, snapshots=self.snapshots, clock=clock, delivery=self.delivery,
            tasks=tasks, metrics=self.metrics, settled=self._show_settled, answered=self.answering.processed,
            ask=Model(settings.model).ask if settings.model.url is not None else None,
            fetch=partial(
                fetch_files, platforms=self.platforms, folder=settings.data_dir, limit_mb=settings.upload_limit_mb
            ),
        )  # fmt: skip
        self.runner = Runner(
            database=database,
            jobs=JOBS,
            timers=TIMERS,
            snapshot=self.snapshots.current,
            observe=self._observe,
        )
        self.services = Services(
            settings=settings, database=database, clock=clock, accept=self.inbound.accept, tasks=tasks,
            metrics=self.metrics, files=settings.data_dir, made=self.made, directory=self.directory, settle=self.settle,
            advance=self.advance, next_event=self.next_event, answering=self.answering,
        )  # fmt: skip
        for name in settings.channels:
            self.platforms[name] = PLATFORMS[name].build(self.services)
        self._ticking = asyncio.Lock()
        self._next_due: datetime | None = None
        self._beat_at: datetime | None = None
        self._workers: list[asyncio.Task[None]] = []
        self._ticker: AsyncIOScheduler | None = None
        self._directory: Directory | None = None
        self._directory_at = 0.0
        self._directory_lock = asyncio.Lock()
        self.started = False

    async def made(self, sha256: str) -> bytes | None:
        """The content of a file that the product itself made."""
        return await self.database.read(partial(made_content, sha256=sha256))

    async def start(self) -> None:
        now = self.clock.now()
        await self.database.write(lambda session: self._note_start(session, now))
        for platform in self.platforms.values():
            await platform.start()
        begun = await self.database.read(lambda session: time_mark(session, HEARTBEAT))
        self.delivery.complete_up_to(begun or now)
        self._workers = [
            self.tasks.start(self.inbound.run(), name="inbox worker"),
            self.tasks.start(self.delivery.run(), name="outbox worker"),
        ]
        await self.tick()
        if not self.clock.simulated:
            ticker = AsyncIOScheduler(timezone="Asia/Shanghai")
            ticker.add_job(
                self.tick,
                "interval",
                seconds=TICK_SECONDS,
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )
            ticker.start()
            self._ticker = ticker
        self.started = True

    async def stop(self) -> None:
        """Take in nothing new, finish what is claimed, then close."""
        self.started = False
        if self._ticker is not None:
            self._ticker.shutdown(wait=False)
        async with self._ticking:
            await self.inbound.stop()
        try:
            await self.delivery.stop()
        except TimeoutError:
            log.warning("stopped with messages under way; they are sent after the next start")
        await self.tasks.stop(*self._workers)
        for platform in self.platforms.values():
            await platform.stop()
        now = self.clock.now()
        try:
            await self.database.write(lambda session: put_mark(session, HEARTBEAT, now.isoformat()))
        except DatabaseUnavailable as error:  # the heartbeat before it stands
            log.warning("stopped without a last heartbeat", cause=str(error))

    # --- time

    async def tick(self) -> None:
        """Run what is due, then let the queues move. Called every second, or by the simulated clock."""
        async with self._ticking:
            now = self.clock.now()
            self._heed_jump(now)
            if self._next_due is None or now >= self._next_due or await self.runner.timer_due(now):
                self._next_due = (await self.runner.run_due(now)).next_at
            self.delivery.complete_up_to(now)
            self.inbound.kick()
            self.delivery.kick()
            if self._beat_at is None or now - self._beat_at >= HEARTBEAT_EVERY:
                self._beat_at = now
                await self.database.write(lambda session: put_mark(session, HEARTBEAT, now.isoformat()))

    def _heed_jump(self, now: datetime) -> None:
        """Say that the machine's clock was set while the product ran; after a jump back count anew from there."""
        if self._beat_at is None or self.clock.simulated:
            return
        jump = now - self._beat_at
        if jump < -SKEW:
            log.warning("clock set back", seconds=round(-jump.total_seconds()))
            self._beat_at = self._next_due = None
        elif jump > OUTAGE_AFTER:
            log.warning("clock set forward, or the machine slept", seconds=round(jump.total_seconds()))

    async def settle(self) -> None:
        """Process and send until nothing is due at the current clock."""
        await self._settled()

    async def _settled(self) -> _Settled:
        """Messages, then jobs and timers, then delivery: each sees what the one before it has caused.

        Another round is needed only when something went out, which may be answered at once, or when a message was
        taken, which may have failed and is tried again.
        """
        ran: list[tuple[str, datetime]] = []
        while True:
            taken = await self.inbound.drain()
            done = await self.runner.run_due(self.clock.now())
            ran.extend(done.jobs)
            self.delivery.complete_up_to(self.clock.now())
            sent_before = self.delivery.sent
            waiting = await self.delivery.drain()
            if not taken and self.delivery.sent == sent_before:
                moments = [moment for moment in (done.next_at, waiting) if moment is not None]
                return _Settled(ran, min((one for one in moments if one > self.clock.now()), default=None))

    async def advance(self, to: datetime) -> Advanced:
        """Move the simulated clock to a time, doing on the way everything that falls due, in order."""
        clock = self.clock
        assert isinstance(clock, SimulatedClock)
        async with self._ticking:
            if to < clock.now():
                raise ValueError(clock.now().isoformat())
            sent = self.delivery.sent
            settled = await self._settled()
            ran = settled.ran
            while settled.next_at is not None and settled.next_at <= to:
                clock.move(settled.next_at)
                settled = await self._settled()
                ran.extend(settled.ran)
            if clock.now() < to:
                clock.move(to)
                ran.extend((await self._settled()).ran)
            now = clock.now()

            def mark(session: Session) -> None:
                put_mark(session, CLOCK_MARK, now.isoformat())
                put_mark(session, HEARTBEAT, now.isoformat())

            await self.database.write(mark)
        return Advanced(clock.now(), tuple(ran), self.delivery.sent - sent)

    async def next_event(self) -> datetime | None:
        """The next moment after now at which a job, a timer or a delivery is due."""
        async with self._ticking:
            return (await self._settled()).next_at

    def _show_settled(self, click: InboundMessage) -> None:
        platform = self.platforms.get(click.way)
        if platform is not None and click.ticket:
            self.tasks.start(_show(platform, click), name="show settled")

    def _note_start(self, session: Session, now: datetime) -> None:
        if time_mark(session, INSTALLED_AT) is None:
            put_mark(session, INSTALLED_AT, now.isoformat())
        if self.database.is_sqlite:
            deliveries.end_leases(session, now)
        beat = time_mark(session, HEARTBEAT)
        if beat is not None and beat - now > SKEW and not self.clock.simulated:
            log.warning("clock is behind the last run", seconds=round((beat - now).total_seconds()))
        if beat is not None and now - beat > OUTAGE_AFTER:
            session.execute(insert(Outage).values(started_at=beat, ended_at=now))
        put_mark(session, HEARTBEAT, now.isoformat())
        if self.clock.simulated:
            put_mark(session, CLOCK_MARK, now.isoformat())

    def _observe(self, name: str, result: str, lateness: float) -> None:
        self.metrics.job_runs.labels(name, result).inc()
        self.metrics.job_lateness.labels(name).observe(max(lateness, 0.0))

    async def directory(self) -> Directory:
        """The directory as of at most half a second ago: for callers outside a transaction."""
        if (known := self._recent_directory()) is not None:
            return known
        async with self._directory_lock:  # one caller reads, the others wait for it
            if (known := self._recent_directory()) is not None:
                return known
            moment = asyncio.get_running_loop().time()
            known = await self.database.read(lambda session: self._readers.current(session).directory)
            self._directory, self._directory_at = known, moment
        return known

    def _recent_directory(self) -> Directory | None:
        recent = asyncio.get_running_loop().time() - self._directory_at <= DIRECTORY_SECONDS
        return self._directory if recent else None


async def _show(platform: Platform, click: InboundMessage) -> None:
    """Best effort: the ledger has the decision, and another press is answered with it."""
    try:
        await platform.show_settled(click)
    except SendFailed as error:
        log.warning("card not updated", platform=platform.name, why=str(error)[:200])


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Product]:
    """Open the database (migrated), build, start, and on the way out stop and close."""
    tasks = Tasks()
    await migrate.upgrade(settings.database_url)
    database = await Database.open(settings.database_url, lambda work: tasks.start(work, name="writer"))
    try:
        product = Product(settings, database, clock or await _clock(settings, database), tasks)
        await product.start()
        try:
            yield product
        finally:
            await product.stop()
    finally:
        await database.close()
        await tasks.stop()


async def _clock(settings: Settings, database: Database) -> Clock:
    if settings.clock == "real":
        return WallClock()
    stored = await database.read(lambda session: time_mark(session, CLOCK_MARK))
    start = settings.clock_start
    moments = [moment for moment in (stored, start) if moment is not None]
    return SimulatedClock(max(moments) if moments else WallClock().now())
