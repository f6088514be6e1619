"""What a feedback promises, in the words that the reading of a report knows (rules A2, E9).

A feedback speaks of days to come only, so here a day with an amount is a total to be reached.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from handlers.understanding.instructed import instructed_deadline
from models.rules.calendar import Calendar

# 「10月20日累计1.3亿，月底追平」: the end of the month that was named last.
_MONTH_END: Final = re.compile(
    r"(?<![0-9０-９])(?P<month>1[0-2]|[1-9])月(?=\s?[0-9０-９]{1,2}\s?[日号])"
    r"|(?<![0-9０-９本当这个下上每各月])(?P<end>月[底末])"
)
_MONTHS_AHEAD: Final = 5  # so far a promise may reach; a month that seems further off has passed
# 「10月31日前累计到6600万」, 「累计不低于6600万」 promise what 「累计6600万」 does.
_REACHING: Final = re.compile(
    r"累计(?:完成)?(?:投资)?(?:额)?(?:达到|做到|完成到|不低于|不少于|不小于|达|到|至)(?=\s*[\d０-９])"
)
_DAY: Final = r"(?:(?:1[0-2]|[1-9])月)?(?:3[01]|[12]\d|[1-9])[日号]|(?:1[0-2]|[1-9])月[底末]"
_CATCHES_UP: Final = r"追[平上回齐]|赶[上回齐]|补[上回齐]|消除|转绿|恢复"
# 「本周内」, 「下周三前」, 「月底前」: a day that the calendar gives (rule A2).
_GIVEN: Final = re.compile(
    r"(?:[本这下]周内|[本这下]?周[一二三四五六日天](?:之?前)?)(?=\s*(?:今年)?(?:累计|完成|达到|追|赶)|\d)"
    r"|(?:1[0-2]|[1-9]|本|这个|下个|(?<!\d))月[底末]之?前"
)
# In this order: what is written otherwise, and how it is read.
_WRITTEN: Final = tuple(
    (re.compile(form), read_as)
    for form, read_as in (
        # 「10/18追平」, 「10.18追平」
        (
            rf"(?<![\d./])(1[0-2]|0?[1-9])[./](3[01]|[12]\d|0?[1-9])(?=\s?日?前?\s?(?:{_CATCHES_UP}))",
            r"\1月\2日",
        ),
        # 「措施：三班倒，9月30日累计5200」: the amount is no detail of the measures
        (r"(措施|举措|做法|目标|安排|打算|承诺)\s*[:：]\s*", r"\1 "),
        # 「保证10月15日累计5900」
        (
            rf"(?:(?:我们|我单位|本单位|我县|我局)(?:将|会)?)?(?:承诺|保证|确保|力争|争取)[于在到]?\s?(?={_DAY})",
            "",
        ),
        # 「9月27日5200、10月11日5900、10月18日追平」
        (rf"、\s*(?={_DAY})", "，"),
        # 「9月27日：5200」, 「10月18日：追平」
        (rf"({_DAY})(前?)\s*[:：]\s*(?={_CATCHES_UP})", r"\1\2"),
        (rf"({_DAY})(前?)\s*[:：]\s*(?=[\d０-９])", r"\1\2累计"),
        # 「消除差距」, 「达到序时进度」
        (r"(?:消除|补齐|抹平|填平|弥补)(?:进度|投资|时序)?(?:差距|缺口|欠账)", "追平"),
        (r"(?:达到|恢复|回到)(?:序时|时序)(?:进度)?", "追平"),
    )
)


def as_totals(text: str, today: date, calendar: Calendar) -> str:
    """A feedback with figures that will be reached as the totals they will be, and days as the dates they are."""
    for form, read_as in _WRITTEN:
        text = form.sub(read_as, text)
    return _REACHING.sub("累计", _with_dates(_with_months(text, today), today, calendar))


def _with_dates(text: str, today: date, calendar: Calendar) -> str:
    """「下周三前累计5100」 with its date."""

    def dated(found: re.Match[str]) -> str:
        day = instructed_deadline(found[0], today, calendar)
        return f"{day.month}月{day.day}日" if day is not None and day >= today else found[0]

    return _GIVEN.sub(dated, text) if "周" in text or "月" in text else text


def _with_months(text: str, today: date) -> str:
    """月底 with the month that was named before it."""
    month = ""

    def of_month(found: re.Match[str]) -> str:
        nonlocal month
        said = found["month"]
        if said is not None and (int(said) - today.month) % 12 <= _MONTHS_AHEAD:
            month = said
        return f"{month}{found['end']}" if found["end"] else found[0]

    return _MONTH_END.sub(of_month, text)
