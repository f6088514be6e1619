"""办结 and 销号: submitted with evidence, ruled on, closed (rules F8–F10)."""

from __future__ import annotations

from datetime import date
from typing import Final

from models.errors import Invalid, NotAllowed
from models.notices.escalations import TasksDone
from models.notices.item_closing import ClosingFailed, ClosingToReview, ItemClosed, ItemToClose
from models.operations import item_dues, item_extensions, items, ladders
from models.operations.desk import Desk
from models.queries import item_history, item_parties
from models.queries import item_tasks as task_queries
from models.queries import items as item_queries
from models.rules import calendar
from models.rules import items as rules
from models.rules.items import ItemAct, Party
from models.tables.items import Item
from models.types import ItemState

EFFECT: Final = "item_effect"


def submit(desk: Desk, item: Item, text: str, *, reference: str, files: tuple[tuple[int, str], ...]) -> int:
    """报办结: 办理中 → 待审核; needs a 文号 or a file (rule F9). files: (attachment id, name).

    Returns by how many workdays it is late. The ladders stand still until it is ruled on.
    """
    items.may(desk, item, ItemAct.SUBMIT)
    if task_queries.open_assists(desk.session, item.id):
        raise Invalid(f"{item.number} 有协办任务未完成，暂不能报办结", mend="可请督办专员免除")
    if not reference and not files:
        raise Invalid(
            "请附批复文件或填写文号", mend=f"例：/办结 {item.number} 已批复 文号 云林审〔2026〕88号"
        )
    item_extensions.withdraw(desk, item, "已报办结")
    items.change(desk, item, state=ItemState.UNDER_REVIEW.value, submitted_at=desk.now)
    desk.record(items.subject(item), {"closing": (None, text), "reference": (None, reference or None)})
    ladders.pause(desk, items.subject(item))
    ladders.take_back(desk, items.subject(item), item_dues.REMINDERS, reason="已报办结")
    late = item_dues.late_workdays(desk, item.due_at, desk.now) if item.due_at else 0
    authors = item_history.closing_authors(desk.session, item.id)
    desk.notify(
        ClosingToReview(
            items.facts(desk, item),
            unit=items.unit_name(desk, item),
            author=desk.actor.label,
            text=text,
            evidence=(*([f"文号 {reference}"] if reference else []), *(name for _, name in files)),
            file_ids=tuple(number for number, _ in files),
            submitted_at=desk.now,
            due_at=item.due_at,
            late=late,
        ),
        to=item_parties.closing_reviewers(desk.directory, item, authors, desk.now),
        without=item_parties.conflicted(desk.directory, authors, desk.now),
        key=items.key_of(item, "closing"),
        reason="办结待审核",
        about=items.subject(item),
    )
    return late


def approve(desk: Desk, item: Item) -> None:
    """通过: 待审核 → 待销号. Judged by the submission (rule A7); no rung follows."""
    _rule_closing(desk, item, ItemAct.APPROVE)
    assert item.submitted_at is not None
    items.change(desk, item, state=ItemState.AWAITING_CLOSE.value)
    item_dues.count_overdue(desk, item, item.submitted_at)
    item_dues.nothing_due(desk, item, "办结已通过")
    desk.notify(
        ItemToClose(
            items.facts(desk, item),
            desk.actor.label,
            item.submitted_at,
            item_history.handling_workdays(desk.directory, item, desk.now) or 0,
        ),
        to=item_parties.screeners(desk.directory, item),
        key=items.key_of(item, "to close"),
        reason="待销号",
        about=items.subject(item),
    )


def fail(desk: Desk, item: Item, reason: str) -> None:
    """不通过: back to 办理中, the 办结时限 stays; the rungs that are left move back (rule F6)."""
    authors = item_history.closing_authors(desk.session, item.id)
    _rule_closing(desk, item, ItemAct.FAIL)
    items.require_reason(ItemAct.FAIL, reason)
    items.change(
        desk,
        item,
        reason=reason,
        state=ItemState.IN_PROGRESS.value,
        submitted_at=None,
        refusals=item.refusals + 1,
    )
    ladders.resume(desk, items.subject(item), items.CLOSING)
    if item_history.feedback_under_review(desk.session, item.id) is None:
        ladders.resume(desk, items.subject(item), items.FEEDBACK)
    item_dues.count_overdue(desk, item, desk.now)
    item_dues.await_work(desk, item)
    late = item_dues.late_workdays(desk, item.due_at, desk.now) if item.due_at is not None else 0
    people = [
        one for number in sorted(authors) if (one := item_parties.submitter(desk.directory, item, number))
    ]
    if (responsible := item_parties.responsible(desk.directory, item)) is not None:
        people.append(responsible)  # 带班领导 may have handed it in; the duty is back with the 责任人
    desk.notify(
        ClosingFailed(items.facts(desk, item), desk.actor.label, reason, item.due_at, late),
        to=tuple(dict.fromkeys(people)),
        key=items.key_of(item, "closing failed"),
        reason="办结审核不通过",
        about=items.subject(item),
    )


def _rule_closing(desk: Desk, item: Item, act: ItemAct) -> None:
    items.may(desk, item, act)
    authors = item_history.closing_authors(desk.session, item.id)
    if item_parties.conflicted(desk.directory, authors, desk.now) & {desk.actor.person_id, desk.actor.for_id}:
        raise NotAllowed("审核自己或代理对象提交的办结", who=_others_who_may(desk, item, authors))
    desk.withdraw(items.subject(item), reason="已审核", notices=(ClosingToReview,))


def _others_who_may(desk: Desk, item: Item, authors: frozenset[int]) -> str:
    found = item_parties.closing_reviewers(desk.directory, item, authors, desk.now)
    return "、".join(one.label for one in found) or Party.HUB_HEAD.value


def close(desk: Desk, item: Item) -> None:
    """销号: who raised it, or a duplicate of it, is told (rules F10, F13). The last task ends its problem's wait."""
    items.may(desk, item, ItemAct.CLOSE)
    items.change(desk, item, state=ItemState.CLOSED.value, closed_at=desk.now)
    item_dues.nothing_due(desk, item, "已销号")
    _watch_effect(desk, item)
    workdays = item_history.handling_workdays(desk.directory, item, desk.now) or 0
    for raised in (item, *item_queries.merged_into(desk.session, item.id)):
        raiser = item_parties.raiser(desk.directory, raised)
        if raiser is not None:
            desk.notify(
                ItemClosed(
                    items.facts(desk, item),
                    raised.number,
                    desk.now,
                    workdays,
                    task=item.parent_id is not None,
                ),
                to=raiser,
                key=items.key_of(item, f"closed {raised.id}"),
                reason="销号告知提出人",
                about=items.subject(item),
            )
    if item.parent_id is not None:
        task_over(desk, items.get(desk, item.parent_id))


def _watch_effect(desk: Desk, item: Item) -> None:
    """跟踪问效: some workdays later who raised it is asked (rule F12); a task's effect is its problem's."""
    if item.parent_id is not None or item.raised_by_id is None:
        return
    raiser = item_parties.raiser(desk.directory, item)
    if item.origin_id is not None and raiser is not None and raiser.organisation_id != item.organisation_id:
        return  # the county's own item is asked about, which they can see (rule Q3)
    day = effect_on(desk, item)
    desk.set_timer(
        EFFECT,
        items.subject(item),
        due_at=calendar.at(day, desk.push_window.opens),
        step=str(item.version),
    )


def effect_on(desk: Desk, item: Item) -> date:
    """The day on which who raised a closed item is asked for its effect (rule F12)."""
    assert item.closed_at is not None
    closed = calendar.local_date(item.closed_at)
    return desk.directory.calendar.add_workdays(closed, items.policy_of(desk, item).effect_workdays)


def task_over(desk: Desk, parent: Item) -> None:
    """A problem that only its tasks carry is 待销号 when the last of them is over (rule G4)."""
    carried_by_tasks = parent.unit_id is None and parent.state == ItemState.IN_PROGRESS.value
    tasks = task_queries.tasks_of(desk.session, parent.id)
    if not carried_by_tasks or any(ItemState(task.state) not in rules.ENDED for task in tasks):
        return
    items.change(desk, parent, state=ItemState.AWAITING_CLOSE.value, submitted_at=desk.now)
    desk.notify(
        TasksDone(items.facts(desk, parent), tuple(task.number for task in tasks)),
        to=item_parties.screeners(desk.directory, parent),
        key=items.key_of(parent, "to close"),
        reason="待销号",
        about=items.subject(parent),
    )
