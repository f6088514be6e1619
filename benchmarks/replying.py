"""From the request to the reply in the sender's chat, at a steady 100 messages a second."""

from __future__ import annotations

from typing import Final

from benchmarks.running import PRODUCT, Workbench, percentile, serving
from benchmarks.serving import WorkMissing, warm_up
from benchmarks.targets import REPLY, Measured

RATE: Final = 100.0


def measure(bench: Workbench, *, rounds: int, quick: bool) -> list[Measured]:
    """Events leave on time whatever the answers do, so a stall counts for all that were due in it."""
    count = 100 if quick else 500
    result = Measured(REPLY, judged=not quick)
    halves: list[float] = []
    for _ in range(rounds):
        with serving(PRODUCT, bench.database(PRODUCT)) as server:
            warm_up(server, 20 if quick else 100)
            run = server.pace("pace", first=100, count=count, rate=RATE)
            if run.refused or len(run.replies) != count:
                raise WorkMissing(f"发出 {count} 条，拒绝 {run.refused}，收到回复 {len(run.replies)} 条")
        result.rounds.append(percentile(run.replies, 0.99) * 1000)
        halves.append(percentile(run.replies, 0.5) * 1000)
    result.remark = f"中位 {sorted(halves)[len(halves) // 2]:.1f} 毫秒，每轮 {count} 条"
    return [result]
