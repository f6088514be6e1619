"""Which messages of platforms were taken before (rule C12)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.tables.inbox import SeenMessage

_TAKEN: Final = select(SeenMessage.key).where(SeenMessage.key.in_(bindparam("keys", expanding=True)))


def message_key(platform: str, message_id: str) -> bytes:
    """16 bytes that stand for the message itself; two different messages never share them (rule C12)."""
    return hashlib.blake2b(f"{platform}\0{message_id}".encode(), digest_size=16).digest()


def was_taken(session: Session, platform: str, message_id: str) -> bool:
    """Whether a message was accepted, as long as that is kept."""
    key = message_key(platform, message_id)
    found = session.execute(select(SeenMessage.key).where(SeenMessage.key == key)).scalar_one_or_none()
    return found is not None


def taken_among(session: Session, keys: Sequence[bytes]) -> set[bytes]:
    """Which of these messages were accepted before. At least one key."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return set(connection.execute(_TAKEN, {"keys": list(keys)}).scalars())
    # Past SQLAlchemy, which would spell out the list anew each time: this stands in the way of every acknowledgement.
    # A power of two of places, the last key in those left over: few statements for the driver to keep prepared.
    places = 1 << (len(keys) - 1).bit_length()
    filled = (*keys, *[keys[-1]] * (places - len(keys)))
    return {row[0] for row in connection.exec_driver_sql(_taken_on_sqlite(places), filled)}


@cache
def _taken_on_sqlite(places: int) -> str:
    return f"SELECT key FROM {SeenMessage.__tablename__} WHERE key IN ({','.join('?' * places)})"  # noqa: S608
