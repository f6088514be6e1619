"""Reading what a stranger sends: never more than the limit."""

from __future__ import annotations

from typing import Final

from aiohttp import web

_CHUNK: Final = 64 * 1024


async def limited_body(request: web.Request, most: int) -> bytes | None:
    """The body, or None when it is above `most` bytes; not more than that is read."""
    if (request.content_length or 0) > most:
        return None
    body = bytearray()
    async for chunk in request.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)
