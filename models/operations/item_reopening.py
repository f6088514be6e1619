"""重开, the new 办结时限 that follows it, and 跟踪问效 (rules F1, F12)."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Final

from models.errors import Invalid, StateForbids, WordsMissing
from models.notices.item_closing import ItemClosed
from models.notices.item_reopening import (
    DueWanted,
    EffectAsked,
    ReopenedItemDue,
    ReopenedToHandle,
    ReopenedToRaiser,
    ReopenedToSupervise,
)
from models.operations import item_closing, item_dues, items, ladders
from models.operations.desk import Desk
from models.queries import item_history, item_parties
from models.queries import items as item_queries
from models.queries.directory import PersonInfo
from models.rules import calendar, ladder
from models.rules import items as rules
from models.rules.items import ItemAct
from models.tables.items import Item
from models.types import FeedbackState, ItemState

EFFECTIVE: Final = "有效"
REBOUND: Final = "反弹"
DUE_REMINDER: Final = "item_due_reminder"
DUE_REPORT: Final = "item_due_report"


class NotReopened(Enum):
    """Why a closed item cannot be reopened, whoever asks; the value is how a refusal names it."""

    TOO_LATE = "超期"
    IS_TASK = "批示任务"
    BY_TASKS = "由批示任务承办"  # no unit of its own that could go on with it


def refused(desk: Desk, item: Item) -> NotReopened | None:
    """Why a closed item cannot be reopened; None when it can (rule F1)."""
    if item.parent_id is not None:
        return NotReopened.IS_TASK
    if item.unit_id is None:
        return NotReopened.BY_TASKS
    if item.closed_at is None:
        return None
    last = rules.reopen_until(calendar.local_date(item.closed_at), items.policy_of(desk, item).reopen_days)
    return NotReopened.TOO_LATE if desk.today > last else None


def awaits_due(item: Item) -> bool:
    """A reopened item for which no new 办结时限 was set."""
    return item.state == ItemState.IN_PROGRESS.value and item.due_at is None and item.unit_id is not None


def reopen(desk: Desk, item: Item, reason: str, *, file_ids: tuple[int, ...]) -> tuple[PersonInfo, ...]:
    """重开: 已销号 → 办理中; feedback counts from now, the old 办结时限 is over (rule F1).

    The 责任人 and the 督办专员, who is asked for a new 办结时限, are told, and who raised it. Returns the first two.
    Ask `refused` first.
    """
    items.may(desk, item, ItemAct.REOPEN)
    items.require_reason(ItemAct.REOPEN, reason)
    if (why := refused(desk, item)) is not None:
        raise StateForbids(item.number, state=f"已销号（{why.value}）", act="重开")
    item_dues.carry_overdue(desk, item)
    _lay_aside_feedback(desk, item)
    first_due = calendar.workday_deadline(
        desk.now, items.policy_of(desk, item).item_feedback_workdays, desk.directory.calendar
    )
    items.change(
        desk,
        item,
        reason=reason,
        state=ItemState.IN_PROGRESS.value,
        closed_at=None,
        submitted_at=None,
        due_at=None,
        feedback_due_at=first_due,
    )
    desk.cancel_timers(items.subject(item), item_closing.EFFECT, reason="已重开")
    desk.withdraw(items.subject(item), reason="已重开", notices=(ItemClosed, EffectAsked))
    ladders.open_again(
        desk, items.subject(item), items.FEEDBACK, due_at=first_due, policy=items.policy_of(desk, item)
    )
    item_dues.watch(desk, item)
    _await_due(desk, item)
    return _tell_reopened(desk, item, reason, first_due, file_ids)


def _await_due(desk: Desk, item: Item) -> None:
    """Wait for the new 办结时限: one reminder, then 综合专班负责人 is told; the terms are those of 签收."""
    wait = ladder.receipt(
        desk.now,
        desk.directory.calendar,
        within=items.policy_of(desk, item).receipt_workdays,
        report_after=items.policy_of(desk, item).receipt_report_workdays,
    )
    for kind, moment in ((DUE_REMINDER, wait.remind_at), (DUE_REPORT, wait.report_at)):
        desk.set_timer(kind, items.subject(item), due_at=moment, step=str(item.version))


def chase_due(desk: Desk, item: Item, *, report: bool) -> str:
    """Nobody has set the new 办结时限 yet: who is to set it is reminded, or 综合专班负责人 told; for the timers."""
    if not awaits_due(item):
        return "已定时限"
    setters = due_setters(desk, item)
    notice = DueWanted(
        items.facts(desk, item), "、".join(one.label for one in setters), item.feedback_due_at, report
    )
    desk.notify(
        notice,
        to=item_parties.hub_heads(desk.directory, item) if report else setters,
        key=items.key_of(item, "due wanted report" if report else "due wanted"),
        reason="重开后未定时限告知负责人" if report else "重开后请定时限",
        about=items.subject(item),
    )
    return "已告知" if report else "已提醒"


def _lay_aside_feedback(desk: Desk, item: Item) -> None:
    """A feedback that nobody ruled on before 销号 says nothing of the reopened item."""
    left = item_history.feedback_under_review(desk.session, item.id)
    if left is not None:
        reason = "事项已销号，重开后请重新反馈"
        desk.record(
            items.subject(item), {"feedback_state": (left.state, FeedbackState.RETURNED.value)}, reason=reason
        )
        left.state, left.review_reason, left.reviewed_at = FeedbackState.RETURNED.value, reason, desk.now
        desk.session.flush()


def _tell_reopened(
    desk: Desk, item: Item, reason: str, first_due: datetime, file_ids: tuple[int, ...]
) -> tuple[PersonInfo, ...]:
    directory, of, by = desk.directory, items.facts(desk, item), desk.actor.label
    told = {desk.actor.person_id}
    person = item_parties.responsible(directory, item)
    named: list[PersonInfo] = []
    if person is not None and person.id not in told:
        desk.notify(
            ReopenedToHandle(of, by, reason, first_due, file_ids),
            to=person,
            key=items.key_of(item, "reopened responsible"),
            reason="重开告知责任人",
            about=items.subject(item),
        )
        named.append(person)
        told.add(person.id)
    supervisors = [one for one in due_setters(desk, item) if one.id not in told]
    desk.notify(
        ReopenedToSupervise(
            of,
            by,
            reason,
            first_due,
            file_ids,
            items.unit_name(desk, item),
            person.label if person else "",
        ),
        to=supervisors,
        key=items.key_of(item, "reopened supervisor"),
        reason="重开请定办结时限",
        about=items.subject(item),
    )
    named.extend(supervisors)
    told |= {one.id for one in supervisors}
    for raised in (item, *item_queries.merged_into(desk.session, item.id)):
        raiser = item_parties.raiser(directory, raised)
        if raiser is not None and raiser.id not in told:
            desk.notify(
                ReopenedToRaiser(of, raised.number, by, reason),
                to=raiser,
                key=items.key_of(item, f"reopened {raised.id}"),
                reason="重开告知提出人",
                about=items.subject(item),
            )
            told.add(raiser.id)
    return tuple(named)


def due_setters(desk: Desk, item: Item) -> tuple[PersonInfo, ...]:
    """Who is asked for the new 办结时限: 督办专员, or 综合专班负责人 where there is none."""
    return item_parties.reviewers(desk.directory, item, author_ids=())


def set_due(desk: Desk, item: Item, due_at: datetime) -> None:
    """The new 办结时限 of a reopened item, once; later only 延期 moves it (rules F1, F7)."""
    items.may(desk, item, ItemAct.SET_DUE)
    if item.due_at is not None:
        raise StateForbids(
            item.number, state=f"办结时限已定为 {calendar.local(item.due_at):%m-%d %H:%M}", act="再定时限"
        )
    if due_at <= desk.now:
        raise Invalid(f"办结时限 {calendar.local(due_at):%m-%d %H:%M} 已过", mend="请给一个将来的日期")
    items.change(desk, item, due_at=due_at)
    desk.cancel_timers(items.subject(item), DUE_REMINDER, DUE_REPORT, reason="已定时限")
    desk.withdraw(items.subject(item), reason="已定时限", notices=(ReopenedToSupervise, DueWanted))
    ladders.open_again(
        desk, items.subject(item), items.CLOSING, due_at=due_at, policy=items.policy_of(desk, item)
    )
    item_dues.watch(desk, item)
    person = item_parties.responsible(desk.directory, item)
    if person is not None and person.id != desk.actor.person_id:
        desk.notify(
            ReopenedItemDue(items.facts(desk, item), desk.actor.label, due_at),
            to=person,
            key=items.key_of(item, "new due"),
            reason="重开后办结时限",
            about=items.subject(item),
        )


# --- 跟踪问效 (rule F12)


def ask_effect(desk: Desk, item: Item) -> str:
    """Ask who raised it whether it helped, once for each 销号; for the timer."""
    if item.state != ItemState.CLOSED.value or item.closed_at is None:
        return "已重开"
    raiser = item_parties.raiser(desk.directory, item)
    if raiser is None:
        return "提出人已离任"
    desk.notify(
        EffectAsked(items.facts(desk, item), item.closed_at),
        to=raiser,
        key=items.key_of(item, "effect"),
        reason="跟踪问效",
        about=items.subject(item),
    )
    return "已询问"


def rate(desk: Desk, item: Item, effect: str, *, reason: str = "") -> None:
    """有效 or 反弹 is written down; the same answer twice is one. 反弹 needs words."""
    items.may(desk, item, ItemAct.RATE)
    if effect == REBOUND and not reason.strip():
        raise WordsMissing("要写明反弹情况", mend="例：现场又被要求停工")
    before = item_history.effect(desk.session, item)
    if before != effect:
        desk.record(items.subject(item), {"effect": (before, effect)}, reason=reason or None)
        desk.withdraw(items.subject(item), reason="已反馈效果", notices=(EffectAsked,))
