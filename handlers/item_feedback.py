"""Feedback on a problem item: 【反馈草稿】, then to the 督办专员 (rules C1, F5)."""

from __future__ import annotations

import re
from typing import Final

from handlers import attachments, item_access, item_assists, item_cards, item_flow
from handlers.context import Context
from handlers.understanding.asking import is_question
from handlers.understanding.reading import Intent, Reading
from models.errors import Invalid
from models.notices.item_drafts import FeedbackDraftCard
from models.notices.item_feedback import FeedbackSubmitted
from models.operations import attachments as attachment_operations
from models.operations import drafts, item_dues, items
from models.operations import item_feedback as feedbacks
from models.queries import item_parties
from models.queries import items as item_queries
from models.rules.items import ItemAct, Party
from models.tables.drafts import Draft
from models.tables.items import Item
from models.types import DraftKind, DraftState, Subject

SHORT: Final = 12  # characters of a question where an item is
_URGES: Final = re.compile(r"^\s*(?:请|催|让|叫|麻烦|帮忙|督促|尽快|抓紧)|催(?:一下|一催|办|促)")
_MENTION: Final = re.compile(
    r"(?:关于|针对|对于?)?\s*(?:问题|事项)?\s*县?\s*[WwＷｗ]\s*\d{1,6}\s*(?:号)?(?:问题|事项)?(?:的)?(?:反馈|进展|情况)?\s*[:：,，]?\s*"
)


def from_reading(context: Context, reading: Reading, text: str) -> bool:
    """A sentence that names an item: its card, or a feedback draft; False without an item."""
    number = next((found for one in reading.item_refs if (found := item_queries.normal_number(one))), None)
    if number is None:
        return False
    said = _MENTION.sub("", text, count=1).strip()
    if len(said) <= SHORT and item_flow.ASKED.search(said):
        item_flow.show(context, item_access.item(context, number))
        return True
    if _URGES.search(text) or _URGES.match(said):
        item = item_access.item(context, number)
        if Party.RESPONSIBLE not in item_access.parties(context, item):
            item_flow.show(context, item)  # who urges others is told where it is and who holds it (rule C16)
            return True
    if not said or Intent.QUERY in reading.intents or (len(said) <= SHORT and is_question(said)):
        item_cards.show(context, item_access.item(context, number))
    else:
        start(context, number, said)
    return True


def start(context: Context, number: str, text: str) -> None:
    """Open a feedback draft for the item with this number; for /反馈 W0186 … and for free text."""
    item = item_access.item(context, number)
    if item_assists.own_open(context, item) and item_assists.only_assists(context, item):
        raise Invalid(
            f"{item.number} 您单位是协办，进展由主办单位反馈",
            mend=f"任务已完成的请回：完成协办 {item.number} {text.strip()[:60]}",
        )
    start_for(context, item, text)


def start_for(context: Context, item: Item, text: str) -> None:
    item_access.desk_for(context, item, ItemAct.FEED_BACK)
    if not text.strip():
        raise Invalid("反馈不能为空", mend=f"例：/反馈 {item.number} 已报省林草局，预计10月10日批复")
    feedbacks.check_none_waits(context.desk, item)
    draft = drafts.open_draft(
        context.desk,
        context.sender,
        DraftKind.FEEDBACK,
        {"item": item.id, "text": text.strip()[:2000]},
        group_id=context.group_id,
        source=context.message.message_id,
    )
    attachments.take_waiting(context, draft)
    show(context, draft)


def show(context: Context, draft: Draft) -> None:
    item = items.get(context.desk, int(draft.body["item"]))
    due = item.feedback_due_at or context.now
    context.say(
        FeedbackDraftCard(
            items.facts(context.desk, item),
            draft_id=draft.id,
            version=draft.version,
            number=draft.number,
            text=str(draft.body["text"]),
            due_at=due,
            late=item_dues.late_workdays(context.desk, due, context.now),
        )
    )


def edit(context: Context, draft: Draft, text: str) -> bool:
    said = _MENTION.sub("", text, count=1).strip() if _MENTION.match(text) else text.strip()
    if not said:
        return False
    drafts.edit(context.desk, draft, {**draft.body, "text": said[:2000]})
    show(context, draft)
    return True


def confirm(context: Context, draft: Draft) -> None:
    """Submit; judged by this moment (rule A7)."""
    item = item_access.by_id(context, int(draft.body["item"]))
    desk = item_access.desk_for(context, item, ItemAct.FEED_BACK)
    feedback = feedbacks.submit(desk, item, str(draft.body["text"]))
    attachment_operations.hand_over(desk, draft.id, Subject("item", item.id))
    drafts.close(desk, draft, DraftState.CONFIRMED)
    reviewers = item_parties.reviewers(context.directory, item, author_ids={feedback.author_id})
    context.say(
        FeedbackSubmitted(
            items.facts(desk, item),
            due_at=feedback.due_at,
            submitted_at=feedback.submitted_at,
            late=feedback.overdue_workdays,
            reviewer="、".join(one.label for one in reviewers) or "督办专员",
        )
    )
