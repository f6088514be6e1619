"""Files that were handed over to the platform, and the ids under which they can be sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from models.db import Database
from models.operations.versions import mark, put_mark

MEDIA_LASTS: Final = timedelta(days=2)  # of the three days that the platform keeps a file


class Uploads:
    """Known to every process and after a restart: only with the same id is a repeat of a message the same to the byte.

    name: of the account that the files were handed over to. now: the product's clock.
    """

    def __init__(self, database: Database, *, name: str, now: Callable[[], datetime]) -> None:
        self._database = database
        self._name = name
        self._now = now

    async def find(self, kind: str, sha256: str) -> str | None:
        found = await self._database.read(self._kept)
        media_id, _ = found.get(_key(kind, sha256), (None, ""))
        return media_id

    async def keep(self, kind: str, sha256: str, media_id: str) -> None:
        ends = (self._now() + MEDIA_LASTS).isoformat()
        await self._database.write(partial(self._put, key=_key(kind, sha256), value=(media_id, ends)))

    async def forget(self, kind: str, sha256: str) -> None:
        """The platform does not know it any more."""
        await self._database.write(partial(self._put, key=_key(kind, sha256), value=None))

    def _kept(self, session: Session) -> dict[str, tuple[str, str]]:
        now = self._now()
        found: dict[str, tuple[str, str]] = json.loads(mark(session, self._name) or "{}")
        return {key: one for key, one in found.items() if datetime.fromisoformat(one[1]) > now}

    def _put(self, session: Session, *, key: str, value: tuple[str, str] | None) -> None:
        kept = self._kept(session)
        kept.pop(key, None)
        put_mark(session, self._name, json.dumps(kept if value is None else {**kept, key: value}))


def _key(kind: str, sha256: str) -> str:
    return f"{kind} {sha256}"
