"""Timers: deadlines as rows. A timer fires once, in the transaction that acts on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from models.db import later
from models.inserts import insert_unless_there
from models.tables.clockwork import Timer
from models.types import Subject

_TABLE: Final = cast("Table", Timer.__table__)


def set_timer(
    session: Session,
    kind: str,
    about: Subject,
    *,
    due_at: datetime,
    step: str = "",
    body: dict[str, Any] | None = None,
) -> None:
    """Wait for due_at, then run the timer kind. The same kind, record, step and due time are one timer.

    A cancelled timer that is set again waits again; one that has fired stays fired.
    """
    key = _key(kind, about, step, due_at)
    statement = insert_unless_there(session, Timer).values(
        key=key, kind=kind, subject_kind=about.kind, subject_id=about.id, body={"step": step, **(body or {})},
        due_at=due_at, state="waiting", attempts=0,
    )  # fmt: skip
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Timer.key],
            set_={"state": "waiting", "outcome": None},
            where=Timer.state == "cancelled",
        )
    )


def set_new(
    session: Session,
    kind: str,
    about: Subject,
    *,
    due_at: datetime,
    step: str = "",
    body: dict[str, Any] | None = None,
) -> None:
    """The same for a record made in this transaction, which has no timers yet."""
    later(
        session, _TABLE,
        {
            "key": _key(kind, about, step, due_at), "kind": kind, "subject_kind": about.kind, "subject_id": about.id,
            "body": {"step": step, **(body or {})}, "due_at": due_at, "state": "waiting", "attempts": 0,
        },
    )  # fmt: skip


def move(session: Session, timer: Timer, *, due_at: datetime) -> None:
    """Let a timer fire at another time; whether it waits or was cancelled stays as it is."""
    key = _key(timer.kind, Subject(timer.subject_kind, timer.subject_id), str(timer.body["step"]), due_at)
    taken = session.execute(select(Timer).where(Timer.key == key)).scalar_one_or_none()
    if taken is None:
        timer.key, timer.due_at = key, due_at
    elif taken.state == "cancelled":
        taken.state, taken.outcome = timer.state, timer.outcome
        timer.state, timer.outcome = "cancelled", "改期"
    session.flush()


def _key(kind: str, about: Subject, step: str, due_at: datetime) -> str:
    return f"{kind}:{about.kind}:{about.id}:{step}:{due_at.isoformat()}"


def cancel_timers(session: Session, about: Subject, *kinds: str, reason: str) -> int:
    """Cancel what still waits about a record (all kinds if none is named). Returns how many."""
    statement = (
        update(Timer)
        .where(Timer.subject_kind == about.kind, Timer.subject_id == about.id, Timer.state == "waiting")
        .values(state="cancelled", outcome=reason)
        .execution_options(synchronize_session=False)
    )
    if kinds:
        statement = statement.where(Timer.kind.in_(kinds))
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
