"""Words that a button or command asks for by itself: one question, its answer, its withdrawal (rule C4).

A question is open in the chat in which it is asked: what is asked privately is answered privately.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from handlers.context import Context
from handlers.verbs import Verb
from models.notices.lights import LightTextDropped, LightTextWanted
from models.operations import questions
from models.tables.drafts import Question

Answer = Callable[[Context, Question, str], bool]  # False when the text is none

_WITHDRAWN: Final = re.compile(
    r"(?:取消|不用了|点错了|算了|(?:算了)?[,，]?(?:先不[批提退报录改]?了?|不[批提退报录改]了))[ \u3000。.!！]*"
)


def ask(context: Context, kind: str, body: Mapping[str, Any], *, what: str, code: str) -> None:
    """Ask where the words were typed, or the presser of a button alone. code: of what they are about."""
    group_id = None if context.message.action else context.group_id
    questions.ask(context.desk, context.sender, kind=kind, body={**body, "code": code}, group_id=group_id)
    (context.say_privately if group_id is None else context.say)(LightTextWanted(what=what, code=code))


def ask_gaps(context: Context, kind: str, draft_id: int, gaps: Collection[str], *, code: str) -> None:
    """What a 提级建议 still lacks, when it is agreed to (rules E12, G2)."""
    what = f"{'、'.join(gaps)}（提级还缺，补齐后再同意）"
    ask(context, kind, {"draft": draft_id, "gaps": 1}, what=what, code=code)


def answered_by(press: Verb) -> Answer:
    """The answer does what the button does with words typed behind it."""

    def answer(context: Context, question: Question, text: str) -> bool:
        body = dict(question.body)
        close(context, question)
        press(context, body, text)
        return True

    return answer


def close(context: Context, question: Question) -> None:
    questions.close(context.desk, context.sender, group_id=question.group_id)


def settle(context: Context, kinds: Collection[str]) -> None:
    """What was asked for has been said in another way: it is asked for no longer, here or privately."""
    for group_id in {None, context.group_id}:
        question = questions.open_question(context.desk, context.sender, group_id=group_id)
        if question is not None and question.kind in kinds:
            close(context, question)


def withdraws(text: str) -> bool:
    """「取消」, 「算了」, 「先不批」 instead of the words."""
    return _WITHDRAWN.fullmatch(text.strip()) is not None


def drop(context: Context, question: Question) -> None:
    """The words are not given: they are asked for no longer, and nothing was recorded."""
    code = str(question.body.get("code", ""))
    close(context, question)
    (context.say_privately if question.group_id is None else context.say)(LightTextDropped(code=code))
