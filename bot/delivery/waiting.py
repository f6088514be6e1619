"""What waits in the outbox, read so that a decision about thousands of rows does not read their texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final, cast

import structlog
from sqlalchemy import Table, bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from bot.delivery.rows import LEASE, Due, Minute, Row
from models.notices.base import decode
from models.tables.drafts import Attachment, StoredFile
from models.tables.outbox import UNENDED, Channel, OutboxNotice, SentMessage
from models.types import OutboxState, OutgoingFile, Recipient, RecipientKind, Urgency

log = structlog.get_logger()

CLAIM_ROWS: Final = 400
_OUTBOX: Final = cast("Table", OutboxNotice.__table__)
# Built once: building them costs more than running them, and every step of the clock asks.
_DUE: Final = (
    select(
        _OUTBOX.c.id, _OUTBOX.c.recipient_kind, _OUTBOX.c.recipient_id, _OUTBOX.c.platform, _OUTBOX.c.urgency,
        _OUTBOX.c.created_at, _OUTBOX.c.due_at, _OUTBOX.c.state, _OUTBOX.c.attempts, _OUTBOX.c.lease_until,
        _OUTBOX.c.turn,
    )
    .where(
        UNENDED,
        _OUTBOX.c.due_at <= bindparam("now"),
    )
    .order_by(_OUTBOX.c.due_at, _OUTBOX.c.id)
    .limit(CLAIM_ROWS)
)  # fmt: skip
_NEXT_DUE: Final = select(func.min(_OUTBOX.c.due_at)).where(
    UNENDED, _OUTBOX.c.state == OutboxState.WAITING.value, _OUTBOX.c.due_at > bindparam("now")
)


def due_rows(session: Session, now: datetime, last: Due | None) -> list[Due]:
    """A page of the rows that are due, oldest first. last: the end of the page before."""
    statement = _DUE
    if last is not None:
        statement = statement.where(tuple_(_OUTBOX.c.due_at, _OUTBOX.c.id) > (last.due_at, last.id))
    return [Due(*row) for row in session.execute(statement, {"now": now})]


def next_due(session: Session, now: datetime) -> datetime | None:
    """When the next row that is not due yet will be."""
    return session.execute(_NEXT_DUE, {"now": now}).scalar_one_or_none()


def recipients_of_replies(session: Session, now: datetime, *, but: Collection[int]) -> set[tuple[str, int]]:
    """To whom replies are on their way or wait, kind and id. but: rows that do not count."""
    found = session.execute(
        select(OutboxNotice.id, OutboxNotice.recipient_kind, OutboxNotice.recipient_id).where(
            UNENDED,
            OutboxNotice.due_at <= now,
            OutboxNotice.urgency == Urgency.REPLY.value,
        )
    )
    return {(row.recipient_kind, row.recipient_id) for row in found if row.id not in but}


def resting_channels(session: Session, now: datetime) -> set[tuple[str, str]]:
    """Channels that take nothing for a while."""
    found = session.execute(select(Channel.platform, Channel.address).where(Channel.blocked_until > now))
    return {(row.platform, row.address) for row in found}


def last_minutes(
    session: Session, channels: Collection[tuple[str, str]], now: datetime
) -> dict[tuple[str, str], Minute]:
    """What these channels have taken within the last minute; those that have taken nothing are not in it."""
    addresses: dict[str, list[str]] = defaultdict(list)
    for platform, address in channels:
        addresses[platform].append(address)
    found: dict[tuple[str, str], Minute] = {}
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
            found[platform, row[0]] = Minute(int(row[1]), row[2], row[3], row[4])
    return found


def is_leased(row: Due, now: datetime) -> bool:
    """True while whoever claimed the row may still be sending it."""
    if row.state != OutboxState.SENDING.value or row.lease_until is None:
        return False
    # A reply is claimed by being written; its writer does not know how long delivery needs.
    until = row.lease_until if row.attempts else min(row.lease_until, row.created_at + LEASE)
    return until > now


def read_rows(session: Session, rows: Sequence[Due], now: datetime, unreadable: set[int]) -> list[Row]:
    """These rows with their notices, in this order; those that cannot be read are marked and named in unreadable."""
    if not rows:
        return []
    found = select(OutboxNotice).where(OutboxNotice.id.in_([row.id for row in rows]))
    stored = {row.id: row for row in session.execute(found).scalars()}
    read = [readable(stored[row.id], now) for row in rows]
    unreadable.update(row.id for row, one in zip(rows, read, strict=True) if one is None)
    return [one for one in read if one is not None]


def readable(row: OutboxNotice, now: datetime) -> Row | None:
    """None, with the row marked, for a notice of another program version: it must not stop all the others."""
    try:
        return _row_of(row)
    except Exception as error:  # whatever is wrong with it, a person has to look
        log.exception("notice cannot be read", row=row.id, notice=row.notice)
        row.state, row.outcome = OutboxState.DEAD.value, f"无法读取：{type(error).__name__}"
        row.ended_at, row.lease_until = now, None
        return None


def _row_of(row: OutboxNotice) -> Row:
    return Row(
        row.id, decode(row.notice, row.payload), Recipient(RecipientKind(row.recipient_kind), row.recipient_id),
        row.urgency, row.due_at, row.created_at, row.reason, row.attempts, row.turn or "",
    )  # fmt: skip


def files_of(session: Session, numbers: list[int]) -> tuple[OutgoingFile, ...]:
    """The files behind the numbers of attachments, in their order."""
    if not numbers:
        return ()
    rows = session.execute(
        select(Attachment.id, Attachment.name, StoredFile.sha256, StoredFile.media_type)
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .where(Attachment.id.in_(numbers))
    ).all()
    found = {row.id: OutgoingFile(row.name, row.sha256, row.media_type) for row in rows}
    return tuple(found[number] for number in numbers if number in found)
