"""What a clause's numbers say, put into the drafts of the projects they are about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from handlers.understanding.clauses import Clause
from handlers.understanding.figures.bare_rates import as_percentages, is_a_rate
from handlers.understanding.figures.figures import Kind, Verdict, judge_amount
from handlers.understanding.figures.percentages import is_taken_back, judge_percentage
from handlers.understanding.mentions.name_search import Hit
from handlers.understanding.message import Draft, Message
from handlers.understanding.phrases import any_of
from handlers.understanding.phrases.money import (
    A_PERIOD,
    ABOVE_ESTIMATE,
    CUMULATIVE,
    FORECAST,
    NO_MONEY,
    NO_NEW_MONEY,
    YTD,
)
from handlers.understanding.reading import Amount, Basis, Figure, Percentage, Period
from handlers.understanding.telling.headings import RATE_COLUMN, UP_TO, cut_off
from handlers.understanding.values.dates import as_period
from handlers.understanding.values.numbers import AmountToken

_OF_WHICH = any_of(r"\s*(?:其中|含|包括|包含)")


_LISTING = re.compile(r"(?:[、和与及跟加+&/,，\s]|以及)*")
_JOINING = re.compile(r"(?:[、和与及跟加+&/\s]|以及)*")


_RESPECTIVELY = any_of(
    r"(?:(?P<count>[两三四五六七八九十23456789])个?(?:项目|工程|子项|标段)\S{0,12})?(?:分别|依次|各(?=完成|投|累|支付))"
)
_IN_ORDER = any_of("分别|依次|各自|各(?=完成|投|累|支付)")
_EACH_AMOUNT = re.compile(r"[各均]|都(?=是|为|完|投)")
_EACH_SHARE = re.compile(r"[各均都]|双双")
_LISTS_AMOUNTS = re.compile(r"[\s、,，和与及]*")
_A_PART_ALONE = re.compile(
    r"\s?(?:[的那]|配套|附属|主体|土建|建安|安装|装修|绿化|室外|地下|征[地迁拆]|拆迁|机电|消防|道路|管网|桥梁|隧道|厂房|车间|附楼|主楼|变电站|配电[房站]|连接[路线]|停车场|标段|工程|部分|子项|设备"
    r"|[一二三四五六七八九1-9][期标]段?|[\d一二三四五六七八九]{1,2}[#号]?(?:标段?|楼|栋|车间|厂房|地块))+"
)
_ANOTHER_PHASE = re.compile(r"[^。;；\n]{0,60}[,，、;；\s][二三四]期(?!末|初)")
# 「甲5300万，乙9600万，合计1.49亿」
_SUMS_UP = re.compile(
    r"(?:合计|共计|总计|总和|总额|加起来|加一起|加总)|(?P<count>(?:[两三四五六七八九]|\d{1,2})[个家](?:项目|工程))(?:一共|总共|共|累计|合计|总计)"
)
# For what was paid: of two such amounts neither is all that was.
_PAID_FOR = re.compile(
    r"征[地迁]|拆迁|补偿|安置|青苗|[工进]程?度?款|设备|材料|甲供|设计|监理|勘察|前期|人工|农民工|土建|安装|一标|二标|三标"
)
_CALLED_A_PART = re.compile(r"(?<![大本])部分\s?$")
_NUMBERS = frozenset("0123456789一二三四五六七八九十")
_COUNTS = "两三四五六七八九十23456789"  # 两 and 2 stand for two, nine characters apart
_FEWEST = 2
_ALIKE = 8  # times


def take_numbers(message: Message, clause: Clause, hits: Sequence[Hit], skip: list[tuple[int, int]]) -> bool:
    """Take what the clause's numbers say; True if the clause was about them. skip: where names stand."""
    nothing_new = clause.words.hold(NO_NEW_MONEY) or (
        message.context.period is not None and clause.words.hold(NO_MONEY)
    )
    if not (clause.amounts or clause.percents or nothing_new):
        return False
    if _is_of_a_part(message, clause, hits):
        return False
    taken = False
    _recall_the_last(message, clause, hits)
    money = [one for one in clause.amounts if not any(a <= one.start < b for a, b in skip)]
    rates = [one for one in money if not one.unit and is_a_rate(message.plain, clause, one, message.context)]
    if rates and not clause.label.hold(RATE_COLUMN):
        clause.percents = [*clause.percents, *as_percentages(rates)]
        money = [one for one in money if one not in rates]
    if clause.label.hold(RATE_COLUMN):
        clause.percents = [*clause.percents, *as_percentages(money)]
        money = [one for one in money if one.unit]
    after_name = bool(hits) or bool(message.current and clause.separator in {":", " ", "|"})
    share = _shares(message, clause, hits, len(money))
    respectively = clause.words.hold(_RESPECTIVELY)
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
        told = token.unit != "" or clause.words.hold(CUMULATIVE)  # 「累计2 350」
        if verdict.kind is Kind.UNKNOWN and told and message.current and message.current[0].mention:
            message.told_plan = True  # 「企业自己报9亿」: money all the same
        if verdict.kind is Kind.NOT_MONEY or verdict.kind is Kind.UNKNOWN:
            continue
        if verdict.kind is Kind.SET_ASIDE and message.tells_problem and clause.words.hold(ABOVE_ESTIMATE):
            continue  # 「报价比概算高出四百多万」: the problem itself
        taken = True
        by_itself = len(hits) == len(money) == 1
        if by_itself and verdict.figure is not None and _is_planned_too(message, clause, hits[0], token):
            verdict = Verdict(Kind.SET_ASIDE)
            message.context.planned_beside = clause.number
        elif by_itself and verdict.kind in {Kind.SET_ASIDE, Kind.PROMISE} and clause.words.hold(FORECAST):
            message.context.planned_beside = clause.number
        if verdict.kind is Kind.SET_ASIDE:
            message.told_plan = message.told_plan or bool(message.current)
            continue
        if verdict.figure is not None and _is_of_all_of_them(message, clause, hits, token):
            message.told_plan = True
            continue
        owners = _owners(
            message, share, hits, index, token.start, torn=respectively and len(money) >= _FEWEST
        )
        if not owners and len(money) == 1 and _is_of_each(message, hits, token.start, _EACH_AMOUNT):
            owners = message.current
        if not owners:
            message.told_plan = message.told_plan or bool(message.current)  # 「甲和乙一共完成3600万」
            continue
        message.used.append((token.start, token.end))
        draft = owners[0]
        if verdict.figure is not None and share and index and draft is not message.current[0]:
            verdict.figure = _of_the_same_kind(message, money[index - 1], token, verdict.figure)
        if verdict.figure is not None and len(hits) == len(money) == 1:
            verdict.figure = _as_of_the_one_before(message, clause, hits[0], token, verdict.figure)
        if verdict.figure is not None:
            for owner in owners:
                owner.figures.append(verdict.figure)
                owner.as_of = verdict.figure.as_of or owner.as_of
            message.context.told_month = _by_its_number(verdict.figure) or message.context.told_month
            message.context.basis = None
            message.context.beside = (clause.number, verdict.figure) if len(hits) == len(money) == 1 else None
            message.context.figure_end = token.end
        elif verdict.promise is not None:
            draft.promises.append(verdict.promise)
        elif token.amount is not None and not (
            verdict.kind.value in draft.funds and _is_part_of_it(clause, token)
        ):
            if verdict.kind is Kind.PAID and _tears_what_was_paid(message, clause, token, draft):
                continue
            draft.funds[verdict.kind.value] = token.amount
            if verdict.kind is Kind.PAID:
                draft.paid_by = cut_off(message, clause) or message.context.as_of
                _hold_the_cut_off(message, clause)
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
        exact = message.plain.startswith("(", percent.start - 1) and any(
            end == percent.start - 1 for _, end in message.used[-1:]
        )  # 「全年任务过半（50.9%）」: one share, said twice
        message.used.append((percent.start, percent.end))
        said = message.source.span(percent.start, percent.end)
        for owner in owners:
            if is_rate:
                owner.payment_rate = percent.basis_points
                _hold_the_cut_off(message, clause)
                continue
            if exact and owner.percentages and owner.percentages[-1].of == (base or "unspecified"):
                owner.percentages.pop()
            message.context.percent_of = base
            owner.percentages.append(Percentage(percent.basis_points, base or "unspecified", said))
            owner.as_of = cut_off(message, clause) or message.context.as_of or owner.as_of
    if not money and nothing_new:
        _take_nothing_new(message, clause)
        taken = True
    return taken


def _by_its_number(figure: Figure) -> date | None:
    """The first day of a month that is told by its number: 上月 behind it may be the one before it."""
    period = figure.period
    return (
        period.first if period is not None and period.name[:1] in _NUMBERS and period.first.day == 1 else None
    )


def _hold_the_cut_off(message: Message, clause: Clause) -> None:
    """「截至10月底支付率66%，累计完成2.05亿」: up to that day both."""
    if clause.words.begin_with(UP_TO):
        message.context.as_of = cut_off(message, clause) or message.context.as_of


def _merely_follows(message: Message, clause: Clause, index: int) -> bool:
    """Whether nothing but 和 or a comma stands between this percentage and the one before."""
    first, second = clause.percents[index - 1 : index + 1]
    return _LISTS_AMOUNTS.fullmatch(message.plain, first.end, second.start) is not None


def _is_of_a_part(message: Message, clause: Clause, hits: Sequence[Hit]) -> bool:
    """「某站土建|累计投资5000万」: between the name and the figure stands nothing but a part of the works."""
    if hits:
        return _is_the_first_phase_of_several(message, hits[-1])
    if clause.separator or clause.number <= 0:
        return False
    before = message.clauses[clause.number - 1]
    if before.end != clause.start:
        return False
    if _CALLED_A_PART.search(before.text):
        return True  # 「裙楼装修过半，酒店部分|完成投资的70%」
    named = message.hits.get(before.number)
    if not named:
        return False
    return _A_PART_ALONE.fullmatch(message.plain, named[-1].end, before.end) is not None


def _is_the_first_phase_of_several(message: Message, hit: Hit) -> bool:
    """「共渠一期3000万已全部完成，二期4500万完成1200万」, when the name itself knows no phases."""
    project = hit.result.project_id
    if project is None or "一期" not in message.plain[hit.end - 2 : hit.end + 2]:
        return False
    if "一期" in message.names.projects[project].name:
        return False
    if not _ANOTHER_PHASE.match(message.plain, hit.end):
        return False
    named = (message.plain[one.start : one.end] for hits in message.hits.values() for one in hits)
    return not any(phase in name for name in named for phase in ("二期", "三期", "四期"))


def _is_of_all_of_them(message: Message, clause: Clause, hits: Sequence[Hit], token: AmountToken) -> bool:
    """「甲5300万，乙9600万，合计1.49亿」, 「甲，乙，合计1.49亿」: the sum of several projects is nobody's figure.

    What the last one's own amounts come to is its own: 「甲5300万，乙设备800万、土建200万，合计1000万」.
    """
    summed = _SUMS_UP.search(message.plain, clause.start, token.start)
    if summed is None or any(hit.end > summed.start() for hit in hits) or token.amount is None:
        return False
    if not hits and summed["count"]:
        return True  # 「两个项目合计1.5亿」
    named = [
        hit
        for one in message.clauses[: clause.number + 1]
        if clause.opens or one.sentence == clause.sentence
        for hit in message.hits.get(one.number, ())
    ]
    others = {hit.result.project_id for hit in named[:-1]} - {named[-1].result.project_id} if named else set()
    if not others:
        return False
    since = [
        one.amount.fen
        for part in message.clauses[: clause.number + 1]
        for one in part.amounts
        if named[-1].end <= one.start < token.start and one.amount is not None
    ]
    if len(since) >= _FEWEST and sum(since) == token.amount.fen:
        return False
    # 「甲主体封顶，乙合计投资1.5亿」: of the first something was told.
    return not hits or all(one.is_empty for one in message.drafts if one.project_id in others)


def _is_part_of_it(clause: Clause, token: AmountToken) -> bool:
    """「累计付了9870万，…其中本月付600万」: no new total of the funds."""
    said = clause.words.part(clause.text[: token.start - clause.start])
    return said.begin_with(_OF_WHICH) or (said.hold(A_PERIOD) and not said.hold(CUMULATIVE))


def _tears_what_was_paid(message: Message, clause: Clause, token: AmountToken, draft: Draft) -> bool:
    """「支付征地费1800万，支付工程款900万」: paid for two things; what was paid in all is for the sender to say."""
    things = _PAID_FOR.findall(message.plain, clause.start, token.start)
    what = things[-1] if things else None
    before, draft.paid_for = draft.paid_for, what
    if what is None or before is None or what == before:
        return False
    paid = draft.funds.pop(Kind.PAID.value, None)
    spans = {(token.start, token.end)} | ({(paid.span.start, paid.span.end)} if paid is not None else set())
    message.used = [one for one in message.used if one not in spans]
    message.told_plan = True  # money all the same
    return True


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
    if period is None:
        period = message.context.period
        as_of = as_of or (min(period.last, message.today) if period is not None else None)
    else:
        period = replace(
            period,
            name=clause.text[clause.dates[0].start - clause.start : clause.dates[0].end - clause.start],
        )
    basis = Basis.PERIOD
    if not clause.dates and clause.words.hold(YTD) and not clause.words.hold(A_PERIOD):
        basis = Basis.YEAR_TO_DATE  # 「年初到现在没有新增投资」
    elif clause.dates and (clause.dates[-1].kind == "year" or _is_of_the_year(period, message.today)):
        basis, period = Basis.YEAR_TO_DATE, None
    figure = Figure(Amount(0, unit_said=True, approximate=False, span=span), basis, period, as_of)
    for draft in message.nobody():
        draft.figures.append(figure)
        draft.as_of = as_of or draft.as_of


def _is_of_the_year(period: Period | None, today: date) -> bool:
    """「1-8月零投资」."""
    return period is not None and period.first == date(today.year, 1, 1) and period.last.month > 1


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


def _as_of_the_one_before(
    message: Message, clause: Clause, hit: Hit, token: AmountToken, figure: Figure
) -> Figure:
    """「甲5月投2600万，乙780万，丙1450万」: nothing but names and amounts, so May holds for all of them.

    Not where the amounts are so unlike that one may be a month's and the other a total.
    """
    told = message.context.beside
    if told is None or told[0] != clause.number - 1 or clause.separator not in {",", "，", "、"}:
        return figure
    if figure.basis is not Basis.UNSAID or figure.instead_of is not None:
        return figure
    before = told[1]
    smaller, larger = sorted((before.amount.fen, figure.amount.fen))
    if (
        not _merely_named(message, clause, hit, token)
        or before.instead_of is not None
        or larger > _ALIKE * smaller
    ):
        return figure
    return replace(figure, basis=before.basis, period=before.period, as_of=before.as_of or figure.as_of)


def _is_planned_too(message: Message, clause: Clause, hit: Hit, token: AmountToken) -> bool:
    """「甲5月计划2600万，乙780万」: nothing but a name and an amount behind a plan."""
    return (
        message.context.planned_beside == clause.number - 1
        and clause.separator in {",", "，", "、"}
        and _merely_named(message, clause, hit, token)
        and not message.plain[token.end : clause.end].strip()
    )


def _merely_named(message: Message, clause: Clause, hit: Hit, token: AmountToken) -> bool:
    start = clause.start
    return not message.plain[start : hit.start].strip() and not message.plain[hit.end : token.start].strip()


def _owners(
    message: Message, share: bool, hits: Sequence[Hit], index: int, position: int, *, torn: bool
) -> list[Draft]:
    if share:
        return [message.current[index]]
    if torn:
        return []  # 「分别为55%、38%」 and not two projects: nobody knows whose, or of which part
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
