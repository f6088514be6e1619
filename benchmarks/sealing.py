"""Acceptance with encryption: signed and encrypted callbacks beside limit 2, which has to open the same ones.

The ratio to limit 2 in the open stands in the remark: what the opening costs does not hide.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from statistics import median
from typing import Final

from benchmarks import sealed
from benchmarks.gate import STORED, GateFailed
from benchmarks.load import Connection
from benchmarks.running import LIMIT2, LIMIT2_SEALED, WECOM, Server, Workbench, serving
from benchmarks.serving import CONNECTIONS, FULL, QUICK, Served, serve, warm_up
from benchmarks.targets import SEALED_16, SEALED_64, Measured

REPEATS: Final = 3


def measure(bench: Workbench, *, rounds: int, quick: bool) -> list[Measured]:
    """The gate first: a bad signature is refused, three deliveries are stored once."""
    for contestant in (WECOM, LIMIT2_SEALED):
        with serving(contestant, bench.database(contestant)) as server:
            asyncio.run(_gate(server))
    results = [Measured(SEALED_16, judged=not quick), Measured(SEALED_64, judged=not quick)]
    kept: list[dict[tuple[str, int], Served]] = []
    for number in range(rounds):
        kept.append(_round(bench, turned=number % 2 == 1, quick=quick))
        for result, connections in zip(results, CONNECTIONS, strict=True):
            ours, theirs = kept[-1][WECOM.name, connections], kept[-1][LIMIT2_SEALED.name, connections]
            result.rounds.append(ours.accepted / theirs.accepted)
    for result, connections in zip(results, CONNECTIONS, strict=True):
        ours, theirs, in_the_open = (
            median(one[name, connections].accepted for one in kept)
            for name in (WECOM.name, LIMIT2_SEALED.name, LIMIT2.name)
        )
        result.remark = (
            f"本系统 {ours:.0f}，极限二 {theirs:.0f} 条/秒；"
            f"收明文的极限二 {in_the_open:.0f}，与它之比 {ours / in_the_open:.2f}"
        )
    return results


def _round(bench: Workbench, *, turned: bool, quick: bool) -> dict[tuple[str, int], Served]:
    size = QUICK if quick else FULL
    served: dict[tuple[str, int], Served] = {}
    with ExitStack() as stack:
        order = [LIMIT2, LIMIT2_SEALED, WECOM]
        if turned:
            order.reverse()
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
