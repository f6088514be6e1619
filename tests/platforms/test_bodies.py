"""Bodies of calls: a limit for their size and one for the time in which they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.platforms.bodies import called_body

MOST = 1000


async def _echo(request: web.Request) -> web.Response:
    body = await called_body(request, MOST, seconds=0.2)
    return web.Response(status=413) if body is None else web.Response(body=body)


@pytest.fixture
async def port() -> AsyncIterator[int]:
    application = web.Application()
    application.add_routes([web.post("/", _echo)])
    runner = web.AppRunner(application, access_log=None, lingering_time=0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def _head(*headers: str) -> bytes:
    return "\r\n".join(["POST / HTTP/1.1", "Host: here", *headers, "", ""]).encode()


async def _answer(port: int, *parts: bytes) -> tuple[int, str]:
    """Status and text of the answer to a call that is sent so far and then waits."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        async with asyncio.timeout(20):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(
                int(line.partition(":")[2])
                for line in head.splitlines()
                if line.lower().startswith("content-length")
            )
            text = (await reader.readexactly(length)).decode()
        return int(head.split()[1]), text
    finally:
        writer.close()


@pytest.mark.parametrize(
    "parts",
    [
        (_head("Content-Length: 900"), b"x" * 100),
        (_head("Content-Length: 900"),),
        (_head("Transfer-Encoding: chunked"), b"5\r\nhello\r\n"),
    ],
)
async def test_a_body_that_stops_coming_is_given_up(port: int, parts: tuple[bytes, ...]) -> None:
    status, text = await _answer(port, *parts)
    assert status == 408
    assert "没有及时传完" in text


@pytest.mark.parametrize(
    ("parts", "status", "text"),
    [
        ((_head("Content-Length: 5"), b"he", b"llo"), 200, "hello"),
        ((_head("Transfer-Encoding: chunked"), b"5\r\nhello\r\n0\r\n\r\n"), 200, "hello"),
        ((_head("Content-Length: 0"),), 200, ""),
        ((_head("Content-Length: 1001"),), 413, ""),
        ((_head("Transfer-Encoding: chunked"), b"3e9\r\n" + b"x" * 1001), 413, ""),
    ],
)
async def test_what_comes_in_time(port: int, parts: tuple[bytes, ...], status: int, text: str) -> None:
    assert await _answer(port, *parts) == (status, text)
