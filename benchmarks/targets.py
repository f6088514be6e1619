"""What is measured, what it must reach, and the table that says so."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import Final


class Verdict(StrEnum):
    AIM = "达到目标"
    FLOOR = "达到底线"
    BELOW = "低于底线"
    FIGURE = "仅供参考"


@dataclass(frozen=True, slots=True)
class Target:
    """floor: what is not enough fails the run. higher: more is better. unit: empty for a ratio."""

    title: str
    floor: float | None
    aim: float | None
    higher: bool = False
    unit: str = ""


ACCEPT_16: Final = Target("受理速率 ÷ 极限二，16 连接", 0.45, 0.75, higher=True)
ACCEPT_64: Final = Target("受理速率 ÷ 极限二，64 连接", 0.65, 1.0, higher=True)
SEALED_16: Final = Target("加密回调受理速率 ÷ 极限二，16 连接", 0.45, 0.75, higher=True)
SEALED_64: Final = Target("加密回调受理速率 ÷ 极限二，64 连接", 0.65, 1.0, higher=True)
JOB: Final = Target("全程速率 ÷ 通常写法", 3, 6, higher=True)
CPU: Final = Target("每条消息全程 CPU ÷ 通常写法", 0.35, 0.15)
ACKNOWLEDGEMENT: Final = Target("受理答复 p99 ÷ 通常写法", 0.06, 0.025)
REPLY: Final = Target("每秒 100 条时回复到达平台 p99", 50, 15, unit="毫秒")
HISTORY: Final = Target("台账 100 万行时每条 CPU ÷ 空库", 1.15, 1.05)
SWEEP: Final = Target("项目数为 10 倍时亮灯计算用时（变化数相同）", 1.5, 1.1)
IMPORT: Final = Target("导入 1 万行 ÷ openpyxl 读取", 0.5, 0.2)
DRAIN: Final = Target("一群每分钟 300 条通知，紧急 p99", 60, 4, unit="模拟秒")
READ: Final = Target("理解一条消息用时 ÷ 四十行通常写法", 16, 10)
PARSE: Final = Target("理解消息，单核", 2000, 4000, higher=True, unit="条/秒")
IDLE: Final = Target("空闲内存", 150, None, unit="MB")
GROWTH: Final = Target("处理消息前后内存之比", 1.15, 1.05)
YEAR_MEMORY: Final = Target("一年里各月末的常驻内存，最大", 400, None, unit="MB")
YEAR_GROWTH: Final = Target("最后一月 ÷ 第二月常驻内存", 1.15, 1.05)
YEAR_COST: Final = Target("最后一月 ÷ 第二月每工作日 CPU", 1.5, 1.15)
DUE: Final = Target("在办为 10 倍时一天的任务 CPU（到期数相同）", 1.5, 1.15)


@dataclass(slots=True)
class Measured:
    """One value for each round, and remarks that put it into proportion. judged: the work had its full size."""

    target: Target
    rounds: list[float] = field(default_factory=list)
    remark: str = ""
    judged: bool = True

    @property
    def value(self) -> float:
        return median(self.rounds)

    @property
    def verdict(self) -> Verdict:
        target = self.target
        if not self.judged or target.floor is None:
            return Verdict.FIGURE
        if target.aim is not None and _reaches(self.value, target.aim, higher=target.higher):
            return Verdict.AIM
        if _reaches(self.value, target.floor, higher=target.higher):
            return Verdict.FLOOR if target.aim is not None else Verdict.AIM
        return Verdict.BELOW


def _reaches(value: float, wanted: float, *, higher: bool) -> bool:
    return value >= wanted if higher else value <= wanted


def table(results: Sequence[Measured]) -> str:
    """Columns: what, median, lowest and highest round, floor, aim, verdict; remarks below."""
    rows = [("项目", "中位数", "各轮", "底线", "目标", "结论")]
    for one in results:
        low, high = min(one.rounds), max(one.rounds)
        rows.append(
            (
                one.target.title + (f"（{one.target.unit}）" if one.target.unit else ""),
                figure(one.value),
                f"{figure(low)}–{figure(high)}",
                _bound(one.target.floor, one.target),
                _bound(one.target.aim, one.target),
                one.verdict.value,
            )
        )
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines += [f"  {one.target.title}：{one.remark}" for one in results if one.remark]
    return "\n".join(lines)


def figure(value: float) -> str:
    """Three significant digits, without an exponent."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def _bound(value: float | None, target: Target) -> str:
    if value is None:
        return "—"
    return f"{'≥' if target.higher else '≤'} {value:g}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
