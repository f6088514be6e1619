"""延期: asked for by the 责任单位, decided by 督办专员 or 综合专班负责人 (rule F7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from models.errors import Invalid, NotAllowed, StateForbids
from models.notices.item_extensions import ExtensionAsked, ExtensionDecided
from models.notices.item_rungs import LetterProposed
from models.operations import item_assists, item_dues, item_proposals, items, ladders
from models.operations.desk import Desk
from models.queries import item_parties
from models.queries import item_tasks as task_queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules.items import ItemAct, Party
from models.rules.ladder import extension_workdays
from models.tables.items import Item, ItemExtension

WAITING: Final = "waiting"
AGREED: Final = "agreed"
REFUSED: Final = "refused"
WITHDRAWN: Final = "withdrawn"
STATE_WORDS: Final = {WAITING: "待定", AGREED: "已同意", REFUSED: "未同意", WITHDRAWN: "已撤回"}


def ask(desk: Desk, item: Item, new_due: datetime, reason: str) -> ItemExtension:
    """申请延期. Before the deadline the ladder of 办结 stands still until it is decided (rules F6, A7).

    Raises Invalid for a date that cannot be, and for the third one: it is 提级 then (rule F7).
    """
    items.may(desk, item, ItemAct.EXTEND)
    check_possible(desk, item)
    assert item.due_at is not None
    assert desk.actor.person_id is not None
    items.require_reason(ItemAct.EXTEND, reason)
    check_date(desk, item, new_due)
    request = ItemExtension(
        item_id=item.id,
        author_id=desk.actor.person_id,
        on_behalf_of_id=desk.actor.for_id,
        reason=reason.strip(),
        old_due_at=item.due_at,
        new_due_at=new_due,
        late=desk.now > item.due_at,
        asked_at=desk.now,
        state=WAITING,
    )
    desk.session.add(request)
    desk.session.flush()
    words = f"{_day(request.old_due_at)} → {_day(new_due)} {STATE_WORDS[WAITING]}"
    desk.record(items.subject(item), {"extension": (None, words)}, reason=request.reason)
    if not request.late:
        ladders.pause(desk, items.subject(item), items.CLOSING)
    desk.notify(
        asked(desk, item, request),
        to=deciders(desk, item, request),
        key=f"extension {request.id}",
        reason="延期申请",
        about=items.subject(item),
        without=_authors(request),
    )
    return request


def check_possible(desk: Desk, item: Item) -> None:
    """Raises Invalid when no 延期 of the item can be asked for now, whatever the date."""
    if item.due_at is None:
        raise Invalid(f"{item.number} 还没有办结时限，无需延期", mend="请等督办专员定时限")
    if item.extensions >= items.policy_of(desk, item).most_extensions:
        raise Invalid(
            "不再延期，请提级", mend=f"{item.number} 已延期{item.extensions}次，可发 /提级 {item.number}"
        )
    if (waiting := task_queries.extension_waiting(desk.session, item.id)) is not None:
        raise Invalid(
            f"{item.number} 已有一件延期申请（至 {_day(waiting.new_due_at)}）待定", mend="请等审批结果"
        )


def check_date(desk: Desk, item: Item, new_due: datetime) -> int:
    """How many workdays a new 办结时限 lies after the old one. Raises Invalid outside 1 … 10 (rule F7)."""
    assert item.due_at is not None
    days, most = desk.directory.calendar, items.policy_of(desk, item).extension_workdays
    old = calendar.local_date(item.due_at)
    latest = days.add_workdays(old, most)
    if new_due <= item.due_at:
        raise Invalid(f"新时限应晚于现在的办结时限 {_day(item.due_at)}", mend=f"最晚可到 {latest:%m-%d}")
    count = extension_workdays(old, calendar.local_date(new_due), days)
    if count > most:
        raise Invalid(f"每次延期最多 {most} 个工作日", mend=f"{item.number} 最晚可到 {latest:%m-%d}")
    if new_due <= desk.now:
        raise Invalid(f"新时限 {_day(new_due)} 已过", mend=f"最晚可到 {latest:%m-%d}")
    return count


def asked(desk: Desk, item: Item, request: ItemExtension) -> ExtensionAsked:
    """What the decider is shown."""
    author = desk.directory.people.get(request.on_behalf_of_id or request.author_id)
    return ExtensionAsked(
        items.facts(desk, item),
        request.id,
        items.unit_name(desk, item),
        author.label if author else "",
        request.old_due_at,
        request.new_due_at,
        extension_workdays(
            calendar.local_date(request.old_due_at),
            calendar.local_date(request.new_due_at),
            desk.directory.calendar,
        ),
        request.reason,
        item.extensions + 1,
        request.late,
    )


def only_head(item: Item, request: ItemExtension) -> bool:
    """The second one, and one asked for after the deadline (rule F7)."""
    return request.late or item.extensions > 0


def deciders(desk: Desk, item: Item, request: ItemExtension) -> tuple[PersonInfo, ...]:
    """Who decides on a request; never who asked for it."""
    authors = _authors(request)
    if only_head(item, request):
        return tuple(one for one in item_parties.hub_heads(desk.directory, item) if one.id not in authors)
    return item_parties.reviewers(desk.directory, item, author_ids=authors)


def decide(desk: Desk, request: ItemExtension, *, agree: bool, reason: str) -> ExtensionDecided:
    """同意 or 不同意. Returns what is said to who decided."""
    item = items.get(desk, request.item_id)
    items.may(desk, item, ItemAct.DECIDE_EXTENSION)
    if request.state != WAITING:
        by = item_parties.person(desk.directory, request.decided_by_id)
        state = f"延期申请{STATE_WORDS[request.state]}{f'（{by.label}）' if by else ''}"
        raise StateForbids(item.number, state=state, act="再审批")
    if only_head(item, request) and Party.HUB_HEAD not in _parties(desk, item):
        raise NotAllowed(f"审批 {item.number} 的延期", who=Party.HUB_HEAD.value)
    if _authors(request) & {desk.actor.person_id, desk.actor.for_id}:
        raise NotAllowed("审批自己提出的延期", who=Party.HUB_HEAD.value)
    if not agree:
        items.require_reason(ItemAct.DECIDE_EXTENSION, reason, what="不同意延期")
    if agree and request.new_due_at <= desk.now:
        raise Invalid(
            f"申请的时限 {_day(request.new_due_at)} 已过", mend="请点「不同意」，由责任单位重新申请"
        )
    _note_decision(desk, item, request, AGREED if agree else REFUSED, reason)
    if agree:
        _move(desk, item, request)
    elif not request.late:
        ladders.resume(desk, items.subject(item), items.CLOSING)
        item_dues.count_overdue(desk, item, desk.now)
        item_dues.watch(desk, item)
    assert item.due_at is not None
    told = ExtensionDecided(
        items.facts(desk, item), desk.actor.label, agree, reason, item.due_at, item.extensions, own=False
    )
    desk.notify(
        told,
        to=_concerned(desk, item, request),
        key=f"extension {request.id} decided",
        reason="延期审批结果",
        about=items.subject(item),
    )
    told = replace(told, own=True)
    supervisor = item_parties.person(desk.directory, item.supervisor_id)
    if supervisor is not None and supervisor.id != desk.actor.person_id:
        desk.notify(
            told,
            to=supervisor,
            key=f"extension {request.id} decided, supervisor",
            reason="延期审批结果",
            about=items.subject(item),
        )
    return told


def withdraw(desk: Desk, item: Item, why: str) -> None:
    """A request that nobody has decided on is void: the item was submitted or is over."""
    request = task_queries.extension_waiting(desk.session, item.id)
    if request is not None:
        _note_decision(desk, item, request, WITHDRAWN, why)


def _note_decision(desk: Desk, item: Item, request: ItemExtension, state: str, reason: str) -> None:
    span = f"{_day(request.old_due_at)} → {_day(request.new_due_at)}"
    desk.record(
        items.subject(item),
        {"extension": (f"{span} {STATE_WORDS[WAITING]}", f"{span} {STATE_WORDS[state]}")},
        reason=reason or None,
    )
    request.state, request.decided_by_id, request.decided_at = state, desk.actor.person_id, desk.now
    request.decision_reason = reason or None
    desk.session.flush()
    desk.withdraw(items.subject(item), reason=f"延期{STATE_WORDS[state]}", notices=(ExtensionAsked,))


def _move(desk: Desk, item: Item, request: ItemExtension) -> None:
    """The new 办结时限 with a ladder of its own; what was overdue before stays counted (rules F6, F14)."""
    if request.late:
        item_dues.carry_closing_overdue(desk, item, request.asked_at)
    ladders.end(desk, items.subject(item), "已延期", items.CLOSING)
    item_proposals.lapse(desk, item, "已延期")
    ladders.take_back(
        desk,
        items.subject(item),
        (*item_dues.REMINDERS, LetterProposed),
        reason="已延期",
        what=items.WHAT[items.CLOSING],
    )
    items.change(
        desk,
        item,
        reason=request.reason,
        due_at=request.new_due_at,
        extensions=item.extensions + 1,
    )
    ladders.open_again(
        desk,
        items.subject(item),
        items.CLOSING,
        due_at=request.new_due_at,
        policy=items.policy_of(desk, item),
    )
    item_dues.count_overdue(desk, item, desk.now)
    item_dues.watch(desk, item)
    item_assists.follow(desk, item, request.old_due_at)


def _concerned(desk: Desk, item: Item, request: ItemExtension) -> list[PersonInfo]:
    """Who asked and the 责任人: those who go on with it."""
    found = (
        item_parties.submitter(desk.directory, item, request.on_behalf_of_id or request.author_id),
        item_parties.responsible(desk.directory, item),
    )
    return [one for one in found if one is not None and one.id != desk.actor.person_id]


def _authors(request: ItemExtension) -> frozenset[int]:
    return frozenset({request.author_id, request.on_behalf_of_id or request.author_id})


def _parties(desk: Desk, item: Item) -> frozenset[Party]:
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    return item_parties.parties(desk.directory, person, item) if person else frozenset()


def _day(moment: datetime) -> str:
    return f"{calendar.local(moment):%m-%d}"
