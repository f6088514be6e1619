"""重开, the new 办结时限, and the answers to 跟踪问效 (rules F1, F12)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from handlers import attachments, item_access, problem_drafts
from handlers.context import Context
from handlers.problem_words import LONGEST_TITLE, ProblemBody, plainer
from handlers.understanding.wanted import deadline_in
from handlers.verbs import Verb
from models.errors import Invalid, WordsMissing
from models.notices.item_reopening import ItemReopened, ReopenedItemDue, ReopenRefused
from models.notices.items import ItemDone
from models.operations import attachments as attachment_operations
from models.operations import item_reopening as reopening
from models.operations import items
from models.operations.item_reopening import NotReopened
from models.queries import items as item_queries
from models.rules import calendar
from models.rules.items import ItemAct
from models.tables.items import Item

FARTHEST: Final = 180  # days ahead that a date without a year may lie
_YEAR: Final = re.compile(r"\d{4}|明年")

Args = Mapping[str, str | int]


def start(context: Context, item: Item, text: str) -> None:
    """重开 with a reason and the files sent with it; too late, a linked new problem is drafted instead."""
    desk = item_access.desk_for(context, item, ItemAct.REOPEN)
    reason = text.strip(" ：:，,。；;\n")
    if not reason:
        raise WordsMissing("要写明重开原因", mend="例：现场又被要求停工", files=False)
    match reopening.refused(desk, item):
        case None:
            pass
        case NotReopened.TOO_LATE | NotReopened.BY_TASKS as why:
            _offer_new(context, item, reason, by_tasks=why is NotReopened.BY_TASKS)
            return
        case NotReopened.IS_TASK:
            parent = item_queries.by_id(context.session, item.parent_id) or item
            raise Invalid(
                f"{item.number} 是批示任务，不能重开", mend=f"请重开上级事项 {parent.number}，或另报新问题"
            )
    if context.message.files:
        attachments.keep(context)
    files = attachments.waiting(context)
    attachment_operations.give(desk, files, items.subject(item))
    told = reopening.reopen(desk, item, reason, file_ids=tuple(file.id for file in files))
    assert item.feedback_due_at is not None
    context.say(
        ItemReopened(
            items.facts(desk, item),
            told=tuple(one.label for one in told),
            feedback_due_at=item.feedback_due_at,
            sets_due=context.sender in reopening.due_setters(desk, item),
        )
    )


def _offer_new(context: Context, item: Item, reason: str, *, by_tasks: bool) -> None:
    """The refusal, and a problem draft that takes over what the closed item says (rules C1, F12)."""
    assert item.closed_at is not None
    context.say(
        ReopenRefused(
            items.facts(context.desk, item),
            item.closed_at,
            items.policy_of(context.desk, item).reopen_days,
            by_tasks,
        )
    )
    problem_drafts.open_with(
        context,
        ProblemBody(
            title=plainer(reason)[:LONGEST_TITLE],
            project=item.project_id,
            kind=item.kind,
            wanted=item.wanted,
            wanted_unit=item.unit_id,
            tags=tuple(item.tags),
            source=f"{item.number} 反弹",
            restricted=item.restricted,
            follows=item.id,
        ),
    )


def reopen(context: Context, args: Args, text: str) -> None:
    """[重开]"""
    start(context, item_access.by_id(context, int(args["item"])), text)


def set_due(context: Context, args: Args, text: str) -> None:
    """[定时限]: the new 办结时限, until 18:00 of the day that the text names."""
    item = item_access.by_id(context, int(args["item"]))
    desk = item_access.desk_for(context, item, ItemAct.SET_DUE)
    day = deadline_in(text, desk.today, context.directory.calendar)
    if day is None:
        raise Invalid("没看懂办结时限", mend=f"例：定时限 {item.number} 11月20日")
    if (day - desk.today).days > FARTHEST and _YEAR.search(text) is None:
        # A day that has just passed would be read as next year's.
        raise Invalid(f"{day:%m-%d} 今年已过", mend="请写全年月日，例：定时限 2027-01-15")
    reopening.set_due(desk, item, calendar.deadline(day))
    assert item.due_at is not None
    context.say(ReopenedItemDue(items.facts(desk, item), desk.actor.label, item.due_at))


def effective(context: Context, args: Args, _text: str) -> None:
    """[有效]"""
    item = item_access.by_id(context, int(args["item"]))
    reopening.rate(item_access.desk_for(context, item, ItemAct.RATE), item, reopening.EFFECTIVE)
    context.say(ItemDone(items.facts(context.desk, item), act="记录效果：有效", told=""))


def rebound(context: Context, args: Args, text: str) -> None:
    """[反弹]: reopens with the words as the reason."""
    item = item_access.by_id(context, int(args["item"]))
    reopening.rate(
        item_access.desk_for(context, item, ItemAct.RATE), item, reopening.REBOUND, reason=text.strip()
    )
    start(context, item, text)


VERBS: Final[Mapping[str, Verb]] = {
    "item.reopen": reopen,
    "item.set_due": set_due,
    "item.effective": effective,
    "item.rebound": rebound,
}
