"""/纪要 9月22日协调会, then the text; or both in one message (rule M1)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.dispatches import minutes_drafts
from handlers.papers import minutes_papers
from handlers.verbs import Command
from models.operations import minutes

EXAMPLE: Final = "/纪要 9月22日协调会"
_LONGEST_TITLE: Final = 40
_PAPER: Final = re.compile(r"^(?:成文|出文|生成会议纪要)\s*[:：]?\s*(?P<rest>.*)$")


def run(context: Context, args: str) -> None:
    paper = _PAPER.match(args.strip())
    if paper is not None:
        minutes_papers.run(context, paper["rest"])
        return
    head, _, body = args.strip().partition("\n")
    if len(head) > _LONGEST_TITLE:
        head, body = "", args
    title = head.strip(" ：:，,") or f"{context.desk.today.month}月{context.desk.today.day}日会议"
    minutes_drafts.start(context, title, body)


def may(context: Context) -> bool:
    return any(minutes.organises(context.desk, one) for one in access.own_and_principals(context))


COMMAND = Command("纪要", summary="把会议纪要变成任务", usage=EXAMPLE, run=run, bare=True, long=True, may=may)
