"""What a 排名通报 holds: the tallies of its month, ranked and in words, and what units have said (rules I3, I4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from models.notices.rankings import RankLine
from models.operations.desk import Desk
from models.queries.directory import PersonInfo
from models.queries.rankings import REGION, UNIT, Month
from models.rules import ranking
from models.rules.money import wan
from models.rules.ranking import Part, Ranked, Ratio, Tally
from models.tables.documents import Document
from models.types import Role

_IN_FULL: Final = {
    Part.INVESTMENT: "投资进度",
    Part.STARTS: "开工率",
    Part.ITEMS: "问题办结率",
    Part.REPORTS: "报送及时率",
}


def speakers(desk: Desk, key: str) -> tuple[PersonInfo, ...]:
    """Who hears of a ranked unit's figures and may object: its 联络员."""
    kind, _, number = key.partition(":")
    if kind == REGION:
        return desk.directory.at_region(int(number), Role.LIAISON) or tuple(
            person
            for unit in desk.directory.units.values()
            if unit.kind == "region" and unit.region_id == int(number)
            for person in desk.directory.at_unit(unit.id, Role.LIAISON)
        )
    return desk.directory.for_unit(int(number), Role.LIAISON)


def lists(document: Document) -> tuple[tuple[Ranked, ...], tuple[Ranked, ...]]:
    """Regions and city departments, each ranked on its own (rule I3)."""
    found = {key: _read(data) for key, data in document.body["tallies"].items()}
    weights = weights_of(document)
    return (
        ranking.ranked([tally for key, tally in found.items() if key.startswith(REGION)], weights),
        ranking.ranked([tally for key, tally in found.items() if key.startswith(UNIT)], weights),
    )


def weights_of(document: Document) -> dict[Part, int]:
    """Of the policy by which it was drafted (rules I3, Q3)."""
    stored = document.body.get("weights", {})
    return {part: int(stored.get(part.value, weight)) for part, weight in ranking.WEIGHTS.items()}


def weights_in_words(document: Document) -> str:
    """投资进度40%+开工率20%+问题办结率25%+报送及时率15%"""
    return "+".join(f"{_IN_FULL[part]}{weight}%" for part, weight in weights_of(document).items())


def place_of(document: Document, key: str) -> tuple[Ranked, int]:
    """The place of a unit, and how many are ranked in its list."""
    name = document.body["tallies"][key]["name"]
    places = lists(document)[0 if key.startswith(REGION) else 1]
    return next(one for one in places if one.tally.name == name), sum(one.rank is not None for one in places)


def line(place: Ranked) -> RankLine:
    return RankLine(
        place.tally.name,
        rank_words(place),
        ranking.shown(place.score),
        tuple(_ratio(part, place.tally.part(part)) for part in Part),
        tuple(ranking.shown(place.tally.part(part).score) for part in Part),
    )


def rank_words(place: Ranked) -> str:
    return f"第{place.rank}" if place.rank is not None else "—"


def _ratio(part: Part, ratio: Ratio) -> str:
    if not ratio.due:
        return "—"
    if part is Part.INVESTMENT:
        return f"{wan(ratio.done)}/{wan(ratio.due)}"
    return f"{ratio.done}/{ratio.due}"


def names(*groups: tuple[Ranked, ...]) -> tuple[str, ...]:
    return tuple(f"{one.tally.name}（{ranking.shown(one.score)}）" for some in groups for one in some)


def key_of(key: tuple[str, int]) -> str:
    return f"{key[0]}:{key[1]}"


def stored(tally: Tally) -> dict[str, Any]:
    return {
        "name": tally.name,
        "parts": {part.name: [ratio.done, ratio.due] for part, ratio in tally.parts.items()},
    }


def _read(data: Mapping[str, Any]) -> Tally:
    return Tally(data["name"], {Part[name]: Ratio(*pair) for name, pair in data["parts"].items()})


def month_of(document: Document) -> Month:
    return Month.of(date.fromisoformat(document.body["month"]))


def why_again(ended: Document) -> str:
    """Why a month is ranked once more, for who was told its figures before."""
    return f"原通报{ended.serial}已作废，重新考评" if ended.serial else "原草稿不发，重新考评"


def objections_until(document: Document) -> datetime:
    return datetime.fromisoformat(document.body["objections_until"])


def open_objections(document: Document) -> list[dict[str, Any]]:
    return [one for one in document.body.get("objections", ()) if one["state"] == "open"]


def not_waived(desk: Desk, document: Document) -> tuple[str, ...]:
    """Names of the ranked units that may still object: those that can be told and have not said 无异议."""
    waived = document.body.get("waived", ())
    ranked = {one.tally.name for places in lists(document) for one in places if one.rank is not None}
    return tuple(
        str(data["name"])
        for key, data in document.body["tallies"].items()
        if key not in waived and data["name"] in ranked and speakers(desk, key)
    )
