"""Objections to a 排名通报: raised or waived by a ranked unit, ruled on by 综合专班 (rule I4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from models.errors import Invalid, NotAllowed, StateForbids, WordsMissing
from models.notices.rankings import RankingObjection, RankingRecomputed, RankingRuled
from models.operations import documents, rankings
from models.operations import ranking_lists as figures
from models.operations.desk import Desk
from models.queries import documents as document_queries
from models.queries import item_parties
from models.queries.directory import PersonInfo
from models.queries.rankings import UNIT
from models.rules import ranking
from models.rules.ranking import Part, Ratio
from models.tables.documents import Document


def object_to(desk: Desk, document: Document, key: str, text: str, *, file_ids: tuple[int, ...]) -> str:
    """异议 of a ranked unit within a workday. Returns the unit's name. Raises NotAllowed, StateForbids, Invalid."""
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    name = str(document.body["tallies"][key]["name"])
    if person is None or not speaks(desk, person, key):
        raise NotAllowed(f"对{name}的考评提异议", who=f"{name}的联络员、带班领导")
    documents.require_waiting(desk, document, "提异议")
    if desk.now > figures.objections_until(document):
        raise StateForbids(
            f"{figures.month_of(document).name}考评",
            state=f"异议期已于 {figures.objections_until(document):%m-%d %H:%M} 截止",
            act="提异议",
        )
    if not text.strip():
        raise WordsMissing("要写明异议内容", mend="例：9月22日报送系统故障，应计及时")
    objections = list(document.body.get("objections", ()))
    if any(one["key"] == key and one["state"] == "open" for one in objections):
        raise Invalid(f"{name}已有一件异议待处理", mend="请等综合专班答复后再提")
    number = len(objections) + 1
    objections.append(
        {
            "number": number,
            "key": key,
            "by": person.id,
            "text": text.strip(),
            "state": "open",
            "files": list(file_ids),
        }
    )
    documents.note_in_body(desk, document, objections=objections)
    place, _ = figures.place_of(document, key)
    desk.notify(
        RankingObjection(
            document.id, number, figures.month_of(document).name, name, desk.actor.label, text.strip(),
            figures.line(place), file_ids,
        ),
        to=desk.directory.ledger_admins(document.organisation_id),
        key=f"ranking {document.id} objection {number}",
        reason="考评异议",
        about=document_queries.subject(document),
    )  # fmt: skip
    return name


def speaks(desk: Desk, person: PersonInfo, key: str) -> bool:
    """Whether the person may object for a ranked unit: its 联络员 and 带班领导 (rules B10, I4)."""
    kind, _, number = key.partition(":")
    if person in figures.speakers(desk, key):
        return True
    if kind == UNIT:
        return item_parties.speaks_for(desk.directory, person, int(number))
    return any(
        unit.region_id == int(number) and item_parties.speaks_for(desk.directory, person, unit.id)
        for unit in desk.directory.units.values()
        if unit.kind == "region"
    )


def waive(desk: Desk, document: Document, key: str) -> str:
    """无异议 of a ranked unit: when all have said so, 签发 need not wait. Returns the unit's name.

    Raises NotAllowed, StateForbids. Said again it changes nothing.
    """
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    name = str(document.body["tallies"][key]["name"])
    if person is None or not speaks(desk, person, key):
        raise NotAllowed(f"为{name}确认考评", who=f"{name}的联络员、带班领导")
    documents.require_waiting(desk, document, "确认无异议")
    if any(one["key"] == key for one in figures.open_objections(document)):
        raise StateForbids(f"{name}的考评", state="已提异议，等综合专班答复", act="确认无异议")
    waived = list(document.body.get("waived", ()))
    if key not in waived:
        documents.note_in_body(desk, document, waived=[*waived, key])
    return name


def adopt(
    desk: Desk, document: Document, number: int, changes: Mapping[Part, Ratio], words: str
) -> RankingRecomputed:
    """采纳 with the figures as they should be: 重算; whoever's place moves is told (rule I4)."""
    objection = _ruling(desk, document, number)
    if not changes:
        raise WordsMissing("要写明改为多少", mend="例：报送 21/24")
    before = _ranks(document)
    key = objection["key"]
    tallies = {one: dict(data) for one, data in document.body["tallies"].items()}
    said = {part.name: [ratio.done, ratio.due] for part, ratio in changes.items()}
    tallies[key]["parts"] = {**tallies[key]["parts"], **said}
    adopted = dict(document.body.get("adopted", {}))
    adopted[key] = {**adopted.get(key, {}), **said}
    _rule(desk, document, number, "adopted", words, tallies=tallies, adopted=adopted)
    place, _ = figures.place_of(document, key)
    now = _ranks(document)
    moved = [one for one in tallies if one != key and now[one] != before[one]]
    _ask_again(desk, document, moved)
    for one in moved:
        rankings.tell_own(desk, document, one, changed=f"名次由{before[one]}变为{now[one]}")
    _tell_ruled(desk, document, objection, adopted=True, reason=words)
    rankings.tell_draft(desk, document, again=True)
    return RankingRecomputed(
        document.id,
        place.tally.name,
        tuple(f"{part.value}分 {ranking.shown(place.tally.part(part).score)}" for part in changes),
        ranking.shown(place.score),
        "名次不变" if now[key] == before[key] else f"名次由{before[key]}变为{now[key]}",
        tuple(str(tallies[one]["name"]) for one in moved),
    )


def _ranks(document: Document) -> dict[str, str]:
    return {key: figures.rank_words(figures.place_of(document, key)[0]) for key in document.body["tallies"]}


def _ask_again(desk: Desk, document: Document, keys: Collection[str]) -> None:
    """无异议 was said to figures that are no longer so."""
    waived = document.body.get("waived", ())
    kept = [key for key in waived if key not in keys]
    if len(kept) != len(waived):
        documents.note_in_body(desk, document, waived=kept)


def refuse(desk: Desk, document: Document, number: int, reason: str) -> None:
    """不采纳, with a reason."""
    objection = _ruling(desk, document, number)
    if not reason.strip():
        raise WordsMissing("不采纳要写明理由", mend="例：系统日志显示当天正常")
    _rule(desk, document, number, "refused", reason.strip())
    _tell_ruled(desk, document, objection, adopted=False, reason=reason.strip())


def _ruling(desk: Desk, document: Document, number: int) -> dict[str, Any]:
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    if person is None or not item_parties.is_hub(desk.directory, person):
        raise NotAllowed("处理考评异议", who="综合专班联络员、负责人")
    documents.require_waiting(desk, document, "处理异议")
    objection: dict[str, Any] = document.body["objections"][number - 1]
    if objection["state"] != "open":
        done = "采纳" if objection["state"] == "adopted" else "不采纳"
        raise StateForbids("这件异议", state=f"已{done}", act="再处理")
    return objection


def _rule(desk: Desk, document: Document, number: int, state: str, reason: str, **more: Any) -> None:
    objections = [
        {**one, "state": state, "reason": reason} if one["number"] == number else one
        for one in document.body["objections"]
    ]
    if more:
        documents.change_body(desk, document, objections=objections, **more)
    else:  # the words of the paper stay as they are, and so do the cards of it
        documents.note_in_body(desk, document, objections=objections)


def _tell_ruled(
    desk: Desk, document: Document, objection: Mapping[str, Any], *, adopted: bool, reason: str
) -> None:
    person = desk.directory.people.get(objection["by"])
    if person is None:
        return
    place, _ = figures.place_of(document, objection["key"])
    desk.notify(
        RankingRuled(
            document.id, figures.month_of(document).name, place.tally.name, adopted, desk.actor.label, reason,
            ranking.shown(place.score), figures.rank_words(place),
        ),
        to=person,
        key=f"ranking {document.id} ruled {objection['number']}",
        reason="考评异议答复",
        about=document_queries.subject(document),
    )  # fmt: skip
