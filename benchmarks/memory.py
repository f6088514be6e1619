"""Memory of the product: idle after the start, and after many messages."""

from __future__ import annotations

from typing import Final

from benchmarks.running import PRODUCT, Workbench, serving
from benchmarks.serving import serve
from benchmarks.targets import GROWTH, IDLE, Measured

MEGABYTE: Final = 1_000_000
SLICE: Final = 1000


def measure(bench: Workbench, *, messages: int, quick: bool) -> list[Measured]:
    """Growth is that of the last four fifths: by then every cache has been filled once."""
    with serving(PRODUCT, bench.database(PRODUCT)) as server:
        idle = server.rss_bytes()
        sizes: list[int] = []
        for first in range(0, messages, SLICE):
            count = min(SLICE, messages - first)
            serve(server, "memory", first=first, count=count, connections=16)
            sizes.append(server.rss_bytes())
    early = sizes[len(sizes) // 5]
    remark = f"空闲 {idle / MEGABYTE:.0f} MB，{messages} 条后 {sizes[-1] / MEGABYTE:.0f} MB"
    return [
        Measured(IDLE, [idle / MEGABYTE], judged=not quick),
        Measured(GROWTH, [sizes[-1] / early], remark, judged=not quick),
    ]
