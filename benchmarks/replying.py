"""From the request to the reply in the sender's chat, at a steady 100 messages a second."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.running import PRODUCT, Workbench, percentile, serving
from benchmarks.serving import WorkMissing, warm_up
from benchmarks.targets import REPLY, Measured

RATE: Final = 100.0
WRITES: Final = 300
PAGES: Final = 8192  # bytes, about what one message adds to the log


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
    middle = sorted(halves)[len(halves) // 2]
    disk = _disk(bench.database(PRODUCT).parent)
    result.remark = (
        f"中位 {middle:.1f} 毫秒，每轮 {count} 条；同一磁盘单次落盘 p99 {disk:.1f} 毫秒（每条要落盘两次）"
    )
    return [result]


def _disk(folder: Path) -> float:
    """What the disk itself needs for one durable write at that rate, p99 in ms: no reply can be quicker than two."""
    taken = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(WRITES):
            file.write(bytes(PAGES))
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
            time.sleep(1 / RATE)
    return percentile(taken, 0.99) * 1000
