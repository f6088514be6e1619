"""Dates known to the day, the month or the year (2026-09-15, 2026-09, 2026) and what they span."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

_SHAPE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_TO_THE_MONTH, _TO_THE_YEAR = len("2026-09"), len("2026")


@lru_cache(maxsize=4096)  # a ledger says few different days, again and again
def first_day(text: str) -> date:
    """Return the earliest day that the text can mean. Raises ValueError for what is no date."""
    text = text.strip()
    if _SHAPE.fullmatch(text):
        try:
            return date.fromisoformat(text + "-01-01"[len(text) - _TO_THE_YEAR :])
        except ValueError:
            pass
    raise ValueError(f"日期「{text}」应写成 2026、2026-09 或 2026-09-15 的形式")


@lru_cache(maxsize=4096)
def last_day(text: str) -> date:
    """Return the latest day that the text can mean. Raises ValueError as `first_day` does."""
    first = first_day(text)
    precision = len(text.strip())
    if precision == _TO_THE_YEAR:
        return first.replace(month=12, day=31)
    if precision == _TO_THE_MONTH:
        return first.replace(day=monthrange(first.year, first.month)[1])
    return first
