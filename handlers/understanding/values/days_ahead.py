"""Whether a day that the words name still lies ahead: nothing that is told of it has happened yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from handlers.understanding.phrases import Words, any_of
from handlers.understanding.phrases.states import EXPECTED
from handlers.understanding.reading import Period
from handlers.understanding.values.dates import DateToken, WorkCalendar, as_deadline, as_period

_MONTH_IS_OVER = 3  # days
_SOON = 150  # days
_A_QUARTER = 3  # months
_LONG_AGO = 240  # days
# 「2月28号通的」, 「3月3日开的工」, 「3月3日刚通水」
_HAS_HAPPENED = any_of(
    r"已 (?:[通竣完交投验工产水车付业用网]|验收)[了的](?=[,，。;；!\s啊呢哈]|$) [开动破竣完通投交并]的[工土水车产付网]"
    r" (?<!刚)刚刚?(?=[开动破竣完通投交并正复]) 终于"
)


def due_ahead(day: DateToken, today: date, calendar: WorkCalendar) -> date | None:
    """The day by which an amount told of that time will be reached; None when it has been reached."""
    period = as_period(day, today)
    due = as_deadline(day, today, calendar)
    if due is None or due <= today:
        return None
    if day.kind in {"week", "weekday", "relative", "feast", "dayno"}:
        return due if period is None or period.first > today else None
    if day.kind == "months" and day.part == "yearend":
        return due
    this_year = day.year in (None, today.year)
    if day.kind == "months":
        ahead = period is not None and period.first > today
        return due if ahead or (this_year and _is_of_later(day, today)) else None
    if this_year and day.month is not None and (day.month, day.day or 0) > (today.month, today.day):
        return due
    if day.month == today.month and this_year and day.part[1:] == "旬":
        return due if _first_day(day, today) > today else None  # 「9月下旬完成…」 said on the 10th
    if day.before and (due - today).days < _SOON:
        return due  # 「1月15日前」 said in December
    if day.month == today.month and this_year and day.part in {"底", "末"}:
        return due if (due - today).days > _MONTH_IS_OVER else None
    return due if period is not None and period.first > today else None


def _is_of_later(day: DateToken, today: date) -> bool:
    """「1-11月累计」 and 「四季度完成」 said in September; 「上半年完成」 said in May tells of what there is of it."""
    first, last = day.month or 0, day.to_month or 0
    if first > today.month:
        return today.month > _A_QUARTER  # 「四季度完成」 said in January
    begun = _A_QUARTER if day.part in {"quarter", "half"} else 0
    return first == 1 and last - today.month > begun


def _first_day(day: DateToken, today: date) -> date:
    found = as_period(replace(day, year=today.year), today)
    return found.first if found is not None else today


def is_nearly_over(day: DateToken, period: Period, today: date) -> bool:
    """「3月底累计15.8亿」 said on the 29th is the month's report, no forecast."""
    at_end = day.kind == "month" and day.part in {"底", "末"} and not day.before
    return at_end and 0 < (period.last - today).days <= _MONTH_IS_OVER


def lies_ahead(day: DateToken, words: Words, today: date) -> bool:
    """Whether a start or an end of that day is still to come for whoever wrote these words today."""
    period = as_period(day, today)
    if period is None or period.first > today:
        return True
    if day.before:
        return True
    if day.kind == "day" and day.year is None:
        if words.hold(EXPECTED):
            return (day.month or 0, day.day or 0) > (today.month, today.day)
        # 「20日」 said on the 16th is four days ahead, not a year ago
        return (today - period.first).days > _LONG_AGO and not words.hold(_HAS_HAPPENED)
    if day.kind in {"month", "months"} and day.year is None and words.hold(_HAS_HAPPENED):
        return words.hold(EXPECTED)  # 「已于12月开工」 said in January
    if day.kind == "month" and day.month == today.month and day.year in (None, today.year):
        first = as_period(replace(day, year=today.year), today)
        if first is not None and first.first > today:
            return True  # 「8月下旬投产」 said on 2 August
    if day.kind in {"month", "months"} and day.year in (None, today.year):
        ahead = (day.to_month or day.month or 0) > today.month
        return (
            ahead
            or (day.part != "" and period.last > today)
            or (period.last > today and words.hold(EXPECTED))
        )
    return day.before or day.kind in {"within", "feast"}


def is_planned_for(day: DateToken, today: date) -> bool:
    """Whether works told of that time are still to be done."""
    period = as_period(day, today)
    if period is None or period.first > today:
        return True
    if day.kind not in {"month", "months", "day"} or day.year is not None or day.month is None:
        return False
    ahead = (day.month, day.day or 31) > (today.month, today.day)
    return ahead and (day.day is not None or day.part in {"底", "末"} or day.month > today.month)
