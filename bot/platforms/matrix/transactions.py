"""Transactions of the homeserver that were dealt with: it repeats one until it is told that it has arrived."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.db import Database
from models.inserts import insert_unless_there
from models.tables.inbox import SeenMessage


class Transactions:
    """Kept as long as messages are (rule C12). A number alone names none: a new homeserver counts from one again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def has(self, number: str, event_ids: Sequence[str]) -> bool:
        key = _key(number, event_ids)

        def look(session: Session) -> bool:
            found = session.execute(select(SeenMessage.key).where(SeenMessage.key == key))
            return found.scalar_one_or_none() is not None

        return await self._database.read(look)

    async def note(self, number: str, event_ids: Sequence[str], at: datetime) -> None:
        key = _key(number, event_ids)

        def write(session: Session) -> None:
            session.execute(
                insert_unless_there(session, SeenMessage).values(key=key, at=at).on_conflict_do_nothing()
            )

        await self._database.write(write)


def _key(number: str, event_ids: Sequence[str]) -> bytes:
    said = "\0".join(("matrix transaction", number, *event_ids))
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=16).digest()
