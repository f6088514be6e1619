"""`python -m benchmarks`: the gate, then every measure, then the table. Exit code 1 when a floor is not reached."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import psutil

from benchmarks import (
    draining,
    due,
    gate,
    history,
    importing,
    memory,
    parsing,
    replying,
    sealing,
    serving,
    sweep,
    year,
)
from benchmarks.running import LIMIT2, PRODUCT, STRAIGHTFORWARD, Workbench
from benchmarks.targets import Measured, Verdict, table

MESSAGES: Final = 5_000
LONG_MESSAGES: Final = 100_000
QUICK_MESSAGES: Final = 100

Measure = Callable[[Workbench, argparse.Namespace], list[Measured]]

MEASURES: Final[Mapping[str, Measure]] = {
    "serving": lambda bench, told: serving.measure(bench, rounds=told.rounds, quick=told.quick),
    "sealed": lambda bench, told: sealing.measure(bench, rounds=told.rounds, quick=told.quick),
    "reply": lambda bench, told: replying.measure(bench, rounds=told.rounds, quick=told.quick),
    "history": lambda bench, told: history.measure(bench, rounds=told.rounds, quick=told.quick),
    "sweep": lambda bench, told: sweep.measure(bench, rounds=told.rounds, quick=told.quick),
    "import": lambda bench, told: importing.measure(bench, rounds=told.rounds, quick=told.quick),
    "parse": lambda _, told: parsing.measure(rounds=told.rounds, quick=told.quick),
    "drain": lambda bench, told: draining.measure(bench, quick=told.quick),
    "memory": lambda bench, told: memory.measure(
        bench,
        messages=LONG_MESSAGES if told.long else QUICK_MESSAGES if told.quick else MESSAGES,
        quick=told.quick,
    ),
    "due": lambda bench, told: due.measure(bench, rounds=told.rounds, quick=told.quick),
    "year": lambda bench, told: year.measure(bench, _size_of_year(told)),
}


def _size_of_year(told: argparse.Namespace) -> year.Size:
    if told.quick:
        return year.QUICK
    return year.FULL if told.long or "year" in (told.only or ()) else year.FORTNIGHT


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="测量：同一次运行内的比值。")
    parser.add_argument("--rounds", type=int, default=5, help="轮数，取中位数（默认 5）")
    parser.add_argument("--only", choices=list(MEASURES), action="append", help="只测这一项，可重复")
    parser.add_argument("--quick", action="store_true", help="每项一小轮，约一分钟；数字仅供参考")
    parser.add_argument("--long", action="store_true", help=f"内存测 {LONG_MESSAGES} 条消息，模拟一整年")
    parser.add_argument("--no-verdict", action="store_true", help="低于底线也以 0 退出")
    parser.add_argument("--folder", type=Path, help="临时数据库所在的目录（默认系统临时目录，约需 3 GB）")
    told = parser.parse_args(arguments)
    if told.rounds < 1:
        parser.error("--rounds 至少为 1")
    if told.quick:
        told.rounds = 1
    return told


def main(arguments: list[str]) -> int:
    told = options(arguments)
    print(f"{_machine()}；{told.rounds} 轮", flush=True)
    results: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="zhuanban-bench-", dir=told.folder) as folder:
        bench = Workbench(Path(folder))
        for contestant in (LIMIT2, STRAIGHTFORWARD, PRODUCT):
            gate.check(bench, contestant)
        print("行为检查通过：无效请求被拒绝，重复只存一条，已答复的断电不丢", flush=True)
        for name in told.only or MEASURES:
            started = time.monotonic()
            results += MEASURES[name](bench, told)
            bench.clear()
            print(f"{name} 用时 {time.monotonic() - started:.0f} 秒", flush=True)
    print(table(results))
    below = any(one.verdict is Verdict.BELOW for one in results)
    return 1 if below and not (told.no_verdict or told.quick) else 0


def _machine() -> str:
    memory_gb = psutil.virtual_memory().total / 2**30
    load = os.getloadavg()[0]
    return (
        f"{platform.system()} {platform.machine()}，{os.cpu_count()} 核，{memory_gb:.0f} GB，"
        f"Python {platform.python_version()}，开始时负载 {load:.1f}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
