"""What an amount or a percentage is: one of the project's figures, a plan, a part, or nothing we know.

A number is taken only when every word between it and its keyword is accounted for (`FIGURE_FILLER`). 「设备
采购累计5300万」 is not the project's investment, and nothing is taken from 「力争年底累计完成3亿」.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from handlers.understanding.clauses import Clause
from handlers.understanding.dates import DateToken, WorkCalendar, as_deadline, as_period, date_tokens
from handlers.understanding.money_phrases import (
    ALLOCATED,
    ARRIVED,
    CUMULATIVE,
    FIGURE_FILLER,
    FORECAST,
    GAP,
    INVESTED,
    PAID,
    SINCE_START,
    SUPERSEDED_AFTER,
    SUPERSEDED_BEFORE,
    THIS_PERIOD,
    TOTAL,
    YTD,
)
from handlers.understanding.numbers import AmountToken
from handlers.understanding.phrases import Words, any_of
from handlers.understanding.reading import Basis, Figure, Period, Promise

_THIS_PERIOD = any_of(*sorted(THIS_PERIOD, key=len, reverse=True))
_ANNUAL_PLAN = any_of(
    r"(?:年度|今年|全年|本年)\S{0,4}(?:计划|目标|任务)|(?:计划|目标|任务)\S{0,3}(?:年度|今年|全年)|^\s*年?计划|年计划|全年$"
)
_EXPECTS = any_of(r"预计|预期|力争|争取|确保|计划(?!投资)|将|能|下(?:月|周|旬|季|半年)")
_CONTINUES = re.compile(r"(?:届时|累计)?(?:可|将|能)?(?:累计)?(?:达到?|到(?!.*[月日号天前在底])|突破|可达)")
_ALREADY = re.compile(r"\s*(?:已|实际|累计|总共|一共|共|就)")
_HAPPENED = any_of(r"实际|已(?!经?[不没])")
_SINCE_THEN = re.compile(
    r"\s?(?:正式)?(?:开工|动工|开建|进场|建设)(?:建设)?(?:以来|至今|到现在|到目前|起|后)"
)
_THAT_MONTH = re.compile(r"当月")
_TABLE_IN_YI = any_of(r"[(:]亿元?\)?|亿元$")
_INSTEAD = any_of(
    r"实际|应该?[是为]|更正|改[成为]|(?:核[减增实对定]|扣除|剔除|[修订更]正|调整)之?后|调[增减整][为至到]"
)
_SO_FAR = re.compile(r"\s*(?:截[至止])?(?:目前|现在?|当前|至今)?(?:已经?|才|只|有|是|为|达到?|到|就|[\s:])*")
_MONTH_IS_OVER = 3  # days
_SOON = 150  # days
_PUNCTUATION = re.compile(r"[,，;；。!?\n:()]")
_BRACKETED = re.compile(r"【[^】]*】")
_HAS_ARRIVED = re.compile(r"(?:专项债券?|资金|中央资金|债券资金)?(?:已|全部|均|都)*(?:到位|到账|入账)")
_REPORTED_THEN = re.compile(
    r"(?:[日号周月旬天次前才午早]|\d[./]\d{1,2}|之前|原来|刚刚)(?:所|上)?[报填](?:送|上)?的?(?:累计|投资|数据?|是|为)*$"
)
_BUT = re.compile(r"应(?:该|当)?(?:是|为)|更正|改[为成]|修正|调整[为到]|实际(?:是|为|应)|核减|剔除|扣除")
_HAS_A_SHARE = re.compile(
    r"[,，\s]?(?:已)?(?:(?:占|完成)(?:年度|全年)?(?:计划|任务|目标)[^,，。;；]{0,6}|占(?:年度|全年)?\s?[\d.]{1,6})%"
)
# News of a project come with its total investment: 「本周签约，投资5亿」.
_NEWS = re.compile(r"开工|动工|开建|奠基|签约|落地|引进|招商|立项|备案|获批|批复|占地|竣工|投产|新建|入库|总")
_SPENT = re.compile(
    r"\s*(?:就|又|也|共|实际|已经?|一共|大概|大约|差不多|新增|只|仅|才)*(?:(?P<noun>(?:完成)?投资额?(?:完成)?|完成)|投了|投入了?|花了?|干了)\s*"
)
_BETWEEN_NAMES = re.compile(r"(?<= )[和与及](?= )")  # names are blanked out
_FAR = 40
_ONLY_JOINS = re.compile(r"[\s、,，和与及]*")  # 「计划分别完成1500万、3500万」
_ENDS = ("底", "末", "终")
_AND = re.compile(r"^\s*[和与及]\s*$")  # 「600万和720万」
_RANGE = re.compile(r"\s?(?:到|至|-|~)\s?")
_A_PAIR = 2
_NEAR = 3  # characters
_WAN_PER_YI = 10_000
_OF_THEM = re.compile(r"的[\d百一二三四五六七八九]")
_SHARE_OF = re.compile(r"占[^,，]{0,8}$")
NO_WORD = re.compile(r"[^\u4e00-\u9fffa-z]+")
_OF_A_PLAN = re.compile(r"\d\S{0,3}/\s?$")
_THE_MONTH = any_of(r"(?:^|[\s:,，])月:?$")
_IN_TOTAL = any_of(r"累|总共|一共|合计|共计|至今(?![天日年早晚晨])")
_CUT_OFF = re.compile(r"截[至止](?:到)?(?:今年)?$|至$|到$")
_INCLUDED = any_of(
    r"^(?:含|不含|包括|其中(?!今年|本年|年度|年[初内累]|自年初|开年|\d|[一二三四五六七八九十]+月|本[月周旬]|当[月年]|上))"
)
_ALL_SINCE_START = any_of(r"(?:均为?|都是|均系|以上为)(?:开工|总累计|项目累计|累计)")
_ALL_YEAR_TO_DATE = any_of(r"(?:均为?|都是|均系|以上为)(?:今年|本年|年度|年累|当年)")
_ALL_OF_ANNUAL = any_of(
    r"(?:以上|百分比|比例|百分数|均)(?:百分比|比例)?(?:都|均)?(?:为|是|系)?(?:占|完成|达到?)?(?:年度|全年|年)(?:投资)?(?:计划|任务|目标)"
)
_MERE_HEADING = any_of(
    r"[报要补发]的$|(?:回复|反馈|答复|说明|要求)$|(?:[报说补]|汇报|补报|更新|补充)(?:一)?下$|为准$|[更订纠]正|项目中?$|中$|情况|进展|进度|如下|汇总|统计|通报|小结|简报|报表|[周月旬日]报|[表数报]$|项目$"
)


class Kind(Enum):
    FIGURE = "figure"
    PAID = "paid"
    ALLOCATED = "allocated"
    ARRIVED = "arrived"
    PROMISE = "promise"
    SET_ASIDE = "set_aside"  # understood, and not to be taken: plan, total, superseded
    NOT_MONEY = "not_money"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Lead:
    """A stretch at the head of a sentence that holds for the figures after it.

    loosely: it stands with works (「这周封顶2栋，投资1900万」), so it holds for plain spending words only.
    """

    sentence: int
    basis: Basis
    period: Period | None
    as_of: date | None
    loosely: bool = False
    planned: bool = False  # 「8月底前甲完成…，乙完成…」


@dataclass(slots=True)
class Context:
    """What earlier words still say: a heading's period or cut-off, a plan, the base of percentages."""

    today: date
    calendar: WorkCalendar
    as_of: date | None = None
    basis: Basis | None = None
    period: Period | None = None
    percent_of: str | None = None
    annual_plan: bool = False  # a plan for the year was told before, so 「已完成」 means of it
    heading: Basis | None = None  # 「1—8月投资完成情况：」 over a list
    lead: Lead | None = None  # 「上半年甲完成…，乙完成…」
    forecast: bool = False  # the clause before told an expected amount
    wan_unit: int = 1  # 10_000 under 「单位：亿元」
    corrects: bool = False  # the message takes back what was reported earlier
    planned: tuple[Period, date | None] | None = (
        None  # of a plan told before: 「本月计划1000万，已完成800万」
    )
    after_works: bool = False  # the clause before told works by number: 「铺设15.6公里，占68%」
    told_total: int = -1  # the sentence that told a figure since the start: 「开工以来5.4亿，年内1.35亿」
    replaced: tuple[Period | None, date | None] | None = None  # the stretch of a figure that was taken back
    after_gap: bool = False  # the clause before told money that is missing: 「欠两个月了 2400万」
    slip: Figure | None = None  # taken back a moment ago: 「1300万…打错了，1030万」


@dataclass(slots=True)
class Verdict:
    kind: Kind
    figure: Figure | None = None
    promise: Promise | None = None
    superseded: bool = False


def judge_amount(
    plain: str,
    clause: Clause,
    token: AmountToken,
    *,
    skip: list[tuple[int, int]],
    context: Context,
    after_name: bool,
) -> Verdict:
    """skip: ranges of project names. after_name: the clause names a project, or its sentence did."""
    if token.amount is None:
        return Verdict(Kind.UNKNOWN if token.end - token.start > 3 else Kind.NOT_MONEY)
    if token not in clause.money:
        return Verdict(Kind.NOT_MONEY)
    earlier = [
        one
        for one in clause.amounts
        if one.end <= token.start and not any(a <= one.start < b for a, b in skip)
    ]
    left_edge = earlier[-1].end if earlier else clause.start
    left = clause.words.part(without_names(plain, left_edge, token.start, skip))
    whole_left = without_names(plain, clause.start, token.start, skip)
    right = plain[token.end : clause.end]
    said = left.under(clause.label)
    in_one_breath = said if clause.separator else Words.of(_same_breath(plain, clause) + said.text)
    listed = bool(earlier) and _ONLY_JOINS.fullmatch(left.text) is not None
    planned = in_one_breath.hold(FORECAST) or (listed and FORECAST.pattern.search(whole_left) is not None)
    if left.part(left.text.rstrip(": ")).hold(SUPERSEDED_BEFORE) or SUPERSEDED_AFTER.pattern.match(
        plain[token.end : token.end + 8]
    ):
        basis, period, as_of = basis_of(clause, token, said, context)
        context.basis = basis or context.basis
        if basis is not None:  # otherwise what was said before the figure still holds for it
            context.replaced = (period, as_of) if basis is Basis.PERIOD else None
        return Verdict(Kind.SET_ASIDE, superseded=True)
    if _REPORTED_THEN.search(left.text) and _BUT.search(plain[token.end :][:_FAR]):
        # 「上周报的」 tells when it was reported, not what it is of.
        context.basis = (
            Basis.YEAR_TO_DATE
            if said.hold(YTD)
            else Basis.CUMULATIVE
            if said.hold(CUMULATIVE)
            else Basis.UNSAID
        )
        return Verdict(Kind.SET_ASIDE, superseded=True)  # 「上周报的1.9亿包含了管护费，应为1.82亿」
    if _OF_A_PLAN.search(plain[max(clause.start, token.start - 8) : token.start]):
        return Verdict(Kind.SET_ASIDE)  # 「2.9亿/4亿」: of a plan
    if (clause.aside and clause.words.begin_with(_INCLUDED)) or (
        not skip and left.stripped().begin_with(_INCLUDED)
    ):
        return Verdict(Kind.SET_ASIDE)
    funds = _fund(said, right)
    if funds is not None:
        return Verdict(Kind.SET_ASIDE) if planned or left.hold(GAP) else Verdict(funds)
    done = (
        _HAS_A_SHARE.match(plain, token.end) is not None
        or context.told_total == clause.sentence
        or context.as_of is not None  # 「截至9月8日，…年内完成2300万」
    )
    ahead = _ahead(clause, token, context, done=done)
    if (
        ahead is not None
        and not said.hold(TOTAL)
        and not said.hold(GAP)
        and not residue(FORECAST.pattern.sub("", said.text), clause, token)
    ):
        amount = token.amount
        return Verdict(Kind.PROMISE, promise=Promise(ahead, amount.fen, amount.span))
    if left.hold(GAP) or (context.after_gap and not whole_left.strip(" ,，:")):
        return Verdict(Kind.UNKNOWN)
    if context.forecast and not left.hold(_HAPPENED) and _CONTINUES.match(left.text.strip()):
        return Verdict(Kind.SET_ASIDE)
    if said.hold(_ANNUAL_PLAN) and not said.hold(SINCE_START):
        context.annual_plan = True
    context.forecast = planned and in_one_breath.hold(_EXPECTS)
    if planned or said.hold(TOTAL) or _before_percent_of(whole_left, right):
        _, period, as_of = basis_of(clause, token, said, context)
        context.planned = (period, as_of) if planned and period is not None else None
        return Verdict(Kind.SET_ASIDE)
    if right.startswith(("的缺口", "缺口", "没到位", "未到位", "不到位", "的资金缺口", "没着落")):
        return Verdict(Kind.UNKNOWN)
    return _figure(clause, token, said, left.text, context, after_name=after_name)


def _same_breath(plain: str, clause: Clause) -> str:
    """The words just before a clause that began without punctuation: a 预计 among them still counts."""
    return _PUNCTUATION.split(plain[max(0, clause.start - 8) : clause.start])[-1]


def without_names(plain: str, start: int, end: int, skip: list[tuple[int, int]]) -> str:
    if bracket := _BRACKETED.match(plain, start, end):
        start = bracket.end()
    for a, b in skip:
        if start <= a < end:
            return plain[start:a] + " " + without_names(plain, min(b, end), end, skip)
    return plain[start:end]


def _fund(said: Words, right: str) -> Kind | None:
    found = [
        (match.end(), kind)
        for table, kind in ((PAID, Kind.PAID), (ALLOCATED, Kind.ALLOCATED), (ARRIVED, Kind.ARRIVED))
        if said.hold(table)
        for match in table.pattern.finditer(said.text)
    ]
    if found:
        last_fund = max(found)[0]
        invested = [match.end() for match in INVESTED.pattern.finditer(said.text)]
        if not invested or invested[-1] <= last_fund:
            return max(found)[1]
    if _HAS_ARRIVED.match(right):
        return Kind.ARRIVED
    return None


def _ahead(clause: Clause, token: AmountToken, context: Context, *, done: bool) -> date | None:
    """The future day that the words before the amount name, if any."""
    for day in reversed(clause.dates):
        if day.end <= token.start and day.kind not in {"year", "within"}:
            already = done or _ALREADY.match(clause.text, day.end - clause.start)
            if day.part == "yearend" and not day.before and already:
                continue  # 「年内完成4.7亿，占计划52%」 has happened
            found = _is_ahead(day, context)
            if found is not None:
                return found
    return None


def _is_ahead(day: DateToken, context: Context) -> date | None:
    today = context.today
    period = as_period(day, today)
    due = as_deadline(day, today, context.calendar)
    if due is None or due <= today:
        return None
    if day.kind in {"week", "weekday", "relative", "feast", "dayno"}:
        return due if period is None or period.first > today else None
    if day.kind == "months" and day.part == "yearend":
        return due
    if day.kind == "months":
        return due if period is not None and period.first > today else None
    this_year = day.year in (None, today.year)
    if this_year and day.month is not None and (day.month, day.day or 0) > (today.month, today.day):
        return due
    if day.month == today.month and this_year and day.part[1:] == "旬":
        return due if _first_day(day, today) > today else None  # 「9月下旬完成…」 said on the 10th
    if day.before and (due - today).days < _SOON:
        return due  # 「1月15日前」 said in December
    if day.month == today.month and this_year and day.part in {"底", "末"}:
        return due if (due - today).days > _MONTH_IS_OVER else None
    return due if period is not None and period.first > today else None


def _first_day(day: DateToken, today: date) -> date:
    found = as_period(replace(day, year=today.year), today)
    return found.first if found is not None else today


def _is_nearly_over(day: DateToken, period: Period, today: date) -> bool:
    """「3月底累计15.8亿」 said on the 29th is the month's report, no forecast."""
    at_end = day.kind == "month" and day.part in {"底", "末"} and not day.before
    return at_end and 0 < (period.last - today).days <= _MONTH_IS_OVER


def _before_percent_of(left: str, right: str) -> bool:
    """「占年度4.5亿的43.3%」: the amount is the base of a percentage."""
    if "占" not in left:
        return False
    return _OF_THEM.match(right) is not None or _SHARE_OF.search(left) is not None


def _figure(
    clause: Clause, token: AmountToken, said: Words, left: str, context: Context, *, after_name: bool
) -> Verdict:
    basis, period, as_of = basis_of(clause, token, said, context)
    lead = _lead_for(clause, left, basis, context)
    if lead is not None and lead.planned:
        return Verdict(Kind.SET_ASIDE)
    if lead is not None:
        as_of = as_of or lead.as_of
        if basis is None:
            basis, period = lead.basis, lead.period
    rest = residue(left if clause.label.hold(_MERE_HEADING) else said.text, clause, token)
    strong = basis is not None or context.basis is not None or said.hold(INVESTED)
    if rest:
        return Verdict(Kind.UNKNOWN)
    if context.slip is not None and basis is None:
        basis, period, as_of = context.slip.basis, context.slip.period, context.slip.as_of
        strong = True
    context.slip = None
    instead = said.hold(_INSTEAD) or said.text.strip() in {"", "是", "为"}
    strong = strong or (context.corrects and token.unit != "" and instead)
    strong = strong or (context.annual_plan and token.unit != "" and _SO_FAR.fullmatch(left) is not None)
    if not strong:
        headed = bool(clause.label.text) or context.heading is not None or context.period is not None
        if not after_name or (token.unit == "" and not headed):
            return Verdict(Kind.UNKNOWN)
        basis = context.basis or context.heading or Basis.UNSAID
    merely_cut_off = basis is Basis.CUMULATIVE and not said.hold(_IN_TOTAL)
    if (basis is None or merely_cut_off) and context.annual_plan and context.basis is None:
        basis = Basis.YEAR_TO_DATE  # 「年度计划8000万，已完成5600万」
    elif (basis is None or merely_cut_off) and context.planned is not None and context.basis is None:
        basis, period = Basis.PERIOD, context.planned[0]
        as_of = as_of or context.planned[1]
    context.planned = None
    if basis is None and context.basis is Basis.PERIOD and context.replaced is not None:
        period, as_of = context.replaced
    if basis is None or (basis is Basis.CUMULATIVE and context.heading is Basis.YEAR_TO_DATE):
        basis = context.basis or context.heading or Basis.UNSAID
    amount = token.amount
    if amount is None:
        return Verdict(Kind.UNKNOWN)
    if basis is Basis.UNSAID and context.period is not None:
        basis, period = Basis.PERIOD, context.period  # under 「本周进展：」
    if not amount.unit_said and clause.separator == "|" and clause.label.hold(_TABLE_IN_YI):
        amount = replace(amount, fen=amount.fen * _WAN_PER_YI, unit_said=True)
    elif not amount.unit_said and context.wan_unit != 1:
        amount = replace(amount, fen=amount.fen * context.wan_unit, unit_said=True)
    figure = Figure(amount, basis, period, as_of if as_of is not None else context.as_of)
    if basis in {Basis.SINCE_START, Basis.CUMULATIVE}:
        context.told_total = clause.sentence
    return Verdict(Kind.FIGURE, figure)


def _lead_for(clause: Clause, left: str, basis: Basis | None, context: Context) -> Lead | None:
    """The head of the sentence, unless nearer words say which figure it is."""
    lead = context.lead
    if lead is None or lead.sentence > clause.sentence or clause.dates or context.basis or context.period:
        return None
    if lead.loosely:
        near = basis is None and lead.sentence == clause.sentence
        spent = _SPENT.fullmatch(left)
        # 「今年…，投资3.6亿」 may be the whole project's; 「花了200万」 is not.
        return lead if near and spent and (lead.basis is Basis.PERIOD or not spent["noun"]) else None
    if lead.planned:
        return lead if basis is None else None
    return lead if basis in {None, Basis.CUMULATIVE, lead.basis} else None


def lead_of(clause: Clause, names: tuple[int, int] | None, today: date) -> Lead | None:
    """What the clause's own stretch says of the figures after it. names: from where to where projects stand."""
    if len(clause.dates) != 1:
        return None
    day = clause.dates[0]
    found = as_period(day, today)
    words = clause.text[day.start - clause.start : day.end - clause.start]
    ahead = names is not None and day.end <= names[0] and not clause.text[: day.start - clause.start].strip()
    if found is not None and _is_nearly_over(day, found, today):
        return None
    if found is None or found.first > today or day.before:
        return Lead(clause.sentence, Basis.UNSAID, None, None, planned=True) if ahead else None
    cut = min(found.last, today)
    of_figures = bool(clause.percents) or any(one.unit for one in clause.amounts)
    nothing_else = names is not None and not clause.text[names[1] - clause.start :].strip()
    loosely = not ahead or not (of_figures or nothing_else)
    if loosely and ((of_figures and not ahead) or _NEWS.search(clause.text)):
        return None
    period = Period(words, found.first, found.last)
    if day.kind == "week" and not day.part:
        return Lead(clause.sentence, Basis.PERIOD, period, None, loosely)
    if day.kind == "year" and found.first.year == today.year:
        return Lead(clause.sentence, Basis.YEAR_TO_DATE, None, None, loosely)
    if day.kind == "months" and day.part != "yearend" and ahead:
        of_year = found.first == date(today.year, 1, 1)
        return Lead(
            clause.sentence,
            Basis.YEAR_TO_DATE if of_year else Basis.PERIOD,
            None if of_year else period,
            cut,
            loosely,
        )
    if day.kind == "month" and day.part not in {"底", "末"}:
        whole = None if _THIS_PERIOD.pattern.fullmatch(words) else cut
        return Lead(clause.sentence, Basis.PERIOD, period, whole, loosely)
    return None


def residue(said: str, clause: Clause, token: AmountToken) -> str:
    """The words before the amount that nothing accounts for."""
    for day in clause.dates:
        if day.end <= token.start:
            said = said.replace(clause.text[day.start - clause.start : day.end - clause.start], "")
    return NO_WORD.sub("", FIGURE_FILLER.sub("", date_free(_BETWEEN_NAMES.sub(" ", _AND.sub("", said)))))


# What dates look like in a label; the clause's own are known exactly.
_DATES = re.compile(
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[-至到、](?:\d{1,2}|[一二三四五六七八九十]{1,3}))?月份?(?:底|末|初|[上中下]旬)?"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号]|\d{4}年?|第?[一二三四]季度|[上下]半年|年底|月底"
)


def date_free(said: str) -> str:
    return _DATES.sub("", said)


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
    own_words = any(said.hold(one) for one in (CUMULATIVE, YTD, SINCE_START, _THIS_PERIOD))
    for day in clause.dates:
        if day.start >= token.end and (
            day.start - token.end > _NEAR or any(one.start >= day.end for one in clause.amounts)
        ):
            continue  # 「11月620万（10月580万）」: it belongs to the amount behind it
        if own_words and day.end <= earlier and day.kind in {"month", "months"}:
            continue  # it belongs to the amount before
        if _SINCE_THEN.match(clause.text, day.end - clause.start) and not _CUT_OFF.search(
            clause.text, 0, day.start - clause.start
        ):
            continue  # 「3月28日开工以来累计…」
        if month_named and _THAT_MONTH.match(clause.text, day.start - clause.start):
            continue  # 「3月当月」 means March
        found = as_period(day, today)
        if found is None or day.kind in {"year", "within", "feast"}:
            continue
        if found.first > today and not _is_nearly_over(day, found, today):
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
            and found.first.year == today.year
            and day.part != "yearend"
        ):
            ytd_by_range, as_of = True, cut
        elif (
            _CUT_OFF.search(before) or (day.kind == "month" and day.part in {"底", "末"}) or day.kind == "day"
        ):
            as_of = as_of or cut
        elif day.kind in {"month", "months"}:
            period = Period(words, found.first, found.last)
            as_of = None if _THIS_PERIOD.pattern.fullmatch(words) else cut
    if clause.separator == "|" and clause.label.text and not clause.dates:
        return _of_column(clause.label.text, said, today)
    if period is None and not month_named and said.hold(_THE_MONTH):
        period = this_period("本月", today)
    if period is None and said.hold(_THIS_PERIOD):
        *_, last = _THIS_PERIOD.pattern.finditer(said.text)
        of_label = bool(clause.label.text) and last.end() <= len(clause.label.text)
        own_cumulative = of_label and CUMULATIVE.pattern.search(said.text, len(clause.label.text) + 1)
        if not own_cumulative and not _CUT_OFF.search(said.text[: last.start()]):
            headed = last[0] == "当月" and context.period is not None
            period = context.period if headed else this_period(last[0], today)
    if said.hold(SINCE_START):
        return Basis.SINCE_START, None, as_of
    ytd = said.find(YTD)
    cumulative = said.find(CUMULATIVE)
    at = said.text.find(period.name) if period is not None else -1
    both = cumulative is not None and cumulative.start() > at >= 0 and ytd is not None
    if period is not None and not both and (ytd is None or at >= ytd.start()):
        return Basis.PERIOD, period, as_of
    if ytd or ytd_by_range:
        return Basis.YEAR_TO_DATE, None, as_of
    if cumulative:
        return Basis.CUMULATIVE, None, as_of
    return None, None, as_of


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
    this = said.find(_THIS_PERIOD)
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
