"""定期反馈 on an item: submitted, adopted or returned (rules F5, F6, A7)."""

from __future__ import annotations

from models.errors import Invalid, NotAllowed, StateForbids, WordsMissing
from models.notices.item_feedback import FeedbackAccepted, FeedbackReturned, FeedbackToReview
from models.notices.item_rungs import LetterProposed
from models.operations import item_dues, item_proposals, items, ladders
from models.operations.desk import Desk
from models.queries import item_history, item_parties
from models.rules import calendar, ladder
from models.rules.items import ItemAct, Party
from models.tables.items import Item, ItemFeedback
from models.types import FeedbackState, ItemState


def submit(desk: Desk, item: Item, text: str) -> ItemFeedback:
    """Feedback of the 责任单位 by the acting person. The ladder stands still until it is ruled on.

    Raises Invalid for an empty text or while an earlier one is under review.
    """
    items.may(desk, item, ItemAct.FEED_BACK)
    if not text.strip():
        raise Invalid("反馈不能为空", mend="请写办理进展，例：已报省林草局，预计10月10日批复")
    check_none_waits(desk, item)
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
        overdue_workdays=item_dues.late_workdays(desk, due, desk.now),
        state=FeedbackState.SUBMITTED.value,
    )
    desk.session.add(feedback)
    desk.session.flush()
    desk.record(
        items.subject(item), {"feedback": (None, feedback.text), "feedback_state": (None, feedback.state)}
    )
    ladders.pause(desk, items.subject(item), items.FEEDBACK)
    ladders.take_back(
        desk, items.subject(item), item_dues.REMINDERS, reason="已反馈", what=items.WHAT[items.FEEDBACK]
    )
    author_ids = {feedback.author_id, feedback.on_behalf_of_id or feedback.author_id}
    desk.notify(
        FeedbackToReview(
            items.facts(desk, item),
            feedback.id,
            unit=items.unit_name(desk, item),
            author=desk.actor.label,
            text=feedback.text,
            due_at=due,
            submitted_at=desk.now,
            late=feedback.overdue_workdays,
        ),
        to=item_parties.reviewers(desk.directory, item, author_ids=author_ids),
        key=f"item feedback {feedback.id}",
        reason="反馈待审核",
        about=items.subject(item),
        without=author_ids,
    )
    return feedback


def check_none_waits(desk: Desk, item: Item) -> None:
    """Raises Invalid while a feedback waits for its review, telling whose it is: two people may write at once."""
    waiting = item_history.feedback_under_review(desk.session, item.id)
    if waiting is None:
        return
    author = desk.directory.people.get(waiting.author_id)
    by = f"（{author.label} {calendar.local(waiting.submitted_at):%m-%d %H:%M} 提交）" if author else ""
    raise Invalid(f"{item.number} 已有一条反馈待审核{by}", mend="请等督办专员采纳或退回后再报")


def accept(desk: Desk, feedback: ItemFeedback) -> FeedbackAccepted:
    """采纳: the ladder ends; when the next feedback is due is judged by the submission (rule A7)."""
    item = _ruling(desk, feedback)
    _rule(desk, item, feedback, FeedbackState.ACCEPTED, None)
    ladders.end(desk, items.subject(item), "反馈已采纳", items.FEEDBACK)
    item_proposals.lapse(desk, item, "反馈已采纳")
    ladders.take_back(
        desk,
        items.subject(item),
        (*item_dues.REMINDERS, LetterProposed),
        reason="反馈已采纳",
        what=items.WHAT[items.FEEDBACK],
    )
    next_due = calendar.deadline(
        ladder.next_feedback_due(
            calendar.local_date(feedback.due_at),
            feedback.submitted_at,
            desk.directory.calendar,
            items.policy_of(desk, item).item_feedback_workdays,
        )
    )
    items.change(desk, item, feedback_due_at=next_due)
    item_dues.count_overdue(desk, item, desk.now)
    if item.state == ItemState.IN_PROGRESS.value:
        ladders.open_ladder(
            desk, items.subject(item), items.FEEDBACK, due_at=next_due, policy=items.policy_of(desk, item)
        )
        item_dues.watch(desk, item)
    told = FeedbackAccepted(
        items.facts(desk, item), desk.actor.label, feedback.submitted_at, feedback.overdue_workdays, next_due
    )
    author = item_parties.submitter(desk.directory, item, feedback.on_behalf_of_id or feedback.author_id)
    if author is not None:
        desk.notify(
            told,
            to=author,
            key=f"item feedback {feedback.id} accepted",
            reason="反馈采纳",
            about=items.subject(item),
        )
    return told


def send_back(desk: Desk, feedback: ItemFeedback, reason: str) -> None:
    """退回: the old due date stays; rungs not yet taken move back by the workdays under review (F6)."""
    item = _ruling(desk, feedback)
    if not reason.strip():
        raise WordsMissing("退回要写明缺什么、应补什么")
    _rule(desk, item, feedback, FeedbackState.RETURNED, reason)
    ladders.resume(desk, items.subject(item), items.FEEDBACK)
    item_dues.count_overdue(desk, item, desk.now)
    item_dues.watch(desk, item)
    following = item_history.next_rung(desk.session, item, items.FEEDBACK)
    author = item_parties.submitter(desk.directory, item, feedback.on_behalf_of_id or feedback.author_id)
    people = dict.fromkeys((author, item_parties.responsible(desk.directory, item)))
    if any(people):
        desk.notify(
            FeedbackReturned(
                items.facts(desk, item),
                desk.actor.label,
                reason,
                feedback.due_at,
                next_rung=str(following.body["step"]) if following else "",
                next_rung_at=following.due_at if following else None,
            ),
            to=tuple(one for one in people if one is not None),
            key=f"item feedback {feedback.id} returned",
            reason="反馈退回",
            about=items.subject(item),
        )


def _ruling(desk: Desk, feedback: ItemFeedback) -> Item:
    """The item of a feedback, if the acting person may rule on it now; its author may not (rule F8)."""
    item = items.get(desk, feedback.item_id)
    items.may(desk, item, ItemAct.REVIEW_FEEDBACK)
    if feedback.state != FeedbackState.SUBMITTED.value:
        done = "采纳" if feedback.state == FeedbackState.ACCEPTED.value else "退回"
        by = desk.directory.people.get(feedback.reviewed_by_id or 0)
        at = feedback.reviewed_at
        raise StateForbids(
            f"{item.number} 这条反馈", state=f"已{done}", act="再审核",
            meanwhile=f"{by.label} {calendar.local(at):%m-%d %H:%M} {done}" if by and at else "",
        )  # fmt: skip
    authors = {feedback.author_id, feedback.on_behalf_of_id} - {None}
    if authors & {desk.actor.person_id, desk.actor.for_id}:
        raise NotAllowed("审核自己提交的反馈", who=Party.HUB_HEAD.value)
    return item


def _rule(desk: Desk, item: Item, feedback: ItemFeedback, state: FeedbackState, reason: str | None) -> None:
    desk.record(items.subject(item), {"feedback_state": (feedback.state, state.value)}, reason=reason)
    feedback.state = state.value
    feedback.reviewed_by_id = desk.actor.person_id
    feedback.reviewed_at = desk.now
    feedback.review_reason = reason
    desk.session.flush()
    desk.withdraw(items.subject(item), reason="已审核", notices=(FeedbackToReview,))
