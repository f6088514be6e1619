"""Where an item stands and where it is stuck: always one holder and one next date (S74; rules F1, G5)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from handlers.context import Context
from handlers.items import province_reports
from models.notices.item_flow import FlowStep, ItemFlow
from models.operations import item_closing, item_dues, item_levels, items
from models.queries import item_history, item_parties
from models.queries import item_tasks as task_queries
from models.queries import items as item_queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules.items import ENDED, TOP_LEVEL
from models.tables.items import Item
from models.types import ItemState

ASKED: Final = re.compile(
    r"流程|卡在?哪|卡在?谁|谁在办|到哪(?:一)?步|到谁|进展到哪|在谁手|还[有剩]?(?:多少|几)[天日个]|[哪几][天号日]到期|什么时候到期|快?到期了?(?:没有?|吗)"
)
_HANDED_OUT: Final = frozenset(ItemState) - {ItemState.SCREENING, ItemState.REJECTED}


def show(context: Context, item: Item) -> None:
    """Answer in this chat; the item was seen through item_access."""
    holder, what, next_at = standing(context, item)
    chain = item_levels.chain_of(context.desk, item)
    linked = (
        item_levels.sent_up(context.desk, item) if chain.own_top else None
    )  # else its levels are the city's
    context.say(
        ItemFlow(
            items.facts(context.desk, item),
            steps=_steps(context, item),
            levels=chain.shorts,
            level=min(item.level, TOP_LEVEL),
            holder=holder.label if holder else "综合专班",
            what=what,
            next_at=next_at,
            overdue=next_at is not None and next_at < context.now,
            ended=_ended(context, item) if ItemState(item.state) in ENDED else "",
            province=province_reports.lines(context, item),
            above=linked.number if linked is not None else "",
            levels_above=item_levels.chain_of(context.desk, linked).shorts if linked is not None else (),
            level_above=min(linked.level, TOP_LEVEL) if linked is not None else 0,
        )
    )


def standing(context: Context, item: Item) -> tuple[PersonInfo | None, str, datetime]:
    """The one person who has an open item in hand, what they do, and the one next date."""
    directory = context.directory
    state = ItemState(item.state)
    if item_levels.awaits_decision(context.desk, item):
        deciders = item_levels.deciders(context.desk, item) or item_parties.hub_heads(directory, item)
        return _first(deciders), "批示", _ahead(context, item)
    if state is ItemState.SCREENING:
        ruling = item.returns >= items.FINAL_AFTER_RETURNS
        people = (
            item_parties.hub_heads(directory, item) if ruling else item_parties.screeners(directory, item)
        )
        return _first(people), "裁定" if ruling else "甄别", _ahead(context, item)
    if state is ItemState.UNDER_REVIEW:
        authors = item_history.closing_authors(context.session, item.id)
        people = item_parties.closing_reviewers(directory, item, authors, context.now)
        return _first(people), "审核办结", _ahead(context, item)
    if state is ItemState.AWAITING_CLOSE:
        return _first(item_parties.screeners(directory, item)), "销号", _ahead(context, item)
    task = _first_task(context, item)
    if task is not None:
        return item_parties.responsible(directory, task), f"办理 {task.number}", task.due_at or context.now
    person = item_parties.responsible(directory, item)
    if state is ItemState.AWAITING_RECEIPT:
        return person, "签收", item_dues.receipt_due(context.desk, item) or _ahead(context, item)
    return person, "办理", item.due_at or item.feedback_due_at or _ahead(context, item)


def _first_task(context: Context, item: Item) -> Item | None:
    """Of an item that only its 批示 tasks carry: the open one that is due first."""
    if item.unit_id is not None or item.state != ItemState.IN_PROGRESS.value:
        return None
    left = [
        task
        for task in task_queries.tasks_of(context.session, item.id)
        if ItemState(task.state) not in ENDED and task.due_at is not None
    ]
    return min(left, key=lambda task: (task.due_at, task.id), default=None)


def _ahead(context: Context, item: Item) -> datetime:
    """A decision without a deadline of its own: the 办结时限 while it lies ahead, else the next workday."""
    wanted = item.due_at or item.wanted_by
    if wanted is not None and wanted >= context.now:
        return wanted
    return calendar.workday_deadline(context.now, 1, context.directory.calendar)


def _first(people: tuple[PersonInfo, ...]) -> PersonInfo | None:
    return people[0] if people else None


def _steps(context: Context, item: Item) -> tuple[FlowStep, ...]:
    state = ItemState(item.state)
    out = state in _HANDED_OUT and item.dispatched_at is not None
    feedback = ""
    if state is ItemState.IN_PROGRESS and item.feedback_due_at is not None:
        feedback = f"下次 {calendar.local(item.feedback_due_at):%m-%d}"
    supervisor = item_parties.person(context.directory, item.supervisor_id)
    effect = item_history.effect(context.session, item) if state is ItemState.CLOSED else None
    closing = state.value if state in (ItemState.UNDER_REVIEW, ItemState.AWAITING_CLOSE) else ""
    return (
        FlowStep("问题梳理", calendar.local_date(item.raised_at), ""),
        FlowStep(
            "转办交办",
            calendar.local_date(item.dispatched_at) if out and item.dispatched_at else None,
            "" if out else state.value,
        ),
        FlowStep("督导督办", None, supervisor.label if supervisor else ""),
        FlowStep("定期反馈", None, feedback),
        FlowStep("跟踪问效", None, effect or ""),
        FlowStep("办结销号", calendar.local_date(item.closed_at) if item.closed_at else None, closing),
    )


def _ended(context: Context, item: Item) -> str:
    """What became of it, and what may still follow."""
    if item.state == ItemState.MERGED.value:
        into = item_queries.by_id(context.session, item.merged_into_id)
        return f"已合并到 {into.number}，进展请查 {into.number}" if into is not None else "已合并"
    if item.state == ItemState.REJECTED.value or item.closed_at is None:
        return "不予受理，无后续环节"
    closed = f"{calendar.local_date(item.closed_at):%m-%d} 已销号"
    if item_history.effect(context.session, item) is not None or item.parent_id is not None:
        return f"{closed}，无待办环节"
    day = item_closing.effect_on(context.desk, item)
    raiser = item_parties.raiser(context.directory, item)
    return f"{closed}，{day:%m-%d} 向{raiser.label if raiser else '提出人'}问效"
