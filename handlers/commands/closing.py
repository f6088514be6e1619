"""/办结 W0186 …, /销号 W0186 (rules F8–F10)."""

from __future__ import annotations

from handlers import access, item_access
from handlers.context import Context
from handlers.items import item_actions, item_assists, item_closing
from handlers.verbs import Command, Order
from models.rules.items import ItemAct


def submit(context: Context, args: str) -> None:
    item, words = item_access.item_in_front(
        context, args, "/办结 W0186 已批复 文号 云林审〔2026〕88号", "/我的"
    )
    if item_assists.only_assists(context, item):
        item_assists.finish(context, item, words)
        return
    item_access.desk_for(context, item, ItemAct.SUBMIT)
    item_closing.start(context, item, words)


def close(context: Context, args: str) -> None:
    item, words = item_access.item_in_front(context, args, "/销号 W0186", "/我的")
    item_actions.close_item(context, item)
    for more in item_access.items_behind(context, item, words):
        item_actions.close_item(context, more)


COMMAND = Command(
    "办结",
    summary="报办结（附文号或文件）",
    usage="/办结 W0186 已批复 文号 …",
    run=submit,
    order=Order.WISHED | Order.TOLD | Order.LAST,
    may=access.works_on_items,
)
CLOSE = Command(
    "销号",
    aliases=("同意销号", "准予销号"),
    summary="办结通过后销号",
    usage="/销号 W0186",
    run=close,
    order=Order.WISHED,
    may=access.in_hub,
    wordless=True,
)
