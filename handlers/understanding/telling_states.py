"""What a clause tells of the whole project, put into the drafts: started, stopped, finished, when, expected when."""

from __future__ import annotations

from dataclasses import replace

from handlers.understanding.clauses import Clause
from handlers.understanding.dates import as_deadline, as_event
from handlers.understanding.days_ahead import lies_ahead
from handlers.understanding.message import Draft, Message
from handlers.understanding.phrases import Words, any_of, either
from handlers.understanding.state_phrases import FINISHES, NOT_STARTED, RESUMED, STARTS, SUSPENDED
from handlers.understanding.states import state_of

_DAY_TOLD_WRONG = any_of(
    r"(?:(?P<start>开工|动工|开建)|竣工|完工|建成|投产|通车|交付)的?(?:时间|日期|日子)\S{0,6}?(?:[报写填说弄搞输][错反串]|有误|不对|不准|错了|不是)"
)
_IS_RIGHT = any_of(r"(?:应该?|实际|准确的?|正确的?)*(?:是|为|在)|改[为成]|更正为")
ITSELF = any_of(r"\s*(?:本|该|整个)?(?:项目|工程)?(?:全线|全面|整体|正式)")
TELLS_STATE = either(SUSPENDED, NOT_STARTED, RESUMED, STARTS, FINISHES)


def take_corrected_day(message: Message, clause: Clause, words: Words) -> bool:
    """「竣工时间前天报错了，不是9月20号，是9月28号」: the day that counts is the one that is said to be right."""
    if wrong := words.find(_DAY_TOLD_WRONG):
        message.day_wrong = "start" if wrong["start"] else "finish"
        message.used.extend((day.start, day.end) for day in clause.dates)
        return True
    if not message.day_wrong or not clause.dates:
        return False
    message.used.extend((day.start, day.end) for day in clause.dates)
    stripped = words.stripped()
    if stripped.text.startswith("不是"):
        return True
    if not stripped.begin_with(_IS_RIGHT):
        return False
    day, what = clause.dates[-1], message.day_wrong
    message.day_wrong = ""
    ahead = lies_ahead(day, words, message.today)
    due, on = as_deadline(day, message.today, message.calendar), as_event(day, message.today)
    for draft in message.nobody():
        if what == "start":
            line = (
                replace(draft.line, expected_start=due)
                if ahead
                else replace(draft.line, state="started", started_on=on)
            )
        else:
            line = (
                replace(draft.line, expected_finish=due)
                if ahead
                else replace(draft.line, state="finished", finished_on=on)
            )
        draft.line = line
    return True


def take_state(message: Message, clause: Clause, words: Words) -> bool:
    if not clause.dates and message.event_day is not None:
        clause.dates = [message.event_day]  # 「9月10日，…正式投产」
        message.event_day = None
    told = message.told_day
    if told and not clause.dates and clause.sentence == told[0] and words.begin_with(ITSELF):
        clause.dates = [told[1]]  # 「11月22日投料成功，…，项目正式投产」
    if not words.bits & TELLS_STATE and message.former is None:
        return False
    found = state_of(clause, words, today=message.today, calendar=message.calendar, former=message.former)
    message.former = found.former
    if not message.current:
        return False
    if found.resumed:
        for draft in message.current:
            _forget_stop(message, draft)
    values = {
        "state": found.state,
        "started_on": found.started_on,
        "finished_on": found.finished_on,
        "expected_start": found.expected_start,
        "expected_finish": found.expected_finish,
    }
    if said := {key: value for key, value in values.items() if value is not None}:
        for draft in message.current:
            draft.line = replace(draft.line, **said)  # type: ignore[arg-type]  # fields of ProjectLine
        message.used.extend((day.start, day.end) for day in clause.dates)
    message.told_plan = message.told_plan or found.former is not None or found.consumed
    return found.consumed or found.former is not None


def take_start(message: Message, clause: Clause, words: Words) -> None:
    """The day in 「3月28日开工以来累计完成3200万」, beside the figure."""
    found = state_of(clause, words, today=message.today, calendar=message.calendar, former=None)
    if found.state == "started" and found.started_on and not found.consumed:
        for draft in message.current:
            draft.line = replace(draft.line, state=found.state, started_on=found.started_on)


def _forget_stop(message: Message, draft: Draft) -> None:
    """「停工4天，今天恢复施工」: the stop is over, so it is no problem any more."""
    problem = draft.problem
    if not problem.requests and all(
        SUSPENDED.pattern.search(message.plain, *one) for one in problem.obstacles
    ):
        problem.obstacles, problem.told = [], []
