"""Dates, deadlines and periods as people mean them.

A date in a message is a form (「10月中旬」) that means a day only together with a direction: a deadline or
forecast without a year lies ahead, an event lies behind.
"""

from __future__ import annotations

import calendar as gregorian
import re
from datetime import date, timedelta

from handlers.understanding.reading import Period
from handlers.understanding.text import plain_form
from handlers.understanding.values.date_forms import DateToken, date_tokens, last_day, shift_month
from handlers.understanding.values.feasts import WorkCalendar, is_just_over, last_workday_before, next_feast


def _month_days(year: int, month: int, part: str) -> tuple[int, int]:
    """First and last day of a part of a month."""
    last = gregorian.monthrange(year, month)[1]
    return {
        "上旬": (1, 10),
        "中旬": (11, 20),
        "下旬": (21, last),
        "上半月": (1, 15),
        "下半月": (16, last),
        "初": (1, 5),
        "中": (1, 15),
    }.get(part, (1, last))


def as_deadline(token: DateToken, today: date, calendar: WorkCalendar) -> date | None:
    """The day a deadline or forecast means: a missing year lies ahead (docs/understanding.md)."""
    if token.kind == "feast":
        feast = next_feast(token.part, today) if not is_just_over(token.part, today) else None
        return last_workday_before(feast, calendar) if feast and token.before else None
    if token.kind == "within":
        return _counted(token, today, calendar)
    if token.kind == "dayno" and token.day:
        for shift in (0, 1, 2):
            year, month = shift_month(today, shift)
            if (
                token.day <= gregorian.monthrange(year, month)[1]
                and (found := date(year, month, token.day)) >= today
            ):
                return found
        return None
    if token.kind == "weekday" and not token.part:
        return today + timedelta(((token.day or 0) - today.weekday()) % 7)
    bounds = _bounds(token, today, ahead=True)
    return bounds[1] if bounds else None


def as_event(token: DateToken, today: date) -> str | None:
    """When something happened, ISO, as precise as the words: day, month or year. None if it lies ahead."""
    if token.kind in {"feast", "within", "week"}:
        return None
    bounds = _bounds(token, today, ahead=False)
    if bounds is None or bounds[0] > today:
        return None
    first, last = bounds
    if first == last:
        return first.isoformat()
    if token.kind == "year":
        return f"{first.year:04d}"
    if token.kind == "months" and token.part == "yearend":
        return f"{last.year:04d}-{last.month:02d}"
    return f"{last.year:04d}-{last.month:02d}" if first.month == last.month else None


def as_period(token: DateToken, today: date) -> Period | None:
    """The stretch a period or cut-off names. Its last day may lie after today; callers cut it there."""
    bounds = _bounds(token, today, ahead=False)
    return Period("", *bounds) if bounds else None


def _counted(token: DateToken, today: date, calendar: WorkCalendar) -> date | None:
    count = token.day or 0
    if token.part in {"工作日", "工作天"}:
        day = today
        for _ in range(min(count, 400)):
            day += timedelta(1)
            while not calendar.is_workday(day):
                day += timedelta(1)
        return day
    if token.part == "月":
        year, month = shift_month(today, count)
        return date(year, month, min(today.day, gregorian.monthrange(year, month)[1]))
    return today + timedelta(count * (1 if token.part in {"天", "日"} else 7))


def _bounds(token: DateToken, today: date, *, ahead: bool) -> tuple[date, date] | None:
    if token.kind == "day":
        return _day_bounds(token, today, ahead=ahead)
    if token.kind in {"month", "months"}:
        return _month_bounds(token, today, ahead=ahead)
    if token.kind == "relative":
        day = today + timedelta(token.offset)
        return day, day
    if token.kind in {"week", "weekday"}:
        monday = today - timedelta(today.weekday()) + timedelta(7 * token.offset)
        if token.kind == "week":
            return monday, monday + timedelta(6)
        day = monday + timedelta(token.day or 0)
        if not token.part and not ahead and day > today:
            day -= timedelta(7)
        return day, day
    if token.kind == "dayno" and token.day:
        for shift in (0, -1, -2):
            year, month = shift_month(today, shift)
            if (
                token.day <= gregorian.monthrange(year, month)[1]
                and (day := date(year, month, token.day)) <= today
            ):
                return day, day
    if token.kind == "year" and token.year:
        return date(token.year, 1, 1), date(token.year, 12, 31)
    return None


def _day_bounds(token: DateToken, today: date, *, ahead: bool) -> tuple[date, date] | None:
    month, day = token.month or 1, token.day or 1
    years = (token.year,) if token.year else (today.year, today.year + (1 if ahead else -1))
    for year in years:
        if day <= gregorian.monthrange(year, month)[1]:
            found = date(year, month, day)
            if token.year or (found >= today if ahead else found <= today):
                return found, found
    return None


def _month_bounds(token: DateToken, today: date, *, ahead: bool) -> tuple[date, date]:
    first_month = token.month or 1
    last_month = token.to_month or first_month

    def in_year(year: int) -> tuple[date, date]:
        if token.kind == "months":
            if token.part.endswith("旬"):  # 「1至5月中旬」
                return date(year, first_month, 1), date(
                    year, last_month, _month_days(year, last_month, token.part)[1]
                )
            return date(year, first_month, 1), last_day(year, last_month)
        first, last = _month_days(year, first_month, token.part)
        if token.part in {"底", "末"}:
            first = last
        return date(year, first_month, first), date(year, first_month, last)

    if token.year:
        return in_year(token.year)
    this = in_year(today.year)
    if ahead:
        return this if this[1] >= today else in_year(today.year + 1)
    started = this[0] <= today or (token.part in {"底", "末"} and this[0].replace(day=1) <= today)
    return this if started else in_year(today.year - 1)


_LEAD = re.compile(r"^(?:请|于|在|最迟|最晚|不晚于|争取|力争|确保|截止到?|截至)*")
_TAIL = re.compile(r"^(?:之前|以前|前|之内|以内|内|完成|办结|。| )*$")


def _only_token(text: str, today: date) -> DateToken | None:
    plain = plain_form(text).strip(" ")
    tokens = list(date_tokens(plain, today))
    lead = _LEAD.match(plain)
    begin = lead.end() if lead else 0
    if len(tokens) != 1 or tokens[0].start != begin or not _TAIL.match(plain[tokens[0].end :]):
        return None
    return tokens[0]


def parse_deadline(text: str, today: date, calendar: WorkCalendar) -> date | None:
    """The whole text as one deadline: 10月15日前, 3个工作日内, 国庆节前; None if anything is left over."""
    token = _only_token(text, today)
    return as_deadline(token, today, calendar) if token else None


def parse_period(text: str, today: date) -> Period | None:
    """The whole text as one period: 本月, 8月份, 上半月, 1—9月; None if anything is left over."""
    token = _only_token(text, today)
    found = as_period(token, today) if token else None
    return Period(text.strip(), found.first, found.last) if found else None


__all__ = [
    "DateToken",
    "WorkCalendar",
    "as_deadline",
    "as_event",
    "as_period",
    "date_tokens",
    "parse_deadline",
    "parse_period",
]
