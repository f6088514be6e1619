"""「1-11月完成」 said in January is the year that has passed; said in September it is no figure at all (D3, D6)."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.understanding import read, year_turn
from handlers.understanding.reading import Basis, ProjectLine
from handlers.understanding.values.date_forms import last_day
from tests.understanding.fixtures_city import CALENDAR, NAMES

FIRST_MONTHS = [date(2027, 1, 5), date(2027, 2, 10)]
LATER = [date(2026, 3, 8), date(2026, 5, 15), date(2026, 9, 22), date(2026, 10, 31)]
UP_TO = (
    "循环园截至{m}月底累计7300万",
    "循环园截至{m}月底，累计7300万",
    "截至{m}月底，循环园累计7300万",
    "截止到{m}月底循环园累计完成投资7300万",
    "循环园{m}月底累计7300万",
    "循环园到{m}月末累计完成7300万",
    "截至{m}月底：循环园累计7300万",
)
SINCE_JANUARY = (
    "循环园1-{m}月完成7300万",
    "循环园1至{m}月累计完成投资7300万",
    "循环园1月到{m}月完成7300万",
    "1—{m}月，循环园完成投资7300万",
    "循环园前{m}个月完成7300万",
)
OF_A_MONTH = ("循环园{m}月完成7300万", "循环园{m}月份，完成投资7300万", "{m}月份：循环园完成7300万")


def _line(text: str, today: date) -> ProjectLine:
    said = year_turn.spelled_out(text, today)
    reading = year_turn.dated(read(said, NAMES, today, calendar=CALENDAR), said, today)
    return next(line for line in reading.lines if line.project_id is not None)


@pytest.mark.parametrize("today", FIRST_MONTHS, ids=str)
@pytest.mark.parametrize("month", range(7, 12))
@pytest.mark.parametrize("form", UP_TO + SINCE_JANUARY)
def test_a_day_of_the_late_year_said_in_january_has_passed(form: str, month: int, today: date) -> None:
    line = _line(form.format(m=month), today)
    assert line.promises == ()
    assert [one.as_of for one in line.figures] == [last_day(2026, month)]
    since_january = form in SINCE_JANUARY
    assert (line.figures[0].basis is Basis.YEAR_TO_DATE) == since_january


@pytest.mark.parametrize("today", FIRST_MONTHS, ids=str)
@pytest.mark.parametrize("month", range(7, 13))
@pytest.mark.parametrize("form", OF_A_MONTH)
def test_a_month_of_the_late_year_said_in_january_has_passed(form: str, month: int, today: date) -> None:
    line = _line(form.format(m=month), today)
    assert line.promises == ()
    assert [one.period.first for one in line.figures if one.period is not None] == [date(2026, month, 1)]


@pytest.mark.parametrize("today", LATER, ids=str)
@pytest.mark.parametrize("form", UP_TO + SINCE_JANUARY + OF_A_MONTH)
def test_what_ends_after_this_month_has_not_been_reached(form: str, today: date) -> None:
    for month in range(today.month + 1, 13):
        if month == 12 and "个月" in form:
            continue
        line = _line(form.format(m=month), today)
        assert line.figures == (), month
        assert [one.due for one in line.promises] == [last_day(today.year, month)]


@pytest.mark.parametrize("today", LATER, ids=str)
@pytest.mark.parametrize("form", UP_TO + SINCE_JANUARY)
def test_what_has_ended_is_a_figure_of_this_year(form: str, today: date) -> None:
    for month in range(2, today.month):
        line = _line(form.format(m=month), today)
        assert [one.as_of for one in line.figures] == [last_day(today.year, month)]


@pytest.mark.parametrize(
    ("words", "today", "as_of"),
    [
        ("全年完成7300万", date(2027, 1, 5), date(2026, 12, 31)),
        ("全年一共完成投资7300万", date(2027, 2, 10), date(2026, 12, 31)),
        ("前三季度完成7300万", date(2027, 1, 5), date(2026, 9, 30)),
        ("去年1-9月完成7300万", date(2027, 1, 5), date(2026, 9, 30)),
        ("四季度完成7300万", date(2027, 1, 5), date(2026, 12, 31)),
        ("上半年完成7300万", date(2026, 5, 15), date(2026, 5, 15)),  # what there is of it
        ("前三季度完成7300万", date(2026, 9, 22), date(2026, 9, 22)),
        ("1-9月完成7300万", date(2026, 9, 22), date(2026, 9, 22)),
    ],
)
def test_stretches_of_a_year(words: str, today: date, as_of: date) -> None:
    line = _line(f"循环园{words}", today)
    assert [one.as_of for one in line.figures] == [as_of]


@pytest.mark.parametrize(
    ("words", "today"),
    [
        ("上半年完成7300万", date(2027, 1, 5)),
        ("四季度完成7300万", date(2026, 9, 22)),
        ("下半年完成7300万", date(2026, 5, 15)),
        ("前三季度完成7300万", date(2026, 5, 15)),
        ("前11个月完成7300万", date(2026, 9, 22)),
        ("11月前完成投资7300万", date(2027, 1, 5)),
        ("今年1-11月完成7300万", date(2027, 1, 5)),
    ],
)
def test_stretches_to_come_are_no_figures(words: str, today: date) -> None:
    assert _line(f"循环园{words}", today).figures == ()


def test_what_is_planned_for_the_late_year_stays_to_come() -> None:
    for words in (
        "计划11月底累计完成7300万",
        "确保全年完成7300万",
        "力争前三季度完成7300万",
        "预计1-11月完成7300万",
    ):
        assert year_turn.spelled_out(f"循环园{words}", date(2027, 1, 5)) == f"循环园{words}"


def test_the_same_months_of_last_year_end_with_those_months() -> None:
    line = _line("去年同期，循环园1-8月完成7300万", date(2026, 9, 22))
    assert [one.as_of for one in line.figures] == [date(2025, 8, 31)]
