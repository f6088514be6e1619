"""Files that a platform keeps for a while: fetched before their message is processed, stored once (rule C9)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from bot import files
from bot.platforms.base import Platform, Rejected, TooLarge
from models.types import InboundFile, InboundMessage

log = structlog.get_logger()

SECONDS: Final = 60.0  # one file; more than that is no connection
LOST: Final = "附件没有取到，请把附件再发一次"


async def fetch_files(
    message: InboundMessage, *, platforms: Mapping[str, Platform], folder: Path, limit_mb: int
) -> InboundMessage:
    """The message with its pending files stored, or with the reasons why some were not taken.

    Raises SendFailed or TimeoutError when it may succeed later.
    """
    platform = platforms.get(message.way)
    if platform is None:
        return given_up(message)
    stored: list[InboundFile] = []
    refused: list[str] = []
    for file in message.pending:
        shown = files.safe_name(file.name)
        try:
            async with asyncio.timeout(SECONDS):
                fetched = await platform.fetch(file, limit=limit_mb * 1024 * 1024)
            keep = partial(files.store, folder, fetched.name or file.name, fetched.content, limit_mb=limit_mb)
            stored.append(await asyncio.to_thread(keep))
        except files.FileRefused as error:
            refused.append(str(error))
        except TooLarge:
            refused.append(f"{shown} 超过 {limit_mb} MB，未接收。请压缩后再发")
        except Rejected as error:
            log.warning("file not given out", platform=message.way, why=str(error)[:200])
            refused.append(LOST)
    return replace(message, files=(*message.files, *stored), refused=(*message.refused, *refused), pending=())


def given_up(message: InboundMessage) -> InboundMessage:
    """The message without the files that could not be fetched; the sender is told."""
    return replace(message, refused=(*message.refused, LOST), pending=())
