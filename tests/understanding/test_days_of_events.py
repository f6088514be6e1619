"""「已于12月开工」 said in January has been, 「计划12月开工」 is to come, on whatever day of the year it is said."""

from __future__ import annotations

import calendar
from datetime import date

import pytest

from handlers.understanding import read
from tests.understanding.fixtures_city import CALENDAR, NAMES

TODAY = [
    date(2026, 1, 5), date(2026, 2, 10), date(2026, 3, 15), date(2026, 6, 30), date(2026, 9, 22),
    date(2026, 10, 31), date(2026, 12, 20), date(2026, 12, 31),
]  # fmt: skip
HAS_BEEN = (
    "已于{}通水 {}已通水 {}通水了 {}通的水 {}竣工验收了 已于{}开工 {}已开工 {}就开工了 {}刚通水 {}终于通水了"
)
IS_TO_COME = (
    "预计{}通水 计划{}竣工 要到{}才能通水 争取{}开工 计划{}开工 拟于{}开工 {}能通水 推迟到{}通水 改到{}竣工"
)


def _told(words: str, today: date) -> tuple[str | None, date | None]:
    """The day of the start or end that has been, and of the one to come."""
    line = read(f"循环园{words}", NAMES, today, calendar=CALENDAR).lines[0]
    return line.started_on or line.finished_on, line.expected_start or line.expected_finish


@pytest.mark.parametrize("today", TODAY, ids=str)
@pytest.mark.parametrize("day", [3, 25])
@pytest.mark.parametrize("form", HAS_BEEN.split())
def test_what_has_been_is_of_the_last_such_day(form: str, day: int, today: date) -> None:
    for month in range(1, 13):
        last = max(
            one for one in (date(today.year, month, day), date(today.year - 1, month, day)) if one <= today
        )
        been, ahead = _told(form.format(f"{month}月{day}日"), today)
        assert (been, ahead) == (last.isoformat(), None)


@pytest.mark.parametrize("today", TODAY, ids=str)
@pytest.mark.parametrize("day", [3, 25])
@pytest.mark.parametrize("form", IS_TO_COME.split())
def test_what_is_to_come_is_of_the_next_such_day(form: str, day: int, today: date) -> None:
    for month in range(1, 13):
        following = min(
            one for one in (date(today.year, month, day), date(today.year + 1, month, day)) if one >= today
        )
        been, ahead = _told(form.format(f"{month}月{day}日"), today)
        assert been is None
        assert ahead in (following, None)


@pytest.mark.parametrize("today", TODAY, ids=str)
@pytest.mark.parametrize("form", HAS_BEEN.split())
def test_what_has_been_is_of_the_last_such_month(form: str, today: date) -> None:
    for month in range(1, 13):
        year = today.year if month <= today.month else today.year - 1
        been, ahead = _told(form.format(f"{month}月"), today)
        assert been in (f"{year}-{month:02d}", None)
        assert ahead is None


@pytest.mark.parametrize("today", TODAY, ids=str)
@pytest.mark.parametrize("form", IS_TO_COME.split())
def test_what_is_to_come_is_of_the_next_such_month(form: str, today: date) -> None:
    for month in range(1, 13):
        year = today.year if month >= today.month else today.year + 1
        been, ahead = _told(form.format(f"{month}月"), today)
        assert been is None
        assert ahead in (date(year, month, calendar.monthrange(year, month)[1]), None)


@pytest.mark.parametrize("today", TODAY, ids=str)
@pytest.mark.parametrize(
    "form",
    [
        "循环园林地手续没批，请市林业局{}前解决",
        "循环园电没接通，恳请供电公司{}前接通",
        "循环园缺口资金1200万，需{}前到位",
        "循环园征迁卡住了，希望市里{}前协调",
    ],
)
def test_what_is_asked_for_is_needed_by_the_next_such_day(form: str, today: date) -> None:
    for month in range(1, 13):
        following = min(
            one for one in (date(today.year, month, 15), date(today.year + 1, month, 15)) if one >= today
        )
        reading = read(form.format(f"{month}月15日"), NAMES, today, calendar=CALENDAR)
        assert [issue.needed_by for line in reading.lines for issue in line.issues] == [following]
