"""Problem items as one aggregate: every change of state goes through here (rules F1–F6, F13, F14).

The acting person's right is that of `desk.actor.on_behalf_of`; the moves stand in models.rules.items.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from models.errors import Invalid, NotAllowed, NotFound, StateForbids
from models.notices.items import (
    ClosingFailed,
    ClosingToReview,
    FeedbackAccepted,
    FeedbackReturned,
    FeedbackToReview,
    FoundOnSite,
    InstructionTask,
    ItemAssigned,
    ItemAssignedToUnit,
    ItemClosed,
    ItemDueSoon,
    ItemFacts,
    ItemMerged,
    ItemOverdueReported,
    ItemReceivedTold,
    ItemRejected,
    ItemSupplementWanted,
    ItemToClose,
    ItemToScreen,
    ItemToSupervise,
    ItemUrged,
    LetterProposed,
    RaisedItemAssigned,
    ReceiptReminder,
    ReceiptReported,
    TasksDone,
)
from models.operations import ladders, numbering
from models.operations.desk import Desk
from models.queries import items as item_queries
from models.queries import outages
from models.queries.directory import PersonInfo, TaskForceInfo
from models.rules import calendar, ladder
from models.rules import items as rules
from models.rules.items import ItemAct, Move, Party, Required
from models.tables.items import Item, ItemFeedback, Ladder, Rung
from models.types import FeedbackState, ItemState, Role, Subject, Urgency

ROUTINE: Final = "日常调度"
ON_SITE: Final = "实地督导"
FEEDBACK: Final = "反馈"
CLOSING: Final = "办结"
WHAT: Final = {FEEDBACK: "定期反馈", CLOSING: "办结"}
"""How the two kinds of due date are named to people."""
_REMINDERS: Final = (ItemDueSoon, ItemUrged, ItemOverdueReported)
RECEIPT_REMINDER: Final = "item_receipt_reminder"
RECEIPT_REPORT: Final = "item_receipt_report"
RULING_REMINDER: Final = "item_ruling_reminder"
DUE_PASSED: Final = "item_due_passed"
_ABOUT_RECEIPT: Final = (ItemAssigned, InstructionTask, ReceiptReminder, ReceiptReported)
FINAL_AFTER_RETURNS: Final = 2  # F4: the second 退回 is ruled on by 综合专班负责人


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """What a confirmed problem is made of. level: None for the level of the organisation (rule G1)."""

    organisation_id: int
    title: str
    raised_by_id: int | None
    project_id: int | None = None
    wanted: str | None = None
    wanted_unit_id: int | None = None
    wanted_by: datetime | None = None
    kind: str | None = None
    tags: tuple[str, ...] = ()
    source: str = ROUTINE
    restricted: bool = False
    urgent: bool = False
    level: int | None = None


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


def subject(item: Item) -> Subject:
    return item_queries.subject(item)


def facts(desk: Desk, item: Item) -> ItemFacts:
    project = desk.directory.projects.get(item.project_id) if item.project_id is not None else None
    return ItemFacts(
        id=item.id,
        number=item.number,
        title=item.title,
        project=f"{project.code} {project.name}" if project else "",
    )


def get(desk: Desk, item_id: int) -> Item:
    """Raises NotFound for an unknown id."""
    item = item_queries.by_id(desk.session, item_id)
    if item is None:
        raise NotFound(str(item_id))
    return item


def may(desk: Desk, item: Item, act: ItemAct) -> Move:
    """The move of an act, if the acting person may do it now. Raises NotAllowed, StateForbids (B10)."""
    right_of = desk.actor.on_behalf_of
    person = desk.directory.people.get(right_of) if right_of is not None else None
    if person is None:
        parties = frozenset(Party) if right_of is None else frozenset[Party]()
    else:
        parties = item_queries.parties(desk.directory, person, item)
    move = rules.check(act, number=item.number, state=ItemState(item.state), parties=parties)
    if item_queries.awaits_decision(item):
        raise StateForbids(item.number, state="已提级，待批示", act=act.value)
    final = item.returns >= FINAL_AFTER_RETURNS
    if act is ItemAct.DISPATCH and final and Party.HUB_HEAD not in parties:
        raise NotAllowed(f"再次交办 {item.number}", who=Party.HUB_HEAD.value)
    if act is ItemAct.SEND_BACK and final:
        raise StateForbids(item.number, state="已由综合专班负责人裁定", act="再退回", allowed=("签收",))
    return move


def task_force(desk: Desk, item: Item) -> TaskForceInfo | None:
    """The 专班 that handles it, or the one that its type suggests (rule F2)."""
    if item.task_force_id is not None:
        return desk.directory.task_forces.get(item.task_force_id)
    return suggested_force(desk, item.organisation_id, item.kind)


def suggested_force(desk: Desk, organisation_id: int, kind: str | None) -> TaskForceInfo | None:
    """The 专班 of the organisation that a type suggests; 综合专班 where it has none of that name."""
    wanted = rules.force_of(kind)
    return next(
        (
            one
            for one in desk.directory.task_forces.values()
            if one.organisation_id == organisation_id and one.name.startswith(wanted)
        ),
        desk.directory.hub(organisation_id),
    )


# --- 上报, 甄别


def raise_item(desk: Desk, new: NewItem) -> Item:
    """A confirmed problem becomes an item 待甄别 with the next number; 综合专班 is told."""
    item = create(desk, new)
    _tell_screeners(desk, item)
    if item.source == ON_SITE:
        _tell_category_leads(desk, item)
    return item


def create(desk: Desk, new: NewItem) -> Item:
    """The item 待甄别 with the next number, before anybody is told."""
    organisation = desk.directory.organisations[new.organisation_id]
    author = item_queries.person(desk.directory, new.raised_by_id)
    circle = list(item_queries.restricted_circle(desk.directory, author)) if new.restricted and author else []
    item = Item(
        organisation_id=organisation.id,
        project_id=new.project_id,
        title=new.title,
        wanted=new.wanted,
        wanted_unit_id=new.wanted_unit_id,
        wanted_by=new.wanted_by,
        kind=new.kind,
        tags=list(new.tags),
        source=new.source,
        level=rules.level_of_organisation(organisation.level) if new.level is None else new.level,
        state=ItemState.SCREENING.value,
        restricted=new.restricted,
        visible_to=circle,
        urgent=new.urgent,
        raised_by_id=new.raised_by_id,
    )
    enter(desk, item, "state", "title", "project_id", "kind", "wanted", "wanted_by", "source", "restricted")
    return item


def enter(desk: Desk, item: Item, *shown: str) -> None:
    """Store a new item, raised now, with the next number of its organisation.

    shown: the fields with which its history begins, in this order.
    """
    organisation = desk.directory.organisations[item.organisation_id]
    count = numbering.next_number(desk.session, numbering.item_series(organisation.id))
    item.number = rules.number_of(count, organisation.level)
    item.raised_at = desk.now
    item.policy_version = desk.policy.version
    desk.session.add(item)
    desk.session.flush()
    first = {name: getattr(item, name) for name in shown}
    desk.record(
        subject(item), {name: (None, None if value is False else value) for name, value in first.items()}
    )


def _tell_category_leads(desk: Desk, item: Item) -> None:
    """A problem found on site is told to the 专班 that lead the project's categories, too (rule J2)."""
    directory = desk.directory
    project = directory.projects.get(item.project_id or 0)
    if project is None or item.restricted:
        return
    categories = [directory.categories[number] for number in project.category_ids]
    screeners = {one.id for one in decides_on(desk, item)}
    raiser = item_queries.person(directory, item.raised_by_id)
    for force_id in dict.fromkeys(one.task_force_id for one in categories if one.task_force_id is not None):
        force = directory.task_forces[force_id]
        desk.notify(
            FoundOnSite(facts(desk, item), _with_unit(desk, raiser), item.raised_at, item.kind, force.name),
            to=[
                one
                for one in directory.at_task_force(force_id, Role.LIAISON)
                if one.id not in screeners | {item.raised_by_id}
            ],
            key=key_of(item, f"found on site {force_id}"),
            reason="实地督导问题告知",
            about=subject(item),
        )


def ask_more(desk: Desk, item: Item, reason: str) -> None:
    """退回补充: the state stays, who raised it is asked for more."""
    _with_reason(may(desk, item, ItemAct.ASK_MORE), reason)
    change(desk, item, reason=reason)
    desk.record(subject(item), {"supplement": (None, reason)}, reason=reason)
    _tell_raiser(desk, item, ItemSupplementWanted(facts(desk, item), desk.actor.label, reason), "退回补充")


def supplement(desk: Desk, item: Item, **changes: Any) -> None:
    """What who raised it adds: title, wanted, wanted_unit_id, wanted_by, kind; 综合专班 is told again."""
    may(desk, item, ItemAct.SUPPLEMENT)
    change(desk, item, **changes)
    _tell_screeners(desk, item, supplemented=True)


def reject(desk: Desk, item: Item, reason: str) -> None:
    """不予受理."""
    move = may(desk, item, ItemAct.REJECT)
    _with_reason(move, reason)
    change(desk, item, reason=reason, state=ItemState.REJECTED.value)
    _nothing_due(desk, item, "不予受理")
    _tell_raiser(desk, item, ItemRejected(facts(desk, item), desk.actor.label, reason), "不予受理")
    if item.parent_id is not None:
        _task_over(desk, get(desk, item.parent_id))


def merge(desk: Desk, item: Item, into: Item) -> None:
    """合并: the duplicate points to the survivor and counts nowhere; its reporter is told (rule F13)."""
    may(desk, item, ItemAct.MERGE)
    if into.id == item.id or into.organisation_id != item.organisation_id:
        raise Invalid(f"{item.number} 不能合并到 {into.number}", mend="请写另一件在办问题的编号")
    if ItemState(into.state) in rules.ENDED:
        raise StateForbids(into.number, state=into.state, act="作为合并对象")
    if into.restricted != item.restricted:
        raise Invalid(f"{item.number} 与 {into.number} 的可见范围不同，不能合并")
    change(desk, item, state=ItemState.MERGED.value, merged_into_id=into.id)
    _nothing_due(desk, item, f"已合并到 {into.number}")
    holder = item_queries.responsible(desk.directory, into)
    notice = ItemMerged(
        facts(desk, item),
        into=into.number,
        into_title=into.title,
        holder=holder.label if holder else "综合专班",
    )
    _tell_raiser(desk, item, notice, "合并")


# --- 交办, 签收 (rules D4, F3)


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
    may(desk, item, ItemAct.DISPATCH)
    if to.due_at <= desk.now:
        raise Invalid(f"办结时限 {calendar.local(to.due_at):%m-%d %H:%M} 已过", mend="请给一个将来的日期")
    extra: dict[str, Any] = {}
    if item.restricted:
        extra["visible_to"] = sorted({*item.visible_to, to.person_id, to.supervisor_id})
    change(
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
        policy_version=desk.policy.version,
        **extra,
    )
    desk.cancel_timers(subject(item), RULING_REMINDER, reason="已交办")
    desk.withdraw(subject(item), reason="已交办", notices=(ItemToScreen,))
    due = await_receipt(desk, item)
    _tell_dispatched(desk, item, due)
    return due


def _tell_dispatched(desk: Desk, item: Item, due: ladder.Receipt) -> None:
    directory = desk.directory
    of = facts(desk, item)
    unit, person = directory.units[item.unit_id or 0].name, directory.people[item.person_id or 0]
    supervisor = directory.people[item.supervisor_id or 0]
    goal, measures, due_at = item.goal or "", item.measures or "", item.due_at
    assert due_at is not None
    key, about = key_of(item, "dispatched"), subject(item)
    told = {person.id, desk.actor.person_id}
    desk.notify(
        ItemAssigned(of, goal, measures, unit, person.label, due_at, supervisor.label, due.due),
        to=person,
        key=f"{key} responsible",
        reason="交办",
        about=about,
    )
    leaders = [one for one in item_queries.leaders(directory, item) if one.id not in told]
    told |= {one.id for one in leaders}
    desk.notify(
        ItemAssignedToUnit(of, goal, unit, person.label, due_at, due.due),
        to=leaders,
        key=f"{key} leader",
        reason="交办告知带班领导",
        about=about,
    )
    raiser = item_queries.person(directory, item.raised_by_id)
    if raiser is not None and raiser.id not in told:
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


def receive(desk: Desk, item: Item) -> None:
    """签收: 待签收 → 办理中; the rhythm of feedback starts (rules F3, F5)."""
    may(desk, item, ItemAct.RECEIVE)
    first_due = calendar.workday_deadline(
        desk.now, desk.policy.item_feedback_workdays, desk.directory.calendar
    )
    change(desk, item, state=ItemState.IN_PROGRESS.value, received_at=desk.now, feedback_due_at=first_due)
    _receipt_over(desk, item, "已签收")
    _await_work(desk, item)
    supervisor = item_queries.person(desk.directory, item.supervisor_id)
    person = item_queries.responsible(desk.directory, item)
    if supervisor is not None and supervisor.id != desk.actor.person_id:
        desk.notify(
            ItemReceivedTold(
                facts(desk, item),
                unit=unit_name(desk, item),
                person=person.label if person else "",
                received_at=desk.now,
                feedback_due_at=first_due,
            ),
            to=supervisor,
            key=key_of(item, "received"),
            reason="签收告知督办专员",
            about=subject(item),
        )


def send_back(desk: Desk, item: Item, reason: str, *, proposed_unit_id: int | None) -> None:
    """退回: 待签收 → 待甄别. The second one goes to 综合专班负责人, whose ruling is final (rule F4)."""
    move = may(desk, item, ItemAct.SEND_BACK)
    _with_reason(move, reason)
    if proposed_unit_id is None:
        raise Invalid("退回要写明建议承办单位", mend=f"例：/退回 {item.number} 不属本单位职责 建议 市住建局")
    by = unit_name(desk, item)
    change(
        desk,
        item,
        reason=reason,
        state=ItemState.SCREENING.value,
        returns=item.returns + 1,
        person_id=None,
        unit_id=None,
        wanted_unit_id=proposed_unit_id,
    )
    _receipt_over(desk, item, "已退回")
    _tell_screeners(
        desk, item, returned=reason, returned_by=by, proposed_unit=desk.directory.units[proposed_unit_id].name
    )
    if item.returns >= FINAL_AFTER_RETURNS:
        remind = calendar.workday_deadline(desk.now, 1, desk.directory.calendar)
        desk.set_timer(
            RULING_REMINDER,
            subject(item),
            step=str(item.version),
            due_at=calendar.announced_at(remind, desk.directory.calendar, desk.policy.push_window),
        )


def remind_ruling(desk: Desk, item: Item) -> str:
    """The one reminder of a ruling that is overdue (rule F4)."""
    if item.state != ItemState.SCREENING.value or item.returns < FINAL_AFTER_RETURNS:
        return "已裁定"
    proposed = desk.directory.units.get(item.wanted_unit_id or 0)
    _tell_screeners(
        desk,
        item,
        returned="请裁定承办单位，裁定后不再接受退回",
        returned_by="",
        proposed_unit=proposed.name if proposed else "",
        key="ruling reminder",
    )
    return "已提醒"


def remind_receipt(desk: Desk, item: Item) -> str:
    """签收 is overdue: 责任人 is reminded once (rule F3)."""
    person = item_queries.responsible(desk.directory, item)
    if item.state != ItemState.AWAITING_RECEIPT.value or item.dispatched_at is None or person is None:
        return "已无需提醒"
    due = _receipt(desk, item)
    desk.notify(
        ReceiptReminder(facts(desk, item), item.dispatched_at, due.due),
        to=person,
        key=key_of(item, "receipt reminder"),
        reason="签收提醒",
        about=subject(item),
    )
    return "已提醒"


def report_receipt(desk: Desk, item: Item) -> str:
    """签收 is two workdays overdue: 带班领导 is told (rule F3)."""
    leaders = item_queries.leaders(desk.directory, item)
    if item.state != ItemState.AWAITING_RECEIPT.value or item.dispatched_at is None:
        return "已无需告知"
    person = item_queries.responsible(desk.directory, item)
    desk.notify(
        ReceiptReported(
            facts(desk, item),
            unit_name(desk, item),
            person.label if person else "",
            item.dispatched_at,
            _receipt(desk, item).due,
        ),
        to=leaders or item_queries.screeners(desk.directory, item),
        key=key_of(item, "receipt report"),
        reason="逾期未签收告知带班领导",
        about=subject(item),
    )
    return "已告知"


# --- 反馈 (rules F5, A7)


def late_workdays(desk: Desk, due: datetime, submitted_at: datetime) -> int:
    """By how many workdays a submission is late; an outage over the deadline excuses it (rules A4, A7)."""
    days = desk.directory.calendar
    if submitted_at <= outages.excused_until(desk.session, due, days):
        return 0
    return ladder.overdue_workdays(due, submitted_at, days)


def submit_feedback(desk: Desk, item: Item, text: str) -> ItemFeedback:
    """Feedback of the 责任单位 by the acting person. The ladder stands still until it is ruled on.

    Raises Invalid for an empty text or while an earlier one is under review.
    """
    may(desk, item, ItemAct.FEED_BACK)
    if not text.strip():
        raise Invalid("反馈不能为空", mend="请写办理进展，例：已报省林草局，预计10月10日批复")
    if item_queries.feedback_under_review(desk.session, item.id) is not None:
        raise Invalid(f"{item.number} 已有一条反馈待审核", mend="请等督办专员采纳或退回后再报")
    due = item.feedback_due_at
    assert due is not None
    assert desk.actor.person_id is not None
    feedback = ItemFeedback(
        item_id=item.id,
        author_id=desk.actor.person_id,
        on_behalf_of_id=desk.actor.for_id,
        text=text.strip(),
        submitted_at=desk.now,
        due_at=due,
        overdue_workdays=late_workdays(desk, due, desk.now),
        state=FeedbackState.SUBMITTED.value,
    )
    desk.session.add(feedback)
    desk.session.flush()
    desk.record(subject(item), {"feedback": (None, feedback.text), "feedback_state": (None, feedback.state)})
    ladders.pause(desk, subject(item), FEEDBACK)
    ladders.take_back(desk, subject(item), _REMINDERS, reason="已反馈", what=WHAT[FEEDBACK])
    author_ids = {feedback.author_id, feedback.on_behalf_of_id or feedback.author_id}
    desk.notify(
        FeedbackToReview(
            facts(desk, item),
            feedback.id,
            unit=unit_name(desk, item),
            author=desk.actor.label,
            text=feedback.text,
            due_at=due,
            submitted_at=desk.now,
            late=feedback.overdue_workdays,
        ),
        to=item_queries.reviewers(desk.directory, item, author_ids=author_ids),
        key=f"item feedback {feedback.id}",
        reason="反馈待审核",
        about=subject(item),
    )
    return feedback


def accept_feedback(desk: Desk, feedback: ItemFeedback) -> datetime | None:
    """采纳: the ladder ends. Returns when the next feedback is due, judged by the submission (rule A7)."""
    item = _ruling(desk, feedback)
    _rule(desk, item, feedback, FeedbackState.ACCEPTED, None)
    ladders.end(desk, subject(item), "反馈已采纳", FEEDBACK)
    ladders.take_back(
        desk, subject(item), (*_REMINDERS, LetterProposed), reason="反馈已采纳", what=WHAT[FEEDBACK]
    )
    next_due = calendar.deadline(
        ladder.next_feedback_due(
            calendar.local_date(feedback.due_at),
            feedback.submitted_at,
            desk.directory.calendar,
            desk.policy.item_feedback_workdays,
        )
    )
    change(desk, item, feedback_due_at=next_due)
    count_overdue(desk, item, desk.now)
    if item.state == ItemState.IN_PROGRESS.value:
        ladders.open_ladder(desk, subject(item), FEEDBACK, due_at=next_due)
        _watch(desk, item)
    author = item_queries.person(desk.directory, feedback.on_behalf_of_id or feedback.author_id)
    if author is not None:
        desk.notify(
            FeedbackAccepted(
                facts(desk, item),
                desk.actor.label,
                feedback.submitted_at,
                feedback.overdue_workdays,
                next_due,
            ),
            to=author,
            key=f"item feedback {feedback.id} accepted",
            reason="反馈采纳",
            about=subject(item),
        )
    return next_due


def return_feedback(desk: Desk, feedback: ItemFeedback, reason: str) -> None:
    """退回: the old due date stays; rungs not yet taken move back by the workdays under review (F6)."""
    item = _ruling(desk, feedback)
    if not reason.strip():
        raise Invalid("退回要写明原因", mend="请写明缺什么、应补什么")
    _rule(desk, item, feedback, FeedbackState.RETURNED, reason)
    ladders.resume(desk, subject(item), FEEDBACK)
    count_overdue(desk, item, desk.now)
    _watch(desk, item)
    following = item_queries.next_rung(desk.session, item, FEEDBACK)
    author = item_queries.person(desk.directory, feedback.on_behalf_of_id or feedback.author_id)
    if author is not None:
        desk.notify(
            FeedbackReturned(
                facts(desk, item),
                desk.actor.label,
                reason,
                feedback.due_at,
                next_rung=str(following.body["step"]) if following else "",
                next_rung_at=following.due_at if following else None,
            ),
            to=author,
            key=f"item feedback {feedback.id} returned",
            reason="反馈退回",
            about=subject(item),
        )


def _ruling(desk: Desk, feedback: ItemFeedback) -> Item:
    """The item of a feedback, if the acting person may rule on it now; its author may not (rule F8)."""
    item = get(desk, feedback.item_id)
    may(desk, item, ItemAct.REVIEW_FEEDBACK)
    if feedback.state != FeedbackState.SUBMITTED.value:
        done = "采纳" if feedback.state == FeedbackState.ACCEPTED.value else "退回"
        raise StateForbids(f"{item.number} 这条反馈", state=f"已{done}", act="再审核")
    authors = {feedback.author_id, feedback.on_behalf_of_id} - {None}
    if authors & {desk.actor.person_id, desk.actor.for_id}:
        raise NotAllowed("审核自己提交的反馈", who=Party.HUB_HEAD.value)
    return item


def _rule(desk: Desk, item: Item, feedback: ItemFeedback, state: FeedbackState, reason: str | None) -> None:
    desk.record(subject(item), {"feedback_state": (feedback.state, state.value)}, reason=reason)
    feedback.state = state.value
    feedback.reviewed_by_id = desk.actor.person_id
    feedback.reviewed_at = desk.now
    feedback.review_reason = reason
    desk.session.flush()
    desk.withdraw(subject(item), reason="已审核", notices=(FeedbackToReview,))


# --- 办结, 销号 (rules F8–F10)


def submit_closing(
    desk: Desk, item: Item, text: str, *, reference: str, files: tuple[tuple[int, str], ...]
) -> int:
    """报办结: 办理中 → 待审核; needs a 文号 or a file (rule F9). files: (attachment id, name).

    Returns by how many workdays it is late. The ladders stand still until it is ruled on.
    """
    may(desk, item, ItemAct.SUBMIT)
    if not reference and not files:
        raise Invalid(
            "请附批复文件或填写文号", mend=f"例：/办结 {item.number} 已批复 文号 云林审〔2026〕88号"
        )
    change(desk, item, state=ItemState.UNDER_REVIEW.value, submitted_at=desk.now)
    desk.record(subject(item), {"closing": (None, text), "reference": (None, reference or None)})
    ladders.pause(desk, subject(item))
    ladders.take_back(desk, subject(item), _REMINDERS, reason="已报办结")
    late = late_workdays(desk, item.due_at, desk.now) if item.due_at else 0
    authors = item_queries.closing_authors(desk.session, item.id)
    desk.notify(
        ClosingToReview(
            facts(desk, item),
            unit=unit_name(desk, item),
            author=desk.actor.label,
            text=text,
            evidence=(*([f"文号 {reference}"] if reference else []), *(name for _, name in files)),
            file_ids=tuple(number for number, _ in files),
            submitted_at=desk.now,
            due_at=item.due_at,
            late=late,
        ),
        to=item_queries.reviewers(desk.directory, item, author_ids=authors),
        key=key_of(item, "closing"),
        reason="办结待审核",
        about=subject(item),
    )
    return late


def approve_closing(desk: Desk, item: Item) -> None:
    """通过: 待审核 → 待销号. Judged by the submission (rule A7); no rung follows."""
    _rule_closing(desk, item, ItemAct.APPROVE)
    assert item.submitted_at is not None
    change(desk, item, state=ItemState.AWAITING_CLOSE.value)
    count_overdue(desk, item, item.submitted_at)
    _nothing_due(desk, item, "办结已通过")
    desk.notify(
        ItemToClose(
            facts(desk, item),
            desk.actor.label,
            item.submitted_at,
            item_queries.handling_workdays(desk.directory, item, desk.now) or 0,
        ),
        to=item_queries.screeners(desk.directory, item),
        key=key_of(item, "to close"),
        reason="待销号",
        about=subject(item),
    )


def fail_closing(desk: Desk, item: Item, reason: str) -> None:
    """不通过: back to 办理中, the 办结时限 stays; the rungs that are left move back (rule F6)."""
    authors = item_queries.closing_authors(desk.session, item.id)
    _with_reason(_rule_closing(desk, item, ItemAct.FAIL), reason)
    change(
        desk,
        item,
        reason=reason,
        state=ItemState.IN_PROGRESS.value,
        submitted_at=None,
        refusals=item.refusals + 1,
    )
    ladders.resume(desk, subject(item), CLOSING)
    if item_queries.feedback_under_review(desk.session, item.id) is None:
        ladders.resume(desk, subject(item), FEEDBACK)
    count_overdue(desk, item, desk.now)
    _await_work(desk, item)
    people = [one for number in sorted(authors) if (one := item_queries.person(desk.directory, number))]
    desk.notify(
        ClosingFailed(facts(desk, item), desk.actor.label, reason, item.due_at),
        to=people,
        key=key_of(item, "closing failed"),
        reason="办结审核不通过",
        about=subject(item),
    )


def _rule_closing(desk: Desk, item: Item, act: ItemAct) -> Move:
    move = may(desk, item, act)
    if item_queries.closing_authors(desk.session, item.id) & {desk.actor.person_id, desk.actor.for_id}:
        raise NotAllowed("审核自己提交的办结", who=Party.HUB_HEAD.value)
    desk.withdraw(subject(item), reason="已审核", notices=(ClosingToReview,))
    return move


def close(desk: Desk, item: Item) -> None:
    """销号: who raised it, or a duplicate of it, is told (rules F10, F13). The last task ends its problem's wait."""
    may(desk, item, ItemAct.CLOSE)
    change(desk, item, state=ItemState.CLOSED.value, closed_at=desk.now)
    _nothing_due(desk, item, "已销号")
    workdays = item_queries.handling_workdays(desk.directory, item, desk.now) or 0
    for raised in (item, *item_queries.merged_into(desk.session, item.id)):
        raiser = item_queries.person(desk.directory, raised.raised_by_id)
        if raiser is not None:
            desk.notify(
                ItemClosed(
                    facts(desk, item), raised.number, desk.now, workdays, task=item.parent_id is not None
                ),
                to=raiser,
                key=key_of(item, f"closed {raised.id}"),
                reason="销号告知提出人",
                about=subject(item),
            )
    if item.parent_id is not None:
        _task_over(desk, get(desk, item.parent_id))


def _task_over(desk: Desk, parent: Item) -> None:
    """A problem that only its tasks carry is 待销号 when the last of them is over (rule G4)."""
    carried_by_tasks = parent.unit_id is None and parent.state == ItemState.IN_PROGRESS.value
    tasks = item_queries.tasks_of(desk.session, parent.id)
    if not carried_by_tasks or any(ItemState(task.state) not in rules.ENDED for task in tasks):
        return
    change(desk, parent, state=ItemState.AWAITING_CLOSE.value, submitted_at=desk.now)
    desk.notify(
        TasksDone(facts(desk, parent), tuple(task.number for task in tasks)),
        to=item_queries.screeners(desk.directory, parent),
        key=key_of(parent, "to close"),
        reason="待销号",
        about=subject(parent),
    )


# --- what falls due


def arm(desk: Desk, item: Item) -> None:
    """Set up what a loaded item has coming in its state. What lies before desk.now counts as done."""
    if item.state == ItemState.AWAITING_RECEIPT.value:
        await_receipt(desk, item)
    elif item.state == ItemState.IN_PROGRESS.value:
        _await_work(desk, item)
        for one in ladders.of(desk.session, subject(item)):
            if one.state == ladders.RUNNING:
                _take_past_rungs(desk, one)
                ladders.set_timers(desk.session, one, desk.directory.calendar)


def _take_past_rungs(desk: Desk, climb: Ladder) -> None:
    """Rungs from before desk.now were taken when it was their time."""
    known = item_queries.rungs_taken(desk.session, climb.id)
    for rung in ladder.rungs(climb.due_at, desk.directory.calendar):
        if rung.at <= desk.now and rung.name.value not in known:
            desk.session.add(Rung(ladder_id=climb.id, name=rung.name.value, due_at=rung.at, fired_at=rung.at))
    desk.session.flush()


def await_receipt(desk: Desk, item: Item) -> ladder.Receipt:
    """Wait for 签收: one reminder, then 带班领导 is told (rule F3)."""
    due = _receipt(desk, item)
    for kind, moment in ((RECEIPT_REMINDER, due.remind_at), (RECEIPT_REPORT, due.report_at)):
        if moment > desk.now:
            desk.set_timer(kind, subject(item), due_at=moment, step=str(item.version))
    return due


def _await_work(desk: Desk, item: Item) -> None:
    """The ladders behind the next feedback and the 办结时限."""
    if item.feedback_due_at is not None:
        ladders.open_ladder(desk, subject(item), FEEDBACK, due_at=item.feedback_due_at)
    if item.due_at is not None:
        ladders.open_ladder(desk, subject(item), CLOSING, due_at=item.due_at)
    _watch(desk, item)


# --- 逾期, counted when it happens (rules F5, F14)


def _watch(desk: Desk, item: Item) -> None:
    """Look again when the next due date passes."""
    if item.feedback_due_at is not None:
        dues = ladder.feedback_dues(
            calendar.local_date(item.feedback_due_at),
            desk.directory.calendar,
            desk.policy.item_feedback_workdays,
        )
        coming = item.feedback_due_at
        while coming < desk.now:
            coming = calendar.deadline(next(dues))
        desk.set_timer(DUE_PASSED, subject(item), due_at=coming, step=FEEDBACK)
    if item.due_at is not None and item.due_at >= desk.now:
        desk.set_timer(DUE_PASSED, subject(item), due_at=item.due_at, step=CLOSING)


def due_passed(desk: Desk, item: Item, step: str) -> str:
    """A due date has passed: count it if nothing was submitted, and watch the next (rule F5)."""
    if ItemState(item.state) not in (ItemState.IN_PROGRESS, ItemState.UNDER_REVIEW):
        return "已无需计算"
    just_after = desk.now + timedelta(seconds=1)
    counted = count_overdue(desk, item, just_after)
    excused = outages.excused_until(desk.session, desk.now, desk.directory.calendar)
    if excused > desk.now:
        desk.set_timer(DUE_PASSED, subject(item), due_at=excused, step=f"{step}顺延")
    if step.startswith(FEEDBACK) and item.feedback_due_at is not None:
        dues = ladder.feedback_dues(
            calendar.local_date(item.feedback_due_at),
            desk.directory.calendar,
            desk.policy.item_feedback_workdays,
        )
        coming = next(due for due in dues if calendar.deadline(due) > desk.now)
        desk.set_timer(DUE_PASSED, subject(item), due_at=calendar.deadline(coming), step=FEEDBACK)
    return f"逾期{counted}次"


def count_overdue(desk: Desk, item: Item, until: datetime) -> int:
    """Bring 逾期次数 and 逾期工作日 up to `until`. Judged by submission; never falls. Returns the count."""
    days, every = desk.directory.calendar, desk.policy.item_feedback_workdays
    times = workdays = 0
    pending: datetime | None = None
    for feedback in item_queries.feedbacks(desk.session, item.id):
        if feedback.state == FeedbackState.SUBMITTED.value:
            pending = feedback.submitted_at
        if feedback.state == FeedbackState.ACCEPTED.value and feedback.overdue_workdays:
            due_day = calendar.local_date(feedback.due_at)
            times += len(ladder.missed_feedback_dues(due_day, feedback.submitted_at, days, every))
            workdays += feedback.overdue_workdays
    open_until = pending or item.submitted_at or until
    if item.feedback_due_at is not None and late_workdays(desk, item.feedback_due_at, open_until):
        due_day = calendar.local_date(item.feedback_due_at)
        times += len(ladder.missed_feedback_dues(due_day, open_until, days, every))
    if item.due_at is not None and (late := late_workdays(desk, item.due_at, item.submitted_at or until)):
        times += 1
        workdays += late
    times, workdays = max(times, item.overdue_times), max(workdays, item.overdue_workdays)
    if (times, workdays) != (item.overdue_times, item.overdue_workdays):
        change(desk, item, overdue_times=times, overdue_workdays=workdays)
    return times


def _receipt(desk: Desk, item: Item) -> ladder.Receipt:
    assert item.dispatched_at is not None
    return ladder.receipt(
        item.dispatched_at,
        desk.directory.calendar,
        within=desk.policy.receipt_workdays,
        report_after=desk.policy.receipt_report_workdays,
    )


def receipt_due(desk: Desk, item: Item) -> datetime | None:
    """Until when 签收 is due; None when it is not awaited."""
    awaited = item.state == ItemState.AWAITING_RECEIPT.value and item.dispatched_at is not None
    return _receipt(desk, item).due if awaited else None


def _receipt_over(desk: Desk, item: Item, why: str) -> None:
    desk.cancel_timers(subject(item), RECEIPT_REMINDER, RECEIPT_REPORT, reason=why)
    desk.withdraw(subject(item), reason=why, notices=_ABOUT_RECEIPT)


def _nothing_due(desk: Desk, item: Item, why: str) -> None:
    """The item is over: no timer, no rung, no card about it any more."""
    for what in (FEEDBACK, CLOSING):
        ladders.end(desk, subject(item), why, what)
    desk.cancel_timers(subject(item), reason=why)
    desk.withdraw(subject(item), reason=why)


# --- shared


def unit_name(desk: Desk, item: Item) -> str:
    unit = desk.directory.units.get(item.unit_id) if item.unit_id is not None else None
    return unit.name if unit else ""


def _with_reason(move: Move, reason: str) -> None:
    if move.needs_reason and not reason.strip():
        raise Invalid("要写明原因", mend="请在后面写上原因")


def change(desk: Desk, item: Item, *, reason: str | None = None, **values: Any) -> None:
    """Set fields and write their audit rows; every change raises the version."""
    desk.record(
        subject(item), {name: (getattr(item, name), value) for name, value in values.items()}, reason=reason
    )
    for name, value in values.items():
        setattr(item, name, value)
    item.version += 1
    desk.session.flush()


def key_of(item: Item, what: str) -> str:
    """The key of a notice about the item as it is now."""
    return f"item {item.id} {item.version} {what}"


def _tell_raiser(
    desk: Desk, item: Item, notice: ItemSupplementWanted | ItemRejected | ItemMerged, reason: str
) -> None:
    raiser = item_queries.person(desk.directory, item.raised_by_id)
    if raiser is not None and raiser.id != desk.actor.person_id:
        desk.notify(
            notice, to=raiser, key=key_of(item, "raiser"), reason=f"{reason}告知提出人", about=subject(item)
        )


def decides_on(desk: Desk, item: Item) -> tuple[PersonInfo, ...]:
    """Who screens it: 综合专班 联络员; its 负责人 after the second 退回 (rule F4) or for a restricted one.

    Nobody there while it waits for a decision above.
    """
    if item_queries.awaits_decision(item):
        return ()
    if item.returns >= FINAL_AFTER_RETURNS:
        return item_queries.hub_heads(desk.directory, item)
    return item_queries.screeners(desk.directory, item)


def _tell_screeners(
    desk: Desk,
    item: Item,
    *,
    supplemented: bool = False,
    returned: str = "",
    returned_by: str = "",
    proposed_unit: str = "",
    key: str = "screen",
) -> None:
    """综合专班 decides on it; its 负责人 where the ruling is his or the author wrote 紧急 (F1, F4, G7)."""
    directory = desk.directory
    raiser = item_queries.person(directory, item.raised_by_id)
    force = task_force(desk, item)
    ruling = item.returns >= FINAL_AFTER_RETURNS
    to = decides_on(desk, item)
    notice = ItemToScreen(
        facts(desk, item),
        raised_by=_with_unit(desk, raiser),
        raised_at=item.raised_at,
        kind=item.kind,
        task_force=force.name if force else "",
        wanted=item.wanted,
        wanted_by=item.wanted_by,
        source=item.source,
        urgent=item.urgent,
        supplemented=supplemented,
        returned=returned,
        returned_by=returned_by,
        proposed_unit=proposed_unit,
        final=ruling,
        restricted=item.restricted,
        like=tuple((one.id, one.number) for one in item_queries.alike(desk.session, item)),
    )
    reason = "退回待裁定" if ruling else "问题待甄别"
    desk.notify(notice, to=to, key=key_of(item, key), reason=reason, about=subject(item))
    if item.urgent and not ruling:
        desk.notify(
            notice,
            to=[head for head in item_queries.hub_heads(directory, item) if head not in to],
            key=key_of(item, f"{key} urgent"),
            reason="紧急问题",
            about=subject(item),
            urgency=Urgency.URGENT,
        )


def _with_unit(desk: Desk, person: PersonInfo | None) -> str:
    if person is None:
        return ""
    unit = desk.directory.units[person.unit_id].name
    return person.label if unit in person.label else f"{person.name}({unit})"
