"""Short-lived secrets that several processes share through the database: sealed, so that no backup holds them."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from cryptography.fernet import Fernet, InvalidToken

from models.db import Database
from models.operations.versions import mark, put_mark


@dataclass(frozen=True, slots=True)
class Kept:
    value: str
    expires_at: datetime


class Shelf:
    """One value under a name. secret: whoever knows it can read the value; it is not kept itself."""

    def __init__(self, database: Database, *, name: str, secret: str) -> None:
        self._database = database
        self._name = name
        digest = hashlib.sha256(f"shelf {name}\0{secret}".encode()).digest()
        self._seal = Fernet(base64.urlsafe_b64encode(digest))

    async def look(self) -> Kept | None:
        """The value, whoever put it there; None when there is none, or it was sealed with another secret."""
        sealed = await self._database.read(partial(mark, name=self._name))
        if sealed is None:
            return None
        try:
            body = json.loads(self._seal.decrypt(sealed.encode()))
        except InvalidToken:
            return None
        return Kept(body["value"], datetime.fromisoformat(body["expires_at"]))

    async def put(self, kept: Kept) -> None:
        body = json.dumps({"value": kept.value, "expires_at": kept.expires_at.isoformat()})
        sealed = self._seal.encrypt(body.encode()).decode()
        await self._database.write(partial(put_mark, name=self._name, value=sealed))
