"""How many problems a unit, a 专班 or a county still has: counted from what the asker may see (rules B3, B8, D5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.context import Context
from handlers.items import item_cards
from models.queries import item_parties, scopes, taskforces
from models.tables.items import Item


@dataclass(frozen=True, slots=True)
class _Body:
    """own: the asker speaks for it, and so sees everything of it."""

    name: str
    has: Callable[[Item], bool]
    own: bool = False


def show(context: Context, name: str) -> bool:
    """The open items of the body that the name means, with their count; False when it means none.

    A county's are those of its projects and those that its people work on. Of a body of which the asker sees nothing
    no 0 is told, unless they would see it all (rule B4).
    """
    body = _task_force(context, name) or _county(context, name) or _unit(context, name)
    if body is None:
        return False
    whole = body.own or scopes.asker(context.directory, context.sender).oversees
    found = [item for item in item_cards.open_visible(context) if body.has(item)]
    if not found and not whole:
        return False
    item_cards.show_cut(context, body.name if whole else f"{body.name}（您可查看的）", found)
    return True


def _task_force(context: Context, name: str) -> _Body | None:
    if not name.endswith("专班"):
        return None
    found = taskforces.by_name(context.directory, context.sender.organisation_id, name)
    return _Body(found.name, lambda item: item.task_force_id == found.id) if found is not None else None


def _county(context: Context, name: str) -> _Body | None:
    house = context.sender.organisation_id
    regions = context.directory.regions.values()
    region = next((one for one in regions if (one.organisation_id, one.name) == (house, name)), None)
    if region is None:
        return None

    def has(item: Item) -> bool:
        project = context.directory.projects.get(item.project_id or 0)
        unit = context.directory.units.get(item.unit_id or 0)
        return region.id in (project.region_id if project else None, unit.region_id if unit else None)

    home = context.directory.units[context.sender.unit_id]
    return _Body(name, has, own=home.region_id == region.id)


def _unit(context: Context, name: str) -> _Body | None:
    """By its full name or an alias of it, of the asker's organisation: no other word is a unit."""
    house = context.sender.organisation_id
    found = [
        unit
        for unit in context.directory.units.values()
        if unit.organisation_id == house and name in (unit.name, *unit.aliases)
    ]
    if len(found) != 1:
        return None
    unit = found[0]
    own = item_parties.speaks_for(context.directory, context.sender, unit.id)
    return _Body(unit.name, lambda item: item.unit_id == unit.id, own=own)
