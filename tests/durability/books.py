"""What must hold in the database after everything: each message processed once, answered once, in order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import WallClock
from bot.integrity import examine
from bot.tasks import Tasks
from models.db import Database
from models.operations.outbox import key_of
from models.tables.audit import AuditRow
from models.tables.inbox import InboxMessage
from models.tables.outbox import OutboxNotice, SentMessage, WebchatMessage
from models.types import InboxState, OutboxState

from .crowd import Said
from .polling import until

OPEN = (OutboxState.WAITING.value, OutboxState.SENDING.value)


@asynccontextmanager
async def books_of(url: str, folder: Path) -> AsyncIterator[Books]:
    """Read the database beside the product."""
    tasks = Tasks()
    database = await Database.open(url, lambda work: tasks.start(work, name="writer"))
    try:
        yield Books(database, folder)
    finally:
        await database.close()
        await tasks.stop()


class Books:
    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self._folder = folder

    async def settled(self, *, seconds: float = 60) -> float:
        """Wait until nothing that is due waits any more; returns the seconds it took."""

        async def idle() -> bool:
            return await self.database.read(_open_rows) == (0, 0)

        return await until(idle, "inbox and outbox are empty", seconds=seconds)

    async def check(self, said: dict[str, list[Said]]) -> dict[str, int]:
        """Fail on the first fault; returns what was counted."""
        counts = await self.database.read(lambda session: _check(session, said))
        assert await self.database.read(lambda session: examine(session, self._folder)) == []
        return counts


def _open_rows(session: Session) -> tuple[int, int]:
    now = WallClock().now()
    inbox = select(func.count()).where(InboxMessage.state != InboxState.DONE.value)
    outbox = select(func.count()).where(OutboxNotice.state.in_(OPEN), OutboxNotice.due_at <= now)
    return session.execute(inbox).scalar_one(), session.execute(outbox).scalar_one()


def _check(session: Session, said: dict[str, list[Said]]) -> dict[str, int]:
    inbox: dict[str, list[InboxMessage]] = {}
    for row in session.execute(select(InboxMessage).order_by(InboxMessage.id)).scalars():
        inbox.setdefault(row.message_id, []).append(row)
    outbox = {row.key: row for row in session.execute(select(OutboxNotice)).scalars()}
    shown = {row.key: row for row in session.execute(select(WebchatMessage)).scalars()}
    known = {one.message_id for some in said.values() for one in some}
    assert inbox.keys() <= known, "only what was sent is in the inbox"
    answered = 0
    for who, messages in said.items():
        order: list[tuple[int, int, int]] = []
        for one in messages:
            rows = inbox.get(one.message_id, [])
            assert len(rows) == 1 or (not rows and not one.acknowledged), f"{one} stored {len(rows)} times"
            if not rows:
                continue
            assert rows[0].state == InboxState.DONE.value, f"{one}: {rows[0].state} {rows[0].reason}"
            replies = [outbox.get(key_of(f"reply:{rows[0].id}:{index}")) for index in range(4)]
            assert [reply is not None for reply in replies] == [True, False, False, False], f"{one}: replies"
            reply = replies[0]
            assert reply is not None
            assert reply.state == OutboxState.SENT.value, f"{one}: reply is {reply.state} {reply.outcome}"
            assert f"{reply.id}.1" in shown, f"{one}: the reply was not shown"
            assert shown[f"{reply.id}.1"].to_name == (one.chat or who)
            order.append((rows[0].id, reply.id, shown[f"{reply.id}.1"].seq))
            answered += 1
        for column in zip(*order, strict=True):
            assert list(column) == sorted(column), f"{who}: not in the order in which it was sent"
    parts: dict[str, list[int]] = {}  # whoever leaves a hundred drafts open gets a list in two parts
    for key in shown:
        carrier, _, number = key.partition(".")
        parts.setdefault(carrier, []).append(int(number))
    for carrier, numbers in parts.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), f"outbox {carrier}: parts {numbers}"
    sent = session.execute(select(func.count()).select_from(SentMessage)).scalar_one()
    return {
        "messages": len(known),
        "acknowledged": sum(one.acknowledged for some in said.values() for one in some),
        "answered": answered,
        "shown": len(parts),
        "marks": sent,
        "doubled effects": _doubled(session),
    }


def _doubled(session: Session) -> int:
    """Records that one message changed twice in the same field."""
    rows = session.execute(
        select(func.count())
        .select_from(AuditRow)
        .where(AuditRow.message_id.is_not(None), AuditRow.field.contains("ytd"))
        .group_by(AuditRow.record_kind, AuditRow.record_id, AuditRow.field, AuditRow.message_id)
        .having(func.count() > 1)
    ).all()
    return len(rows)
