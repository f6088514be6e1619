"""上报 and 甄别: a problem becomes an item, 综合专班 asks for more, turns it down or merges it (rules F1, F13)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from models.errors import Invalid, StateForbids
from models.notices.item_screening import (
    FoundOnSite,
    ItemMerged,
    ItemRejected,
    ItemSupplementWanted,
    ItemToScreen,
    UrgentReported,
)
from models.operations import item_assists, item_dues, item_extensions, item_levels, items
from models.operations import item_closing as closing
from models.operations.desk import Desk
from models.queries import item_parties
from models.queries import items as item_queries
from models.queries.directory import PersonInfo
from models.rules import items as rules
from models.rules.escalation import GOVERNMENT, VICE_MAYOR
from models.rules.items import ItemAct
from models.tables.items import Item
from models.types import ItemState, Role, Urgency

ROUTINE: Final = "日常调度"
ON_SITE: Final = "实地督导"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """What a confirmed problem is made of. level: None for the level of the organisation (rule G1).

    follows_id: the closed item whose problem came back too late for 重开 (rule F12). parent_id: the problem of which it
    is a task (rule G4). origin_id: the county's item that was sent up (rule Q3).
    """

    organisation_id: int
    title: str
    raised_by_id: int | None
    project_id: int | None = None
    wanted: str | None = None
    wanted_unit_id: int | None = None
    wanted_by: datetime | None = None
    kind: str | None = None
    tags: tuple[str, ...] = ()
    source: str = ROUTINE
    restricted: bool = False
    urgent: bool = False
    level: int | None = None
    follows_id: int | None = None
    source_row: dict[str, Any] | None = None  # as it came from another system
    parent_id: int | None = None
    origin_id: int | None = None


# --- 上报


def raise_item(desk: Desk, new: NewItem, *, without: Collection[int] = ()) -> Item:
    """A confirmed problem becomes an item 待甄别 with the next number; 综合专班 is told.

    without: persons who know it already, because they have just entered it with others.
    """
    item = create(desk, new)
    tell_screeners(desk, item, without=without)
    if item.source == ON_SITE:
        _tell_category_leads(desk, item)
    return item


def create(desk: Desk, new: NewItem) -> Item:
    """The item 待甄别 with the next number, before anybody is told."""
    organisation = desk.directory.organisations[new.organisation_id]
    author = item_parties.person(desk.directory, new.raised_by_id)
    circle = list(item_parties.restricted_circle(desk.directory, author)) if new.restricted and author else []
    item = Item(
        organisation_id=organisation.id,
        project_id=new.project_id,
        title=new.title,
        wanted=new.wanted,
        wanted_unit_id=new.wanted_unit_id,
        wanted_by=new.wanted_by,
        kind=new.kind,
        tags=list(new.tags),
        source=new.source,
        level=item_levels.first_of(desk, organisation.id) if new.level is None else new.level,
        state=ItemState.SCREENING.value,
        restricted=new.restricted,
        visible_to=circle,
        urgent=new.urgent,
        raised_by_id=new.raised_by_id,
        source_row=new.source_row,
        parent_id=new.parent_id,
        origin_id=new.origin_id,
    )
    items.enter(
        desk, item, "state", "title", "project_id", "kind", "wanted", "wanted_by", "source", "restricted",
        "parent_id", "origin_id",
    )  # fmt: skip
    if new.follows_id is not None:
        old = items.get(desk, new.follows_id)
        desk.record(items.subject(item), {"follows": (None, old.number)})
        desk.record(items.subject(old), {"followed_by": (None, item.number)})
    return item


def _tell_category_leads(desk: Desk, item: Item) -> None:
    """A problem found on site is told to the 专班 that lead the project's categories, too (rule J2)."""
    directory = desk.directory
    project = directory.projects.get(item.project_id or 0)
    if project is None or item.restricted:
        return
    categories = [directory.categories[number] for number in project.category_ids]
    screeners = {one.id for one in decides_on(desk, item)}
    raiser = item_parties.person(directory, item.raised_by_id)
    for force_id in dict.fromkeys(one.task_force_id for one in categories if one.task_force_id is not None):
        force = directory.task_forces[force_id]
        desk.notify(
            FoundOnSite(
                items.facts(desk, item), _with_unit(desk, raiser), item.raised_at, item.kind, force.name
            ),
            to=[
                one
                for one in directory.at_task_force(force_id, Role.LIAISON)
                if one.id not in screeners | {item.raised_by_id}
            ],
            key=items.key_of(item, f"found on site {force_id}"),
            reason="实地督导问题告知",
            about=items.subject(item),
        )


# --- 甄别


def decides_on(desk: Desk, item: Item) -> tuple[PersonInfo, ...]:
    """Who screens it: 综合专班 联络员; its 负责人 after the second 退回 (rule F4) or for a restricted one.

    Nobody there while it waits for a decision above.
    """
    if item_levels.awaits_decision(desk, item):
        return ()
    if item.returns >= items.FINAL_AFTER_RETURNS:
        return item_parties.hub_heads(desk.directory, item)
    return item_parties.screeners(desk.directory, item)


def tell_screeners(
    desk: Desk,
    item: Item,
    *,
    supplemented: bool = False,
    returned: str = "",
    returned_by: str = "",
    proposed_unit: str = "",
    ruling_due: datetime | None = None,
    key: str = "screen",
    without: Collection[int] = (),
) -> None:
    """综合专班 decides on it; its 负责人 where the ruling is his or the author wrote 紧急 (F1, F4, G7)."""
    directory = desk.directory
    raiser = item_parties.person(directory, item.raised_by_id)
    force = items.task_force(desk, item)
    ruling = item.returns >= items.FINAL_AFTER_RETURNS
    to = decides_on(desk, item)
    notice = ItemToScreen(
        items.facts(desk, item),
        raised_by=_with_unit(desk, raiser),
        raised_at=item.raised_at,
        kind=item.kind,
        task_force=force.name if force else "",
        wanted=item.wanted,
        wanted_by=item.wanted_by,
        source=item.source,
        urgent=item.urgent,
        supplemented=supplemented,
        returned=returned,
        returned_by=returned_by,
        proposed_unit=proposed_unit,
        final=ruling,
        restricted=item.restricted,
        like=tuple((one.id, one.number) for one in item_queries.alike(desk.session, item)),
        ruling_due=ruling_due,
    )
    reason = "退回待裁定" if ruling else "问题待甄别"
    first = item.urgent and not (ruling or returned or supplemented) and item_levels.can_be_grave(desk, item)
    heads = item_parties.hub_heads(directory, item) if first else ()
    desk.notify(
        notice, to=[one for one in to if one not in heads], key=items.key_of(item, key), reason=reason,
        about=items.subject(item), without=without,
    )  # fmt: skip
    chain = item_levels.chain_of(desk, item)
    desk.notify(
        UrgentReported(
            items.facts(desk, item), _with_unit(desk, raiser), item.raised_at, item.wanted, item.restricted,
            level_name=chain[GOVERNMENT].name,
            leaders=f"{chain[GOVERNMENT].addressee}、{chain[VICE_MAYOR].addressee}",
        ),
        to=heads, key=items.key_of(item, f"{key} urgent"), reason="紧急问题", about=items.subject(item),
        urgency=Urgency.URGENT,
    )  # fmt: skip


def _with_unit(desk: Desk, person: PersonInfo | None) -> str:
    if person is None:
        return ""
    unit = desk.directory.units[person.unit_id].name
    return person.label if unit in person.label else f"{person.name}({unit})"


def ask_more(desk: Desk, item: Item, reason: str) -> None:
    """退回补充: the state stays, who raised it is asked for more."""
    items.may(desk, item, ItemAct.ASK_MORE)
    items.require_reason(ItemAct.ASK_MORE, reason)
    items.change(desk, item, reason=reason)
    desk.record(items.subject(item), {"supplement": (None, reason)}, reason=reason)
    _tell_raiser(
        desk, item, ItemSupplementWanted(items.facts(desk, item), desk.actor.label, reason), "退回补充"
    )


def supplement(desk: Desk, item: Item, **changes: Any) -> None:
    """What who raised it adds: title, wanted, wanted_unit_id, wanted_by, kind; 综合专班 is told again."""
    items.may(desk, item, ItemAct.SUPPLEMENT)
    items.change(desk, item, **changes)
    tell_screeners(desk, item, supplemented=True)


def reject(desk: Desk, item: Item, reason: str) -> None:
    """不予受理."""
    items.may(desk, item, ItemAct.REJECT)
    items.require_reason(ItemAct.REJECT, reason)
    items.change(desk, item, reason=reason, state=ItemState.REJECTED.value)
    item_dues.nothing_due(desk, item, "不予受理")
    _tell_raiser(desk, item, ItemRejected(items.facts(desk, item), desk.actor.label, reason), "不予受理")
    if item.parent_id is not None:
        closing.task_over(desk, items.get(desk, item.parent_id))


def check_merge(desk: Desk, item: Item, into: Item) -> None:
    """Whether the one may become part of the other now. Raises Invalid, NotAllowed, StateForbids."""
    items.may(desk, item, ItemAct.MERGE)
    if into.id == item.id or into.organisation_id != item.organisation_id:
        raise Invalid(f"{item.number} 不能合并到 {into.number}", mend="请写另一件在办问题的编号")
    if ItemState(into.state) in rules.ENDED:
        raise StateForbids(into.number, state=into.state, act="作为合并对象")
    if into.restricted != item.restricted:
        raise Invalid(f"{item.number} 与 {into.number} 的可见范围不同，不能合并")


def merge(desk: Desk, item: Item, into: Item) -> None:
    """合并: the duplicate points to the survivor and counts nowhere; its reporter is told (rule F13)."""
    check_merge(desk, item, into)
    for older in item_queries.merged_into(desk.session, item.id):
        items.change(desk, older, merged_into_id=into.id)  # its reporter follows the survivor, too
    items.change(desk, item, state=ItemState.MERGED.value, merged_into_id=into.id)
    desk.record(items.subject(into), {"merged_from": (None, item.number)})
    item_assists.end_all(desk, item, f"已合并到 {into.number}")
    item_extensions.withdraw(desk, item, f"已合并到 {into.number}")
    item_dues.nothing_due(desk, item, f"已合并到 {into.number}")
    holder = item_parties.responsible(desk.directory, into)
    notice = ItemMerged(
        items.facts(desk, item),
        into=into.number,
        into_title=into.title,
        holder=holder.label if holder else "综合专班",
    )
    _tell_raiser(desk, item, notice, "合并")
    before = item_parties.responsible(desk.directory, item) if item.dispatched_at is not None else None
    told = {item_parties.raiser_id(item), into.person_id, desk.actor.person_id}
    if before is not None and before.id not in told:
        desk.notify(
            replace(notice, raised=False),
            to=before,
            key=items.key_of(item, "merged responsible"),
            reason="合并告知原责任人",
            about=items.subject(item),
        )


def _tell_raiser(
    desk: Desk, item: Item, notice: ItemSupplementWanted | ItemRejected | ItemMerged, reason: str
) -> None:
    raiser = item_parties.raiser(desk.directory, item)
    if raiser is not None and raiser.id != desk.actor.person_id:
        desk.notify(
            notice,
            to=raiser,
            key=items.key_of(item, "raiser"),
            reason=f"{reason}告知提出人",
            about=items.subject(item),
        )
