"""[定为特别重大] and [按一般处理] of 综合专班负责人, at any hour (rule G7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.verbs import Verb
from models.operations import grave_items
from models.operations.desk import Desk
from models.types import Role

Args = Mapping[str, str | int]


def press_grave(context: Context, args: Args, _text: str) -> None:
    item = item_access.by_id(context, int(args["item"]))
    desk = _desk(context)
    told = "、".join(one.label for one in grave_items.confirm(desk, item))
    context.say_privately(grave_items.decided(desk, item, grave=True, told=told, own=True))


def press_ordinary(context: Context, args: Args, _text: str) -> None:
    item = item_access.by_id(context, int(args["item"]))
    desk = _desk(context)
    grave_items.decline(desk, item)
    context.say_privately(grave_items.decided(desk, item, grave=False, told="", own=True))


def _desk(context: Context) -> Desk:
    heads = [one for one in access.own_and_principals(context) if one.holds(Role.HUB_HEAD)]
    return context.act_for(heads[0] if heads else None)


VERBS: Final[Mapping[str, Verb]] = {"grave.yes": press_grave, "grave.no": press_ordinary}
