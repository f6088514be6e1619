"""What a clause's numbers and headings say, put into the drafts of the projects they are about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from handlers.understanding.bare_rates import as_percentages, is_a_rate
from handlers.understanding.clauses import Clause
from handlers.understanding.correction_phrases import WRONG
from handlers.understanding.dates import DateToken, as_period
from handlers.understanding.figure_bases import day_range, this_period
from handlers.understanding.figure_leads import lead_of
from handlers.understanding.figure_words import NO_WORD
from handlers.understanding.figures import Kind, judge_amount
from handlers.understanding.message import Draft, Message
from handlers.understanding.money_phrases import (
    A_PERIOD,
    ABOVE_ESTIMATE,
    CUMULATIVE,
    FIGURE_FILLER,
    NO_NEW_MONEY,
    SINCE_START,
    YTD,
)
from handlers.understanding.name_search import Hit
from handlers.understanding.names import Names
from handlers.understanding.numbers import AmountToken
from handlers.understanding.percentages import base_in, is_taken_back, judge_percentage
from handlers.understanding.phrases import Words, any_of, either, pattern_of
from handlers.understanding.reading import Amount, Basis, Figure, Percentage, Period
from handlers.understanding.state_phrases import POSTPONED, STARTS

_THIS_PERIOD = any_of(r"本周|这周|本月|当月|本旬|这个月|上周|上月|上半月|下半月")
_LIST_HEADING = any_of(
    r"比例|占比|完成率|投资额?$|情况|进展|进度|如下|汇总|统计|通报|小结|简报|报表|[周月旬]报|数据?$|表$"
)
_HEADING = pattern_of(
    "数字",
    WRONG,
    r"(?:重复|[多少漏])[报计算统填写加录列]了?[^,，。;；\d]{0,8}",
    FIGURE_FILLER.pattern,
    r"[那这]条|上午|下午|早上|晚上|情况|数据?|报|周|旬|简|表|汇总|小结|账[目面]?|轧|盘点?|[算理]出来了?|提前|半年|补|全年|最新|更新|通报",
)
_OF_WHICH = any_of(r"\s*(?:其中|含|包括|包含)")
_TO_COME = any_of(r"预计|预期|力争|争取|确保|拟|有望|目标|计划(?:完成)?投资")
_RATE_COLUMN = any_of(r"率|比例|占比|%|比重")


_LISTING = re.compile(r"[、和与及,，\s]*")
_JOINING = re.compile(r"[、和与及\s]*")
_UP_TO = any_of(r"\s*截[至止]")
_OF_FIGURES = any_of(r"投资|累计|形象|进度|计划|资金|支付|拨付|专项?债")
_CUMULATIVE_FIGURE = any_of(r"累计(?:数|投资|完成)")
_ON_FIGURES = any_of(r"投资|完成|数据?$|数据?出来|的数")
_UNTIL = any_of(r"截[至止]|累计|今年|本年|年度")
HEADS = either(YTD, _CUMULATIVE_FIGURE)


_MORE_THAN_A_DATE = re.compile(r"进度|情况|累计|报(?![\d一二三四五六七八九十])|表|底|末")
_SHORT_HEADING = 14
_SINCE_ALONE = any_of(r"(?:开工|动工|开建)(?:建设)?(?:以来|至今|到现在|到目前)\s*$")
_DAYS_BY_NAME = frozenset({"weekday", "week", "relative", "dayno"})
_CUT_OFF = re.compile(r"(?:截[至止]到?|[至到])$")
_SOME_PROJECTS = re.compile(
    r"^\s{0,9}[\u4e00-\u9fff]{0,6}?(?:[几两三四五六七八九十]|\d{1,2})个(?:重点|省市重点|市重点|[\u4e00-\u9fff]{2}类?(?=项目|工程))?(?:(?:项目|工程)的?|$)"
)
_SENDER_IN_BRACKETS = re.compile(r"^\s{0,9}【[^【】]{1,12}】")
_RESPECTIVELY = any_of(
    r"(?:(?P<count>[两三四五六七八九十23456789])个?(?:项目|工程|子项|标段)\S{0,12})?(?:分别|依次)"
)
_IN_ORDER = any_of("分别|依次|各自")
_EACH_AMOUNT = re.compile(r"[各均]")
_EACH_SHARE = re.compile(r"[各均都]|双双")
_LISTS_AMOUNTS = re.compile(r"[\s、,，和与及]*")
_COUNTS = "两三四五六七八九十23456789"  # 两 and 2 stand for two, nine characters apart
_FEWEST = 2


def take_numbers(message: Message, clause: Clause, hits: Sequence[Hit], skip: list[tuple[int, int]]) -> bool:
    """Take what the clause's numbers say; True if the clause was about them. skip: where names stand."""
    if not (clause.amounts or clause.percents or clause.words.hold(NO_NEW_MONEY)):
        return False
    taken = False
    _recall_the_last(message, clause, hits)
    money = [one for one in clause.amounts if not any(a <= one.start < b for a, b in skip)]
    rates = [one for one in money if not one.unit and is_a_rate(message.plain, clause, one, message.context)]
    if rates and not clause.label.hold(_RATE_COLUMN):
        clause.percents = [*clause.percents, *as_percentages(rates)]
        money = [one for one in money if one not in rates]
    if clause.label.hold(_RATE_COLUMN):
        clause.percents = [*clause.percents, *as_percentages(money)]
        money = [one for one in money if one.unit]
    after_name = bool(hits) or bool(message.current and clause.separator in {":", " ", "|"})
    share = _shares(message, clause, hits, len(money))
    respectively = clause.words.hold(_RESPECTIVELY) and not hits
    for index, token in enumerate(money):
        verdict = judge_amount(
            message.plain,
            clause,
            token,
            skip=skip,
            context=message.context,
            after_name=after_name or index > 0,
        )
        if verdict.superseded:
            message.correction = True
        if verdict.kind is Kind.NOT_MONEY or verdict.kind is Kind.UNKNOWN:
            continue
        if verdict.kind is Kind.SET_ASIDE and message.tells_problem and clause.words.hold(ABOVE_ESTIMATE):
            continue  # 「报价比概算高出四百多万」: the problem itself
        taken = True
        if verdict.kind is Kind.SET_ASIDE:
            message.told_plan = message.told_plan or bool(message.current)
            continue
        owners = _owners(
            message, share, hits, index, token.start, torn=respectively and len(money) >= _FEWEST
        )
        if not owners and len(money) == 1 and _is_of_each(message, hits, token.start, _EACH_AMOUNT):
            owners = message.current
        if not owners:
            continue
        message.used.append((token.start, token.end))
        draft = owners[0]
        if verdict.figure is not None and share and index and draft is not message.current[0]:
            verdict.figure = _of_the_same_kind(message, money[index - 1], token, verdict.figure)
        if verdict.figure is not None:
            for owner in owners:
                owner.figures.append(verdict.figure)
                owner.as_of = verdict.figure.as_of or owner.as_of
            message.context.basis = None
        elif verdict.promise is not None:
            draft.promises.append(verdict.promise)
        elif token.amount is not None and not (
            verdict.kind.value in draft.funds and _is_part_of_it(clause, token)
        ):
            draft.funds[verdict.kind.value] = token.amount
            if verdict.kind is Kind.PAID:
                draft.paid_by = cut_off(message, clause) or message.context.as_of
    torn = respectively and len(clause.percents) >= _FEWEST
    shared = _shares(message, clause, hits, len(clause.percents))
    base, is_rate = None, False
    for index, percent in enumerate(clause.percents):
        before = base, is_rate
        base, is_rate = judge_percentage(
            message.plain, clause, percent, skip=skip, context=message.context, after_name=after_name
        )
        if shared and index and base is None and not is_rate and _merely_follows(message, clause, index):
            base, is_rate = before  # 「支付率分别是55%和60%」
        if base is None and not is_rate:
            left = message.plain[clause.start : percent.start]
            if message.correction and is_taken_back(message.plain, left, percent.end):
                taken, message.context.wrong_rate = True, clause.sentence
            continue
        taken = True
        owners = _owners(message, shared, hits, index, percent.start, torn=torn)
        if (
            not owners
            and len(clause.percents) == 1
            and _is_of_each(message, hits, percent.start, _EACH_SHARE)
        ):
            owners = message.current
        if not owners:
            continue
        message.used.append((percent.start, percent.end))
        said = message.source.span(percent.start, percent.end)
        for owner in owners:
            if is_rate:
                owner.payment_rate = percent.basis_points
                continue
            message.context.percent_of = base
            owner.percentages.append(Percentage(percent.basis_points, base or "unspecified", said))
            owner.as_of = cut_off(message, clause) or message.context.as_of or owner.as_of
    if not money and clause.words.hold(NO_NEW_MONEY):
        _take_nothing_new(message, clause)
        taken = True
    return taken


def _merely_follows(message: Message, clause: Clause, index: int) -> bool:
    """Whether nothing but 和 or a comma stands between this percentage and the one before."""
    first, second = clause.percents[index - 1 : index + 1]
    return _LISTS_AMOUNTS.fullmatch(message.plain, first.end, second.start) is not None


def _is_part_of_it(clause: Clause, token: AmountToken) -> bool:
    """「累计付了9870万，…其中本月付600万」: no new total of the funds."""
    said = clause.words.part(clause.text[: token.start - clause.start])
    return said.begin_with(_OF_WHICH) or (said.hold(A_PERIOD) and not said.hold(CUMULATIVE))


def _recall_the_last(message: Message, clause: Clause, hits: Sequence[Hit]) -> None:
    """「三个项目支付率分别为62%、47%、71%」: the three projects named last, in their order."""
    if hits or len(message.current) > 1 or not (said := clause.words.find(_RESPECTIVELY)):
        return
    count = _COUNTS.find(said["count"]) % 9 + 2 if said["count"] else 0
    numbers = max(len(clause.percents), len(clause.amounts))
    named = [draft for draft in message.drafts if draft.mention]
    if numbers >= _FEWEST and numbers == (count or len(named)) <= len(named):
        message.current = named[-numbers:]


def _take_nothing_new(message: Message, clause: Clause) -> None:
    span = message.source.span(clause.start, clause.end)
    period = None
    for day in clause.dates:
        period = as_period(day, message.today) or period
    as_of = cut_off(message, clause) or message.context.as_of
    if period is not None:
        period = replace(
            period,
            name=clause.text[clause.dates[0].start - clause.start : clause.dates[0].end - clause.start],
        )
    basis = Basis.PERIOD
    if clause.dates and clause.dates[-1].kind == "year":
        basis, period = Basis.YEAR_TO_DATE, None
    figure = Figure(Amount(0, unit_said=True, approximate=False, span=span), basis, period, as_of)
    for draft in message.nobody():
        draft.figures.append(figure)
        draft.as_of = as_of or draft.as_of


def _shares(message: Message, clause: Clause, hits: Sequence[Hit], amounts: int) -> bool:
    """「甲、乙分别完成…万元、…万元」: as many amounts as projects, in order."""
    if len(message.current) < 2 or amounts != len(message.current):
        return False
    if hits:
        return all(_LISTING.fullmatch(message.plain, a.end, b.start) for a, b in pairwise(hits))
    return clause.words.hold(_IN_ORDER) or clause.separator in {":", ",", "，", ""}


def _of_the_same_kind(message: Message, before: AmountToken, token: AmountToken, figure: Figure) -> Figure:
    """「甲、乙累计5300万、2100万」: what is said of the first amount holds for those that merely follow it."""
    told = next(
        (one for draft in message.current for one in draft.figures[-1:] if one.amount is before.amount), None
    )
    joined = _LISTS_AMOUNTS.fullmatch(message.plain, before.end, token.start) is not None
    if told is None or not joined:
        return figure
    return replace(figure, basis=told.basis, period=told.period, as_of=told.as_of or figure.as_of)


def _owners(
    message: Message, share: bool, hits: Sequence[Hit], index: int, position: int, *, torn: bool
) -> list[Draft]:
    if share:
        return [message.current[index]]
    if torn:
        return []  # 「分别为55%、38%」 and not two projects: nobody knows whose
    before = [number for number, hit in enumerate(hits) if hit.end <= position]
    if hits and before and len(message.current) > 1:
        last = before[-1]
        joined_with_next = last and _JOINING.fullmatch(message.plain, hits[last - 1].end, hits[last].start)
        return [] if joined_with_next else [message.current[last]]
    if len(message.current) > 1:
        return []
    return message.nobody()[:1]


def _is_of_each(message: Message, hits: Sequence[Hit], position: int, each: re.Pattern[str]) -> bool:
    """「甲、乙均完成任务过半」: one number for several projects that are named in a row."""
    if len(message.current) < _FEWEST or len(hits) != len(message.current):
        return False
    in_a_row = all(_JOINING.fullmatch(message.plain, a.end, b.start) for a, b in pairwise(hits))
    return in_a_row and each.search(message.plain, hits[-1].end, position) is not None


def cut_off(message: Message, clause: Clause) -> date | None:
    for day in reversed(clause.dates):
        found = as_period(day, message.today)
        if day.kind == "month" and day.offset:
            continue  # 本月 names no cut-off
        if day.part == "yearend" and found is not None and found.last > message.today:
            continue  # 年内 names none either
        if found is None or found.first > message.today:
            continue
        if day.kind in {"day", "month", "months"} or (day.kind in _DAYS_BY_NAME and _is_up_to(clause, day)):
            return min(found.last, message.today)
    return None


def _is_up_to(clause: Clause, day: DateToken) -> bool:
    """「截至上周五」, 「截至昨天」: a day by its name is a cut-off only behind such a word."""
    return (
        _CUT_OFF.search(clause.text, max(0, day.start - clause.start - 3), day.start - clause.start)
        is not None
    )


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
    if not (clause.dates or clause.heads or words.bits & HEADS):
        return False
    ytd = words.hold(YTD)
    if not (clause.dates or clause.heads or ytd or words.hold(_CUMULATIVE_FIGURE)):
        return False
    if words.hold(_SINCE_ALONE) and not clause.heads:
        message.context.basis = Basis.SINCE_START  # 「3月28日开工以来，完成…」
        return False
    if words.hold(STARTS) and not (words.begin_with(_UP_TO) and words.hold(SINCE_START)):
        return False
    bare = _is_bare(clause, words.text, message.names)
    cut = cut_off(message, clause)
    if bare and (stretch := day_range(clause, clause.end, message.today)):
        message.context.period, message.context.as_of = stretch, stretch.last
        message.used.extend((day.start, day.end) for day in clause.dates)
        return True
    if cut is not None and (bare or words.begin_with(_UP_TO)):
        message.context.as_of = cut
        period = as_period(clause.dates[-1], message.today)
        if (
            bare
            and period
            and period.first.month == 1
            and period.first.day == 1
            and period.first != period.last
        ):
            message.context.basis = Basis.YEAR_TO_DATE
            if clause.heads:  # 「长垣1-5月：甲2.46亿元；乙8300万元」: of each entry under it
                message.context.heading = Basis.YEAR_TO_DATE
        if bare and not clause.heads:  # 「上半年，甲完成…，乙完成…」
            message.context.lead = lead_of(clause, (clause.end, clause.end), message.today)
        message.used.extend((day.start, day.end) for day in clause.dates)
    if clause.heads and not clause.amounts and _heads_figures(message, clause, words, cut, ytd=ytd):
        return True
    if bare and ytd:
        message.context.basis = Basis.YEAR_TO_DATE
        return True
    if bare and len(clause.dates) == 1 and clause.dates[0].kind in {"day", "dayno", "relative"}:
        message.event_day = clause.dates[0]
    if bare and clause.heads and (month := _bare_month(clause, message.today)):
        message.context.period = month  # 「8月份：甲…，乙…」
        message.headings.add(clause.text.strip())
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


def _is_bare(clause: Clause, text: str, names: Names) -> bool:
    """Whether the clause is made of dates and of what stands in headings."""
    for day in clause.dates:
        text = text.replace(clause.text[day.start - clause.start : day.end - clause.start], " ")
    text = _SENDER_IN_BRACKETS.sub("", text, count=1) if "】" in text else text
    text = _SOME_PROJECTS.sub("", text, count=1) if "个" in text else text
    return not NO_WORD.sub("", _HEADING.sub("", names.behind_place(text.lstrip())))


def _heads_figures(message: Message, clause: Clause, words: Words, cut: date | None, *, ytd: bool) -> bool:
    """A label that gives the figures under it their cut-off day or period."""
    over_list = words.hold(_LIST_HEADING) and not words.hold(_TO_COME)
    if words.hold(_RATE_COLUMN) and (base := base_in(words)) is not None:
        message.context.percent_of = base  # 「完成投资及占年度计划比例：」
    if not words.hold(_UNTIL) and (stretch := _month_heading(message, clause, words)):
        message.context.period, message.context.as_of = stretch, min(stretch.last, message.today)
        message.headings.add(clause.text.strip())
        return True
    if over_list and cut is not None:
        message.context.as_of = cut
        period = as_period(clause.dates[-1], message.today)
        if period and (period.first.month, period.first.day) == (1, 1) and period.last > period.first:
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
    if not words.hold(_ON_FIGURES):
        return None
    for day in clause.dates:
        if day.kind == "month" and not day.offset and day.part not in {"底", "末"}:
            found = as_period(day, message.today)
            if found is not None and found.first <= message.today:
                said = clause.text[day.start - clause.start : day.end - clause.start]
                return replace(found, name=said)
    return None
