"""Loading a roster: the place, its regions and units (rules B9, Q3)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from models.operations.roster_entries import RosterRegion
from models.operations.roster_merging import Merge, left_over
from models.tables.items import Item
from models.tables.people import Organisation, Person, Post, Region, Unit
from models.tables.projects import Project

_KINDS: Final = {
    "bureau": "部门",
    "region": "县区、乡镇",
    "county_bureau": "县区部门",
    "bank": "银行",
    "leadership": "领导",
    "office": "办事机构",
}


def merge_organisation(merge: Merge) -> None:
    """The place itself and where it belongs."""
    roster = merge.roster
    row = merge.session.execute(
        select(Organisation).where(Organisation.name == roster.place)
    ).scalar_one_or_none()
    parent = merge.session.execute(
        select(Organisation.id).where(Organisation.name == roster.parent)
    ).scalar_one_or_none()
    document = dict(roster.document)
    if row is None:
        merge.lines.append(f"新增组织 {roster.place}（{roster.level}）")
        if merge.stamp is None:
            return
        row = Organisation(name=roster.place, level=roster.level, parent_id=parent, document=document)
        merge.session.add(row)
        merge.session.flush()
        _adopt_children(merge, row)
    else:
        merge.change(row, "level", roster.level, f"组织级别 {row.level} → {roster.level}")
        if parent is not None:
            merge.change(row, "parent_id", parent, f"上级组织改为 {roster.parent}")
        # Lists of the file that have rows of their own are compared row by row, not here.
        listed = {"task_forces", "categories", "localities", "units", "level", "parent"}
        changed = sorted(
            key for key in {*row.document, *document} - listed if row.document.get(key) != document.get(key)
        )
        if changed:
            merge.lines.append(f"文件其他内容有变：{'、'.join(changed)}")
        if merge.stamp is not None and row.document != document:
            row.document = document
    merge.organisation = row


def _adopt_children(merge: Merge, row: Organisation) -> None:
    """Counties loaded before their city name it as their parent (rule Q3)."""
    for other in merge.session.execute(select(Organisation)).scalars():
        if other.parent_id is None and other.document.get("parent") == row.name and other.id != row.id:
            other.parent_id = row.id


def merge_regions(merge: Merge) -> None:
    """Regions; one whose code stays may be renamed."""
    rows = merge.rows(Region)
    matched = merge.match("地区", rows, merge.roster.regions, code=_code_of)
    for seq, region in enumerate(merge.roster.regions, start=1):
        row = matched[region.name]
        if row is None:
            merge.lines.append(f"新增地区 {region.name}")
            if merge.stamp is not None:
                row = Region(organisation_id=merge.organisation_id, name=region.name)
                merge.session.add(row)
        if row is not None:
            known = row.id is not None
            for name in ("name", "full_name", "short", "code"):
                value = getattr(region, name)
                text = f"地区 {region.name}：{name} {getattr(row, name)} → {value}"
                merge.change(row, name, value, text if known and name != "name" else "")
            merge.change(row, "seq", seq, f"地区 {region.name}：次序改为第{seq}" if known else "")
    for row in left_over(rows, matched):
        merge.refuse_if_used("地区", row, (Project.region_id, Unit.region_id, Post.region_id))
        merge.lines.append(f"取消地区 {row.name}")
        merge.delete(row)
    merge.flush()
    merge.region_ids = {row.name: row.id for row in merge.rows(Region)} if merge.stamp else {}


def merge_units(merge: Merge) -> None:
    """Units; one that nobody uses any more is retired."""
    rows = merge.session.execute(
        select(Unit).where(Unit.organisation_id == merge.organisation_id).order_by(Unit.id)
    ).scalars()
    known = {row.name: row for row in rows}
    region_names = {row.id: row.name for row in merge.rows(Region)}
    for unit in merge.roster.units:
        row = known.get(unit.name)
        aliases = list(unit.aliases) if unit.aliases is not None else (row.aliases if row else [])
        if row is None:
            merge.lines.append(f"新增单位 {unit.name}（{_KINDS[unit.kind]}）")
            if merge.stamp is not None:
                row = Unit(
                    organisation_id=merge.organisation_id,
                    name=unit.name,
                    kind=unit.kind,
                    aliases=aliases,
                    region_id=merge.region_ids.get(unit.region or ""),
                    member=unit.member,
                    placeholder=False,
                )
                merge.session.add(row)
            continue
        if row.retired_at is not None or row.placeholder:
            merge.lines.append(f"{'恢复' if row.retired_at else '启用'}单位 {unit.name}")
            merge.quietly(row, retired_at=None, placeholder=False)
        merge.change(
            row,
            "kind",
            unit.kind,
            f"单位 {unit.name}：类别 {_KINDS.get(row.kind, row.kind)} → {_KINDS[unit.kind]}",
        )
        was_in = region_names.get(row.region_id) if row.region_id is not None else None
        if was_in != unit.region:
            merge.lines.append(f"单位 {unit.name}：所在地区 {was_in or '市本级'} → {unit.region or '市本级'}")
            merge.quietly(row, region_id=merge.region_ids.get(unit.region or ""))
        merge.change(
            row, "member", unit.member, f"单位 {unit.name}：{'列为' if unit.member else '不再是'}成员单位"
        )
        merge.change(row, "aliases", aliases, f"单位 {unit.name}：简称改为 {'、'.join(aliases) or '无'}")
    stated = {unit.name for unit in merge.roster.units}
    for row in known.values():
        if row.name in stated or row.retired_at is not None or row.placeholder:
            continue
        if _is_used(merge, row):
            if row.member:
                merge.lines.append(f"单位 {row.name}：不再是成员单位")
                merge.quietly(row, member=False)
        else:
            merge.lines.append(f"停用单位 {row.name}")
            merge.quietly(row, retired_at=merge.stamp.now if merge.stamp else None)
    merge.flush()
    merge.unit_ids = {name: number for number, name in merge.unit_names().items()} if merge.stamp else {}


def _is_used(merge: Merge, unit: Unit) -> bool:
    """A unit with people, projects or items keeps its row in the directory."""
    uses = [
        select(Project.id).where(Project.unit_id == unit.id),
        select(Item.id).where((Item.unit_id == unit.id) | (Item.wanted_unit_id == unit.id)),
    ]
    if merge.roster.people is None:  # else the file names every person, and none of this unit
        uses.append(select(Person.id).where(Person.unit_id == unit.id, Person.retired_at.is_(None)))
    return any(merge.session.execute(one.limit(1)).first() is not None for one in uses)


def _code_of(one: Region | RosterRegion) -> object:
    return one.code
