"""Units, people and codes named in short texts: labels of 交办, 希望协调, 建议单位."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from models.queries.directory import Directory, PersonInfo, UnitInfo
from models.types import Role

COUNTY_ENDS: Final = ("县", "区", "旗")
PROJECT_CODE: Final = re.compile(r"(?<![A-Za-z])[A-Za-z]{2}\d{4}(?!\d)")
_SPLIT: Final = re.compile(r"[\s()（）,，、:：]+")


def unit_in(directory: Directory, organisation_id: int, text: str) -> UnitInfo | None:
    """The unit that a text names, the longest name or alias first.

    An alias of a city bureau inside the name of a county's bureau (临河区住建局) is not the city's.
    """
    words = unicodedata.normalize("NFKC", text)
    forms = sorted(
        (
            (form, unit)
            for unit in directory.units.values()
            if unit.organisation_id == organisation_id
            for form in (unit.name, *unit.aliases)
            if len(form) > 1
        ),
        key=lambda pair: -len(pair[0]),
    )
    for form, unit in forms:
        place = words.find(form)
        if place < 0:
            continue
        before = words[place - 1 : place]
        if unit.region_id is None and before in COUNTY_ENDS and not form.startswith("市"):
            return _county_unit(directory, organisation_id, words)
        return unit
    return None


def _county_unit(directory: Directory, organisation_id: int, words: str) -> UnitInfo | None:
    """A county's bureau that has no row of its own stands under the county itself."""
    return next(
        (
            unit
            for unit in directory.units.values()
            if unit.organisation_id == organisation_id and unit.kind == "region" and unit.name in words
        ),
        None,
    )


def people_named(
    directory: Directory, organisation_id: int, text: str, *roles: Role
) -> tuple[PersonInfo, ...]:
    """Everybody whom a text may mean: one name, with or without the unit (rule B1). roles: holders first."""
    words = unicodedata.normalize("NFKC", text).strip()
    named = [
        person
        for person in directory.everybody
        if person.organisation_id == organisation_id and person.name in words
    ]
    if roles:
        named = [person for person in named if person.holds(*roles)] or named
    longest = max((len(person.name) for person in named), default=0)
    named = [person for person in named if len(person.name) == longest]
    exact = [person for person in named if unicodedata.normalize("NFKC", person.label) in words]
    if len(exact) == 1 and exact[0].label != exact[0].name:
        return tuple(exact)
    rest = [part for part in _SPLIT.split(words.replace(named[0].name, " ") if named else "") if part]
    if len(named) > 1 and rest:
        by_unit = [
            person
            for person in named
            if any(
                part in directory.units[person.unit_id].name or directory.units[person.unit_id].name in part
                for part in rest
            )
        ]
        return tuple(by_unit) or tuple(named)
    return tuple(named)
