"""[定为特别重大] and [按一般处理] of 综合专班负责人, at any hour (rule G7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.verbs import Verb
from models.operations import grave_items
from models.types import Role

Args = Mapping[str, str | int]


def press_grave(context: Context, args: Args, _text: str) -> None:
    item = item_access.by_id(context, int(args["item"]))
    desk = access.desk_as(context, Role.HUB_HEAD)
    told = "、".join(one.label for one in grave_items.confirm(desk, item))
    context.say_privately(grave_items.decided(desk, item, grave=True, told=told, own=True))


def press_ordinary(context: Context, args: Args, _text: str) -> None:
    item = item_access.by_id(context, int(args["item"]))
    desk = access.desk_as(context, Role.HUB_HEAD)
    grave_items.decline(desk, item)
    context.say_privately(grave_items.decided(desk, item, grave=False, told="", own=True))


VERBS: Final[Mapping[str, Verb]] = {"grave.yes": press_grave, "grave.no": press_ordinary}
