"""Before any timing: a contestant that loses, doubles or invents messages is not measured."""

from __future__ import annotations

import asyncio
from typing import Final

from benchmarks import events
from benchmarks.load import Connection
from benchmarks.running import Contestant, Server, Workbench, serving

STORED: Final = "SELECT count(*) FROM inbox"
MALFORMED: Final = (b"", b"{", b"[]", b"null", b'{"text": "x"}', b"\xff\xfe", b'{"text": 1, "message_id": 2}')


class GateFailed(Exception):
    """The contestant does not do the work; timing it would mean nothing."""


def check(bench: Workbench, contestant: Contestant) -> None:
    """Malformed bodies refused, three deliveries stored once, an answered event survives kill -9."""
    database = bench.database(contestant)
    with serving(contestant, database) as server:
        before = server.count(STORED)
        asyncio.run(_refuse(server))
        _expect(contestant, "无效请求没有留下任何记录", server.count(STORED), before)
        asyncio.run(_repeat(server))
        _expect(contestant, "同一消息送三次只存一条", server.count(STORED), before + 1)
        for number in range(1, 4):
            asyncio.run(_once(server, number))
        asyncio.run(_last_words(server))
        _expect(contestant, "答复之后立即断电，已答复的都在", server.count(STORED), before + 5)


async def _refuse(server: Server) -> None:
    for content in MALFORMED:
        connection = await Connection.open(server.port)
        status, _ = await connection.ask(events.request(content, server.port))
        connection.writer.close()
        if not 400 <= status < 500:
            raise GateFailed(f"{server.contestant.name}：对 {content!r} 答 {status}，应拒绝")


async def _repeat(server: Server) -> None:
    """The same message three times at once, as platforms do when an answer is late."""
    request = events.request(events.body("gate", 0), server.port)
    connections = [await Connection.open(server.port) for _ in range(3)]
    answers = await asyncio.gather(*(connection.ask(request) for connection in connections))
    for connection in connections:
        connection.writer.close()
    if [status for status, _ in answers] != [202, 202, 202]:
        raise GateFailed(f"{server.contestant.name}：重复送达答 {[status for status, _ in answers]}")


async def _once(server: Server, number: int) -> None:
    connection = await Connection.open(server.port)
    status, _ = await connection.ask(events.request(events.body("gate", number), server.port))
    connection.writer.close()
    if status != 202:
        raise GateFailed(f"{server.contestant.name}：正常消息答 {status}")


async def _last_words(server: Server) -> None:
    """Kill the process in the moment its answer has arrived."""
    connection = await Connection.open(server.port)
    status, _ = await connection.ask(events.request(events.body("gate", 4), server.port))
    server.kill()
    connection.writer.close()
    if status != 202:
        raise GateFailed(f"{server.contestant.name}：正常消息答 {status}")


def _expect(contestant: Contestant, what: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise GateFailed(f"{contestant.name}：{what}：应为 {wanted} 行，实为 {found} 行")
