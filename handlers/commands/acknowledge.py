"""/已阅 ZD0108: a 带班领导 has read a red light (rule E10)."""

from handlers import access, item_access, light_actions
from handlers.context import Context
from handlers.light_words import split_code
from handlers.verbs import Command, Order
from models.errors import Invalid
from models.types import Role


def run(context: Context, args: str) -> None:
    if (number := item_access.number_in_front(args)) is not None:
        item = item_access.item(context, number[0])
        raise Invalid(
            f"已阅用于红灯项目，{item.number} 不用点",
            mend=f"批示请回：批示 {item.number} …；看进展：/查 {item.number}",
        )
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
