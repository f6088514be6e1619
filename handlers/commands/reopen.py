"""/重开 W0186 原因 (rule F1)."""

from __future__ import annotations

import re
from typing import Final

from handlers import item_access, item_reopening
from handlers.context import Context
from handlers.verbs import Command, Order
from models.errors import NotUnderstood

_NUMBER: Final = re.compile(r"^县?\s*[WwＷｗ]\s*\d{1,6}")
EXAMPLE: Final = "/重开 W0186 现场又被要求停工"


def run(context: Context, args: str) -> None:
    number = _NUMBER.match(args.strip())
    if number is None:
        raise NotUnderstood("", examples=(EXAMPLE, "/我的"))
    item_reopening.start(
        context, item_access.item(context, number[0]), args.strip()[number.end() :].strip(" ：:，,")
    )


COMMAND = Command("重开", summary="重开已销号的问题（30日内）", usage=EXAMPLE, run=run, order=Order.WISHED)
