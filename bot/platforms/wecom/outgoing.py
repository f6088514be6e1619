"""Files that go out: their content, and as what the platform takes them."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

from bot import files
from bot.platforms.base import Rejected
from bot.services import Services
from models.types import OutgoingFile

FILE_BYTES: Final = 20 * 1024 * 1024
PICTURE_BYTES: Final = 5 * 1024 * 1024  # the vendor names 5 and 10 MB; above 5 it goes as a file


async def content_of(services: Services, file: OutgoingFile) -> bytes:
    """The content of a file, also of one that the product makes when it is asked for. Raises Rejected."""
    try:
        path = await files.kept(services.files, file.sha256, partial(services.made, file.sha256))
        if path is None:
            raise Rejected("file is gone")
        content = await asyncio.to_thread(path.read_bytes)
    except OSError as error:
        raise Rejected(f"file cannot be read: {type(error).__name__}") from None
    if len(content) > FILE_BYTES:
        raise Rejected(f"file of {len(content)} bytes is above the platform's limit")
    return content


def kind_of(file: OutgoingFile, content: bytes) -> str:
    """Image or file, as the platform calls it."""
    picture = file.media_type in ("image/jpeg", "image/png") and len(content) <= PICTURE_BYTES
    return "image" if picture else "file"
