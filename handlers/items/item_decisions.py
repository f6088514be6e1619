"""What 市领导 decide on a problem raised to them: 批示, 召开专项协调, 退回综合专班 (rules G2, G4, G6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from handlers import access, asked_words, item_access
from handlers.addressees import Addressee, addressed
from handlers.asked_words import Answer, answered_by
from handlers.context import Context
from handlers.items import province_reports
from handlers.understanding.instructed import Instructed, has_passed, instructed, instructed_deadline
from handlers.verbs import Verb
from models.errors import Invalid, NotFound
from models.notices.escalations import InstructionGaps
from models.notices.items import ItemDone
from models.operations import escalations, item_levels, item_sending_down, items, questions
from models.operations.desk import Desk
from models.operations.escalations import Order
from models.queries import item_parties
from models.queries import item_tasks as task_queries
from models.queries import items as item_queries
from models.queries.directory import PersonInfo, ProjectInfo
from models.rules import calendar
from models.rules.items import Party
from models.rules.posts import LEADERS
from models.tables.drafts import Question
from models.tables.items import Item
from models.types import Role

Args = Mapping[str, str | int]

INSTRUCTION: Final = "item.instruction"
REASON: Final = "item.send_down_reason"
DUE: Final = "task.due"
_HEAD: Final = 16  # characters at the head of an entered 批示 in which the leader is named
_OPENING: Final = re.compile(r"^(?:同志|副?市长)?(?:的)?(?:批示|指示|要求|批)?[：:，,\s]*")
_SENTENCES: Final = re.compile(r"[；;。\n]|(?<!\d)\.(?!\d)")
# 「应急局不用了，请水利局…」: an answer that leaves out whom nobody knows.
_DISMISSED: Final = re.compile(r"[^，,。；;\n]{1,20}?(?:不用|不要|去掉|不需要|不管|算了)了?[，,。；;\s]*")
_PARTS: Final = re.compile(r"[，,]")
_MEETS: Final = re.compile(r"(?:召开|开个?|组织|安排)[^，,。；;]{0,6}(?:协调|专题|现场|调度)(?:会|一次)?")
LONGEST: Final = 1000


# --- 批示


def instruct(context: Context, item: Item, text: str, *, more: tuple[str, ...] = ()) -> None:
    """批示 on an item; what is missing is asked for, and nothing is written until it is there.

    more: what was answered so far to the question for what was missing. What the unit's own 带班领导 writes is
    forwarded and gives no task; 综合专班 enters the 批示 of a 市领导 who is named (rule B10).
    """
    said = text.strip()[:LONGEST]
    if province_reports.means_reply(context, item, said):
        province_reports.enter_reply(context, item, said)
        return
    if _writes_a_note(context, item):
        _note(context, item, said)
        return
    giver = _entered_for(context, item, said)
    desk = context.desk if giver is not None else _desk(context, item)
    if giver is None:
        escalations.check_leader(desk, item, "批示")
    else:
        escalations.check_open(item, "批示")
        said = _OPENING.sub("", said[said.index(giver.name) + len(giver.name) :])
    if not said:
        _ask_for_instruction(context, item, "批示内容：请谁、办什么、几月几日前报结果")
        return
    gaps, orders, due = _understood(context, item, said, more)
    if gaps is not None:
        kept = {"text": text.strip()[:LONGEST], "more": list(more)}
        body = {"item": item.id, "code": item.number, **kept}
        questions.ask(context.desk, context.sender, kind=INSTRUCTION, body=body, group_id=None)
        context.say_privately(gaps)
        return
    asked_words.settle(context, (INSTRUCTION,))
    assert due is not None
    whole = f"{said}（补充：{'；'.join(more)}）" if more else said
    told = escalations.instruct(
        desk, item, whole, orders, due_at=calendar.deadline(due.day), period=due.period, giver=giver
    )
    context.say_privately(replace(told, own=True, task_ids=""))


def _writes_a_note(context: Context, item: Item) -> bool:
    """带班领导 of the 责任单位 who decides on no level."""
    people = access.own_and_principals(context)
    leaders = item_parties.leaders(context.directory, item)
    return any(one in leaders for one in people) and not any(
        one.holds(*LEADERS, Role.HUB_HEAD) for one in people
    )


def _note(context: Context, item: Item, said: str) -> None:
    if not said:
        _ask_for_instruction(context, item, "批示内容")
        return
    asked_words.settle(context, (INSTRUCTION,))
    leaders = item_parties.leaders(context.directory, item)
    mine = next(one for one in access.own_and_principals(context) if one in leaders)
    told = escalations.note(context.act_for(mine), item, said)
    context.say_privately(
        ItemDone(items.facts(context.desk, item), act="记录批示", told="、".join(one.label for one in told))
    )


def _ask_for_instruction(context: Context, item: Item, what: str) -> None:
    asked_words.ask(context, INSTRUCTION, {"item": item.id}, what=what, code=item.number)


def _entered_for(context: Context, item: Item, said: str) -> PersonInfo | None:
    """The 市领导 whose 批示 综合专班 enters, by the name at its head; None for who decides themselves (rule B10)."""
    if access.holds(context, *LEADERS):
        return None
    parties = item_parties.parties(context.directory, context.sender, item)
    if Party.HUB not in parties or (item.level < 2 and Party.HUB_HEAD in parties and not said):
        return None
    leaders = context.directory.holders(*LEADERS, organisation_id=item.organisation_id)
    named = [one for one in leaders if one.name in said[:_HEAD]]
    if len(named) == 1:
        return named[0]
    if item.level < 2 and Party.HUB_HEAD in parties:
        return None
    raise Invalid(
        f"请写明是哪位{item_levels.leaders(context.desk, item)}的批示",
        mend=f"例：/批示 {item.number} {_example(leaders)}批示：请…",
    )


def _example(leaders: tuple[PersonInfo, ...]) -> str:
    return leaders[0].name if leaders else "姓名"


def _understood(
    context: Context, item: Item, text: str, more: tuple[str, ...]
) -> tuple[InstructionGaps | None, list[Order], Instructed | None]:
    """What is missing, else None; orders and due time."""
    said = (text, *(_DISMISSED.sub("", one) for one in more))
    read = [addressed(context.directory, item.organisation_id, one) for one in said]
    found: dict[int, Addressee] = {one.unit.id: one for part in read for one in part.addressees}
    problems = [f"没认出「{name}」" for name in read[-1].unclear]
    nobody = [one.unit.name for one in found.values() if one.person is None]
    problems.extend(f"{name}没有联络员，请写明责任人" for name in nobody)
    dues = [
        one
        for words in (*reversed(more), text)
        if (one := instructed(words, context.desk.today, context.directory.calendar)) is not None
    ]
    own = _dues_of_units(context, item, text)
    due = dues[0] if dues else None
    if due is not None and (
        calendar.deadline(due.day) <= context.now or has_passed(due.day, context.desk.today, text)
    ):
        problems.append(f"{due.day:%m-%d} 18:00 已过，请另写日期")
    missing = [*([] if found else ["承办单位"]), *([] if dues else ["完成日期"])]
    orders = [
        Order(one.unit.id, one.person.id, *own.get(one.unit.id, ()))
        for one in found.values()
        if one.person is not None
    ]
    gaps = None
    if missing or problems:
        gaps = InstructionGaps(items.facts(context.desk, item), tuple(missing), tuple(problems))
    return gaps, orders, due


def _dues_of_units(context: Context, item: Item, text: str) -> dict[int, tuple[datetime, str]]:
    """Until when each unit of a 批示 that sets several days has to act; empty where one day holds for all.

    A day belongs to the units named before it in its sentence, or behind it where none is; what has none of its own
    follows its sentence. A day that has passed is left out: the whole is asked about it.
    """
    read: dict[int, Instructed] = {}
    for sentence in _SENTENCES.split(text):
        whole = instructed(sentence, context.desk.today, context.directory.calendar)
        for group, units in _groups(context, item, sentence):
            said = instructed(group, context.desk.today, context.directory.calendar) or whole
            if said is not None and not has_passed(said.day, context.desk.today, group):
                read.update(
                    {unit: max(said, read.get(unit, said), key=lambda one: one.day) for unit in units}
                )
    if len({one.day for one in read.values()}) < 2:
        return {}
    return {unit: (calendar.deadline(said.day), said.period) for unit, said in read.items()}


def _groups(context: Context, item: Item, sentence: str) -> list[tuple[str, list[int]]]:
    """The parts of a sentence, each with the units that it speaks to; what names none goes on with the part before."""
    groups: list[tuple[str, list[int]]] = []
    for part in _PARTS.split(sentence):
        read = addressed(context.directory, item.organisation_id, part)
        units = [one.unit.id for one in read.addressees]
        if groups and (not units or not groups[-1][1]):
            before, named = groups.pop()
            groups.append((f"{before}，{part}", named or units))
        else:
            groups.append((part, units))
    return groups


def waiting_of(context: Context, project: ProjectInfo | None = None) -> Item | None:
    """The item put to the sender for a decision: of a project, else the only one. None for other people."""
    leaders = [one for one in access.own_and_principals(context) if one.holds(*LEADERS)]
    found = [
        item
        for leader in leaders
        for item in item_queries.waiting_for_decision(context.session, leader.organisation_id)
        if leader in item_levels.deciders(context.desk, item)
        and (project is None or item.project_id == project.id)
    ]
    return found[0] if len(found) == 1 else None


def told_without_verb(context: Context, text: str) -> None:
    """「请交通局月底前拿出方案」 of a 市领导 before whom one item lies: free text instructs nobody (rules C16, G4).

    Raises Invalid with the text as 批示; other texts pass.
    """
    item = waiting_of(context)
    if item is None or not addressed(context.directory, item.organisation_id, text).addressees:
        return
    raise Invalid("要交办请写明「批示」", mend=f"请回：批示 {item.number} {text.strip()[:LONGEST]}")


def told_of_item(context: Context, item: Item, text: str) -> None:
    """The same of a named item: 「W0190请交通局月底前拿出方案」. Raises Invalid with the text as 批示."""
    if not access.holds(context, *LEADERS):
        return
    if _MEETS.search(text):
        raise Invalid("要召开专项协调请写明动作", mend=f"请回：召开专项协调 {item.number}")
    if addressed(context.directory, item.organisation_id, text).addressees:
        raise Invalid("要交办请写明「批示」", mend=f"请回：批示 {item.number} {text.strip()[:LONGEST]}")


def press_instruct(context: Context, args: Args, text: str) -> None:
    """[批示]"""
    instruct(context, item_access.by_id(context, int(args["item"])), text)


def _answer_instruction(context: Context, question: Question, text: str) -> bool:
    body = dict(question.body)
    asked_words.close(context, question)
    item = item_access.by_id(context, int(body["item"]))
    before = str(body.get("text") or "")
    if not before:
        instruct(context, item, text)
        return True
    instruct(context, item, before, more=(*body.get("more", ()), text.strip()[:LONGEST]))
    return True


# --- 专项协调, 退回


def press_convene(context: Context, args: Args, _text: str) -> None:
    """[召开专项协调]"""
    item = item_access.by_id(context, int(args["item"]))
    told = escalations.convene(_desk(context, item), item)
    context.say_privately(replace(told, own=True))


def press_send_down(context: Context, args: Args, text: str) -> None:
    """[退回综合专班]"""
    send_down(context, item_access.by_id(context, int(args["item"])), text)


def send_down(context: Context, item: Item, text: str) -> None:
    """A level sends the item back down, with a reason (rule G6)."""
    desk = access.desk_as(context, *LEADERS, Role.OFFICE_HEAD)
    item_sending_down.check_sends_down(desk, item)
    if not text.strip():
        asked_words.ask(context, REASON, {"item": item.id}, what="退回综合专班的原因", code=item.number)
        return
    asked_words.settle(context, (REASON,))
    from_province = item_levels.at_province(desk, item)
    told = item_sending_down.send_down(desk, item, text)
    act = f"退回到{item_levels.level_of(desk, item).full}" if from_province else "退回综合专班"
    context.say_privately(ItemDone(items.facts(desk, item), act=act, told=told))


# --- until when


def press_confirm_due(context: Context, args: Args, _text: str) -> None:
    """[确认时限]: the end of the period is what was meant (rule A2)."""
    item, tasks = _tasks(context, args)
    dues = list(dict.fromkeys(one.due_at for one in tasks if one.due_at is not None))
    if not dues:
        raise NotFound(item.number)
    for due_at in dues:
        _set_dues(context, item, [one for one in tasks if one.due_at == due_at], due_at)


def press_change_due(context: Context, args: Args, text: str) -> None:
    """[改时限]"""
    item, tasks = _tasks(context, args)
    if not text.strip():
        asked_words.ask(context, DUE, args, what="新的办结时限，如 9月28日", code=item.number)
        return
    day = instructed_deadline(text, context.desk.today, context.directory.calendar)
    if day is None:
        raise Invalid(f"没看懂时限「{text.strip()[:20]}」", mend="例：9月28日")
    if has_passed(day, context.desk.today, text):
        raise Invalid(f"时限 {day:%m-%d} 18:00 已过", mend="请给一个将来的日期")
    asked_words.settle(context, (DUE,))
    _set_dues(context, item, tasks, calendar.deadline(day))


def _tasks(context: Context, args: Args) -> tuple[Item, list[Item]]:
    item = item_access.by_id(context, int(args["item"]))
    wanted = {int(one) for one in str(args["tasks"]).split(",")}
    return item, [one for one in task_queries.tasks_of(context.session, item.id) if one.id in wanted]


def _set_dues(context: Context, item: Item, tasks: list[Item], due_at: datetime) -> None:
    desk = access.desk_as(context, Role.HUB_HEAD)
    moved = escalations.set_task_dues(desk, item, tasks, due_at)
    holders = [item_parties.responsible(context.directory, one) for one in moved]
    numbers = "、".join(one.number for one in tasks)
    context.say_privately(
        ItemDone(
            items.facts(desk, item),
            act=f"确认任务 {numbers} 的时限：{calendar.local(due_at):%m-%d %H:%M}",
            told="、".join(dict.fromkeys(one.label for one in holders if one is not None)),
        )
    )


# --- shared


def _desk(context: Context, item: Item) -> Desk:
    """The desk of the sender, or of the 市领导 or 综合专班负责人 they stand in for (rule B6)."""
    people = access.own_and_principals(context)
    able = [one for one in people if one.holds(*LEADERS)]
    if item.level < 2:
        able.extend(one for one in people if one.holds(Role.HUB_HEAD))
    return context.act_for(able[0] if able else None)


ANSWERS: Final[Mapping[str, Answer]] = {
    INSTRUCTION: _answer_instruction,
    REASON: answered_by(press_send_down),
    DUE: answered_by(press_change_due),
}

VERBS: Final[Mapping[str, Verb]] = {
    "item.instruct": press_instruct,
    "item.convene": press_convene,
    "item.send_down": press_send_down,
    "task.confirm_due": press_confirm_due,
    "task.change_due": press_change_due,
}
