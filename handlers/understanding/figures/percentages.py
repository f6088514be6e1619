"""What a percentage is a percentage of: the annual plan, the total investment, the works, or only a part."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause
from handlers.understanding.figures.figure_context import Context
from handlers.understanding.figures.figure_words import BETWEEN_NAMES, NO_WORD, date_free, without_names
from handlers.understanding.phrases import NO_WORDS, Words, any_of
from handlers.understanding.phrases.corrections import INSTEAD, PUT_RIGHT_AFTER, SUPERSEDED_BEFORE, WRONG
from handlers.understanding.phrases.money import (
    FORECAST,
    NOT_WHOLE,
    OF_ANNUAL,
    OF_TOTAL,
    OF_WORKS,
    PAYMENT_RATE,
    WHOLE_FILLER,
)
from handlers.understanding.values.days_ahead import due_ahead
from handlers.understanding.values.numbers import PERCENT_RUN, PercentToken

_OF_A_RATE = any_of(r"率|比|计划|投资|进度|完成|占|任务|目标|工程量|形象")

_EXPECTED = any_of(
    r"预计|力争|争取|确保|拟|有望|将达|冲刺|保证|承诺|应该?(?:完成|达到?)(?=\s*$)|(?<![\u4e00-\u9fff])目标[是为]?(?:完成|达到?)?(?=\s*$)"
)
# 「五成到六成」, 「50%-60%」: neither is the share.
_UP_TO_MORE = re.compile(r"\s?[-~到至]\s?(?:\d[\d.]*%|[一二三四五六七八九]成|百分之)")
_UP_FROM = re.compile(r"(?:%|成)\s?[-~到至]\s?$")
_A_RATE = any_of(r"进度|完[成工]率")
_ALREADY = re.compile(r"已|实际|累计")
_JUST_DONE = any_of(r"(?:截[至止]到?|现在|目前)?\s*(?:已经?)?完(?:成了?|了)?")
_NEXT_TO_IT = 12  # characters
_BESIDE_IT = re.compile(r"[了吧]?\s?(?:\([^()\d]{1,8}\))?[,，\s]{0,2}")
_LOOK_BACK = 20  # characters
_MERELY_IS = re.compile(r"\s*(?:实(?:际上?)?|其实|正确的?|应该?|更正|改)?[是为成]")
_TAKEN_BACK = re.compile(rf"[,，]?(?:{WRONG}|{INSTEAD})")
_IS_NOT = re.compile(r"不是(?:占|年度?|全年|投资|计划|任务|总投资?|的|约)*[ :]*$")
_IS_RIGHT = re.compile(rf"{INSTEAD}$")
_MERE_SHARE = re.compile(r"[\s,，约近]*占比?总?(?:计划|任务|数|量|长|设计|全部)?[数量]?的?[约近]?")
_OF_THE_SAME = re.compile(r"[\s,，(]*(?:约|可|将|能|就|也)?(?:占|达到?|为|完成(?=全?年|计划|任务))")
_OF_FUNDS = re.compile(
    r"(?:中央|省级?|市级?|县级|上级|财政|预算内|地方|政府|银行|一般|专项|超长期|特别|增发){0,8}(?:国债|专项?债|债券?|贷款|融资|资金|工程款|进度款|补助|预算)(?:的|累计|已|实际)*"
)
_NO_WORDS_OF_ITS_OWN = " ,，、:和与及约为是达到"
_JOINED_TO = re.compile(r"(?<=%)[和与及](?=\s*$)")  # 「分别占年计划的79%和80.7%」
_OF_A_PART = re.compile(
    r"[\s,，]*其中(?!今年|本年|当年|年度|年[初内累]|\d|[一二三四五六七八九十]+月|[上下本]|占|完成|目前|已)"
)
_A_SHARE = any_of(r"占|比")
_DONE = any_of(r"进度|完成|已完|完了|完工率|进展|总体|整体|干了|过|占")


def _of_what_was_wrong(before: str, context: Context) -> tuple[str | None, bool]:
    """「支付率写错了，应是58%」: what the words before the correction name."""
    named = Words.of(before)
    if named.hold(PAYMENT_RATE):
        return None, True
    return base_in(named) or context.percent_of or "unspecified", False


def base_in(words: Words) -> str | None:
    """Of what the words say that a percentage is."""
    bases = ((OF_ANNUAL, "annual_plan"), (OF_TOTAL, "total_invest"), (OF_WORKS, "works"))
    return next((base for table, base in bases if words.hold(table)), None)


def _of_something_else(left: str, clause: Clause, end: int) -> bool:
    """Whether words before a 支付率 are left that nothing accounts for. end: where the percentage begins."""
    for start, stop in (
        *((one.start, one.end) for one in clause.amounts),
        *((one.start, one.end) for one in clause.dates),
    ):
        if stop <= end:
            left = left.replace(clause.text[start - clause.start : stop - clause.start], " ")
    left = _OF_FUNDS.sub("", date_free(PERCENT_RUN.pattern.sub("", BETWEEN_NAMES.sub(" ", left))))
    return NO_WORD.sub("", WHOLE_FILLER.sub("", PAYMENT_RATE.pattern.sub("", left))) != ""


def is_taken_back(plain: str, left: str, end: int) -> bool:
    """Whether a percentage is one that was wrong. left: the words before it, end: where it ends."""
    if "不是" in left and _IS_NOT.search(left):
        return True
    if SUPERSEDED_BEFORE.pattern.search(left.rstrip(": ")):
        return True
    return _TAKEN_BACK.match(plain, end) is not None or (
        PUT_RIGHT_AFTER.match(plain, end) is not None and not _IS_RIGHT.search(left)
    )


def _is_of_a_day_ahead(clause: Clause, start: int, context: Context) -> bool:
    """「年底完成80%」: still to be reached; 年内 is the year so far."""
    for day in clause.dates:
        if day.end > start or day.kind in {"year", "within"}:
            continue
        said = clause.text[day.start - clause.start : day.end - clause.start]
        if "年内" in said or _ALREADY.search(clause.text, day.end - clause.start, start - clause.start):
            continue
        if due_ahead(day, context.today, context.calendar) is not None:
            return True
    return False


def judge_percentage(
    plain: str,
    clause: Clause,
    percent: PercentToken,
    *,
    skip: list[tuple[int, int]],
    context: Context,
    after_name: bool,
) -> tuple[str | None, bool]:
    """(base, is payment rate): the base is None when the percentage is of a part or of something else."""
    start = percent.start
    left = without_names(plain, clause.start, start, skip)
    said = clause.words.part(left).under(clause.label if clause.label.hold(_OF_A_RATE) else NO_WORDS)
    right = plain[percent.end : clause.end]
    if is_taken_back(plain, left, percent.end):
        return None, False
    if said.hold(PAYMENT_RATE) or right.startswith(("的支付率", "支付")):
        context.rate_told = clause.sentence
        if _of_something_else(left, clause, start):
            return None, False  # 「支付率：…、共渠62%」: of whom nobody was found to be named
        return None, not Words.of(said.text.replace("计划", "")).hold(FORECAST)
    if skip and context.rate_told == clause.sentence and not left.strip(_NO_WORDS_OF_ITS_OWN):
        return None, True  # 「天然渠支付率58%，共渠62%」
    context.rate_told = -1
    if _OF_A_PART.match(left):
        return None, False  # 「投资9800万，其中建安的占62%」
    without_amounts = said.text
    for amount in clause.amounts:
        if amount.end <= start:
            without_amounts = without_amounts.replace(plain[amount.start : amount.end], "")
    without_amounts = _JOINED_TO.sub("", without_amounts)
    without_amounts = BETWEEN_NAMES.sub(" ", without_amounts) if skip else without_amounts
    without_amounts = date_free(PERCENT_RUN.pattern.sub("", without_amounts))
    if said.hold(NOT_WHOLE) or said.hold(_EXPECTED) or _is_of_a_day_ahead(clause, start, context):
        return None, False
    if _UP_TO_MORE.match(plain, percent.end) or _UP_FROM.search(left):
        return None, False
    for day in clause.dates:
        if day.end <= start:
            without_amounts = without_amounts.replace(plain[day.start : day.end], "")
    if NO_WORD.sub("", WHOLE_FILLER.sub("", without_amounts)):
        return None, False
    if context.after_works and _MERE_SHARE.fullmatch(left):
        return None, False
    if context.expected == clause.sentence and not clause.opens and _OF_THE_SAME.match(left):
        return None, False
    if (base := base_in(said)) is not None:
        return base, False
    if context.percent_of and not said.hold(_A_RATE):
        return context.percent_of, False
    if context.month_plan == clause.sentence:
        return None, False
    if context.annual_plan and (
        said.hold(_A_SHARE) or _JUST_DONE.pattern.fullmatch(without_amounts.strip(" :,()"))
    ):
        return "annual_plan", False
    if context.corrects and _MERELY_IS.fullmatch(left):
        return _of_what_was_wrong(plain[max(0, clause.start - _LOOK_BACK) : clause.start], context)
    if context.annual_plan and not left.strip(" ,，:") and said.text == left:
        return "annual_plan", False  # 「年计划1亿，目前2900万，29%」
    beside = (
        0 <= context.figure_end <= clause.start <= context.figure_end + _NEXT_TO_IT
        and _BESIDE_IT.fullmatch(plain, context.figure_end, clause.start)
        and percent.end == clause.end
    )
    if said.hold(_DONE) or ((after_name or clause.aside or beside) and not without_amounts.strip(" :,()")):
        return "unspecified", False
    return None, False
