"""Reading what comes over the network: never more than the limit, never longer than it may take."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

import aiohttp
from aiohttp import web

from bot.platforms.base import Fetched, TooLarge

_CHUNK: Final = 64 * 1024
CALL_SECONDS: Final = 60.0
"""In which the body of a call has to come: long enough for files from a phone, not for a drop now and then."""


async def called_body(request: web.Request, most: int, *, seconds: float = CALL_SECONDS) -> bytes | None:
    """`limited_body` of a call from outside. Raises HTTPRequestTimeout when it does not come in time.

    An answer to a call of ours needs no limit here: the session that made it has one.
    """
    if request.content.is_eof():  # as nearly always: it came together with the head
        return await limited_body(request, most)
    try:
        async with asyncio.timeout(seconds):
            return await limited_body(request, most)
    except TimeoutError:
        body = json.dumps({"error": "正文没有及时传完，请检查网络后再发"}, ensure_ascii=False)
        raise web.HTTPRequestTimeout(text=body, content_type="application/json") from None


async def limited_body(message: web.Request | aiohttp.ClientResponse, most: int) -> bytes | None:
    """The body of a call or of an answer, or None above `most` bytes; not more than that is read.

    The body of a call that cannot be unpacked is empty: whoever reads it finds nothing there.
    """
    length = message.content_length
    if length is not None and length > most:
        return None
    if length is not None and isinstance(message, web.Request) and "Content-Encoding" not in message.headers:
        return await message.read()  # what is not packed is not longer than was announced
    body = bytearray()
    try:
        async for chunk in message.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > most:
                return None
    except web.RequestPayloadError:
        return b""
    return bytes(body)


async def json_answer(response: aiohttp.ClientResponse, most: int) -> dict[str, Any] | None:
    """The JSON object of an answer, or None when it is something else or above `most` bytes."""
    raw = await limited_body(response, most)
    try:
        answer = None if raw is None else json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


async def file_of(response: aiohttp.ClientResponse, limit: int) -> Fetched:
    """The file that an answer holds, under the name it states. Raises TooLarge above limit bytes."""
    content = await limited_body(response, limit)
    if content is None:
        raise TooLarge("above the limit")
    disposition = response.content_disposition
    return Fetched((disposition.filename or "") if disposition else "", content)
