"""/撤销 [项目]: revert the last confirmed entry within 10 minutes (rule C10)."""

import re

from handlers import access
from handlers.reports import undo
from handlers.verbs import Command, Order

COMMAND = Command(
    "撤销",
    summary="撤销最近一次入账（10分钟内）",
    usage="/撤销",
    run=undo.undo,
    aliases=("撤消", "撤回"),
    bare=True,
    may=access.in_ledger,
    order=Order.OF_NAME,
    said=re.compile(rf"撤[销消回](?P<args>{undo.LAST}.*|(?:我的|那个|刚才的?)?反馈)"),
)
