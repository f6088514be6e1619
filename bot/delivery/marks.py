"""Writing down what became of messages: sent, given back, under way no longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import Table, bindparam, or_, select, update
from sqlalchemy.orm import Session

from bot.delivery.rows import Sent
from models.db import WriteSession
from models.inserts import insert_rows
from models.tables.outbox import UNENDED, Channel, OutboxNotice, SentMessage
from models.types import OutboxState

BACKOFF_SECONDS: Final = (1, 2, 5, 10, 30, 60, 120, 300)
_SENT: Final = cast("Table", SentMessage.__table__)
_OUTBOX: Final = cast("Table", OutboxNotice.__table__)
_MARK: Final = (
    update(_OUTBOX)
    .where(_OUTBOX.c.id == bindparam("row_id"))
    .values(
        state=OutboxState.SENT.value, message_id=bindparam("sent_id"), ended_at=bindparam("at"), lease_until=None
    )
)  # fmt: skip


def record_sent(session: WriteSession, sent: Sequence[Sent]) -> list[None]:
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


def put_under_way(session: Session, ids: list[int], *, until: datetime) -> None:
    """These rows are being sent by whoever claimed them. until: the end of their lease."""
    session.execute(
        update(OutboxNotice)
        .where(OutboxNotice.id.in_(ids))
        .values(state=OutboxState.SENDING.value, lease_until=until, attempts=OutboxNotice.attempts + 1)
        .execution_options(synchronize_session=False)
    )


def release(session: Session, ids: list[int]) -> None:
    """Claimed rows go back; whoever claims next may take them."""
    session.execute(
        update(OutboxNotice)
        .where(OutboxNotice.id.in_(ids), OutboxNotice.state == OutboxState.SENDING.value)
        .values(state=OutboxState.WAITING.value, lease_until=None)
        .execution_options(synchronize_session=False)
    )


def end_lease(session: Session, ids: list[int], now: datetime) -> None:
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
    found = (
        select(OutboxNotice.lease_until).where(UNENDED, sending, OutboxNotice.lease_until > now).distinct()
    )
    leases = sorted(lease for lease in session.execute(found).scalars() if lease is not None)
    for lease in leases:  # the earliest first, so that a moved one never meets one that is still to be moved
        session.execute(
            update(OutboxNotice)
            .where(UNENDED, sending, OutboxNotice.lease_until == lease)
            .values(lease_until=lease - (leases[-1] - now))
            .execution_options(synchronize_session=False)
        )


def send_another_way(session: Session, ids: list[int]) -> None:
    """Claimed rows go back for any channel but the one they were written for."""
    release(session, ids)
    session.execute(
        update(OutboxNotice)
        .where(OutboxNotice.id.in_(ids))
        .values(platform=None, turn=None)
        .execution_options(synchronize_session=False)
    )


def give_up(session: Session, ids: list[int], outcome: str, now: datetime) -> None:
    """These rows are dead letters. outcome: why, for the person who looks."""
    session.execute(
        update(OutboxNotice)
        .where(OutboxNotice.id.in_(ids))
        .values(state=OutboxState.DEAD.value, outcome=outcome, ended_at=now, lease_until=None)
        .execution_options(synchronize_session=False)
    )


def rest(
    session: Session, channel_of: tuple[str, str], ids: list[int], seconds: float | None, now: datetime, *, begun: bool
) -> None:  # fmt: skip
    """Let a channel rest, and give back the rows of the message that it did not take.

    seconds: for how long, None for a little longer each time. begun: parts of it may have gone, so that it stays one
    message.
    """
    channel = session.get(Channel, channel_of)
    if channel is None:
        channel = Channel(platform=channel_of[0], address=channel_of[1], failures=0)
        session.add(channel)
    if seconds is None:
        pause = float(BACKOFF_SECONDS[min(channel.failures, len(BACKOFF_SECONDS) - 1)])
        channel.failures += 1
    else:
        pause = seconds
    channel.blocked_until = now + timedelta(seconds=pause)
    if begun:
        end_lease(session, ids, now)
    else:
        release(session, ids)
