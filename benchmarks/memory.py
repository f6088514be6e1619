"""Memory of the product: idle after the start, and after many messages.

Liaisons report and then confirm or cancel what they are shown, as they do at work: drafts that nobody settles would
pile up, and each further message would have to look through them.
"""

from __future__ import annotations

from typing import Final

from benchmarks import events
from benchmarks.running import PRODUCT, Server, Workbench, serving
from benchmarks.serving import WorkMissing
from benchmarks.targets import GROWTH, IDLE, Measured

MEGABYTE: Final = 1_000_000
TURN: Final = 2 * events.SENDERS
"""A report and an answer of every liaison."""
SLICE: Final = 5 * TURN
CONNECTIONS: Final = 16
"""Fewer than senders, so that a report has been accepted before its answer leaves."""
_OPEN: Final = "SELECT count(*) FROM drafts WHERE state = 'open'"
_ENTRIES: Final = "SELECT count(*) FROM entries"


def measure(bench: Workbench, *, messages: int, quick: bool) -> list[Measured]:
    """Growth is that of the last four fifths: by then every cache has been filled once."""
    wanted = -(-messages // TURN) * TURN  # whole turns
    with serving(PRODUCT, bench.database(PRODUCT)) as server:
        idle = server.rss_bytes()
        before = server.count(_ENTRIES)
        sizes: list[int] = []
        for first in range(0, wanted, SLICE):
            _settle(server, first, min(SLICE, wanted - first))
            sizes.append(server.rss_bytes())
        entered = server.count(_ENTRIES) - before
    early = sizes[len(sizes) // 5]
    remark = (
        f"空闲 {idle / MEGABYTE:.0f} MB，{wanted} 条后 {sizes[-1] / MEGABYTE:.0f} MB；"
        f"其中上报 {wanted // 2} 条，确认入账 {entered} 条"
    )
    return [
        Measured(IDLE, [idle / MEGABYTE], judged=not quick),
        Measured(GROWTH, [sizes[-1] / early], remark, judged=not quick),
    ]


def _settle(server: Server, first: int, count: int) -> None:
    """Send whole turns and wait for their end; counts rows, not answers."""
    entries, inbox = server.count(_ENTRIES), server.marks()[0]
    result = server.load("memory", first=first, count=count, connections=CONNECTIONS, settling=True)
    server.wait_until(PRODUCT.waiting, lambda waiting: waiting == 0)
    done = server.count(f"SELECT count(*) FROM inbox WHERE state = 'done' AND id > {inbox}")
    left, entered = server.count(_OPEN), server.count(_ENTRIES) - entries
    cancelled = sum(events.cancels(number) for number in range(first, first + count))
    if result.refused or (done, left, entered) != (count, 0, count // 2 - cancelled):
        raise WorkMissing(
            f"{count} 条消息，拒绝 {result.refused}，处理 {done}，未确认的草稿 {left}，入账 {entered}"
        )
