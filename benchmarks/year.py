"""A year of a city of 800 projects and 3,000 problem items, played through the web chat of the real process.

The process is killed and started again several times: between two acts, with messages accepted and not yet answered,
in the midst of a night of the clock, and once it stays down over a weekend.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from benchmarks import city, whole_city, year_checks
from benchmarks.running import Workbench
from benchmarks.targets import YEAR_COST, YEAR_GROWTH, YEAR_MEMORY, Measured
from benchmarks.town import Town
from benchmarks.year_people import People
from models.db import sync_engine
from models.queries import directory
from models.rules.calendar import Calendar, at

MEGABYTE: Final = 1_000_000
MONTHS: Final = 12
YARDSTICK_ROWS: Final = 4_000


@dataclass(frozen=True, slots=True)
class Size:
    """kills: workdays, counted from 1, on which the process is killed, and how."""

    projects: int
    workdays: int
    problems_a_day: int
    kills: dict[int, str]


FULL: Final = Size(
    800, 250, 12,
    {20: "between", 55: "accepted", 83: "night", 120: "weekend", 150: "accepted", 185: "night", 215: "between",
     240: "accepted"},
)  # fmt: skip
FORTNIGHT: Final = Size(80, 10, 6, {3: "accepted", 5: "night", 8: "between"})
QUICK: Final = Size(40, 4, 4, {2: "accepted", 3: "night"})


@dataclass(slots=True)
class Month:
    """What a twelfth of the workdays took. yardstick: CPU seconds of a fixed piece of work done beside each day."""

    days: int = 0
    cpu: float = 0.0
    yardstick: float = 0.0
    rss: int = 0

    @property
    def cost(self) -> float:
        """CPU of a workday in lengths of the yardstick: the speed of the machine falls out."""
        return self.cpu / self.yardstick


@dataclass(slots=True)
class Year:
    size: Size
    months: list[Month] = field(default_factory=list)
    starts: int = 0
    said: int = 0


def measure(bench: Workbench, size: Size) -> list[Measured]:
    """The whole year takes a quarter of an hour of a free machine; anything shorter is not judged."""
    full = size is FULL
    database = bench.place("year")
    shutil.copyfile(bench.city, database)
    whole_city.fill(database, size.projects)
    return _judged(play(database, size, _told if full else _ignored), full=full)


def _told(line: str) -> None:
    print(line, flush=True)


def _ignored(_: str) -> None:
    pass


def play(database: Path, size: Size, say: Callable[[str], None]) -> Year:
    """Live through the workdays, then check what is in the database. Raises WrongYear when it is not what was done."""
    calendar = _calendar(database)
    year = Year(size)
    with Town(database, city.START) as town:
        people = People(town, calendar, size.projects, size.problems_a_day)
        started = time.monotonic()
        day = city.START.date()
        month = Month()
        for number in range(1, size.workdays + 1):
            day = calendar.next_workday(day)
            people.begin(number)
            before = town.cpu_seconds
            _workday(town, people, day, size.kills.get(number, ""))
            month.rss = max(month.rss, town.look())
            month.days += 1
            month.cpu += town.cpu_seconds - before
            month.yardstick += _yardstick()
            if number >= -(-(len(year.months) + 1) * size.workdays // MONTHS):
                year.months.append(month)
                say(
                    f"{day} 常驻 {month.rss / MEGABYTE:.0f} MB，每工作日 CPU {month.cpu / month.days:.2f} 秒，"
                    f"尺 {month.yardstick / month.days * 1000:.0f} 毫秒，{time.monotonic() - started:.0f} 秒"
                )
                month = Month()
        town.clock(at(day + timedelta(days=1), "00:00"))
        year.starts, year.said = town.starts, town.said
        year_checks.check(town, people.done, calendar)
    year_checks.check_database(database)
    return year


def _workday(town: Town, people: People, day: date, kill: str) -> None:
    morning = at(day, "08:40")
    if kill == "night":
        town.kill(during=morning, after_seconds=0.15)
        town.start_again()
    elif kill == "weekend":
        town.kill()
        town.start_again(morning)
    else:
        town.clock(morning)
    town.say(people.acknowledge())
    town.say(people.dispatch())
    town.say(people.receive())
    town.clock(at(day, "10:00"))
    reports = people.reports()
    town.say(reports)
    town.say([(who, "确认") for who, _ in reports], settle=kill != "accepted")
    if kill in ("accepted", "between"):
        town.kill()
        town.start_again()
    problems = people.problems()
    town.say(problems)
    town.say((who, "确认") for who, _ in problems)
    town.clock(at(day, "15:00"))
    for act in (
        people.work, people.review, people.close, people.effects, people.light_feedback, people.light_review,
        people.decide, people.weekly,
    ):  # fmt: skip
        town.say(list(act()))


def _judged(year: Year, *, full: bool) -> list[Measured]:
    second, last = year.months[1], year.months[-1]
    most = max(one.rss for one in year.months)
    size = year.size
    days = "、".join(f"{one.cpu / one.days:.2f}" for one in year.months)
    remark = (
        f"{size.projects} 个项目，{size.workdays} 个工作日，{size.workdays * size.problems_a_day} 件问题，"
        f"{year.said} 条消息，启动 {year.starts} 次；第二月 {second.rss / MEGABYTE:.0f} MB，"
        f"最后一月 {last.rss / MEGABYTE:.0f} MB"
    )
    return [
        Measured(YEAR_MEMORY, [most / MEGABYTE], remark, judged=full),
        Measured(YEAR_GROWTH, [last.rss / second.rss], judged=full),
        Measured(YEAR_COST, [last.cost / second.cost], f"各月每工作日 CPU {days} 秒", judged=full),
    ]


def _yardstick() -> float:
    """CPU seconds of a fixed piece of work of the kind the product does: rows, texts, numbers."""
    started = time.process_time()
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, value INTEGER)")
        connection.executemany(
            "INSERT INTO t (name, value) VALUES (?, ?)",
            ((f"第{number}号工程", number * 7 % 1000) for number in range(YARDSTICK_ROWS)),
        )
        rows = connection.execute("SELECT name, value FROM t ORDER BY value, id").fetchall()
    connection.close()
    found: dict[str, int] = dict(rows)
    assert sum(len(name) + value for name, value in found.items()) > 0
    return time.process_time() - started


def _calendar(database: Path) -> Calendar:
    engine = sync_engine(city.url_of(database))
    try:
        with Session(engine) as session:
            return directory.load(session).calendar
    finally:
        engine.dispose()
