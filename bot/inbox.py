"""The table of messages in: storing what was not seen before, and reading what waits (rule C12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from models.db import WriteSession
from models.inserts import insert_rows
from models.queries.inbox import message_key, taken_among
from models.tables.inbox import InboxMessage, SeenMessage
from models.types import ChatKind, InboundFile, InboundKind, InboundMessage, InboxState, PendingFile

_SEEN: Final = cast("Table", SeenMessage.__table__)
_INBOX: Final = cast("Table", InboxMessage.__table__)
_WAITING: Final = (
    select(_INBOX.c.id, _INBOX.c.payload, _INBOX.c.sender_key, _INBOX.c.attempts, _INBOX.c.not_before)
    .where(_INBOX.c.state == InboxState.WAITING.value)
    .order_by(_INBOX.c.id)
    .limit(bindparam("limit"))
)
_DONE: Final = (
    update(_INBOX)
    .where(_INBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=InboxState.DONE.value, done_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that waits, as selected."""

    id: int
    payload: dict[str, Any]
    sender_key: str
    attempts: int
    not_before: datetime | None


def next_waiting(session: Session, *, limit: int, now: datetime) -> list[Waiting]:
    """The oldest messages that wait, without those of people whose first message waits for a later attempt."""
    held: set[str] = set()
    while True:
        statement = _WAITING.where(_INBOX.c.sender_key.not_in(sorted(held))) if held else _WAITING
        rows = session.execute(statement, {"limit": limit}).all()
        late = {row.sender_key for row in rows if row.not_before is not None and row.not_before > now}
        if not late:
            return [Waiting(*row) for row in rows]
        held |= late  # one person's messages are processed in order, and must not keep the others waiting


def oldest_waiting(session: Session) -> datetime | None:
    """When the message that waits first arrived."""
    return session.execute(
        select(InboxMessage.received_at)
        .where(InboxMessage.state == InboxState.WAITING.value)
        .order_by(InboxMessage.id)
        .limit(1)
    ).scalar_one_or_none()


def hold(session: WriteSession, row_ids: list[int], until: datetime) -> None:
    """These messages wait, for something that is fetched, and count an attempt."""
    session.execute(
        update(InboxMessage)
        .where(InboxMessage.id.in_(row_ids))
        .values(not_before=until, attempts=InboxMessage.attempts + 1)
        .execution_options(synchronize_session=False)
    )


def finish(session: WriteSession, row_ids: list[int], now: datetime) -> None:
    """These messages are processed."""
    session.execute(_DONE, {"ids": row_ids, "at": now})


def store(session: WriteSession, messages: Sequence[InboundMessage]) -> list[bool]:
    """Store what was not seen before; there is one writer at a time, so looking before inserting is safe."""
    keys = [message_key(message.platform, message.message_id) for message in messages]
    first: dict[bytes, int] = {}
    for index, key in enumerate(keys):
        first.setdefault(key, index)
    connection = session.connection()
    known = taken_among(session, list(first))
    new = first.keys() - known
    if new:
        insert_rows(
            connection,
            _SEEN,
            [{"key": key, "at": messages[first[key]].received_at} for key in first if key in new],
        )
    fresh = [first[key] == index and key in new for index, key in enumerate(keys)]
    rows = [
        {
            "platform": message.platform,
            "message_id": message.message_id,
            "sender_key": f"{message.platform}:{message.account}",
            "payload": message_to_json(message),
            "received_at": message.received_at,
            "state": InboxState.WAITING.value,
            "attempts": 0,
        }
        for message, is_new in zip(messages, fresh, strict=True)
        if is_new
    ]
    insert_rows(connection, _INBOX, rows)
    return fresh


def message_to_json(message: InboundMessage) -> dict[str, Any]:
    body: dict[str, Any] = {
        "platform": message.platform,
        "message_id": message.message_id,
        "account": message.account,
        "chat": message.chat.value,
        "chat_address": message.chat_address,
        "kind": message.kind.value,
        "text": message.text,
        "received_at": message.received_at.isoformat(),
    }
    if message.quoted:
        body["quoted"] = message.quoted
    if message.action:
        body["action"] = message.action
    if message.files:
        body["files"] = [[file.name, file.sha256, file.size, file.media_type] for file in message.files]
    if message.pending:
        body["pending"] = [[file.reference, file.name] for file in message.pending]
    if message.refused:
        body["refused"] = list(message.refused)
    if message.ticket:
        body["ticket"] = message.ticket
    if message.suggested:
        body["suggested"] = message.suggested
    if message.channel:
        body["channel"] = message.channel
    if message.turn:
        body["turn"] = message.turn
        body["collect_seconds"] = message.collect_seconds
    return body


def message_from_json(body: dict[str, Any]) -> InboundMessage:
    return InboundMessage(
        platform=body["platform"],
        message_id=body["message_id"],
        account=body["account"],
        chat=ChatKind(body["chat"]),
        chat_address=body["chat_address"],
        kind=InboundKind(body["kind"]),
        text=body["text"],
        received_at=datetime.fromisoformat(body["received_at"]),
        quoted=body.get("quoted", ""),
        action=body.get("action", ""),
        files=tuple(InboundFile(*file) for file in body.get("files", ())),
        pending=tuple(PendingFile(*file) for file in body.get("pending", ())),
        refused=tuple(body.get("refused", ())),
        ticket=body.get("ticket", ""),
        suggested=body.get("suggested", ""),
        channel=body.get("channel", ""),
        turn=body.get("turn", ""),
        collect_seconds=body.get("collect_seconds", 0),
    )
