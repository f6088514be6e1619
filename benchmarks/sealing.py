"""Acceptance with encryption: signed and encrypted callbacks beside limit 2, which gets the same text in the open."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from statistics import median
from typing import Final

from benchmarks import sealed
from benchmarks.gate import STORED, GateFailed
from benchmarks.load import Connection
from benchmarks.running import LIMIT2, WECOM, Server, Workbench, serving
from benchmarks.serving import CONNECTIONS, FULL, QUICK, Served, serve, warm_up
from benchmarks.targets import SEALED_16, SEALED_64, Measured

REPEATS: Final = 3


def measure(bench: Workbench, *, rounds: int, quick: bool) -> list[Measured]:
    """The gate first: a bad signature is refused, three deliveries are stored once."""
    with serving(WECOM, bench.database(WECOM)) as server:
        asyncio.run(_gate(server))
    results = [Measured(SEALED_16, judged=not quick), Measured(SEALED_64, judged=not quick)]
    kept: list[dict[tuple[str, int], Served]] = []
    for number in range(rounds):
        kept.append(_round(bench, turned=number % 2 == 1, quick=quick))
        for result, connections in zip(results, CONNECTIONS, strict=True):
            ours, theirs = kept[-1]["product_wecom", connections], kept[-1]["limit2", connections]
            result.rounds.append(ours.accepted / theirs.accepted)
    for result, connections in zip(results, CONNECTIONS, strict=True):
        rates = [
            median(one[name, connections].accepted for one in kept) for name in ("product_wecom", "limit2")
        ]
        result.remark = f"本系统 {rates[0]:.0f}，极限二 {rates[1]:.0f} 条/秒"
    return results


def _round(bench: Workbench, *, turned: bool, quick: bool) -> dict[tuple[str, int], Served]:
    size = QUICK if quick else FULL
    served: dict[tuple[str, int], Served] = {}
    with ExitStack() as stack:
        order = [LIMIT2, WECOM] if turned else [WECOM, LIMIT2]
        servers = [stack.enter_context(serving(one, bench.database(one))) for one in order]
        for server in servers:
            warm_up(server, size.warm_up)
        for connections in CONNECTIONS:
            for server in servers:
                name = server.contestant.name
                served[name, connections] = serve(
                    server, f"s{connections}", first=size.warm_up, count=size.events[name], connections=connections
                )  # fmt: skip
    return served


async def _gate(server: Server) -> None:
    before = server.count(STORED)
    connection = await Connection.open(server.port)
    status, _ = await connection.ask(sealed.request("gate", 0, server.port, genuine=False))
    if status != 403:
        raise GateFailed(f"{server.contestant.name}：签名不对的回调答 {status}")
    request = sealed.request("gate", 0, server.port)
    connections = [await Connection.open(server.port) for _ in range(REPEATS)]
    answers = await asyncio.gather(*(one.ask(request) for one in connections))
    for one in (connection, *connections):
        one.writer.close()
    if [code for code, _ in answers] != [200] * REPEATS or server.count(STORED) != before + 1:
        raise GateFailed(f"{server.contestant.name}：重复送达没有只存一条")
