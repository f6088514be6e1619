"""To whom a 批示 speaks: units, counties and persons named in it (rule G4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from handlers import naming
from models.queries.directory import Directory, PersonInfo, UnitInfo
from models.types import Role

# Where somebody goes or reports to is not who has to act: 「赴铁路局对接」「报市发改委」.
_NOT_ADDRESSED: Final = re.compile(r"(?:到|赴|去|往|在|向|报|送|给|对)$")
_GONE_TO: Final = re.compile(r"[到赴去往向]|报送|报请|对接")
# 「与铁路局对接」: whom somebody has to come to terms with.
_WITH: Final = re.compile(r"^[与和同跟]")
_TALKED_TO: Final = re.compile(r"(?:充分|主动|积极)?(?:对接|沟通|协商|衔接|会商|联系|协调|商定)")
_LISTED: Final = re.compile(r"[、和与及\s]*")
_BODY: Final = re.compile(r"(?:[局委办厅县区司行会院心队处站旗乡镇]|专班|管委会)$")
# What reads like a unit where one would be named.
_LIKE_UNIT: Final = re.compile(
    r"(?:^|[请由、，,；;。.：:\s\ue000]|责成|要求)(?P<name>[\u4e00-\u9fff]{1,8}?(?:(?<![布格大结全开时当])局|委|厅|公司|银行|管委会))"
)


@dataclass(frozen=True, slots=True)
class Addressee:
    """A unit and who is 责任人 there: the person named with it, else its 联络员; None where it has none."""

    unit: UnitInfo
    person: PersonInfo | None


@dataclass(frozen=True, slots=True)
class Addressed:
    """In the order of the text. unclear: names that mean no unit or person, or more than one person."""

    addressees: tuple[Addressee, ...]
    unclear: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    unit: UnitInfo | None
    people: tuple[PersonInfo, ...]


def addressed(directory: Directory, organisation_id: int, text: str) -> Addressed:
    """Who has to act on a text."""
    words = unicodedata.normalize("NFKC", text)
    every = list(_hits(directory, organisation_id, words))
    hits = list(_spoken_to(words, every))
    named: dict[int, PersonInfo | None] = {}
    unclear: list[str] = []
    for place, hit in enumerate(hits):
        if hit.unit is not None:
            follower = hits[place + 1] if place + 1 < len(hits) else None
            person = _person_of(directory, hit, follower)
            if named.get(hit.unit.id) is None:
                named[hit.unit.id] = person
            continue
        before = hits[place - 1] if place else None
        if before is not None and before.unit is not None and _person_of(directory, before, hit) is not None:
            continue
        if len(hit.people) == 1:
            named[hit.people[0].unit_id] = hit.people[0]
        else:
            unclear.append(f"{hit.people[0].name}（同名，请写单位）")
    rest = list(words)
    for hit in every:
        rest[hit.start : hit.end] = "\ue000" * (hit.end - hit.start)
    left = "".join(rest)
    unclear.extend(
        found["name"]
        for found in _LIKE_UNIT.finditer(left)
        if not _GONE_TO.search(found["name"])
        and not (_WITH.match(found["name"]) and _TALKED_TO.match(left, found.end()))
    )
    return Addressed(
        tuple(
            Addressee(directory.units[unit_id], person or _liaison(directory, unit_id))
            for unit_id, person in named.items()
        ),
        tuple(dict.fromkeys(unclear)),
    )


def _hits(directory: Directory, organisation_id: int, words: str) -> Iterator[_Hit]:
    """Names in a text, the longest at each place. A bureau of a county that has no row is the county's."""
    forms: dict[str, tuple[UnitInfo | None, tuple[PersonInfo, ...]]] = {}
    for name, people in directory.people_by_name.items():
        there = (directory.in_house(person, organisation_id) for person in people)
        own = tuple(person for person in there if person.organisation_id == organisation_id)
        if own:
            forms[unicodedata.normalize("NFKC", name)] = (None, own)
    for unit in directory.units.values():
        if unit.organisation_id == organisation_id:
            for form in (*unit.aliases, unit.name):
                if len(form) > 1 and (form == unit.name or _BODY.search(form)):
                    forms[unicodedata.normalize("NFKC", form)] = (unit, ())
    if not forms:
        return
    pattern = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    county_until = -1
    for found in re.finditer(pattern, words):
        body, people = forms[found[0]]
        if body is not None and found.start() == county_until and body.region_id is None:
            continue
        yield _Hit(found.start(), found.end(), body, people)
        if body is not None and body.kind == "region" and found[0].endswith(naming.COUNTY_ENDS):
            county_until = found.end()


def _spoken_to(words: str, hits: list[_Hit]) -> Iterator[_Hit]:
    """Those who have to act, not those whom others visit or report to; a list is one or the other."""
    left_out_until: int | None = None
    for hit in hits:
        continues = left_out_until is not None and _LISTED.fullmatch(words, left_out_until, hit.start)
        if continues or _NOT_ADDRESSED.search(words[: hit.start]):
            left_out_until = hit.end
            continue
        left_out_until = None
        yield hit


def _person_of(directory: Directory, unit: _Hit, person: _Hit | None) -> PersonInfo | None:
    """The person named right behind a unit, if they belong to it."""
    if unit.unit is None or person is None or person.unit is not None or person.start - unit.end > 1:
        return None
    region_id = unit.unit.region_id
    return next(
        (
            one
            for one in person.people
            if one.unit_id == unit.unit.id
            or (region_id is not None and directory.units[one.unit_id].region_id == region_id)
        ),
        None,
    )


def _liaison(directory: Directory, unit_id: int) -> PersonInfo | None:
    return next(iter(directory.for_unit(unit_id, Role.LIAISON)), None)
