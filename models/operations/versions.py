"""Counters and marks in the meta table: the directory version, the heartbeat, the simulated clock."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.inserts import insert_unless_there
from models.queries import directory
from models.tables.clockwork import Meta

INSTALLED_AT = "installed_at"
CHANGED = "directory changed in this transaction"


def directory_changed(session: Session) -> None:
    """Every process reads a new directory before its next message."""
    put_mark(session, directory.VERSION_NAME, secrets.token_hex(8))
    session.info[CHANGED] = True


def mark(session: Session, name: str) -> str | None:
    return session.execute(select(Meta.value).where(Meta.name == name)).scalar_one_or_none()


def put_mark(session: Session, name: str, value: str) -> None:
    session.execute(
        insert_unless_there(session, Meta).values(name=name, value=value).on_conflict_do_update(
            index_elements=[Meta.name], set_={"value": value}
        )
    )  # fmt: skip


def time_mark(session: Session, name: str) -> datetime | None:
    value = mark(session, name)
    return datetime.fromisoformat(value) if value else None
