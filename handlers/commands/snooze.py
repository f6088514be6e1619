"""/稍后 ZD0108 3 个工作日 原因 …: reminders on a red light wait, once (rule E11)."""

import re

from handlers import access
from handlers.context import Context
from handlers.lights import light_actions
from handlers.lights.light_words import split_code
from handlers.verbs import Command, Order
from models.types import Role

_DAYS_FIRST = re.compile(r"^[0-9０-９一二两三四五]{1,2}\s*个?\s*(?:工作日|天|日)")


def run(context: Context, args: str) -> None:
    words = args.strip()
    if not words or _DAYS_FIRST.match(words):
        case, text = light_actions.latest_case(context, "稍后"), words
    else:
        mention, text = split_code(words)
        case = light_actions.case_of(context, access.project(context, mention))
    light_actions.snooze(context, case, text)


COMMAND = Command(
    "稍后", summary="红灯提醒稍后（带班领导，每轮一次）", usage="/稍后 ZD0108 3 个工作日 原因 …", run=run,
    order=Order.NUMBER_FIRST | Order.OF_NAME | Order.NAME_FIRST | Order.GOES_ON,
    may=lambda context: access.holds(context, Role.LEADER),
)  # fmt: skip
