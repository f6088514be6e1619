"""The verb of a button typed as text: 采纳, 退回 没有每周目标, 已阅 ZD0108 does what pressing it does.

Only a verb that a card shown in this chat offers, and only while that card still waits for it; who may is checked by
the verb itself. A sentence that merely begins with such a word is free text (rule C16).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from handlers.context import Context
from models.errors import Invalid
from models.queries import corrections, items, lights, outbox
from models.rules.items import ENDED, MOVES, ItemAct
from models.types import FeedbackState, ItemState, Recipient, RecipientKind

LOOKED_AT: Final = 60  # the newest notices of a chat among which a typed verb is looked for
KEPT: Final = timedelta(days=60)
# Labels of buttons that people type. 确认, 取消, 修改 and numbered choices are understood without this.
LABELS: Final = (
    "采纳", "退回", "同意", "不同意", "通过", "不通过", "已阅", "稍后", "反馈", "办结", "签收", "交办", "改交办",
    "裁定", "退回补充", "补充", "合并", "不予受理", "不是重复", "销号", "召开专项协调", "批示", "退回综合专班",
    "历史", "问题", "上报记录", "上报", "从台账生成", "取消代理", "已转报", "修改症结", "同意提级", "不提级",
    "去掉附件", "重开", "有效", "反弹", "定时限",
)  # fmt: skip
_SAID: Final = re.compile(
    rf"[/、]?\s*(?P<label>{'|'.join(sorted(LABELS, key=len, reverse=True))}|合并到\s?W\d{{1,6}})(?:…|\.\.\.)?"
    r"(?:$|[\s:,。;]+|(?=县?[Ww]\d|[A-Za-z]{2}\d))"
    r"(?P<number>县?[Ww]\s?\d{1,6}|[A-Za-z]{2,8}\d{2,10})?[\s:,。;]*(?P<words>.*)$",
    re.DOTALL,
)
_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x3002: 0x3B}
_NUMBER: Final = re.compile(r"县?W\d{2,6}")
_CODE: Final = re.compile(r"[A-Z]{2,8}\d{2,10}")
# Verbs that only show something: the newest card is meant.
_SHOWS: Final = ("project.", "weekly.", "people.", "item.show")
_ITEM_ACTS: Final[Mapping[str, ItemAct]] = {
    "item.dispatch": ItemAct.DISPATCH,
    "item.ask_more": ItemAct.ASK_MORE,
    "item.supplement": ItemAct.SUPPLEMENT,
    "item.merge": ItemAct.MERGE,
    "item.merge_into": ItemAct.MERGE,
    "item.not_same": ItemAct.MERGE,
    "item.reject": ItemAct.REJECT,
    "item.receive": ItemAct.RECEIVE,
    "item.send_back": ItemAct.SEND_BACK,
    "item.feed_back": ItemAct.FEED_BACK,
    "item.submit": ItemAct.SUBMIT,
    "item.approve": ItemAct.APPROVE,
    "item.fail": ItemAct.FAIL,
    "item.close": ItemAct.CLOSE,
    "item.reopen": ItemAct.REOPEN,
    "item.rebound": ItemAct.RATE,
    "item.effective": ItemAct.RATE,
    "item.set_due": ItemAct.SET_DUE,
}


@dataclass(frozen=True, slots=True)
class TypedVerb:
    """A button meant by a text: its verb and facts, and the words that go with it."""

    verb: str
    args: Mapping[str, str | int]
    words: str


@dataclass(frozen=True, slots=True)
class _Offer:
    verb: str
    args: dict[str, Any]
    about: str  # number or code that the card is about


def find(context: Context, text: str) -> TypedVerb | None:
    """The button that a text means, or None when it is none or nothing of the kind was offered here.

    Raises Invalid naming the numbers when several cards still wait for the verb and the text names none.
    """
    stripped = text.strip()
    said = _SAID.match(stripped.translate(_HALF_WIDTH))
    if said is None:
        return None
    words = stripped[said.start("words") :].strip()
    number = (said["number"] or "").replace(" ", "").upper()
    for recipient in dict.fromkeys((context.chat, context.private)):
        offers = _offers(context, recipient, said["label"], number, with_words=bool(words))
        if not offers:
            continue
        waiting = [offer for offer in offers if _waits(context, offer)] or offers[:1]
        if len(waiting) > 1 and not waiting[0].verb.startswith(_SHOWS):
            names = "、".join(dict.fromkeys(offer.about for offer in waiting if offer.about))
            raise Invalid(
                f"有 {len(waiting)} 件可「{said['label']}」：{names}",
                mend=f"请写明编号，例：{said['label']} {waiting[0].about}",
            )
        return TypedVerb(waiting[0].verb, waiting[0].args, words)
    return None


def _offers(
    context: Context, recipient: Recipient, label: str, number: str, *, with_words: bool
) -> list[_Offer]:
    """What the newest notices to this chat offer under a label, newest first, each only once."""
    if recipient.kind is RecipientKind.ACCOUNT:
        return []
    rows = outbox.shown_to(context.session, recipient, since=context.now - KEPT, limit=LOOKED_AT)
    found: dict[tuple[str, str], _Offer] = {}
    for actions, payload in rows:
        for action in actions:
            if action["label"].rstrip("…") != label.replace(" ", "") or (with_words and not action["prompt"]):
                continue
            told = json.dumps(payload, ensure_ascii=False)
            about = _NUMBER.search(told) or _CODE.search(told)
            if number and not re.search(rf"(?<![0-9A-Za-z]){re.escape(number)}(?!\d)", told):
                continue
            offer = _Offer(action["verb"], dict(action["args"]), about[0] if about else "")
            found.setdefault((offer.verb, json.dumps(offer.args, sort_keys=True)), offer)
    return list(found.values())


def _waits(context: Context, offer: _Offer) -> bool:
    """Whether what the card offered can still be done; who may do it is not asked here."""
    session, args = context.session, offer.args
    if "correction" in args:
        correction = corrections.by_id(session, int(args["correction"]))
        return correction is not None and correction.state == "waiting"
    if offer.verb in ("item.accept_feedback", "item.return_feedback"):
        reply = items.feedback_by_id(session, int(args["feedback"]))
        return reply is not None and reply.state == FeedbackState.SUBMITTED.value
    if "feedback" in args:
        feedback = lights.feedback_by_id(session, int(args["feedback"]))
        return feedback is not None and feedback.state == FeedbackState.SUBMITTED.value
    if "case" in args:
        case = lights.case_by_id(session, int(args["case"]))
        if case is None or case.state == lights.ENDED:
            return False
        return offer.verb != "light.acknowledge" or case.acknowledged_at is None
    if offer.verb.startswith("light.escalation"):
        proposal = lights.proposal_by_id(session, int(args["draft"]))
        return proposal is not None and proposal.state == "draft"
    if "item" in args:
        item = items.by_id(session, int(args["item"]))
        if item is None:
            return False
        act = _ITEM_ACTS.get(offer.verb)
        if act is ItemAct.SET_DUE and item.due_at is not None:
            return False
        if act is ItemAct.RATE and items.effect(session, item) is not None:
            return False
        state = ItemState(item.state)
        return state in MOVES[act].sources if act is not None else state not in ENDED
    return True
