"""December said in January: the month that has passed, not the one to come (rule D6)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from handlers.understanding.reading import Basis, Figure, ProjectLine, Reading

_DECEMBER: Final = re.compile(r"(?<![\d年])(?<![\d月][-—–~～至到])(?<![\d月]\s[-—–~～至到])(12|１２|十二)月")
_TO_COME: Final = re.compile(r"预计|计划|力争|确保|将|争取|拟|今年12月|年底前|目标")
_LAST_YEAR: Final = re.compile(r"去年|上年|昨年|上一年")
_EARLIER_YEAR: Final = re.compile(
    r"(?:去年|上年度?|昨年|上一年度?|(?<![目以之])前年|(?<!\d)(?P<year>20\d\d)年)(?!\s?\d|底|末|终|度?结转|开工|动工|开建|以来|竣工)"
)
_THIS_YEAR: Final = re.compile(r"今年|本年")
_WHOLE_YEAR: Final = re.compile(r"1\s*月?\s*[-—–~～至到]\s*12\s*月")
# 「去年全年完成6亿」, 「2025年一整年共完成6亿」 say no more than 「去年完成6亿」.
_ALL_OF_IT: Final = re.compile(
    r"(?P<named>[去上昨]年|(?<!\d)(?P<year>20\d\d)年)(?:全年度?|一?整年)(?=(?:[一总]?共|实际|已经?|投资)*(?:完成|累计))"
)
FIRST_MONTHS: Final = 2  # so long does 12月 mean the last one


def spelled_out(text: str, today: date) -> str:
    """「12月完成60万」 in January or February with the year that has passed, unless something to come is told.

    「去年全年完成60万」 at any time without its 全年.
    """
    if "全年" in text or "整年" in text:
        text = _ALL_OF_IT.sub(
            lambda told: told[0] if told["year"] and int(told["year"]) >= today.year else told["named"], text
        )
    if today.month > FIRST_MONTHS or _TO_COME.search(text):
        return text
    return _DECEMBER.sub(f"{today.year - 1}年12月", text)


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
    return before[max((before.rfind(mark) for mark in "，,；;。\n"), default=-1) + 1 :]


def _dated(figures: Sequence[Figure], text: str, today: date) -> tuple[Figure, ...]:
    found = []
    for figure in figures:
        before = _clause_before(figure, text)
        year = today.year - 1
        told = _LAST_YEAR.search(before) or f"{year}年" in before
        whole = today.month <= FIRST_MONTHS and _WHOLE_YEAR.search(before)
        if (
            (told or whole)
            and not _THIS_YEAR.search(before)
            and figure.basis in (Basis.YEAR_TO_DATE, Basis.CUMULATIVE, Basis.UNSAID)
            and (figure.as_of is None or figure.as_of.year == today.year)
        ):
            basis = Basis.YEAR_TO_DATE if figure.basis is Basis.UNSAID else figure.basis
            figure = replace(figure, as_of=date(year, 12, 31), basis=basis)  # noqa: PLW2901
        found.append(figure)
    return tuple(found)
