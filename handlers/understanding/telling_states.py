"""What a clause tells of the whole project, put into the drafts: started, stopped, finished, when, expected when."""

from __future__ import annotations

from handlers.understanding.clauses import Clause
from handlers.understanding.message import Draft, Message
from handlers.understanding.phrases import Words, any_of, either
from handlers.understanding.state_phrases import FINISHES, NOT_STARTED, RESUMED, STARTS, SUSPENDED
from handlers.understanding.states import state_of

ITSELF = any_of(r"\s*(?:本|该|整个)?(?:项目|工程)?(?:全线|全面|整体|正式)")
TELLS_STATE = either(SUSPENDED, NOT_STARTED, RESUMED, STARTS, FINISHES)


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
    if found.former and found.former.wrong:
        message.correction = True
        message.used.extend((day.start, day.end) for day in clause.dates)
    if not message.current:
        return False
    if found.resumed:
        for draft in message.current:
            _forget_stop(message, draft)
    if found.says_something:
        for draft in message.current:
            draft.standing.take(found)
        message.used.extend((day.start, day.end) for day in clause.dates)
    message.told_plan = message.told_plan or found.former is not None or found.consumed
    return found.consumed or found.former is not None


def take_start(message: Message, clause: Clause, words: Words) -> None:
    """The day in 「3月28日开工以来累计完成3200万」, beside the figure."""
    found = state_of(clause, words, today=message.today, calendar=message.calendar, former=None)
    if found.state == "started" and found.started_on and not found.consumed:
        for draft in message.current:
            draft.standing.take(found)


def _forget_stop(message: Message, draft: Draft) -> None:
    """「停工4天，今天恢复施工」: the stop is over, so it is no problem any more."""
    problem = draft.problem
    if not problem.requests and all(
        SUSPENDED.pattern.search(message.plain, *one) for one in problem.obstacles
    ):
        problem.obstacles, problem.told = [], []
