"""Problems raised above 综合专班: put to 分管副市长, 批示 with tasks, 专项协调, sent back (rules E12, G2–G6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from models.errors import Invalid, NotAllowed, StateForbids
from models.notices.escalations import (
    InstructionTask,
    InstructionTasked,
    ItemEscalated,
    MeetingCalled,
    TaskDueChanged,
    TaskLine,
    UnitInstruction,
)
from models.notices.item_screening import ItemToScreen
from models.operations import (
    county_links,
    item_dues,
    item_levels,
    item_screening,
    item_tasks,
    items,
    ladders,
)
from models.operations.desk import Desk
from models.queries import item_history, item_parties
from models.queries import items as item_queries
from models.queries import lights as light_queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules import items as rules
from models.rules.escalation import GOVERNMENT, VICE_MAYOR
from models.rules.ladder import Receipt
from models.rules.posts import LEADERS
from models.tables.items import Item
from models.tables.lights import EscalationDraft, Instruction
from models.types import ItemState, Role, Urgency

REPEATED: Final = timedelta(hours=24)  # within which the same 批示 is a card pressed twice (as rule C13)
FROM_LIGHT: Final = "亮灯"
FROM_INSTRUCTION: Final = "批示"
MEETING: Final = item_queries.CONVENED
BY_UNIT: Final = "item_unit"
"""Kind of subject of a 批示 that a unit's own 带班领导 wrote: forwarded, no task, no decision of a level."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which unit has to carry out a 批示, and who is 责任人 there.

    due_at, period: what the 批示 says of this unit alone; None for the due time of the whole.
    """

    unit_id: int
    person_id: int
    due_at: datetime | None = None
    period: str = ""


def raise_from_light(desk: Desk, draft: EscalationDraft) -> Item:
    """An agreed 提级建议 on a red light becomes a problem item at its level; 分管副市长 is asked (rule E12).

    Raises Invalid when nobody holds the post above.
    """
    project = desk.directory.projects[draft.project_id or 0]
    unit = desk.directory.unit_named(project.organisation_id, draft.unit) if draft.unit else None
    item = item_screening.create(
        desk,
        item_screening.NewItem(
            organisation_id=project.organisation_id,
            title=draft.crux,
            raised_by_id=desk.actor.on_behalf_of,
            project_id=project.id,
            wanted=draft.path,
            wanted_unit_id=unit.id if unit else None,
            wanted_by=calendar.deadline(draft.due_on) if draft.due_on else None,
            kind=rules.kind_of(draft.crux),
            tags=rules.tags_of(draft.crux),
            source=FROM_LIGHT,
            level=draft.to_level,
        ),
    )
    desk.record(items.subject(item), {"escalation_draft": (None, draft.to_level)}, reason="同意提级")
    deciders = item_levels.deciders(desk, item)
    level = item_levels.level_of(desk, item)
    if not deciders:
        raise Invalid(f"通讯录里没有{level.addressee}，无法提请", mend="请先补充名册")
    state = light_queries.state(desk.session, project.id)
    desk.notify(
        ItemEscalated(
            items.facts(desk, item), state.red_days if state else 0, draft.crux, draft.unit, draft.path,
            draft.due_on, desk.actor.label, asked=level.asked,
        ),
        to=deciders, key=items.key_of(item, "escalated"), reason="提请专项协调", about=items.subject(item),
    )  # fmt: skip
    return item


# --- what is decided above


def check_leader(desk: Desk, item: Item, act: str) -> PersonInfo:
    """Who decides now: a 市领导, below level 2 综合专班负责人 (rule G1).

    Raises NotAllowed for others, StateForbids for an item that is over.
    """
    person = acting(desk, item)
    roles = LEADERS if item.level >= 2 else (*LEADERS, Role.HUB_HEAD)
    if person is None or not person.holds(*roles) or person.organisation_id != item.organisation_id:
        below = f"综合专班负责人、{item_levels.leaders(desk, item)}"
        raise NotAllowed(f"{act} {item.number}", who=leaders_who(desk, item) if item.level >= 2 else below)
    check_open(item, act)
    return person


def leaders_who(desk: Desk, item: Item) -> str:
    """分管副市长等市领导, by the words of the item's organisation."""
    chain = item_levels.chain_of(desk, item)
    deputy = chain[VICE_MAYOR].addressee if chain.own_top >= VICE_MAYOR else ""
    return f"{deputy}等{item_levels.leaders(desk, item)}" if deputy else item_levels.leaders(desk, item)


def acting(desk: Desk, item: Item) -> PersonInfo | None:
    """The acting person, as they are in the organisation of the item (rule Q3)."""
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    return desk.directory.in_house(person, item.organisation_id) if person is not None else None


def check_open(item: Item, act: str) -> None:
    """Raises StateForbids for an item that is over."""
    if ItemState(item.state) in rules.ENDED:
        raise StateForbids(item.number, state=item.state, act=act)


def instruct(
    desk: Desk,
    item: Item,
    text: str,
    orders: Sequence[Order],
    *,
    due_at: datetime,
    period: str = "",
    giver: PersonInfo | None = None,
) -> InstructionTasked:
    """批示: stored, and one task 待签收 for every unit (rule G4). Returns what was done.

    period: 「本周内」 when the due time is the end of a period, which 综合专班负责人 confirms (rule A2). giver: whose
    批示 it is when 综合专班 enters it (rule B10). Raises Invalid without a unit or with a due time that has passed.
    """
    giver = giver or check_leader(desk, item, "批示")
    check_open(item, "批示")
    _check_new(desk, item, giver, text)
    if not orders:
        raise Invalid("批示没有写明承办单位")
    orders = [replace(one, due_at=due_at, period=period) if one.due_at is None else one for one in orders]
    dues = [one.due_at for one in orders if one.due_at is not None]
    if min(dues) <= desk.now:
        raise Invalid(f"时限 {calendar.local(min(dues)):%m-%d %H:%M} 已过", mend="请给一个将来的日期")
    _store(desk, item, giver, text)
    supervisor = item_tasks.supervisor(desk, item.organisation_id, item)
    if supervisor is None:
        raise Invalid("通讯录里没有督办专员", mend="请先补充名册")
    by = giver.label if desk.actor.on_behalf_of == giver.id else f"{giver.label}（{desk.actor.label}录入）"
    tasks = [
        _assign(desk, item, order, text, giver=giver, by=by, supervisor=supervisor, due_at=due)
        for order, due in zip(orders, dues, strict=True)
    ]
    if item.level >= 2 and item.state == ItemState.SCREENING.value and item.parent_id is None:
        items.change(desk, item, state=ItemState.IN_PROGRESS.value, supervisor_id=supervisor.id)
    desk.withdraw(items.subject(item), reason="已批示", notices=(ItemEscalated, ItemToScreen))
    several = len(set(dues)) > 1
    lines = tuple(
        TaskLine(
            task.number, desk.directory.units[order.unit_id].name, desk.directory.people[order.person_id].label,
            order.due_at if several else None,
        )
        for (task, _), order in zip(tasks, orders, strict=True)
    )  # fmt: skip
    periods = "」「".join(dict.fromkeys(one.period for one in orders if one.period))
    told = InstructionTasked(
        items.facts(desk, item), by, text, lines, max(dues), tasks[0][1].due, own=False, period=periods
    )
    county_links.instructed(
        desk, item, f"{by}批示：{text}（任务 {'、'.join(f'{one.number} {one.unit}' for one in lines)}）"
    )
    _tell_instructed(
        desk, item, told, orders, giver=giver, supervisor=supervisor,
        task_ids=[task.id for (task, _), order in zip(tasks, orders, strict=True) if order.period],
    )  # fmt: skip
    return told


def _tell_instructed(
    desk: Desk,
    item: Item,
    told: InstructionTasked,
    orders: Sequence[Order],
    *,
    giver: PersonInfo,
    supervisor: PersonInfo,
    task_ids: Sequence[int],
) -> None:
    """综合专班负责人, who confirms a due time that is the end of a period; 督办专员, 带班领导 of the units."""
    holders = {order.person_id for order in orders} | {desk.actor.person_id or 0}
    heads = [one for one in item_parties.hub_heads(desk.directory, item) if one.id not in holders]
    confirmed = replace(told, task_ids=",".join(map(str, task_ids))) if told.period else told
    desk.notify(
        confirmed, to=[one for one in heads if one.id != giver.id], key=items.key_of(item, "instructed head"),
        reason="批示任务告知", about=items.subject(item),
    )  # fmt: skip
    others = [supervisor, *([giver] if giver.id != desk.actor.on_behalf_of else [])]
    for order in orders:
        others.extend(item_parties.allowed_only(desk.directory, item, _leaders(desk, order.unit_id)))
    known = holders | {one.id for one in heads}
    desk.notify(
        told, to=[one for one in others if one.id not in known], key=items.key_of(item, "instructed"),
        reason="批示任务告知", about=items.subject(item),
    )  # fmt: skip


def _leaders(desk: Desk, unit_id: int) -> tuple[PersonInfo, ...]:
    return desk.directory.for_unit(unit_id, Role.LEADER)


def _assign(
    desk: Desk,
    item: Item,
    order: Order,
    text: str,
    *,
    giver: PersonInfo,
    by: str,
    supervisor: PersonInfo,
    due_at: datetime,
) -> tuple[Item, Receipt]:
    task, receipt = item_tasks.assign(
        desk,
        item_tasks.Order(
            organisation_id=item.organisation_id,
            text=text,
            unit_id=order.unit_id,
            person_id=order.person_id,
            due_at=due_at,
            supervisor_id=supervisor.id,
            source=FROM_INSTRUCTION,
            raised_by_id=giver.id,
            project_id=item.project_id,
            level=item.level,
            kind=item.kind,
            task_force_id=item.task_force_id,
        ),
        parent=item,
    )
    desk.notify(
        InstructionTask(
            items.facts(desk, task), item.number, by, text, desk.directory.units[order.unit_id].name,
            due_at, receipt.due, supervisor.label,
        ),
        to=desk.directory.people[order.person_id], key=items.key_of(task, "assigned"), reason="批示任务",
        about=items.subject(task), urgency=_urgency(desk, item, due_at),
    )  # fmt: skip
    return task, receipt


def _urgency(desk: Desk, item: Item, due_at: datetime) -> Urgency:
    """A task of a 特别重大 item is 紧急 itself where it would be told after its own deadline (rules A3, G7)."""
    grave = item.urgent and item.level >= GOVERNMENT
    return Urgency.URGENT if grave and desk.comes_too_late(due_at) else Urgency.NORMAL


def note(desk: Desk, item: Item, text: str) -> tuple[PersonInfo, ...]:
    """批示 of the unit's own 带班领导: stored and forwarded to 责任人 and 联络员 (rule B10). Returns whom."""
    giver = acting(desk, item)
    if giver is None or giver not in item_parties.leaders(desk.directory, item):
        raise NotAllowed(f"批示 {item.number}", who=f"{leaders_who(desk, item)}，责任单位带班领导")
    check_open(item, "批示")
    _store(desk, item, giver, text, kind=BY_UNIT)
    person = item_parties.responsible(desk.directory, item)
    people = dict.fromkeys([*([person] if person else []), *item_parties.liaisons(desk.directory, item)])
    to = tuple(one for one in people if one.id != desk.actor.person_id)
    desk.notify(
        UnitInstruction(items.facts(desk, item), giver.label, text), to=to,
        key=f"item {item.id} unit instruction {desk.now.isoformat()}", reason="批示", about=items.subject(item),
    )  # fmt: skip
    return to


def set_task_dues(desk: Desk, item: Item, tasks: Sequence[Item], due_at: datetime) -> tuple[Item, ...]:
    """[确认时限], [改时限]: 综合专班负责人 settles until when the tasks of a 批示 run (rule A2).

    Returns those that have another due time now. Raises NotAllowed, Invalid; tasks that were submitted stay.
    """
    person = acting(desk, item)
    if person is None or not person.holds(Role.HUB_HEAD) or person.organisation_id != item.organisation_id:
        raise NotAllowed("确认批示任务时限", who="综合专班负责人")
    if due_at <= desk.now:
        raise Invalid(f"时限 {calendar.local(due_at):%m-%d %H:%M} 已过", mend="请给一个将来的日期")
    moved: list[Item] = []
    for task in tasks:
        if task.state not in (ItemState.AWAITING_RECEIPT.value, ItemState.IN_PROGRESS.value):
            continue
        desk.record(items.subject(task), {"due_confirmed": (None, due_at)}, reason="确认批示任务时限")
        if task.due_at == due_at:
            continue
        items.change(desk, task, due_at=due_at, reason="批示任务时限由综合专班负责人确定")
        if task.state == ItemState.IN_PROGRESS.value:
            ladders.end(desk, items.subject(task), "时限已改", items.CLOSING)
            ladders.open_again(
                desk, items.subject(task), items.CLOSING, due_at=due_at, policy=items.policy_of(desk, task)
            )
            item_dues.watch(desk, task)
        moved.append(task)
        holder = item_parties.responsible(desk.directory, task)
        if holder is not None:
            desk.notify(
                TaskDueChanged(items.facts(desk, task), desk.actor.label, due_at), to=holder,
                key=items.key_of(task, "due changed"), reason="批示任务时限", about=items.subject(task),
            )  # fmt: skip
    return tuple(moved)


def _check_new(desk: Desk, item: Item, giver: PersonInfo, text: str) -> None:
    """Raises Invalid when the same 批示 was given a short while ago: a card pressed twice gives no task twice."""
    for one in reversed(item_history.instructions(desk.session, item.id)):
        if one.by_id == giver.id and one.text == text and desk.now - one.at < REPEATED:
            raise Invalid(
                f"{item.number} 这条批示 {calendar.local(one.at):%m-%d %H:%M} 已记录并交办，不重复交办",
                mend=f"另有要求请改写后再发；查进展：/查 {item.number}",
            )


def sent_down(desk: Desk, item: Item) -> str:
    """「郑海峰 09-22 09:00 退回」: who brought the item to a level below, for a card from before; empty otherwise."""
    row = item_history.noted(desk.session, item.id, "level")
    if row is None or not (row.old and row.new and row.old > row.new):
        return ""
    return f"{row.by_name} {calendar.local(row.at):%m-%d %H:%M} 退回"


def convene(desk: Desk, item: Item) -> MeetingCalled:
    """召开专项协调: recorded, 综合专班负责人 arranges it. Raises StateForbids the second time."""
    giver = check_leader(desk, item, MEETING)
    if not item_queries.undecided(desk.session, item):
        raise StateForbids(item.number, state=standing(item), act=MEETING, meanwhile=sent_down(desk, item))
    earlier = desk.session.execute(
        select(Instruction.at)
        .where(
            Instruction.subject_kind == "item",
            Instruction.subject_id == item.id,
            Instruction.text == MEETING,
            Instruction.at >= (item.level_since or item.raised_at),
        )
        .limit(1)
    ).scalar_one_or_none()
    if earlier is not None:
        raise StateForbids(
            item.number, state=f"{calendar.local(earlier):%m-%d %H:%M} 已决定召开专项协调", act="再次召开",
            allowed=("批示", "退回综合专班"),
        )  # fmt: skip
    _store(desk, item, giver, MEETING)
    heads = item_parties.hub_heads(desk.directory, item)
    names = "、".join(head.label for head in heads) or "综合专班"
    told = MeetingCalled(items.facts(desk, item), giver.label, desk.now, names, own=False)
    desk.notify(
        told, to=heads, key=items.key_of(item, "meeting"), reason=MEETING, about=items.subject(item)
    )  # fmt: skip
    return told


def standing(item: Item) -> str:
    return item.state if item.level < 2 else "已批示"


def _store(desk: Desk, item: Item, giver: PersonInfo, text: str, *, kind: str = "item") -> None:
    desk.session.add(
        Instruction(
            subject_kind=kind, subject_id=item.id, project_id=item.project_id, by_id=giver.id, text=text,
            at=desk.now,
        )
    )  # fmt: skip
    desk.session.flush()
    desk.record(items.subject(item), {"instruction": (None, text)})
