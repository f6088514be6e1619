"""Problems asked for by words instead of a number: 「/查 林地」, 「铁路桥那个问题到哪一步了」 (rules B3, B8)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

from handlers import access, item_access
from handlers.context import Context
from handlers.items import item_cards, item_flow
from models.errors import NotFound
from models.notices.ledger import RestInPrivate
from models.queries import items as queries
from models.rules.items import said_alike
from models.tables.items import Item

_ENOUGH: Final = Fraction(3, 5)
"""So much of what was asked stands in an item's own words: 「铁路桥方案」 means 「跨既有铁路桥梁方案未获批复」."""


def show(context: Context, words: str, *, standing: bool = False) -> bool:
    """The one problem that the words mean, or a list; False when the asker may see none of them here.

    standing: where it stands is asked, not what it is.
    """
    found = _found(context, words)
    if not found and context.group is not None:
        found = _found(replace(context, group=None), words)
        if found:
            context.say(RestInPrivate())
            context = replace(context, group=None)
    if not found:
        return False
    if len(found) > 1:
        item_cards.show_found(context, f"与「{words}」有关", found)
    elif standing:
        item_flow.show(context, found[0])
    else:
        item_cards.show(context, found[0])
    return True


def show_numbered(context: Context, number: str, *, standing: bool = False) -> None:
    """The item with this number; in a group whose scope it is not in, to the asker alone (rule B5). Raises NotFound.

    That there is a restricted one is not hinted at in a group (rule B8).
    """
    try:
        item = item_access.item(context, number)
    except NotFound:
        if context.group is None:
            raise
        alone = replace(context, group=None)
        item = item_access.item(alone, number)
        if item.restricted:
            raise
        context.say(RestInPrivate())
        context = alone
    if standing:
        item_flow.show(context, item)
    else:
        item_cards.show(context, item)


def _found(context: Context, words: str) -> list[Item]:
    """The open items that hold most of the words, only the best of them. Restricted ones are never found (B8)."""
    houses = dict.fromkeys(one.organisation_id for one in access.in_every_house(context))
    held = {
        number: said_alike(words, said)
        for house in houses
        for number, said in queries.words_of_open(context.session, house)
    }
    seen = [
        (held[item.id], item)
        for item in queries.by_ids(context.session, [one for one, share in held.items() if share >= _ENOUGH])
        if not item.restricted and item_access.visible(context, item)
    ]
    best = max((share for share, _ in seen), default=None)
    return [item for share, item in seen if share == best]
