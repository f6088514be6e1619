"""/延期 W0186 2026-10-30 原因 (rule F7)."""

from __future__ import annotations

from typing import Final

from handlers import access, item_access, item_extensions, more_time
from handlers.context import Context
from handlers.verbs import Command, Order
from models.errors import Invalid
from models.queries import items
from models.tables.items import Item
from models.types import ItemState

EXAMPLE: Final = "/延期 W0186 10月30日 省局要求补正"


def of_ones_own(context: Context, text: str) -> bool:
    """「我们想延期到10月28日，省局要求补论证」 of somebody who works on one item; several are named to choose from.

    False when the text is no such wish, or the sender works on nothing.
    """
    said = more_time.of_ones_own(text)
    if said is None:
        return False
    mine = _in_progress(context)
    if len(mine) > 1:
        raise Invalid(
            f"您有 {len(mine)} 件在办：{'、'.join(one.number for one in mine)}",
            mend=f"请写明编号，例：延期 {mine[0].number} {said}",
        )
    if mine:
        item_extensions.ask(context, mine[0], said)
    return bool(mine)


def _in_progress(context: Context) -> list[Item]:
    """What the sender, or whom they stand in for, works on as the responsible one."""
    found: dict[int, Item] = {}
    for person in access.own_and_principals(context):
        units = [
            unit for unit in context.directory.units if items.speaks_for(context.directory, person, unit)
        ]
        for item in items.in_hand_of(context.session, person.id, units):
            if item.state == ItemState.IN_PROGRESS.value and item_access.visible(context, item):
                found[item.id] = item
    return list(found.values())


def run(context: Context, args: str) -> None:
    if item_access.number_in_front(args) is None and of_ones_own(context, f"延期 {args}"):
        return
    item, words = item_access.item_in_front(context, args, EXAMPLE, "/我的")
    item_extensions.ask(context, item, words)


COMMAND = Command("延期", summary="申请延长办结时限", usage=EXAMPLE, run=run, bare=True, order=Order.WISHED)
