"""By when a 批示 wants a result (rule G4); pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from handlers.understanding.text import Source
from handlers.understanding.values.counted_days import deadline_at
from handlers.understanding.values.dates import date_tokens
from models.rules.calendar import Calendar

# A deadline named by its period means the last workday of that period (rule A2).
_PERIODS: Final = frozenset({"week", "month", "months", "year"})
_WITH_YEAR: Final = re.compile(r"(?<!\d)20\d{2}\s*[-年/.]|[明后来]年")
_AFTER: Final = re.compile(r"(?:之?[内前底末]|底前|末前)")


_FAR: Final = 300  # days: a date without a year this far ahead was meant for this year


def has_passed(day: date, today: date, text: str) -> bool:
    """Whether a deadline lies behind: one without a year is read as next year's when its day is over."""
    return day < today or ((day - today).days > _FAR and not _WITH_YEAR.search(text))


@dataclass(frozen=True, slots=True)
class Instructed:
    """A deadline, and the words of the period whose last workday it is: 「本周内」; empty for a day that was named."""

    day: date
    period: str


def instructed_deadline(text: str, today: date, calendar: Calendar) -> date | None:
    """The last day that a text sets: 10-22 of 「10月20日上午现场办公，22日前报结果」; None without a day.

    A day marked by 前 or 内 wins over days on which something takes place. A bare day follows the day named before.
    """
    found = instructed(text, today, calendar)
    return found.day if found is not None else None


def instructed(text: str, today: date, calendar: Calendar) -> Instructed | None:
    """The same with the period whose last workday it is (rule A2)."""
    source = Source.of(text)
    marked: list[Instructed] = []
    named: list[Instructed] = []
    reference = today
    tokens = list(date_tokens(source.plain, today))
    for place, token in enumerate(tokens):
        day = deadline_at(
            tokens, place, source.plain, reference if token.kind == "dayno" else today, calendar
        )
        if day is None:
            continue
        period = ""
        if token.kind in _PERIODS:
            day = calendar.workday_on_or_before(day)
            after = _AFTER.match(source.plain[token.end :])
            period = source.words(token.start, token.end + (after.end() if after else 0)).strip()
        found = Instructed(day, period)
        (marked if token.before or token.kind in _PERIODS | {"within"} else named).append(found)
        reference = max(reference, day)
    return max(marked or named, key=lambda one: one.day, default=None)
