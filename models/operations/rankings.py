"""The monthly 排名通报: draft, own lines, paper, publication (rules A6, I3, I4, H3)."""

from __future__ import annotations

from typing import Any, Final

from models.errors import Invalid
from models.notices.rankings import (
    RankingDraft,
    RankingOwn,
    RankingPublished,
)
from models.operations import documents, letters
from models.operations import ranking_lists as figures
from models.operations.desk import Desk, group
from models.operations.versions import INSTALLED_AT, time_mark
from models.queries import documents as document_queries
from models.queries import rankings as queries
from models.queries.rankings import Month
from models.rules import calendar, ranking
from models.rules.ranking import Ranked
from models.tables.documents import Document
from models.types import DocumentKind, DocumentState

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
    for organisation_id in sorted(desk.directory.keeping_ledgers):
        if any(one.organisation_id == organisation_id for one in desk.directory.regions.values()):
            made += draft(desk, organisation_id, month) is not None
    return made


def draft(
    desk: Desk, organisation_id: int, month: Month, *, after: Document | None = None
) -> Document | None:
    """Count the month, tell 综合专班 and every ranked unit its own line. None where nobody keeps the ledger.

    after: the 排名通报 of the month that was dropped or voided; what was adopted of objections to it stays adopted.
    """
    admins = desk.directory.ledger_admins(organisation_id)
    heads = documents.signers_of(desk, DocumentKind.CIRCULAR, organisation_id)
    holder = next(iter((*admins, *heads)), None)
    if holder is None:
        return None
    counted = queries.tallies(
        desk.session, desk.directory, desk.policies, organisation_id, month,
        installed=time_mark(desk.session, INSTALLED_AT),
    )  # fmt: skip
    policy = desk.policy_of(organisation_id)
    told_on = calendar.local_date(desk.clock_now)  # after a downtime the units hear of it later (rule A4)
    until = calendar.workday_deadline(told_on, policy.objection_workdays, desk.directory.calendar)
    adopted = dict(after.body.get("adopted", {})) if after is not None else {}
    tallies = {figures.key_of(key): figures.stored(tally) for key, tally in counted.items()}
    for key, parts in adopted.items():
        if key in tallies:
            tallies[key]["parts"].update(parts)
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
            "weights": {part.value: weight for part, weight in policy.weights.items()},
            "tallies": tallies,
            "adopted": adopted,
            "objections": [],
            "objections_until": until.isoformat(),
        },
    )
    tell_draft(desk, document, again=False)
    for key in tallies:
        tell_own(desk, document, key, changed=figures.why_again(after) if after is not None else "")
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
    regions, departments = figures.lists(document)
    return RankingDraft(
        document.id,
        version=document.version,
        month=figures.month_of(document).name,
        regions=tuple(map(figures.line, regions)),
        departments=tuple(map(figures.line, departments)),
        praised=figures.names(
            ranking.praised(regions, desk.policy_of(document.organisation_id).awards),
            ranking.praised(departments, desk.policy_of(document.organisation_id).awards),
        ),
        pressed=figures.names(
            ranking.pressed(regions, desk.policy_of(document.organisation_id).awards),
            ranking.pressed(departments, desk.policy_of(document.organisation_id).awards),
        ),
        objections_until=figures.objections_until(document),
        open_objections=len(figures.open_objections(document)),
        signs=signs,
        signers=documents.who_signs(desk, document),
        again=again,
    )


def tell_own(desk: Desk, document: Document, key: str, *, changed: str = "") -> None:
    """Its own figures to a ranked unit (rule I4); nothing to one with nothing due."""
    place, of = figures.place_of(document, key)
    people = figures.speakers(desk, key)
    if place.rank is None or not people:
        return
    desk.notify(
        RankingOwn(
            document.id,
            key,
            f"{figures.month_of(document).first.month}月",
            figures.line(place),
            of,
            figures.objections_until(document),
            changed,
        ),
        to=people,
        key=f"ranking {document.id} {document.version} own {key}",
        reason="考评初稿" if not changed else "考评重算",
        about=document_queries.subject(document),
    )  # fmt: skip


# --- the paper


def facts(desk: Desk, document: Document, serial: str) -> dict[str, Any]:
    month = figures.month_of(document)
    regions, departments = figures.lists(document)
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
        "权重": figures.weights_in_words(document),
        "县区": [_row(one) for one in regions],
        "部门": [_row(one) for one in departments],
        "表扬": _sentence(
            "对{}予以表扬。",
            figures.names(
                ranking.praised(regions, desk.policy_of(document.organisation_id).awards),
                ranking.praised(departments, desk.policy_of(document.organisation_id).awards),
            ),
        ),
        "督促": _sentence(
            "{}进度靠后，要查明原因、限期追赶。",
            figures.names(
                ranking.pressed(regions, desk.policy_of(document.organisation_id).awards),
                ranking.pressed(departments, desk.policy_of(document.organisation_id).awards),
            ),
        ),
    }


def _sentence(words: str, some: tuple[str, ...]) -> str:
    return words.format("、".join(some)) if some else ""


def _row(place: Ranked) -> dict[str, str]:
    one = figures.line(place)
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
    waiting = figures.open_objections(document)
    if waiting:
        raise Invalid(f"还有 {len(waiting)} 件异议没有处理", mend="请综合专班联络员先采纳或不采纳")


def summary(desk: Desk, document: Document) -> tuple[str, ...]:
    """The lines of the card: the two lists, and until when units may object."""
    regions, departments = figures.lists(document)
    rows = [
        f"{one.rank} {one.name} {one.score}（{'、'.join(one.ratios)}）" for one in map(figures.line, regions)
    ]
    if departments:
        rows.append("市直部门：")
        rows.extend(
            f"{one.rank} {one.name} {one.score}（{'、'.join(one.ratios)}）"
            for one in map(figures.line, departments)
        )
    rows.append(
        f"异议期到 {figures.objections_until(document):%m-%d %H:%M}；"
        f"待处理异议 {len(figures.open_objections(document))} 件；"
        f"已回无异议 {len(document.body.get('waived', ()))} 个单位"
    )
    left = figures.not_waived(desk, document) if desk.now <= figures.objections_until(document) else ()
    if left:
        rows.append(f"还可以提异议：{'、'.join(left)}；签发后不再受理")
    return tuple(rows)


def publish(desk: Desk, document: Document) -> tuple[str, ...]:
    """After 签发: to all groups, with 表扬 and 督促 (rule I4)."""
    regions, departments = figures.lists(document)
    assert document.attachment_id is not None
    groups = [
        one.id for one in desk.directory.groups.values() if one.organisation_id == document.organisation_id
    ]
    desk.notify(
        RankingPublished(
            document.id,
            documents.label(document),
            document.title or "",
            figures.month_of(document).name,
            tuple(map(figures.line, regions)),
            tuple(map(figures.line, departments)),
            figures.names(
                ranking.praised(regions, desk.policy_of(document.organisation_id).awards),
                ranking.praised(departments, desk.policy_of(document.organisation_id).awards),
            ),
            figures.names(
                ranking.pressed(regions, desk.policy_of(document.organisation_id).awards),
                ranking.pressed(departments, desk.policy_of(document.organisation_id).awards),
            ),
            document.attachment_id,
        ),
        to=[group(number) for number in groups],
        key=f"ranking {document.id} published",
        reason="月度通报",
        about=document_queries.subject(document),
    )
    return (f"已发布到 {len(groups)} 个群",)


def ended_of_month(desk: Desk, organisation_id: int, month: Month) -> Document | None:
    """The newest 排名通报 of a month that was dropped or voided."""
    return document_queries.newest(
        desk.session, organisation_id, TEMPLATE, month.first.isoformat()[:7],
        states=(DocumentState.DROPPED.value, DocumentState.VOID.value),
    )  # fmt: skip


def of_month(desk: Desk, organisation_id: int, month: Month) -> Document | None:
    """The newest 排名通报 of a month that was neither dropped nor voided."""
    return document_queries.newest(
        desk.session, organisation_id, TEMPLATE, month.first.isoformat()[:7],
        states=(*document_queries.OPEN, DocumentState.ISSUED.value),
    )  # fmt: skip
