"""What stands over figures: 「截至5月20日」, 「一季度投资情况」, 「8月份：」 hold for what comes after them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from handlers.understanding.clauses import Clause
from handlers.understanding.figures.figure_bases import day_range, this_period
from handlers.understanding.figures.figure_context import Lead
from handlers.understanding.figures.figure_leads import lead_of
from handlers.understanding.figures.figure_words import NO_WORD
from handlers.understanding.figures.percentages import base_in
from handlers.understanding.message import Message
from handlers.understanding.names.names import Names
from handlers.understanding.phrases import Words, any_of, either, pattern_of
from handlers.understanding.phrases.corrections import REPORTED, THAT, WRONG
from handlers.understanding.phrases.money import (
    CUMULATIVE,
    FIGURE_FILLER,
    SINCE_START,
    YTD,
)
from handlers.understanding.phrases.states import FINISHES, POSTPONED, STARTS
from handlers.understanding.reading import Basis, Period
from handlers.understanding.values.dates import DateToken, as_period
from handlers.understanding.values.days_ahead import due_ahead

_THIS_PERIOD = any_of(r"本周|这周|本月|当月|本旬|这个月|上周|上月|上半月|下半月")
_LIST_HEADING = any_of(
    r"比例|占比|完成率|投资额?$|情况|进展|进度|如下|汇总|统计|通报|小结|简报|报表|[周月旬]报|数据?$|表$|分别[是为]?$"
)
_HEADING = pattern_of(
    "数字",
    WRONG,
    r"(?:重复|[多少漏])[报计算统填写加录列]了?[^,，。;；\d]{0,8}",
    FIGURE_FILLER.pattern,
    r"(?:我|我们|又|再|重新){1,3}(?:核|查|算|对|统计|梳理)(?:对|实|计)?了?(?:一[下遍])?|[那这]条|上午|下午|早上|晚上|情况|数据?|报|周|旬|简|表|汇总|小结|账[目面]?|轧|盘点?|[算理]出来了?|提前|半年|补|全年|最新|更新|通报|口径|收官|双过半|开门红|首季",
)
_TO_COME = any_of(r"预计|预期|力争|争取|确保|拟|有望|目标|计划(?:完成)?投资")
RATE_COLUMN = any_of(r"率|比例|占比|%|比重")
UP_TO = any_of(r"\s*截[至止]")
_OF_FIGURES = any_of(r"投资|累计|形象|进度|计划|资金|支付|拨付|专项?债")
_CUMULATIVE_FIGURE = any_of(r"累计(?:数|投资|完成)")
_ON_FIGURES = any_of(r"投资|完成|数据?$|数据?出来|的数")
_UNTIL = any_of(r"截[至止]|累计|今年|本年|年度")
_SINCE_RESUMED = any_of(r"复工(?:以来|至今|以后|后|到现在|到目前)\s*$")
HEADS = either(YTD, _CUMULATIVE_FIGURE, _SINCE_RESUMED)
_MORE_THAN_A_DATE = re.compile(r"进度|情况|累计|报(?![\d一二三四五六七八九十])|表|底|末")
_REPORTED_IN = re.compile(rf"月份?{REPORTED}{THAT}")  # 「8月报的」
_SHORT_HEADING = 14
_WHY = re.compile(r"(?:[多少漏]|重复)[报算计统填]")
_SINCE_ALONE = any_of(r"(?:开工|动工|开建)(?:建设)?(?:以来|至今|到现在|到目前)\s*$")
_DAYS_BY_NAME = frozenset({"weekday", "week", "relative", "dayno"})
_SLOGAN = re.compile(r"收官|双过半|开门红")
_HANDED_IN_LATE = re.compile(r"补[报一录上]")  # 「漏报的7月份数补一下，460万」
_CUT_OFF = re.compile(r"(?:截[至止]到?|[至到])$")
_SOME_PROJECTS = re.compile(
    r"^\s{0,9}[\u4e00-\u9fff]{0,6}?(?:[几两三四五六七八九十]|\d{1,2})(?:个|(?=项目|工程))(?:重点|省市重点|市重点|[\u4e00-\u9fff]{2}类?(?=项目|工程))?(?:(?:项目|工程)的?|$)"
)
_SENDER_IN_BRACKETS = re.compile(r"^\s{0,9}【[^【】]{1,12}】")


def take_heading(message: Message, clause: Clause, words: Words) -> bool:
    """「截至5月20日」, 「一季度投资情况」, 「累计数写错了」 hold for the figures after them.

    words: the clause with project names blanked out. True when the clause says nothing else.
    """
    if message.in_request and clause.dates and clause.dates[-1].before:
        return False  # 「请…加快，7月20日前」: the day belongs to the request
    if message.former is not None and (
        message.former.wrong or message.former.awaited or words.hold(POSTPONED)
    ):
        return False  # 「完工时间有误，应为11月30日」
    if message.announced is not None and message.announced[0] == clause.sentence and words.hold(POSTPONED):
        return False  # 「计划10月底完工，提前到9月25日」
    if not (clause.dates or clause.heads or words.bits & HEADS):
        return False
    if (
        clause.dates
        and not clause.amounts
        and _WHY.search(words.text)
        and not _HANDED_IN_LATE.search(words.text)
        and any(one.figures for one in message.current)
    ):
        # 「累计4400，8月多报；管网2100」: the month of the mistake is no cut-off of what follows.
        return False
    ytd = words.hold(YTD)
    if not (
        clause.dates or clause.heads or ytd or words.hold(_CUMULATIVE_FIGURE) or words.hold(_SINCE_RESUMED)
    ):
        return False
    if words.hold(_SINCE_ALONE) and not clause.heads:
        message.context.basis = Basis.SINCE_START  # 「3月28日开工以来，完成…」
        return False
    if words.hold(_SINCE_RESUMED) and not clause.amounts:
        # 「节后复工以来，完成2300万」 is neither all there is nor a stretch that the ledger knows.
        message.context.lead = Lead(clause.sentence, Basis.UNSAID, None, None, planned=True)
        return False
    if words.hold(STARTS) and not (words.begin_with(UP_TO) and words.hold(SINCE_START)):
        return False
    if clause.dates and not clause.heads and words.hold(FINISHES):
        return False  # 「已经投产了，2月28号投的」
    bare = _is_bare(clause, words.text, message.names)
    cut = cut_off(message, clause)
    if cut is None and (bare or words.begin_with(UP_TO)) and (due := _all_ahead(message, clause)):
        message.context.ahead = clause.sentence, due
    if bare and (stretch := day_range(clause, clause.end, message.today)):
        message.context.period, message.context.as_of = stretch, stretch.last
        message.used.extend((day.start, day.end) for day in clause.dates)
        return True
    if cut is not None and (bare or words.begin_with(UP_TO)):
        message.context.as_of = cut
        period = as_period(clause.dates[-1], message.today)
        if (
            bare
            and period
            and period.first.month == 1
            and period.first.day == 1
            and period.last.month > 1  # 「1月份：甲2150万」 is that month's
        ):
            message.context.basis = Basis.YEAR_TO_DATE
            if clause.heads:  # 「长垣1-5月：甲2.46亿元；乙8300万元」: of each entry under it
                message.context.heading = Basis.YEAR_TO_DATE
        if bare and not clause.heads:  # 「上半年，甲完成…，乙完成…」
            message.context.lead = lead_of(clause, (clause.end, clause.end), message.today)
        message.used.extend((day.start, day.end) for day in clause.dates)
    if clause.heads and not clause.amounts and _heads_figures(message, clause, words, cut, ytd=ytd):
        return True
    if bare and clause.heads and message.context.heading is not None and _SLOGAN.search(words.text):
        message.headings |= {clause.text.strip(), message.names.behind_place(clause.text.strip())}
    if bare and ytd:
        message.context.basis = Basis.YEAR_TO_DATE
        return True
    if bare and len(clause.dates) == 1 and clause.dates[0].kind in {"day", "dayno", "relative"}:
        message.event_day = clause.dates[0]
    if bare and clause.heads and (month := _bare_month(clause, message.today)):
        message.context.period = month  # 「8月份：甲…，乙…」
        message.headings.add(clause.text.strip())
    if (
        bare
        and (message.correction or _HANDED_IN_LATE.search(words.text))
        and (month := _month_put_right(clause, message.today))
    ):
        message.context.basis, message.context.period = Basis.PERIOD, month
        message.context.replaced = month, cut
    if bare and (cut is not None or clause.heads):
        return True
    if clause.heads and words.hold(_OF_FIGURES):
        return True
    if not clause.amounts and not clause.percents and len(words.text.replace(" ", "")) <= _SHORT_HEADING:
        if ytd and words.hold(CUMULATIVE):
            message.context.basis = Basis.YEAR_TO_DATE
        elif words.hold(_CUMULATIVE_FIGURE) or (message.correction and words.hold(CUMULATIVE)):
            message.context.basis = Basis.CUMULATIVE
        elif message.correction and (said := words.find(_THIS_PERIOD)):
            message.context.basis = Basis.PERIOD  # 「本月投资写错了，580万改成640万」
            message.context.period = this_period(said[0], message.today)
            message.context.replaced = message.context.period, None
    return False


def cut_off(message: Message, clause: Clause) -> date | None:
    for day in reversed(clause.dates):
        found = as_period(day, message.today)
        if day.kind == "month" and day.offset and day.part not in {"底", "末"}:
            continue  # 本月 names no cut-off
        if day.part == "yearend" and found is not None and found.last > message.today:
            continue  # 年内 names none either
        if found is None or found.first > message.today:
            continue
        if day.year is None and due_ahead(day, message.today, message.calendar) is not None:
            continue  # 「截至11月底」 said in September names no day a year ago
        if day.kind in {"day", "month", "months"} or (day.kind in _DAYS_BY_NAME and _is_up_to(clause, day)):
            return min(found.last, message.today)
    return None


def _all_ahead(message: Message, clause: Clause) -> date | None:
    """The day of a heading whose time has not come: 「截至11月底，…」, 「11月份，…」 said in September."""
    days = [due_ahead(day, message.today, message.calendar) for day in clause.dates]
    return days[-1] if days and None not in days else None


def _is_up_to(clause: Clause, day: DateToken) -> bool:
    """「截至上周五」, 「截至昨天」: a day by its name is a cut-off only behind such a word."""
    return (
        _CUT_OFF.search(clause.text, max(0, day.start - clause.start - 3), day.start - clause.start)
        is not None
    )


def _bare_month(clause: Clause, today: date) -> Period | None:
    """The month that a heading consists of, if it has begun."""
    if len(clause.dates) != 1 or _MORE_THAN_A_DATE.search(clause.text):
        return None
    day = clause.dates[0]
    found = as_period(day, today)
    if (
        day.kind != "month"
        or day.offset
        or day.part in {"底", "末", "初", "中"}
        or found is None
        or found.first > today
    ):
        return None
    return replace(found, name=clause.text[day.start - clause.start : day.end - clause.start])


def _month_put_right(clause: Clause, today: date) -> Period | None:
    """「8月份数字有误，应为880万」: of August, unless that is when it was reported."""
    if _REPORTED_IN.search(clause.text) or _UNTIL.pattern.search(clause.text):
        return None
    months = [one for one in clause.dates if one.kind == "month" and not one.offset]
    if len(months) != 1 or len(clause.dates) != 1 or months[0].part:
        return None
    found = as_period(months[0], today)
    if found is None or found.first > today:
        return None
    return replace(found, name=clause.text[months[0].start - clause.start : months[0].end - clause.start])


def _is_bare(clause: Clause, text: str, names: Names) -> bool:
    """Whether the clause is made of dates and of what stands in headings."""
    for day in clause.dates:
        text = text.replace(clause.text[day.start - clause.start : day.end - clause.start], " ")
    text = _SENDER_IN_BRACKETS.sub("", text, count=1) if "】" in text else text
    text = _SOME_PROJECTS.sub("", text, count=1) if "个" in text or "项目" in text else text
    return not NO_WORD.sub("", _HEADING.sub("", names.behind_place(text.lstrip())))


def _heads_figures(message: Message, clause: Clause, words: Words, cut: date | None, *, ytd: bool) -> bool:
    """A label that gives the figures under it their cut-off day or period."""
    over_list = words.hold(_LIST_HEADING) and not words.hold(_TO_COME)
    if words.hold(RATE_COLUMN) and (base := base_in(words)) is not None:
        message.context.percent_of = base  # 「完成投资及占年度计划比例：」
    if not words.hold(_UNTIL) and (stretch := _month_heading(message, clause, words)):
        message.context.period, message.context.as_of = stretch, min(stretch.last, message.today)
        message.headings.add(clause.text.strip())
        return True
    if over_list and cut is not None:
        message.context.as_of = cut
        period = as_period(clause.dates[-1], message.today)
        if period and (period.first.month, period.first.day) == (1, 1) and period.last.month > 1:
            message.context.heading = Basis.YEAR_TO_DATE
        message.headings.add(clause.text.strip())
        return True
    if over_list and ytd:
        message.context.heading = Basis.YEAR_TO_DATE
        return True
    if period_said := words.find(_THIS_PERIOD):
        message.context.period = this_period(period_said[0], message.today)
    return False


def _month_heading(message: Message, clause: Clause, words: Words) -> Period | None:
    """「封丘三个项目8月投资：」."""
    if not words.hold(_ON_FIGURES) or words.hold(_TO_COME):  # 「9月预计完成情况：」
        return None
    for day in clause.dates:
        if day.kind == "month" and not day.offset and day.part not in {"底", "末"}:
            found = as_period(day, message.today)
            if found is not None and found.first <= message.today:
                said = clause.text[day.start - clause.start : day.end - clause.start]
                return replace(found, name=said)
    return None
