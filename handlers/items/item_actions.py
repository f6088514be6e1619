"""What the buttons of problem items do; the same verbs typed are commands (rules B10, F1–F5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from handlers import item_access, naming
from handlers.context import Context
from handlers.dispatches import dispatch_drafts
from handlers.items import item_cards, item_closing, item_feedback, item_reopening
from handlers.problems import problem_drafts, problem_words
from handlers.problems.problem_words import ProblemBody
from handlers.understanding.wanted import wish_in, without_wish
from handlers.verbs import Verb
from models.errors import Invalid, NotFound, WordsMissing
from models.notices.item_dispatch import ItemReceived
from models.notices.item_screening import MergeAcross
from models.notices.items import ItemDone
from models.operations import item_closing as closing
from models.operations import item_dispatch, item_screening, items
from models.operations import item_feedback as feedbacks
from models.operations.desk import Desk
from models.queries import drafts as draft_queries
from models.queries import item_history
from models.queries import items as item_queries
from models.rules import calendar
from models.rules.items import TAGS, ItemAct
from models.tables.items import Item, ItemFeedback

Args = Mapping[str, str | int]
_GIVE_TO: Final = re.compile(r"^(?:改?[由交转给请]{1,2}|移交)")  # 「建议交市住建局」 names 市住建局
_REASON: Final = re.compile(r"(?:理由|原因)\s*(?:[:：是为]|\s)\s*")
_LABEL: Final = re.compile(r"^\s*原因\s+")
_UNIT: Final = re.compile(r"^(?:承办)?单位\s*[:：是为]?\s*")
# 「…，应由临河区住建局办理」, 「…，请改由 市住建局承办」: the unit without 建议.
_OUGHT_TO: Final = re.compile(
    r"(?:^|[\s，,。；;])(?:应该?|请|可|宜|需|要)*(?:改?由|转[给交至]|交给?|移交)\s*(?P<unit>[\u4e00-\u9fff]{2,20}?)"
    r"(?:承办|办理|负责|牵头|来?办)?[\s。.!！]*$"
)
_BEHIND_UNIT: Final = re.compile(r"(?P<unit>[^，,。；;]{2,24})[，,。；;]\s*(?P<why>\S.*)", re.DOTALL)
_WITHOUT: Final = re.compile(r"去掉|去除|取消|删[掉除]?|移除|不要|不再")
_ONLY: Final = re.compile(r"改[为成]|只留|换成")
_MARKS: Final = " ：:，,。；;"  # between a reason and a unit
LONGEST_UNIT: Final = 24  # characters of a unit's name as somebody writes it


def _item(context: Context, args: Args) -> Item:
    return item_access.by_id(context, int(args["item"]))


# --- screening


def dispatch(context: Context, args: Args, text: str) -> None:
    """[交办], [改交办], [裁定]"""
    dispatch_drafts.start(context, _item(context, args), text)


def choose_person(context: Context, args: Args, _text: str) -> None:
    """One of the people of a name was pressed."""
    draft = draft_queries.still_open(context.session, int(args["draft"]))
    if draft is None or draft.author_id != context.sender.id:
        raise Invalid("这份交办草稿已处理", mend="请查看 /草稿")
    dispatch_drafts.choose(context, draft, int(args["person"]))


def ask_more(context: Context, args: Args, text: str) -> None:
    """[退回补充]"""
    item = _item(context, args)
    item_screening.ask_more(item_access.desk_for(context, item, ItemAct.ASK_MORE), item, text)
    _done(context, item, "退回补充")


def supplement(context: Context, args: Args, text: str) -> None:
    """[补充]: opens a problem draft that completes the item."""
    start_supplement(context, _item(context, args), text)


def start_supplement(context: Context, item: Item, text: str) -> None:
    item_access.desk_for(context, item, ItemAct.SUPPLEMENT)
    body = ProblemBody(
        title=item.title,
        project=item.project_id,
        kind=item.kind,
        wanted=item.wanted,
        wanted_unit=item.wanted_unit_id,
        wanted_by=calendar.local(item.wanted_by).isoformat() if item.wanted_by else None,
        tags=tuple(item.tags),
        restricted=item.restricted,
        urgent=item.urgent,
        item=item.id,
    )
    if text.strip():
        wish = wish_in(text)
        more = problem_words.plainer(without_wish(text) if wish else text)
        if more != problem_words.plainer(wish or ""):
            body = replace(body, title=f"{body.title}；{more}"[: problem_words.LONGEST_TITLE])
        if wish:
            body = problem_words.with_wanted(context, body, wish)
    problem_drafts.open_with(context, body)


def reject(context: Context, args: Args, text: str) -> None:
    """[不予受理]"""
    item = _item(context, args)
    item_screening.reject(item_access.desk_for(context, item, ItemAct.REJECT), item, text)
    _done(context, item, "不予受理")


def merge(context: Context, args: Args, text: str) -> None:
    """[合并]: the text names the surviving item."""
    item = _item(context, args)
    desk = item_access.desk_for(context, item, ItemAct.MERGE)
    if item_queries.normal_number(text) is None:
        raise WordsMissing("要写明合并到哪个编号", mend="例：W0186")
    _merge(context, desk, item, item_access.item(context, text), sure=False)


def merge_into(context: Context, args: Args, _text: str) -> None:
    """[合并到W0186]: the likely original that the card named; [确认合并] after the question about two projects."""
    item, into = _item(context, args), item_access.by_id(context, int(args["into"]))
    desk = item_access.desk_for(context, item, ItemAct.MERGE)
    _merge(context, desk, item, into, sure=bool(args.get("sure")))


def _merge(context: Context, desk: Desk, item: Item, into: Item, *, sure: bool) -> None:
    item_screening.check_merge(desk, item, into)
    if not sure and None not in (item.project_id, into.project_id) and item.project_id != into.project_id:
        other = items.facts(desk, into)
        context.say(MergeAcross(items.facts(desk, item), other.id, other.number, other.title, other.project))
        return
    item_screening.merge(desk, item, into)
    _done(context, item, f"合并到 {into.number}")


def not_same(context: Context, args: Args, _text: str) -> None:
    """[不是]: it is no duplicate and stays to be screened."""
    item = _item(context, args)
    item_access.desk_for(context, item, ItemAct.MERGE)
    item_cards.show(context, item)


def set_tags(context: Context, item: Item, text: str) -> None:
    """「W0186 标签 涉河」, 「W0186去掉涉铁标签」, 「标签改为涉电」 (rule F2)."""
    desk = item_access.desk_for(context, item, ItemAct.SET_TAGS)
    named = [tag for tag in TAGS if tag in text]
    if not named:
        raise Invalid("要写明标签", mend=f"可用：{'、'.join(TAGS)}，例：{item.number} 标签 涉河")
    kept = [] if _ONLY.search(text) else [tag for tag in item.tags if tag not in named]
    found = kept if _WITHOUT.search(text) else [tag for tag in TAGS if tag in named or tag in kept]
    item_dispatch.set_tags(desk, item, tuple(found))
    _done(context, item, f"设标签：{'、'.join(found) or '无'}")


# --- receipt


def receive(context: Context, args: Args, _text: str) -> None:
    receive_item(context, _item(context, args))


def receive_item(context: Context, item: Item) -> None:
    """[签收], /签收"""
    item_dispatch.receive(item_access.desk_for(context, item, ItemAct.RECEIVE), item)
    assert item.received_at is not None
    assert item.feedback_due_at is not None
    context.say(
        ItemReceived(
            items.facts(context.desk, item),
            received_at=item.received_at,
            feedback_due_at=item.feedback_due_at,
            due_at=item.due_at,
            workdays=items.policy_of(context.desk, item).item_feedback_workdays,
        )
    )


def send_back(context: Context, args: Args, text: str) -> None:
    send_back_item(context, _item(context, args), text)


def send_back_item(context: Context, item: Item, text: str) -> None:
    """[退回], /退回: 「原因 建议 单位」, or the unit first: 「建议 单位，原因 …」."""
    desk = item_access.desk_for(context, item, ItemAct.SEND_BACK)
    text = _REASON.sub("原因 ", text)
    if "建议" not in text and (other := _OUGHT_TO.search(text)) is not None:
        text = f"{text[: other.start()]} 建议 {other['unit']}"
    before, _, proposed = text.partition("建议")
    before = _LABEL.sub("", before)
    proposed, _, behind = proposed.partition("原因")
    if not (before.strip(_MARKS) or behind) and (told := _BEHIND_UNIT.fullmatch(proposed)) is not None:
        proposed, behind = told["unit"], told["why"]  # 「建议临河区办，我们没有权限」
    reason = before if before.strip(_MARKS) else behind.lstrip(f"是为{_MARKS}")
    unit = naming.unit_in(context.directory, item.organisation_id, proposed) if proposed.strip() else None
    if proposed.strip() and unit is None:
        raise Invalid(f"没有找到单位「{proposed.strip()[:20]}」", mend="请写通讯录里的单位全称")
    named = _GIVE_TO.sub("", _UNIT.sub("", proposed.strip(_MARKS)))
    item_dispatch.send_back(
        desk, item, reason.strip(_MARKS), proposed_unit_id=unit.id if unit else None,
        proposed=named if unit is not None and unit.name in named and len(named) <= LONGEST_UNIT else "",
    )  # fmt: skip
    _done(context, item, "退回")


# --- feedback


def feed_back(context: Context, args: Args, text: str) -> None:
    """[反馈]"""
    item_feedback.start_for(context, _item(context, args), text)


def accept_feedback(context: Context, args: Args, _text: str) -> None:
    """[采纳]"""
    item, feedback = _feedback(context, args)
    desk = item_access.desk_for(context, item, ItemAct.REVIEW_FEEDBACK)
    context.say(feedbacks.accept(desk, feedback))


def return_feedback(context: Context, args: Args, text: str) -> None:
    """[退回] of a feedback."""
    item, feedback = _feedback(context, args)
    desk = item_access.desk_for(context, item, ItemAct.REVIEW_FEEDBACK)
    feedbacks.send_back(desk, feedback, text)
    _done(context, item, "退回反馈")


def _feedback(context: Context, args: Args) -> tuple[Item, ItemFeedback]:
    item = _item(context, args)
    feedback = item_history.feedback_by_id(context.session, int(args["feedback"]))
    if feedback is None or feedback.item_id != item.id:
        raise NotFound(item.number)
    return item, feedback


# --- 办结, 销号


def submit(context: Context, args: Args, text: str) -> None:
    """[办结]"""
    item_closing.start(context, _item(context, args), text)


def approve(context: Context, args: Args, _text: str) -> None:
    """[通过]"""
    item = _item(context, args)
    closing.approve(item_access.desk_for(context, item, ItemAct.APPROVE), item)
    _done(context, item, "审核通过，待销号")


def fail(context: Context, args: Args, text: str) -> None:
    """[不通过]"""
    item = _item(context, args)
    closing.fail(item_access.desk_for(context, item, ItemAct.FAIL), item, text)
    _done(context, item, "审核不通过")


def close(context: Context, args: Args, _text: str) -> None:
    close_item(context, _item(context, args))


def close_item(context: Context, item: Item) -> None:
    """[销号], /销号"""
    closing.close(item_access.desk_for(context, item, ItemAct.CLOSE), item)
    _done(context, item, "销号")


def show(context: Context, args: Args, _text: str) -> None:
    """[查看]"""
    item_cards.show(context, _item(context, args))


def _done(context: Context, item: Item, act: str) -> None:
    context.say(ItemDone(items.facts(context.desk, item), act=act, told=""))


VERBS: Final[Mapping[str, Verb]] = {
    "item.dispatch": dispatch,
    "dispatch.person": choose_person,
    "item.ask_more": ask_more,
    "item.supplement": supplement,
    "item.reject": reject,
    "item.merge": merge,
    "item.merge_into": merge_into,
    "item.not_same": not_same,
    "item.receive": receive,
    "item.send_back": send_back,
    "item.feed_back": feed_back,
    "item.accept_feedback": accept_feedback,
    "item.return_feedback": return_feedback,
    "item.submit": submit,
    "item.approve": approve,
    "item.fail": fail,
    "item.close": close,
    "item.show": show,
    **item_reopening.VERBS,
}
