"""A proxy in front of a server's stand-in that spoils calls: what networks do between us and a platform."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum

import aiohttp
from aiohttp import web
from yarl import URL

from tests.fakes.serving import serving

LATENCY_SECONDS = 0.3


class Fault(Enum):
    REFUSE = "the connection is closed before anything is read"
    LATENCY = "the answer comes late"
    TRUNCATE = "the call is carried out, half of the answer arrives"
    BLACK_HOLE = "nothing is carried out, nothing ever arrives"
    REPLY_LOST = "the call is carried out, no answer arrives"


@dataclass(slots=True)
class FaultProxy:
    """Made by `fault_proxy`. spoil: what happens to the next calls, in order; then all goes through.

    base: where callers go. spoilt: how many calls were.
    """

    target: str
    base: str = ""
    spoil: list[Fault] = field(default_factory=list)
    spoilt: int = 0
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    async def carry(self, request: web.Request) -> web.StreamResponse:
        fault = self.spoil.pop(0) if self.spoil else None
        self.spoilt += fault is not None
        if fault is Fault.REFUSE:
            return _cut(request)
        if fault is Fault.BLACK_HOLE:
            await self._over.wait()
            return _cut(request)
        if fault is Fault.LATENCY:
            await asyncio.sleep(LATENCY_SECONDS)
        try:
            status, headers, body = await self._forward(request)
        except aiohttp.ClientConnectorError:
            return web.Response(status=502)
        if fault is Fault.REPLY_LOST:
            return _cut(request)
        if fault is Fault.TRUNCATE:
            half = web.StreamResponse(status=status, headers={"Content-Length": str(len(body))})
            await half.prepare(request)
            await half.write(body[: len(body) // 2])
            return _cut(request)
        return web.Response(status=status, headers=headers, body=body)

    async def _forward(self, request: web.Request) -> tuple[int, dict[str, str], bytes]:
        url = URL(self.target + request.raw_path, encoded=True)
        kept = {
            name: value
            for name, value in request.headers.items()
            if name in ("Authorization", "Content-Type")
        }
        async with (
            aiohttp.ClientSession() as client,
            client.request(request.method, url, headers=kept, data=await request.read()) as answer,
        ):
            told = {
                name: value
                for name, value in answer.headers.items()
                if name in ("Content-Type", "Content-Disposition", "Retry-After")
            }
            return answer.status, told, await answer.read()


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


@asynccontextmanager
async def fault_proxy(target: str = "") -> AsyncIterator[FaultProxy]:
    """A running proxy; target may be set later."""
    proxy = FaultProxy(target)
    async with serving([web.route("*", "/{rest:.*}", proxy.carry)]) as place:
        proxy.base = f"http://{place}"
        try:
            yield proxy
        finally:
            proxy._over.set()
