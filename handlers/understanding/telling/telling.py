"""What a clause without figures says: a state, a promise, a problem, a request, a fact, or nothing of use."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause
from handlers.understanding.issues import Said, asks, is_problem_label, tells_obstacle
from handlers.understanding.message import Message, is_meta_request
from handlers.understanding.phrases import Words, any_of, either
from handlers.understanding.phrases.corrections import CORRECTION
from handlers.understanding.phrases.money import FORECAST
from handlers.understanding.phrases.problems import NO_PROBLEM, OBSTACLE, PROBLEM_LABEL, REQUEST, SOLVED
from handlers.understanding.phrases.states import FINISHES, RESUMED, STARTS, UNCHANGED
from handlers.understanding.phrases.talk import CLOSING, COURTESY, FEEDBACK_HEAD, META, QUESTION
from handlers.understanding.slips import SLIP
from handlers.understanding.telling.telling_facts import (
    GAIN,
    INTENDS,
    REASON,
    REPORTS_LATER,
    SOFT_FORECAST,
    is_talk,
    keep_fact,
    take_fact,
)
from handlers.understanding.telling.telling_problems import CONSEQUENCE, forget_obstacle, take_problem
from handlers.understanding.telling.telling_promises import take_promise
from handlers.understanding.telling.telling_states import ITSELF, TELLS_STATE, take_state

_SHORT = 20
_POLITE_QUESTION = re.compile(
    r"麻烦(?=问|查|看|告诉|给?发|给我|列|导出|统计)|帮(?:我|忙)(?=问|查|看|发|列|统计)|请问|查一下|能不能(?:告诉|发|查|看)"
)
# 「请把…没报数的项目列一下」: asked of the bot.
_ASKS_TO_SHOW = re.compile(
    r"(?:请|麻烦|烦请|劳驾|能否|能不能|可否)?(?:您|老师|后台|系统)?(?:帮忙|帮我|给我|帮)?(?:把|将|给|查|发|列|导|统计|汇总)?"
    r"[^,，。;；]{0,30}(?:列一?下|列出来?|列个表|发(?:给)?我(?:一份|一下)?|发一[下份]|导出来?|导一下|查一?下|统计一?下)"
)
_PLEASE = any_of(r"(?:恳请|请|麻烦|拜托)(?!问|教)")
_HOW_MANY = re.compile(r"[两二三四五几2-5][个件项点]")
_MAY_ONE = re.compile(r"能不能|可不可以|是否可以|能否|可否")
_ASKS_ELSEWHERE = any_of(
    r"我们?(?:先|再|去|马上|这就|得)*(?:问|查|核|核实|了解|确认|落实|核对)(?:一)?下\S{0,12}(?:再|后|回头|马上|稍后)"
)
_OR_WHICH = any_of(
    r"\d[^,，。;；]{0,6}还是[^,，。;；]{0,6}\d|来着|[谁哪](?:来|报|填|定)的"
    r"|\d[万亿元]{0,2}[^,，。;；\d]{0,4}(?:行不行|行不|行吗|可以[吗不]|对(?:吗|不(?!上))|是吧|好吗|成不成|中不中|够不)"
)  # 「报的是8亿还是8.5亿来着」
_WHICH = any_of(r"哪些|哪个|哪几|有几个|多少(?:个|项)|有没有")
# What take_words looks for in a clause without dates before it takes a fact.
_SAYS_ELSE = either(UNCHANGED, NO_PROBLEM, PROBLEM_LABEL, SLIP, QUESTION)
_TALK = either(META, COURTESY)  # only at the head of a clause
_MORE_THAN_A_FACT = (
    either(REQUEST, OBSTACLE, CLOSING, FORECAST, INTENDS, CONSEQUENCE)
    | either(REASON, REPORTS_LATER, GAIN, FEEDBACK_HEAD, CORRECTION)
    | _SAYS_ELSE
    | TELLS_STATE
)
_MORE_OVER_A_FACT = either(PROBLEM_LABEL, FORECAST)  # in its label


def take_words(message: Message, clause: Clause, words: Words) -> None:
    """A clause without figures: a state, a problem, a request, a fact, or nothing of use."""
    stripped = words.stripped(" ,，。:")
    if not stripped.text:
        return
    if _is_mere_fact(message, clause, words, stripped):
        message.former = None if clause.opens else message.former
        keep_fact(message, clause, words)
        return
    if _says_something_else(message, clause, stripped):
        return
    if message.after_obstacle and not clause.opens and stripped.begin_with(SOLVED):
        forget_obstacle(message)
    short = len(stripped.text) <= _SHORT
    said = Said.of(words)
    if (
        (clause.dates or message.correction)
        and not (message.in_request and _by_when(clause, words))
        and not message.feedback
        and not message.closing
        and not said.obstacle
        and not said.asked
        and take_state(message, clause, words)
    ):
        return
    if (message.closing and short and stripped.hold(CLOSING)) or is_meta_request(stripped):
        return
    if message.correction and said.asked and _is_of_the_correction(message, clause):
        return
    if take_promise(message, clause, said):
        return
    if (
        not said.obstacle
        and not said.asked
        and clause.dates
        and not (message.in_request and _by_when(clause, words))
        and take_state(message, clause, words)
    ):
        return
    if take_problem(message, clause, said):
        return
    if take_state(message, clause, words):
        return
    take_fact(message, clause, words)


def _by_when(clause: Clause, words: Words) -> bool:
    """「请镇政府出面，10月25日前复工」, 「请交通局抢修，3天内通车」: the day of a request, and no forecast."""
    wanted = any(day.kind == "within" for day in clause.dates) or (
        any(day.before for day in clause.dates) and words.hold(RESUMED)
    )
    return wanted and not words.hold(FORECAST)


def _is_of_the_correction(message: Message, clause: Clause) -> bool:
    """「应为1680万元，请替换」: nobody is named who should act, and nothing stands in the way."""
    units = message.names.units.find(message.plain, clause.start, clause.end, message.names.places)
    return not units and not any(tells_obstacle(one.words) for one in message.clauses)


def _is_mere_fact(message: Message, clause: Clause, words: Words, stripped: Words) -> bool:
    """Shows no sign of anything else: what most clauses of a long report are, at a fraction of the cost."""
    if (
        clause.dates
        or message.verb
        or message.in_problem
        or message.after_obstacle
        or message.tells_problem
        or message.event_day
        or message.plain.startswith("?", clause.end)
        or (words.bits & _MORE_THAN_A_FACT and not _merely_shows_it(message, clause, words, stripped))
    ):
        return False
    label = clause.label.bits
    if not (words.bits & _TALK or label & (_MORE_THAN_A_FACT | _TALK)):
        return True
    whole = words.stripped()
    return not (
        label & _MORE_OVER_A_FACT
        or (len(stripped.text) < len(whole.text) and stripped.begin_with(META))
        or is_talk(whole)
        or words.begin_with(ITSELF)
        or message.told_lag == clause.sentence
        or SOFT_FORECAST.match(message.plain, clause.end)
    )


def _merely_shows_it(message: Message, clause: Clause, words: Words, stripped: Words) -> bool:
    """Whether the signs of something else deceive, and nothing around the clause could make it that."""
    return not (
        message.former
        or message.feedback
        or message.closing
        or message.correction
        or message.told_lag == clause.sentence
        or words.hold_any(_MORE_THAN_A_FACT)
        or (len(stripped.text) < len(words.text) and stripped.hold_any(_MORE_THAN_A_FACT))
        or SOFT_FORECAST.match(message.plain, clause.end)
    )


def _says_something_else(message: Message, clause: Clause, stripped: Words) -> bool:
    """No change, no problem, a heading over problems, a slip, a question. stripped: without marks around."""
    if not (stripped.bits & _SAYS_ELSE or message.verb or message.plain.startswith("?", clause.end)):
        return False
    if len(stripped.text) <= _SHORT and stripped.hold(UNCHANGED) and "有没有" not in stripped.text:
        if message.current and message.current[0].mention:
            for draft in message.current:
                draft.unchanged = True
        else:
            message.unchanged = True
        return True
    if stripped.hold(NO_PROBLEM) and not stripped.hold(FINISHES) and not stripped.hold(STARTS):
        if is_problem_label(clause.label) and stripped.are(NO_PROBLEM):
            message.in_problem = False  # 「存在问题：无。下周计划：…」
        return True
    if is_problem_label(stripped) and (
        clause.heads or (stripped.are(PROBLEM_LABEL) and not _asks_behind(message, stripped))
    ):
        message.in_problem = True
        message.counts_problems = _HOW_MANY.search(stripped.text) is not None
        return True
    if _takes_back(message, clause, stripped):
        return True
    if _is_question(message, clause, stripped) and not (message.closing and stripped.hold(CLOSING)):
        message.query = True
        return True
    return False


def _asks_behind(message: Message, stripped: Words) -> bool:
    """「变电站没建，需要市里协调」: behind a problem the words of such a heading ask for help."""
    return asks(stripped) and any(draft.problem.obstacles for draft in message.current)


def _takes_back(message: Message, clause: Clause, stripped: Words) -> bool:
    """「市中医院…哦不是，是…」: the name before was a slip; a slip in a number has been put right before."""
    if not stripped.are(SLIP):
        return False
    if (
        len(message.drafts) != 1
        or message.correction
        or any(one.money for one in message.clauses[: clause.number])
    ):
        return message.correction or len(message.drafts) == 1
    message.forget_the_only_mention()
    return True


def _is_question(message: Message, clause: Clause, stripped: Words) -> bool:
    if stripped.hold(_ASKS_ELSEWHERE):
        return False
    looks_up = message.verb.startswith("查")
    if not (looks_up or stripped.hold(QUESTION) or message.plain.startswith("?", clause.end)):
        return False
    if _ASKS_TO_SHOW.fullmatch(stripped.text) and not message.names.units.find(
        message.plain, clause.start, clause.end, message.names.places
    ):
        return True
    if message.after_obstacle and not clause.opens and stripped.begin_with(_PLEASE):
        return False  # 「…退回来两次了，请帮忙看看卡在哪」
    text = _POLITE_QUESTION.sub("", stripped.text)
    if message.seeks_advice:
        text = _MAY_ONE.sub("", text)  # 「请教一下，…能不能分两期缴？」
    return looks_up or not asks(Words.of(text))


def asks_for_figures(words: Words) -> bool:
    """「哪些项目支付率低于50%」: the number in these words is part of what is asked."""
    return (words.hold(_WHICH) or words.hold(_OR_WHICH)) and not asks(words)
