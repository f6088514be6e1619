"""From which day 「一周内」 counts, and periods that name a paper and no deadline (rules A2, G4, M1); pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from handlers.understanding.values.date_forms import DateToken
from handlers.understanding.values.dates import as_deadline
from handlers.understanding.values.feasts import WorkCalendar, next_feast

_PERIODS: Final = frozenset({"week", "month", "months", "year"})
# 「四季度计划」, 「9月工作小结」: of which period it is, not until when.
_OF_A_PAPER: Final = re.compile(
    r"的?(?:工作|重点|投资|建设|推进|考评|月度|季度|年度)*(?:计划|总结|小结|任务|目标|报表|台账|清单|数据|情况|通报|预算|方案|简报)"
)
_AFTER: Final = re.compile(r"(?:假期|放假|长假|假|过|结束)?(?:之后|以后|后)的?$")
_FROM: Final = re.compile(r"(?:起|开始|算起|起算)的?$")
# What has just happened, or happens with the message itself.
_NOW: Final = re.compile(
    r"(?:(?:收到|接到|签收|印发)(?:本|此|该)?[一-鿿]{0,4}|会议?|[即今本]日|今天|现在|此后|今)(?:之后|以后|后|起|开始|算起)的?$"
)


def names_a_paper(token: DateToken, plain: str) -> bool:
    """Whether a period says of which time a paper is: 四季度 of 「下周三前报送四季度计划」."""
    return token.kind in _PERIODS and not token.before and _OF_A_PAPER.match(plain, token.end) is not None


def deadline_at(
    tokens: Sequence[DateToken], place: int, plain: str, today: date, calendar: WorkCalendar
) -> date | None:
    """The deadline that a token means within its text; None for none, and for one that counts from an unknown day."""
    token = tokens[place]
    if names_a_paper(token, plain):
        return None
    if token.kind != "within":
        return as_deadline(token, today, calendar)
    start = _start(tokens, place, plain, today, calendar)
    return as_deadline(token, start, calendar) if start is not None else None


def _start(
    tokens: Sequence[DateToken], place: int, plain: str, today: date, calendar: WorkCalendar
) -> date | None:
    """From which day a count goes: today, or the day named before it with 后 or 起; None for an event of no date."""
    lead = plain[: tokens[place].start].rstrip()
    if _NOW.search(lead):
        return today
    marked = _AFTER.search(lead) or _FROM.search(lead)
    if marked is None:
        return today
    before = tokens[place - 1] if place else None
    if before is None or lead[before.end : marked.start()].strip():
        return None
    if before.kind == "feast":
        return _last_day_off(before, today, calendar)
    return as_deadline(before, today, calendar)


def _last_day_off(feast: DateToken, today: date, calendar: WorkCalendar) -> date | None:
    """The day before work goes on after a feast, the feast itself at least."""
    day = next_feast(feast.part, today)
    if day is None:
        return None
    for _ in range(31):
        if calendar.is_workday(day + timedelta(1)):
            break
        day += timedelta(1)
    return day
