"""What January and February call by the months of the year that has passed (rule D6)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from handlers.understanding.reading import Basis, Figure, ProjectLine, Reading

# No part of 「2026年12月」, 「1-12月」, 「1 - 12月」.
_NOT_BEHIND: Final = (
    r"(?<![\d年同期])(?<![\d月][-—–~～至到])(?<![\d月]\s[-—–~～至到])(?<![\d月一][-—–~～至到]\s)"
)
_NOT_BEFORE: Final = r"(?!份?[底末]?[之以]?前)"
_DECEMBER: Final = re.compile(rf"{_NOT_BEHIND}(12|１２|十二)月{_NOT_BEFORE}")
# 「1-11月」, 「前三季度」, 「全年完成」 and a month with a figure behind it: who says them in January speaks of
# the second half of the year that is over.
_LATE: Final = r"(?:[7-9]|1[01]|十一|[七八九十])"
_STRETCH: Final = re.compile(
    rf"(?<![\d年度.\-—–~～至到同期])(?:[1一]月?份?\s*[-—–~～至到]\s*(?:{_LATE}|12|十二)月|前三个?季度|前{_LATE}个月"
    r"|全年度?(?=(?:[一总]?共|实际|已经?|投资)*(?:完成|累计)))"
)
_MONTH: Final = re.compile(
    rf"(?:(?<=截[至止])|(?<=截止到)|(?<=截至到)|{_NOT_BEHIND}(?<!一[-—–~～至到])"
    rf"(?={_LATE}月(?:份?[底末]?|\d{{1,2}}[日号])(?:为?止)?[,，：:]?[^\d，,。；;\n]{{0,16}}(?:累[计积]|完成|投资|投入|新增)[^\d，,。；;\n]{{0,8}}\d))"
    rf"{_LATE}月{_NOT_BEFORE}"
)
# 「年度计划8000万」, 「占年度计划的95%」 and 「计划投资8000万」 say how much was planned, not that something is.
_A_PLANS_SIZE: Final = (
    r"(?!投资\d|[为是]?\d[\d.]*\s?[万亿%％]|的[\d百几一二三四五六七八九]|的?[,，。；;\n]|任务|数|$)"
)
_TO_COME: Final = re.compile(rf"预计|计划{_A_PLANS_SIZE}|力争|确保|将|争取|拟|今年12月|年底前|目标")
_LAST_YEAR: Final = re.compile(r"去年|上年|昨年|上一年")
_EARLIER_YEAR: Final = re.compile(
    r"(?:去年|上年度?|昨年|上一年度?|(?<![目以之])前年|(?<!\d)(?P<year>20\d\d)年)(?!\s?\d|底|末|终|度?结转|开工|动工|开建|以来|竣工)"
)
_UNDER_LAST_YEAR: Final = re.compile(r"(?:[去上昨]年)(?:同期|全年|度)?[，,]\s*$")  # 「去年，甲完成…」
_HEADING: Final = 10  # characters
_THIS_YEAR: Final = re.compile(r"今年|本年")
# 「去年全年完成6亿」, 「2025年一整年共完成6亿」 say no more than 「去年完成6亿」.
_ALL_OF_IT: Final = re.compile(
    r"(?P<named>[去上昨]年|(?<!\d)(?P<year>20\d\d)年)(?:全年度?|一?整年)(?=(?:[一总]?共|实际|已经?|投资)*(?:完成|累计))"
)
FIRST_MONTHS: Final = 2  # so long does 12月 mean the last one


def spelled_out(text: str, today: date) -> str:
    """「12月完成60万」 in January or February with the year that has passed, unless something to come is told.

    So are 「截至11月底累计60万」, 「1-11月完成60万」 and 「全年完成60万」.
    「去年全年完成60万」 loses its 全年 at any time.
    """
    if today.month <= FIRST_MONTHS and not _TO_COME.search(text):
        year = f"{today.year - 1}年"
        text = _DECEMBER.sub(f"{year}12月", text)
        for of_last_year in (_MONTH, _STRETCH):
            text = of_last_year.sub(lambda told: year + told[0], text)
    if "全年" in text or "整年" in text:
        text = _ALL_OF_IT.sub(
            lambda told: told[0] if told["year"] and int(told["year"]) >= today.year else told["named"], text
        )
    return text


def dated(reading: Reading, text: str, today: date) -> Reading:
    """The reading with 31 December as the date of figures that the words give to the year before.

    A project told of both years has a line for each, at the turn of the year; later only what is told of this year.
    """
    lines: list[ProjectLine] = []
    for line in reading.lines:
        figures = _dated(line.figures, text, today)
        now = tuple(figure for figure in figures if _year(figure, today) >= today.year)
        before = tuple(figure for figure in figures if _year(figure, today) < today.year)
        if now and before and today.month <= FIRST_MONTHS:
            lines.append(
                ProjectLine(line.mention, line.match, line.project_id, line.candidates, figures=before)
            )
        told = now or before
        lines.append(line if told == line.figures else replace(line, figures=told))
    return reading if lines == [*reading.lines] else replace(reading, lines=tuple(lines))


def _year(figure: Figure, today: date) -> int:
    day = figure.period.first if figure.period is not None else figure.as_of
    return day.year if day is not None else today.year


def is_of_an_earlier_year(figure: Figure, text: str, today: date) -> bool:
    """「去年完成3000万」, 「2023年完成3000万」: neither this year's figure nor one since the start; 去年底累计 is."""
    if figure.basis is Basis.PERIOD or figure.basis is Basis.SINCE_START:
        return False
    before = _clause_before(figure, text)
    named = _EARLIER_YEAR.search(before)
    if named is None or _THIS_YEAR.search(before):
        return False
    return named["year"] is None or int(named["year"]) < today.year


def _clause_before(figure: Figure, text: str) -> str:
    """The words of the figure's own clause that stand before it."""
    before = text[: figure.amount.span.start]
    start = max((before.rfind(mark) for mark in "，,；;。\n"), default=-1) + 1
    headed = _UNDER_LAST_YEAR.search(before, max(0, start - _HEADING), start)
    return before[start if headed is None else headed.start() :]


def _dated(figures: Sequence[Figure], text: str, today: date) -> tuple[Figure, ...]:
    found = []
    for figure in figures:
        before = _clause_before(figure, text)
        year = today.year - 1
        told = _LAST_YEAR.search(before) or f"{year}年" in before
        if (
            told
            and not _THIS_YEAR.search(before)
            and figure.basis in (Basis.YEAR_TO_DATE, Basis.CUMULATIVE, Basis.UNSAID)
            and (figure.as_of is None or figure.as_of.year == today.year)
        ):
            basis = Basis.YEAR_TO_DATE if figure.basis is Basis.UNSAID else figure.basis
            figure = replace(figure, as_of=_day_of(year, figure, before), basis=basis)  # noqa: PLW2901
        found.append(figure)
    return tuple(found)


def _day_of(year: int, figure: Figure, before: str) -> date:
    """The end of the year that is told of; of 「去年同期1-8月」 the same months' end."""
    if figure.as_of is None or "同期" not in before:
        return date(year, 12, 31)
    month = figure.as_of.month
    return date(year, month, min(figure.as_of.day, monthrange(year, month)[1]))
