"""/已阅 ZD0108: a 带班领导 has read a red light (rule E10)."""

from handlers import access, light_actions
from handlers.context import Context
from handlers.light_words import split_code
from handlers.verbs import Command, Order
from models.types import Role


def run(context: Context, args: str) -> None:
    mention, _ = split_code(args)
    if mention:
        case = light_actions.case_of(context, access.project(context, mention))
    else:
        case = light_actions.latest_case(context, "已阅")
    light_actions.acknowledge(context, case)


COMMAND = Command(
    "已阅", summary="红灯已阅（带班领导）", usage="/已阅 ZD0108", run=run,
    order=Order.NUMBER_FIRST | Order.OF_NAME | Order.NAME_FIRST, wordless=True,
    may=lambda context: access.holds(context, Role.LEADER),
)  # fmt: skip
