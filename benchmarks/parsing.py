"""Understanding alone: messages per second on one core, over the labelled messages of the repository."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import Final

from benchmarks import events
from benchmarks.contestants import forty_lines
from benchmarks.running import ROOT, tuned
from benchmarks.targets import PARSE, READ, Measured
from handlers.understanding import Names, ProjectName, predictions, read
from handlers.understanding.registry import CsvCalendar, Registry, load_units

DATA: Final = ROOT / "tests/understanding/data"
CALENDAR: Final = ROOT / "models/data/calendar_cn.csv"
UNITS: Final = ROOT / "models/data/unit_aliases.yaml"
TURNS: Final = 20
TODAY: Final = date(2026, 9, 22)


def measure(*, rounds: int, quick: bool) -> list[Measured]:
    """CPU time of the fastest turn of each round, so that other load on the machine counts as little as it can."""
    registry = Registry.load(DATA / "projects.csv")
    names = Names.of(registry.projects, load_units(UNITS))
    calendar = CsvCalendar.load(CALENDAR)
    messages = [
        json.loads(line) for line in (DATA / "reports.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    turns = 1 if quick else TURNS

    def turn() -> float:
        began = time.process_time()
        for message in messages:
            predictions(message, names, calendar, registry)
        return time.process_time() - began

    known = [(one.name, forty_lines.pairs(one.name)) for one in registry.projects]
    texts = [str(message["text"]) for message in messages]

    def usual() -> float:
        began = time.process_time()
        for text in texts:
            forty_lines.read(text, known)
        return time.process_time() - began

    rates, ratios = [], []
    with tuned():
        for _ in range(rounds):
            ours, theirs = min(turn() for _ in range(turns)), min(usual() for _ in range(turns))
            rates.append(len(messages) / ours)
            ratios.append(ours / theirs)
        long_report = _long_report(calendar)
    remark = f"{len(messages)} 条标注消息；一条 300 字的上报 {long_report:.2f} 毫秒；内存回收与服务进程相同"
    return [
        Measured(READ, ratios, "两者轮流，同一进程；通常写法只取数字和最像的项目", judged=not quick),
        Measured(PARSE, rates, remark, judged=not quick),
    ]


def _long_report(calendar: CsvCalendar) -> float:
    """Milliseconds for a report of a liaison who sees one project of forty."""
    names = Names.of(
        ProjectName(sender, events.code(sender), events.project(sender), (), None)
        for sender in range(events.SENDERS)
    )

    def turn() -> float:
        began = time.process_time()
        for number in range(events.SENDERS):
            read(events.text(number), names, TODAY, calendar=calendar, visible=frozenset({number}))
        return time.process_time() - began

    return min(turn() for _ in range(TURNS)) / events.SENDERS * 1000
