"""The only door to problem items: may this person see it, act on it? (rules B3–B6, B8, B10)

A missing number and one that is not the asker's are answered with the same words (rule B4).
"""

from __future__ import annotations

from handlers import access
from handlers.context import Context
from models.errors import NotFound, NotUnderstood
from models.operations import items as operations
from models.operations.desk import Desk
from models.queries import item_parties
from models.queries import items as queries
from models.queries.directory import PersonInfo
from models.rules.items import MOVES, ItemAct, Party
from models.tables.items import Item


def item(context: Context, number: str, *, act: ItemAct | None = None) -> Item:
    """The item with this number, seen by the sender here; with act, only if they may do it now.

    Raises NotFound; with act also NotAllowed or StateForbids.
    """
    wanted = queries.normal_number(number)
    if wanted is None:
        raise NotFound(number)
    for person in access.in_every_house(context):
        found = queries.by_number(context.session, person.organisation_id, wanted)
        if found is not None and visible(context, found):
            if act is not None:
                desk_for(context, found, act)
            return found
    raise NotFound(number)


def number_in_front(words: str) -> tuple[str, str] | None:
    """The number that the words begin with, and those behind it; None where they begin with none."""
    said = words.strip()
    number = queries.NUMBER.match(said)
    return (number[0], said[number.end() :].strip(" \u3000:：,，")) if number is not None else None


def item_in_front(context: Context, words: str, *examples: str) -> tuple[Item, str]:
    """The item whose number a command's words begin with, and those behind it.

    Raises NotUnderstood with the examples where they begin with none; NotFound.
    """
    said = number_in_front(words)
    if said is None:
        raise NotUnderstood("", examples=examples)
    return item(context, said[0]), said[1]


def items_behind(context: Context, first: Item, words: str) -> list[Item]:
    """Further items behind the first of a command that needs no words: 「签收 W0191 W0192」. Raises NotFound."""
    found = [item(context, number[0]) for number in queries.NUMBER.finditer(words)]
    return list({one.id: one for one in found if one.id != first.id}.values())


def by_id(context: Context, item_id: int) -> Item:
    """The item of a button, seen by the sender. Raises NotFound."""
    found = queries.by_id(context.session, item_id)
    if found is None or not visible(context, found):
        raise NotFound(str(item_id))
    return found


def visible(context: Context, found: Item) -> bool:
    """Whether the sender, or who they stand in for, may see it here; in a group the group too (B5).

    A restricted item is for its named people alone, not for their delegates (rule B8).
    """
    people = (context.sender,) if found.restricted else access.own_and_principals(context)
    if context.group is None:
        return any(item_parties.sees(context.directory, person, found) for person in people)
    return any(
        item_parties.sees_in_group(context.directory, person, context.group, found) for person in people
    )


def visible_privately(context: Context, found: Item) -> bool:
    """The same for what goes to the sender alone, also when they spoke in a group."""
    people = (context.sender,) if found.restricted else access.own_and_principals(context)
    return any(item_parties.sees(context.directory, person, found) for person in people)


def parties(context: Context, found: Item) -> set[Party]:
    """In which capacities the sender stands to the item, for themselves or for whom they stand in."""
    return set[Party]().union(
        *(
            item_parties.parties(context.directory, person, found)
            for person in access.own_and_principals(context)
        )
    )


def acting(context: Context, found: Item, act: ItemAct) -> PersonInfo:
    """The sender, or the principal whose right is used; the sender where nobody may."""
    wanted = MOVES[act].parties
    for person in access.own_and_principals(context):
        if not wanted.isdisjoint(item_parties.parties(context.directory, person, found)):
            return person
    return context.sender


def desk_for(context: Context, found: Item, act: ItemAct) -> Desk:
    """The desk at which the sender may do this. Raises NotAllowed or StateForbids."""
    desk = context.act_for(acting(context, found, act))
    operations.may(desk, found, act)
    return desk
