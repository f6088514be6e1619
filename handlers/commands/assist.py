"""/协办 W0191 单位 任务, 完成协办 W0191 …, 免除协办 W0191 原因 … (rule F11)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.items import item_assists
from handlers.verbs import Command, Order
from models.types import Role

ADD_EXAMPLE: Final = "/协办 W0191 临河区住建局 现场消防水源整改 时限 10月10日"


def add(context: Context, args: str) -> None:
    item, words = item_access.item_in_front(context, args, ADD_EXAMPLE, "/我的")
    item_assists.add(context, item, words)


def finish(context: Context, args: str) -> None:
    item, words = item_access.item_in_front(context, args, "完成协办 W0191 水源已整改到位", "/我的")
    item_assists.finish(context, item, words)


def waive(context: Context, args: str) -> None:
    item, words = item_access.item_in_front(context, args, "免除协办 W0191 原因 并入竣工验收", "/我的")
    item_assists.waive(context, item, words)


COMMAND = Command("协办", summary="给问题增加协办单位", usage=ADD_EXAMPLE, run=add, may=access.in_hub)
FINISH = Command(
    "完成协办",
    summary="报协办任务完成",
    usage="完成协办 W0191 水源已整改到位",
    run=finish,
    order=Order.NUMBER_FIRST,
    bare=True,
    may=access.works_on_items,
)
WAIVE = Command(
    "免除协办",
    summary="免除协办任务（督办专员）",
    usage="免除协办 W0191 原因 并入竣工验收",
    run=waive,
    order=Order.NUMBER_FIRST,
    bare=True,
    said=re.compile(r"免除\s?(?P<args>县?W\s?\d{1,6}\s?的?协办.*)", re.DOTALL | re.IGNORECASE),
    may=lambda context: access.holds(context, Role.SUPERVISOR, Role.HUB_HEAD),
)
