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
        ("请尽快办理", None),
        ("", None),
    ],
)
def test_deadline(text: str, day: date | None) -> None:
    assert instructed_deadline(text, TODAY, CALENDAR) == day
