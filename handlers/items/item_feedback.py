"""Feedback on a problem item: 【反馈草稿】, then to the 督办专员 (rules C1, F5)."""

from __future__ import annotations

import re
from typing import Final

from handlers import attachments, item_access
from handlers.context import Context
from handlers.items import (
    item_assists,
    item_cards,
    more_time,
)
from handlers.understanding.asking import is_question
from models.errors import Invalid, NotFound
from models.notices.item_drafts import FeedbackDraftCard
from models.notices.item_feedback import FeedbackSubmitted
from models.operations import attachments as attachment_operations
from models.operations import drafts, item_dues, items
from models.operations import item_feedback as feedbacks
from models.queries import item_history, item_parties
from models.rules.items import ItemAct, Party
from models.tables.drafts import Draft
from models.tables.items import Item
from models.types import DraftKind, DraftState, ItemState, Subject

_CLAUSES: Final = re.compile(r"[；;。，,\n]+")
_NOT_OURS: Final = re.compile(r"退回|不归|不属|不该|不由|办不了|做不了|完不成")
_TAKES_BACK: Final = re.compile(
    r"(?:写|报|填|发|弄)错了?[，,。\s]*(?:请|要|想|先)?(?:撤回|撤销|作废|收回)|^(?:撤回|撤销)(?:吧|了)?[。.!！]*$"
)
_SHORTEST: Final = 6  # characters: less is small talk
_NO_EXTENSION: Final = re.compile(
    r"\s*(?:刚才)?(?:的|那个|这个)?延期(?:申请|请求)?(?:先|就|要|想)*(?:撤回|撤销|收回|取消|作废|不要|不用|不申请|不延)(?:了|吧)*[。.!！\s]*"
)
_BESIDES: Final = re.compile(r"^\s*(?:另外|还有|同时|顺便|此外|并且?)")
MENTION: Final = re.compile(
    r"(?:关于|针对|对于?)?\s*(?:问题|事项)?\s*县?\s*[WwＷｗ]\s*\d{1,6}\s*(?:号)?(?:问题|事项)?(?:的)?(?:反馈|进展|情况)?(?:如下)?\s*[:：,，]?\s*"
)


def told_anew(context: Context, text: str) -> bool:
    """A text of no other use, while a feedback that was sent back waits: a draft that its author confirms; else False.

    Raises Invalid where several wait.
    """
    if context.group is not None or len(text) < _SHORTEST or is_question(text):
        return False
    waiting = [
        item
        for item in item_cards.open_visible(context)
        if item.state == ItemState.IN_PROGRESS.value
        and Party.RESPONSIBLE in item_access.parties(context, item)
        and item_history.was_sent_back(context.session, item.id)
    ]
    if len(waiting) > 1:
        numbers = "、".join(item.number for item in waiting)
        raise Invalid(
            f"不清楚是哪一件的反馈（{numbers}）", mend=f"请写明编号，例：{waiting[0].number} {text[:30]}"
        )
    for item in waiting:
        start_for(context, item, text)
    return bool(waiting)


def start(context: Context, number: str, text: str) -> None:
    """Open a feedback draft for the item with this number; for /反馈 W0186 … and for free text."""
    item = item_access.item(context, number)
    if item_assists.own_open(context, item) and item_assists.only_assists(context, item):
        if _NOT_OURS.search(text):
            item_assists.refuse_to_send_back(context, item)
        if item_assists.finish_told(context, item, text.strip()):
            return
        raise Invalid(
            f"{item.number} 您单位是协办，进展由主办单位反馈",
            mend=f"任务已完成的请回：完成协办 {item.number} {text.strip()[:60]}",
        )
    start_for(context, item, text)


def start_for(context: Context, item: Item, text: str) -> None:
    item_access.desk_for(context, item, ItemAct.FEED_BACK)
    if _NO_EXTENSION.fullmatch(text):
        raise Invalid("延期申请报出后不能撤回", mend="请等审批结果；不需要了请告知审批人不同意")
    if _TAKES_BACK.search(text):
        raise Invalid(
            f"{item.number} 的反馈提交后不能撤回",
            mend="请告知督办专员退回，再报正确的；还没确认的草稿请回「取消」",
        )
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
            extension=_extension_in(item, str(draft.body["text"])),
        )
    )


def _extension_in(item: Item, text: str) -> str:
    """「另外想延期到10月28日」 in a feedback asks for nothing: how to; empty where it is not there."""
    for clause in _CLAUSES.split(text):
        if (until := more_time.of_ones_own(MENTION.sub("", _BESIDES.sub("", clause), count=1))) is not None:
            return f"延期 {item.number} {until} 原因"
    return ""


def edit(context: Context, draft: Draft, text: str) -> bool:
    said = MENTION.sub("", text, count=1).strip() if MENTION.match(text) else text.strip()
    if not said:
        return False
    drafts.edit(context.desk, draft, {**draft.body, "text": said[:2000]})
    show(context, draft)
    return True


def confirm(context: Context, draft: Draft) -> None:
    """Submit; judged by this moment (rule A7)."""
    try:
        item = item_access.by_id(context, int(draft.body["item"]))
    except NotFound:
        raise Invalid(
            f"草稿{draft.number} 的事项已不由您办理（代理已结束或已交接）",
            mend=f"请回「取消 {draft.number}」",
        ) from None
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
