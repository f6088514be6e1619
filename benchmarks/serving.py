"""Acceptance and the whole job: the product beside both fixed contestants, under a closed loop.

One load gives all figures. Accepted: from the first request to the last answer, while the product already works on what
it has accepted. Whole job: until every message is understood and draft, audit rows and reply are committed. CPU:
of the process tree until every reply has reached the platform as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.running import (
    DELIVERED,
    LIMIT2,
    PRODUCT,
    STRAIGHTFORWARD,
    WECOM,
    Contestant,
    Server,
    Workbench,
    percentile,
    serving,
)
from benchmarks.targets import ACCEPT_16, ACCEPT_64, ACKNOWLEDGEMENT, CPU, JOB, Measured

CONNECTIONS: Final = (16, 64)


@dataclass(frozen=True, slots=True)
class Size:
    """Events of one load and of the warm-up, for each contestant: rates are comparable, not counts."""

    events: Mapping[str, int]
    warm_up: int


FULL: Final = Size(
    {"limit2": 4000, "limit2_sealed": 4000, "straightforward": 400, "product": 1000, "product_wecom": 1000},
    100,
)
QUICK: Final = Size(
    {"limit2": 400, "limit2_sealed": 400, "straightforward": 80, "product": 80, "product_wecom": 80}, 20
)


@dataclass(frozen=True, slots=True)
class Served:
    """One load: events per second until answered and until finished, CPU and p99 in seconds."""

    accepted: float
    finished: float
    cpu: float
    p99: float


class WorkMissing(Exception):
    """Answers were given for work that is not in the database."""


def serve(server: Server, run: str, *, first: int, count: int, connections: int) -> Served:
    """Load a contestant and wait for its rows; counts rows, not answers."""
    contestant = server.contestant
    marks, cpu = server.marks(), server.cpu_seconds()
    delivered = server.count(DELIVERED) if contestant is PRODUCT else 0
    result = server.load(run, first=first, count=count, connections=connections)
    ended = result.ended
    if contestant.waiting:
        ended = server.wait_until(contestant.waiting, lambda waiting: waiting == 0)
    found = server.made_since(marks)
    if result.refused or set(found) != {count}:
        raise WorkMissing(f"{contestant.name}：{count} 条消息，拒绝 {result.refused}，完成的行 {found}")
    if contestant is PRODUCT:
        server.wait_until(DELIVERED, lambda last: last >= delivered + count)
    elif contestant is WECOM:
        server.wait_for_calm()
    return Served(
        accepted=count / (result.ended - result.started),
        finished=count / (ended - result.started),
        cpu=(server.cpu_seconds() - cpu) / count,
        p99=percentile(result.latencies, 0.99),
    )


def warm_up(server: Server, count: int) -> None:
    serve(server, "warm", first=0, count=count, connections=16)


def measure(bench: Workbench, *, rounds: int, quick: bool) -> list[Measured]:
    size = QUICK if quick else FULL
    results = [Measured(one, judged=not quick) for one in (ACCEPT_16, ACCEPT_64, JOB, CPU, ACKNOWLEDGEMENT)]
    kept: dict[tuple[str, int], list[Served]] = defaultdict(list)
    order: list[Contestant] = [PRODUCT, LIMIT2, STRAIGHTFORWARD]
    for number in range(rounds):
        served = _round(bench, order[number % 3 :] + order[: number % 3], size)
        for key, one in served.items():
            kept[key].append(one)
        product, plain = served["product", 64], served["straightforward", 64]
        for result, value in zip(
            results,
            (
                served["product", 16].accepted / served["limit2", 16].accepted,
                product.accepted / served["limit2", 64].accepted,
                product.finished / plain.finished,
                product.cpu / plain.cpu,
                product.p99 / plain.p99,
            ),
            strict=True,
        ):
            result.rounds.append(value)
    for result, remark in zip(
        results,
        (
            _rates(kept, 16, "product", "limit2", what="accepted"),
            _rates(kept, 64, "product", "limit2", what="accepted"),
            _rates(kept, 64, "product", "straightforward", what="finished"),
            _cost(kept, "cpu"),
            _cost(kept, "p99"),
        ),
        strict=True,
    ):
        result.remark = remark
    return results


def _round(bench: Workbench, order: list[Contestant], size: Size) -> dict[tuple[str, int], Served]:
    """Every contestant fresh, then one load after the other; the idle ones cost nothing."""
    served: dict[tuple[str, int], Served] = {}
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(one, bench.database(one))) for one in order]
        for server in servers:
            warm_up(server, size.warm_up)
        for connections in CONNECTIONS:
            for server in servers:
                name = server.contestant.name
                count = size.events[name]
                served[name, connections] = serve(
                    server, f"c{connections}", first=size.warm_up, count=count, connections=connections
                )
    return served


def _rates(kept: Mapping[tuple[str, int], list[Served]], connections: int, *names: str, what: str) -> str:
    said = [
        f"{_NAMES[name]} {median(getattr(one, what) for one in kept[name, connections]):.0f}"
        for name in names
    ]
    return "，".join(said) + " 条/秒"


def _cost(kept: Mapping[tuple[str, int], list[Served]], what: str) -> str:
    said = [
        f"{_NAMES[name]} {median(getattr(one, what) for one in kept[name, 64]) * 1000:.1f}"
        for name in ("product", "straightforward")
    ]
    return "，".join(said) + " 毫秒"


_NAMES: Final = {"product": "本系统", "limit2": "极限二", "straightforward": "通常写法"}
