"""What somebody wants done about a problem, and texts of labelled values (rules A2, C4, D4)."""

from __future__ import annotations

import re
from datetime import date

import pytest

from handlers.understanding.labels import labelled
from handlers.understanding.wanted import deadline_in, is_wish, read_wanted, wish_in, without_wish
from models.rules.calendar import Calendar, parse_calendar

TODAY = date(2026, 9, 22)
DAYS = Calendar.of(
    parse_calendar("date,kind,holiday\n2026-09-25,off,中秋\n2026-10-01,off,国庆\n2026-10-02,off,国庆\n")
)


def test_who_what_and_by_when() -> None:
    """S28."""
    found = read_wanted("请住建局牵头,10月15日前完成消防设计审查", TODAY, DAYS)
    assert found.text == "住建局牵头,10月15日前完成消防设计审查"
    assert found.by == date(2026, 10, 15)
    assert found.action == "完成消防设计审查"


def test_the_action_begins_where_something_is_asked() -> None:
    found = read_wanted("缺消防水源说明,请住建局10月20日前完成审查", TODAY, DAYS)
    assert (found.by, found.action) == (date(2026, 10, 20), "住建局完成审查")


@pytest.mark.parametrize(
    ("text", "day"),
    [("本周内解决", date(2026, 9, 24)), ("9月底前解决", date(2026, 9, 30)), ("尽快解决", None)],
)
def test_a_period_as_deadline_is_its_last_workday(text: str, day: date | None) -> None:
    """A2: 09-25 is a holiday."""
    assert deadline_in(text, TODAY, DAYS) == day


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("施工许可办不下来,卡在消防设计审查,请协调", None),
        ("用地没批，请市里尽快协调解决", None),
        ("用地没批，请自然资源局9月底前批复", "请自然资源局9月底前批复"),
        ("用地没批，请自然资源局批复，累计完成5500万", "请自然资源局批复"),
        ("用地没批", None),
    ],
)
def test_only_a_particular_wish_counts(text: str, wish: str | None) -> None:
    assert wish_in(text) == wish


def test_the_problem_is_what_stands_before_the_wish() -> None:
    assert without_wish("用地没批，请自然资源局批复") == "用地没批"
    assert without_wish("请自然资源局批复") == "请自然资源局批复"


def test_small_talk_is_no_wish() -> None:
    """C4: an off-topic line does not answer the question."""
    assert not is_wish("对了下午几点开会来着")
    assert is_wish("住建局牵头")
    assert is_wish("请住建局")


def test_labelled_values_end_where_the_next_begins() -> None:
    labels = re.compile(r"(?:^|[;；\s])\s*(措施|责任人)\s*(?:[:：]|\s)\s*")
    assert labelled(labels, "措施 开辟绿色通道，并联审查;责任人:彭倩") == [
        ("措施", "开辟绿色通道，并联审查"),
        ("责任人", "彭倩"),
    ]
    assert labelled(labels, "专人跟办") == []
