"""/延期 W0186 2026-10-30 原因 (rule F7)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.items import item_extensions
from handlers.verbs import Command, Order

EXAMPLE: Final = "/延期 W0186 10月30日 省局要求补正"


def run(context: Context, args: str) -> None:
    if item_access.number_in_front(args) is None and item_extensions.ask_of_ones_own(context, f"延期 {args}"):
        return
    if not args and len(mine := item_extensions.in_progress(context)) == 1:
        item_extensions.ask(context, mine[0], "")
        return
    item, words = item_access.item_in_front(context, args, EXAMPLE, "/我的")
    item_extensions.ask(context, item, words)


COMMAND = Command(
    "延期",
    summary="申请延长办结时限",
    usage=EXAMPLE,
    run=run,
    bare=True,
    order=Order.WISHED,
    said=re.compile(r"(?:我们?|我单位|本单位)?(?:想|要|需要)?申请延期(?P<args>)"),
    may=access.works_on_items,
)
