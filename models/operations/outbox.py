"""Putting notices into the outbox, and taking back those whose reason has gone (rules P1, A3)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, cast

from sqlalchemy import Executable, Table, bindparam, select, update
from sqlalchemy.orm import Session

from models.db import WriteSession, later, next_id
from models.inserts import insert_into
from models.notices.base import Notice, encode
from models.notices.replies import Forwarded
from models.tables.outbox import OutboxNotice
from models.types import OutboxState, Recipient, Subject, Urgency

_TABLE: Final = cast("Table", OutboxNotice.__table__)
SETTLED: Final = "this message settled the question of a card"
# Not told yet: what is 未送达 would still be sent once its recipient can be reached (rule P3).
_OWED: Final = (OutboxState.WAITING.value, OutboxState.UNDELIVERED.value)
# Made once: making a statement costs more than running it.
_WITHDRAW: Final = (
    update(_TABLE)
    .where(
        _TABLE.c.subject_kind == bindparam("about_kind"),
        _TABLE.c.subject_id == bindparam("about_id"),
        _TABLE.c.state.in_(_OWED),
        _TABLE.c.urgency != Urgency.REPLY.value,
    )
    .values(state=OutboxState.WITHDRAWN.value, outcome=bindparam("why"), ended_at=bindparam("at"))
)
_WITHDRAW_SOME: Final = _WITHDRAW.where(_TABLE.c.notice.in_(bindparam("notices", expanding=True)))


@lru_cache
def _put(dialect: str) -> Executable:
    return insert_into(_TABLE, dialect).on_conflict_do_nothing().returning(_TABLE.c.id)


@dataclass(frozen=True, slots=True)
class Written:
    """A reply as written to the outbox, already claimed: handed to delivery in memory, the row is for recovery.

    account: the sender's account on the platform, where the reply goes back to. turn: what the reply has to name.
    """

    id: int
    notice: Notice
    recipient: Recipient
    platform: str
    account: str
    turn: str = ""


def note_settled(session: Session) -> None:
    """Note that the message being processed has settled the question of the card whose button was pressed."""
    session.info[SETTLED] = True


def key_of(text: str) -> bytes:
    """The 16-byte key of a notice; the same text is the same notice."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def put(
    session: Session,
    notice: Notice,
    *,
    to: Recipient,
    key: str,
    reason: str,
    urgency: Urgency,
    now: datetime,
    due_at: datetime,
    about: Subject | None = None,
    platform: str | None = None,
    lease_until: datetime | None = None,
    turn: str = "",
) -> int | None:
    """Write one notice; returns its row id, or None if a notice with this key was written before.

    lease_until: the caller's process sends it itself and holds it until then. turn: of the message that it answers.
    """
    row: dict[str, Any] = {
        "id": next_id(session, _TABLE),
        "key": key_of(key),
        "recipient_kind": to.kind.value,
        "recipient_id": to.id,
        "platform": platform,
        "notice": type(notice).__name__,
        "payload": encode(notice),
        "reason": reason,
        "urgency": urgency.value,
        "subject_kind": about.kind if about else None,
        "subject_id": about.id if about else None,
        "created_at": now,
        "due_at": due_at,
        "state": (OutboxState.SENDING if lease_until else OutboxState.WAITING).value,
        "attempts": 0,
        "lease_until": lease_until,
        "turn": turn or None,
        "actions": [
            {"label": action.label, "verb": action.verb, "args": dict(action.args), "prompt": action.prompt}
            for action in notice.actions
        ],
    }
    if urgency is Urgency.REPLY:
        later(session, _TABLE, row)  # its key is that of the message it answers: never written before
        if lease_until is None and isinstance(session, WriteSession):
            session.touched.add(
                OutboxNotice.__tablename__
            )  # somebody has to claim it: delivery looks at once
        return int(row["id"])
    session.flush()
    return session.execute(_put(session.get_bind().dialect.name), row).scalar_one_or_none()


def same_written(session: Session, keys: Collection[str], notice: Notice) -> bool:
    """Whether one of these keys was written with just this notice."""
    session.flush()
    rows = session.execute(
        select(_TABLE.c.notice, _TABLE.c.payload).where(_TABLE.c.key.in_([key_of(one) for one in keys]))
    )
    return any(row.notice == type(notice).__name__ and row.payload == encode(notice) for row in rows)


def withdraw(
    session: Session, about: Subject, *, reason: str, now: datetime, notices: tuple[type[Notice], ...] = ()
) -> int:
    """Take back what was not sent yet about a record; reason is kept. notices: only these classes. Returns how many.

    What somebody was to pass on goes back with it, as far as they were not asked yet.
    """
    named: dict[str, Any] = {"about_kind": about.kind, "about_id": about.id, "why": reason, "at": now}
    if notices:
        named["notices"] = [notice.__name__ for notice in notices]
    session.flush()  # a table's own statement does not write what is pending
    result = session.execute(_WITHDRAW_SOME if notices else _WITHDRAW, named)
    gone = int(result.rowcount)  # type: ignore[attr-defined]
    if gone:
        _withdraw_passing_on(session, about, reason=reason, now=now)
    return gone


def _withdraw_passing_on(session: Session, about: Subject, *, reason: str, now: datetime) -> None:
    asked = waiting(session, about, (Forwarded,))
    if not asked:
        return
    of = {fields["outbox_id"]: number for number, fields in asked}
    dropped = session.execute(
        select(OutboxNotice.id).where(
            OutboxNotice.id.in_(of), OutboxNotice.state == OutboxState.WITHDRAWN.value
        )
    ).scalars()
    withdraw_rows(session, [of[number] for number in dropped], reason=reason, now=now)


def restore(
    session: Session,
    about: Subject,
    *,
    reason: str,
    withdrawn_at: datetime,
    notices: tuple[type[Notice], ...],
) -> int:
    """Let wait again what was taken back about a record at that moment for that reason. Returns how many."""
    session.flush()
    result = session.execute(
        update(OutboxNotice)
        .where(
            OutboxNotice.subject_kind == about.kind,
            OutboxNotice.subject_id == about.id,
            OutboxNotice.state == OutboxState.WITHDRAWN.value,
            OutboxNotice.ended_at == withdrawn_at,
            OutboxNotice.outcome == reason,
            OutboxNotice.notice.in_([notice.__name__ for notice in (*notices, Forwarded)]),
        )
        .values(state=OutboxState.WAITING.value, outcome=None, ended_at=None)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def waiting(
    session: Session, about: Subject, notices: tuple[type[Notice], ...]
) -> list[tuple[int, dict[str, Any]]]:
    """Notices of these classes about a record that were not sent yet: row id and fields."""
    rows = session.execute(
        select(OutboxNotice.id, OutboxNotice.payload)
        .where(
            OutboxNotice.subject_kind == about.kind,
            OutboxNotice.subject_id == about.id,
            OutboxNotice.state.in_(_OWED),
            OutboxNotice.urgency != Urgency.REPLY.value,
            OutboxNotice.notice.in_([notice.__name__ for notice in notices]),
        )
        .order_by(OutboxNotice.id)
    )
    return [(number, payload) for number, payload in rows]


def withdraw_rows(session: Session, ids: Collection[int], *, reason: str, now: datetime) -> None:
    """Take back these rows, as far as nobody was told yet."""
    session.execute(
        update(OutboxNotice)
        .where(OutboxNotice.id.in_(ids), OutboxNotice.state.in_(_OWED))
        .values(state=OutboxState.WITHDRAWN.value, outcome=reason, ended_at=now)
        .execution_options(synchronize_session=False)
    )
