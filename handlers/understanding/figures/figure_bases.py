"""Which of the three investment figures the words name, of which stretch, up to which day (rule C5)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from handlers.understanding.clauses import Clause
from handlers.understanding.figures.figure_context import Context
from handlers.understanding.phrases import Words, any_of
from handlers.understanding.phrases.money import A_PERIOD, CUMULATIVE, SINCE_START, THIS_PERIOD, YTD
from handlers.understanding.reading import Basis, Period
from handlers.understanding.values.dates import DateToken, as_period, date_tokens
from handlers.understanding.values.days_ahead import is_nearly_over
from handlers.understanding.values.numbers import AmountToken

_SINCE_THEN = re.compile(
    r"\s?(?:正式)?(?:开工|动工|开建|进场|建设)(?:建设)?(?:以来|至今|到现在|到目前|算?起|后)"
)
# 「9月1日至今」, 「8月以来」: a stretch up to today.
_UNTIL_NOW = re.compile(r"\s?(?:起|开始)?(?:至今(?![天日年])|以来|到现在|到目前|到今天)")
_THAT_MONTH = re.compile(r"当月")
_ENDS = ("底", "末", "终")
_RANGE = re.compile(r"\s?(?:到|至|-|~)\s?")
_A_PAIR = 2
_SAID_BETWEEN = re.compile(r"[\u4e00-\u9fff]|.{4}")
_THE_MONTH = any_of(r"(?:^|[\s:,，])月(?:累计?|度累计)?:?$")
# 「累计4400万（8月把预付款算进去了）」: the month tells of something else than the figure before it.
_TELLS_OF_ELSE = re.compile(r"份?(?![份数止底末初累投完报口当])[\u4e00-\u9fff]{2}")
_CUT_OFF = re.compile(r"截[至止](?:到)?(?:今年)?$|至$|到$")
# 「三年累计」, 「去年以来累计」: neither the year's figure nor, for certain, the whole; the author is asked.
_SEVERAL_YEARS = any_of(
    r"(?<![十\d])[两二三四五六七八九几2-9]年(?:来|间|多来?|以来)?(?:[累共总]|一共|合计)"
    r" (?:去|前)年(?:以来|至今|到现在|到目前|起)"
)
_UP_TO_A_DAY = re.compile(r"累[计积]|累:?$")
_ALL_SINCE_START = any_of(r"(?:均为?|都是|均系|以上为)(?:开工|总累计|项目累计|累计)")
_ALL_YEAR_TO_DATE = any_of(r"(?:均为?|都是|均系|以上为)(?:今年|本年|年度|年累|当年)")
_ALL_OF_ANNUAL = any_of(
    r"(?:以上|百分比|比例|百分数|均)(?:百分比|比例)?(?:都|均)?(?:为|是|系)?(?:占|完成|达到?)?(?:年度|全年|年)(?:投资)?(?:计划|任务|目标)"
)
# 「本周干到5200」: what there is by now, hardly what one week brought; which it is is asked.
_BROUGHT_UP_TO = ("干到", "做到", "搞到", "弄到", "投到", "完成到")
# 「9月报4100万」: what was reported then, which need not be what that month brought.
_WAS_REPORTED = re.compile(r"份?(?:上|填)?报[了的]?(?:数[字据]?)?(?:实际|应该?|[为是:\s])*$")


def basis_of(
    clause: Clause, token: AmountToken, said: Words, context: Context
) -> tuple[Basis | None, Period | None, date | None]:
    """Which of the three figures the words name, its period, and the cut-off day they name."""
    today = context.today
    as_of: date | None = None
    period: Period | None = None
    ytd_by_range = False
    if stretch := day_range(clause, token.start, today):
        if stretch.first == date(today.year, 1, 1):
            return Basis.YEAR_TO_DATE, None, stretch.last
        if not (said.hold(CUMULATIVE) or said.hold(YTD)):
            return Basis.PERIOD, stretch, stretch.last
    earlier = max((one.end for one in clause.amounts if one.end <= token.start), default=clause.start)
    month_named = any(day.kind == "month" and not day.offset for day in clause.dates)
    own_day = any(earlier <= day.start and day.end <= token.start for day in clause.dates)
    own_words = any(said.hold(one) for one in (CUMULATIVE, YTD, SINCE_START, A_PERIOD))
    for day in clause.dates:
        if day.start >= token.end and (
            _SAID_BETWEEN.search(clause.text, token.end - clause.start, day.start - clause.start)
            or any(one.start >= day.end for one in clause.amounts)
        ):
            continue  # 「11月620万（10月580万）」: it belongs to the amount behind it
        if own_words and day.start >= token.end and _TELLS_OF_ELSE.match(clause.text, day.end - clause.start):
            continue
        if day.end <= earlier and (own_day or (own_words and day.kind in {"month", "months"})):
            continue  # it belongs to the amount before
        if _SINCE_THEN.match(clause.text, day.end - clause.start) and not _CUT_OFF.search(
            clause.text, 0, day.start - clause.start
        ):
            continue  # 「3月28日开工以来累计…」
        if (until_now := _stretch_until_now(clause, day, today)) is not None:
            if until_now.first == date(today.year, 1, 1):
                ytd_by_range = True
            else:
                period = until_now
            as_of = today
            continue
        if month_named and _THAT_MONTH.match(clause.text, day.start - clause.start):
            continue  # 「3月当月」 means March
        found = as_period(day, today)
        if (
            found is not None
            and day.kind == "year"
            and not day.offset
            and found.first == date(today.year, 1, 1)
        ):
            ytd_by_range = True  # 「开工至今3.05亿，其中2024年1.55亿」
        if found is None or day.kind in {"year", "within", "feast"}:
            continue
        if found.first > today and not is_nearly_over(day, found, today):
            continue
        if day.part == "yearend" and found.last >= today:
            continue  # 年内: a word of YTD
        words = clause.text[day.start - clause.start : day.end - clause.start]
        before = clause.text[max(0, day.start - clause.start - 4) : day.start - clause.start]
        cut = min(found.last, today)
        if day.kind == "months" and words.rstrip("之前内以").endswith(_ENDS):
            as_of = as_of or cut  # 「2023年底累计」, 「一季度末累计」
        elif (
            day.kind == "months"
            and found.first.month == 1
            and found.first.year <= today.year
            and day.part != "yearend"
        ):
            ytd_by_range, as_of = True, cut
        elif own_words and day.start >= token.end and day.kind == "month":
            as_of = as_of or cut  # 「累计4800万（8月）」
        elif (
            _CUT_OFF.search(before) or (day.kind == "month" and day.part in {"底", "末"}) or day.kind == "day"
        ):
            inside = period is not None and period.first <= cut <= period.last  # 「4月份到22号」
            as_of = cut if inside else as_of or cut
        elif day.kind in {"month", "months"}:
            as_told = THIS_PERIOD.get(words) == "last_month"
            period = _last_month(words, context) if as_told else Period(words, found.first, found.last)
            as_of = None if A_PERIOD.pattern.fullmatch(words) else cut
    if clause.separator == "|" and clause.label.text and not clause.dates:
        return _of_column(clause.label.text, said, today)
    if period is None and not month_named and said.hold(_THE_MONTH):
        period = this_period("本月", today)
    if period is None and said.hold(A_PERIOD):
        *_, last = A_PERIOD.pattern.finditer(said.text)
        of_label = bool(clause.label.text) and last.end() <= len(clause.label.text)
        own_cumulative = of_label and CUMULATIVE.pattern.search(said.text, len(clause.label.text) + 1)
        # 「今天累计5000万」 tells what all days up to today came to.
        up_to = THIS_PERIOD[last[0]] == "day" and _UP_TO_A_DAY.search(said.text, last.end())
        up_to_its_end = said.text.startswith(_ENDS, last.end())  # 「上月底累计」
        if not (own_cumulative or up_to or up_to_its_end or _CUT_OFF.search(said.text[: last.start()])):
            headed = last[0] == "当月" and context.period is not None
            period = context.period if headed else this_period(last[0], today)
    if said.hold(SINCE_START):
        return Basis.SINCE_START, None, as_of
    if said.hold(_SEVERAL_YEARS):
        return None, None, as_of
    ytd = said.find(YTD)
    cumulative = said.find(CUMULATIVE)
    at = said.text.find(period.name) if period is not None else -1
    both = cumulative is not None and cumulative.start() > at >= 0 and ytd is not None
    if period is not None and not both and (ytd is None or at >= ytd.start()):
        if said.text.rstrip("了 ").endswith(_BROUGHT_UP_TO) or (
            at >= 0 and _WAS_REPORTED.match(said.text, at + len(period.name))
        ):
            return None, None, as_of
        return Basis.PERIOD, period, as_of
    if ytd or ytd_by_range:
        return Basis.YEAR_TO_DATE, None, as_of
    if cumulative:
        return Basis.CUMULATIVE, None, as_of
    return None, None, as_of


def _stretch_until_now(clause: Clause, day: DateToken, today: date) -> Period | None:
    """From the day of 「9月1日至今」 to today; from the next day on where it is the end of a month."""
    if day.kind not in {"day", "month"} or day.before or day.offset:
        return None
    told = _UNTIL_NOW.match(clause.text, day.end - clause.start)
    found = as_period(day, today) if told is not None else None
    if told is None or found is None or found.first.year != today.year or found.first > today:
        return None
    first = found.last + timedelta(days=1) if day.part in {"底", "末"} else found.first
    words = clause.text[day.start - clause.start : told.end()]
    return Period(words, first, today) if first <= today else None


def _of_column(label: str, said: Words, today: date) -> tuple[Basis | None, Period | None, date | None]:
    """As basis_of, for a cell under 「8月投资」, 「1-8月完成」, 「截至8月底累计」, 「年累计」."""
    day = next(iter(_tokens(label, today)), None)
    found = as_period(day, today) if day else None
    if day is None or found is None or found.first > today or day.kind not in {"day", "month", "months"}:
        return _without_a_day(said, today)
    cut = min(found.last, today)
    until = day.kind == "day" or day.part in {"底", "末"} or _CUT_OFF.search(label[: day.start])
    if until or (said.hold(CUMULATIVE) and day.kind == "month"):
        return _without_a_day(said, today)[0], None, cut
    if day.kind == "months" and found.first == date(today.year, 1, 1):
        return Basis.YEAR_TO_DATE, None, None if day.part == "yearend" else cut
    words = label[day.start : day.end]
    period = Period(words, found.first, found.last)
    return Basis.PERIOD, period, None if day.offset else cut


def _without_a_day(said: Words, today: date) -> tuple[Basis | None, Period | None, date | None]:
    if said.hold(SINCE_START):
        return Basis.SINCE_START, None, None
    this = said.find(A_PERIOD)
    if this is not None:
        return Basis.PERIOD, this_period(this[0], today), None
    if said.hold(YTD):
        return Basis.YEAR_TO_DATE, None, None
    if said.hold(_THE_MONTH):
        return Basis.PERIOD, this_period("本月", today), None
    return (Basis.CUMULATIVE if said.hold(CUMULATIVE) else None), None, None


def day_range(clause: Clause, before: int, today: date) -> Period | None:
    """「7月15号到7月21号完成260万」: the days from one to the other, both in the past and before a position."""
    days = [day for day in clause.dates if day.end <= before]
    if len(days) < _A_PAIR or any(day.kind not in {"day", "dayno"} for day in days[-2:]):
        return None
    first, last = days[-2:]
    words = clause.text[first.start - clause.start : last.end - clause.start]
    if not _RANGE.fullmatch(clause.text, first.end - clause.start, last.start - clause.start):
        return None
    if last.kind == "dayno" and first.month:
        last = replace(last, kind="day", month=first.month, year=first.year)
    begin, end = as_period(first, today), as_period(last, today)
    if begin is None or end is None or not begin.first <= end.last <= today:
        return None
    return Period(words, begin.first, end.last)


def _last_month(words: str, context: Context) -> Period:
    """「8月完成500万，上月480万」, told in September: the month before August."""
    last = this_period(words, context.today)
    told = context.told_month
    return this_period(words, told) if told is not None and told == last.first else last


def this_period(words: str, today: date) -> Period:
    """本月, 本周, 本旬 … as a stretch around today."""
    from_words = {
        "month": "本月", "week": "本周", "ten": "本旬",
        "last_month": "上月", "last_week": "上周", "quarter": "本季度",
    }.get(THIS_PERIOD[words], words)  # fmt: skip
    token = next(iter(_tokens(from_words, today)), None)
    found = as_period(token, today) if token else None
    return Period(words, found.first, found.last) if found else Period(words, today, today)


def _tokens(words: str, today: date) -> list[DateToken]:
    return list(date_tokens(words, today))


def are_of_annual_plan(words: Words) -> bool:
    """「以上百分比为占年度计划」 over all percentages of the message."""
    return words.hold(_ALL_OF_ANNUAL)


def basis_of_all(words: Words) -> Basis | None:
    """「（均为开工累计）」, 「以上均为今年累计」: one basis over all figures of the message."""
    if words.hold(_ALL_YEAR_TO_DATE):
        return Basis.YEAR_TO_DATE
    return Basis.SINCE_START if words.hold(_ALL_SINCE_START) else None
