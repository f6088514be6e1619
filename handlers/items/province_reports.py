"""Entering what went up to the province and what came back, and showing it on the item (rules B10, G1, G4, O2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.understanding.instructed import has_passed, instructed_deadline
from handlers.verbs import Verb
from models.errors import Invalid
from models.notices.base import Action
from models.notices.province_reports import ProvinceSent, down_action, reply_action, sent_action
from models.operations import item_levels, items
from models.operations import province_reports as operations
from models.operations.desk import Desk
from models.queries import item_history, item_parties
from models.queries import province_reports as queries
from models.queries.directory import PersonInfo
from models.rules import province as rules
from models.rules.items import ENDED, Party
from models.tables.items import Item
from models.types import ItemState, Role

Args = Mapping[str, str | int]


def enter_sent(context: Context, item: Item, text: str) -> None:
    """/提级 W0190 已报省 文号 云攻坚〔2026〕41号: sent date and 文号."""
    desk = _desk(context, item)
    operations.check_enters(desk, item, "登记报省文号")
    said = rules.sent(text, desk.today)
    day = said.day or desk.today
    before, told = operations.mark_sent(desk, item, said.number, day)
    context.say_privately(
        ProvinceSent(
            items.facts(desk, item), desk.actor.label, said.number, day, before,
            told="、".join(one.label for one in told), own=True,
        )
    )  # fmt: skip


def means_reply(context: Context, item: Item, text: str) -> bool:
    """Whether a 批示 enters what the province answered rather than what a 市领导 decided."""
    if rules.is_reply(text):
        return True
    return (
        item_levels.at_province(context.desk, item)
        and text.strip().startswith("省")
        and bool(_hub(context, item))
    )


def enter_reply(context: Context, item: Item, text: str) -> None:
    """/批示 W0190 省综合专班10月20日复：…，11月5日前批复."""
    desk = _desk(context, item)
    operations.check_enters(desk, item, "登记省级批复")
    said = rules.reply(text, desk.today)
    day = instructed_deadline(said.promise, desk.today, context.directory.calendar)
    if day is not None and has_passed(day, desk.today, said.promise):
        raise Invalid(f"节点 {day:%m-%d} 18:00 已过", mend=operations.example(item))
    context.say_privately(operations.reply(desk, item, said, checkpoint_on=day))


def press_sent(context: Context, args: Args, text: str) -> None:
    """[回填文号]"""
    item = item_access.by_id(context, int(args["item"]))
    operations.check_enters(_desk(context, item), item, "登记报省文号")
    if text.strip() and not rules.number_in(text):
        raise Invalid(f"没看懂文号「{text.strip()[:20]}」", mend="例：云攻坚〔2026〕41号")
    enter_sent(context, item, text)


def press_reply(context: Context, args: Args, text: str) -> None:
    """[登记省级批复]"""
    enter_reply(context, item_access.by_id(context, int(args["item"])), text)


def actions(context: Context, item: Item) -> tuple[Action, ...]:
    """What the sender may do with an item at level 4."""
    if not item_levels.at_province(context.desk, item) or ItemState(item.state) in ENDED:
        return ()
    found: list[Action] = []
    facts = items.facts(context.desk, item)
    if _hub(context, item):
        report = queries.latest(context.session, item.id)
        found.append(reply_action(facts) if report is not None and report.number else sent_action(facts))
    if access.holds(context, Role.OFFICE_HEAD):
        found.append(down_action(facts))
    return tuple(found)


def lines(context: Context, item: Item) -> tuple[str, ...]:
    """报省 in the item's card and its flow: sent date, 文号, reply, checkpoint."""
    report = queries.latest(context.session, item.id)
    if report is None:
        return ()
    found = []
    if report.number is not None and report.sent_on is not None:
        found.append(f"报省：{report.sent_on:%m-%d} 已报，文号 {report.number}")
    elif report.attachment_id is not None and item_levels.at_province(context.desk, item):
        found.append("报省：材料已生成，待上传省系统并回填文号")
    if report.reply is not None and report.replied_on is not None:
        noted = item_history.noted(context.session, item.id, "province_reply")
        by = f"，{noted.by_name}录入" if noted is not None else ""
        found.append(f"省级批复（{report.replied_on:%m-%d}{by}）{report.reply}")
    open_there = item_levels.at_province(context.desk, item) and ItemState(item.state) not in ENDED
    if report.checkpoint_on is not None and open_there:
        late = "（已过）" if operations.checkpoint_at(report) < context.now else ""
        found.append(f"省级批复节点：{report.checkpoint_on:%m-%d} 18:00{late}")
    return tuple(found)


def _hub(context: Context, item: Item) -> list[PersonInfo]:
    """The sender and those they stand in for who enter it (rule B6)."""
    return [
        one
        for one in access.own_and_principals(context)
        if Party.HUB in item_parties.parties(context.directory, one, item)
    ]


def _desk(context: Context, item: Item) -> Desk:
    return context.act_for(next(iter(_hub(context, item)), None))


VERBS: Final[Mapping[str, Verb]] = {
    "item.province_sent": press_sent,
    "item.province_reply": press_reply,
}
