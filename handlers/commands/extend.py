"""/延期 W0186 2026-10-30 原因 (rule F7)."""

from __future__ import annotations

import re
from typing import Final

from handlers import item_access, item_extensions
from handlers.context import Context
from handlers.router import Command
from models.errors import NotUnderstood

_NUMBER: Final = re.compile(r"^县?\s*[WwＷｗ]\s*\d{1,6}")
EXAMPLE: Final = "/延期 W0186 10月30日 省局要求补正"


def run(context: Context, args: str) -> None:
    number = _NUMBER.match(args.strip())
    if number is None:
        raise NotUnderstood("", examples=(EXAMPLE, "/我的"))
    item = item_access.item(context, number[0])
    item_extensions.ask(context, item, args.strip()[number.end() :].strip(" ：:，,"))


COMMAND = Command("延期", summary="申请延长办结时限", usage=EXAMPLE, run=run, bare=True)
