"""300 notices a minute into one group that takes 20 messages a minute: how long do the urgent ones wait?

In simulated seconds: the clock moves second by second, and delivery claims whenever something may go.
"""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks import city
from benchmarks.running import Workbench, percentile
from benchmarks.targets import DRAIN, Measured
from bot.app import Product, running
from bot.clock import SimulatedClock
from bot.settings import Settings
from models.notices.replies import Forwarded
from models.operations.outbox import put
from models.rules.calendar import SHANGHAI
from models.tables.outbox import OutboxNotice, SentMessage
from models.types import Recipient, RecipientKind, Urgency

PER_SECOND: Final = 5
URGENT_EVERY: Final = 75
"""One notice in 75 is urgent: four a minute."""
MINUTES: Final = 10
BEGIN: Final = datetime(2026, 9, 22, 10, tzinfo=SHANGHAI)


def measure(bench: Workbench, *, quick: bool) -> list[Measured]:
    """One round: simulated time does not vary."""
    return [asyncio.run(_measure(bench, seconds=20 if quick else 60 * MINUTES, quick=quick))]


async def _measure(bench: Workbench, *, seconds: int, quick: bool) -> Measured:
    path = bench.place("drain")
    shutil.copyfile(bench.city, path)
    settings = Settings(
        database_url=city.url_of(path), clock="simulated", clock_start=city.START, data_dir=path.parent
    )
    async with running(settings, clock=SimulatedClock(city.START)) as product:
        await product.advance(BEGIN)
        first = await product.database.read(_last_notice)
        group = await product.database.read(
            lambda session: next(iter(product.snapshots.current(session).directory.groups.values())).id
        )
        for second in range(seconds):
            now = BEGIN + timedelta(seconds=second)
            await product.advance(now)
            await _alarm(product, group, now, second)
        await product.advance(BEGIN + timedelta(seconds=seconds + 120))
        return await _judge(product, first, quick=quick)


async def _alarm(product: Product, group: int, now: datetime, second: int) -> None:
    def write(session: Session) -> None:
        for number in range(second * PER_SECOND, (second + 1) * PER_SECOND):
            put(
                session, _notice(number), to=Recipient(RecipientKind.GROUP, group), key=f"bench:{number}",
                urgency=Urgency.URGENT if number % URGENT_EVERY == 0 else Urgency.NORMAL, reason="测量",
                now=now, due_at=now,
            )  # fmt: skip

    await product.database.write(write)
    await product.settle()


def _notice(number: int) -> Forwarded:
    """Any notice that may share a message with others; its words are those of a light that has turned."""
    line = f"ZX{number:04d} 第{number}号工程：绿灯转黄灯，完成率 58.75%，时序 69.17%，差距 10.42 个百分点"
    return Forwarded(role="联络员", name="彭倩", outbox_id=number, lines=(line,))


async def _judge(product: Product, first: int, *, quick: bool) -> Measured:
    rows = await product.database.read(
        lambda session: session.execute(
            select(OutboxNotice.urgency, OutboxNotice.due_at, SentMessage.id, SentMessage.at)
            .outerjoin(SentMessage, SentMessage.id == OutboxNotice.message_id)
            .where(OutboxNotice.id > first, OutboxNotice.reason == "测量")
        ).all()
    )
    unsent = sum(row.at is None for row in rows)
    waits: dict[str, list[float]] = {}
    for row in rows:
        if row.at is not None:
            waits.setdefault(row.urgency, []).append((row.at - row.due_at).total_seconds())
    urgent, normal = waits[Urgency.URGENT.value], waits[Urgency.NORMAL.value]
    remark = (
        f"{len(rows)} 条通知用 {len({row.id for row in rows if row.id})} 条消息送完，未送 {unsent}；"
        f"紧急最长 {max(urgent):.0f}，普通 p99 {percentile(normal, 0.99):.0f} 模拟秒"
    )
    return Measured(DRAIN, [percentile(urgent, 0.99)], remark, judged=not quick)


def _last_notice(session: Session) -> int:
    return (
        session.execute(
            select(OutboxNotice.id).order_by(OutboxNotice.id.desc()).limit(1)
        ).scalar_one_or_none()
        or 0
    )
