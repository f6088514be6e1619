"""激励倾斜建议 from a year's results: drafted for a person to decide; nothing goes to units before (rule I6)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from models.errors import Invalid
from models.notices.year_proposals import YearLine, YearProposal
from models.operations import documents, letters, ranking_lists, rankings
from models.operations.desk import Desk
from models.queries import documents as document_queries
from models.queries import year_results as queries
from models.queries.rankings import REGION, Month
from models.rules import calendar, ranking
from models.rules.award_policy import AwardPolicy
from models.tables.documents import Document
from models.types import DocumentKind, DocumentState

TEMPLATE: Final = "激励倾斜建议"
DECISION: Final = "决定"


@dataclass(frozen=True, slots=True)
class Result:
    """One region's or unit's year. score: mean of its months; None without any."""

    name: str
    score: Fraction | None
    praised: int
    overdue: int
    red_days: int


def yearly(desk: Desk) -> int:
    """09:00 on the workday after December's 通报 draft (rule I6)."""
    month = Month.before(desk.today)
    days = desk.directory.calendar
    if (
        month.first.month != 12
        or days.next_workday(calendar.monthly_draft_day(month.first, days)) != desk.today
    ):
        return 0
    made = 0
    for organisation_id in desk.directory.organisations:
        if queries.circulars(desk.session, organisation_id, rankings.TEMPLATE, month.first.year):
            made += draft(desk, organisation_id, month.first.year) is not None
    return made


def draft(desk: Desk, organisation_id: int, year: int) -> Document | None:
    """The draft for who decides. None where nobody does."""
    heads = documents.signers_of(desk, DocumentKind.PROPOSAL, organisation_id)
    if not heads:
        return None
    regions, departments = results(desk, organisation_id, year)
    document = documents.draft(
        desk,
        DocumentKind.PROPOSAL,
        organisation_id=organisation_id,
        to=heads[0],
        template=TEMPLATE,
        what=str(year),
        body={
            "shown": f"{year}年",
            "terms": ranking.quota_terms(desk.policy_of(organisation_id).awards),
            **{
                name: [
                    _stored(one, place, len(some), desk.policy_of(organisation_id).awards)
                    for place, one in enumerate(some, start=1)
                ]
                for name, some in (("regions", regions), ("departments", departments))
            },
        },
    )
    desk.notify(
        card(document),
        to=heads,
        key=f"year proposal {document.id}",
        reason="年度激励倾斜建议",
        about=document_queries.subject(document),
    )
    return document


def results(desk: Desk, organisation_id: int, year: int) -> tuple[list[Result], list[Result]]:
    """Regions and city units, best year first."""
    scores: dict[str, list[Fraction]] = defaultdict(list)
    names: dict[str, str] = {}
    praised: Counter[str] = Counter()
    for document in queries.circulars(desk.session, organisation_id, rankings.TEMPLATE, year):
        keys = {data["name"]: key for key, data in document.body["tallies"].items()}
        names.update({key: name for name, key in keys.items()})
        for places in ranking_lists.lists(document):
            for one in places:
                if one.score is not None:
                    scores[keys[one.tally.name]].append(one.score)
            if document.state == DocumentState.ISSUED.value:
                praised.update(
                    keys[one.tally.name]
                    for one in ranking.praised(places, desk.policy_of(organisation_id).awards)
                )
    late = queries.overdue(desk.session, desk.directory, organisation_id, year)
    red = queries.red_days(desk.session, desk.directory, organisation_id, year)
    found = {}
    for key, name in names.items():
        kind, _, number = key.partition(":")
        known = (kind, int(number))
        some = scores.get(key)
        mean = sum(some, Fraction(0)) / len(some) if some else None
        found[key] = Result(name, mean, praised[key], late[known], red[known])
    ordered = sorted(
        found.items(), key=lambda pair: (pair[1].score is None, -(pair[1].score or Fraction(0)), pair[1].name)
    )
    return (
        [one for key, one in ordered if key.startswith(REGION)],
        [one for key, one in ordered if not key.startswith(REGION)],
    )


def _stored(one: Result, place: int, of: int, policy: AwardPolicy) -> dict[str, Any]:
    return {
        "名次": str(place) if one.score is not None else "—",
        "单位": one.name,
        "得分": ranking.shown(one.score),
        "表扬": one.praised,
        "逾期": one.overdue,
        "红灯": one.red_days,
        "建议": ranking.proposed_quotas(one.score, place, of, policy),
    }


def card(document: Document) -> YearProposal:
    return YearProposal(
        document.id,
        version=document.version,
        year=int(document.what),
        regions=tuple(_line(one) for one in document.body["regions"]),
        departments=tuple(_line(one) for one in document.body["departments"]),
        terms=str(document.body.get("terms", "")),
    )


def _line(row: dict[str, Any]) -> YearLine:
    return YearLine(
        str(row["名次"]),
        row["单位"],
        row["得分"],
        int(row["表扬"]),
        int(row["逾期"]),
        int(row["红灯"]),
        row["建议"],
    )


def facts(desk: Desk, document: Document, serial: str) -> dict[str, Any]:
    return {
        **letters.common(
            desk,
            document,
            serial=serial,
            title=f"关于{document.what}年度激励倾斜的建议",
            to=documents.who_signs(desk, document).rpartition(" ")[2] or "综合专班负责人",
        ),
        "期间": f"{document.what}年",
        "截止日": f"{document.what}年12月31日",
        "县区": document.body["regions"],
        "部门": document.body["departments"],
        "决定": document.body.get("fields", {}).get(DECISION) or "（待决定）",
    }


def missing(document: Document) -> tuple[str, ...]:
    return () if document.body.get("fields", {}).get(DECISION) else (DECISION,)


def summary(desk: Desk, document: Document) -> tuple[str, ...]:
    del desk
    return tuple(
        f"{row['名次']} {row['单位']} {row['得分']}，表扬{row['表扬']}次，逾期{row['逾期']}次，"
        f"红灯{row['红灯']}天：{row['建议']}"
        for row in (*document.body["regions"], *document.body["departments"])
    )


def decide(desk: Desk, document: Document, text: str) -> None:
    """The decision with its reasons, before it is signed. Raises Invalid without reasons."""
    documents.may_sign(desk, document)
    if not text.strip():
        raise Invalid("要写明决定和理由", mend="例：同意 按建议办理，临河区另加能源容量，理由是储备项目多")
    documents.change_body(
        desk, document, fields={**document.body.get("fields", {}), DECISION: text.strip()[:1000]}
    )
