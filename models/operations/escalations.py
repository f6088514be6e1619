"""Problems raised above 综合专班: put to 分管副市长, 批示 with tasks, 专项协调, sent back (rules E12, G2–G6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from models.errors import Invalid, NotAllowed, StateForbids
from models.notices.escalations import (
    InstructionTask,
    InstructionTasked,
    ItemEscalated,
    ItemSentDown,
    MeetingCalled,
    TaskLine,
)
from models.operations import item_dues, item_screening, items
from models.operations.desk import Desk
from models.queries import items as item_queries
from models.queries import lights as light_queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules import items as rules
from models.rules.ladder import Receipt
from models.tables.items import Item
from models.tables.lights import EscalationDraft, Instruction
from models.types import ItemState, Role

FROM_LIGHT: Final = "亮灯"
FROM_INSTRUCTION: Final = "批示"
MEETING: Final = "召开专项协调"
LEADERS: Final = (Role.CITY_LEADER, Role.DEPUTY_MAYOR, Role.EXECUTIVE_DEPUTY_MAYOR)
_WHO: Final = "分管副市长等市领导"
_LONGEST_TITLE: Final = 200


@dataclass(frozen=True, slots=True)
class Order:
    """Which unit has to carry out a 批示, and who is 责任人 there."""

    unit_id: int
    person_id: int


def raise_from_light(desk: Desk, draft: EscalationDraft) -> Item:
    """An agreed 提级建议 on a red light becomes a problem item at its level; 分管副市长 is asked (rule E12).

    Raises Invalid when nobody holds the post above.
    """
    project = desk.directory.projects[draft.project_id or 0]
    unit = desk.directory.unit_by_name.get(draft.unit)
    if unit is not None and unit.organisation_id != project.organisation_id:
        unit = None
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
    deciders = item_queries.deciders(desk.directory, item)
    if not deciders:
        raise Invalid("通讯录里没有分管副市长，无法提请", mend="请先补充名册")
    state = light_queries.state(desk.session, project.id)
    desk.notify(
        ItemEscalated(
            items.facts(desk, item), state.red_days if state else 0, draft.crux, draft.unit, draft.path,
            draft.due_on, desk.actor.label,
        ),
        to=deciders, key=items.key_of(item, "escalated"), reason="提请专项协调", about=items.subject(item),
    )  # fmt: skip
    return item


# --- what is decided above


def check_leader(desk: Desk, item: Item, act: str) -> PersonInfo:
    """The 市领导 who decides now. Raises NotAllowed for others, StateForbids for an item that is over."""
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    if person is None or not person.holds(*LEADERS) or person.organisation_id != item.organisation_id:
        raise NotAllowed(f"{act} {item.number}", who=_WHO)
    if ItemState(item.state) in rules.ENDED:
        raise StateForbids(item.number, state=item.state, act=act)
    return person


def instruct(
    desk: Desk, item: Item, text: str, orders: Sequence[Order], *, due_at: datetime
) -> InstructionTasked:
    """批示: stored, and one task 待签收 for every unit (rule G4). Returns what was done.

    Raises Invalid without a unit or with a due time that has passed.
    """
    giver = check_leader(desk, item, "批示")
    if not orders:
        raise Invalid("批示没有写明承办单位")
    if due_at <= desk.now:
        raise Invalid(f"时限 {calendar.local(due_at):%m-%d %H:%M} 已过", mend="请给一个将来的日期")
    _store(desk, item, giver, text)
    supervisor = _supervisor(desk, item)
    tasks = [
        _assign(desk, item, order, text, giver=giver, supervisor=supervisor, due_at=due_at)
        for order in orders
    ]
    if item_queries.awaits_decision(item):
        items.change(desk, item, state=ItemState.IN_PROGRESS.value, supervisor_id=supervisor.id)
        desk.withdraw(items.subject(item), reason="已批示", notices=(ItemEscalated,))
    lines = tuple(
        TaskLine(
            task.number, desk.directory.units[order.unit_id].name, desk.directory.people[order.person_id].label
        )
        for (task, _), order in zip(tasks, orders, strict=True)
    )  # fmt: skip
    told = InstructionTasked(
        items.facts(desk, item), giver.label, text, lines, due_at, tasks[0][1].due, own=False
    )
    informed = [*item_queries.hub_heads(desk.directory, item), supervisor]
    for order in orders:
        informed.extend(desk.directory.for_unit(order.unit_id, Role.LEADER))
    holders = {order.person_id for order in orders}
    desk.notify(
        told, to=[one for one in informed if one.id not in holders | {giver.id, desk.actor.person_id}],
        key=items.key_of(item, "instructed"), reason="批示任务告知", about=items.subject(item),
    )  # fmt: skip
    return told


def _assign(
    desk: Desk, item: Item, order: Order, text: str, *, giver: PersonInfo, supervisor: PersonInfo, due_at: datetime
) -> tuple[Item, Receipt]:  # fmt: skip
    task = Item(
        organisation_id=item.organisation_id,
        parent_id=item.id,
        project_id=item.project_id,
        title=text[:_LONGEST_TITLE],
        kind=item.kind,
        source=FROM_INSTRUCTION,
        level=item.level,
        state=ItemState.AWAITING_RECEIPT.value,
        task_force_id=item.task_force_id,
        goal=text,
        unit_id=order.unit_id,
        person_id=order.person_id,
        supervisor_id=supervisor.id,
        due_at=due_at,
        raised_by_id=giver.id,
        dispatched_at=desk.now,
    )
    items.enter(
        desk, task, "state", "title", "parent_id", "project_id", "unit_id", "person_id", "supervisor_id", "due_at",
        "source",
    )  # fmt: skip
    receipt = item_dues.await_receipt(desk, task)
    desk.notify(
        InstructionTask(
            items.facts(desk, task), item.number, giver.label, text, desk.directory.units[order.unit_id].name,
            due_at, receipt.due, supervisor.label,
        ),
        to=desk.directory.people[order.person_id], key=items.key_of(task, "assigned"), reason="批示任务",
        about=items.subject(task),
    )  # fmt: skip
    return task, receipt


def convene(desk: Desk, item: Item) -> MeetingCalled:
    """召开专项协调: recorded, 综合专班负责人 arranges it. Raises StateForbids the second time."""
    giver = check_leader(desk, item, MEETING)
    if not item_queries.awaits_decision(item):
        raise StateForbids(item.number, state=item.state, act=MEETING)
    earlier = desk.session.execute(
        select(Instruction.at)
        .where(
            Instruction.subject_kind == "item",
            Instruction.subject_id == item.id,
            Instruction.text == MEETING,
        )
        .limit(1)
    ).scalar_one_or_none()
    if earlier is not None:
        raise StateForbids(
            item.number, state=f"{calendar.local(earlier):%m-%d %H:%M} 已决定召开专项协调", act="再次召开",
            allowed=("批示", "退回综合专班"),
        )  # fmt: skip
    _store(desk, item, giver, MEETING)
    heads = item_queries.hub_heads(desk.directory, item)
    names = "、".join(head.label for head in heads) or "综合专班"
    told = MeetingCalled(items.facts(desk, item), giver.label, desk.now, names, own=False)
    desk.notify(
        told, to=heads, key=items.key_of(item, "meeting"), reason=MEETING, about=items.subject(item)
    )  # fmt: skip
    return told


def send_down(desk: Desk, item: Item, reason: str) -> str:
    """退回综合专班: one level down with a reason (rule G6). Returns who was told."""
    giver = check_leader(desk, item, "退回")
    if not item_queries.awaits_decision(item):
        raise StateForbids(item.number, state=item.state, act="退回综合专班")
    why = reason.strip()
    if not why:
        raise Invalid("退回要写明原因")
    items.change(desk, item, reason=why, level=item.level - 1)
    desk.withdraw(items.subject(item), reason="已退回综合专班", notices=(ItemEscalated, MeetingCalled))
    heads = item_queries.hub_heads(desk.directory, item)
    desk.notify(
        ItemSentDown(items.facts(desk, item), giver.label, why, item.level),
        to=heads, key=items.key_of(item, "sent down"), reason="退回综合专班", about=items.subject(item),
    )  # fmt: skip
    return "、".join(head.label for head in heads)


def _store(desk: Desk, item: Item, giver: PersonInfo, text: str) -> None:
    desk.session.add(
        Instruction(
            subject_kind="item", subject_id=item.id, project_id=item.project_id, by_id=giver.id, text=text,
            at=desk.now,
        )
    )  # fmt: skip
    desk.session.flush()
    desk.record(items.subject(item), {"instruction": (None, text)})


def _supervisor(desk: Desk, item: Item) -> PersonInfo:
    """督办专员 of the item, else the organisation's, else 综合专班负责人, who rules where there is none (F8)."""
    known = item_queries.person(desk.directory, item.supervisor_id)
    if known is not None:
        return known
    pool = desk.directory.holders(Role.SUPERVISOR, organisation_id=item.organisation_id)
    found = next(iter(pool or item_queries.hub_heads(desk.directory, item)), None)
    if found is None:
        raise Invalid("通讯录里没有督办专员", mend="请先补充名册")
    return found
