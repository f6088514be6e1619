"""提级: a problem item goes up one level by the decision of a named person (rules F6, G2, G3, G5).

Others propose; the proposal is put to who decides. Going up changes nothing of the duties below.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from models.errors import Invalid, NotAllowed, StateForbids
from models.notices.escalations import ItemEscalated, ItemEscalationDecided, ItemEscalationProposed
from models.operations import county_links, item_levels, items, province_reports
from models.operations import escalation_drafts as drafts
from models.operations.desk import Desk
from models.operations.documents import Write
from models.queries import item_parties
from models.queries import lights as light_queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules import escalation as rules
from models.rules.escalation import Statement
from models.rules.items import ENDED, Party
from models.rules.levels import LevelChain
from models.tables.items import Item
from models.tables.lights import EscalationDraft
from models.types import ItemState

ITEM: Final = "item"
_PROPOSERS: Final = frozenset({Party.RESPONSIBLE, Party.SUPERVISOR, Party.HUB, Party.HUB_HEAD})
_WHO: Final = "责任单位联络员、责任人、带班领导，督办专员，综合专班"


def deciders(desk: Desk, item: Item, to_level: int) -> tuple[PersonInfo, ...]:
    """Who decides on going up: 综合专班负责人 for levels 1–2, 市攻坚办 for 3–4 (rule G2).

    A county's item is taken on by 综合专班负责人 of its city. A restricted item stays in its circle (rule B8).
    """
    if item_levels.goes_above(desk, item, to_level):
        return county_links.heads(desk, item)
    role = rules.decider(to_level, item_levels.chain_of(desk, item))
    found = desk.directory.holders(role, organisation_id=item.organisation_id)
    if item.restricted:
        found = tuple(one for one in found if item_parties.sees(desk.directory, one, item))
    return found or item_parties.hub_heads(desk.directory, item)


def decides(desk: Desk, item: Item, to_level: int) -> bool:
    """Whether the acting person decides on this step."""
    if item_levels.goes_above(desk, item, to_level):
        return False  # the county asks, the city takes it on (rule G3)
    return desk.actor.on_behalf_of in {one.id for one in deciders(desk, item, to_level)}


def proposes(desk: Desk, person: PersonInfo, item: Item) -> bool:
    """Whether somebody may propose to raise the item (rule B10)."""
    return not item_parties.parties(desk.directory, person, item).isdisjoint(_PROPOSERS)


def check(desk: Desk, item: Item, to_level: int, *, reason: str = "") -> None:
    """Whether the acting person may raise or propose this now. Raises NotAllowed, StateForbids, Invalid."""
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    may = person is not None and proposes(desk, person, item)
    if not may and not decides(desk, item, to_level):
        raise NotAllowed(f"提级 {item.number}", who=_WHO)
    if ItemState(item.state) in ENDED or item.state == ItemState.AWAITING_CLOSE.value:
        raise StateForbids(item.number, state=item.state, act="提级")
    if item.parent_id is not None:
        parent = items.get(desk, item.parent_id)
        raise Invalid(
            f"{item.number} 是 {parent.number} 的任务，不单独提级", mend=f"例：/提级 {parent.number}"
        )
    linked = item_levels.sent_up(desk, item)
    if linked is not None:
        raise Invalid(f"{item.number} 已由市级受理为 {linked.number}", mend="再往上提由市级办理，进展看 /查")
    above = item_levels.goes_above(desk, item, min(max(to_level, item.level + 1), rules.PROVINCE))
    if item.restricted and above:
        raise Invalid(f"{item.number} 是受限事项，不能提请市级协调")
    if above and not county_links.heads(desk, item):
        raise Invalid(f"{item.number} 没有上级组织可报", mend="请先补充名册")
    chain = item_levels.chain_of(desk, item)
    if problem := rules.refused_step(item.level, to_level, chain, reason=reason):
        raise Invalid(f"{item.number} {problem}", mend=_step_mend(item, to_level, chain))


def _step_mend(item: Item, to_level: int, chain: LevelChain) -> str:
    if to_level <= item.level:
        return f"查看：/查 {item.number}"
    if to_level == rules.PROVINCE and chain.own_top == rules.PROVINCE:
        return f"例：/提级 {item.number} 4级 原因 铁路方案只能由省里协调"
    if to_level == rules.PROVINCE and item.level >= rules.HUB:
        return f"例：/提级 {item.number} 4级 原因 林地手续只能由市里协调"
    return (
        f"例：/提级 {item.number} {item.level + 1}级；月度专题会议由{chain[rules.HUB].name}列题，"
        "特别重大的请按「紧急」上报"
    )


def known(desk: Desk, item: Item, to_level: int) -> Statement:
    """What the item says already of what G2 asks for.

    A county that asks its city states all of it (rule G3); after 退回县级 only what it has done since.
    """
    if item_levels.goes_above(desk, item, to_level):
        last = light_queries.refused_of_item(desk.session, item.id, to_level)
        if last is None:
            return Statement()
        due = last.due_on if last.due_on is not None and last.due_on > desk.today else None
        return Statement(
            crux=last.crux, unit=last.unit, path=last.path, due=due.isoformat() if due is not None else ""
        )
    wanted = desk.directory.units.get(item.wanted_unit_id or 0)
    due = next((one for one in (item.due_at, item.wanted_by) if one is not None and one > desk.now), None)
    return Statement(
        crux=item.title,
        unit=items.unit_name(desk, item) or (wanted.name if wanted else ""),
        path=item.measures or item.wanted or "",
        due=calendar.local_date(due).isoformat() if due else "",
    )


# --- proposing


def propose(
    desk: Desk,
    item: Item,
    to_level: int,
    said: Statement,
    *,
    due_on: date | None,
    overdue: tuple[str, int] | None = None,
    key: str = "",
) -> EscalationDraft:
    """提级建议 by a person or, with overdue (what, workdays), by a rule; put to who decides.

    One waits for each step: what a person states takes the place of what a rule had drafted.
    """
    if (before := open_draft(desk, item, to_level)) is not None:
        drafts.settle(desk, before, drafts.WITHDRAWN, "已重新提请")
    draft = EscalationDraft(
        subject_kind=ITEM, subject_id=item.id, project_id=item.project_id, to_level=to_level, at=desk.now,
        crux=said.crux, unit=said.unit, path=said.path, due_on=due_on, by_id=desk.actor.on_behalf_of,
        done=said.done or None, reason=said.reason or None, state=drafts.UNDECIDED,
    )  # fmt: skip
    desk.session.add(draft)
    desk.session.flush()
    desk.record(items.subject(item), {"escalation_draft": (None, to_level)}, reason="提级建议")
    notice = (
        county_links.request_card(desk, draft, item)
        if item_levels.goes_above(desk, item, to_level)
        else card(desk, draft, overdue=overdue)
    )
    desk.notify(
        notice, to=deciders(desk, item, to_level), key=key or f"escalation_draft {draft.id}",
        reason="提级建议", about=items.subject(item),
    )  # fmt: skip
    return draft


def card(
    desk: Desk, draft: EscalationDraft, *, overdue: tuple[str, int] | None = None, edited: bool = False
) -> ItemEscalationProposed:
    item = items.get(desk, draft.subject_id)
    author = item_parties.person(desk.directory, draft.by_id)
    chain = item_levels.chain_of(desk, item)
    return ItemEscalationProposed(
        items.facts(desk, item), draft.id, item.level, draft.to_level, draft.crux, draft.unit, draft.path,
        draft.due_on, done=draft.done or "", reason=draft.reason or "", by=author.label if author else "",
        overdue=f"{overdue[0]}逾期 {overdue[1]} 个工作日" if overdue else "", edited=edited,
        from_name=chain[item.level].name, to_name=chain[draft.to_level].name,
        addressee=chain[draft.to_level].addressee,
    )  # fmt: skip


def open_draft(desk: Desk, item: Item, to_level: int) -> EscalationDraft | None:
    """The proposal for this step that nobody has decided on."""
    return light_queries.undecided_for_item(desk.session, item.id, to_level)


# --- deciding


def edit(desk: Desk, draft: EscalationDraft, said: Statement, *, due_on: date | None) -> None:
    """[修改症结…]: what was said replaces what stood there."""
    check_undecided(desk, draft, "修改")
    drafts.revise(desk, draft, said, due_on=due_on)


def agree(desk: Desk, draft: EscalationDraft, *, fill: Write) -> tuple[PersonInfo, ...]:
    """同意提级: the item goes up, the author hears it. Returns who acts there. fill: as for `raise_item`."""
    check_undecided(desk, draft, "同意提级")
    item = items.get(desk, draft.subject_id)
    said = drafts.complete(draft, item.level, of=item.number)
    check(desk, item, draft.to_level, reason=said.reason)
    drafts.settle(desk, draft, drafts.AGREED, "同意提级")
    told = raise_item(desk, item, draft.to_level, said, due_on=draft.due_on, fill=fill)
    _tell_author(desk, item, draft, agreed=True, reason="", told=told)
    return told


def refuse(desk: Desk, draft: EscalationDraft, reason: str) -> None:
    """不提级, with a reason; the author hears it."""
    check_undecided(desk, draft, "不提级")
    why = drafts.why_refused(reason)
    drafts.settle(desk, draft, drafts.REFUSED, why)
    _tell_author(desk, items.get(desk, draft.subject_id), draft, agreed=False, reason=why, told=())


def check_undecided(desk: Desk, draft: EscalationDraft, act: str) -> None:
    """Whether the actor may decide on it now. Raises NotAllowed, StateForbids."""
    item = items.get(desk, draft.subject_id)
    if not decides(desk, item, draft.to_level):
        raise NotAllowed(act, who=rules.decider_name(draft.to_level, item_levels.chain_of(desk, item)))
    if draft.state != drafts.UNDECIDED:
        by = item_parties.person(desk.directory, draft.decided_by_id)
        state = f"{by.label if by else ''}{drafts.state_words(draft)}"
        raise StateForbids(f"{item.number} 提级建议", state=state, act=act)
    if ItemState(item.state) in ENDED:
        raise StateForbids(item.number, state=item.state, act=act)
    if item.level >= draft.to_level:
        raise StateForbids(item.number, state=f"已是{item_levels.level_of(desk, item).full}层级", act=act)


def _tell_author(
    desk: Desk, item: Item, draft: EscalationDraft, *, agreed: bool, reason: str, told: tuple[PersonInfo, ...]
) -> None:
    author = item_parties.person(desk.directory, draft.by_id)
    if author is None or author.id == desk.actor.person_id:
        return
    desk.notify(
        ItemEscalationDecided(
            items.facts(desk, item), desk.actor.label, draft.to_level, agreed=agreed, reason=reason,
            told="、".join(one.label for one in told), own=False,
            level_name=item_levels.chain_of(desk, item)[draft.to_level].name,
        ),
        to=author, key=f"escalation_draft {draft.id} decided", reason="提级建议结果", about=items.subject(item),
    )  # fmt: skip


# --- going up


def raise_item(
    desk: Desk, item: Item, to_level: int, said: Statement, *, due_on: date | None, fill: Write
) -> tuple[PersonInfo, ...]:
    """The item is at its new level now; who decides there is asked. Duties below go on (rule G5).

    For the province a paper is written instead (fill) and goes to who uploads it. The caller has asked `check`.
    Returns who was asked; raises Invalid when nobody holds the post.
    """
    level = item_levels.chain_of(desk, item)[to_level]
    for draft in light_queries.undecided_of_item(desk.session, item.id):
        drafts.settle(desk, draft, drafts.WITHDRAWN, f"已提级到{level.full}")
    from_level = item.level
    lift(desk, item, to_level, reason=f"提级：{said.crux}" + (f"；{said.reason}" if said.reason else ""))
    if to_level == rules.PROVINCE:
        desk.withdraw(items.subject(item), reason="已报省", notices=(ItemEscalated,))
        return province_reports.prepare(desk, item, said, due_on=due_on, fill=fill)
    if level.decider is None:  # the office itself, whose head has just decided: its liaisons go on with it
        return _tell_office(desk, item, level.name)
    told = item_levels.deciders(desk, item)
    if not told:
        raise Invalid(f"通讯录里没有{level.full}的决定人", mend="请先补充名册")
    if item.restricted:
        circle = sorted({*item.visible_to, *(one.id for one in told)})
        items.change(desk, item, visible_to=circle, reason="提级")
    holder = item_parties.responsible(desk.directory, item)
    desk.notify(
        ItemEscalated(
            items.facts(desk, item), 0, said.crux, said.unit, said.path, due_on, desk.actor.label,
            level=to_level, from_level=from_level, tags=tuple(item.tags), reason=said.reason,
            holder=f"{items.unit_name(desk, item)} {holder.label}" if holder and item.unit_id else "",
            asked=level.asked,
        ),
        to=told, key=items.key_of(item, "escalated"), reason="提请协调", about=items.subject(item),
    )  # fmt: skip
    return told


def _tell_office(desk: Desk, item: Item, level_name: str) -> tuple[PersonInfo, ...]:
    """A county's 综合专班 coordinates what its towns could not solve (rule Q3). Returns who was told."""
    screeners = item_parties.allowed_only(desk.directory, item, item_parties.screeners(desk.directory, item))
    to = tuple(one for one in screeners if one.id != desk.actor.person_id)
    desk.notify(
        ItemEscalationDecided(
            items.facts(desk, item), desk.actor.label, item.level, agreed=True, reason="", told="", own=False,
            level_name=level_name,
        ),
        to=to, key=items.key_of(item, "escalated"), reason="提请协调", about=items.subject(item),
    )  # fmt: skip
    return to


def lift(desk: Desk, item: Item, to_level: int, *, reason: str) -> None:
    """Write the new level and since when; nothing is said."""
    items.change(desk, item, reason=reason, level=to_level, level_since=desk.now)
