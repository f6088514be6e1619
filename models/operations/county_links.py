"""A county's item that is sent up becomes a linked item of the city; what happens to it there flows back (Q3, G2, G3).

Importing this module registers the flow with `items.change`. The county's own history and notes stay in the county: the
city's item holds only what the request stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from models.errors import Invalid, NotAllowed, StateForbids, WordsMissing
from models.notices.escalations import (
    CountyItemNews,
    CountyItemToClose,
    CountyRequest,
    CountyRequestDecided,
)
from models.operations import escalation_drafts as drafts
from models.operations import item_dues, item_levels, item_screening, items
from models.operations.desk import Desk
from models.queries import item_history, item_parties
from models.queries import items as item_queries
from models.queries.directory import OrganisationInfo, PersonInfo
from models.rules import calendar
from models.rules import items as rules
from models.rules.escalation import COUNTY, HUB
from models.tables.items import Item
from models.tables.lights import EscalationDraft
from models.types import ItemState, Role

FROM_COUNTY: Final = "县级上报"
_WORKED_ON: Final = (
    ItemState.SCREENING,
    ItemState.AWAITING_RECEIPT,
    ItemState.IN_PROGRESS,
    ItemState.UNDER_REVIEW,
)


def city_of(desk: Desk, item: Item) -> OrganisationInfo | None:
    """The organisation above that of the item."""
    here = desk.directory.organisations[item.organisation_id]
    return desk.directory.organisations.get(here.parent_id or 0)


def heads(desk: Desk, item: Item) -> tuple[PersonInfo, ...]:
    """综合专班负责人 of the city, who takes a county's item on or sends it back (rule G2)."""
    city = city_of(desk, item)
    return desk.directory.holders(Role.HUB_HEAD, organisation_id=city.id) if city is not None else ()


def request_card(desk: Desk, draft: EscalationDraft, item: Item) -> CountyRequest:
    author = item_parties.person(desk.directory, draft.by_id)
    return CountyRequest(
        items.facts(desk, item), draft.id, desk.directory.organisations[item.organisation_id].name,
        author.label if author else "", draft.done or "", draft.crux, draft.unit, draft.path, draft.due_on,
    )  # fmt: skip


# --- the city decides


def check_decides(desk: Desk, draft: EscalationDraft, act: str) -> Item:
    """The county's item, if the acting person may decide now. Raises NotAllowed, StateForbids."""
    item = items.get(desk, draft.subject_id)
    if desk.actor.on_behalf_of not in {one.id for one in heads(desk, item)}:
        raise NotAllowed(act, who="综合专班负责人")
    if draft.state != drafts.UNDECIDED:
        by = item_parties.person(desk.directory, draft.decided_by_id)
        state = {drafts.AGREED: "已受理", drafts.REFUSED: "已退回县级"}.get(
            draft.state, draft.outcome or "已撤回"
        )
        raise StateForbids(f"{item.number} 提请", state=f"{by.label if by else ''}{state}", act=act)
    if ItemState(item.state) in rules.ENDED:
        raise StateForbids(item.number, state=item.state, act=act)
    return item


def accept(desk: Desk, draft: EscalationDraft) -> Item:
    """[受理]: the city's item at level 1, 待甄别, linked to the county's. Returns it."""
    item = check_decides(desk, draft, "受理")
    city = city_of(desk, item)
    assert city is not None
    unit = next(
        (
            one
            for one in desk.directory.units.values()
            if one.organisation_id == city.id and one.name == draft.unit
        ),
        None,
    )
    drafts.settle(desk, draft, drafts.AGREED, "受理")
    new = item_screening.raise_item(
        desk,
        item_screening.NewItem(
            organisation_id=city.id, title=draft.crux, raised_by_id=draft.by_id, project_id=item.project_id,
            wanted=draft.path, wanted_unit_id=unit.id if unit else None,
            wanted_by=calendar.deadline(draft.due_on) if draft.due_on else None,
            kind=rules.kind_of(draft.crux) or rules.kind_of(draft.path), tags=rules.tags_of(draft.crux),
            source=FROM_COUNTY, level=HUB, origin_id=item.id,
        ),
    )  # fmt: skip
    if draft.done:
        desk.record(items.subject(new), {"done": (None, draft.done)}, reason="已采取措施")
    first_above = item_levels.chain_of(desk, item).own_top + 1
    items.change(
        desk, item, level=first_above, level_since=desk.now, reason=f"{city.name}受理为 {new.number}"
    )
    desk.record(items.subject(item), {"sent_up": (None, new.number)}, reason="市级受理")
    _tell_county(desk, item, _decided(desk, item, city_number=new.number), "市级受理")
    return new


def send_back(desk: Desk, draft: EscalationDraft, reason: str) -> Item:
    """[退回县级] with a reason: it stays at its level (rule G6). Returns the county's item."""
    item = check_decides(desk, draft, "退回县级")
    if not reason.strip():
        raise Invalid("退回县级要写明原因")
    drafts.settle(desk, draft, drafts.REFUSED, reason.strip())
    desk.record(items.subject(item), {"request": ("提请市级协调", "退回县级")}, reason=reason.strip())
    _tell_county(desk, item, _decided(desk, item, reason=reason.strip()), "退回县级")
    return item


def _decided(desk: Desk, item: Item, *, city_number: str = "", reason: str = "") -> CountyRequestDecided:
    county = desk.directory.organisations[item.organisation_id].name
    return CountyRequestDecided(
        items.facts(desk, item), county, desk.actor.label, city_number, reason, own=False
    )


def _tell_county(desk: Desk, item: Item, notice: Any, reason: str) -> None:
    """The county's 综合专班, its 责任人 and who asked, each once."""
    raiser = item_parties.person(desk.directory, item.raised_by_id)
    holder = item_parties.responsible(desk.directory, item)
    people = [
        *item_parties.screeners(desk.directory, item),
        *(one for one in (holder, raiser) if one is not None),
    ]
    known = {one.id: one for one in people if one.id != desk.actor.person_id}
    desk.notify(
        notice, to=list(known.values()), key=f"county {item.id} {item.version} {reason} {desk.now.isoformat()}",
        reason=reason, about=items.subject(item),
    )  # fmt: skip


# --- flowing back (rule Q3)


def instructed(desk: Desk, city_item: Item, text: str) -> None:
    """A 批示 on the city's item is told in the county, where it stands on the county's item (G5, Q3)."""
    origin = item_queries.by_id(desk.session, city_item.origin_id)
    if origin is not None:
        desk.record(items.subject(origin), {"city_instruction": (None, text)}, reason=city_item.number)
        _tell_county(
            desk, origin, CountyItemNews(items.facts(desk, origin), city_item.number, text), "市级批示"
        )


def _flow(desk: Desk, city_item: Item, changes: Mapping[str, tuple[object, object]]) -> None:
    """Status, level and due date of the city's item stand in the history of the county's; the end has consequences.

    A county without a chain of its own shows the city's levels; one with its own has only one level above its own.
    """
    origin = item_queries.by_id(desk.session, city_item.origin_id)
    if origin is None:
        return
    shown = {f"city_{name}": changes[name] for name in ("state", "level", "due_at") if name in changes}
    desk.record(items.subject(origin), shown, reason=city_item.number)
    mirrors = item_levels.chain_of(desk, origin).own_top == COUNTY
    if mirrors and "level" in changes and city_item.level != origin.level:
        items.change(
            desk, origin, level=city_item.level, level_since=desk.now,
            reason=f"{city_item.number} 现为{item_levels.level_of(desk, city_item).full}层级",
        )  # fmt: skip
    if "state" not in changes:
        return
    state = ItemState(city_item.state)
    if state is ItemState.CLOSED:
        _closed_above(desk, origin, city_item)
    elif state in (ItemState.REJECTED, ItemState.MERGED):
        items.change(
            desk,
            origin,
            level=_own_level(desk, origin),
            level_since=desk.now,
            reason=f"{city_item.number} {state.value}",
        )
        text = f"{city_item.number} {state.value}，本事项回到县级办理"
        _tell_county(
            desk, origin, CountyItemNews(items.facts(desk, origin), city_item.number, text), "市级处理结果"
        )


def _own_level(desk: Desk, item: Item) -> int:
    """The county's level to which an item falls back that was sent up: the one from which it asked."""
    top = item_levels.chain_of(desk, item).own_top
    before = item_history.level_before(desk.session, item) if item.level > top else item.level
    return min(before, top)


def _closed_above(desk: Desk, origin: Item, city_item: Item) -> None:
    """The county's item is 待销号: its own 综合专班 decides (rule Q3)."""
    if ItemState(origin.state) not in _WORKED_ON:
        return
    items.change(
        desk, origin, state=ItemState.AWAITING_CLOSE.value, submitted_at=origin.submitted_at or desk.now,
        reason=f"{city_item.number} 已销号",
    )  # fmt: skip
    item_dues.nothing_due(desk, origin, f"{city_item.number} 已销号")
    desk.notify(
        CountyItemToClose(items.facts(desk, origin), city_item.number),
        to=item_parties.screeners(desk.directory, origin), key=items.key_of(origin, "closed above"),
        reason="市级已销号，待县级销号", about=items.subject(origin),
    )  # fmt: skip


def go_on(desk: Desk, item: Item, reason: str) -> None:
    """[继续办理]: the county finds that its problem is not solved; back to its unit, or to be screened again."""
    items.may(desk, item, rules.ItemAct.CLOSE)
    if item.state != ItemState.AWAITING_CLOSE.value or item_queries.of_origin(desk.session, item.id) is None:
        raise StateForbids(item.number, state=item.state, act="继续办理")
    if not reason.strip():
        raise WordsMissing("要写明继续办理的原因")
    target = ItemState.IN_PROGRESS if item.received_at is not None else ItemState.SCREENING
    every = items.policy_of(desk, item).item_feedback_workdays
    due = calendar.workday_deadline(desk.now, every, desk.directory.calendar)
    items.change(
        desk, item, reason=reason.strip(), state=target.value, submitted_at=None, level=_own_level(desk, item),
        level_since=desk.now, feedback_due_at=due if target is ItemState.IN_PROGRESS else None,
    )  # fmt: skip
    if target is ItemState.IN_PROGRESS:
        item_dues.await_work(desk, item)


items.FOLLOWED_BY.append(_flow)
