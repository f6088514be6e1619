"""What a day of the clock costs with few and with ten times as many items and warnings open, the same number due.

Six records are made by the product itself, an item and a red light each of which something falls due on the day, on
the day before, and on neither. The city is filled with copies of their rows. The day before is lived first: it fills
every cache.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks import city, due_filling, events, whole_city
from benchmarks.running import Workbench
from benchmarks.targets import DUE, Measured
from benchmarks.town import Town
from bot.app import Product, running
from bot.clock import SimulatedClock
from bot.settings import Settings
from models.rules.calendar import at
from models.tables.items import Ladder, Rung
from models.tables.outbox import OutboxNotice

DAY: Final = date(2026, 10, 28)
"""A Wednesday; on it and on the day before nothing weekly or monthly is due."""
BEFORE: Final = DAY - timedelta(days=1)
SIGNED: Final = (date(2026, 10, 20), date(2026, 10, 19), date(2026, 10, 26))
"""签收: 催办 falls on the day, on the day before, on neither."""
FINISHES: Final = ("2026-08-22", "2026-08-21", "2026-07-23")
"""Planned completion of projects that are red since four workdays before the day, five, and since September."""
CHECK: Final = ("02:59", "03:01")
"""The nightly proof, which by design evaluates every project, runs in between."""


class NotTheSame(Exception):
    """The two days did not do the same: their times say nothing."""


@dataclass(frozen=True, slots=True)
class Size:
    """projects: in both cities. open: items, and as many red lights, in either. due: of each, on either day."""

    projects: int
    open: tuple[int, int]
    due: int


FULL: Final = Size(3_200, (300, 3_000), 30)
QUICK: Final = Size(160, (12, 120), 3)


@dataclass(slots=True)
class Took:
    """CPU seconds of the days lived in one of the cities. check: of the nightly proof alone."""

    day: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)


def measure(bench: Workbench, *, rounds: int, quick: bool) -> list[Measured]:
    """A round is the same day lived in a copy of each city, in turns."""
    size = QUICK if quick else FULL
    template = bench.place("due")
    shutil.copyfile(bench.city, template)
    whole_city.fill(template, size.projects, quiet=True)
    copied = _prepare(template)
    filled: dict[int, Path] = {}
    for count in size.open:
        filled[count] = bench.place(f"due{count}")
        shutil.copyfile(template, filled[count])
        due_filling.fill(filled[count], copied, count=count, due=size.due)
    took = {count: Took() for count in size.open}
    for number in range(rounds):
        seen = [_live(bench, filled[count], took[count]) for count in size.open[:: 1 if number % 2 else -1]]
        if seen[0] != seen[1]:
            raise NotTheSame(f"两座城当天所做不同：{seen[0] - seen[1]} / {seen[1] - seen[0]}")
    return [_judged(size, took, sum(seen[0].values()), quick=quick)]


def _judged(size: Size, took: dict[int, Took], done: int, *, quick: bool) -> Measured:
    few, many = (took[count] for count in size.open)
    ratios = [more / less for less, more in zip(few.day, many.day, strict=True)]
    remark = (
        f"在办事项和红灯各 {size.open[0]} 与 {size.open[1]}，当天到期各 {size.due}，两边同样执行和通知 {done} 件；"
        f"一天 {median(few.day) * 1000:.0f} 与 {median(many.day) * 1000:.0f} 毫秒，"
        f"另有 {size.projects} 个项目的亮灯核对 {median(few.check) * 1000:.0f} 与 {median(many.check) * 1000:.0f} 毫秒"
    )
    return Measured(DUE, ratios, remark, judged=not quick)


# --- making the records that are copied


def _prepare(database: Path) -> due_filling.Copied:
    """Bring the city to the night before the day, with one record of each kind. Returns which these are."""
    items, lights = {}, [whole_city.code(number) for number in range(len(FINISHES))]
    due_filling.finish(database, dict(zip(lights, FINISHES, strict=True)))
    with Town(database, city.START) as town:
        for number, day in enumerate(sorted(SIGNED)):
            town.clock(at(day, "09:00"))
            items[day] = f"W{191 + number:04d}"
            _raise(town, items[day])
        town.clock(at(BEFORE, "00:00"))
    return due_filling.Copied(items=tuple(items[day] for day in SIGNED), lights=tuple(lights))


def _raise(town: Town, item: str) -> None:
    """One problem item, handed out and signed for."""
    host, who = whole_city.liaison(2), whole_city.liaison(3)
    words = f"{whole_city.code(3)}占用林地手续未批，请{events.unit(2)}牵头，12月21日前办结"
    town.say([(who, words), (who, "确认")])
    town.say([("孙晓雯", f"交办 {item} 措施 专人盯办;责任人 {host};督办专员 马德胜"), ("孙晓雯", "确认交办")])
    town.say([(host, f"/签收 {item}")])


# --- living the day


def _live(bench: Workbench, filled: Path, took: Took) -> Counter[str]:
    """Live both days in a copy; returns what was done on the second."""
    database = bench.place("due-day")
    shutil.copyfile(filled, database)
    try:
        return asyncio.run(_day(database, took))
    finally:
        shutil.rmtree(database.parent)


async def _day(database: Path, took: Took) -> Counter[str]:
    begin = at(BEFORE, "00:00")
    settings = Settings(
        database_url=city.url_of(database), clock="simulated", clock_start=begin, data_dir=database.parent
    )
    async with running(settings, clock=SimulatedClock(begin)) as product:
        await product.advance(at(DAY, "00:00"))
        before = await product.database.read(_done)
        seconds = [
            await _advance(product, DAY, CHECK[0]),
            await _advance(product, DAY, CHECK[1]),
            await _advance(product, DAY + timedelta(days=1), "00:00"),
        ]
        took.day.append(seconds[0] + seconds[2])
        took.check.append(seconds[1])
        return await product.database.read(_done) - before


async def _advance(product: Product, day: date, clock: str) -> float:
    started = time.process_time()
    await product.advance(at(day, clock))
    return time.process_time() - started


def _done(session: Session) -> Counter[str]:
    """Rungs that fired, and notices by kind and reader."""
    rungs = session.execute(
        select(Ladder.subject_kind, Ladder.what, Rung.name).join(Rung, Rung.ladder_id == Ladder.id)
    )
    notices = session.execute(
        select(
            OutboxNotice.notice, OutboxNotice.recipient_kind, OutboxNotice.recipient_id, OutboxNotice.state
        )
    )
    return Counter(" ".join(map(str, row)) for row in (*rungs, *notices))
