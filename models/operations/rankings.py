"""The monthly 排名通报: draft, own lines, objections, recomputation, publication (rules A6, I3, I4, H3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final

from models.errors import Invalid, NotAllowed, StateForbids
from models.notices.rankings import (
    RankingDraft,
    RankingObjection,
    RankingOwn,
    RankingPublished,
    RankingRecomputed,
    RankingRuled,
    RankLine,
)
from models.operations import documents, letters
from models.operations.desk import Desk, group
from models.operations.versions import INSTALLED_AT, time_mark
from models.queries import documents as document_queries
from models.queries import items as item_queries
from models.queries import rankings as queries
from models.queries.directory import PersonInfo
from models.queries.rankings import REGION, UNIT, Month
from models.rules import calendar, ranking
from models.rules.money import wan
from models.rules.ranking import Part, Ranked, Ratio, Tally
from models.tables.documents import Document
from models.types import DocumentKind, DocumentState, Role

TEMPLATE: Final = "排名通报"


# --- the draft


def monthly(desk: Desk) -> int:
    """09:00 on the first workday on or after the 5th: the draft for last month, once (rule A6)."""
    month = Month.before(desk.today)
    if calendar.monthly_draft_day(month.first, desk.directory.calendar) != desk.today:
        return 0
    installed = time_mark(desk.session, INSTALLED_AT)
    if installed is not None and installed > month.until:
        return 0
    made = 0
    for organisation_id in desk.directory.organisations:
        if any(one.organisation_id == organisation_id for one in desk.directory.regions.values()):
            made += draft(desk, organisation_id, month) is not None
    return made


def draft(desk: Desk, organisation_id: int, month: Month) -> Document | None:
    """Count the month, tell 综合专班 and every ranked unit its own line. None where nobody keeps the ledger."""
    admins = desk.directory.ledger_admins(organisation_id)
    heads = documents.signers_of(desk, DocumentKind.CIRCULAR, organisation_id)
    holder = next(iter((*admins, *heads)), None)
    if holder is None:
        return None
    counted = queries.tallies(
        desk.session, desk.directory, desk.policy, organisation_id, month,
        installed=time_mark(desk.session, INSTALLED_AT),
    )  # fmt: skip
    until = calendar.workday_deadline(desk.today, desk.policy.objection_workdays, desk.directory.calendar)
    document = documents.draft(
        desk,
        DocumentKind.CIRCULAR,
        organisation_id=organisation_id,
        to=holder,
        template=TEMPLATE,
        what=month.first.isoformat()[:7],
        body={
            "shown": f"{month.first.month}月排名",
            "month": month.first.isoformat(),
            "tallies": {_key(key): _stored(tally) for key, tally in counted.items()},
            "objections": [],
            "objections_until": until.isoformat(),
        },
    )
    tell_draft(desk, document, again=False)
    for key in counted:
        _tell_own(desk, document, _key(key))
    return document


def tell_draft(desk: Desk, document: Document, *, again: bool) -> None:
    """The draft to 综合专班 and to who signs it."""
    heads = documents.signers(desk, document)
    admins = desk.directory.ledger_admins(document.organisation_id)
    for person in dict.fromkeys((*admins, *heads)):
        if again and person.id == desk.actor.person_id:
            continue
        desk.notify(
            card(desk, document, signs=person in heads, again=again),
            to=person,
            key=f"ranking {document.id} {document.version}",
            reason="月度通报草稿",
            about=document_queries.subject(document),
        )


def card(desk: Desk, document: Document, *, signs: bool, again: bool) -> RankingDraft:
    regions, departments = lists(document)
    return RankingDraft(
        document.id,
        version=document.version,
        month=month_of(document).name,
        regions=tuple(map(line, regions)),
        departments=tuple(map(line, departments)),
        praised=names(ranking.praised(regions), ranking.praised(departments)),
        pressed=names(ranking.pressed(regions), ranking.pressed(departments)),
        objections_until=objections_until(document),
        open_objections=len(open_objections(document)),
        signs=signs,
        signers=documents.who_signs(desk, document),
        again=again,
    )


def _tell_own(desk: Desk, document: Document, key: str, *, changed: str = "") -> None:
    """Its own figures to a ranked unit (rule I4); nothing to one with nothing due."""
    place, of = _place(document, key)
    people = speakers(desk, key)
    if place.rank is None or not people:
        return
    desk.notify(
        RankingOwn(
            document.id,
            key,
            f"{month_of(document).first.month}月",
            line(place),
            of,
            objections_until(document),
            changed,
        ),
        to=people,
        key=f"ranking {document.id} {document.version} own {key}",
        reason="考评初稿" if not changed else "考评重算",
        about=document_queries.subject(document),
    )  # fmt: skip


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


# --- lists


def lists(document: Document) -> tuple[tuple[Ranked, ...], tuple[Ranked, ...]]:
    """Regions and city departments, each ranked on its own (rule I3)."""
    found = {key: _read(data) for key, data in document.body["tallies"].items()}
    return (
        ranking.ranked([tally for key, tally in found.items() if key.startswith(REGION)]),
        ranking.ranked([tally for key, tally in found.items() if key.startswith(UNIT)]),
    )


def _place(document: Document, key: str) -> tuple[Ranked, int]:
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


def _key(key: tuple[str, int]) -> str:
    return f"{key[0]}:{key[1]}"


def _stored(tally: Tally) -> dict[str, Any]:
    return {
        "name": tally.name,
        "parts": {part.name: [ratio.done, ratio.due] for part, ratio in tally.parts.items()},
    }


def _read(data: Mapping[str, Any]) -> Tally:
    return Tally(data["name"], {Part[name]: Ratio(*pair) for name, pair in data["parts"].items()})


def month_of(document: Document) -> Month:
    return Month.of(date.fromisoformat(document.body["month"]))


def objections_until(document: Document) -> datetime:
    return datetime.fromisoformat(document.body["objections_until"])


# --- objections


def open_objections(document: Document) -> list[dict[str, Any]]:
    return [one for one in document.body.get("objections", ()) if one["state"] == "open"]


def object_to(desk: Desk, document: Document, key: str, text: str, *, file_ids: tuple[int, ...]) -> str:
    """异议 of a ranked unit within a workday. Returns the unit's name. Raises NotAllowed, StateForbids, Invalid."""
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    name = str(document.body["tallies"][key]["name"])
    if person is None or not _speaks(desk, person, key):
        raise NotAllowed(f"对{name}的考评提异议", who=f"{name}的联络员、带班领导")
    documents.require_waiting(document, "提异议")
    if desk.now > objections_until(document):
        raise StateForbids(
            f"{month_of(document).name}考评",
            state=f"异议期已于 {objections_until(document):%m-%d %H:%M} 截止",
            act="提异议",
        )
    if not text.strip():
        raise Invalid("要写明异议内容", mend="例：异议 9月22日报送系统故障，应计及时")
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
    place, _ = _place(document, key)
    desk.notify(
        RankingObjection(
            document.id, number, month_of(document).name, name, desk.actor.label, text.strip(), line(place), file_ids
        ),
        to=desk.directory.ledger_admins(document.organisation_id),
        key=f"ranking {document.id} objection {number}",
        reason="考评异议",
        about=document_queries.subject(document),
    )  # fmt: skip
    return name


def _speaks(desk: Desk, person: PersonInfo, key: str) -> bool:
    kind, _, number = key.partition(":")
    if person in speakers(desk, key):
        return True
    if kind == UNIT:
        return item_queries.speaks_for(desk.directory, person, int(number))
    return any(
        unit.region_id == int(number) and item_queries.speaks_for(desk.directory, person, unit.id)
        for unit in desk.directory.units.values()
        if unit.kind == "region"
    )


def waive(desk: Desk, document: Document, key: str) -> str:
    """无异议 of a ranked unit: when all have said so, 签发 need not wait. Returns the unit's name.

    Raises NotAllowed, StateForbids. Said again it changes nothing.
    """
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    name = str(document.body["tallies"][key]["name"])
    if person is None or not _speaks(desk, person, key):
        raise NotAllowed(f"为{name}确认考评", who=f"{name}的联络员、带班领导")
    documents.require_waiting(document, "确认无异议")
    if any(one["key"] == key for one in open_objections(document)):
        raise StateForbids(f"{name}的考评", state="已提异议，等综合专班答复", act="确认无异议")
    waived = list(document.body.get("waived", ()))
    if key not in waived:
        documents.note_in_body(desk, document, waived=[*waived, key])
    return name


def not_waived(desk: Desk, document: Document) -> tuple[str, ...]:
    """Names of the ranked units that may still object: those that can be told and have not said 无异议."""
    waived = document.body.get("waived", ())
    ranked = {one.tally.name for places in lists(document) for one in places if one.rank is not None}
    return tuple(
        str(data["name"])
        for key, data in document.body["tallies"].items()
        if key not in waived and data["name"] in ranked and speakers(desk, key)
    )


def adopt(
    desk: Desk, document: Document, number: int, changes: Mapping[Part, Ratio], words: str
) -> RankingRecomputed:
    """采纳 with the figures as they should be: 重算; whoever's place moves is told (rule I4)."""
    objection = _ruling(desk, document, number)
    if not changes:
        raise Invalid("要写明改为多少", mend="例：采纳 报送 21/24")
    before = {one: rank_words(_place(document, one)[0]) for one in document.body["tallies"]}
    key = objection["key"]
    tallies = {one: dict(data) for one, data in document.body["tallies"].items()}
    tallies[key]["parts"] = {
        **tallies[key]["parts"], **{part.name: [ratio.done, ratio.due] for part, ratio in changes.items()}
    }  # fmt: skip
    _rule(desk, document, number, "adopted", words, tallies=tallies)
    place, _ = _place(document, key)
    now = rank_words(place)
    moved = [one for one in tallies if one != key and rank_words(_place(document, one)[0]) != before[one]]
    _ask_again(desk, document, moved)
    for one in moved:
        _tell_own(
            desk, document, one, changed=f"名次由{before[one]}变为{rank_words(_place(document, one)[0])}"
        )
    _tell_ruled(desk, document, objection, adopted=True, reason=words)
    tell_draft(desk, document, again=True)
    return RankingRecomputed(
        document.id,
        place.tally.name,
        tuple(f"{part.value}分 {ranking.shown(place.tally.part(part).score)}" for part in changes),
        ranking.shown(place.score),
        "名次不变" if now == before[key] else f"名次由{before[key]}变为{now}",
        tuple(str(tallies[one]["name"]) for one in moved),
    )


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
        raise Invalid("不采纳要写明理由", mend="例：不采纳 系统日志显示当天正常")
    _rule(desk, document, number, "refused", reason.strip())
    _tell_ruled(desk, document, objection, adopted=False, reason=reason.strip())


def _ruling(desk: Desk, document: Document, number: int) -> dict[str, Any]:
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    if person is None or not document_queries.is_hub(desk.directory, person):
        raise NotAllowed("处理考评异议", who="综合专班联络员、负责人")
    documents.require_waiting(document, "处理异议")
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
    documents.change_body(desk, document, objections=objections, **more)


def _tell_ruled(
    desk: Desk, document: Document, objection: Mapping[str, Any], *, adopted: bool, reason: str
) -> None:
    person = desk.directory.people.get(objection["by"])
    if person is None:
        return
    place, _ = _place(document, objection["key"])
    desk.notify(
        RankingRuled(
            document.id, month_of(document).name, place.tally.name, adopted, desk.actor.label, reason,
            ranking.shown(place.score), rank_words(place),
        ),
        to=person,
        key=f"ranking {document.id} ruled {objection['number']}",
        reason="考评异议答复",
        about=document_queries.subject(document),
    )  # fmt: skip


# --- the paper


def facts(desk: Desk, document: Document, serial: str) -> dict[str, Any]:
    month = month_of(document)
    regions, departments = lists(document)
    return {
        **letters.common(
            desk,
            document,
            serial=serial,
            title=f"关于{month.name}重点项目推进考评情况的通报",
            to="各县（市、区）、市直有关单位",
        ),
        "期间": month.name,
        "截止日": f"{month.last.month}月{month.last.day}日",
        "县区": [_row(one) for one in regions],
        "部门": [_row(one) for one in departments],
        "表扬": _sentence("对{}予以表扬。", names(ranking.praised(regions), ranking.praised(departments))),
        "督促": _sentence(
            "{}进度靠后，要查明原因、限期追赶。",
            names(ranking.pressed(regions), ranking.pressed(departments)),
        ),
    }


def _sentence(words: str, some: tuple[str, ...]) -> str:
    return words.format("、".join(some)) if some else ""


def _row(place: Ranked) -> dict[str, str]:
    one = line(place)
    return {
        "名次": str(place.rank) if place.rank is not None else "—",
        "单位": one.name,
        **dict(zip(("投资", "开工", "办结", "报送"), one.ratios, strict=True)),
        **dict(zip(("投资分", "开工分", "办结分", "报送分"), one.parts, strict=True)),
        "得分": one.score,
    }


def check(_desk: Desk, document: Document) -> None:
    """Raises Invalid while an objection waits for a ruling (rule I4).

    Signing before the period for objections has run out is the signer's decision; the card names who may still object.
    """
    waiting = open_objections(document)
    if waiting:
        raise Invalid(f"还有 {len(waiting)} 件异议没有处理", mend="请综合专班联络员先采纳或不采纳")


def summary(desk: Desk, document: Document) -> tuple[str, ...]:
    """The lines of the card: the two lists, and until when units may object."""
    regions, departments = lists(document)
    rows = [f"{one.rank} {one.name} {one.score}（{'、'.join(one.ratios)}）" for one in map(line, regions)]
    if departments:
        rows.append("市直部门：")
        rows.extend(
            f"{one.rank} {one.name} {one.score}（{'、'.join(one.ratios)}）" for one in map(line, departments)
        )
    rows.append(
        f"异议期到 {objections_until(document):%m-%d %H:%M}；待处理异议 {len(open_objections(document))} 件；"
        f"已回无异议 {len(document.body.get('waived', ()))} 个单位"
    )
    left = not_waived(desk, document) if desk.now <= objections_until(document) else ()
    if left:
        rows.append(f"还可以提异议：{'、'.join(left)}；签发后不再受理")
    return tuple(rows)


def publish(desk: Desk, document: Document) -> tuple[str, ...]:
    """After 签发: to all groups, with 表扬 and 督促 (rule I4)."""
    regions, departments = lists(document)
    assert document.attachment_id is not None
    groups = [
        one.id for one in desk.directory.groups.values() if one.organisation_id == document.organisation_id
    ]
    desk.notify(
        RankingPublished(
            document.id,
            documents.label(document),
            document.title or "",
            month_of(document).name,
            tuple(map(line, regions)),
            tuple(map(line, departments)),
            names(ranking.praised(regions), ranking.praised(departments)),
            names(ranking.pressed(regions), ranking.pressed(departments)),
            document.attachment_id,
        ),
        to=[group(number) for number in groups],
        key=f"ranking {document.id} published",
        reason="月度通报",
        about=document_queries.subject(document),
    )
    return (f"已发布到 {len(groups)} 个群",)


def of_month(desk: Desk, organisation_id: int, month: Month) -> Document | None:
    """The newest 排名通报 of a month that was neither dropped nor voided."""
    return document_queries.newest(
        desk.session, organisation_id, TEMPLATE, month.first.isoformat()[:7],
        states=(*document_queries.OPEN, DocumentState.ISSUED.value),
    )  # fmt: skip
