"""By when a 批示 wants a result (rule G4); pure."""

from __future__ import annotations

from datetime import date

from handlers.understanding.dates import as_deadline, date_tokens
from handlers.understanding.text import plain_form
from models.rules.calendar import Calendar

# A deadline named by its period means the last workday of that period (rule A2).
_PERIODS = frozenset({"week", "month", "months", "year"})


def instructed_deadline(text: str, today: date, calendar: Calendar) -> date | None:
    """The last day that a text sets: 10-22 of 「10月20日上午现场办公，22日前报结果」; None without a day.

    A day marked by 前 or 内 wins over days on which something takes place. A bare day follows the day named before.
    """
    marked: list[date] = []
    named: list[date] = []
    reference = today
    for token in date_tokens(plain_form(text), today):
        day = as_deadline(token, reference if token.kind == "dayno" else today, calendar)
        if day is None:
            continue
        if token.kind in _PERIODS:
            day = calendar.workday_on_or_before(day)
        (marked if token.before or token.kind in _PERIODS | {"within"} else named).append(day)
        reference = max(reference, day)
    return max(marked or named, default=None)
