"""Which messages of platforms were taken before (rule C12)."""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables.inbox import SeenMessage


def message_key(platform: str, message_id: str) -> bytes:
    """16 bytes that stand for the message itself; two different messages never share them (rule C12)."""
    return hashlib.blake2b(f"{platform}\0{message_id}".encode(), digest_size=16).digest()


def was_taken(session: Session, platform: str, message_id: str) -> bool:
    """Whether a message was accepted, as long as that is kept."""
    key = message_key(platform, message_id)
    found = session.execute(select(SeenMessage.key).where(SeenMessage.key == key)).scalar_one_or_none()
    return found is not None
