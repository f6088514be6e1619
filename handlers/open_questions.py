"""Who understands the answer to an open question, and what it waits for (rule C4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from handlers import asked_words
from handlers.asked_words import Answer
from handlers.commands import meeting
from handlers.context import Context
from handlers.dispatches import dispatch_drafts, minutes_drafts
from handlers.drafts import draft_actions
from handlers.items import county_requests, item_closing, item_decisions, item_raising
from handlers.lights import light_actions
from handlers.papers import documents
from handlers.problems import problem_drafts
from handlers.queries import projects
from handlers.reports import report_answers, report_drafts, reports
from handlers.understanding.answers import is_unchanged, parse_bare_amount, parse_choice
from models.notices.ledger import StillWaiting
from models.operations.report_lines import ReportBody
from models.queries import drafts as draft_queries
from models.tables.drafts import Question
from models.types import DraftKind

# What asks for words alone, by itself.
_WORDS: Final[Mapping[str, Answer]] = {
    **light_actions.ANSWERS,
    **item_decisions.ANSWERS,
    **item_raising.ANSWERS,
    **county_requests.ANSWERS,
    **meeting.ANSWERS,
}
_ANSWERS: Final[Mapping[str, Answer]] = {
    reports.QUESTION: reports.answer,
    draft_actions.EDIT: draft_actions.answer_edit,
    projects.CHOICE: projects.answer,
    **problem_drafts.ANSWERS,
    **dispatch_drafts.ANSWERS,
    **minutes_drafts.ANSWERS,
    **item_closing.ANSWERS,
    **_WORDS,
    documents.EDIT: documents.answer_edit,
}
# What is said to be still missing when a text was of no use; other questions say nothing then.
_WAITED_FOR: Final = {
    **problem_drafts.WAITED_FOR,
    dispatch_drafts.MISSING: "交办还缺的内容",
    dispatch_drafts.PERSON: "责任人的序号",
    minutes_drafts.GAPS: "纪要任务还缺的单位、时限",
}


def dropped(context: Context, question: Question, text: str) -> bool:
    """「取消」 instead of the words that are asked for: they are no longer; False for other texts and questions."""
    if not asked_words.withdraws(text):
        return False
    if question.kind in item_closing.ANSWERS:
        item_closing.drop(context, question)
    elif question.kind in _WORDS:
        asked_words.drop(context, question)
    else:
        return False
    return True


def answered(context: Context, question: Question, text: str) -> bool:
    """Use a text as the answer; False when it is none."""
    answer = _ANSWERS.get(question.kind)
    return answer is not None and answer(context, question, text)


def lapsed(context: Context, text: str) -> bool:
    """An answer that comes when its question has run out is not used: what is open is asked again (rule C4)."""
    nothing_new = is_unchanged(text) and "周" not in text  # 「本周无变化」 is said of the week (rule C19)
    if parse_bare_amount(text) is None and parse_choice(text) is None and not nothing_new:
        return False
    asking = []
    for draft in draft_queries.open_of(context.session, context.sender.id, kind=DraftKind.REPORT):
        lines = [line for line in ReportBody.from_json(draft.body).lines if reports.must_ask(line)]
        if draft.group_id == context.group_id and lines:
            asking.append((draft, lines[0]))
    if len(asking) != 1:
        return False
    draft, line = asking[0]
    if line.candidates:
        report_drafts.show(context, draft)
        return True
    reports.remember(context, draft, line)
    what = report_answers.WAITED_FOR.get(line.state, "答复")
    context.say(StillWaiting(code=reports.about(context, draft, line), what=what, again=True))
    return True


def still_waiting(context: Context, question: Question) -> bool:
    """Say that a text was not used and what is still asked for; False where nobody says it."""
    if question.kind == reports.QUESTION:
        return reports.still_waiting(context, question)
    if question.kind in item_closing.ANSWERS:
        return item_closing.still_waiting(context, question)
    what = _WAITED_FOR.get(question.kind)
    draft = draft_queries.still_open(context.session, question.draft_id)
    if what is None or draft is None:
        return False
    context.say(StillWaiting(code=f"草稿{draft.number}", what=what))
    return True
