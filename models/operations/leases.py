"""What only one process may hold at a time: whoever holds it renews it, and loses it by silence."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.operations.versions import mark, put_mark
from models.tables.clockwork import Meta


def take(
    session: Session, name: str, *, holder: str, now: datetime, lasts: timedelta, alone: bool = False
) -> bool:
    """Take or renew a lease; False while somebody else holds it.

    There is one writer at a time, so of several who ask one gets it. alone: nobody else can be running, so whoever
    seems to hold it is dead.
    """
    held = mark(session, _mark(name))
    if held is not None and not alone:
        other, _, until = held.partition(" ")
        if other != holder and datetime.fromisoformat(until) > now:
            return False
    put_mark(session, _mark(name), f"{holder} {(now + lasts).isoformat()}")
    return True


def is_held(session: Session, name: str, now: datetime) -> bool:
    """Whether somebody holds a lease that has not ended."""
    held = mark(session, _mark(name))
    return held is not None and datetime.fromisoformat(held.partition(" ")[2]) > now


def give_up(session: Session, name: str, *, holder: str) -> None:
    """Let the next one have it at once."""
    held = mark(session, _mark(name))
    if held is not None and held.partition(" ")[0] == holder:
        session.execute(delete(Meta).where(Meta.name == _mark(name)))


def _mark(name: str) -> str:
    return f"lease {name}"
