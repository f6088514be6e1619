"""【交办草稿】: what D4 requires is gathered step by step, then confirmed (rules B1, C4, D4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from handlers import item_access, naming
from handlers.context import Context
from handlers.dispatches import dispatch_words
from handlers.dispatches.dispatch_words import DispatchBody
from handlers.understanding.answers import parse_choice
from handlers.understanding.wanted import read_wanted
from models.errors import Invalid, NotFound
from models.notices.item_dispatch import ItemDispatched
from models.notices.item_drafts import DispatchDraftCard, DispatchGaps, ItemPersonChoice
from models.operations import drafts, item_assists, item_dispatch, items, questions
from models.operations.item_assists import NewAssist
from models.queries import drafts as draft_queries
from models.rules import calendar
from models.rules.items import ItemAct, Required, finish_of
from models.tables.drafts import Draft, Question
from models.tables.items import Item
from models.types import DraftKind, DraftState, Role

MISSING: Final = "dispatch.missing"
PERSON: Final = "dispatch.person"
_EMPTY_ACTIONS: Final = frozenset({"办结", "办好", "办妥", "办理", "解决", "完成"})
_EXAMPLES: Final[Mapping[Required, str]] = {
    Required.GOAL: "目标 10月15日前完成审查",
    Required.MEASURES: "措施 开辟绿色通道并联审查",
    Required.UNIT: "责任单位 市住建局",
    Required.PERSON: "责任人 彭倩",
    Required.DUE: "时限 10月15日",
    Required.SUPERVISOR: "督办专员 马德胜",
}


def start(context: Context, item: Item, text: str = "") -> None:
    """[交办] or /交办 编号 …: take what is said, ask for what is missing, or show the card."""
    item_access.desk_for(context, item, ItemAct.DISPATCH)
    draft = next(
        (
            one
            for one in draft_queries.open_of(context.session, context.sender.id, kind=DraftKind.DISPATCH)
            if one.body["item"] == item.id
        ),
        None,
    )
    body = DispatchBody.from_json(draft.body) if draft is not None else _known(context, item)
    problems: list[str] = []
    if text.strip():
        taken = dispatch_words.take(context, body, text)
        if taken is None:
            problems.append(f"没看懂「{text.strip()[:30]}」")
        else:
            body, problems = taken
    if draft is None:
        draft = drafts.open_draft(
            context.desk,
            context.sender,
            DraftKind.DISPATCH,
            body.to_json(),
            group_id=context.group_id,
            source=context.message.message_id,
        )
    elif body.to_json() != draft.body:
        drafts.edit(context.desk, draft, body.to_json())
    if item.returns and text.strip() and not (problems or body.missing() or body.asked):
        confirm(context, draft)  # 改交办, 裁定: what was known before is confirmed already
        return
    _show(context, draft, body, problems)


def _known(context: Context, item: Item) -> DispatchBody:
    """What the item says already: the unit and date that were wished for, a goal made of the wish."""
    due = item.due_at or item.wanted_by
    force = items.task_force(context.desk, item)
    unit_id, person_id = item.unit_id or item.wanted_unit_id, item.person_id
    if item.returns and person_id is None and unit_id in context.directory.units:
        person = next(iter(context.directory.for_unit(unit_id, Role.LIAISON)), None)
        person_id = person.id if person else None
    return DispatchBody(
        item=item.id,
        goal=item.goal or proposed_goal(context, item),
        measures=item.measures,
        unit=unit_id,
        person=person_id,
        due=calendar.local(due).isoformat() if due is not None and due > context.now else None,
        supervisor=item.supervisor_id,
        task_force=force.id if force else None,
        tags=tuple(item.tags),
    )


def proposed_goal(context: Context, item: Item) -> str | None:
    """「10-15 前完成消防设计审查并核发施工许可」 of what was wished for and the type; None without either."""
    finish = finish_of(item.kind)
    action = ""
    if item.wanted:
        action = read_wanted(
            item.wanted, calendar.local_date(item.raised_at), context.directory.calendar
        ).action
    unit = context.directory.units.get(item.wanted_unit_id or 0)
    if unit is not None:  # who does it stands beside the goal, as 责任单位
        action = (
            action.removeprefix(unit.name).removeprefix(unit.name.removeprefix("市")).removeprefix("牵头")
        )
    if not action and finish is None:
        return None
    if finish is not None and action in _EMPTY_ACTIONS:
        action = ""
    if finish is not None and (item.kind or "") not in action:
        action = f"{action}并{finish}" if action else finish
    by = f"{calendar.local(item.wanted_by):%m-%d} 前" if item.wanted_by else ""
    return f"{by}{action}"


def _new_assists(body: DispatchBody) -> tuple[NewAssist, ...]:
    return tuple(
        NewAssist(
            unit_id,
            name,
            person_id,
            task or item_assists.default_task(body.goal or ""),
            datetime.fromisoformat(due) if due else None,
        )
        for unit_id, name, person_id, task, due in body.assists
    )


def _assist_words(context: Context, body: DispatchBody) -> tuple[str, ...]:
    """Each 协办 unit in a few words, for the card."""
    return tuple(
        f"{one.unit_name} {_label(context, one.person_id)}，{one.task}"
        + (f"（{calendar.local(one.due_at):%m-%d %H:%M} 前）" if one.due_at else "")
        for one in _new_assists(body)
    )


# --- showing


def show(context: Context, draft: Draft) -> None:
    _show(context, draft, DispatchBody.from_json(draft.body), [])


def _show(context: Context, draft: Draft, body: DispatchBody, problems: list[str]) -> None:
    questions.close_for_draft(context.desk, draft.id)
    item = items.get(context.desk, body.item)
    facts = items.facts(context.desk, item)
    if body.asked is not None:
        context.say(
            ItemPersonChoice(
                facts,
                draft_id=draft.id,
                field=body.asked,
                field_name=body.asked,
                name=body.asked_name,
                choices=tuple((number, context.directory.people[number].label) for number in body.choices),
            )
        )
        questions.ask(context.desk, context.sender, kind=PERSON, group_id=context.group_id, draft_id=draft.id)
        return
    gaps = body.missing()
    if gaps or problems:
        context.say(
            DispatchGaps(
                facts,
                draft_number=draft.number,
                missing=tuple(gap.value for gap in gaps),
                problems=tuple(problems),
                example="；".join(_EXAMPLES[gap] for gap in gaps),
                person=_label(context, body.person),
            )
        )
        questions.ask(
            context.desk, context.sender, kind=MISSING, group_id=context.group_id, draft_id=draft.id
        )
        return
    assert body.goal is not None and body.measures is not None and body.due_at is not None  # noqa: PT018
    assert body.unit is not None
    force = context.directory.task_forces.get(body.task_force or 0)
    context.say(
        DispatchDraftCard(
            facts,
            draft_id=draft.id,
            version=draft.version,
            number=draft.number,
            goal=body.goal,
            measures=body.measures,
            unit=context.directory.units[body.unit].name,
            person=_label(context, body.person),
            due_at=body.due_at,
            supervisor=_label(context, body.supervisor),
            task_force=force.name if force else "综合专班",
            tags=body.tags,
            assists=_assist_words(context, body),
        )
    )


def _label(context: Context, person_id: int | None) -> str:
    person = context.directory.people.get(person_id) if person_id is not None else None
    return person.label if person else ""


# --- answering, editing, confirming


def answer(context: Context, question: Question, text: str) -> bool:
    """Use a text as the answer to what is missing or to a choice; False when it is none."""
    draft = draft_queries.still_open(context.session, question.draft_id)
    if draft is None:
        return False
    if question.kind == PERSON:
        body = DispatchBody.from_json(draft.body)
        choice = parse_choice(text)
        if choice is not None:
            if not 1 <= choice <= len(body.choices):
                raise Invalid(f"没有第{choice}位", mend=f"请回 1–{len(body.choices)}，或直接写姓名和单位")
            return choose(context, draft, body.choices[choice - 1])
        named = [
            one
            for one in naming.people_named(context.directory, dispatch_words.house(context, body), text)
            if one.id in body.choices
        ]
        if len(named) == 1:
            return choose(context, draft, named[0].id)
    return edit(context, draft, text)


def choose(context: Context, draft: Draft, person_id: int) -> bool:
    """One of several people of a name was chosen (rule B1)."""
    body = DispatchBody.from_json(draft.body)
    if body.asked is None or person_id not in body.choices:
        _show(context, draft, body, [])
        return True
    body = dispatch_words.with_person(body, Required(body.asked), context.directory.people[person_id])
    drafts.edit(context.desk, draft, body.to_json())
    _show(context, draft, body, [])
    return True


def edit(context: Context, draft: Draft, text: str) -> bool:
    """Labelled values, or the only missing one; False when nothing could be used."""
    taken = dispatch_words.take(context, DispatchBody.from_json(draft.body), text)
    if taken is None:
        return False
    body, problems = taken
    drafts.edit(context.desk, draft, body.to_json())
    _show(context, draft, body, problems)
    return True


def amended(context: Context, text: str) -> bool:
    """「措施 …」, 「时限 10月20日」 while one 交办草稿 is open and nothing is asked: it is taken into it."""
    if not dispatch_words.is_about(text):
        return False  # without reading every draft that is open
    mine = draft_queries.open_of(context.session, context.sender.id, kind=DraftKind.DISPATCH)
    if len(mine) > 1:  # of several the only one that still lacks something
        mine = [draft for draft in mine if DispatchBody.from_json(draft.body).missing()]
    return len(mine) == 1 and edit(context, mine[0], text)


def confirm(context: Context, draft: Draft) -> None:
    """[确认交办]"""
    body = DispatchBody.from_json(draft.body)
    item = item_access.by_id(context, body.item)
    desk = item_access.desk_for(context, item, ItemAct.DISPATCH)
    if body.asked is not None or body.missing():
        _show(context, draft, body, [])
        return
    if body.person not in context.directory.people or body.supervisor not in context.directory.people:
        raise NotFound("责任人或督办专员")
    assert body.goal is not None and body.measures is not None and body.due_at is not None  # noqa: PT018
    assert body.unit is not None and body.person is not None and body.supervisor is not None  # noqa: PT018
    receipt = item_dispatch.dispatch(
        desk,
        item,
        item_dispatch.Dispatch(
            goal=body.goal,
            measures=body.measures,
            unit_id=body.unit,
            person_id=body.person,
            due_at=body.due_at,
            supervisor_id=body.supervisor,
            task_force_id=body.task_force,
            tags=body.tags,
            assists=_new_assists(body),
        ),
    )
    drafts.close(desk, draft, DraftState.CONFIRMED)
    context.say(
        ItemDispatched(
            items.facts(desk, item),
            unit=items.unit_name(desk, item),
            person=_label(context, body.person),
            due_at=body.due_at,
            receipt_due_at=receipt.due,
        )
    )


ANSWERS: Final[Mapping[str, Callable[[Context, Question, str], bool]]] = {MISSING: answer, PERSON: answer}
