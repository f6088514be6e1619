"""/已阅 ZD0108: a 带班领导 has read a red light (rule E10)."""

import re
from collections.abc import Sequence
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.lights import light_actions
from handlers.lights.light_words import split_code
from handlers.naming import PROJECT_CODE
from handlers.verbs import Command, Order
from models.errors import Invalid
from models.notices.lights import Acknowledged
from models.operations import light_cases, light_receipts
from models.queries import lights
from models.tables.lights import LightCase
from models.types import Role

_ALL: Final = ("都", "全", "全部", "所有", "两个", "三个", "几个", "这些")


def run(context: Context, args: str) -> None:
    if (number := item_access.number_in_front(args)) is not None:
        item = item_access.item(context, number[0])
        raise Invalid(
            f"已阅用于红灯项目，{item.number} 不用点",
            mend=f"批示请回：批示 {item.number} …；看进展：/查 {item.number}",
        )
    codes = list(dict.fromkeys(PROJECT_CODE.findall(args)))
    if len(codes) > 1 or args in _ALL:
        named = [light_actions.case_of(context, access.project(context, code)) for code in codes]
        _acknowledge_all(context, named or _unread(context))
        return
    mention, _ = split_code(args)
    if mention:
        case = light_actions.case_of(context, access.project(context, mention))
    else:
        case = light_actions.latest_case(context, "已阅")
    light_actions.acknowledge(context, case)


def _acknowledge_all(context: Context, found: Sequence[LightCase]) -> None:
    """「已阅 ZX0031、ZX0032」, 「都已阅」: each of them, or none. Raises Invalid without one."""
    if not found:
        raise Invalid("您负责的项目没有待已阅的红灯")
    projects = [light_actions.project_of(context, case) for case in found]
    desks = [light_actions.desk_of(context, light_cases.leaders(context.desk, one)) for one in projects]
    for desk, project in zip(desks, projects, strict=True):
        light_receipts.require_leader(desk, project, "已阅")
    for desk, case in zip(desks, found, strict=True):
        light_receipts.acknowledge(desk, case)
    codes = "、".join(one.code for one in projects)
    context.say_privately(Acknowledged(code=codes, at=context.now, earlier=False))


def _unread(context: Context) -> list[LightCase]:
    """The red lights that wait for 已阅 of the sender, or of who they stand in for."""
    people = access.own_and_principals(context)
    return [
        case
        for case in lights.cases_unread(context.session)
        if case.project_id in context.directory.projects
        and any(
            one in people
            for one in light_cases.leaders(context.desk, light_actions.project_of(context, case))
        )
    ]


COMMAND = Command(
    "已阅", summary="红灯已阅（带班领导）", usage="/已阅 ZD0108", run=run,
    order=Order.NUMBER_FIRST | Order.OF_NAME | Order.NAME_FIRST, wordless=True,
    may=lambda context: access.holds(context, Role.LEADER),
    said=re.compile(r"(?:这)?(?P<args>都|全部?|所有|两个|三个|几个|这些)的?(?:红灯)?(?:全|都)?(?:已阅|阅了|看过了)了?"),
)  # fmt: skip
