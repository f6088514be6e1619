"""What an item has coming: 签收, 定期反馈, 办结; what is overdue is counted when it happens (rules F3, F5, F14)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from models.notices.escalations import InstructionTask
from models.notices.item_dispatch import ItemAssigned, ReceiptReminder, ReceiptReported
from models.notices.item_rungs import ItemDueSoon, ItemOverdueReported, ItemUrged
from models.operations import item_proposals, items, ladders
from models.operations.desk import Desk
from models.queries import item_history, item_parties, outages
from models.queries import item_tasks as task_queries
from models.rules import calendar, ladder
from models.tables.items import Item, Ladder, Rung
from models.types import FeedbackState, ItemState

RECEIPT_REMINDER: Final = "item_receipt_reminder"
RECEIPT_REPORT: Final = "item_receipt_report"
DUE_PASSED: Final = "item_due_passed"
_ABOUT_RECEIPT: Final = (ItemAssigned, InstructionTask, ReceiptReminder, ReceiptReported)
REMINDERS: Final = (ItemDueSoon, ItemUrged, ItemOverdueReported)


def arm(desk: Desk, item: Item) -> None:
    """Set up what a loaded item has coming in its state. What lies before desk.now counts as done."""
    if item.state == ItemState.AWAITING_RECEIPT.value:
        await_receipt(desk, item)
    elif item.state == ItemState.IN_PROGRESS.value:
        await_work(desk, item)
        for one in ladders.of(desk.session, items.subject(item)):
            if one.state == ladders.RUNNING:
                steps = items.policy_of(desk, item).ladder
                _take_past_rungs(desk, one, steps)
                ladders.set_timers(desk.session, one, desk.directory.calendar, steps)


def _take_past_rungs(desk: Desk, climb: Ladder, steps: ladder.LadderPolicy) -> None:
    """Rungs from before desk.now were taken when it was their time."""
    known = item_history.rungs_taken(desk.session, climb.id)
    for rung in ladder.rungs(climb.due_at, desk.directory.calendar, steps):
        if rung.at <= desk.now and rung.name.value not in known:
            desk.session.add(Rung(ladder_id=climb.id, name=rung.name.value, due_at=rung.at, fired_at=rung.at))
    desk.session.flush()


def nothing_due(desk: Desk, item: Item, why: str) -> None:
    """The item is over: no timer, no rung, no card about it any more."""
    for what in (items.FEEDBACK, items.CLOSING):
        ladders.end(desk, items.subject(item), why, what)
    item_proposals.lapse(desk, item, why, by_persons=True)
    desk.cancel_timers(items.subject(item), reason=why)
    desk.withdraw(items.subject(item), reason=why)


# --- 签收 (rule F3)


def receipt_due(desk: Desk, item: Item) -> datetime | None:
    """Until when 签收 is due; None when it is not awaited."""
    awaited = item.state == ItemState.AWAITING_RECEIPT.value and item.dispatched_at is not None
    return _receipt(desk, item).due if awaited else None


def _receipt(desk: Desk, item: Item) -> ladder.Receipt:
    assert item.dispatched_at is not None
    return ladder.receipt(
        item.dispatched_at,
        desk.directory.calendar,
        within=items.policy_of(desk, item).receipt_workdays,
        report_after=items.policy_of(desk, item).receipt_report_workdays,
    )


def await_receipt(desk: Desk, item: Item) -> ladder.Receipt:
    """Wait for 签收: one reminder, then 带班领导 is told (rule F3)."""
    due = _receipt(desk, item)
    for kind, moment in ((RECEIPT_REMINDER, due.remind_at), (RECEIPT_REPORT, due.report_at)):
        if moment > desk.now:
            desk.set_timer(kind, items.subject(item), due_at=moment, step=str(item.version))
    return due


def receipt_over(desk: Desk, item: Item, why: str) -> None:
    desk.cancel_timers(items.subject(item), RECEIPT_REMINDER, RECEIPT_REPORT, reason=why)
    desk.withdraw(items.subject(item), reason=why, notices=_ABOUT_RECEIPT)


def remind_receipt(desk: Desk, item: Item) -> str:
    """签收 is overdue: 责任人 is reminded once (rule F3)."""
    person = item_parties.responsible(desk.directory, item)
    if item.state != ItemState.AWAITING_RECEIPT.value or item.dispatched_at is None or person is None:
        return "已无需提醒"
    due = _receipt(desk, item)
    desk.notify(
        ReceiptReminder(items.facts(desk, item), item.dispatched_at, due.due),
        to=person,
        key=items.key_of(item, "receipt reminder"),
        reason="签收提醒",
        about=items.subject(item),
    )
    return "已提醒"


def report_receipt(desk: Desk, item: Item) -> str:
    """签收 is two workdays overdue: 带班领导 is told (rule F3)."""
    leaders = item_parties.leaders(desk.directory, item)
    if item.state != ItemState.AWAITING_RECEIPT.value or item.dispatched_at is None:
        return "已无需告知"
    person = item_parties.responsible(desk.directory, item)
    desk.notify(
        ReceiptReported(
            items.facts(desk, item),
            items.unit_name(desk, item),
            person.label if person else "",
            item.dispatched_at,
            _receipt(desk, item).due,
        ),
        to=leaders or item_parties.screeners(desk.directory, item),
        key=items.key_of(item, "receipt report"),
        reason="逾期未签收告知带班领导",
        about=items.subject(item),
    )
    return "已告知"


# --- 反馈, 办结 (rules F5, F14)


def await_work(desk: Desk, item: Item) -> None:
    """The ladders behind the next feedback and the 办结时限."""
    if item.feedback_due_at is not None:
        ladders.open_ladder(
            desk,
            items.subject(item),
            items.FEEDBACK,
            due_at=item.feedback_due_at,
            policy=items.policy_of(desk, item),
        )
    if item.due_at is not None:
        ladders.open_ladder(
            desk, items.subject(item), items.CLOSING, due_at=item.due_at, policy=items.policy_of(desk, item)
        )
    watch(desk, item)


def watch(desk: Desk, item: Item) -> None:
    """Look again when the next due date passes."""
    if item.feedback_due_at is not None:
        dues = ladder.feedback_dues(
            calendar.local_date(item.feedback_due_at),
            desk.directory.calendar,
            items.policy_of(desk, item).item_feedback_workdays,
        )
        coming = item.feedback_due_at
        while coming < desk.now:
            coming = calendar.deadline(next(dues))
        desk.set_timer(DUE_PASSED, items.subject(item), due_at=coming, step=items.FEEDBACK)
    if item.due_at is not None and item.due_at >= desk.now:
        desk.set_timer(DUE_PASSED, items.subject(item), due_at=item.due_at, step=items.CLOSING)


def due_passed(desk: Desk, item: Item, step: str) -> str:
    """A due date has passed: count it if nothing was submitted, and watch the next (rule F5)."""
    if ItemState(item.state) not in (ItemState.IN_PROGRESS, ItemState.UNDER_REVIEW):
        return "已无需计算"
    just_after = desk.now + timedelta(seconds=1)
    counted = count_overdue(desk, item, just_after)
    excused = outages.excused_until(desk.session, desk.now, desk.directory.calendar)
    if excused > desk.now:
        desk.set_timer(DUE_PASSED, items.subject(item), due_at=excused, step=f"{step}顺延")
    if step.startswith(items.FEEDBACK) and item.feedback_due_at is not None:
        dues = ladder.feedback_dues(
            calendar.local_date(item.feedback_due_at),
            desk.directory.calendar,
            items.policy_of(desk, item).item_feedback_workdays,
        )
        coming = next(due for due in dues if calendar.deadline(due) > desk.now)
        desk.set_timer(DUE_PASSED, items.subject(item), due_at=calendar.deadline(coming), step=items.FEEDBACK)
    return f"逾期{counted}次"


def count_overdue(desk: Desk, item: Item, until: datetime) -> int:
    """Bring 逾期次数 and 逾期工作日 up to `until`. Returns the count."""
    times, workdays = overdue(desk, item, until)
    if (times, workdays) != (item.overdue_times, item.overdue_workdays):
        items.change(desk, item, overdue_times=times, overdue_workdays=workdays)
    return times


def overdue_now(desk: Desk, item: Item) -> tuple[int, int]:
    """逾期次数 and 逾期工作日 as they are shown: what runs on is written down only when something happens."""
    if ItemState(item.state) not in (ItemState.IN_PROGRESS, ItemState.UNDER_REVIEW):
        return item.overdue_times, item.overdue_workdays
    return overdue(desk, item, desk.now)


def overdue(desk: Desk, item: Item, until: datetime) -> tuple[int, int]:
    """How often and by how many workdays it was late until then. Judged by submission; never falls (rule F14)."""
    days, every = desk.directory.calendar, items.policy_of(desk, item).item_feedback_workdays
    times, workdays = item_history.overdue_carried(desk.session, item.id)
    accepted_times, accepted_workdays = _overdue_accepted(desk, item)
    times, workdays = times + accepted_times, workdays + accepted_workdays
    pending = item_history.feedback_under_review(desk.session, item.id)
    open_until = (pending.submitted_at if pending is not None else None) or item.submitted_at or until
    if item.feedback_due_at is not None and (missed := late_workdays(desk, item.feedback_due_at, open_until)):
        due_day = calendar.local_date(item.feedback_due_at)
        times += len(ladder.missed_feedback_dues(due_day, open_until, days, every))
        workdays += missed
    closed_until = _on_time_request(desk, item) or item.submitted_at or until
    if item.due_at is not None and (late := late_workdays(desk, item.due_at, closed_until)):
        times += 1
        workdays += late
    return max(times, item.overdue_times), max(workdays, item.overdue_workdays)


def _on_time_request(desk: Desk, item: Item) -> datetime | None:
    """When 延期 was asked for in time, while nobody has decided on it (rules A7, F7)."""
    request = task_queries.extension_waiting(desk.session, item.id)
    return request.asked_at if request is not None and not request.late else None


def carry_closing_overdue(desk: Desk, item: Item, until: datetime) -> None:
    """A 办结时限 that was missed and is extended afterwards stays counted (rules F7, F14)."""
    assert item.due_at is not None
    times, workdays = item_history.overdue_carried(desk.session, item.id)
    late = late_workdays(desk, item.due_at, until)
    if late:
        desk.record(items.subject(item), {"overdue_carried": (None, f"{times + 1}/{workdays + late}")})


def _overdue_accepted(desk: Desk, item: Item) -> tuple[int, int]:
    """How often, and by how many workdays, the accepted feedbacks were late."""
    days, every = desk.directory.calendar, items.policy_of(desk, item).item_feedback_workdays
    times = workdays = 0
    for feedback in item_history.feedbacks(desk.session, item.id):
        if feedback.state == FeedbackState.ACCEPTED.value and feedback.overdue_workdays:
            due_day = calendar.local_date(feedback.due_at)
            times += len(ladder.missed_feedback_dues(due_day, feedback.submitted_at, days, every))
            workdays += feedback.overdue_workdays
    return times, workdays


def carry_overdue(desk: Desk, item: Item) -> None:
    """A reopened item keeps what was overdue before (rule F14): what no feedback shows is written down once."""
    times, workdays = _overdue_accepted(desk, item)
    before = (item.overdue_times - times, item.overdue_workdays - workdays)
    if before != item_history.overdue_carried(desk.session, item.id):
        desk.record(items.subject(item), {"overdue_carried": (None, f"{before[0]}/{before[1]}")})


def late_workdays(desk: Desk, due: datetime, submitted_at: datetime) -> int:
    """By how many workdays a submission is late; an outage over the deadline excuses it (rules A4, A7)."""
    days = desk.directory.calendar
    if submitted_at <= outages.excused_until(desk.session, due, days):
        return 0
    return ladder.overdue_workdays(due, submitted_at, days)
