"""The load generator, a process of its own: python -m benchmarks.load, orders as JSON on standard input.

Closed loop (`loop`): each connection sends the next event when the last is answered. Open loop (`pace`): events
leave at fixed times whatever the answers do, and a long poll beside them watches the replies appear.
Times are of the monotonic clock, which all processes of a machine share.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks import events, sealed

LIMIT_SECONDS = 120
PACED_CONNECTIONS = 16


@dataclass(slots=True)
class Result:
    """started and ended are monotonic seconds; latencies are seconds of each answered event, in order of answering."""

    started: float = 0.0
    ended: float = 0.0
    refused: int = 0
    latencies: list[float] = field(default_factory=list)
    replies: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, port: int) -> Connection:
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=2**24))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send one request and return status and body of the answer."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        at = head.lower().index(b"content-length:")
        length = int(head[at + 15 : head.index(b"\r", at)])
        return int(head[9:12]), await self.reader.readexactly(length) if length else b""


async def loop(
    port: int,
    run: str,
    first: int,
    count: int,
    connections: int,
    *,
    settling: bool = False,
    wire: str = "webchat",
) -> Result:
    """wire: webchat for the events in the open, wecom for the same events sealed; made before the first is sent."""
    accepted = 202 if wire == "webchat" else 200
    made = [
        events.request(events.body(run, number, settling=settling), port)
        if wire == "webchat"
        else sealed.request(run, number, port)
        for number in range(first, first + count)
    ]
    requests: Iterator[bytes] = iter(made)
    result = Result()

    async def drive(connection: Connection) -> None:
        for request in requests:
            sent = time.monotonic()
            status, _ = await connection.ask(request)
            result.latencies.append(time.monotonic() - sent)
            result.refused += status != accepted

    opened = [await Connection.open(port) for _ in range(connections)]
    result.started = time.monotonic()
    await asyncio.gather(*(drive(connection) for connection in opened))
    result.ended = time.monotonic()
    return result


async def pace(port: int, run: str, first: int, count: int, rate: float) -> Result:
    """Replies of one person come in the order of the messages, so the first that waits is the one answered."""
    result = Result()
    waiting: dict[str, deque[float]] = defaultdict(deque)
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(PACED_CONNECTIONS):
        free.put_nowait(await Connection.open(port))
    poll = await Connection.open(port)
    after = await _last_seq(poll, port)
    result.started = time.monotonic()

    async def send(number: int) -> None:
        due = result.started + number / rate
        await asyncio.sleep(due - time.monotonic())
        waiting[events.person((first + number) % events.SENDERS)].append(time.monotonic())
        connection = await free.get()
        sent = time.monotonic()
        status, _ = await connection.ask(events.request(events.body(run, first + number), port))
        result.latencies.append(time.monotonic() - sent)
        result.refused += status != 202
        free.put_nowait(connection)

    async def watch() -> None:
        seq = after
        while len(result.replies) < count:
            shown, seq = await _shown(poll, port, seq, wait_ms=10_000)
            now = time.monotonic()
            for message in shown:
                if waiting[message["to"]["name"]]:
                    result.replies.append(now - waiting[message["to"]["name"]].popleft())

    await asyncio.gather(watch(), *(send(number) for number in range(count)))
    result.ended = time.monotonic()
    return result


async def _shown(connection: Connection, port: int, after: int, *, wait_ms: int) -> tuple[list[Any], int]:
    path = f"{events.PATH}?after={after}&wait_ms={wait_ms}"
    _, body = await connection.ask(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    shown = json.loads(body)
    return shown, shown[-1]["seq"] if shown else after


async def _last_seq(connection: Connection, port: int) -> int:
    after = 0
    while True:
        shown, after = await _shown(connection, port, after, wait_ms=0)
        if not shown:
            return after


async def _obey(order: dict[str, Any]) -> Result:
    work: Callable[..., Coroutine[Any, Any, Result]] = loop if order.pop("kind") == "loop" else pace
    async with asyncio.timeout(LIMIT_SECONDS):
        return await work(**order)


if __name__ == "__main__":
    json.dump(asdict(asyncio.run(_obey(json.load(sys.stdin)))), sys.stdout)
