"""/合并 W0191 到 W0186: the first is the duplicate, the second survives (rule F13)."""

from __future__ import annotations

import re

from handlers import access, item_access
from handlers.context import Context
from handlers.items import item_actions
from handlers.verbs import Command, Order
from models.errors import NotUnderstood
from models.queries.items import NUMBER
from models.rules.items import ItemAct

EXAMPLE = "/合并 W0191 到 W0186"


def run(context: Context, args: str) -> None:
    numbers = [found[0] for found in NUMBER.finditer(args)]
    if not 1 <= len(numbers) <= 2:
        raise NotUnderstood("", examples=(EXAMPLE, "/我的"))
    item = item_access.item(context, numbers[0])
    item_access.desk_for(context, item, ItemAct.MERGE)
    item_actions.merge(context, {"item": item.id}, "".join(numbers[1:]))


COMMAND = Command(
    "合并",
    summary="重复问题合并",
    usage=EXAMPLE,
    run=run,
    order=Order.NUMBER_FIRST,
    bare=True,
    said=re.compile(  # 「把W0191合并到W0186」
        r"[把将]?\s?(?P<args>县?W\s?\d{1,6}\s?(?:[合归]并|并)[到入至进]\s?县?W\s?\d{1,6})[里中去吧了]{0,2}",
        re.IGNORECASE,
    ),
    may=access.in_hub,
)
