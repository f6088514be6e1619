"""A verb typed with an item's number or a project's code, where no card in the chat offers it any more.

「通过 W0191」 does what the button does, or is refused with the reason: who may, in which state it is, that nothing
of the kind is waiting (rule B10).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from handlers import (
    access,
    dispatch_drafts,
    grave_items,
    item_access,
    item_actions,
    item_decisions,
    item_extensions,
    item_reopening,
    light_actions,
)
from handlers.context import Context
from handlers.understanding.asking import is_question
from models.errors import Invalid, NotAllowed
from models.operations import light_feedback as light_feedbacks
from models.queries import items as item_queries
from models.queries import lights
from models.rules.items import MOVES, ItemAct, Party
from models.tables.items import Item

_SAID: Final = re.compile(
    r"\s*[/／、]?\s*(?P<verb>[一-鿿]{2,6}?)\s*[:：]?\s*"
    r"(?:(?P<item>县?\s*[Ww]\s*\d{1,6})|(?P<code>[A-Za-z]{2}\d{4}))(?!\d)[\s:,;。]*(?P<words>.*)$",
    re.DOTALL,
)
_MAY_BE: Final = re.compile(r"\s*[/／、]?\s*[一-鿿]{2,6}\s*[:：]?\s*[县A-Za-zＡ-Ｚａ-ｚ]")
_BARE: Final = re.compile(r"[\s/／、]*(?P<verb>[一-鿿]{2,6})[\s。.!！]*")
_LATER: Final = re.compile(r"\s*(?P<verb>稍后)\s*(?:\d|[一二两三])\s*个?\s*(?:工作日|天|日)")
# What a card offers; where no act below says who may, there is nothing to decide without one.
_OFFERED: Final = (
    "受理", "退回县级", "同意提级", "不提级", "定为特别重大", "按一般处理", "召开专项协调", "退回综合专班", "确认时限",
    "改时限", "定时限", "有效", "反弹",
)  # fmt: skip

# A decision that carries no words of its own: with some, it is a sentence and no decision.
_WORDLESS: Final = frozenset({"通过", "采纳", "同意"})
_BARE_WORDS: Final = (
    "退回",
    "已阅",
    "稍后",
    "签收",
    "销号",
    "交办",
    "发布",
    "报签",
    "核稿通过",
    "异议",
    "无异议",
)

Verb = Callable[[Context, Item, str], None]


def done(context: Context) -> bool:
    """Do what a verb with a number says; False when the text is none of these."""
    if _MAY_BE.match(context.message.text) is None:
        return False  # most messages: without another form of the whole text
    said = _SAID.match(unicodedata.normalize("NFKC", context.message.text))
    if said is None:
        return False
    verb, words = said["verb"], said["words"].strip()
    if is_question(words) or (verb in _WORDLESS and words.strip("吧。.!！ ")):
        return False  # a sentence that merely begins with the word is free text (rule C16)
    if said["code"] is not None:
        return verb == "采纳" and _light(context, verb, said["code"], words)
    if verb in _OFFERED and verb not in _ITEM_VERBS:
        item = item_access.item(context, said["item"])
        raise Invalid(f"{item.number} 现在没有可「{verb}」的", mend=f"查看：/查 {item.number}；待办：/我的")
    if verb not in _ITEM_VERBS:
        return False
    _ITEM_VERBS[verb](context, item_access.item(context, said["item"]), words)
    return True


def returned(context: Context, args: str) -> bool:
    """「退回 ZX0031 没有目标」, 「退回 W0186 …」 of the 督办专员: a feedback that waits for the ruling is meant."""
    said = _SAID.match(f"退回 {unicodedata.normalize('NFKC', args)}")
    if said is None:
        return False
    if said["code"] is not None:
        return _light(context, "退回", said["code"], said["words"].strip())
    if not _returns_feedback(context, said["item"]):
        return False
    _return(context, item_access.item(context, said["item"]), said["words"].strip())
    return True


def is_hearsay(context: Context, text: str) -> bool:
    """「W0186 通过」 of the one who works on it tells of somebody else's decision: a feedback, no act of theirs."""
    said = _SAID.match(unicodedata.normalize("NFKC", text))
    if said is None or said["item"] is None or said["verb"] not in (*_ACTS, *_OFFERED):
        return False
    item = item_access.item(context, said["item"])
    may = _ACTS[said["verb"]] if said["verb"] in _ACTS else frozenset[Party]()
    mine: set[Party] = set()
    for person in access.own_and_principals(context):
        mine |= set(item_queries.parties(context.directory, person, item))
    return Party.RESPONSIBLE in mine and may.isdisjoint(mine)


def nothing_waits(text: str) -> Invalid | None:
    """What to answer to 「采纳」, 「同意」 alone when no card waits for it; None for other words."""
    said = _BARE.fullmatch(text) or _LATER.match(text)
    if said is None or said["verb"] not in (*_ITEM_VERBS, *_OFFERED, *_BARE_WORDS):
        return None
    return Invalid(f"现在没有等您「{said['verb']}」的事项", mend="请写明编号，或看待办：/我的")


# --- items


def _accept(context: Context, item: Item, _words: str) -> None:
    item_actions.accept_feedback(context, _of_feedback(context, item), "")


def _return(context: Context, item: Item, words: str) -> None:
    item_actions.return_feedback(context, _of_feedback(context, item), words)


def _of_feedback(context: Context, item: Item) -> dict[str, str | int]:
    item_access.desk_for(context, item, ItemAct.REVIEW_FEEDBACK)
    feedback = item_queries.feedback_under_review(context.session, item.id)
    if feedback is None:
        raise Invalid(f"{item.number} 没有待审核的反馈", mend=f"查看：/查 {item.number}")
    return {"item": item.id, "feedback": feedback.id}


def _returns_feedback(context: Context, number: str) -> bool:
    """退回 is of a dispatch, except by the 督办专员 while a feedback waits for the ruling."""
    item = item_access.item(context, number)
    waiting = item_queries.feedback_under_review(context.session, item.id) is not None
    return waiting and any(
        Party.SUPERVISOR in item_queries.parties(context.directory, person, item)
        for person in access.own_and_principals(context)
    )


def _agree(context: Context, item: Item, words: str) -> None:
    item_extensions.press_agree(context, _of_extension(context, item), words)


def _refuse(context: Context, item: Item, words: str) -> None:
    item_extensions.press_refuse(context, _of_extension(context, item), words)


def _of_extension(context: Context, item: Item) -> dict[str, str | int]:
    item_access.desk_for(context, item, ItemAct.DECIDE_EXTENSION)
    request = item_queries.extension_waiting(context.session, item.id)
    if request is None:
        raise Invalid(f"{item.number} 没有待审批的延期申请", mend=f"查看：/查 {item.number}")
    return {"item": item.id, "extension": request.id}


def _pressed(press: Callable[[Context, Mapping[str, str | int], str], None]) -> Verb:
    """The act of a button that needs nothing but the item."""
    return lambda context, item, words: press(context, {"item": item.id}, words)


_ITEM_VERBS: Final[Mapping[str, Verb]] = {
    "通过": _pressed(item_actions.approve),
    "不通过": _pressed(item_actions.fail),
    "采纳": _accept,
    "同意": _agree,
    "不同意": _refuse,
    "不予受理": _pressed(item_actions.reject),
    "退回补充": _pressed(item_actions.ask_more),
    "补充": _pressed(item_actions.supplement),
    "改交办": dispatch_drafts.start,
    "裁定": dispatch_drafts.start,
    "定为特别重大": _pressed(grave_items.press_grave),
    "按一般处理": _pressed(grave_items.press_ordinary),
    "召开专项协调": _pressed(item_decisions.press_convene),
    "退回综合专班": _pressed(item_decisions.press_send_down),
    "定时限": _pressed(item_reopening.set_due),
    "有效": _pressed(item_reopening.effective),
    "反弹": _pressed(item_reopening.rebound),
}
_ACTS: Final[Mapping[str, frozenset[Party]]] = {
    "通过": MOVES[ItemAct.APPROVE].parties,
    "不通过": MOVES[ItemAct.FAIL].parties,
    "采纳": MOVES[ItemAct.REVIEW_FEEDBACK].parties,
    "同意": MOVES[ItemAct.DECIDE_EXTENSION].parties,
    "不同意": MOVES[ItemAct.DECIDE_EXTENSION].parties,
    "不予受理": MOVES[ItemAct.REJECT].parties,
}


# --- lights


def _light(context: Context, verb: str, code: str, words: str) -> bool:
    """采纳, 退回 of the feedback on a project's light (rule E9)."""
    project = access.project(context, code)
    case = light_actions.case_of(context, project)
    feedback = lights.waiting_feedback(context.session, case.id)
    if feedback is None:
        may = light_feedbacks.reviewers(context.desk, case)
        if not {one.id for one in may} & {one.id for one in access.own_and_principals(context)}:
            raise NotAllowed(f"{verb} {code.upper()} 的反馈", who="、".join(one.label for one in may))
        raise Invalid(f"{code.upper()} 没有待审核的反馈", mend=f"查看：/查 {code.upper()}")
    press = light_actions.press_accept if verb == "采纳" else light_actions.press_return
    press(context, {"feedback": feedback.id}, words)
    return True
