"""Festivals people set dates by, and the last working day before them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol


class WorkCalendar(Protocol):
    """What the reader needs to know of holidays."""

    def is_workday(self, day: date) -> bool: ...


# Lunar festivals move; the working days around them come from the calendar, the day itself from here.
_LUNAR: dict[str, dict[int, tuple[int, int]]] = {
    "春节": {
        2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13),
        2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
    },
    "端午": {
        2024: (6, 10), 2025: (5, 31), 2026: (6, 19), 2027: (6, 9), 2028: (5, 28), 2029: (6, 16),
        2030: (6, 5), 2031: (6, 24), 2032: (6, 12), 2033: (6, 1), 2034: (6, 20), 2035: (6, 10),
    },
    "中秋": {
        2024: (9, 17), 2025: (10, 6), 2026: (9, 25), 2027: (9, 15), 2028: (10, 3), 2029: (9, 22),
        2030: (9, 12), 2031: (10, 1), 2032: (9, 19), 2033: (9, 8), 2034: (9, 27), 2035: (9, 16),
    },
}  # fmt: skip
_FIXED = {
    "元旦": (1, 1),
    "清明": (4, 4),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "七一": (7, 1),
    "十一": (10, 1),
    "国庆": (10, 1),
}
_LATELY = timedelta(days=15)
_FESTIVALS = ("元旦", "春节", "清明", "五一", "端午", "中秋", "国庆")


def last_workday_before(day: date, calendar: WorkCalendar) -> date:
    """The last working day before day, at most a month back."""
    for back in range(1, 32):
        if calendar.is_workday(day - timedelta(back)):
            return day - timedelta(back)
    return day - timedelta(1)


def _feast_day(name: str, year: int) -> date | None:
    if name in _FIXED:
        return date(year, *_FIXED[name])
    found = _LUNAR[name].get(year)
    return date(year, *found) if found else None


def next_feast(name: str, today: date) -> date | None:
    """The next day of that feast; of any feast when name is empty."""
    names = (name,) if name else _FESTIVALS
    days = [day for one in names for year in (today.year, today.year + 1) if (day := _feast_day(one, year))]
    return min((day for day in days if day > today), default=None)


def is_just_over(name: str, today: date) -> bool:
    """Whether 节前 means the feast that has passed: one of these days, and no other of that name comes soon."""
    names = (name,) if name else _FESTIVALS
    days = [day for one in names for year in (today.year - 1, today.year) if (day := _feast_day(one, year))]
    passed = any(timedelta(0) <= today - day <= _LATELY for day in days)
    coming = next_feast(name, today)
    return passed and (coming is None or coming - today > _LATELY)
