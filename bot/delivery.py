"""Messages out: claimed, rendered, sent, recorded (rules P1–P5).

Each channel (platform and address) is served by one task at a time, so that order is kept and a slow platform delays
nobody else. What may go now, and merged with what, is decided in one transaction under the writer: the send limit is
counted from what was sent, so it survives a restart and holds across processes.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final, cast

import structlog
from sqlalchemy import Table, bindparam, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from bot.batching import Batched
from bot.clock import Clock
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
from models.inserts import insert_rows
from models.notices.base import Notice, decode
from models.notices.replies import Forwarded
from models.operations.outbox import Written, put
from models.operations.versions import directory_changed
from models.queries.directory import Directory, PersonInfo
from models.queries.items import sees
from models.rules import pacing
from models.rules.policy import Policy
from models.tables.drafts import Attachment, StoredFile
from models.tables.items import Item
from models.tables.outbox import Channel, OutboxNotice, SentMessage
from models.tables.people import Account
from models.types import (
    Button,
    ChatKind,
    OutboxState,
    OutgoingFile,
    OutgoingMessage,
    Recipient,
    RecipientKind,
    Role,
    Urgency,
)
from templates import render
from templates.merging import Part, merge

log = structlog.get_logger()

CLAIM_ROWS: Final = 400
SEND_SECONDS: Final = 15.0
# A process that dies keeps what it had claimed for this long; the others take it over within 30 seconds.
# No process begins to send what it may have lost before the sending ends.
LEASE: Final = timedelta(seconds=25)
RECORD_PAUSE_SECONDS: Final = 1.0
BACKOFF_SECONDS: Final = (1, 2, 5, 10, 30, 60, 120, 300)
# Looking through what waits takes the longer the more there is, and the callbacks that come in share the interpreter:
# it rests three times as long as it took, at most a second.
REST: Final = 3.0
MOST_REST_SECONDS: Final = 1.0
SINGLES: Final = (
    5  # that many waiting notices go one by one; more are merged (performance: urgent stay quick)
)
LATE: Final = timedelta(minutes=30)  # later than this after its time, a message says when it was due
RANK: Final = {Urgency.REPLY.value: 0, Urgency.URGENT.value: 0, Urgency.NORMAL.value: 1}


@dataclass(frozen=True, slots=True)
class _Due:
    """What decides when a row that is due may go; the notice itself is read only once it goes."""

    id: int
    recipient_kind: str
    recipient_id: int
    platform: str | None
    urgency: str
    created_at: datetime
    due_at: datetime
    state: str
    attempts: int
    lease_until: datetime | None
    turn: str | None


@dataclass(frozen=True, slots=True)
class _Row:
    """A claimed outbox row."""

    id: int
    notice: Notice
    recipient: Recipient
    urgency: str
    due_at: datetime
    created_at: datetime
    reason: str
    attempts: int
    turn: str = ""


@dataclass(frozen=True, slots=True)
class _Send:
    """One message to be sent: the rows it carries, in order."""

    channel: tuple[str, str]
    chat: ChatKind
    rows: tuple[_Row, ...]
    until: datetime  # the end of its lease; another process may send it after that
    files: tuple[OutgoingFile, ...] = ()
    again: bool = False  # it was under way when an earlier lease ended


@dataclass(frozen=True, slots=True)
class _Sent:
    """A message that its platform accepted, to be recorded. clears: the channel may have been waiting."""

    channel: tuple[str, str]
    row_ids: list[int]
    at: datetime
    platform_id: str | None
    parts: int
    paced: bool
    doubt: str | None
    clears: bool


@dataclass(frozen=True, slots=True)
class Replies:
    """Replies of one transaction. waiting: to be sent once it is committed; shown: how many each platform has shown."""

    waiting: tuple[Written, ...] = ()
    shown: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class _Claim:
    sends: list[_Send] = field(default_factory=list)
    # The next moment at which a row that waits now may go, if any.
    next_at: datetime | None = None
    passed_on: bool = False  # to somebody else, in rows that this claim has not seen

    def wait_until(self, moment: datetime) -> None:
        self.next_at = min(self.next_at or moment, moment)


@dataclass(frozen=True, slots=True)
class _Minute:
    """What a channel has taken within the last minute. used: messages, counting every part."""

    used: int
    oldest: datetime | None
    paced: int
    last_paced: datetime | None


class Delivery:
    """alone: no other process can be sending from this database (the embedded one)."""

    def __init__(
        self, *, database: Database, platforms: Mapping[str, Platform], snapshots: Snapshots, clock: Clock,
        tasks: Tasks, metrics: Metrics, alone: bool = False,
    ) -> None:  # fmt: skip
        self._alone = alone
        # What is due is still in the table: new replies must not overtake it. Not known before the first claim.
        self._backlog = True
        self._stopping = False
        self._database = database
        self._platforms = platforms
        self._snapshots = snapshots
        self._clock = clock
        self._tasks = tasks
        self._metrics = metrics
        self._queues: dict[tuple[str, str], list[_Send]] = {}
        self._busy: set[int] = set()  # rows this process is sending
        self._claimed: set[tuple[str, str]] = set()  # channels of a claim whose messages are not queued yet
        self._mark: Batched[_Sent, None] = Batched(database, tasks, _record_sent, name="sent")
        self._held_back = False  # rows wait because their recipient is being served
        self._wake = asyncio.Event()
        self._quiet = asyncio.Event()
        self._quiet.set()
        # Cleared for a second at most, while a burst of messages is stored: no message is begun.
        self.calm = asyncio.Event()
        self.calm.set()
        self._claiming = asyncio.Lock()
        self._claim_seconds = 0.0  # how long the last claim took
        # Jobs and timers have run up to here; what they cause for a later time is not complete yet.
        self.horizon: datetime | None = None
        self.sent = 0

    # --- in

    def hand_over(self, replies: Replies) -> None:
        """Send replies that this process wrote as claimed, and tell what has been shown with their commit."""
        now = self._clock.now()
        for one in replies.waiting:
            self._enqueue(_reply(one, now))
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
        waiting: list[Written] = []
        stored: dict[str, list[tuple[_Send, list[OutgoingMessage]]]] = defaultdict(list)
        for one in self._keep_order(session, written, now):
            platform = self._platforms[one.platform]
            send = _reply(one, now)
            if not isinstance(platform, OwnStore) or self._is_served(send.channel):
                waiting.append(one)
                continue
            try:
                stored[one.platform].append((send, self._messages(send, platform)))
            except Exception:  # noqa: BLE001 - the transaction must not fail with it: told and set aside by _send
                waiting.append(one)
        for name, sends in stored.items():
            platform = self._platforms[name]
            assert isinstance(platform, OwnStore)
            session.write_pending()
            platform.write(session, [message for _, messages in sends for message in messages])
            _record_sent(
                session,
                [
                    _Sent(
                        send.channel, [send.rows[0].id], now, messages[-1].key, len(messages), paced=False, doubt=None,
                        clears=False,
                    )
                    for send, messages in sends
                ],
            )  # fmt: skip
        return Replies(tuple(waiting), tuple((name, len(sends)) for name, sends in stored.items()))

    def _is_served(self, channel: tuple[str, str]) -> bool:
        """Whether older messages are on their way into a channel: a reply must not overtake them (rule P2)."""
        return channel in self._queues or channel in self._claimed

    def _keep_order(self, session: Session, written: list[Written], now: datetime) -> list[Written]:
        """The replies that may be handed over; the others wait in the table behind older ones (rule P2).

        For the transaction that wrote them. Older replies to the same person may lie there because a process died,
        because the channel has to wait, or because another process is sending them.
        """
        crowded = self._crowded(session, written, now)
        if not written or (self._alone and not self._backlog and not crowded):
            return written
        ours = {one.id for one in written}
        behind = {
            (row.recipient_kind, row.recipient_id)
            for row in session.execute(
                select(OutboxNotice.id, OutboxNotice.recipient_kind, OutboxNotice.recipient_id).where(
                    OutboxNotice.state.in_([OutboxState.WAITING.value, OutboxState.SENDING.value]),
                    OutboxNotice.due_at <= now,
                    OutboxNotice.urgency == Urgency.REPLY.value,
                )
            )
            if row.id not in ours and row.id not in self._busy
        }
        blocked = {
            (row.platform, row.address)
            for row in session.execute(
                select(Channel.platform, Channel.address).where(Channel.blocked_until > now)
            )
        }
        free = [
            one
            for one in written
            if (one.recipient.kind.value, one.recipient.id) not in behind
            and (one.platform, one.account) not in blocked | crowded
        ]
        waits = ours - {one.id for one in free}
        if waits:
            self._backlog = True
            _release(session, sorted(waits))
        return free

    def _crowded(self, session: Session, written: list[Written], now: datetime) -> set[tuple[str, str]]:
        """Private channels of these replies that have had what their platform takes in a minute (rule P2)."""
        limits: dict[tuple[str, str], int] = {}
        for channel in {(one.platform, one.account) for one in written}:
            platform = self._platforms.get(channel[0])
            if platform is not None and platform.limits.private_per_minute is not None:
                limits[channel] = platform.limits.private_per_minute
        minutes = _last_minutes(session, limits, now)
        return {channel for channel, minute in minutes.items() if minute.used >= limits[channel]}

    def kick(self) -> None:
        """Look for rows to claim."""
        self._wake.set()

    async def run(self) -> None:
        """The worker: claims what is due until it is cancelled."""
        while True:
            await self._wake.wait()
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
            await asyncio.sleep(min(REST * self._claim_seconds, MOST_REST_SECONDS))

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
        await asyncio.wait_for(self._quiet.wait(), SEND_SECONDS + 5)

    async def claim_due(self) -> _Claim:
        async with self._claiming:
            if self._stopping:
                return _Claim()
            try:
                claim = await self._database.write(self._claim)
            except Exception:
                self._backlog = True  # what was claimed is in the table again
                raise
            finally:
                self._claimed = set()
            for send in claim.sends:
                self._enqueue(send)
        return claim

    def _enqueue(self, send: _Send) -> None:
        self._busy.update(row.id for row in send.rows)
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
                self._backlog = True
                while queue:  # more may arrive while these go back
                    left = {row.id for later in queue for row in later.rows}
                    queue.clear()
                    await self._database.write(partial(_release, ids=sorted(left)))
                    self._busy.difference_update(left)
        except Exception:  # the database does not take the outcome: as if this process had died
            log.exception("outcome not recorded", platform=channel[0])
            await asyncio.sleep(RECORD_PAUSE_SECONDS)
            self._backlog = True
            self._busy.difference_update(left, (row.id for later in queue for row in later.rows))
            queue.clear()
        finally:
            del self._queues[channel]
            if not self._queues:
                self._quiet.set()
            if self._held_back:
                self._wake.set()

    # --- claim

    def _claim(self, session: Session) -> _Claim:
        """Claim what may go now, oldest first; what cannot go must not hide what can (rule P5)."""
        began = time.perf_counter()
        now = self._clock.now()
        claim = _Claim()
        self._held_back = False
        left = False
        taken: set[tuple[str, int]] = set()
        settled: set[tuple[str, str]] = set()
        last: _Due | None = None
        while True:
            rows = _due_rows(session, now, last)
            left |= self._claim_rows(session, claim, rows, taken=taken, settled=settled)
            claimed = sum(len(send.rows) for send in claim.sends)
            if len(rows) < CLAIM_ROWS or claimed >= CLAIM_ROWS // 2:
                break
            last = rows[-1]
        self._backlog = left or len(rows) == CLAIM_ROWS
        self._claimed = {send.channel for send in claim.sends}
        later = _next_due(session, now)
        if later is not None:
            claim.wait_until(later)
        self._claim_seconds = time.perf_counter() - began
        return claim

    def _claim_rows(
        self,
        session: Session,
        claim: _Claim,
        rows: Sequence[_Due],
        *,
        taken: set[tuple[str, int]],
        settled: set[tuple[str, str]],
    ) -> bool:
        """Claim from one page of due rows; True when some of them stay.

        taken: recipients that somebody is sending to. settled: channels that this claim has decided about. Both grow.
        """
        if not rows:
            return False
        now = self._clock.now()
        snapshot = self._snapshots.current(session)
        taken.update(
            (row.recipient_kind, row.recipient_id)
            for row in rows
            if row.id in self._busy or _leased(row, now)
        )
        gone: set[int] = set()
        waiting: dict[tuple[str, str], list[_Due]] = defaultdict(list)
        chats: dict[tuple[str, str], ChatKind] = {}
        for row in rows:
            if row.id in self._busy:
                continue
            if (row.recipient_kind, row.recipient_id) in taken:
                self._held_back = True
                continue
            if row.urgency == Urgency.NORMAL.value and self.horizon is not None and row.due_at > self.horizon:
                continue
            recipient = Recipient(RecipientKind(row.recipient_kind), row.recipient_id)
            address = self._address(
                session, snapshot.directory, recipient, row.platform, answers=row.turn is not None
            )
            if address is None:
                stored = session.get_one(OutboxNotice, row.id)
                if _readable(stored, now) is not None:
                    _fall_back(session, stored, snapshot.directory, now)
                    claim.passed_on = True
                gone.add(row.id)
                continue
            if address not in settled:
                chats[address] = ChatKind.GROUP if recipient.kind is RecipientKind.GROUP else ChatKind.PRIVATE
                waiting[address].append(row)
        minutes = _last_minutes(session, waiting, now)
        for address, some in waiting.items():
            gone |= self._claim_channel(
                session, claim, address, chat=chats[address], waiting=some, minute=minutes.get(address, _NOTHING),
                policy=snapshot.policies.of(_organisation_of(snapshot.directory, address)),
            )  # fmt: skip
        settled.update(waiting)
        gone.update(row.id for send in claim.sends for row in send.rows)
        return any(row.id not in gone and row.id not in self._busy for row in rows)

    def _claim_channel(
        self,
        session: Session,
        claim: _Claim,
        address: tuple[str, str],
        *,
        chat: ChatKind,
        waiting: list[_Due],
        policy: Policy,
        minute: _Minute,
    ) -> set[int]:
        """Decide what may go into one channel now, and merged with what; mark it as being sent.

        minute: what the channel has taken. Returns rows that nobody can read: they are marked, and go nowhere.
        """
        now = self._clock.now()
        channel = session.get(Channel, address)
        if channel is not None and channel.blocked_until is not None and channel.blocked_until > now:
            claim.wait_until(channel.blocked_until)
            return set()
        limits = self._platforms[address[0]].limits
        per_minute = limits.per_minute(chat)
        if chat is ChatKind.GROUP and per_minute is not None:
            per_minute = min(per_minute, policy.group_per_minute)
        room, calm = len(waiting), pacing.Room(len(waiting))
        if per_minute is not None:
            room = per_minute - minute.used
            if minute.oldest is not None and room <= 0:
                claim.wait_until(minute.oldest + timedelta(minutes=1))
                return set()
            calm = pacing.room(per_minute, sent=minute.paced, last_at=minute.last_paced, now=now)
        unreadable: set[int] = set()
        order = sorted(waiting, key=lambda row: (row.due_at, row.id))
        first = [row for row in order if RANK[row.urgency] == 0]
        singly: list[list[_Row]] = []
        while first and len(singly) < room:
            taken, first = first[: room - len(singly)], first[room - len(singly) :]
            singly.extend([row] for row in _read(session, taken, now, unreadable))
        # Messages that were under way when their lease ended go as they were: their platform may have them already,
        # and would take another message under the same key for a repetition.
        again: dict[datetime, list[_Row]] = defaultdict(list)
        old = {row.id: row.lease_until or now for row in order if row.state == OutboxState.SENDING.value}
        some = [row for row in order if RANK[row.urgency] == 1]
        for one in _read(session, [row for row in some if row.id in old], now, unreadable):
            again[old[one.id]].append(one)
        room -= len(singly)
        singly.extend(sorted(again.values(), key=lambda group: min(row.id for row in group))[: max(room, 0)])
        due = [row for row in some if row.id not in old]
        room = min(room - len(again), calm.messages)
        if due and room <= 0 and calm.next_at is not None:
            claim.wait_until(calm.next_at)
        normal = _read(session, due, now, unreadable) if room > 0 else []
        if normal:
            # What had to wait is merged; a decision card that did not have to wait stands alone.
            held = [
                row
                for row in normal
                if row.due_at > row.created_at or row.due_at < now or row.notice.mergeable
            ]
            alone = [row for row in normal if row not in held]
            if len(alone) > min(SINGLES, room - 1) or (per_minute is not None and len(normal) > SINGLES):
                held, alone = normal, []
            if held:
                singly.append(held)
            singly.extend([row] for row in alone)
        for number, group in enumerate(singly):
            # Every message has a lease of its own, so that whoever takes it over finds what belongs together.
            until = now + LEASE + timedelta(microseconds=number)
            files = _files(session, [number for row in group for number in row.notice.files])
            rows_of_it = tuple(sorted(group, key=lambda row: row.id))
            retaken = any(row.id in old for row in rows_of_it)
            claim.sends.append(_Send(address, chat, rows_of_it, until, files, again=retaken))
        for sends in _by_lease(claim, address):
            session.execute(
                update(OutboxNotice)
                .where(OutboxNotice.id.in_([row.id for send in sends for row in send.rows]))
                .values(
                    state=OutboxState.SENDING.value, lease_until=sends[0].until, attempts=OutboxNotice.attempts + 1
                )
                .execution_options(synchronize_session=False)
            )  # fmt: skip
        return unreadable

    def _address(
        self, session: Session, directory: Directory, recipient: Recipient, platform: str | None, *, answers: bool
    ) -> tuple[str, str] | None:  # fmt: skip
        """Where a recipient is reached now: the platform it wrote from, else the one used last."""
        if recipient.kind is RecipientKind.ACCOUNT:
            account = session.get(Account, recipient.id)
            options = self._ways_to(account.platform, account.account) if account is not None else []
        elif recipient.kind is RecipientKind.GROUP:
            group = directory.groups.get(recipient.id)
            options = [
                address for address in (group.accounts if group else ()) if address[0] in self._platforms
            ]
        else:
            options = [
                way
                for account in directory.accounts_of.get(recipient.id, ())
                if account.unreachable_since is None
                for way in self._ways_to(account.platform, account.account)
            ]
        open_ways = [way for way in options if answers or not self._platforms[way[0]].limits.answers_only]
        same = [address for address in open_ways if address[0] == platform]
        others = [way for way in open_ways if not self._platforms[way[0]].limits.answers_only]
        return next(iter(same or others), None)

    def _ways_to(self, platform: str, account: str) -> list[tuple[str, str]]:
        """The channels that reach an account: its own platform's, then others to the same people."""
        return [
            (name, account)
            for name, one in sorted(self._platforms.items(), key=lambda item: item[0] != platform)
            if platform in (name, one.limits.accounts_of)
        ]

    # --- send

    async def _send(self, send: _Send) -> bool:
        """Send one message and record the outcome; False when the channel has to wait."""
        platform = self._platforms[send.channel[0]]
        if not self._alone and self._clock.now() > send.until - timedelta(seconds=SEND_SECONDS):
            # Too late to be sure that nobody else sends it: it is claimed anew when its lease has ended.
            self._busy.difference_update(row.id for row in send.rows)
            log.warning("claim too old", platform=send.channel[0], rows=[row.id for row in send.rows])
            return False
        try:
            messages = self._messages(send, platform)
        except Exception as error:
            log.exception("notice cannot be rendered", rows=[row.id for row in send.rows])
            await self._finish(send, OutboxState.DEAD, f"无法生成文本：{type(error).__name__}")
            return True
        platform_id: str | None = None
        doubt: str | None = None
        begun = False  # a part of it has gone
        try:
            for number, message in enumerate(messages, start=1):
                given = await asyncio.wait_for(platform.send(message), SEND_SECONDS)
                begun = True
                if message.buttons or not any(one.buttons for one in messages[:number]):
                    platform_id = given  # what is kept is where the buttons stand, else the last
        except InDoubt as error:
            doubt = str(error)[:200]
        except RateLimited as error:
            await self._wait(send, error.retry_after, str(error), begun=begun)
            return False
        except Unavailable as error:
            begun = begun or isinstance(error, AnswerLost)
            await self._wait(send, None, str(error) or type(error).__name__, begun=begun)
            return False
        except (TimeoutError, DatabaseUnavailable) as error:  # it may have arrived
            if isinstance(error, TimeoutError) and not platform.idempotent:
                doubt = "no answer in time"  # shown twice is worse than said to be in doubt
            else:
                await self._wait(send, None, str(error) or type(error).__name__, begun=True)
                return False
        except NotThisWay as error:
            await self._another_way(send, str(error)[:200])
            return True
        except Unreachable as error:
            await self._unreachable(send, str(error)[:200])
            return True
        except (Rejected, SendFailed) as error:
            await self._finish(send, OutboxState.DEAD, str(error)[:200])
            return True
        if send.again and not platform.idempotent:
            doubt = doubt or "under way when its process ended: it may have come twice"
        await self._sent(send, platform_id, len(messages), doubt)
        return True

    def _messages(self, send: _Send, platform: Platform) -> list[OutgoingMessage]:
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

    def _compose(self, send: _Send) -> tuple[str, tuple[Button, ...]]:
        now = self._clock.now()
        parts: list[Part] = []
        for row in send.rows:
            late = row.due_at if now - row.due_at > LATE and row.urgency != Urgency.REPLY.value else None
            parts.append(Part(row.id, row.notice, late))
        return merge(parts)

    async def _sent(self, send: _Send, platform_id: str | None, parts: int, doubt: str | None) -> None:
        ids = [row.id for row in send.rows]
        retried = send.chat is ChatKind.GROUP or send.rows[0].attempts > 0
        paced = RANK[send.rows[0].urgency] == 1
        await self._mark(
            _Sent(send.channel, ids, self._clock.now(), platform_id, parts, paced, doubt, retried)
        )
        self._busy.difference_update(ids)
        self.sent += 1
        self._metrics.deliveries.labels(send.channel[0], "sent" if doubt is None else "doubt").inc()

    async def collected(
        self, channel: tuple[str, str], row_ids: list[int], *, doubt: str | None = None
    ) -> None:
        """Note that a platform has fetched these answers itself. doubt: why that is not certain."""
        await self._mark(_Sent(channel, row_ids, self._clock.now(), None, 1, False, doubt, False))
        self.sent += 1
        self._metrics.deliveries.labels(channel[0], "collected").inc()

    async def _another_way(self, send: _Send, why: str) -> None:
        """Back to the table, for another channel to the same people if there is one."""
        ids = [row.id for row in send.rows]

        def mark(session: Session) -> None:
            _release(session, ids)
            session.execute(
                update(OutboxNotice)
                .where(OutboxNotice.id.in_(ids))
                .values(platform=None, turn=None)
                .execution_options(synchronize_session=False)
            )

        await self._database.write(mark)
        self._busy.difference_update(ids)
        self._backlog = True
        self._wake.set()
        log.info("another channel", platform=send.channel[0], why=why)

    async def _finish(self, send: _Send, state: OutboxState, outcome: str) -> None:
        now = self._clock.now()
        ids = [row.id for row in send.rows]

        def mark(session: Session) -> None:
            session.execute(
                update(OutboxNotice)
                .where(OutboxNotice.id.in_(ids))
                .values(state=state.value, outcome=outcome, ended_at=now, lease_until=None)
                .execution_options(synchronize_session=False)
            )

        await self._database.write(mark)
        self._busy.difference_update(ids)
        self._metrics.deliveries.labels(send.channel[0], state.value).inc()
        log.error("notice not delivered", rows=ids, state=state.value, outcome=outcome)

    async def _wait(self, send: _Send, seconds: float | None, why: str, *, begun: bool) -> None:
        """Give the rows back and let the channel rest; nothing is marked failed.

        begun: a part of the message has gone, or may have: it stays one message, and its parts keep their keys.
        """
        now = self._clock.now()
        ids = [row.id for row in send.rows]

        def mark(session: Session) -> None:
            channel = session.get(Channel, send.channel)
            if channel is None:
                channel = Channel(platform=send.channel[0], address=send.channel[1], failures=0)
                session.add(channel)
            if seconds is None:
                pause = float(BACKOFF_SECONDS[min(channel.failures, len(BACKOFF_SECONDS) - 1)])
                channel.failures += 1
            else:
                pause = seconds
            channel.blocked_until = now + timedelta(seconds=pause)
            self._backlog = True
            if begun:
                _end_lease(session, ids, now)
            else:
                _release(session, ids)

        await self._database.write(mark)
        self._busy.difference_update(ids)
        self._metrics.deliveries.labels(send.channel[0], "wait").inc()
        log.warning("channel waits", platform=send.channel[0], why=why[:200], retry_after=seconds)

    async def _unreachable(self, send: _Send, why: str) -> None:
        """A permanent failure: note it on the account and pass the notices to whoever stands in (rule P3)."""
        now = self._clock.now()
        platform = self._platforms[send.channel[0]].limits.accounts_of or send.channel[0]

        def mark(session: Session) -> None:
            session.execute(
                update(Account)
                .where(Account.platform == platform, Account.account == send.channel[1])
                .values(unreachable_since=now, unreachable_reason=why)
                .execution_options(synchronize_session=False)
            )
            directory_changed(session)  # the list of gaps and the next look-up must know
            directory = self._snapshots.current(session).directory
            for row in session.execute(
                select(OutboxNotice)
                .where(OutboxNotice.id.in_([row.id for row in send.rows]))
                .order_by(OutboxNotice.id)
            ).scalars():
                _fall_back(session, row, directory, now, why=why)

        await self._database.write(mark)
        self._busy.difference_update(row.id for row in send.rows)
        self._metrics.deliveries.labels(send.channel[0], "unreachable").inc()


_SENT: Final = cast("Table", SentMessage.__table__)
_OUTBOX: Final = cast("Table", OutboxNotice.__table__)
_MARK: Final = (
    update(_OUTBOX)
    .where(_OUTBOX.c.id == bindparam("row_id"))
    .values(
        state=OutboxState.SENT.value, message_id=bindparam("sent_id"), ended_at=bindparam("at"), lease_until=None
    )
)  # fmt: skip


def _reply(written: Written, now: datetime) -> _Send:
    """A reply as a message of its own; its channel is the one it answers."""
    row = _Row(
        written.id, written.notice, written.recipient, Urgency.REPLY.value, now, now, "回复", 0, written.turn
    )
    return _Send((written.platform, written.account), ChatKind.PRIVATE, (row,), now + LEASE)


def _record_sent(session: WriteSession, sent: Sequence[_Sent]) -> list[None]:
    """Several messages that were sent, in one go."""
    connection = session.connection()
    messages: list[dict[str, object]] = []
    marks: list[dict[str, object]] = []
    for one in sent:
        number = session.next_id(_SENT)
        messages.append(
            {
                "id": number, "platform": one.channel[0], "address": one.channel[1], "at": one.at,
                "platform_id": one.platform_id, "parts": one.parts, "notices": len(one.row_ids), "paced": one.paced,
                "doubt": one.doubt,
            }
        )  # fmt: skip
        marks.extend({"row_id": row_id, "sent_id": number, "at": one.at} for row_id in one.row_ids)
    insert_rows(connection, _SENT, messages)
    connection.execute(_MARK, marks)
    for channel in {one.channel for one in sent if one.clears}:
        _clear_channel(session, channel)
    return [None] * len(sent)


_NOTHING: Final = _Minute(0, None, 0, None)
# Built once: building them costs more than running them, and every step of the clock asks.
_DUE: Final = (
    select(
        _OUTBOX.c.id, _OUTBOX.c.recipient_kind, _OUTBOX.c.recipient_id, _OUTBOX.c.platform, _OUTBOX.c.urgency,
        _OUTBOX.c.created_at, _OUTBOX.c.due_at, _OUTBOX.c.state, _OUTBOX.c.attempts, _OUTBOX.c.lease_until,
        _OUTBOX.c.turn,
    )
    .where(
        _OUTBOX.c.state.in_([OutboxState.WAITING.value, OutboxState.SENDING.value]),
        _OUTBOX.c.due_at <= bindparam("now"),
    )
    .order_by(_OUTBOX.c.due_at, _OUTBOX.c.id)
    .limit(CLAIM_ROWS)
)  # fmt: skip
_NEXT_DUE: Final = select(func.min(_OUTBOX.c.due_at)).where(
    _OUTBOX.c.state == OutboxState.WAITING.value, _OUTBOX.c.due_at > bindparam("now")
)


def _due_rows(session: Session, now: datetime, last: _Due | None) -> list[_Due]:
    """A page of the rows that are due, oldest first. last: the end of the page before."""
    statement = _DUE
    if last is not None:
        statement = statement.where(tuple_(_OUTBOX.c.due_at, _OUTBOX.c.id) > (last.due_at, last.id))
    return [_Due(*row) for row in session.execute(statement, {"now": now})]


def _last_minutes(
    session: Session, channels: Collection[tuple[str, str]], now: datetime
) -> dict[tuple[str, str], _Minute]:
    """What these channels have taken within the last minute; those that have taken nothing are not in it."""
    addresses: dict[str, list[str]] = defaultdict(list)
    for platform, address in channels:
        addresses[platform].append(address)
    found: dict[tuple[str, str], _Minute] = {}
    for platform, some in addresses.items():  # one platform at a time: SQLite has no index for lists of pairs
        for row in session.execute(
            select(
                SentMessage.address,
                func.coalesce(func.sum(SentMessage.parts), 0),
                func.min(SentMessage.at),
                func.count().filter(SentMessage.paced),
                func.max(SentMessage.at).filter(SentMessage.paced),
            )
            .where(
                SentMessage.platform == platform,
                SentMessage.address.in_(some),
                SentMessage.at > now - timedelta(minutes=1),
            )
            .group_by(SentMessage.address)
        ):
            found[platform, row[0]] = _Minute(int(row[1]), row[2], row[3], row[4])
    return found


def _read(session: Session, rows: Sequence[_Due], now: datetime, unreadable: set[int]) -> list[_Row]:
    """These rows with their notices, in this order; those that cannot be read are marked and named in unreadable."""
    if not rows:
        return []
    found = select(OutboxNotice).where(OutboxNotice.id.in_([row.id for row in rows]))
    stored = {row.id: row for row in session.execute(found).scalars()}
    read = [_readable(stored[row.id], now) for row in rows]
    unreadable.update(row.id for row, one in zip(rows, read, strict=True) if one is None)
    return [one for one in read if one is not None]


def _row(row: OutboxNotice) -> _Row:
    return _Row(
        row.id, decode(row.notice, row.payload), Recipient(RecipientKind(row.recipient_kind), row.recipient_id),
        row.urgency, row.due_at, row.created_at, row.reason, row.attempts, row.turn or "",
    )  # fmt: skip


def _release(session: Session, ids: list[int]) -> None:
    session.execute(
        update(OutboxNotice)
        .where(OutboxNotice.id.in_(ids), OutboxNotice.state == OutboxState.SENDING.value)
        .values(state=OutboxState.WAITING.value, lease_until=None)
        .execution_options(synchronize_session=False)
    )


def _end_lease(session: Session, ids: list[int], now: datetime) -> None:
    """Anybody may send these rows at once, together as before."""
    session.execute(
        update(OutboxNotice)
        .where(OutboxNotice.id.in_(ids), OutboxNotice.state == OutboxState.SENDING.value)
        .values(lease_until=now)
        .execution_options(synchronize_session=False)
    )


def end_leases(session: Session, now: datetime) -> None:
    """At the start of the only process of a database: nobody else can be sending.

    The leases are moved into the past, each by the same time: rows of one message keep one lease.
    """
    sending = OutboxNotice.state == OutboxState.SENDING.value
    found = select(OutboxNotice.lease_until).where(sending, OutboxNotice.lease_until > now).distinct()
    leases = sorted(lease for lease in session.execute(found).scalars() if lease is not None)
    for lease in leases:  # the earliest first, so that a moved one never meets one that is still to be moved
        session.execute(
            update(OutboxNotice)
            .where(sending, OutboxNotice.lease_until == lease)
            .values(lease_until=lease - (leases[-1] - now))
            .execution_options(synchronize_session=False)
        )


def _organisation_of(directory: Directory, address: tuple[str, str]) -> int | None:
    """Whose limit counts for a chat: that of the group's organisation (rules P2, Q3)."""
    group = directory.group_by_address.get(address)
    return group.organisation_id if group is not None else None


def _leased(row: _Due, now: datetime) -> bool:
    """True while whoever claimed the row may still be sending it."""
    if row.state != OutboxState.SENDING.value or row.lease_until is None:
        return False
    # A reply is claimed by being written; its writer does not know how long delivery needs.
    until = row.lease_until if row.attempts else min(row.lease_until, row.created_at + LEASE)
    return until > now


def _readable(row: OutboxNotice, now: datetime) -> _Row | None:
    """None, with the row marked, for a notice of another program version: it must not stop all the others."""
    try:
        return _row(row)
    except Exception as error:  # whatever is wrong with it, a person has to look
        log.exception("notice cannot be read", row=row.id, notice=row.notice)
        row.state, row.outcome = OutboxState.DEAD.value, f"无法读取：{type(error).__name__}"
        row.ended_at, row.lease_until = now, None
        return None


def _by_lease(claim: _Claim, address: tuple[str, str]) -> list[list[_Send]]:
    """The messages claimed for a channel, those that are never merged together: they need no lease of their own."""
    sends = [send for send in claim.sends if send.channel == address]
    single = [send for send in sends if RANK[send.rows[0].urgency] == 0]
    return [*([single] if single else []), *([send] for send in sends if RANK[send.rows[0].urgency] == 1)]


def _clear_channel(session: Session, channel: tuple[str, str]) -> None:
    session.execute(
        update(Channel)
        .where(
            Channel.platform == channel[0],
            Channel.address == channel[1],
            or_(Channel.failures > 0, Channel.blocked_until.is_not(None)),
        )
        .values(failures=0, blocked_until=None)
        .execution_options(synchronize_session=False)
    )


def _next_due(session: Session, now: datetime) -> datetime | None:
    return session.execute(_NEXT_DUE, {"now": now}).scalar_one_or_none()


def _files(session: Session, numbers: list[int]) -> tuple[OutgoingFile, ...]:
    if not numbers:
        return ()
    rows = session.execute(
        select(Attachment.id, Attachment.name, StoredFile.sha256, StoredFile.media_type)
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .where(Attachment.id.in_(numbers))
    ).all()
    found = {row.id: OutgoingFile(row.name, row.sha256, row.media_type) for row in rows}
    return tuple(found[number] for number in numbers if number in found)


def _fall_back(
    session: Session, row: OutboxNotice, directory: Directory, now: datetime, *, why: str = "未绑定"
) -> None:
    """Nobody can be reached under this recipient: ask the unit's 联络员 to pass it on (rules B9, P3)."""
    person = (
        directory.people.get(row.recipient_id) if row.recipient_kind == RecipientKind.PERSON.value else None
    )
    stand_in = _stand_in(directory, person) if person else None
    row.lease_until = None
    if (
        person is None
        or stand_in is None
        or row.notice == Forwarded.__name__
        or not _may_read(session, row, directory, stand_in)
    ):
        # One reason for all: it is shown to people who may not know of a restricted item (rule B8).
        row.state, row.outcome, row.ended_at = OutboxState.DEAD.value, f"无法送达：{why}", now
        return
    row.state, row.outcome = OutboxState.UNDELIVERED.value, f"未送达（{why}），已请{stand_in.label}转报"
    role = next((post.role.value for post in person.posts), "")
    put(
        session,
        Forwarded(
            role=role, name=person.label, outbox_id=row.id,
            lines=tuple(render(decode(row.notice, row.payload)).split("\n")),
        ),
        to=Recipient(RecipientKind.PERSON, stand_in.id), key=f"pass on:{row.id}", reason="转报",
        urgency=Urgency(row.urgency) if row.urgency != Urgency.REPLY.value else Urgency.NORMAL, now=now,
        due_at=row.due_at,
    )  # fmt: skip


def _may_read(session: Session, row: OutboxNotice, directory: Directory, person: PersonInfo) -> bool:
    """Whether somebody else than its recipient may read a notice: of a restricted item only its circle (B8)."""
    if row.subject_kind == "item" and row.subject_id is not None:
        item = session.get(Item, row.subject_id)
        if item is not None and item.restricted:
            return sees(directory, person, item)
    return row.payload.get("restricted") is not True  # the draft of a restricted item


def _stand_in(directory: Directory, person: PersonInfo) -> PersonInfo | None:
    """The 联络员 of the person's unit, or of the county it lies in, who has an account."""
    options = list(directory.for_unit(person.unit_id, Role.LIAISON))
    for post in person.posts:
        if post.region_id is not None:
            options.extend(directory.at_region(post.region_id, Role.LIAISON))
    return next(
        (one for one in options if one.id != person.id and directory.accounts_of.get(one.id)), None
    )  # fmt: skip
