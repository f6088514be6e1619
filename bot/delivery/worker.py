"""Messages out: claimed, rendered, sent, recorded (rules P1–P5).

Each channel (platform and address) is served by one task at a time, so that order is kept and a slow platform delays
nobody else.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.batching import Batched
from bot.clock import Clock
from bot.delivery import marks, waiting
from bot.delivery.claims import Claims
from bot.delivery.crowding import Lately, seconds_until_room
from bot.delivery.reaching import Ways, fall_back, note_unreachable
from bot.delivery.rows import NOTHING, RANK, Claim, Replies, Send, Sent, UnderWay, reply_of
from bot.metrics import Metrics
from bot.packing import pack
from bot.platforms.base import (
    AnswerLost,
    InDoubt,
    NotThisWay,
    OwnStore,
    Platform,
    RateLimited,
    Rejected,
    SendFailed,
    Unavailable,
    Unreachable,
)
from bot.snapshots import Snapshots
from bot.tasks import Tasks
from models.db import Database, DatabaseUnavailable, WriteSession
from models.operations.outbox import Written
from models.tables.outbox import OutboxNotice
from models.types import Button, ChatKind, OutboxState, OutgoingMessage, Urgency
from templates.merging import Part, merge

log = structlog.get_logger()

SEND_SECONDS: Final = 15.0
RECORD_PAUSE_SECONDS: Final = 1.0
# Looking through what waits takes the longer the more there is, and the callbacks that come in share the interpreter:
# it rests three times as long as it took, at most a second.
REST: Final = 3.0
MOST_REST_SECONDS: Final = 1.0
MOST_KEPT: Final = 1000  # messages that wait in the middle; one that is forgotten is sent whole, and in doubt
LATE: Final = timedelta(minutes=30)  # later than this after its time, a message says when it was due


class Delivery:
    """alone: no other process can be sending from this database (the embedded one)."""

    def __init__(
        self, *, database: Database, platforms: Mapping[str, Platform], snapshots: Snapshots, clock: Clock,
        tasks: Tasks, metrics: Metrics, alone: bool = False,
    ) -> None:  # fmt: skip
        self._alone = alone
        self._stopping = False
        self._database = database
        self._platforms = platforms
        self._snapshots = snapshots
        self._clock = clock
        self._tasks = tasks
        self._metrics = metrics
        self._under_way: dict[tuple[int, ...], UnderWay] = {}  # by rows: of which a part has gone
        self._claims = Claims(
            platforms=platforms, ways=Ways(platforms), snapshots=snapshots, clock=clock,
            under_way=self._under_way,
        )  # fmt: skip
        self._queues: dict[tuple[str, str], list[Send]] = {}
        self._lately = Lately()
        self._mark: Batched[Sent, None] = Batched(database, tasks, marks.record_sent, name="sent")
        self._wake = asyncio.Event()
        self._quiet = asyncio.Event()
        self._quiet.set()
        # Cleared for a second at most, while a burst of messages is stored: no message is begun.
        self.calm = asyncio.Event()
        self.calm.set()
        self._claiming = asyncio.Lock()
        self.sent = 0

    def complete_up_to(self, moment: datetime) -> None:
        """Jobs and timers have run up to here; what they cause for a later time may still grow."""
        self._claims.horizon = moment

    # --- replies: with the commit that writes them, or right after it

    def hand_over(self, replies: Replies) -> None:
        """Send replies that this process wrote as claimed, and tell what has been shown with their commit."""
        now = self._clock.now()
        for one in replies.waiting:
            self._enqueue(reply_of(one, now))
        for name, count in replies.shown:
            platform = self._platforms[name]
            assert isinstance(platform, OwnStore)
            platform.written()
            self.sent += count
            self._metrics.deliveries.labels(name, "sent").inc(count)

    def dispatch(self, session: WriteSession, written: list[Written], now: datetime) -> Replies:
        """Settle, in the transaction that wrote them, how replies go out: with its commit, after it, or from the table.

        A platform whose store is this database takes them with the commit: one commit instead of three, and none of
        its replies is ever lost or doubled.
        """
        later: list[Written] = []
        stored: dict[str, list[tuple[Send, list[OutgoingMessage]]]] = defaultdict(list)
        for one in self._keep_order(session, written, now):
            platform = self._platforms[one.platform]
            send = reply_of(one, now)
            if not isinstance(platform, OwnStore) or self._is_served(send.channel):
                later.append(one)
                continue
            try:
                stored[one.platform].append((send, self._messages(send, platform)))
            except Exception:  # noqa: BLE001 - the transaction must not fail with it: told and set aside by _send
                later.append(one)
        for name, sends in stored.items():
            platform = self._platforms[name]
            assert isinstance(platform, OwnStore)
            session.write_pending()
            platform.write(session, [message for _, messages in sends for message in messages])
            marks.record_sent(
                session,
                [
                    Sent(
                        send.channel, [send.rows[0].id], now, messages[-1].key, len(messages), paced=False, doubt=None,
                        clears=False,
                    )
                    for send, messages in sends
                ],
            )  # fmt: skip
        return Replies(tuple(later), tuple((name, len(sends)) for name, sends in stored.items()))

    def _is_served(self, channel: tuple[str, str]) -> bool:
        """Whether older messages are on their way into a channel: a reply must not overtake them (rule P2)."""
        return channel in self._queues or channel in self._claims.channels

    def _keep_order(self, session: Session, written: list[Written], now: datetime) -> list[Written]:
        """The replies that may be handed over; the others wait in the table behind older ones (rule P2).

        For the transaction that wrote them. Older replies to the same person may lie there because a process died,
        because the channel has to wait, or because another process is sending them.
        """
        crowded = self._crowded(session, written, now)
        if not written or (self._alone and not self._claims.backlog and not crowded):
            return written
        ours = {one.id for one in written}
        behind = waiting.recipients_of_replies(session, now, but=ours | self._claims.busy)
        blocked = waiting.resting_channels(session, now)
        free = [
            one
            for one in written
            if (one.recipient.kind.value, one.recipient.id) not in behind
            and (one.platform, one.account) not in blocked | crowded
        ]
        waits = ours - {one.id for one in free}
        if waits:
            self._claims.backlog = True
            marks.release(session, sorted(waits))
        return free

    def _crowded(self, session: Session, written: list[Written], now: datetime) -> set[tuple[str, str]]:
        """Private channels of these replies that have had what their platform takes in a minute (rule P2)."""
        limits: dict[tuple[str, str], int] = {}
        for channel in {(one.platform, one.account) for one in written}:
            platform = self._platforms.get(channel[0])
            if platform is not None and platform.limits.private_per_minute is not None:
                limits[channel] = platform.limits.private_per_minute
        minutes = waiting.last_minutes(session, limits, now)
        return {channel for channel, minute in minutes.items() if minute.used >= limits[channel]}

    # --- what waits in the table

    def kick(self) -> None:
        """Look for rows to claim."""
        self._wake.set()

    async def run(self) -> None:
        """The worker: claims what is due until it is cancelled."""
        while True:
            await self._wake.wait()
            await self.calm.wait()
            self._wake.clear()
            try:
                await self.claim_due()
            except Exception as error:  # without this worker nothing is sent any more
                if isinstance(error, DatabaseUnavailable):
                    log.warning("database unavailable", worker="outbox", cause=str(error))
                else:
                    log.exception("outbox worker")
                await asyncio.sleep(1)
                self._wake.set()
            await asyncio.sleep(min(REST * self._claims.seconds, MOST_REST_SECONDS))

    async def drain(self) -> datetime | None:
        """Send everything that may go at the current clock; returns when the next waiting row may go."""
        while True:
            claim = await self.claim_due()
            if not claim.sends and not claim.passed_on and not self._queues:
                return claim.next_at
            await self._quiet.wait()

    async def stop(self) -> None:
        """Claim nothing more and finish what is claimed. Raises TimeoutError when a platform takes too long."""
        self._stopping = True
        async with self._claiming:
            pass  # a claim under way is still handed to its channels
        async with asyncio.timeout(SEND_SECONDS + 5):
            await self._quiet.wait()

    async def claim_due(self) -> Claim:
        async with self._claiming:
            if self._stopping:
                return Claim()
            try:
                claim = await self._database.write(self._claims.take)
            except Exception:
                self._claims.backlog = True  # what was claimed is in the table again
                raise
            finally:
                self._claims.channels = set()
            for send in claim.sends:
                self._enqueue(send)
        return claim

    def _enqueue(self, send: Send) -> None:
        self._claims.busy.update(row.id for row in send.rows)
        queue = self._queues.get(send.channel)
        if queue is not None:
            queue.append(send)
            return
        self._queues[send.channel] = [send]
        self._quiet.clear()
        self._tasks.start(self._serve(send.channel), name=f"channel {send.channel[0]}")

    async def _serve(self, channel: tuple[str, str]) -> None:
        """Send what is queued for one channel, in order; on a failure the rest goes back to the table."""
        queue = self._queues[channel]
        left: set[int] = set()
        try:
            while queue:
                send = queue.pop(0)
                left = {row.id for row in send.rows}
                await self.calm.wait()
                if await self._send(send):
                    continue
                while queue:  # more may arrive while these go back
                    left = {row.id for later in queue for row in later.rows}
                    queue.clear()
                    await self._give_back(sorted(left), partial(marks.release, ids=sorted(left)))
        except Exception:  # the database does not take the outcome: as if this process had died
            log.exception("outcome not recorded", platform=channel[0])
            await asyncio.sleep(RECORD_PAUSE_SECONDS)
            left.update(row.id for later in queue for row in later.rows)
            self._claims.let_go(left)
            queue.clear()
        finally:
            del self._queues[channel]
            if not self._queues:
                self._quiet.set()
            if self._claims.held_back:
                self._wake.set()

    # --- one message

    async def _send(self, send: Send) -> bool:
        """Send one message and record the outcome; False when the channel has to wait."""
        platform = self._platforms[send.channel[0]]
        if self._is_too_old(send):
            self._claims.busy.difference_update(row.id for row in send.rows)
            log.warning("claim too old", platform=send.channel[0], rows=[row.id for row in send.rows])
            return False
        try:
            under_way = self._under_way.pop(tuple(_ids(send)), None) or self._begin(send, platform)
        except Exception as error:
            log.exception("notice cannot be rendered", rows=[row.id for row in send.rows])
            await self._dead(send, f"无法生成文本：{type(error).__name__}")
            return True
        seconds = 0.0 if under_way.begun else await self._until_room(send, platform, under_way.parts)
        if seconds:
            return await self._go_on_later(send, under_way, "the minute is used up", seconds=seconds)
        try:
            while under_way.left:
                if under_way.begun and self._is_too_old(send):
                    return await self._go_on_later(send, under_way, "the claim ends before its last part")
                async with asyncio.timeout(SEND_SECONDS):
                    given = await platform.send(under_way.left[0])
                under_way.went(given)
        except RateLimited as error:
            return await self._go_on_later(send, under_way, _why(error), seconds=error.retry_after)
        except Unavailable as error:
            return await self._go_on_later(send, under_way, _why(error), begun=isinstance(error, AnswerLost))
        except (InDoubt, TimeoutError, DatabaseUnavailable) as error:  # it may have arrived
            # Sent again, it is known for a repeat, or it had not been begun.
            if isinstance(error, DatabaseUnavailable) or (
                platform.idempotent and not isinstance(error, InDoubt)
            ):
                return await self._go_on_later(send, under_way, _why(error), begun=True)
            under_way.went_perhaps(_why(error)[:200])
            if under_way.left:
                return await self._go_on_later(send, under_way, _why(error))
        except NotThisWay as error:
            await self._another_way(send, str(error)[:200])
            return True
        except Unreachable as error:
            await self._unreachable(send, str(error)[:200])
            return True
        except (Rejected, SendFailed) as error:
            await self._dead(send, str(error)[:200])
            return True
        await self._sent(send, under_way)
        return True

    async def _until_room(self, send: Send, platform: Platform, parts: int) -> float:
        """Seconds until a channel takes a message of so many parts (rule P2)."""
        limit = platform.limits.per_minute(send.chat)
        now = self._clock.now()
        if limit is None or self._lately.is_little(send.channel, parts, limit=limit, now=now):
            return 0.0
        told = await self._database.read(
            lambda session: waiting.last_minutes(session, [send.channel], now).get(send.channel, NOTHING)
        )
        return seconds_until_room(told, parts, limit=limit, now=now)

    def _is_too_old(self, send: Send) -> bool:
        """Too late to be sure that nobody else sends it: it is claimed anew when its lease has ended."""
        return not self._alone and self._clock.now() > send.until - timedelta(seconds=SEND_SECONDS)

    def _begin(self, send: Send, platform: Platform) -> UnderWay:
        """A message from its first part on. Raises what rendering raises."""
        messages = self._messages(send, platform)
        twice = send.again and not platform.idempotent
        doubt = "under way when its process ended: it may have come twice" if twice else None
        return UnderWay(messages, len(messages), doubt)

    async def _go_on_later(
        self, send: Send, under_way: UnderWay, why: str, *, seconds: float | None = None, begun: bool = False
    ) -> bool:  # fmt: skip
        """Let the channel rest; what has gone of the message does not go again. begun: it may have, unanswered."""
        begun = begun or under_way.begun
        if begun:
            self._keep(send, under_way)
        await self._wait(send, seconds, why, begun=begun)
        return False

    def _keep(self, send: Send, under_way: UnderWay) -> None:
        """Should this process claim the same rows again, it goes on where it was."""
        if len(self._under_way) >= MOST_KEPT:
            del self._under_way[next(iter(self._under_way))]
        self._under_way[tuple(_ids(send))] = under_way

    def _messages(self, send: Send, platform: Platform) -> list[OutgoingMessage]:
        """The messages of a send in order. Raises what rendering raises."""
        text, buttons = self._compose(send)
        reason = "、".join(dict.fromkeys(row.reason for row in send.rows))
        return [
            OutgoingMessage(
                key=f"{send.rows[0].id}.{number}", address=send.channel[1], chat=send.chat, text=piece.text,
                buttons=piece.buttons, files=piece.files, reason=reason, at=self._clock.now(), turn=send.rows[0].turn,
            )
            for number, piece in enumerate(pack(text, buttons, send.files, platform.limits), start=1)
        ]  # fmt: skip

    def _compose(self, send: Send) -> tuple[str, tuple[Button, ...]]:
        now = self._clock.now()
        parts: list[Part] = []
        for row in send.rows:
            late = row.due_at if now - row.due_at > LATE and row.urgency != Urgency.REPLY.value else None
            parts.append(Part(row.id, row.notice, late))
        return merge(parts)

    async def collected(
        self, channel: tuple[str, str], row_ids: list[int], *, doubt: str | None = None
    ) -> None:
        """Note that a platform has fetched these answers itself. doubt: why that is not certain."""
        await self._mark(Sent(channel, row_ids, self._clock.now(), None, 1, False, doubt, False))
        self.sent += 1
        self._metrics.deliveries.labels(channel[0], "collected").inc()

    # --- what became of it

    async def _sent(self, send: Send, under_way: UnderWay) -> None:
        ids = _ids(send)
        retried = send.chat is ChatKind.GROUP or send.rows[0].attempts > 0
        paced = RANK[send.rows[0].urgency] == 1
        sent = Sent(
            send.channel, ids, self._clock.now(), under_way.platform_id, under_way.parts, paced, under_way.doubt,
            retried,
        )  # fmt: skip
        # Should it not be written down now, it is when the rows are claimed again, and nothing is sent for it.
        self._keep(send, under_way)
        self._lately.add(send.channel, under_way.parts, sent.at)
        await self._mark(sent)
        self._under_way.pop(tuple(ids), None)
        self._claims.busy.difference_update(ids)
        self.sent += 1
        self._count(send, "sent" if under_way.doubt is None else "doubt")

    async def _give_back(self, ids: list[int], outcome: Callable[[Session], None]) -> None:
        """Write down that these rows were not sent; they are nobody's any more, and may be due again at once."""

        def write(session: Session) -> None:
            # Within the transaction: what claims or answers in the same commit sees them in the table (rule P2).
            self._claims.let_go(ids)
            outcome(session)

        await self._database.write(write)

    async def _another_way(self, send: Send, why: str) -> None:
        """Back to the table, for another channel to the same people if there is one."""
        await self._give_back(_ids(send), partial(marks.send_another_way, ids=_ids(send)))
        self._wake.set()
        log.info("another channel", platform=send.channel[0], why=why)

    async def _dead(self, send: Send, outcome: str) -> None:
        """Given up; a person has to look (dead letters)."""
        ids = _ids(send)
        await self._give_back(ids, partial(marks.give_up, ids=ids, outcome=outcome, now=self._clock.now()))
        self._count(send, OutboxState.DEAD.value)
        log.error("notice not delivered", rows=_ids(send), outcome=outcome)

    async def _wait(self, send: Send, seconds: float | None, why: str, *, begun: bool) -> None:
        """Give the rows back and let the channel rest; nothing is marked failed.

        begun: a part of the message has gone, or may have: it stays one message, and its parts keep their keys.
        """
        now = self._clock.now()
        ids = _ids(send)
        outcome = partial(marks.rest, channel_of=send.channel, ids=ids, seconds=seconds, begun=begun, now=now)
        await self._give_back(ids, outcome)
        self._count(send, "wait")
        log.warning("channel waits", platform=send.channel[0], why=why[:200], retry_after=seconds)

    async def _unreachable(self, send: Send, why: str) -> None:
        """A permanent failure: note it on the account and pass the notices to whoever stands in (rule P3)."""
        await self._give_back(_ids(send), partial(self._note_unreachable, send=send, why=why))
        self._count(send, "unreachable")

    def _note_unreachable(self, session: Session, *, send: Send, why: str) -> None:
        now = self._clock.now()
        platform = self._platforms[send.channel[0]].limits.accounts_of or send.channel[0]
        note_unreachable(session, platform, send.channel[1], why=why, now=now)
        directory = self._snapshots.current(session).directory
        found = select(OutboxNotice).where(OutboxNotice.id.in_(_ids(send))).order_by(OutboxNotice.id)
        for row in session.execute(found).scalars():
            fall_back(session, row, directory, now, why=why)

    def _count(self, send: Send, result: str) -> None:
        self._metrics.deliveries.labels(send.channel[0], result).inc()


def _ids(send: Send) -> list[int]:
    return [row.id for row in send.rows]


def _why(error: Exception) -> str:
    return str(error) or "no answer in time"
