"""重开, the new 办结时限, and the answers to 跟踪问效 (rules F1, F12)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from handlers import access, attachments, item_access
from handlers.context import Context
from handlers.mine import my_tasks
from handlers.problems import problem_drafts
from handlers.problems.problem_words import LONGEST_TITLE, ProblemBody, plainer
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
from models.types import ItemState

FARTHEST: Final = 180  # days ahead that a date without a year may lie
_YEAR: Final = re.compile(r"\d{4}|明年")

LONGEST_DAY: Final = 30  # characters of a text that is nothing but a day
# 「10月30日」, 「时限11月20日前」: nothing but a day.
_DAY_ALONE: Final = re.compile(
    r"\s*(?:那?就)?(?:新的?)?(?:办结)?(?:时限|期限)?\s*[:：]?\s*(?:定|定为|定到|定在|改为|改到|到|为)?\s*"
    r"(?:\d{4}[-年/.])?\d{1,2}[-月/.]\d{1,2}[日号]?(?:之?前|以前)?(?:办结|完成)?吧?[\s。.]*"
)

_EFFECT: Final = re.compile(r"效果|^\s*有效|没再|没问题了|解决了|挺好|不错|正常了|又[^，,]{0,4}了")

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
    if not text.strip():
        raise WordsMissing("请写明新的办结时限", mend="例：11月20日")
    day = deadline_in(text, desk.today, context.directory.calendar)
    if day is None:
        raise Invalid("没看懂办结时限", mend=f"例：定时限 {item.number} 11月20日")
    if (day - desk.today).days > FARTHEST and _YEAR.search(text) is None:
        # A day that has just passed would be read as next year's.
        raise Invalid(f"{day:%m-%d} 今年已过", mend="请写全年月日，例：定时限 2027-01-15")
    reopening.set_due(desk, item, calendar.deadline(day))
    assert item.due_at is not None
    context.say(ReopenedItemDue(items.facts(desk, item), desk.actor.label, item.due_at))


def due_told(context: Context, text: str) -> bool:
    """A day alone, while one reopened item waits for its 办结时限 from the sender (rule F1); False for other texts."""
    if context.group is not None or len(text) > LONGEST_DAY or _DAY_ALONE.fullmatch(text) is None:
        return False
    waiting = [
        item
        for person in access.own_and_principals(context)
        for item in item_queries.without_due(context.session, person.organisation_id)
        if person in reopening.due_setters(context.desk, item) and item_access.visible(context, item)
    ]
    if len(waiting) > 1:
        raise Invalid(
            f"有 {len(waiting)} 件待定办结时限：{'、'.join(one.number for one in waiting)}",
            mend=f"请写明编号，例：定时限 {waiting[0].number} {text.strip()}",
        )
    if waiting:
        set_due(context, {"item": waiting[0].id}, text)
    return bool(waiting)


def due_of_item(context: Context, item: Item, said: str) -> bool:
    """The same with the item's number in front: 「W0186 办结时限 11月6日」; False where none is waited for."""
    if item.due_at is not None or item.state != ItemState.IN_PROGRESS.value or not _DAY_ALONE.fullmatch(said):
        return False
    set_due(context, {"item": item.id}, said)
    return True


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


def effect_hinted(context: Context, text: str) -> None:
    """「挺好的，没再停工」 of somebody who was asked for an effect: how to say it. Raises Invalid (rules C16, F12)."""
    if context.group is not None or _EFFECT.search(text) is None:
        return
    asked = my_tasks.effects_to_tell(context)
    if asked:
        raise Invalid(
            f"{'、'.join(asked)} 的效果请选一个",
            mend=f"已解决请回「有效 {asked[0]}」；又出现请回「反弹 {asked[0]} 情况」",
        )
