"""交办, 签收, 退回: an item finds the unit that carries it (rules D4, F3, F4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models.errors import Invalid, WordsMissing
from models.notices.item_assists import AssistLine
from models.notices.item_dispatch import (
    ItemAssigned,
    ItemAssignedToUnit,
    ItemReceivedTold,
    ItemToSupervise,
    RaisedItemAssigned,
)
from models.notices.item_screening import ItemToScreen
from models.operations import item_assists, item_dues, item_levels, item_screening, items
from models.operations.desk import Desk
from models.operations.item_assists import NewAssist
from models.queries import item_history, item_parties
from models.queries import item_tasks as task_queries
from models.queries import items as item_queries
from models.rules import calendar, ladder
from models.rules.items import ItemAct, Required
from models.tables.items import Item
from models.types import ItemState

RULING_REMINDER: Final = "item_ruling_reminder"
RULING_WORKDAYS: Final = 1  # F4


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """交办: all that D4 requires, the 专班 that handles it, and tags."""

    goal: str
    measures: str
    unit_id: int
    person_id: int
    due_at: datetime
    supervisor_id: int
    task_force_id: int | None
    tags: tuple[str, ...] = ()
    assists: tuple[NewAssist, ...] = ()


def has(item: Item) -> frozenset[Required]:
    """What of D4 the item has already."""
    values = {
        Required.GOAL: item.goal,
        Required.MEASURES: item.measures,
        Required.UNIT: item.unit_id,
        Required.PERSON: item.person_id,
        Required.DUE: item.due_at,
        Required.SUPERVISOR: item.supervisor_id,
    }
    return frozenset(name for name, value in values.items() if value is not None)


def dispatch(desk: Desk, item: Item, to: Dispatch) -> ladder.Receipt:
    """交办: 待甄别 → 待签收. 责任人, 带班领导, 督办专员, who raised it are told. Returns when to receive."""
    items.may(desk, item, ItemAct.DISPATCH)
    if to.due_at <= desk.now:
        raise Invalid(f"办结时限 {calendar.local(to.due_at):%m-%d %H:%M} 已过", mend="请给一个将来的日期")
    extra: dict[str, Any] = {}
    if item.restricted:
        extra["visible_to"] = sorted({*item.visible_to, to.person_id, to.supervisor_id})
    items.change(
        desk,
        item,
        state=ItemState.AWAITING_RECEIPT.value,
        goal=to.goal,
        measures=to.measures,
        unit_id=to.unit_id,
        person_id=to.person_id,
        due_at=to.due_at,
        supervisor_id=to.supervisor_id,
        task_force_id=to.task_force_id,
        tags=list(to.tags),
        dispatched_at=desk.now,
        level=item_levels.handed_to(desk, item, to.unit_id),
        policy_version=desk.policy_of(item.organisation_id).version,
        **extra,
    )
    desk.cancel_timers(items.subject(item), RULING_REMINDER, reason="已交办")
    desk.withdraw(items.subject(item), reason="已交办", notices=(ItemToScreen,))
    due = item_dues.await_receipt(desk, item)
    item_assists.end_all(desk, item, "重新交办")
    item_assists.assign(desk, item, to.assists)
    _tell_dispatched(desk, item, due)
    return due


def set_tags(desk: Desk, item: Item, tags: tuple[str, ...]) -> None:
    """标签, set apart from the type at any time (rule F2)."""
    items.may(desk, item, ItemAct.SET_TAGS)
    items.change(desk, item, tags=list(tags))


def _tell_dispatched(desk: Desk, item: Item, due: ladder.Receipt) -> None:
    directory = desk.directory
    of = items.facts(desk, item)
    unit, person = directory.units[item.unit_id or 0].name, directory.people[item.person_id or 0]
    supervisor = directory.people[item.supervisor_id or 0]
    goal, measures, due_at = item.goal or "", item.measures or "", item.due_at
    assert due_at is not None
    key, about = items.key_of(item, "dispatched"), items.subject(item)
    told = {person.id, desk.actor.person_id}
    desk.notify(
        ItemAssigned(
            of,
            goal,
            measures,
            unit,
            person.label,
            due_at,
            supervisor.label,
            due.due,
            ruled_by=desk.actor.label if item.returns >= items.FINAL_AFTER_RETURNS else "",
            assists=_assist_lines(desk, item),
        ),
        to=person,
        key=f"{key} responsible",
        reason="交办",
        about=about,
    )
    leaders = [one for one in item_parties.leaders(directory, item) if one.id not in told]
    told |= {one.id for one in leaders}
    desk.notify(
        ItemAssignedToUnit(of, goal, unit, person.label, due_at, due.due),
        to=leaders,
        key=f"{key} leader",
        reason="交办告知带班领导",
        about=about,
    )
    for raised in (item, *item_queries.merged_into(desk.session, item.id)):
        raiser = item_parties.raiser(directory, raised)
        if raiser is None or raiser.id in told:
            continue
        told.add(raiser.id)
        desk.notify(
            RaisedItemAssigned(of, goal, unit, person.label, due_at),
            to=raiser,
            key=f"{key} raiser",
            reason="交办告知提出人",
            about=about,
        )
    if supervisor.id not in told:
        desk.notify(
            ItemToSupervise(of, goal, measures, unit, person.label, due_at, due.due),
            to=supervisor,
            key=f"{key} supervisor",
            reason="交办告知督办专员",
            about=about,
        )


def _assist_lines(desk: Desk, item: Item) -> tuple[AssistLine, ...]:
    return tuple(item_assists.line(desk, one) for one in task_queries.assists(desk.session, item.id))


def receive(desk: Desk, item: Item) -> None:
    """签收: 待签收 → 办理中; the rhythm of feedback starts (rules F3, F5)."""
    items.may(desk, item, ItemAct.RECEIVE)
    first_due = calendar.workday_deadline(
        desk.now, items.policy_of(desk, item).item_feedback_workdays, desk.directory.calendar
    )
    items.change(
        desk, item, state=ItemState.IN_PROGRESS.value, received_at=desk.now, feedback_due_at=first_due
    )
    item_dues.receipt_over(desk, item, "已签收")
    item_dues.await_work(desk, item)
    told = ItemReceivedTold(
        items.facts(desk, item),
        unit=items.unit_name(desk, item),
        person=desk.actor.label,
        received_at=desk.now,
        feedback_due_at=first_due,
    )
    signed = {desk.actor.person_id, desk.actor.for_id}
    for person, reason in (
        (item_parties.person(desk.directory, item.supervisor_id), "签收告知督办专员"),
        (item_parties.responsible(desk.directory, item), "签收告知责任人"),
    ):
        if person is None or person.id in signed:
            continue
        signed.add(person.id)
        desk.notify(
            told, to=person, key=items.key_of(item, f"received {person.id}"), reason=reason,
            about=items.subject(item),
        )  # fmt: skip


def send_back(
    desk: Desk, item: Item, reason: str, *, proposed_unit_id: int | None, proposed: str = ""
) -> None:
    """退回: 待签收 → 待甄别. The second one goes to 综合专班负责人, whose ruling is final (rule F4).

    proposed: the unit as it was written, where a county stands in for it.
    """
    items.may(desk, item, ItemAct.SEND_BACK)
    if not reason.strip() and proposed_unit_id is None:
        raise WordsMissing("退回要写明原因和建议承办单位", mend="例：不属本单位职责，建议 市住建局")
    if not reason.strip():
        raise WordsMissing("退回要写明原因", mend="例：不属本单位职责", lead="原因")
    if proposed_unit_id is None:
        raise WordsMissing("退回要写明建议承办单位", mend="例：建议 市住建局", lead="建议")
    by = items.unit_name(desk, item)
    items.change(
        desk,
        item,
        reason=reason,
        state=ItemState.SCREENING.value,
        returns=item.returns + 1,
        person_id=None,
        unit_id=None,
        wanted_unit_id=proposed_unit_id,
    )
    item_dues.receipt_over(desk, item, "已退回")
    item_assists.end_all(desk, item, "主办单位退回")
    unit = proposed or desk.directory.units[proposed_unit_id].name
    item_screening.tell_screeners(desk, item, returned=reason, returned_by=by, proposed_unit=unit)
    if item.returns >= items.FINAL_AFTER_RETURNS:
        due = calendar.workday_deadline(desk.now, RULING_WORKDAYS, desk.directory.calendar)
        desk.set_timer(
            RULING_REMINDER,
            items.subject(item),
            step=str(item.version),
            due_at=calendar.announced_at(due, desk.directory.calendar, desk.push_window),
        )


def remind_ruling(desk: Desk, item: Item) -> str:
    """The one reminder of a ruling that is overdue (rule F4)."""
    if item.state != ItemState.SCREENING.value or item.returns < items.FINAL_AFTER_RETURNS:
        return "已裁定"
    proposed = desk.directory.units.get(item.wanted_unit_id or 0)
    back = item_history.noted(desk.session, item.id, "returns")
    by = desk.directory.people.get(back.for_id or back.by_id or 0) if back is not None else None
    days = desk.directory.calendar
    item_screening.tell_screeners(
        desk,
        item,
        returned=(back.reason if back is not None else None) or "未写明",
        returned_by=desk.directory.units[by.unit_id].name if by is not None else "",
        proposed_unit=proposed.name if proposed else "",
        ruling_due=calendar.workday_deadline(back.at, RULING_WORKDAYS, days) if back is not None else None,
        key="ruling reminder",
    )
    return "已提醒"
