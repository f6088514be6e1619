"""Messages in: stored under a unique key, acknowledged, processed once, in order per sender (rule C12).

Acceptance is a group commit: everything that arrives while a commit is under way shares the next one. A message that
finds the worker idle is processed in the commit that stores it. Otherwise processing takes what waits in transactions
of its own (a savepoint per message), which end early when acceptance waits, and lets a burst of messages be stored
before it begins. Delivery begins no message during that time.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from bot import inbox
from bot.batching import Batched
from bot.clock import Clock
from bot.delivery import Delivery, Replies
from bot.fetching import given_up
from bot.metrics import Metrics
from bot.platforms.base import SendFailed
from bot.snapshots import Snapshot, Snapshots
from bot.tasks import Tasks
from handlers import hearing
from handlers.router import Router
from models.db import Database, DatabaseUnavailable, StatementRefused, WriteSession, ledger_stamp
from models.operations import foresight
from models.operations.outbox import SETTLED, Written
from models.operations.versions import CHANGED
from models.queries import figures
from models.queries.directory import Directory
from models.queries.figures import Figures
from models.tables.inbox import InboxMessage
from models.types import (
    NO_SUGGESTION,
    InboundMessage,
    InboxState,
)

log = structlog.get_logger()

CHUNK: Final = 64  # messages per processing transaction
CHUNK_SECONDS: Final = 0.04  # an acceptance commit waits no longer behind it
BURST: Final = 8  # so many messages at once are more than talk
LULL_SECONDS: Final = 0.02  # fewer than that have arrived in so long: a burst is over
BURST_SECONDS: Final = (
    1.0  # a burst is stored first for so long; a longer one shares the machine with processing
)
MAX_ATTEMPTS: Final = 5
RETRY_SECONDS: Final = (1, 5, 30, 120)
# A message whose files are being fetched waits for so long; whoever finds it after that fetches them anew.
FETCH_LEASE: Final = timedelta(seconds=90)
MAX_FETCHES: Final = 4

# Returns the message with its pending files stored or refused; raises when it may succeed later.
Fetch = Callable[[InboundMessage], Awaitable[InboundMessage]]
Settled = Callable[[InboundMessage], None]
# Asks a language model about a message; never raises.
Ask = Callable[[InboundMessage], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What one transaction has processed. more: others may be due; replies: what it answers.

    fetches: rows whose files are to be fetched first, with the number of this attempt. settled: clicks whose cards are.
    turns: of the messages among them whose answers are expected.
    """

    taken: int
    more: bool
    replies: Replies
    pushed: bool
    fetches: tuple[tuple[int, InboundMessage, int], ...] = ()
    settled: tuple[InboundMessage, ...] = ()
    turns: tuple[str, ...] = ()


class Inbound:
    def __init__(
        self, *, database: Database, router: Router, snapshots: Snapshots, clock: Clock, delivery: Delivery,
        tasks: Tasks, metrics: Metrics, fetch: Fetch | None = None, settled: Settled | None = None,
        ask: Ask | None = None,
        answered: Callable[[Sequence[str]], None] | None = None,
    ) -> None:  # fmt: skip
        self._answered = answered
        self._fetch = fetch
        self._ask = ask
        self._settled = settled
        self._fetching: dict[int, asyncio.Task[None]] = {}
        self._database = database
        self._router = router
        self._snapshots = snapshots
        self._clock = clock
        self._delivery = delivery
        self._tasks = tasks
        self._metrics = metrics
        self._store: Batched[InboundMessage, bool] = Batched(
            database, tasks, self._store_messages, name="accept", first=True
        )
        self._wake = asyncio.Event()
        self._wake.set()
        self._draining = asyncio.Lock()
        self._stopping = False
        self._trying: int | None = None  # the first message of the chunk under way
        self._storing = 0  # messages that are being stored
        self._arrived = 0  # messages since processing last began
        self._stored = 0  # counts transactions that stored messages
        self._seen = 0  # what that count was when processing last left nothing over
        self._burst_left = BURST_SECONDS
        self._figures: dict[int, Figures] = {}
        self._figures_stamp: str | None = ""

    # --- accept

    async def accept(self, message: InboundMessage) -> bool:
        """Store a verified message; True once it is committed, False if it was there before.

        Raises DatabaseUnavailable when it could not be stored: the caller must not acknowledge it.
        """
        self._storing += 1
        self._arrived += 1
        self._wake.set()  # an idle worker joins the commit that stores it: one commit instead of two
        try:
            fresh = await self._store(message)
        except DatabaseUnavailable as error:
            log.warning("message not stored", platform=message.platform, why=str(error))
            raise
        finally:
            self._storing -= 1
        self._metrics.messages_in.labels(message.platform, "new" if fresh else "repeat").inc()
        if self._seen != self._stored:
            self._wake.set()
        return fresh

    def _store_messages(self, session: WriteSession, messages: Sequence[InboundMessage]) -> list[bool]:
        fresh = inbox.store(session, messages)
        self._stored += any(fresh)
        return fresh

    # --- process

    async def run(self) -> None:
        """The worker: processes what waits until it is cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self.drain()
                if self._clock.simulated:
                    continue
                # A message that failed waits for its next attempt.
                waits = await self._database.read(inbox.oldest_waiting) is not None
            except Exception as error:  # without this worker no message is processed any more
                if _is_unavailable(error):
                    log.warning("database unavailable", worker="inbox", cause=str(error))
                else:
                    log.exception("inbox worker")
                waits = True
            if waits:
                self._tasks.start(self._wake_later(1.0), name="inbox retry")

    async def stop(self) -> None:
        """Take nothing more; what is under way is finished and its replies are handed over.

        Fetches are cut short: their messages wait, and are fetched anew after the next start.
        """
        self._stopping = True
        for fetch in self._fetching.values():
            fetch.cancel()
        async with self._draining:
            pass

    async def _wake_later(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._wake.set()

    def kick(self) -> None:
        self._wake.set()

    async def drain(self) -> int:
        """Process everything that is due now; returns how many messages were taken."""
        total = 0
        async with self._draining:
            while not self._stopping:
                await self._lull()
                # Messages in flight may pause for a moment: what begins then ends when they go on, as long as a burst
                # may last. After that processing has its share whatever arrives.
                taken, more = await self._process_some(giving_way=self._burst_left > 0)
                total += taken
                if more:
                    continue
                if not self._fetching or not self._clock.simulated:
                    break
                await asyncio.wait(self._fetching.values())  # no other clock than this one calls again
        return total

    async def _lull(self) -> None:
        """Let a burst be stored first: senders wait for that, and a platform repeats what it is not told in time.

        Nothing new is sent meanwhile either.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        before = 0
        try:
            while self._arrived - before > BURST or self._storing > BURST:
                if loop.time() - began > self._burst_left:
                    self._burst_left = 0.0
                    break
                before = self._arrived
                self._delivery.calm.clear()
                await asyncio.sleep(LULL_SECONDS)
            else:
                self._burst_left = BURST_SECONDS
        finally:
            self._delivery.calm.set()
        self._arrived = 0

    async def _process_some(self, *, giving_way: bool) -> tuple[int, bool]:
        """One chunk; when something in it breaks the whole chunk, its messages one at a time.

        Returns how many were taken and whether there may be more.
        """
        try:
            chunk = await self._process(CHUNK, giving_way=giving_way)
        except Exception as error:
            if _is_unavailable(error):
                raise
            log.warning("chunk failed", error=type(error).__name__)
        else:
            return chunk.taken, chunk.more
        total = 0
        for _ in range(CHUNK):
            try:
                taken = (await self._process(1)).taken
            except Exception as error:
                if _is_unavailable(error) or self._trying is None:
                    raise
                taken = await self._set_aside(self._trying, error)
            if not taken:
                return total, False
            total += taken
        return total, True

    async def _process(self, limit: int, *, giving_way: bool = False) -> _Chunk:
        chunk = await self._database.write(partial(self._process_chunk, limit=limit, giving_way=giving_way))
        self._hand_over(chunk.replies, pushed=chunk.pushed)
        for row_id, message, attempt in chunk.fetches:
            work = self._fetch_files(row_id, message, attempt)
            self._fetching[row_id] = self._tasks.start(work, name="fetch files")
        if self._settled is not None:
            for message in chunk.settled:
                self._settled(message)
        if self._answered is not None and chunk.turns:
            self._answered(chunk.turns)
        return chunk

    async def _fetch_files(self, row_id: int, message: InboundMessage, attempt: int) -> None:
        """Fetch what came with a message, then let it be processed; later messages of its sender wait behind it."""
        done: InboundMessage | None = None
        try:
            if attempt >= MAX_FETCHES or (message.pending and self._fetch is None):
                done = given_up(message) if message.pending else replace(message, suggested=NO_SUGGESTION)
            else:
                try:
                    done = await self._prepared(message)
                except (SendFailed, TimeoutError, OSError) as error:
                    log.warning("files not fetched", inbox=row_id, attempt=attempt, why=type(error).__name__)
            await self._database.write(partial(self._fetched, row_id=row_id, done=done, attempt=attempt))
        except DatabaseUnavailable:
            log.warning("fetched files not recorded", inbox=row_id)  # fetched again when the lease ends
        finally:
            self._fetching.pop(row_id, None)
            self._wake.set()

    async def _prepared(self, message: InboundMessage) -> InboundMessage:
        """With its files, or with what a model suggests; each of them is a wait of its own."""
        if message.pending and self._fetch is not None:
            return await self._fetch(message)
        answer = await self._ask(message) if self._ask is not None else NO_SUGGESTION
        return replace(message, suggested=answer)

    def _is_to_be_asked(self, message: InboundMessage, snapshot: Snapshot, now: datetime) -> bool:
        """Whether a model is there to ask and the grammar leaves something open."""
        return (
            self._ask is not None
            and not message.suggested
            and hearing.leaves_open(message, snapshot.directory, snapshot.names, now)
        )

    def _fetched(
        self, session: WriteSession, *, row_id: int, done: InboundMessage | None, attempt: int
    ) -> None:
        row = session.get_one(InboxMessage, row_id)
        if row.state != InboxState.WAITING.value:
            return
        if done is not None:
            row.payload, row.attempts, row.not_before = inbox.message_to_json(done), 0, None
            return
        wait = RETRY_SECONDS[min(attempt, len(RETRY_SECONDS)) - 1]
        row.not_before = None if self._clock.simulated else self._clock.now() + timedelta(seconds=wait)

    def _hand_over(self, replies: Replies, *, pushed: bool) -> None:
        self._delivery.hand_over(replies)
        if pushed:
            self._delivery.kick()

    async def _set_aside(self, row_id: int, error: Exception) -> int:
        """Count an attempt of a message that the database or the frame refused, in a transaction of its own."""

        def count(session: WriteSession, *, tell: bool) -> tuple[Replies, bool]:
            attempts = session.get_one(InboxMessage, row_id).attempts + 1
            now = self._clock.now()
            written = self._failed(session, row_id, attempts, error.__cause__ or error, now, tell=tell)
            return self._delivery.dispatch(session, written, now), "outbox" in session.touched

        try:
            replies, pushed = await self._database.write(partial(count, tell=True))
        except Exception as trouble:
            if _is_unavailable(trouble):
                raise
            # Even the words to the sender cannot be written: it is still parked, and listed for the operator.
            replies, pushed = await self._database.write(partial(count, tell=False))
        self._hand_over(replies, pushed=pushed)
        return 1

    def _process_chunk(self, session: WriteSession, *, limit: int, giving_way: bool) -> _Chunk:
        """giving_way: a burst that has begun since this was asked for is stored first."""
        started = time.perf_counter()
        now = self._clock.now()
        self._trying = None
        stored = self._stored
        rows = inbox.next_waiting(session, limit=limit, now=now)
        if giving_way and self._arrived > BURST:
            return _Chunk(0, more=True, replies=Replies(), pushed=False)
        if not rows:
            self._seen = stored
            return _Chunk(0, more=False, replies=Replies(), pushed=False)
        self._trying = rows[0].id
        snapshot = self._snapshots.current(session)
        foresight.foresee(session, _people_of({row.sender_key for row in rows}, snapshot.directory))
        session.info[figures.HELD] = self._held(session)
        held: set[str] = set()
        done: list[int] = []
        written: list[Written] = []
        fetches: list[tuple[int, InboundMessage, int]] = []
        settled: list[InboundMessage] = []
        turns: list[str] = []
        taken = 0
        for row in rows:
            if row.sender_key in held:
                continue
            taken += 1
            try:
                message = inbox.message_from_json(row.payload)
                if message.pending and not _is_bound(message, snapshot.directory):
                    message = given_up(message)  # nothing that a stranger sends is kept (rule B2)
                if message.pending or self._is_to_be_asked(message, snapshot, now):
                    held.add(row.sender_key)
                    fetches.append((row.id, message, row.attempts + 1))
                    continue
                session.info.pop(SETTLED, None)
                written.extend(
                    self._router.handle(session, message, snapshot=snapshot, inbox_id=row.id, now=now)
                )
                done.append(row.id)
                if message.turn:
                    turns.append(message.turn)
                if session.info.pop(SETTLED, False):
                    settled.append(message)
            except (DBAPIError, sqlite3.Error):
                raise  # the transaction is spoilt: see _process_some
            except Exception as error:  # noqa: BLE001 - counted, retried, parked
                held.add(row.sender_key)
                written.extend(self._failed(session, row.id, row.attempts + 1, error, now, tell=True))
            if session.info.pop(CHANGED, False):
                snapshot = self._snapshots.current(session)
            if giving_way and self._arrived > BURST:
                break
            # What a transaction costs once is shared by all its messages: it ends early only for those who wait.
            if self._database.pressed and time.perf_counter() - started > CHUNK_SECONDS:
                break
        if fetches:
            inbox.hold(session, [row_id for row_id, _, _ in fetches], now + FETCH_LEASE)
        if done:
            inbox.finish(session, done, now)
            self._metrics.processed.labels("done").inc(len(done))
        replies = self._delivery.dispatch(session, written, now)
        more = taken < len(rows) or len(rows) == limit
        if not more:
            self._seen = stored
        return _Chunk(
            taken, more=more, replies=replies, pushed="outbox" in session.touched, fetches=tuple(fetches),
            settled=tuple(settled), turns=tuple(turns),
        )  # fmt: skip

    def _held(self, session: WriteSession) -> dict[int, Figures]:
        """Project figures read in earlier batches, as long as no commit of any process has changed a ledger table."""
        stamp = ledger_stamp(session)
        if stamp != self._figures_stamp:
            self._figures, self._figures_stamp = {}, stamp
        return self._figures

    def _failed(
        self, session: WriteSession, row_id: int, attempts: int, error: BaseException, now: datetime, *, tell: bool
    ) -> list[Written]:  # fmt: skip
        parked = attempts >= MAX_ATTEMPTS
        reason = f"{type(error).__name__}: {str(error)[:200]}"
        log.error(
            "message failed",
            inbox=row_id,
            attempts=attempts,
            parked=parked,
            error=type(error).__name__,
            exc_info=error,
        )
        wait = RETRY_SECONDS[min(attempts, len(RETRY_SECONDS)) - 1]
        session.execute(
            update(InboxMessage)
            .where(InboxMessage.id == row_id)
            .values(
                attempts=attempts,
                reason=reason,
                state=(InboxState.PARKED if parked else InboxState.WAITING).value,
                not_before=None if self._clock.simulated else now + timedelta(seconds=wait),
            )
            .execution_options(synchronize_session=False)
        )
        self._metrics.processed.labels("parked" if parked else "failed").inc()
        if not parked or not tell:
            return []
        row = session.get_one(InboxMessage, row_id)
        return self._router.tell_parked(
            session,
            inbox.message_from_json(row.payload),
            snapshot=self._snapshots.current(session),
            inbox_id=row_id,
            now=now,
        )


def _is_unavailable(error: Exception) -> bool:
    """The database itself: nothing about a message can be learnt from it."""
    return isinstance(error, DatabaseUnavailable) and not isinstance(error, StatementRefused)


def _is_bound(message: InboundMessage, directory: Directory) -> bool:
    known = directory.account_by_address.get((message.platform, message.account))
    return known is not None and known.person_id is not None


def _people_of(sender_keys: set[str], directory: Directory) -> set[int]:
    """The bound people behind sender keys (platform:account)."""
    found: set[int] = set()
    for key in sender_keys:
        platform, _, account = key.partition(":")
        known = directory.account_by_address.get((platform, account))
        if known is not None and known.person_id is not None:
            found.add(known.person_id)
    return found
