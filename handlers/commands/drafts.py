"""/草稿: what the sender has not confirmed yet."""

import re

from handlers.context import Context
from handlers.drafts import draft_confirmations
from handlers.verbs import Command


def run(context: Context, _args: str) -> None:
    draft_confirmations.show_list(context)


COMMAND = Command(
    "草稿", summary="未确认的草稿", usage="/草稿", run=run, said=re.compile(r"(?:我的|查看?|看)?草稿")
)
