"""/签收 W0191, /签收 督12, /退回 W0191 原因 建议 单位 (rules F3, F4); a 市领导 sends an item back down (rule G6)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access, document_access, item_access
from handlers.context import Context
from handlers.items import item_actions, item_assists, item_decisions
from handlers.papers import document_receipts
from handlers.typed import numbered_verbs
from handlers.verbs import Command, Order
from models.operations import item_levels
from models.rules.items import ItemAct
from models.rules.letters import reference_in
from models.rules.posts import LEADERS
from models.types import Role

# 「已签收督13号」, 「收到，云攻坚督〔2026〕13号我们已签收」.
_WE: Final = r"(?:我们?|[我本]单位|我局|都|也|已经?)*"
_PAPER_SIGNED: Final = re.compile(
    r"(?=.*签收)(?:(?:收到|好的?)[\s,。]*)?" + _WE + r"(?:签收了?)?\s?"
    r"(?P<args>[一-鿿]{0,6}?(?:督(?:办函)?|提(?:醒函)?|交(?:办清单)?|通(?:报)?)\s?(?:[〔\[(]?\d{4}[〕\])]?\s?)?第?\d{1,4}\s?号?)"
    r"[\s,]*" + _WE + r"(?:签收了?)?"
)


def receive(context: Context, args: str) -> None:
    if (paper := reference_in(args.strip())) is not None:
        document_receipts.receive(context, document_access.by_reference(context, paper[0]))
        return
    item, words = item_access.item_in_front(context, args, "/签收 W0191", "/我的")
    item_actions.receive_item(context, item)
    for more in item_access.items_behind(context, item, words):
        item_actions.receive_item(context, more)


def send_back(context: Context, args: str) -> None:
    if numbered_verbs.returned(context, args):
        return
    item, words = item_access.item_in_front(
        context, args, "/退回 W0191 不属本单位职责 建议 市住建局", "/我的"
    )
    at_province = item_levels.at_province(context.desk, item)
    above = (*LEADERS, *([Role.OFFICE_HEAD] if at_province else []))
    if item.level >= 2 and access.holds(context, *above):
        item_decisions.send_down(context, item, words)
        return
    item_assists.refuse_to_send_back(context, item)
    item_access.desk_for(context, item, ItemAct.SEND_BACK)
    item_actions.send_back_item(context, item, words)


COMMAND = Command(
    "签收",
    summary="签收交办的问题",
    usage="/签收 W0191",
    run=receive,
    order=Order.NUMBER_FIRST | Order.TOLD | Order.LAST,
    bare=True,
    wordless=True,
    said=_PAPER_SIGNED,
    may=access.works_on_items,
)
SEND_BACK = Command(
    "退回",
    summary="退回交办的问题",
    usage="/退回 W0191 原因 建议 单位",
    run=send_back,
    order=Order.NUMBER_FIRST | Order.LAST,
    may=access.in_ledger,
)
