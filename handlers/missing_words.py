"""Words that an act still needs: asked for once, and the sender's next message gives them (rule C4).

A refusal for want of words (`WordsMissing`) keeps what was typed or pressed; the answer is put behind it and the whole
goes the usual way again. An answer is no decision of its own: verb and number were given before (rule C16).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from handlers import asides, asked_words, item_access
from handlers.context import Context
from handlers.hearing import hear
from handlers.naming import PROJECT_CODE
from handlers.understanding import answers
from handlers.understanding.asking import is_greeting, is_question, is_thanks
from models.errors import NotFound, WordsMissing
from models.operations import questions
from models.queries import items as item_queries
from models.tables.drafts import Question
from models.types import InboundKind, InboundMessage

KIND: Final = "act.words"
_LONGEST: Final = 500  # characters of an answer
# 「请写明缺哪个批复」 asks nothing of us: it is what the other is bidden to do.
_BIDS: Final = re.compile(r"请(?:写|补|说|明确|提供|附|注明|列|先|按|把)[^?？]*$")


def ask(context: Context, error: WordsMissing, pressed: dict[str, Any] | None) -> None:
    """Wait for the words. pressed: the button's facts when one was pressed, whose refusal goes to the presser alone."""
    body: dict[str, Any] = {
        "text": context.message.text.strip(),
        "action": context.message.action,
        "lead": error.lead,
        "files": error.files,
    }
    item_id = pressed["args"].get("item") if pressed is not None else _item_named(context)
    if item_id is not None:
        body["item"] = item_id
    group_id = None if pressed is not None else context.group_id
    questions.ask(context.desk, context.sender, kind=KIND, body=body, group_id=group_id)


def _item_named(context: Context) -> int | None:
    number = item_queries.normal_number(context.message.text)
    if number is None:
        return None
    try:
        return item_access.item(context, number).id
    except NotFound:
        return None


def _open(context: Context) -> Question | None:
    question = questions.open_question(context.desk, context.sender, group_id=context.group_id)
    return question if question is not None and question.kind == KIND else None


def completed(context: Context) -> InboundMessage | None:
    """The act with the words that this message gives; None when it gives none."""
    message, question = context.message, _open(context)
    if question is None:
        return None
    body, said = dict(question.body), message.text.strip()
    if message.kind is InboundKind.FILES and not body["files"]:
        return None
    if message.kind is InboundKind.TEXT and not _gives_words(context, question, said):
        return None
    questions.close(context.desk, context.sender, group_id=context.group_id)
    if said and body["lead"] and body["lead"] not in said:
        said = f"{body['lead']} {said}"
    kind = InboundKind.CLICK if body["action"] else InboundKind.TEXT
    return replace(message, kind=kind, text=f"{body['text']} {said}".strip(), action=body["action"])


def _gives_words(context: Context, question: Question, said: str) -> bool:
    """Whether a text can be the words: no confirmation, question, courtesy or message of its own."""
    if not said or len(said) > _LONGEST or answers.parse_confirmation(said) is not None:
        return False
    asks = is_question(said) and not _BIDS.match(said)
    if asks or is_greeting(said) or is_thanks(said):
        return False
    if PROJECT_CODE.fullmatch(said) and item_queries.normal_number(said) is None:
        return False  # 「zx0031」 is looked up
    return not asides.is_message_of_its_own(context, question, hear(context, said), said)


def dropped(context: Context) -> bool:
    """「取消」 instead of the words: nothing is asked for any longer, nothing was recorded."""
    if not asked_words.withdraws(context.message.text) or (question := _open(context)) is None:
        return False
    asked_words.drop(context, question)
    return True


def done_otherwise(context: Context, message: InboundMessage) -> None:
    """The act was typed or pressed again with its words: they are asked for no longer."""
    question = _open(context)
    if question is None:
        return
    body = question.body
    same = message.action == body["action"] if body["action"] else _plain(message.text).startswith(
        _plain(str(body["text"]))
    )  # fmt: skip
    if same:
        close(context)


def close(context: Context) -> None:
    questions.close(context.desk, context.sender, group_id=context.group_id)


def _plain(text: str) -> str:
    return "".join(text.lstrip("/／、 ").split())
