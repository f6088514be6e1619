"""What a clause without figures says: a state, a promise, a problem, a request, a fact, or nothing of use."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.understanding.clauses import Clause
from handlers.understanding.dates import as_deadline, as_period
from handlers.understanding.issues import (
    after_problem_label,
    asks,
    is_problem_label,
    tells_hardship,
    tells_obstacle,
    trimmed,
)
from handlers.understanding.message import Draft, Message, is_meta_request
from handlers.understanding.money_phrases import FIGURE_FILLER, FORECAST
from handlers.understanding.problem_phrases import NO_PROBLEM
from handlers.understanding.reading import Promise
from handlers.understanding.state_phrases import EXPECTED, FINISHES, STARTS, UNCHANGED
from handlers.understanding.states import state_of
from handlers.understanding.talk_phrases import CATCH_UP, CLOSING, COMMITMENT, COURTESY, META, QUESTION

ADVANCES = re.compile(r"已|完成|正在|施工|封顶|浇筑|安装|开始|进场|开工|竣工|目前|预计|计划|累计|投资|形象")
_PAST = re.compile(r"已(?:于|经|在)|(?:日|号|底)已")
_TOO_FAR = 300  # days; a promise a year ahead is a date that has passed
_SHORT = 20
_CONSEQUENCE = re.compile(r"否则|不然|要不然")
_PLEADS = re.compile(r"(?<![申邀报提敬呈有])请|恳|希望|建议|麻烦|需要?|能否|可否|能不能|盼|求")
_DONE = re.compile(r"已(?!经?[不无没])|完毕|完成|结束|取得|封顶")
_HAS_DONE = re.compile(r"已|完成了")
_INTENDS = re.compile(r"计划|打算|准备(?!就绪|工作)|下一?步|下周|明天|下月")
_REPORTS_LATER = re.compile(r"(?:晚点|稍后|晚些|待会|随后|回头|马上|明天)(?:再)?(?:报|补)")
_REASON = re.compile(r"原因[是为:]|的原因|主要原因")
_SLIP = re.compile(r"[哦噢啊呃哎唉]*(?:不是|不对|说错了?|打错了?|错了|发错了?|口误)[哦噢啊呃了]*")
_POLITE_QUESTION = re.compile(
    r"麻烦(?=问|查|看|告诉)|帮(?:我|忙)(?=问|查|看)|请问|查一下|能不能(?:告诉|发|查|看)"
)
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}")


def take_words(message: Message, clause: Clause, text: str) -> None:
    """A clause without figures: a state, a problem, a request, a fact, or nothing of use."""
    stripped = text.strip(" ,，。:")
    if not stripped:
        return
    if UNCHANGED.search(stripped) and len(stripped) <= _SHORT:
        if message.current and message.current[0].mention:
            for draft in message.current:
                draft.line = replace(draft.line, unchanged=True)
        else:
            message.unchanged = True
        return
    if NO_PROBLEM.search(stripped) and not FINISHES.search(stripped) and not STARTS.search(stripped):
        return
    if is_problem_label(stripped) and message.is_label(clause):
        return
    if _takes_back(message, stripped):
        return
    if _is_question(message, clause, stripped):
        message.query = True
        return
    if (
        clause.dates
        and not message.feedback
        and not message.closing
        and not tells_obstacle(text)
        and not asks(text)
        and _take_state(message, clause, text)
    ):
        return
    if _closing_words(message, stripped) or is_meta_request(stripped):
        return
    if _take_promise(message, clause, text):
        return
    if not tells_obstacle(text) and not asks(text) and clause.dates and _take_state(message, clause, text):
        return
    if _take_problem(message, clause, text):
        return
    if _take_state(message, clause, text):
        return
    _take_fact(message, clause, text)


def _takes_back(message: Message, stripped: str) -> bool:
    """「市中医院…哦不是，是…」: the name before was a slip."""
    if _SLIP.fullmatch(stripped) is None or len(message.drafts) != 1:
        return False
    message.forget_the_only_mention()
    return True


def _is_question(message: Message, clause: Clause, stripped: str) -> bool:
    follows = message.plain[clause.end : clause.end + 1]
    if not (QUESTION.search(stripped) or follows == "?" or message.verb.startswith("查")):
        return False
    return message.verb.startswith("查") or not asks(_POLITE_QUESTION.sub("", stripped))


def _closing_words(message: Message, stripped: str) -> bool:
    return message.closing and CLOSING.search(stripped) is not None and len(stripped) <= _SHORT


def _take_promise(message: Message, clause: Clause, text: str) -> bool:
    """「承诺5月25日前全部拆完」, 「10月18日追平」."""
    if asks(text) or not clause.dates or _PAST.search(text):
        return False
    if not message.feedback and (FINISHES.search(text) or STARTS.search(text)):
        return False
    day = clause.dates[-1]
    due = as_deadline(day, message.today, message.calendar)
    catch_up, commits = CATCH_UP.search(text), COMMITMENT.search(f"{clause.label}:{text}")
    if due is None or not 0 <= (due - message.today).days <= _TOO_FAR:
        return False
    if not (catch_up or commits or (message.feedback and day.before)):
        return False
    if not message.feedback and not message.current and not catch_up:
        return False
    for draft in message.nobody():
        draft.line = replace(draft.line, promised_by=due)
        if catch_up:
            draft.promises.append(Promise(due, None, message.source.span(clause.start, clause.end)))
    if commits and not catch_up:
        message.feedback = True
    message.used.append((clause.start, clause.end))
    return True


def _take_problem(message: Message, clause: Clause, text: str) -> bool:
    if _CONSEQUENCE.match(text.strip()):
        return True
    start = after_problem_label(message.plain, clause.start, clause.end)
    labelled = is_problem_label(clause.label) or start > clause.start
    if labelled:
        message.in_problem = True
    requested = asks(text) or (
        message.in_request and bool(clause.dates) and (clause.dates[0].before or not EXPECTED.search(text))
    )
    answered = (message.feedback or message.closing) and not message.tells_problem
    if message.feedback and requested and not _PLEADS.search(text):
        requested = False
    if requested and not (answered and not asks(text)):
        message.in_request = True
        for draft in message.nobody():
            draft.problem.requests.append(clause)
            if tells_obstacle(text):
                draft.problem.told.append(clause)
        message.used.append((clause.start, clause.end))
        return True
    obstacle = tells_obstacle(text) or (
        message.after_obstacle and not clause.opens and ADVANCES.search(text) is None
    )
    message.after_obstacle = False
    if (
        message.tells_figures
        and not message.asks_something
        and not message.in_problem
        and tells_hardship(text)
    ):
        return False
    if answered or not (obstacle or message.in_problem or (message.tells_problem and message.current)):
        return False
    if (
        not (message.current and (message.current[0].mention or message.references))
        and not message.tells_problem
    ):
        return False
    if META.match(text.strip()) or COURTESY.match(text.strip()) or not _WORDS.search(text):
        return False
    if not obstacle and not message.in_problem and _DONE.search(text):
        return False
    a, b = message.told_range(clause, text, start)
    if b - a < 2:
        return False
    for draft in message.nobody():
        if obstacle or message.in_problem or not draft.problem.requests:
            draft.problem.obstacles.append((a, b))
        draft.problem.told.append(clause)
        _take_stop(message, draft, clause, text)
    message.used.append((a, b))
    message.after_obstacle = obstacle
    return True


def _take_stop(message: Message, draft: Draft, clause: Clause, text: str) -> None:
    found = state_of(clause, text, today=message.today, calendar=message.calendar, former=None)
    if found.state in {"suspended", "not_started"}:
        draft.line = replace(draft.line, state=found.state)


def _take_state(message: Message, clause: Clause, text: str) -> bool:
    if not clause.dates and message.event_day is not None:
        clause.dates = [message.event_day]  # 「9月10日，…正式投产」
        message.event_day = None
    found = state_of(clause, text, today=message.today, calendar=message.calendar, former=message.former)
    message.former = found.former
    if not message.current:
        return False
    values = {
        "state": found.state,
        "started_on": found.started_on,
        "finished_on": found.finished_on,
        "expected_start": found.expected_start,
        "expected_finish": found.expected_finish,
    }
    said = {key: value for key, value in values.items() if value is not None}
    for draft in message.current:
        draft.line = replace(draft.line, **said)  # type: ignore[arg-type]  # fields of ProjectLine
    if said:
        message.used.extend((day.start, day.end) for day in clause.dates)
    message.told_plan = message.told_plan or found.former is not None or found.consumed
    return found.consumed or found.former is not None


def _take_fact(message: Message, clause: Clause, text: str) -> None:
    stripped = text.strip()
    if META.match(stripped) or COURTESY.match(stripped) or "百分点" in stripped:
        return
    if _REPORTS_LATER.search(stripped) or (message.feedback and _REASON.search(stripped)):
        return
    if clause.label and FORECAST.search(clause.label):
        return
    forecast = FORECAST.search(text.replace("计划", "")) is not None and not message.feedback
    if forecast or _plans(message, clause, text):
        message.told_plan = message.told_plan or bool(message.current)
        return
    a, b = message.told_range(clause, text, clause.start)
    heads = {day.start: day.end for day in clause.dates if day.kind in {"relative", "week"}}
    while a in heads:
        a, b = trimmed(message.plain, heads[a], b)
    told = message.plain[a:b]
    if META.match(told) or not _WORDS.search(FIGURE_FILLER.sub("", told)):
        return
    for draft in message.nobody():
        draft.facts.append((a, b))
    message.used.append((a, b))


def _plans(message: Message, clause: Clause, text: str) -> bool:
    """A clause about what lies ahead."""
    if _INTENDS.search(text) and not _HAS_DONE.search(text):
        return True
    for day in clause.dates:
        period = as_period(day, message.today)
        this_year = day.kind in {"month", "day"} and day.year is None and day.month is not None
        ahead = this_year and ((day.month or 0), day.day or 31) > (message.today.month, message.today.day)
        if (
            period is None
            or period.first > message.today
            or (ahead and (day.day or day.part in {"底", "末"} or (day.month or 0) > message.today.month))
        ):
            return day.kind not in {"feast", "within", "dayno"}
    return False
