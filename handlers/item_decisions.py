"""What 市领导 decide on a problem raised to them: 批示, 召开专项协调, 退回综合专班 (rules G2, G4, G6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from handlers import access, item_access
from handlers.addressees import Addressee, addressed
from handlers.context import Context
from handlers.dispatch_drafts import FAR
from handlers.router import Verb
from handlers.understanding.instructed import instructed_deadline
from models.notices.escalations import InstructionGaps
from models.notices.items import ItemDone
from models.notices.lights import LightTextWanted
from models.operations import escalations, items, questions
from models.operations.desk import Desk
from models.operations.escalations import LEADERS, Order
from models.queries import items as item_queries
from models.queries.directory import ProjectInfo
from models.rules import calendar
from models.tables.drafts import Question
from models.tables.items import Item

Args = Mapping[str, str | int]

INSTRUCTION: Final = "item.instruction"
REASON: Final = "item.send_down_reason"
LONGEST: Final = 1000
_NEVER_MIND: Final = frozenset({"取消", "算了", "不用了", "不批了", "先不批"})


# --- 批示


def instruct(context: Context, item: Item, text: str, *, more: tuple[str, ...] = ()) -> None:
    """批示 on an item; what is missing is asked for, and nothing is written until it is there.

    more: what was answered so far to the question for what was missing.
    """
    desk = _desk(context)
    escalations.check_leader(desk, item, "批示")
    said = text.strip()[:LONGEST]
    if not said:
        _ask(context, INSTRUCTION, {"item": item.id}, "批示内容：请谁、办什么、几月几日前报结果", item.number)
        return
    gaps, orders, due = _understood(context, item, said, more)
    if gaps is not None:
        body = {"item": item.id, "text": said, "more": list(more)}
        questions.ask(
            context.desk, context.sender, kind=INSTRUCTION, body=body, group_id=_question_group(context)
        )
        context.say_privately(gaps)
        return
    _settle(context, INSTRUCTION)
    whole = f"{said}（补充：{'；'.join(more)}）" if more else said
    told = escalations.instruct(desk, item, whole, orders, due_at=due)
    context.say_privately(replace(told, own=True))


def _understood(
    context: Context, item: Item, text: str, more: tuple[str, ...]
) -> tuple[InstructionGaps | None, list[Order], datetime]:
    """What is missing, else None; orders and due time."""
    read = [addressed(context.directory, item.organisation_id, one) for one in (text, *more)]
    found: dict[int, Addressee] = {one.unit.id: one for part in read for one in part.addressees}
    problems = [f"没认出「{name}」" for name in read[-1].unclear]
    nobody = [one.unit.name for one in found.values() if one.person is None]
    problems.extend(f"{name}没有联络员，请写明责任人" for name in nobody)
    days = [
        day
        for one in (*reversed(more), text)
        if (day := instructed_deadline(one, context.desk.today, context.directory.calendar)) is not None
    ]
    due = calendar.deadline(days[0]) if days else context.now
    far = bool(days) and (days[0] - context.desk.today).days > FAR and "年" not in text
    if days and (due <= context.now or far):  # without a year a past day would be next year's
        problems.append(f"{days[0]:%m-%d} 18:00 已过，请另写日期")
    missing = [*([] if found else ["承办单位"]), *([] if days else ["完成日期"])]
    orders = [Order(one.unit.id, one.person.id) for one in found.values() if one.person is not None]
    gaps = None
    if missing or problems:
        gaps = InstructionGaps(items.facts(context.desk, item), tuple(missing), tuple(problems))
    return gaps, orders, due


def waiting_of(context: Context, project: ProjectInfo | None = None) -> Item | None:
    """The item put to the sender for a decision: of a project, else the only one. None for other people."""
    leaders = [one for one in access.own_and_principals(context) if one.holds(*LEADERS)]
    found = [
        item
        for leader in leaders
        for item in item_queries.waiting_for_decision(context.session, leader.organisation_id)
        if leader in item_queries.deciders(context.directory, item)
        and (project is None or item.project_id == project.id)
    ]
    return found[0] if len(found) == 1 else None


def press_instruct(context: Context, args: Args, text: str) -> None:
    """[批示]"""
    instruct(context, item_access.by_id(context, int(args["item"])), text)


def _answer_instruction(context: Context, question: Question, text: str) -> bool:
    body = dict(question.body)
    _close(context, question)
    item = item_access.by_id(context, int(body["item"]))
    before = str(body.get("text") or "")
    if not before:
        instruct(context, item, text)
        return True
    instruct(context, item, before, more=(*body.get("more", ()), text.strip()[:LONGEST]))
    return True


def dropped(context: Context, question: Question | None, text: str) -> bool:
    """「取消」 while a 批示 or a reason is asked for: it is asked for no longer, nothing was recorded."""
    if question is None or question.kind not in ANSWERS or text.strip(" 。.！!") not in _NEVER_MIND:
        return False
    item = item_access.by_id(context, int(question.body["item"]))
    _close(context, question)
    context.say_privately(ItemDone(items.facts(context.desk, item), act="取消本次操作，未作记录", told=""))
    return True


# --- 专项协调, 退回


def press_convene(context: Context, args: Args, _text: str) -> None:
    """[召开专项协调]"""
    told = escalations.convene(_desk(context), item_access.by_id(context, int(args["item"])))
    context.say_privately(replace(told, own=True))


def press_send_down(context: Context, args: Args, text: str) -> None:
    """[退回综合专班]"""
    item = item_access.by_id(context, int(args["item"]))
    desk = _desk(context)
    escalations.check_leader(desk, item, "退回")
    if not text.strip():
        _ask(context, REASON, {"item": item.id}, "退回综合专班的原因", item.number)
        return
    _settle(context, REASON)
    told = escalations.send_down(desk, item, text)
    context.say_privately(ItemDone(items.facts(desk, item), act="退回综合专班", told=told))


def _answer_reason(context: Context, question: Question, text: str) -> bool:
    body = dict(question.body)
    _close(context, question)
    press_send_down(context, body, text)
    return True


# --- shared


def _desk(context: Context) -> Desk:
    """The desk of the sender, or of the 市领导 they stand in for (rule B6)."""
    leaders = [one for one in access.own_and_principals(context) if one.holds(*LEADERS)]
    return context.act_for(leaders[0] if leaders else None)


def _question_group(context: Context) -> int | None:
    return None if context.message.action else context.group_id


def _ask(context: Context, kind: str, body: dict[str, Any], what: str, number: str) -> None:
    questions.ask(context.desk, context.sender, kind=kind, body=body, group_id=_question_group(context))
    context.say_privately(LightTextWanted(what=what, code=number))


def _settle(context: Context, kind: str) -> None:
    """What was asked for was said in another way."""
    for group_id in {None, context.group_id}:
        question = questions.open_question(context.desk, context.sender, group_id=group_id)
        if question is not None and question.kind == kind:
            questions.close(context.desk, context.sender, group_id=group_id)


def _close(context: Context, question: Question) -> None:
    questions.close(context.desk, context.sender, group_id=question.group_id)


ANSWERS: Final[Mapping[str, Callable[[Context, Question, str], bool]]] = {
    INSTRUCTION: _answer_instruction,
    REASON: _answer_reason,
}

VERBS: Final[Mapping[str, Verb]] = {
    "item.instruct": press_instruct,
    "item.convene": press_convene,
    "item.send_down": press_send_down,
}
