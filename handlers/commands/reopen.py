"""/重开 W0186 原因 (rule F1)."""

from __future__ import annotations

from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.items import item_reopening
from handlers.verbs import Command, Order

EXAMPLE: Final = "/重开 W0186 现场又被要求停工"


def run(context: Context, args: str) -> None:
    item, words = item_access.item_in_front(context, args, EXAMPLE, "/我的")
    item_reopening.start(context, item, words)


COMMAND = Command(
    "重开",
    summary="重开已销号的问题（30日内）",
    usage=EXAMPLE,
    run=run,
    order=Order.WISHED | Order.LAST,
    may=access.in_ledger,
)
