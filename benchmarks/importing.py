"""Importing a sheet of 10,000 new projects, as the command does it, beside openpyxl merely reading the sheet."""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path
from statistics import median
from typing import Final

from openpyxl import load_workbook
from sqlalchemy.orm import Session

from benchmarks import city, events
from benchmarks.running import Workbench, tuned
from benchmarks.targets import IMPORT, Measured
from bot.spreadsheets import read_file, write_table
from bot.tasks import Tasks
from models.db import Database
from models.operations import imports
from models.operations.desk import Desk
from models.queries import directory as directories
from models.queries import policies

ROWS: Final = 10_000
QUICK_ROWS: Final = 200
HEADER: Final = (
    "项目编号", "项目名称", "简称", "项目类别", "所属行业", "建设性质", "梯次", "所属县区", "建设单位",
    "主要建设内容", "总投资（万元）", "年度计划投资（万元）", "截至上年底累计完成投资（万元）",
    "今年累计完成投资（万元）", "数据截止日期", "阶段", "计划开工", "计划竣工", "责任单位", "责任专班",
)  # fmt: skip
REGIONS: Final = ("青禾县", "白石县", "临河区", "高新区")


class RowsMissing(Exception):
    """Not every row was read or imported."""


def measure(bench: Workbench, *, rounds: int, quick: bool) -> list[Measured]:
    """openpyxl in its read-only mode, which is the quicker one; every value is looked at."""
    rows = QUICK_ROWS if quick else ROWS
    sheet = bench.place("sheet").with_name("projects.xlsx")
    write_sheet(sheet, rows)
    result = Measured(IMPORT, judged=not quick)
    ours: list[tuple[float, float]] = []
    theirs: list[float] = []
    for _ in range(rounds):
        theirs.append(_openpyxl(sheet, rows))
        with tuned():  # as the command sets it
            ours.append(asyncio.run(_import(bench, sheet, rows)))
        result.rounds.append(sum(ours[-1]) / theirs[-1])
    result.remark = (
        f"读表并核对 {median(one[0] for one in ours):.2f} 秒，写入 {median(one[1] for one in ours):.2f} 秒，"
        f"openpyxl 读取 {median(theirs):.2f} 秒，{rows} 行 × {len(HEADER)} 列"
    )
    return [result]


def write_sheet(path: Path, rows: int) -> None:
    """New projects of all counties, every column filled."""
    write_table(path, "项目", HEADER, (_row(number) for number in range(1, rows + 1)))


def _row(number: int) -> tuple[str | int, ...]:
    """Names, figures and dates differ from row to row; what a sheet says again and again, this one does too."""
    place, kind = events.PLACES[number % events.SENDERS], events.KINDS[number % len(events.KINDS)]
    plan = 3_000 + number * 7 % 8_999
    return (
        f"IM{number:05d}", f"{place}{kind}第{number}期工程", f"{place}{number}期", "省市重点", "市政基础设施",
        "续建", "第一梯次", REGIONS[number % 4], f"{place}建设投资有限公司",
        f"新建{kind}及配套设施，含道路{number % 97}公里、管网、绿化等附属工程", 20_000 + number, plan,
        1_000 + number % 2_000, plan * (30 + number % 47) // 100, "2026-08-31", "在建",
        f"2025-{1 + number % 12:02d}", f"{2026 + number % 3}-{1 + number % 11:02d}",
        events.unit(number % events.SENDERS), "市政设施专班",
    )  # fmt: skip


def _openpyxl(sheet: Path, rows: int) -> float:
    started = time.perf_counter()
    book = load_workbook(sheet, read_only=True, data_only=True)
    seen = sum(any(row) for row in book.worksheets[0].iter_rows(values_only=True))
    took = time.perf_counter() - started
    book.close()
    if seen != rows + 1:
        raise RowsMissing(f"openpyxl 读到 {seen} 行")
    return took


async def _import(bench: Workbench, sheet: Path, rows: int) -> tuple[float, float]:
    """Seconds for reading with preview, and for writing in slices with a commit each."""
    path = bench.place("import")
    shutil.copyfile(bench.city, path)
    tasks = Tasks()
    database = await Database.open(city.url_of(path), lambda work: tasks.start(work, name="writer"))
    try:
        started = time.perf_counter()
        cells = await asyncio.to_thread(read_file, sheet)
        directory = await database.read(directories.load)  # once, as the command does
        preview = await database.read(
            lambda session: imports.preview(session, directory, cells, today=city.START.date())
        )
        previewed = time.perf_counter()
        new = 0
        for some in imports.slices(preview.to_write):

            def write(session: Session, some: list[imports.Accepted] = some) -> int:
                desk = Desk(session, directory, policies.current(session), city.START)
                return imports.apply(desk, some).new

            new += await database.write(write)
        ended = time.perf_counter()
    finally:
        await database.close()
        await tasks.stop()
    if new != rows:
        raise RowsMissing(f"应导入 {rows} 行，实为 {new} 行：{preview.lines(most=3)}")
    return previewed - started, ended - previewed
