"""What a percentage is a percentage of: the annual plan, the total investment, the works, or only a part."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause
from handlers.understanding.figures import Context, date_free, without_names
from handlers.understanding.money_phrases import (
    FORECAST,
    NOT_WHOLE,
    OF_ANNUAL,
    OF_TOTAL,
    OF_WORKS,
    PAYMENT_RATE,
    WHOLE_FILLER,
)
from handlers.understanding.numbers import PERCENT_RUN, PercentToken

_OF_A_RATE = re.compile(r"率|比|计划|投资|进度|完成|占|任务|目标|工程量|形象")


def judge_percentage(
    plain: str,
    clause: Clause,
    percent: PercentToken,
    *,
    skip: list[tuple[int, int]],
    context: Context,
    after_name: bool,
) -> tuple[str | None, bool]:
    """(base, is payment rate): the base is None when the percentage is of a part or of something else."""
    start = percent.start
    left = without_names(plain, clause.start, start, skip)
    label = clause.label if _OF_A_RATE.search(clause.label) else ""
    said = f"{label}:{left}" if label else left
    right = plain[percent.end : clause.end]
    if PAYMENT_RATE.search(said) or right.startswith(("的支付率", "支付")):
        return None, FORECAST.search(re.sub(r"计划", "", said)) is None
    without_amounts = date_free(PERCENT_RUN.sub("", said))
    for amount in clause.amounts:
        if amount.end <= start:
            without_amounts = without_amounts.replace(plain[amount.start : amount.end], "")
    if NOT_WHOLE.search(said) or re.search(r"预计|力争|争取|确保|拟|有望|将达", said):
        return None, False
    for day in clause.dates:
        if day.end <= start:
            without_amounts = without_amounts.replace(plain[day.start : day.end], "")
    if re.sub(r"[^\u4e00-\u9fffa-z]+", "", re.compile(WHOLE_FILLER.pattern).sub("", without_amounts)):
        return None, False
    if OF_ANNUAL.search(said):
        return "annual_plan", False
    if OF_TOTAL.search(said):
        return "total_invest", False
    if OF_WORKS.search(said):
        return "works", False
    if context.percent_of and not re.search(r"进度|完成率", said):
        return context.percent_of, False
    if context.annual_plan and re.search(r"占|比", said):
        return "annual_plan", False
    if re.search(r"进度|完成|进展|总体|整体|干了|过", said) or (after_name and not left.strip(" :,")):
        return "unspecified", False
    return None, False
