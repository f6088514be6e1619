"""交办清单: items handed out in a period, by 责任单位; each unit's copy shows only its own (rules B4, B8, H1)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from models.errors import Invalid
from models.operations import documents, items, letters
from models.operations.desk import Desk
from models.queries import documents as queries
from models.queries import item_parties
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.tables.documents import Document
from models.tables.items import Item
from models.types import DocumentKind


def draft(
    desk: Desk,
    *,
    organisation_id: int,
    to: PersonInfo,
    period: str,
    first: date,
    last: date,
    numbers: Collection[str] = (),
) -> Document:
    """A draft of what was handed out in the period and is not closed, or of the items named by number.

    Raises Invalid when there is none: an empty list is no paper.
    """
    found = queries.handed_out(
        desk.session,
        organisation_id,
        since=calendar.at(first, "00:00"),
        until=calendar.at(last, "23:59:59"),
        numbers=tuple(numbers),
    )
    if not found:
        raise Invalid(
            f"{period}没有可列入清单的交办事项",
            mend="先 /交办 编号，再出清单；也可写明编号：/交办 清单 W0191",
        )
    ordered = sorted(found, key=lambda item: (items.unit_name(desk, item), item.number))
    return documents.draft(
        desk,
        DocumentKind.LIST,
        organisation_id=organisation_id,
        to=to,
        what=period,
        body={"items": [item.id for item in ordered], "shown": period},
    )


def of(desk: Desk, document: Document) -> list[Item]:
    """The items on a list that may stand on a paper (rule B8)."""
    found = [items.get(desk, int(number)) for number in document.body.get("items", ())]
    return [item for item in found if not item.restricted and item.unit_id is not None]


def change(desk: Desk, document: Document, numbers: Collection[str], *, adding: bool) -> None:
    """Take items off a list or put them on it, by number. Raises Invalid for those that are not there to be moved."""
    listed = [items.get(desk, int(number)) for number in document.body.get("items", ())]
    if adding:
        now = desk.now
        found = queries.handed_out(
            desk.session, document.organisation_id, since=now, until=now, numbers=tuple(numbers)
        )
        kept = {item.id: item for item in (*listed, *found)}
        unknown = [number for number in numbers if number not in {item.number for item in kept.values()}]
        problem = "没有已交办在办的事项"
    else:
        kept = {item.id: item for item in listed if item.number not in numbers}
        unknown = [number for number in numbers if number not in {item.number for item in listed}]
        problem = "清单里没有"
    if unknown:
        raise Invalid(
            f"{problem} {'、'.join(unknown)}", mend=f"清单现有：{'、'.join(one.number for one in listed)}"
        )
    if not kept:
        raise Invalid("清单不能是空的", mend="不出清单了请点「不发」")
    ordered = sorted(kept.values(), key=lambda item: (items.unit_name(desk, item), item.number))
    documents.change_body(desk, document, items=[item.id for item in ordered])


def units(desk: Desk, document: Document) -> tuple[int, ...]:
    return tuple(dict.fromkeys(item.unit_id for item in of(desk, document) if item.unit_id is not None))


def facts(desk: Desk, document: Document, *, serial: str = "", unit_id: int | None = None) -> dict[str, Any]:
    """unit_id: only this unit's items, for its copy."""
    listed = [item for item in of(desk, document) if unit_id in (None, item.unit_id)]
    names = list(dict.fromkeys(items.unit_name(desk, item) for item in listed))
    return {
        **letters.common(
            desk,
            document,
            serial=serial,
            title=f"关于{document.what}问题事项交办清单的通知",
            to="、".join(names),
        ),
        "期间": document.what,
        "件数": len(listed),
        "反馈间隔": desk.policy_of(document.organisation_id).item_feedback_workdays,
        "清单": [_row(desk, item) for item in listed],
    }


def _row(desk: Desk, item: Item) -> dict[str, str]:
    person = item_parties.responsible(desk.directory, item)
    return {
        "编号": item.number,
        "项目": items.facts(desk, item).project,
        "事项": item.title,
        "目标任务": item.goal or "",
        "推进措施": item.measures or "",
        "责任单位": items.unit_name(desk, item),
        "责任人": person.label if person else "",
        "办结时限": f"{calendar.local(item.due_at):%m-%d}" if item.due_at else "",
    }


def summary(desk: Desk, document: Document) -> tuple[str, ...]:
    """The lines of the card: one unit a line with its items."""
    lines = [f"交办清单草稿 {len(of(desk, document))} 项（按责任单位）"]
    for unit_id in units(desk, document):
        mine = [item for item in of(desk, document) if item.unit_id == unit_id]
        named = "；".join(
            f"{item.number} {item.title}{f'（{calendar.local(item.due_at):%m-%d}）' if item.due_at else ''}"
            for item in mine
        )
        lines.append(f"{desk.directory.units[unit_id].name} {len(mine)} 项：{named}")
    return tuple(lines)
