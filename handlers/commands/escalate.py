"""/提级 W0190 2级 症结 …；责任部门 …；路径 …；时限 … (rules G2, G3); /提级 W0190 已报省 文号 … (rule O2)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from handlers import item_access, item_raising, province_reports
from handlers.context import Context
from handlers.router import Command
from models.errors import NotUnderstood
from models.queries.items import NUMBER
from models.rules.province import says_sent

EXAMPLE: Final = "/提级 W0190 2级"
_LEVEL: Final = re.compile(r"(?:提?[到至为])?\s*(?P<level>[0-9一二两三四])\s*级")
_DIGITS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4}


def run(context: Context, args: str) -> None:
    words = unicodedata.normalize("NFKC", args).strip()
    number = NUMBER.search(words)
    if number is None:
        raise NotUnderstood(
            "提级", examples=(EXAMPLE, f"{EXAMPLE} 症结 …；责任部门 …；路径 …；时限 10月20日")
        )
    item = item_access.item(context, number[0])
    rest = f"{words[: number.start()]} {words[number.end() :]}".strip(" :：,，;；")
    if says_sent(rest):
        province_reports.enter_sent(context, item, rest)
        return
    wanted = _LEVEL.match(rest)
    if wanted is not None:
        rest = rest[wanted.end() :].lstrip(" :：,，;；")
    item_raising.start(context, item, _level(wanted["level"]) if wanted else item.level + 1, rest)


def _level(digit: str) -> int:
    return _DIGITS.get(digit) or int(digit)


COMMAND = Command("提级", summary="提请上一级协调问题", usage=EXAMPLE, run=run, bare=True)
