"""Dates as precise as known: planned start months (E3), planned completion, actual dates."""

from datetime import date

import pytest

from models.rules.partial_dates import first_day, last_day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-09-15", date(2026, 9, 15), date(2026, 9, 15)),
        ("2026-09", date(2026, 9, 1), date(2026, 9, 30)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        (" 2026 ", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_first_and_last_day(text: str, first: date, last: date) -> None:
    assert first_day(text) == first
    assert last_day(text) == last


@pytest.mark.parametrize(
    "text",
    ["", "9月", "2026-9", "2026-13", "2026-00", "2026-09-31", "2026-09-00", "26-09-15", "2026-09-15-1"],
)
def test_what_is_no_date(text: str) -> None:
    for read in (first_day, last_day):
        with pytest.raises(ValueError, match="日期"):
            read(text)
