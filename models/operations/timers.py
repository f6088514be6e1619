"""Timers: deadlines as rows. A timer fires once, in the transaction that acts on it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, Final, cast

from sqlalchemy import Executable, Table, bindparam, select, update
from sqlalchemy.orm import Session

from models.db import later
from models.inserts import insert_into
from models.tables.clockwork import Timer
from models.types import Subject

_TABLE: Final = cast("Table", Timer.__table__)
# Made once: making a statement costs more than running it, and every confirmation cancels timers.
_CANCEL: Final = (
    update(_TABLE)
    .where(
        _TABLE.c.subject_kind == bindparam("about_kind"),
        _TABLE.c.subject_id == bindparam("about_id"),
        _TABLE.c.state == "waiting",
    )
    .values(state="cancelled", outcome=bindparam("why"))
)
_CANCEL_KINDS: Final = _CANCEL.where(_TABLE.c.kind.in_(bindparam("kinds", expanding=True)))


@lru_cache
def _set(dialect: str) -> Executable:
    return insert_into(_TABLE, dialect).on_conflict_do_update(
        index_elements=[_TABLE.c.key],
        set_={"state": "waiting", "outcome": None},
        where=_TABLE.c.state == "cancelled",
    )


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
    session.flush()  # a table's own statement does not write what is pending
    session.execute(
        _set(session.get_bind().dialect.name), _row(kind, about, step=step, body=body, due_at=due_at)
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
    later(session, _TABLE, _row(kind, about, step=step, body=body, due_at=due_at))


def _row(
    kind: str, about: Subject, *, step: str, body: dict[str, Any] | None, due_at: datetime
) -> dict[str, Any]:
    return {
        "key": _key(kind, about, step, due_at), "kind": kind, "subject_kind": about.kind, "subject_id": about.id,
        "body": {"step": step, **(body or {})}, "due_at": due_at, "state": "waiting", "attempts": 0,
    }  # fmt: skip


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
    named: dict[str, Any] = {"about_kind": about.kind, "about_id": about.id, "why": reason}
    if kinds:
        named["kinds"] = kinds
    session.flush()  # a table's own statement does not write what is pending
    result = session.execute(_CANCEL_KINDS if kinds else _CANCEL, named)
    return int(result.rowcount)  # type: ignore[attr-defined]


def restore(session: Session, about: Subject, *kinds: str, reason: str) -> None:
    """Let wait again what was cancelled about a record for that reason; what had been moved before stays moved."""
    session.flush()
    session.execute(
        update(_TABLE)
        .where(
            _TABLE.c.subject_kind == about.kind,
            _TABLE.c.subject_id == about.id,
            _TABLE.c.state == "cancelled",
            _TABLE.c.outcome == reason,
            _TABLE.c.kind.in_(kinds),
        )
        .values(state="waiting", outcome=None)
    )
