"""What an amount or a percentage is: one of the project's figures, a plan, a part, or nothing we know.

A number is taken only when every word between it and its keyword is accounted for (`FIGURE_FILLER`). 「设备
采购累计5300万」 is not the project's investment, and nothing is taken from 「力争年底累计完成3亿」.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from handlers.understanding.clauses import Clause
from handlers.understanding.figures.figure_bases import basis_of
from handlers.understanding.figures.figure_context import Context
from handlers.understanding.figures.figure_leads import lead_for
from handlers.understanding.figures.figure_words import NO_WORD, residue, without_names
from handlers.understanding.phrases import Words, any_of
from handlers.understanding.phrases.corrections import (
    INSTEAD,
    PUT_RIGHT_AFTER,
    REPORTED,
    SUPERSEDED_AFTER,
    SUPERSEDED_BEFORE,
    THAT,
    WHEN,
    WHERE,
)
from handlers.understanding.phrases.money import (
    ALLOCATED,
    ARRIVED,
    CUMULATIVE,
    FORECAST,
    GAP,
    INVESTED,
    PAID,
    SINCE_START,
    TOTAL,
    WHOLE_FILLER,
    YTD,
)
from handlers.understanding.reading import Basis, Figure, Promise
from handlers.understanding.values.days_ahead import due_ahead
from handlers.understanding.values.numbers import AmountToken

_ANNUAL_PLAN = any_of(
    r"(?:年度|今年|全年|本年)\S{0,4}(?:计划|目标|任务)|(?:计划|目标|任务)\S{0,3}(?:年度|今年|全年)|^\s*年?计划|年计划|全年$"
)
_EXPECTS = any_of(r"预计|预期|力争|争取|确保|计划(?!投资)|将|能|下(?:月|周|旬|季|半年)")
_TO_COME = any_of(r"预计|预期|力争|争取|确保|有望|将|可|能(?!源)|拟|冲刺")
_CONTINUES = re.compile(r"(?:届时|累计)?(?:可|将|能)?(?:累计)?(?:达到?|到(?!.*[月日号天前在底])|突破|可达)")
_ALREADY = re.compile(r"\s*(?:已|实际|累计|总共|一共|共|就|[投花干砸](?:进去|下去)?了|完成了|新投)")
_HAPPENED = any_of(r"实际|已(?!经?[不没])")
_TABLE_IN_YI = any_of(r"[(:]亿元?\)?|亿元$")
_INSTEAD = any_of(
    rf"{INSTEAD}|实际|更正|(?:核[减增实对定]|扣[除掉]|剔除|去掉|减掉|刨[去掉]|[修订更]正|调整)[之以]?后"
)
_IS_RIGHT = re.compile(rf"{INSTEAD}$")  # 「实际应该是1060，填反了」
_SO_FAR = re.compile(
    r"\s*(?:截[至止])?(?:目前|现在?|当前|至今|眼下)?(?:已经?|才|只|有|是|为|达|到|就|[\s:])*"
)
_NOW = re.compile(r"目前|现在|当前|眼下")
_PUNCTUATION = re.compile(r"[,，;；。!?\n:()]")
_HAS_ARRIVED = re.compile(r"(?:专项债券?|资金|中央资金|债券资金)?(?:已|全部|均|都)*(?:到位|到账|入账)")
_WORTH_IT = re.compile(
    r"的?(?:进口|国产|专用|主要|大型|关键)*(?:设备|机器|机组|生产线|仪器|材料|钢材|钢筋|水泥|管材|电缆|板材|苗木|配件|订单|合同)"
)
# 「未支付3000万」, 「待支付」: no money that was paid.
_STILL_OWED = re.compile(
    r"(?:[未没待应需欠差]|(?<!主|必|重)要|拟|准备|暂缓|停止)(?:再|能|有|继续)?(?:支付|付款|付|拨付|拨款|到位|到账|下达)[^,，。;；\d]{0,8}$"
)
_TAKEN_AS = ("按", "以")  # 「按1800万入账」: put into the ledger, no money that came in
_REPORTED_THEN = re.compile(
    rf"(?:{WHEN}|[日号周月旬]|天前|\d[./]\d{{1,2}}|原来){WHERE}{{0,3}}{REPORTED}{THAT}?(?:累计|投资|数据?|是|为)*$"
)
# 「8月份报的是4800万，9月份报5200万」, 「昨天报的4800万，今天5200万」: what was reported before, and what is now.
_REPORTED_BEFORE = re.compile(
    rf"(?:{WHEN}|上期|(?<!\d)(?P<month>\d{{1,2}})月份?)(?:我们?|咱们?)?{WHERE}{{0,3}}(?:投资|数据?)?{REPORTED}"
    rf"(?:的|了)?(?:数据?|投资)?(?:是|为)?[约近\s]?$"
)
_NOW_REPORTED = (
    rf"[\s,，、;；]{{0,2}}(?:今[天日早]|[这此本]次|这个?月|[本这]周|本[月期旬]|(?P<month>\d{{1,2}})月份?|目前|现在|最新|眼下)"
    rf"(?:我们?|咱们?)?(?:{REPORTED})?(?:的|了)?(?:数据?|投资)?(?:是|为|到|达到?)?[约近\s]?"
)
_GOES_ON_NOW = re.compile(
    rf"{_NOW_REPORTED}(?:(?:年?累计|总共|一共)(?:完成|投资|[是为到约近])*(?=\d)|(?=\d)(?![^。;；\n]{{0,40}}(?:累计|年累|合计|总共)))"
)
_IS_NOW = re.compile(_NOW_REPORTED)
_DIFFERENCE = re.compile(r"(?:重复|[多少漏])[^误错原]{1,3}$")  # 「多报了80万，实际1470万」
_BUT = re.compile(rf"{INSTEAD}|更正|修正|实际(?:是|为|应)|核减|剔除|扣除")
# 「年内完成4.7亿，占计划52%」: what stands between an amount and a percentage of the whole project.
_UP_TO_A_SHARE = re.compile(
    r"[,，\s(]{0,2}([^,，。;；:()\d]{0,12}?)(?:[\d.]{1,6}%|百分之|[一二三四五六七八九]成|过半|一半|[一二三四五六七八九十]分之)"
)
_HAS_SPENT = re.compile(r"(?:[花投干用砸完][了进]|投入了|完成了)(?!\S{0,4}[的要能])")  # 「年内花了130万」
_OF_WHAT_IS_MEANT = any_of(r"预计|力争|争取|确保|拟|将|要(?!求)|目标(?!的|任务)|可达|能")
# 「年内5200万」: nothing that would have to be done stands between.
_INSTEAD_OF_A_PLAN = re.compile(
    rf"\s*(?:实际上?|其实|正确的?数?|准确的?数?)?(?:{INSTEAD}|[是为]|[调改增减升降涨提]到)?[约近]?\s*"
)
_IS_CHANGED_TO = re.compile(
    r"\s*(?:改[为成到]|调[整增减][为到至]|[调增减升降涨提]到|变更?[为成到])[约近]?\s*"
)
_MERELY = re.compile(r"[\s:是为有约近共]*")
_FAR = 40
_LOOKED_AT = 400  # characters before an amount
# 「600万（计划数）」, 「600万是预估的」, 「600万，这个数先别记」, 「2.4亿，不对那是某某的」
_NOT_MEANT = re.compile(
    r"\s?[,，、(是为\s]{0,3}(?:预计|预估|预测|计划|目标|任务)(?:数字?|的|值|完成数?)?(?=[)，,。;；!\s]|$)"
    r"|[,，(\s]{0,2}(?:这个?|那个?|此|该)?(?:数|条)?(?:字|据)?(?:先|暂时?|还)?(?:不作数|不算数|别记|不要记|别入账|不入账|别录|不要录)"
    r"|[,，。…\s]{0,4}[哦噢呃额啊哎唉]{0,2}(?:不对|不是|[弄搞][混错][了]?|[写填报看发抄]?[串错][行了]{0,2})[,，\s]{0,2}[那这][个条]?是[^,，。;；\d]{2,16}的"
)
# 「今年9000万的任务完了7200万」, 「全年9000万任务」: what was to be done.
_OF_A_TASK = re.compile(
    r"的?(?:年度|全年|今年|投资|工作|建设){0,2}(?:任务|目标|盘子|指标|计划(?!外|生育))(?:量|数|额)?"
)
# 「今年2亿，已经干了1.5亿」, 「年度1.5亿还剩3000万」: the year's whole task first, then what of it is done or left.
_OF_THE_YEAR = re.compile(r"[\s,，、:]*(?:今年|全年|本年度?|年度)(?:是|一共|总共|共)?[约近]?\s?")
_THEN_DONE = re.compile(
    r"[,，、\s]{0,2}(?:到?(?:目前|现在|眼下)|这会儿|截[至止]目前)?"
    r"(?:(?:已经?|实际|才|只)(?:完成|完了?|[干投花做]了?)|(?:完成|[完干投花]了)|(?P<left>(?:还|尚)?[剩差]下?余?))"
    r"(?:投资|了|有|约)?(?:(?P<digits>\d[\d.]{0,9})|[一二两三四五六七八九十百千]{1,6})个?半?(?P<unit>[万亿])"
)
# 「投资1亿的一期已经投产」: what it cost, no figure; 「完成1亿的投资」 is one.
_OF_WHAT_IT_COST = re.compile(
    r"的(?!投资|产值|工程量|工作量|建安|固定|任务|计划|目标|盘子|指标|年度)[\u4e00-\u9fff]"
)
_COST = re.compile(r"(?<![成计累完])投资$")
_PHASE = re.compile(
    r"[\s,，、]*(?:[一二三四五六1-6]期|[一二三四五六七八九\d]{1,2}标段?)(?:工程|项目|的)?(?:投资|合同|总投)?\s?"
)
# What adds up the amounts of several works; it does not tell a total of all times.
_THEIR_SUM = re.compile(
    r"[\s,，、;；:(]*(?:两项|几项|各项|以上|[二三四五六七八]项)?(?:合计|共计|总共|一共|总计|共)(?:已|完成|投资|投入|是|为|约|了|额|[\s:])*"
)
_SUM_TO_COME = re.compile(
    r"[^。；;\n]{0,60}?[,，](?:合计|共计|一共|总共|总计|共)(?:已|完成|投资|投入|约|了)*[约近]?\s?\d"
)
_ONLY_JOINS = re.compile(r"[\s、,，和与及]*")  # 「计划分别完成1500万、3500万」
# 「3000万到3500万」: neither is the figure.
_UP_TO_MORE = re.compile(r"\s?[-~到至]\s?\d")
_UP_TO = re.compile(r"\s?[-~到至]\s?")
# 「5，030万」: perhaps 5030万, certainly not 5万 and not 30万.
_GOES_ON_BEHIND_A_COMMA = re.compile(r"，\d{3}(?:\.\d+)?\s?[万亿元w]|[,。]\d{1,2}\s?亿")
_BEGAN_BEFORE_A_COMMA = re.compile(r"(?<![\d.,，])\d{1,3}，$")
_GOES_ON_BEHIND_A_BLANK = re.compile(r"(?<!\d{4}) \d{3}(?:\.\d+)?(?: ?[万亿元]|[,，。;；\n]|$)")
_BEGAN_BEFORE_A_BLANK = re.compile(r"(?<![\d.,/#\-])\d{1,3} $")  # 「今年 2 350万」
# 「1。2亿」, 「1,2亿」: a point was meant.
_BEGAN_BEFORE_A_MARK = re.compile(r"(?<![\d.,，])\d{1,2}[,。]$")
_THREE_DIGITS = re.compile(r"\d{3}(?!\d)")
_WAN_PER_YI = 10_000
_FEN_PER_WAN = 1_000_000
_A_SHARE_OF_IT = re.compile(
    r"的(?:约|近)?(?:\d+(?:\.\d+)?%|百分之|[一二三四五六七八九]成|过半|一半|[一二三四五六七八九十]分之)"
)
_OF_THEM = re.compile(r"的[\d百一二三四五六七八九]")
_SHARE_OF = re.compile(r"占[^,，]{0,8}$")
_OF_A_PLAN = re.compile(r"\d\S{0,3}/\s?$")
_IN_TOTAL = any_of(r"累|总共|一共|合计|共计|至今(?![天日年早晚晨])")
_INCLUDED = any_of(
    r"^(?:含|不含|包括|其中(?!今年|本年|年度|年[初内累]|自年初|开年|\d|[一二三四五六七八九十]+月|本[月周旬]|当[月年]|上))"
)
# 「累计9800万元，其中中央资金支付4200万元」: paid out, whoever's money it is; no part of the works.
_OF_THEM_ALL = re.compile(r"[\s,，、(]*(?:其中|包括|包含|含)")
_PAID_OF_THEM = re.compile(
    r"\s*其中(?:中央|预算内|财政|省级|市级|上级|国债|专项债券?|债券|资金|已经?|累计|实际|共)*(?:支付|拨付出去|付出去?|付)(?:了|资金|工程款|进度款|[\s:])*"
)
_MERE_HEADING = any_of(
    r"账$|出来了?$|(?:片区|口|板块)$|[几\d两三四五六七八九十][个处项家条座]$|盘点|动态|快讯|播报|[速战]报|一览|节点|消息$|[几两三][件条个]事$|[报要补发]的$|(?:回复|反馈|答复|说明|要求)$|(?:[报说补]|汇报|补报|更新|补充)(?:一)?下$|[报补]一次$|为准$|作废$|[更订纠修]正|项目中?$|中$|情况|进展|进度|如下|汇总|统计|通报|小结|简报|报表|[周月旬日]报|数据$|[表数报]$|项目$|(?:报告|请示|这块|这边|这批|方面)$|口径\S{0,4}$"
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
    if not _is_among(clause.money, token):
        return Verdict(Kind.NOT_MONEY)
    if (
        (not token.unit and _GOES_ON_BEHIND_A_COMMA.match(plain, token.end))
        or (not token.unit and _GOES_ON_BEHIND_A_BLANK.match(plain, token.end))
        or (
            plain.startswith("，", token.start - 1)
            and _THREE_DIGITS.match(plain, token.start)
            and _BEGAN_BEFORE_A_COMMA.search(plain, max(0, token.start - 5), token.start)
        )
        or (
            plain.startswith(" ", token.start - 1)
            and _THREE_DIGITS.match(plain, token.start)
            and _BEGAN_BEFORE_A_BLANK.search(plain, max(0, token.start - 6), token.start)
        )
        or (token.unit and _BEGAN_BEFORE_A_MARK.search(plain, max(0, token.start - 4), token.start))
    ):
        return Verdict(Kind.UNKNOWN)
    earlier = _amount_before(clause.amounts, token, skip)
    left_edge = _behind_its_task(plain, earlier.end) if earlier is not None else clause.start
    left = clause.words.part(without_names(plain, left_edge, token.start, skip))
    whole_left = without_names(plain, max(clause.start, token.start - _LOOKED_AT), token.start, skip)
    right = plain[token.end : clause.end]
    said = left.under(clause.label)
    in_one_breath = said if clause.separator else Words.of(_same_breath(plain, clause) + said.text)
    listed = earlier is not None and _ONLY_JOINS.fullmatch(left.text) is not None
    task = _OF_A_TASK.match(right)
    whole_year = _OF_THE_YEAR.fullmatch(left.text) is not None and _is_then_done(plain, token)
    planned = (
        task is not None
        or whole_year
        or in_one_breath.hold(FORECAST)
        or (listed and FORECAST.pattern.search(whole_left) is not None)
    )
    if _REPORTED_THEN.search(left.text) and _BUT.search(plain[token.end :][:_FAR]):
        # 「上周报的」 tells when it was reported, not what it is of.
        context.basis = (
            Basis.YEAR_TO_DATE
            if said.hold(YTD)
            else Basis.CUMULATIVE
            if said.hold(CUMULATIVE)
            else Basis.UNSAID
        )
        context.wrong = token.amount, clause.sentence
        return Verdict(Kind.SET_ASIDE, superseded=True)  # 「上周报的1.9亿包含了管护费，应为1.82亿」
    if earlier is not None and _of_a_phase(plain, clause, earlier, skip):
        return Verdict(Kind.UNKNOWN)
    if _was_reported_before(left.text, plain[token.end :][:_LOOKED_AT]):
        context.formerly = clause.sentence
        return Verdict(Kind.SET_ASIDE)
    if context.formerly == clause.sentence and _IS_NOW.fullmatch(left.text):
        context.formerly = -1
        return Verdict(Kind.FIGURE, Figure(token.amount, Basis.UNSAID))
    if listed and earlier is not None and context.corrects:  # 「分别少报了200万和150万」: both
        first = clause.words.part(without_names(plain, clause.start, earlier.start, skip))
        if first.hold(SUPERSEDED_BEFORE):
            return _superseded(clause, token, said, left, context)
    if left.part(left.text.rstrip(": ")).hold(SUPERSEDED_BEFORE) or (
        SUPERSEDED_AFTER.pattern.match(plain[token.end : token.end + 8]) and not _IS_RIGHT.search(left.text)
    ):
        if said.hold(TOTAL) or (planned and said.hold(_ANNUAL_PLAN)):  # 「总投资从3亿改为2.8亿」
            context.plan_put_right = clause.sentence
            return Verdict(Kind.SET_ASIDE)
        return _superseded(clause, token, said, left, context)
    if context.corrects and PUT_RIGHT_AFTER.match(plain, token.end) and not _IS_RIGHT.search(left.text):
        if planned or said.hold(TOTAL):  # 「年度计划5000万少报了，实际6000万」: of the plan both
            context.plan_put_right = clause.sentence
            return Verdict(Kind.SET_ASIDE)
        return _superseded(clause, token, said, left, context)
    if earlier is not None and _IS_CHANGED_TO.fullmatch(left.text):
        of_what = clause.words.part(without_names(plain, clause.start, earlier.start, skip)).under(
            clause.label
        )
        if of_what.hold(TOTAL) or of_what.hold(_ANNUAL_PLAN) or of_what.hold(FORECAST):
            return Verdict(Kind.SET_ASIDE)  # 「年计划5000万调到4500万」, 「目标从6000万提到6500万」
    if context.plan_put_right == clause.sentence and _INSTEAD_OF_A_PLAN.fullmatch(left.text):
        return Verdict(Kind.SET_ASIDE)
    if _NOT_MEANT.match(plain, token.end) or (_OF_WHAT_IT_COST.match(right) and _COST.search(left.text)):
        return Verdict(Kind.SET_ASIDE)
    if _UP_TO_MORE.match(right) or (earlier is not None and _UP_TO.fullmatch(left.text)):
        return Verdict(Kind.SET_ASIDE if planned or FORECAST.pattern.search(whole_left) else Kind.UNKNOWN)
    if _OF_A_PLAN.search(plain[max(clause.start, token.start - 8) : token.start]):
        return Verdict(Kind.SET_ASIDE)  # 「2.9亿/4亿」: of a plan
    included = left.stripped().begin_with(_INCLUDED)
    if (clause.aside and clause.words.begin_with(_INCLUDED)) or (not skip and included):
        return Verdict(Kind.PAID if _PAID_OF_THEM.fullmatch(left.text) else Kind.SET_ASIDE)
    funds = _fund(said, right)
    spent = context.fund is not None and context.fund[0] == clause.sentence
    if spent and context.fund is not None and _THEIR_SUM.fullmatch(left.text) and not said.hold(INVESTED):
        funds = Kind(context.fund[1])
    if funds is not None:
        context.told_funds, context.fund = clause.number, (clause.sentence, funds.value)
        still_to_come = planned or left.hold(GAP) or _STILL_OWED.search(left.text) is not None
        return Verdict(Kind.SET_ASIDE) if still_to_come else Verdict(funds)
    if (
        clause.number - 1 <= context.told_funds <= clause.number
        and _OF_THEM_ALL.match(left.text)
        and not said.hold(INVESTED)
    ):
        return Verdict(Kind.SET_ASIDE)  # 「资金拨付8600万（其中本月1200万）」: of that money
    done = any(day.part == "yearend" for day in clause.dates) and (
        _has_a_share(plain, token.end)
        or clause.sentence in {context.told_total, context.told_period}
        or (not planned and _comes_right_behind_the_year(clause, token))
        or context.as_of is not None  # 「截至9月8日，…年内完成2300万」
        or (not planned and _HAS_SPENT.search(left.text) is not None)
    )
    done = (
        done or _HAPPENED.pattern.match(left.text.strip(" ,，")) is not None
    )  # 「年内计划的6000万已完成5100万」
    ahead = _ahead(clause, token, context, done=done)
    if (
        ahead is not None
        and not said.hold(TOTAL)
        and not said.hold(GAP)
        and not residue(FORECAST.pattern.sub("", said.text), clause, token)
    ):
        amount = token.amount
        context.expected = clause.sentence
        return Verdict(Kind.PROMISE, promise=Promise(ahead, amount.fen, amount.span))
    if left.hold(GAP) or (context.after_gap and not whole_left.strip(" ,，:")):
        return Verdict(Kind.UNKNOWN)
    if context.forecast and not left.hold(_HAPPENED) and _CONTINUES.match(left.text.strip()):
        return Verdict(Kind.SET_ASIDE)
    of_the_year = whole_year or (
        task is not None and ("年" in task[0] or said.hold(YTD) or "全年" in said.text)
    )
    if of_the_year or (said.hold(_ANNUAL_PLAN) and not said.hold(SINCE_START)):
        context.annual_plan = True
    behind_forecast = context.expected == clause.sentence
    context.forecast = planned and in_one_breath.hold(_EXPECTS)
    context.expected = clause.sentence if planned and in_one_breath.hold(_TO_COME) else -1
    if planned or said.hold(TOTAL) or _before_percent_of(whole_left, right):
        _, period, as_of = basis_of(clause, token, said, context)
        context.planned = (period, as_of) if planned and period is not None else None
        context.month_plan = clause.sentence if context.planned is not None else -1
        return Verdict(Kind.SET_ASIDE)
    if right.startswith(("的缺口", "缺口", "没到位", "未到位", "不到位", "的资金缺口", "没着落")):
        return Verdict(Kind.UNKNOWN)
    verdict = _figure(
        clause, token, said, left.text, context, after_name=after_name, behind_forecast=behind_forecast
    )
    if verdict.kind is Kind.UNKNOWN and _SUM_TO_COME.match(plain, token.end):
        verdict.kind = Kind.SET_ASIDE  # one of the parts; what counts is the sum behind them
    return verdict


def _superseded(clause: Clause, token: AmountToken, said: Words, left: Words, context: Context) -> Verdict:
    """An amount that was wrong; what the words before it name holds for the one that is right."""
    basis, period, as_of = basis_of(clause, token, said, context)
    context.basis = basis or context.basis
    if basis is not None:  # otherwise what was said before the figure still holds for it
        context.replaced = period, as_of
    if token.amount is not None and not _DIFFERENCE.search(left.text):
        context.wrong = token.amount, clause.sentence
    return Verdict(Kind.SET_ASIDE, superseded=True)


def _of_a_phase(plain: str, clause: Clause, earlier: AmountToken, skip: list[tuple[int, int]]) -> bool:
    """「二期4500万完成1200万」: both amounts are of a part of the works."""
    head = without_names(plain, clause.start, earlier.start, skip)
    return not clause.opens and _PHASE.fullmatch(head) is not None


def _was_reported_before(left: str, right: str) -> bool:
    """Whether an amount is what was reported some time ago, and what is reported now stands behind it."""
    before = _REPORTED_BEFORE.search(left)
    now = _GOES_ON_NOW.match(right) if before is not None else None
    if before is None or now is None:
        return False
    return not (before["month"] and now["month"]) or int(before["month"]) < int(now["month"])


def _is_then_done(plain: str, token: AmountToken) -> bool:
    """Whether right behind an amount stands what of it is done or left, and that is no more than it."""
    then = _THEN_DONE.match(plain, token.end)
    if then is None or token.amount is None:
        return False
    if then["left"] or not then["digits"] or then["digits"].count(".") > 1 or then["digits"].endswith("."):
        return True
    wan = float(then["digits"]) * (_WAN_PER_YI if then["unit"] == "亿" else 1)
    return wan * _FEN_PER_WAN <= token.amount.fen


def _behind_its_task(plain: str, end: int) -> int:
    """Where what is told of the next amount begins: in 「9000万的任务|完了7200万」 behind the task."""
    task = _OF_A_TASK.match(plain, end)
    return task.end() if task else end


def _is_among(amounts: Sequence[AmountToken], token: AmountToken) -> bool:
    """Whether an amount is one of these, which stand in order: a list may hold thousands."""
    at = bisect_left(amounts, token.start, key=lambda one: one.start)
    return at < len(amounts) and amounts[at] == token


def _amount_before(
    amounts: Sequence[AmountToken], token: AmountToken, skip: list[tuple[int, int]]
) -> AmountToken | None:
    """The nearest amount before this one that belongs to no name."""
    behind = bisect_right(amounts, token.start, key=lambda one: one.end)
    before = (amounts[at] for at in range(behind - 1, -1, -1))
    return next((one for one in before if not any(a <= one.start < b for a, b in skip)), None)


def _same_breath(plain: str, clause: Clause) -> str:
    """The words just before a clause that began without punctuation: a 预计 among them still counts."""
    return _PUNCTUATION.split(plain[max(0, clause.start - 8) : clause.start])[-1]


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
    if _HAS_ARRIVED.match(right) and not said.text.rstrip().endswith(_TAKEN_AS):
        return Kind.ARRIVED
    return None


def _ahead(clause: Clause, token: AmountToken, context: Context, *, done: bool) -> date | None:
    """The future day that the words before the amount name, if any."""
    for day in reversed(clause.dates):
        if day.end <= token.start and day.kind not in {"year", "within"}:
            already = done or _ALREADY.match(clause.text, day.end - clause.start)
            if day.part == "yearend" and not day.before and already:
                continue  # 「年内完成4.7亿，占计划52%」 has happened
            found = due_ahead(day, context.today, context.calendar)
            if found is not None:
                return found
    if context.ahead is not None and context.ahead[0] == clause.sentence and not clause.dates:
        return context.ahead[1]
    return None


def _has_a_share(plain: str, end: int) -> bool:
    """Whether a percentage of the whole project follows: what it is told of has been reached."""
    found = _UP_TO_A_SHARE.match(plain, end)
    if found is None or _OF_WHAT_IS_MEANT.pattern.search(found[1]):
        return False
    return not NO_WORD.sub("", WHOLE_FILLER.sub("", found[1]))


def _comes_right_behind_the_year(clause: Clause, token: AmountToken) -> bool:
    return any(
        day.part == "yearend"
        and _MERELY.fullmatch(clause.text, day.end - clause.start, token.start - clause.start)
        for day in clause.dates
        if day.end <= token.start
    )


def _goes_on_from(
    context: Context, clause: Clause, left: str, token: AmountToken, as_of: date | None
) -> bool:
    """「8月末累计8600万，9月20日9400万」: nothing but a later day and no less, so both are totals."""
    told = context.up_to if context.told_total == clause.sentence else None
    if told is None or told.as_of is None or as_of is None or token.amount is None or not token.unit:
        return False
    days = [day for day in clause.dates if day.end <= token.start]
    alone = days and _MERELY.fullmatch(
        left.replace(clause.text[days[-1].start - clause.start : days[-1].end - clause.start], "", 1).lstrip(
            " ,，、"
        )
    )
    return bool(alone) and told.as_of < as_of and told.amount.fen <= token.amount.fen


def _before_percent_of(left: str, right: str) -> bool:
    """「占年度4.5亿的43.3%」: the amount is the base of a percentage."""
    if _A_SHARE_OF_IT.match(right):
        return True  # 「完成年度投资5600万元的62%」
    if "占" not in left:
        return False
    return _OF_THEM.match(right) is not None or _SHARE_OF.search(left) is not None


def _stands_alone(clause: Clause, token: AmountToken, context: Context) -> bool:
    """「8月份：甲尾项消缺，350万；乙停工，0」: nothing but an amount, under a heading that says of when it is."""
    if context.period is None and context.heading is None:
        return False
    nothing = token.amount is not None and token.amount.fen == 0
    return (token.unit != "" or nothing) and not clause.text.replace(
        clause.text[token.start - clause.start : token.end - clause.start], "", 1
    ).strip()


def _figure(
    clause: Clause,
    token: AmountToken,
    said: Words,
    left: str,
    context: Context,
    *,
    after_name: bool,
    behind_forecast: bool,
) -> Verdict:
    """behind_forecast: an amount to come was told in the sentence, so 「目前1.02亿」 is what has been reached."""
    basis, period, as_of = basis_of(clause, token, said, context)
    parts = context.parts if context.parts is not None and context.parts[0] == clause.sentence else None
    if parts is not None and _THEIR_SUM.fullmatch(left):
        basis, period, as_of = parts[1] or Basis.UNSAID, *parts[2:]
    if basis is None and _goes_on_from(context, clause, left, token, as_of):
        basis = context.up_to.basis if context.up_to is not None else None
    lead = lead_for(clause, left, basis, context)
    if lead is not None and lead.planned:
        context.expected = clause.sentence if lead.expected else context.expected
        return Verdict(Kind.SET_ASIDE)
    if lead is not None:
        as_of = as_of or lead.as_of
        if basis is None:
            basis, period = lead.basis, lead.period
    rest = residue(left if clause.label.hold(_MERE_HEADING) else said.text, clause, token)
    strong = basis is not None or context.basis is not None or said.hold(INVESTED)
    if rest:
        if parts is None:
            context.parts = clause.sentence, basis, period, as_of
        return Verdict(Kind.UNKNOWN)
    instead = said.hold(_INSTEAD) or said.text.strip() in {"", "是", "为", *_TAKEN_AS}
    wrong = context.wrong[0] if instead and context.wrong and context.wrong[1] == clause.sentence else None
    strong = strong or (instead and context.corrects and (token.unit != "" or wrong is not None))
    so_far = token.unit != "" and _SO_FAR.fullmatch(left) is not None
    strong = strong or (context.annual_plan and so_far)
    strong = strong or (behind_forecast and so_far and _NOW.search(left) is not None)
    if not strong:
        headed = bool(clause.label.text) or context.heading is not None or context.period is not None
        if not (after_name or _stands_alone(clause, token, context)) or (token.unit == "" and not headed):
            return Verdict(Kind.UNKNOWN)
        if _WORTH_IT.match(clause.text, token.end - clause.start):
            return Verdict(Kind.UNKNOWN)  # 「格林二期1200万设备到场了」
        basis = context.basis or context.heading or Basis.UNSAID
    merely_cut_off = basis is Basis.CUMULATIVE and not said.hold(_IN_TOTAL)
    if (basis is None or merely_cut_off) and context.annual_plan and context.basis is None:
        basis = Basis.YEAR_TO_DATE  # 「年度计划8000万，已完成5600万」
    elif (basis is None or merely_cut_off) and context.planned is not None and context.basis is None:
        basis, period = Basis.PERIOD, context.planned[0]
        as_of = as_of or context.planned[1]
    context.planned = None
    if basis is None and context.basis is not None and context.replaced is not None:
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
    context.wrong = None
    figure = Figure(amount, basis, period, as_of if as_of is not None else context.as_of, wrong)
    if basis is Basis.SINCE_START or basis is Basis.CUMULATIVE:
        context.told_total, context.up_to = clause.sentence, figure
    elif basis is Basis.PERIOD:
        context.told_period = clause.sentence
    return Verdict(Kind.FIGURE, figure)
