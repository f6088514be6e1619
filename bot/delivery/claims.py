"""Claiming: what may go into which channel now, and merged with what (rules P2, P5).

Decided in one transaction under the writer: the send limit is counted from what was sent, so it survives a restart
and holds across processes.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.delivery.marks import put_under_way
from bot.delivery.reaching import Ways, fall_back, organisation_of
from bot.delivery.rows import LEASE, NOTHING, RANK, Claim, Due, Minute, Row, Send, UnderWay
from bot.delivery.waiting import (
    CLAIM_ROWS,
    due_rows,
    files_of,
    is_leased,
    last_minutes,
    next_due,
    read_rows,
    readable,
)
from bot.platforms.base import Platform
from bot.snapshots import Snapshots
from models.rules import pacing
from models.rules.calendar import next_opening
from models.rules.policy import Policy
from models.tables.outbox import Channel, OutboxNotice
from models.types import ChatKind, OutboxState, Recipient, RecipientKind, Urgency

# That many waiting notices go one by one; more are merged (performance: urgent ones stay quick).
SINGLES: Final = 5


class Claims:
    """What this process has claimed, and how it claims more."""

    def __init__(
        self, *, platforms: Mapping[str, Platform], ways: Ways, snapshots: Snapshots, clock: Clock,
        under_way: Mapping[tuple[int, ...], UnderWay],
    ) -> None:  # fmt: skip
        self._platforms = platforms
        self._ways = ways
        self._snapshots = snapshots
        self._clock = clock
        self._under_way = under_way  # by rows: of which a part has gone
        self.busy: set[int] = set()  # rows this process is sending
        self.channels: set[tuple[str, str]] = set()  # of a claim whose messages are not queued yet
        self.held_back = False  # rows wait because their recipient is being served
        # What is due is still in the table: new replies must not overtake it. Not known before the first claim.
        self.backlog = True
        # Jobs and timers have run up to here; what they cause for a later time is not complete yet.
        self.horizon: datetime | None = None
        self.seconds = 0.0  # how long the last claim took

    def let_go(self, row_ids: Collection[int]) -> None:
        """They are not sent by this process any more; as far as it knows they are in the table again."""
        self.backlog = True
        self.busy.difference_update(row_ids)

    def take(self, session: Session) -> Claim:
        """Claim what may go now, oldest first; what cannot go must not hide what can (rule P5)."""
        began = time.perf_counter()
        now = self._clock.now()
        claim = Claim()
        self.held_back = False
        left = False
        taken: set[tuple[str, int]] = set()
        settled: set[tuple[str, str]] = set()
        last: Due | None = None
        while True:
            rows = due_rows(session, now, last)
            left |= self._take_rows(session, claim, rows, taken=taken, settled=settled)
            claimed = sum(len(send.rows) for send in claim.sends)
            if len(rows) < CLAIM_ROWS or claimed >= CLAIM_ROWS // 2:
                break
            last = rows[-1]
        self.backlog = left or len(rows) == CLAIM_ROWS
        self.channels = {send.channel for send in claim.sends}
        later = next_due(session, now)
        if later is not None:
            claim.wait_until(later)
        self.seconds = time.perf_counter() - began
        return claim

    def _take_rows(
        self,
        session: Session,
        claim: Claim,
        rows: Sequence[Due],
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
        # What an outage, a limit or a late start held back past the push window waits like all else (rule A3); a
        # message of which a part has been shown is finished.
        opening = next_opening(now, snapshot.directory.calendar, snapshot.policies.base.push_window)
        shut = opening > now
        begun = {number for ids, message in self._under_way.items() if message.begun for number in ids}
        held: set[int] = set()
        taken.update(
            (row.recipient_kind, row.recipient_id)
            for row in rows
            if row.id in self.busy or is_leased(row, now)
        )
        gone: set[int] = set()
        waiting: dict[tuple[str, str], list[Due]] = defaultdict(list)
        chats: dict[tuple[str, str], ChatKind] = {}
        ways: dict[tuple[Recipient, str | None, bool], tuple[str, str] | None] = {}
        for row in rows:
            if row.id in self.busy:
                continue
            if (row.recipient_kind, row.recipient_id) in taken:
                self.held_back = True
                continue
            if row.urgency == Urgency.NORMAL.value and self.horizon is not None and row.due_at > self.horizon:
                continue
            if shut and row.urgency == Urgency.NORMAL.value and row.id not in begun:
                claim.wait_until(opening)
                held.add(row.id)
                continue
            recipient = Recipient(RecipientKind(row.recipient_kind), row.recipient_id)
            asked = recipient, row.platform, row.turn is not None
            if asked not in ways:  # thousands of rows may wait for a few
                ways[asked] = self._ways.to(
                    session, snapshot.directory, recipient, row.platform, answers=asked[2]
                )
            address = ways[asked]
            if address is None:
                stored = session.get_one(OutboxNotice, row.id)
                if readable(stored, now) is not None:
                    fall_back(session, stored, snapshot.directory, now)
                    claim.passed_on = True
                gone.add(row.id)
                continue
            if address not in settled:
                chats[address] = ChatKind.GROUP if recipient.kind is RecipientKind.GROUP else ChatKind.PRIVATE
                waiting[address].append(row)
        minutes = last_minutes(session, waiting, now)
        for address, some in waiting.items():
            gone |= self._take_channel(
                session, claim, address, chat=chats[address], waiting=some, minute=minutes.get(address, NOTHING),
                policy=snapshot.policies.of(organisation_of(snapshot.directory, address)),
            )  # fmt: skip
        settled.update(waiting)
        gone.update(row.id for send in claim.sends for row in send.rows)
        return any(row.id not in gone | held and row.id not in self.busy for row in rows)

    def _take_channel(
        self,
        session: Session,
        claim: Claim,
        address: tuple[str, str],
        *,
        chat: ChatKind,
        waiting: list[Due],
        policy: Policy,
        minute: Minute,
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
        singly: list[list[Row]] = []
        while first and len(singly) < room:
            taken, first = first[: room - len(singly)], first[room - len(singly) :]
            singly.extend([row] for row in read_rows(session, taken, now, unreadable))
        # Messages that were under way when their lease ended go as they were: their platform may have them already,
        # and would take another message under the same key for a repetition.
        again: dict[datetime, list[Row]] = defaultdict(list)
        old = {row.id: row.lease_until or now for row in order if row.state == OutboxState.SENDING.value}
        some = [row for row in order if RANK[row.urgency] == 1]
        for one in read_rows(session, [row for row in some if row.id in old], now, unreadable):
            again[old[one.id]].append(one)
        room -= len(singly)
        singly.extend(sorted(again.values(), key=lambda group: min(row.id for row in group))[: max(room, 0)])
        due = [row for row in some if row.id not in old]
        room = min(room - len(again), calm.messages)
        if due and room <= 0 and calm.next_at is not None:
            claim.wait_until(calm.next_at)
        normal = read_rows(session, due, now, unreadable) if room > 0 else []
        singly.extend(_merged(normal, now, room=room, limited=per_minute is not None))
        self._put_under_way(session, claim, address, chat, singly, again=old.keys())
        return unreadable

    def _put_under_way(
        self,
        session: Session,
        claim: Claim,
        address: tuple[str, str],
        chat: ChatKind,
        groups: Sequence[Sequence[Row]],
        *,
        again: Collection[int],
    ) -> None:
        """One message of each group. again: rows that were under way before."""
        now = self._clock.now()
        for number, group in enumerate(groups):
            # Every message has a lease of its own, so that whoever takes it over finds what belongs together.
            until = now + LEASE + timedelta(microseconds=number)
            files = files_of(session, [number for row in group for number in row.notice.files])
            rows = tuple(sorted(group, key=lambda row: row.id))
            retaken = any(row.id in again for row in rows)
            claim.sends.append(Send(address, chat, rows, until, files, again=retaken))
        for sends in _by_lease(claim, address):
            ids = [row.id for send in sends for row in send.rows]
            put_under_way(session, ids, until=sends[0].until)


def _merged(rows: Sequence[Row], now: datetime, *, room: int, limited: bool) -> list[list[Row]]:
    """Which of these normal rows share a message (rule P2).

    What had to wait is merged; a decision card that did not have to wait stands alone. room: how many messages the
    channel takes. limited: its platform counts them.
    """
    if not rows:
        return []
    held = [row for row in rows if row.due_at > row.created_at or row.due_at < now or row.notice.mergeable]
    alone = [row for row in rows if row not in held]
    if len(alone) > min(SINGLES, room - 1) or (limited and len(rows) > SINGLES):
        return [list(rows)]
    return [*([held] if held else []), *([row] for row in alone)]


def _by_lease(claim: Claim, address: tuple[str, str]) -> list[list[Send]]:
    """The messages claimed for a channel, those that are never merged together: they need no lease of their own."""
    sends = [send for send in claim.sends if send.channel == address]
    single = [send for send in sends if RANK[send.rows[0].urgency] == 0]
    return [*([single] if single else []), *([send] for send in sends if RANK[send.rows[0].urgency] == 1)]
