"""Whether a problem is the county's own to solve or goes to the city, for people who serve in both (rules G1, Q3)."""

from __future__ import annotations

import re
from typing import Final

from handlers import naming
from handlers.context import Context
from handlers.understanding.wanted import wish_in
from models.rules.items import COUNTY_LEVEL, level_of_organisation

_COUNTY_WORDS: Final = re.compile(
    r"乡镇|镇里|镇政府|镇上|乡里|乡政府|街道办|县里|县级|本县|我县|村委|村里|社区"
)
_CITY_WORDS: Final = re.compile(r"市里|市级|市领导|市攻坚办|上级")


_TO_COUNTY: Final = re.compile(r"(?:改为|改成|改由|由)?县(?:级|里)(?:自行|自己)?(?:办理?|解决|协调)")
_TO_CITY: Final = re.compile(r"改?(?:报|由)市(?:级|里)(?:办理?|解决|协调)?")


def said_in(text: str) -> bool | None:
    """Whether a text says nothing but that the county (True) or the city (False) is to work on it; else None."""
    said = text.strip(" 。.!！吧")
    if _TO_COUNTY.fullmatch(said):
        return True
    return False if _TO_CITY.fullmatch(said) else None


def county_of(context: Context) -> int | None:
    """The county organisation in which the sender serves beside the city; None for everybody else."""
    directory = context.directory
    for there in directory.houses(context.sender)[1:]:
        organisation = directory.organisations[there.organisation_id]
        if level_of_organisation(organisation.level) == COUNTY_LEVEL:
            return organisation.id
    return None


def house_of(context: Context, text: str) -> int | None:
    """The county, when its own bodies are asked for help; None for the sender's own organisation."""
    county = county_of(context)
    if county is None:
        return None
    wish = wish_in(text) or text
    if _CITY_WORDS.search(wish):
        return None
    if _COUNTY_WORDS.search(wish):
        return county
    if naming.unit_in(context.directory, context.sender.organisation_id, wish) is not None:
        return None
    return county if naming.unit_in(context.directory, county, wish) is not None else None


def named(context: Context, organisation_id: int | None) -> str:
    """Who works on it, for people who serve in both; empty for everybody else."""
    if county_of(context) is None:
        return ""
    own = context.desk.policy_of(context.sender.organisation_id).levels[COUNTY_LEVEL].name
    organisation = context.directory.organisations[organisation_id or context.sender.organisation_id]
    return f"{organisation.name}综合专班" + (f"（{own}）" if organisation_id is not None else "")


def other(context: Context, organisation_id: int | None) -> str:
    """Label of the button that hands it to the other one; empty where there is none."""
    if county_of(context) is None:
        return ""
    return "改为县级办理" if organisation_id is None else "改报市级"
