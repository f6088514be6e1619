"""/办结 W0186 …, /销号 W0186 (rules F8–F10)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access, item_access, item_actions, item_assists, item_closing
from handlers.context import Context
from handlers.verbs import Command, Order
from models.errors import NotUnderstood
from models.rules.items import ItemAct

_NUMBER: Final = re.compile(r"^县?\s*[WwＷｗ]\s*\d{1,6}")


def submit(context: Context, args: str) -> None:
    number = _NUMBER.match(args.strip())
    if number is None:
        raise NotUnderstood("", examples=("/办结 W0186 已批复 文号 云林审〔2026〕88号", "/我的"))
    item = item_access.item(context, number[0])
    words = args.strip()[number.end() :].strip(" ：:，,")
    if item_assists.only_assists(context, item):
        item_assists.finish(context, item, words)
        return
    item_access.desk_for(context, item, ItemAct.SUBMIT)
    item_closing.start(context, item, words)


def close(context: Context, args: str) -> None:
    number = _NUMBER.match(args.strip())
    if number is None:
        raise NotUnderstood("", examples=("/销号 W0186", "/我的"))
    item_actions.close_item(context, item_access.item(context, number[0], act=ItemAct.CLOSE))


def may_close(context: Context) -> bool:
    return access.hub_member(context) is not None


COMMAND = Command(
    "办结",
    summary="报办结（附文号或文件）",
    usage="/办结 W0186 已批复 文号 …",
    run=submit,
    order=Order.WISHED,
)
CLOSE = Command(
    "销号",
    summary="办结通过后销号",
    usage="/销号 W0186",
    run=close,
    order=Order.WISHED,
    may=may_close,
    wordless=True,
)
