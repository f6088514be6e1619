"""简报 to 市政府领导, copied to named units: draft from the ledger, 期号, distribution (rule I5; S48)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from models.notices.briefs import BriefSent
from models.operations import documents, items, letters, numbering
from models.operations.desk import Desk
from models.queries import briefs as queries
from models.queries import documents as document_queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules.money import percent, wan
from models.tables.documents import Document
from models.tables.projects import FigureUse
from models.types import DocumentKind, Light, Role

FIELDS: Final = ("总体进度", "亮灯变化", "协调事项", "典型做法", "下步计划")
TO_FILL: Final = "典型做法"
READERS: Final = (Role.EXECUTIVE_DEPUTY_MAYOR, Role.DEPUTY_MAYOR, Role.CITY_LEADER)
MOST_ITEMS: Final = 6
_COLOURS: Final = (
    (Light.GREEN, "绿灯", "70AD47"),
    (Light.YELLOW, "黄灯", "FFC000"),
    (Light.RED, "红灯", "C00000"),
)


def draft(desk: Desk, organisation_id: int, *, to: PersonInfo, issue: int | None) -> Document:
    """A new draft with a proposed 期号, or the one that still waits. The 期号 is fixed at 签发."""
    known = document_queries.waiting(desk.session, organisation_id, kinds=(DocumentKind.BRIEF,))
    if known:
        if issue is not None and known[-1].body.get("issue") != issue:
            documents.change_body(desk, known[-1], issue=issue)
        return known[-1]
    series = documents.series_of(desk, DocumentKind.BRIEF, desk.today.year, organisation_id)
    return documents.draft(
        desk,
        DocumentKind.BRIEF,
        organisation_id=organisation_id,
        to=to,
        what=desk.today.isoformat(),
        body={
            "issue": issue or numbering.last_number(desk.session, series) + 1,
            "copies": "、".join(_default_copies(desk, organisation_id)),
        },
    )


def _default_copies(desk: Desk, organisation_id: int) -> list[str]:
    """Counties and the lead units of the 专班; the office changes it on the draft."""
    directory = desk.directory
    leads = [
        directory.units[unit_id].name
        for force in directory.task_forces.values()
        if force.organisation_id == organisation_id
        for unit_id in force.lead_ids
    ]
    counties = [one.name for one in directory.regions.values() if one.organisation_id == organisation_id]
    return list(dict.fromkeys([*counties, *leads]))


# --- facts


def facts(desk: Desk, document: Document, serial: str) -> dict[str, Any]:
    """Every figure with its cut-off: the moment the paper is made."""
    office = document_queries.office(desk.session, document.organisation_id)
    parts = {**_from_ledger(desk, document), **document.body.get("fields", {})}
    whole, regions = _progress(desk, document)
    del whole
    counts = queries.lights(desk.session, desk.directory, document.organisation_id)
    most = max(counts.values(), default=0) or 1
    return {
        **letters.common(desk, document, serial=serial, title="全市重点项目推进情况", to="市政府领导"),
        "文号": serial or f"第{document.body['issue']}期（草稿）",
        "刊头": office.masthead,
        "期间": "本周",
        "截止时间": letters.moment_words(desk.now),
        **parts,
        "进度图": [
            {
                "地区": one.name,
                "完成率": f"{percent(one.completion)}%",
                "时序": f"{percent(one.share_due)}%",
                "图": {"share": str(one.completion), "colour": "4472C4"},
            }
            for one in regions
        ],
        "亮灯图": [
            {
                "亮灯": word,
                "项目数": counts.get(light.value, 0),
                "图": {"share": f"{counts.get(light.value, 0)}/{most}", "colour": colour},
            }
            for light, word, colour in _COLOURS
        ],
    }


def _progress(desk: Desk, document: Document) -> tuple[queries.Progress | None, tuple[queries.Progress, ...]]:
    found = queries.progress(desk.session, desk.directory, document.organisation_id, desk.now)
    return (found[0], found[1:]) if found else (None, ())


def _from_ledger(desk: Desk, document: Document) -> dict[str, str]:
    monday = calendar.at(desk.today - timedelta(days=desk.today.weekday()), "00:00")
    cut = f"截至{letters.moment_words(desk.now)}"
    return {
        "总体进度": _overall(desk, document, cut),
        "亮灯变化": _lights(desk, document, monday, cut),
        "协调事项": _items(desk, document, monday, cut),
        "典型做法": "（待填）",
        "下步计划": _next(desk, document),
    }


def _overall(desk: Desk, document: Document, cut: str) -> str:
    whole, regions = _progress(desk, document)
    if whole is None:
        return f"{cut}，没有有年度计划的项目。"
    behind = [one.name for one in regions if one.completion < one.share_due]
    late = f"低于时序的有{'、'.join(behind)}。" if behind else "各地均不低于时序。"
    return (
        f"{cut}，有年度计划的项目{whole.projects}个，年度计划投资{wan(whole.plan)}万元，今年累计完成{wan(whole.done)}万元，"
        f"完成率{percent(whole.completion)}%，时序进度{percent(whole.share_due)}%。{late}"
    )


def _lights(desk: Desk, document: Document, monday: datetime, cut: str) -> str:
    counts = queries.lights(desk.session, desk.directory, document.organisation_id)
    adjusted = queries.adjusted(desk.session, desk.directory, document.organisation_id)
    now = "、".join(
        f"{word}{counts.get(light.value, 0)}个"
        + (f"（含调灯{adjusted[light.value]}个）" if adjusted[light.value] else "")
        for light, word, _ in _COLOURS
    )
    turned = queries.turned(
        desk.session, desk.directory, document.organisation_id, since=monday, until=desk.now
    )
    changes = "；".join(f"{name}由{old}转{new}" for name, old, new in turned)
    return f"{cut}，{now}。本周{f'变化{len(turned)}个：{changes}' if turned else '无新增'}。"


def _items(desk: Desk, document: Document, monday: datetime, cut: str) -> str:
    found = queries.items_open(desk.session, document.organisation_id)
    raised, closed = queries.items_between(
        desk.session, document.organisation_id, since=monday, until=desk.now
    )
    named = "；".join(
        f"{item.number} {item.title}（{items.unit_name(desk, item) or '待交办'}，{item.state}"
        f"{f'，{calendar.local(item.due_at):%m-%d}前' if item.due_at else ''}）"
        for item in found[:MOST_ITEMS]
    )
    week = f"本周新增{raised}件、办结{closed}件" if raised or closed else "本周无新增"
    return f"{cut}，在办问题{len(found)}件，{week}。{f'主要有：{named}。' if named else ''}"


def _next(desk: Desk, document: Document) -> str:
    counts = queries.lights(desk.session, desk.directory, document.organisation_id)
    late = counts.get(Light.YELLOW.value, 0) + counts.get(Light.RED.value, 0)
    soon = calendar.workday_deadline(desk.today, 5, desk.directory.calendar)
    due = [
        item
        for item in queries.items_open(desk.session, document.organisation_id)
        if item.due_at is not None and item.due_at <= soon
    ]
    steps = [
        f"督促{late}个黄灯、红灯项目追赶进度" if late else "",
        f"办结{calendar.local(soon):%m-%d}前到期的{len(due)}件问题" if due else "",
        "按时报送下周进展",
    ]
    return "；".join(one for one in steps if one) + "。"


def missing(document: Document) -> tuple[str, ...]:
    return () if document.body.get("fields", {}).get(TO_FILL) else (TO_FILL,)


def summary(desk: Desk, document: Document) -> tuple[str, ...]:
    """The card: what the draft holds, part by part."""
    said = facts(desk, document, "")
    todo = "（待填）" if missing(document) else ""
    return (
        f"草稿：总体进度、亮灯变化、协调事项、典型做法{todo}、下步计划。图表 2 张（完成率与时序、亮灯分布）",
        *(f"{name}：{said[name]}" for name in FIELDS),
        f"报：市政府领导；抄送：{document.body.get('copies') or '（无）'}",
    )


# --- distribution


def distribute(desk: Desk, document: Document) -> tuple[str, ...]:
    """After 签发: to 市政府领导, copied to the named units; entries it quotes cannot be undone (rules C10, I5)."""
    directory = desk.directory
    leaders = directory.holders(*READERS, organisation_id=document.organisation_id)
    units = [
        unit
        for unit in directory.units.values()
        if unit.organisation_id == document.organisation_id and unit.name in _copied(document)
    ]
    copied = [
        person
        for unit in units
        for role in (Role.LIAISON, Role.LEADER)
        for person in directory.for_unit(unit.id, role)
    ]
    readers = tuple(dict.fromkeys((*leaders, *copied)))
    document.body = {**document.body, "readers": [person.id for person in readers]}
    use_figures(desk, document)
    assert document.attachment_id is not None
    for person in readers:
        desk.notify(
            BriefSent(
                document.id, documents.label(document), document.title or "",
                "报" if person in leaders else "抄送", desk.now, document.attachment_id,
            ),
            to=person,
            key=f"document {document.id} brief",
            reason="简报印发",
            about=document_queries.subject(document),
            without=(desk.actor.person_id,) if desk.actor.person_id is not None else (),
        )  # fmt: skip
    proposed = document.body.get("issue")
    fixed = (
        () if proposed in (None, document.number) else (f"拟第{proposed}期，按顺序定为第{document.number}期",)
    )
    return (f"已报市政府领导 {len(leaders)} 人，抄送 {len(units)} 个单位", *fixed)


def _copied(document: Document) -> tuple[str, ...]:
    text = str(document.body.get("copies") or "")
    return tuple(
        part.strip() for part in text.replace("，", "、").replace(",", "、").split("、") if part.strip()
    )


def use_figures(desk: Desk, document: Document) -> None:
    """What a paper quotes can no longer be undone (rule C10)."""
    since = desk.now - timedelta(minutes=desk.policy_of(document.organisation_id).undo_minutes)
    for entry_id in queries.fresh_entries(desk.session, document.organisation_id, since=since):
        desk.session.add(FigureUse(entry_id=entry_id, document=documents.label(document), at=desk.now))
    desk.session.flush()
