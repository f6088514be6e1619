"""What a clause tells of the whole project, put into the drafts: started, stopped, finished, when, expected when."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause
from handlers.understanding.message import Draft, Message
from handlers.understanding.phrases import Words, any_of, either
from handlers.understanding.phrases.states import FINISHES, NOT_STARTED, POSTPONED, RESUMED, STARTS, SUSPENDED
from handlers.understanding.states import Former, state_of

ITSELF = any_of(r"\s*(?:本|该|整个)?(?:项目|工程)?(?:全线|全面|整体|正式)")
# 「因高考停工十天」, 「受降雨影响停了一周」
_PAUSE = re.compile(
    r"(?:(?:因为?|由于|受|为|前期|之前|此前|前阵子|前段时间|曾|一度)[\u4e00-\u9fff]{0,14}?)?"
    r"(?:冬季|春节|节日|汛期|雨季|高温|农忙|麦收)?(?:停工|停建|停摆|停止施工|暂停施工|停)了?(?:[\d一二两三四五六七八九十半好几多来余]{1,4}个?(?:天|日|周|月|星期|礼拜|旬)多?)?"
)
_THE_REST = re.compile(r"剩[下余]|还剩|其余")
TELLS_STATE = either(SUSPENDED, NOT_STARTED, RESUMED, STARTS, FINISHES)


def take_state(message: Message, clause: Clause, words: Words) -> bool:
    if not clause.dates and message.event_day is not None:
        clause.dates = [message.event_day]  # 「9月10日，…正式投产」
        message.event_day = None
    told = message.told_day
    if told and not clause.dates and clause.sentence == told[0] and words.begin_with(ITSELF):
        clause.dates = [told[1]]  # 「11月22日投料成功，…，项目正式投产」
    former = message.former or moved_anew(message, clause, words)
    if not words.bits & TELLS_STATE and former is None:
        return False
    found = state_of(clause, words, today=message.today, calendar=message.calendar, former=former)
    if found.expected_start and words.text.rstrip(" 了").endswith("进场") and _of_the_rest(message, clause):
        return True
    if found.expected_start or found.expected_finish:
        message.announced = clause.sentence, Former("finish" if found.expected_finish else "start")
    if found.former is not None or clause.dates or clause.opens or found.says_something:
        message.former = found.former  # 「原说10月底，因为到货晚，调整到11月中旬」 goes on past the reason
    if found.former and found.former.wrong:
        message.correction = True
        message.used.extend((day.start, day.end) for day in clause.dates)
    if not message.current:
        return False
    if words.hold(RESUMED) and not found.resumed:  # 「冬季停工，明年3月复工」
        for draft in message.current:
            draft.facts = [one for one in draft.facts if not _PAUSE.fullmatch(message.plain, *one)]
    if found.resumed:
        message.after_obstacle = False
        for draft in message.current:
            _forget_stop(message, draft)
    if found.says_something:
        for draft in message.current:
            draft.standing.take(found)
        message.used.extend((day.start, day.end) for day in clause.dates)
    message.told_plan = message.told_plan or found.former is not None or found.consumed
    return found.consumed or found.former is not None


def _of_the_rest(message: Message, clause: Clause) -> bool:
    """「剩下4栋钢结构招标完成，下周一进场」: what is left of works that go on, and no start."""
    plain = message.plain
    begin = max(plain.rfind(mark, 0, clause.start) for mark in "。;；\n") + 1
    return _THE_REST.search(plain, begin, clause.start) is not None


def moved_anew(message: Message, clause: Clause, words: Words) -> Former | None:
    """「计划10月底完工，提前到9月25日」: of the day just announced the second counts."""
    if message.announced is None or not clause.dates or not words.hold(POSTPONED):
        return None
    sentence, former = message.announced
    return former if sentence == clause.sentence and not clause.opens else None


def take_start(message: Message, clause: Clause, words: Words) -> None:
    """The day in 「3月28日开工以来累计完成3200万」, beside the figure."""
    found = state_of(clause, words, today=message.today, calendar=message.calendar, former=None)
    if found.state == "started" and found.started_on and not found.consumed:
        for draft in message.current:
            draft.standing.take(found)


def _forget_stop(message: Message, draft: Draft) -> None:
    """「停工4天，今天恢复施工」: the stop is over, so it is no problem any more, and no progress either."""
    problem = draft.problem
    draft.facts = [one for one in draft.facts if not _PAUSE.fullmatch(message.plain, *one)]
    if not problem.requests and all(
        SUSPENDED.pattern.search(message.plain, *one) for one in problem.obstacles
    ):
        problem.obstacles, problem.told = [], []
