"""/交办 W0191 责任人 …: hand an item out; asks for what is missing (rules B10, D4)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access, dispatch_drafts, dispatch_lists, item_access
from handlers.context import Context
from handlers.verbs import Command, Order
from models.errors import NotUnderstood

_NUMBER: Final = re.compile(r"^县?\s*[WwＷｗ]\s*\d{1,6}")


def run(context: Context, args: str) -> None:
    if args.strip().startswith("清单"):
        dispatch_lists.start(context, args.strip().removeprefix("清单").strip(" ：:，,"))
        return
    number = _NUMBER.match(args.strip())
    if number is None:
        raise NotUnderstood(
            "", examples=("/交办 W0191", "/交办 W0191 责任人 彭倩；措施 并联审查；督办专员 马德胜")
        )
    item = item_access.item(context, number[0])
    dispatch_drafts.start(context, item, args.strip()[number.end() :].strip(" ：:，,"))


def may(context: Context) -> bool:
    return access.hub_member(context) is not None


COMMAND = Command(
    "交办",
    summary="交办问题事项",
    usage="/交办 W0191 责任人 彭倩",
    run=run,
    order=Order.NUMBER_FIRST,
    bare=True,
    may=may,
    said=re.compile(r"(?:生成|出|起草)?交办(?P<args>清单.*)"),
)
