"""By when a 批示 wants a result (rules A2, G4)."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.understanding.instructed import instructed_deadline
from models.rules.calendar import Calendar

CALENDAR = Calendar.of({})
TODAY = date(2026, 10, 15)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("请三方10月20日上午现场办公,22日前报结果", date(2026, 10, 22)),
        ("11月20日现场办公，22日前报结果", date(2026, 11, 22)),
        ("10月30日现场办公，5日前报结果", date(2026, 11, 5)),
        ("22日前报结果，10月30日我到现场", date(2026, 10, 22)),
        ("20日前拿方案，30日前办结", date(2026, 10, 30)),
        ("交通局本周内赴铁路局对接，我参加", date(2026, 10, 16)),
        ("10月22日报结果", date(2026, 10, 22)),
        ("3个工作日内报结果", date(2026, 10, 20)),
        ("下周三前报送四季度计划", date(2026, 10, 21)),
        ("10月30日前报四季度工作计划", date(2026, 10, 30)),
        ("各单位报送四季度计划", None),
        ("元旦后3个工作日内报结果", date(2027, 1, 6)),
        ("10月20日起一周内完成", date(2026, 10, 27)),
        ("批复后5日内进场", None),
        ("收到本通知后3个工作日内报结果", date(2026, 10, 20)),
        ("即日起5日内整改到位", date(2026, 10, 20)),
        ("请尽快办理", None),
        ("", None),
    ],
)
def test_deadline(text: str, day: date | None) -> None:
    assert instructed_deadline(text, TODAY, CALENDAR) == day
