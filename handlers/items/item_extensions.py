"""延期: the request in words, and the decision on it (rule F7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.items import more_time
from handlers.understanding.text import Source
from handlers.understanding.values.dates import as_deadline, date_tokens
from handlers.understanding.values.numbers import count_in
from handlers.verbs import Verb
from models.errors import Invalid, NotFound, WordsMissing
from models.notices.item_extensions import ExtensionSent
from models.operations import item_extensions as extensions
from models.queries import item_parties
from models.queries import item_tasks as task_queries
from models.queries import items as item_queries
from models.rules import calendar
from models.rules.items import ItemAct
from models.tables.items import Item
from models.types import ItemState

Args = Mapping[str, str | int]

_WORKDAYS: Final = re.compile(
    r"(?P<lead>(?:再|请求|申请|拟)?(?:延长|延期|顺延|宽限|推迟|给|延)?)\s*"
    r"(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})\s*个?工作日"
)
# What stands before the new date: 「延期到」, 「办结时限至」. Other dates are of the reason.
_UNTIL: Final = re.compile(r"(?:延期?|延长|顺延|推迟|延后|宽限|时限|时间)(?:到|至|为)\s*$")
_NEW_CLAUSE: Final = re.compile(r"[，,。；;：:\s]\s*$")
_LEAD: Final = re.compile(
    r"^[\s，,。；;：:]*(?:请求|申请|拟)?(?:延期|延长|顺延|推迟|延)?(?:办结)?(?:时限)?(?:到|至|为)?[\s：:]*"
)
_TAIL: Final = re.compile(r"^(?:日|号)?(?:之前|以前|前|止|为止|办结|完成|吧)*[\s，,。；;：:]*")
_REASON: Final = re.compile(r"^(?:原因|理由|因为|由于|因)?\s*(?:[:：是为])?\s*")
_YEAR: Final = re.compile(r"\d{4}|明年")
_PERIODS: Final = frozenset({"week", "month", "months", "year"})  # the last workday is meant (rule A2)
FARTHEST: Final = 180  # days ahead that a date without a year may lie
LONGEST: Final = 500


def ask(context: Context, item: Item, text: str) -> None:
    """/延期 W0186 2026-10-30 原因."""
    desk = item_access.desk_for(context, item, ItemAct.EXTEND)
    extensions.check_possible(desk, item)  # no words are asked for in vain
    new_due, reason = understood(context, item, text)
    request = extensions.ask(desk, item, new_due, reason)
    shown = extensions.asked(desk, item, request)
    context.say(
        ExtensionSent(
            shown.item,
            shown.old_due_at,
            shown.new_due_at,
            shown.workdays,
            shown.count,
            shown.late,
            "、".join(one.label for one in extensions.deciders(desk, item, request)) or "综合专班负责人",
        )
    )


def ask_of_ones_own(context: Context, text: str) -> bool:
    """「我们想延期到10月28日，省局要求补论证」 of somebody who works on one item; several are named to choose from.

    False when the text is no such wish, or the sender works on nothing.
    """
    said = more_time.of_ones_own(text)
    if said is None:
        return False
    mine = in_progress(context)
    if len(mine) > 1:
        raise Invalid(
            f"您有 {len(mine)} 件在办：{'、'.join(one.number for one in mine)}",
            mend=f"请写明编号，例：延期 {mine[0].number} {said}",
        )
    if mine:
        ask(context, mine[0], said)
    return bool(mine)


def in_progress(context: Context) -> list[Item]:
    """What the sender, or whom they stand in for, works on as the responsible one."""
    found: dict[int, Item] = {}
    for person in access.own_and_principals(context):
        units = [
            unit
            for unit in context.directory.units
            if item_parties.speaks_for(context.directory, person, unit)
        ]
        for item in item_queries.in_hand_of(context.session, person.id, units):
            if item.state == ItemState.IN_PROGRESS.value and item_access.visible(context, item):
                found[item.id] = item
    return list(found.values())


def understood(context: Context, item: Item, text: str) -> tuple[datetime, str]:
    """The new 办结时限 and the reason. Raises Invalid naming what is missing, both at once (rule C4)."""
    day, rest = _workdays(context, item, text)
    if day is None or not _leads(text):
        until, others = _date(context, text, outright=day is not None)
        if until is not None:
            day, rest = until, others
    reason = _REASON.sub("", rest.strip(" ，,。；;：:")).strip(" ，,。；;")[:LONGEST]
    missing = [*(["新的办结时限"] if day is None else []), *(["原因"] if not reason else [])]
    if day is None or not reason:
        said = " ".join([*(["10月30日"] if day is None else []), *(["省局要求补正"] if not reason else [])])
        raise WordsMissing(f"请写明{'和'.join(missing)}", mend=f"例：{said}")
    return day, reason


def _leads(text: str) -> bool:
    """Whether the text begins with a number of workdays: a date behind it is of the reason."""
    return _WORKDAYS.match(_LEAD.sub("", text, count=1)) is not None


def _workdays(context: Context, item: Item, text: str) -> tuple[datetime | None, str]:
    """「延长5个工作日」, counted from the 办结时限 that holds.

    「因为省局审批要20个工作日」 is none: how long others take is the reason.
    """
    wished = [
        one
        for one in _WORKDAYS.finditer(text)
        if one["lead"]
        or not _LEAD.sub("", text[: one.start()], count=1)
        or _NEW_CLAUSE.search(text[: one.start()])
    ]
    if not wished or item.due_at is None:
        return None, text
    found = max(wished, key=lambda one: bool(one["lead"]))
    count = count_in(found["count"])
    if not count:
        return None, text
    day = context.directory.calendar.add_workdays(calendar.local_date(item.due_at), count)
    return calendar.deadline(day), text[: found.start()] + text[found.end() :]


def _date(context: Context, text: str, *, outright: bool) -> tuple[datetime | None, str]:
    """outright: only a date that the text begins with or that 「延到」 stands before."""
    source = Source.of(text)
    for token in date_tokens(source.plain, context.desk.today):
        day = as_deadline(token, context.desk.today, context.directory.calendar)
        if day is None:
            continue
        if token.kind in _PERIODS:
            day = context.directory.calendar.workday_on_or_before(day)
        if (day - context.desk.today).days > FARTHEST and _YEAR.search(text) is None:
            raise Invalid(f"{day:%m-%d} 今年已过", mend="请写全年月日，例：2027-01-15")
        before = source.words(0, token.start)
        if outright and _LEAD.sub("", before) and not _UNTIL.search(before):
            continue
        before = _LEAD.sub("", before)
        for word in ("延期到", "延期至", "延到", "延至", "到", "至"):
            before = before.rstrip().removesuffix(word)
        after = _TAIL.sub("", source.words(token.end, len(source.plain)))
        return calendar.deadline(day), f"{before} {after}".strip()
    return None, text


# --- buttons


def press_ask(context: Context, args: Args, text: str) -> None:
    """[延期]"""
    ask(context, item_access.by_id(context, int(args["item"])), text)


def press_agree(context: Context, args: Args, text: str) -> None:
    """[同意]"""
    _decide(context, args, agree=True, reason=text)


def press_refuse(context: Context, args: Args, text: str) -> None:
    """[不同意]"""
    _decide(context, args, agree=False, reason=text)


def _decide(context: Context, args: Args, *, agree: bool, reason: str) -> None:
    item = item_access.by_id(context, int(args["item"]))
    request = task_queries.extension_by_id(context.session, int(args["extension"]))
    if request is None or request.item_id != item.id:
        raise NotFound(item.number)
    desk = item_access.desk_for(context, item, ItemAct.DECIDE_EXTENSION)
    context.say(extensions.decide(desk, request, agree=agree, reason=reason.strip()[:LONGEST]))


VERBS: Final[Mapping[str, Verb]] = {
    "item.extend": press_ask,
    "extension.agree": press_agree,
    "extension.refuse": press_refuse,
}
