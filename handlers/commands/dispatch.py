"""/交办 W0191 责任人 …: hand an item out; asks for what is missing (rules B10, D4)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.dispatches import dispatch_drafts, dispatch_lists
from handlers.verbs import Command, Order

EXAMPLES: Final = ("/交办 W0191", "/交办 W0191 责任人 彭倩；措施 并联审查；督办专员 马德胜")


def run(context: Context, args: str) -> None:
    if args.strip().startswith("清单"):
        dispatch_lists.start(context, args.strip().removeprefix("清单").strip(" ：:，,"))
        return
    item, words = item_access.item_in_front(context, args, *EXAMPLES)
    dispatch_drafts.start(context, item, words)


COMMAND = Command(
    "交办",
    summary="交办问题事项",
    usage="/交办 W0191 责任人 彭倩",
    run=run,
    order=Order.NUMBER_FIRST,
    bare=True,
    may=access.in_hub,
    said=re.compile(r"(?:生成|出|起草)?交办(?P<args>清单.*)"),
)
