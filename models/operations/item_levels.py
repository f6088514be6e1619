"""At which level a problem item stands, what that is called, and who decides there (rules G1, G2, Q3).

The names stand in the policy of the item's organisation. An item keeps the chain it was raised with: its level is a
number, and another chain would give it another meaning.
"""

from __future__ import annotations

from typing import Final

from models.operations.desk import Desk
from models.queries import item_parties
from models.queries import items as item_queries
from models.queries.directory import PersonInfo
from models.rules.escalation import COUNTY, GOVERNMENT, HUB, PROVINCE
from models.rules.levels import Level, LevelChain
from models.rules.posts import leaders_of
from models.tables.items import Item
from models.types import ItemState

REGION: Final = "region"
"""Kind of a unit that is a county's town or street, or a city's county."""


def chain_of(desk: Desk, item: Item) -> LevelChain:
    """The chain of the item's organisation that it was raised with."""
    return desk.policies.at(item.organisation_id, item.level_version).levels


def level_of(desk: Desk, item: Item) -> Level:
    return chain_of(desk, item)[item.level]


def first_of(desk: Desk, organisation_id: int) -> int:
    """The level at which a new item of an organisation begins (rule G1).

    0 in a county that solves or sends up, 1 where a 专班 coordinates: in a city, in a county with its own chain.
    """
    return min(HUB, desk.policy_of(organisation_id).levels.own_top)


def handed_to(desk: Desk, item: Item, unit_id: int) -> int:
    """The level of an item that 综合专班 hands to a unit: in a county with its own chain, a town solves it at level 0.

    What was ever raised or sent down keeps its level: the duties below go on (rule G5).
    """
    chained = COUNTY < chain_of(desk, item).own_top < PROVINCE
    if not chained or item.level_since is not None or item.level > HUB:
        return item.level
    return COUNTY if desk.directory.units[unit_id].kind == REGION else HUB


def goes_above(desk: Desk, item: Item, to_level: int) -> bool:
    """Whether this step leaves the organisation: a county asks its city, which takes it on (rules G3, Q3)."""
    return to_level > chain_of(desk, item).own_top


def sent_up(desk: Desk, item: Item) -> Item | None:
    """The city's item that a county's item is now, while its level is not the county's own."""
    if item.level <= chain_of(desk, item).own_top:
        return None
    return item_queries.of_origin(desk.session, item.id)


def at_province(desk: Desk, item: Item) -> bool:
    """With 省综合专班: level 4 of a city. That of a county is its city's, or shows that of the city's item."""
    return item.level == PROVINCE and chain_of(desk, item).own_top == PROVINCE


def can_be_grave(desk: Desk, item: Item) -> bool:
    """Whether the organisation has the level to which 特别重大 goes (rule G7)."""
    return chain_of(desk, item).own_top >= GOVERNMENT


def awaits_decision(desk: Desk, item: Item) -> bool:
    """Raised above 综合专班 before it was 交办, and not decided on there yet (rules G1, G4).

    Nobody below hands it out meanwhile, except what is 特别重大: that cannot wait (rule G7). What was handed out and
    came back is handed out anew: the duties below go on (rules F4, G5). A level that only shows where the city's item
    stands waits for nobody in the county (rule Q3).
    """
    waits = 2 <= item.level <= 3 and item.state == ItemState.SCREENING.value and item.parent_id is None
    return waits and not item.urgent and not item.returns and not goes_above(desk, item, item.level)


def deciders(desk: Desk, item: Item) -> tuple[PersonInfo, ...]:
    """Whose 批示 the item's level is for: 分管副市长 at 2, 常务副市长 at 3 (rule G1); nobody elsewhere."""
    return holders(desk, item, item.level) if sent_up(desk, item) is None else ()


def holders(desk: Desk, item: Item, level: int) -> tuple[PersonInfo, ...]:
    """Who holds the post that decides at a level, for this item."""
    role = chain_of(desk, item)[level].decider
    return item_parties.post_holders(desk.directory, item, role) if role is not None else ()


def leaders(desk: Desk, item: Item) -> str:
    """Whose 批示 counts, in words: 市领导 in a city, 县领导 in a county."""
    return leaders_of(desk.directory.organisations[item.organisation_id].level)
