"""特别重大: what an author marks 紧急 goes straight to level 3 when 综合专班负责人 says so (rule G7)."""

from __future__ import annotations

from typing import Final

from models.errors import Invalid, NotAllowed, StateForbids
from models.notices.item_screening import GraveDecided, GraveProblem, UrgentReported
from models.operations import escalations, item_levels, item_raising, items
from models.operations.desk import Desk
from models.queries import item_history, item_parties
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules.escalation import GOVERNMENT, VICE_MAYOR
from models.tables.items import Item
from models.types import Role, Urgency

DECIDED: Final = "grave"
_NAMES: Final = {"True": "定为特别重大", "False": "按一般处理"}


def check(desk: Desk, item: Item) -> None:
    """Whether the acting person may decide on it now. Raises NotAllowed, StateForbids naming who has decided."""
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    if person not in item_parties.hub_heads(desk.directory, item):
        raise NotAllowed("决定是否特别重大", who="综合专班负责人")
    escalations.check_open(item, "定为特别重大")
    before = item_history.noted(desk.session, item.id, DECIDED)
    if before is not None:
        at = f"{calendar.local(before.at):%m-%d %H:%M}"
        raise StateForbids(
            item.number,
            state=f"已由{before.by_name}于 {at} {_NAMES.get(before.new or '', '决定')}",
            act="再次决定",
        )
    if not item.urgent:
        raise StateForbids(item.number, state="未标注紧急", act="定为特别重大", allowed=("提级",))


def confirm(desk: Desk, item: Item) -> tuple[PersonInfo, ...]:
    """[定为特别重大]: level 3 at once, 紧急 push to the leaders, the author is told. Returns who was told."""
    check(desk, item)
    if not item_levels.can_be_grave(desk, item):
        raise Invalid(
            f"{item.number} 是县级自行解决的事项，不能直接定为特别重大",
            mend=f"请提请市级协调：/提级 {item.number}",
        )
    desk.record(items.subject(item), {DECIDED: (None, True)}, reason="定为特别重大")
    if item.level < GOVERNMENT:
        item_raising.lift(desk, item, GOVERNMENT, reason="特别重大")
    deciders, informed = _leaders(desk, item)
    people = tuple(dict.fromkeys([*deciders, *informed]))
    if item.restricted:
        circle = sorted({*item.visible_to, *(one.id for one in people)})
        items.change(desk, item, visible_to=circle, reason="特别重大")
    raiser = item_parties.person(desk.directory, item.raised_by_id)
    for to, decides in ((deciders, True), ([one for one in informed if one not in deciders], False)):
        desk.notify(
            GraveProblem(
                items.facts(desk, item), raiser.label if raiser else "", item.raised_at, item.wanted,
                desk.actor.label, desk.now, decides=decides,
                level_name=item_levels.chain_of(desk, item)[GOVERNMENT].name,
            ),
            to=to, key=items.key_of(item, f"grave {decides}"), reason="特别重大问题",
            about=items.subject(item), urgency=Urgency.URGENT,
        )  # fmt: skip
    _tell_author(desk, item, grave=True, told=_names(people))
    return people


def decline(desk: Desk, item: Item) -> None:
    """[按一般处理]: screened like any other; the author is told at once."""
    check(desk, item)
    desk.record(items.subject(item), {DECIDED: (None, False)}, reason="按一般处理")
    items.change(desk, item, urgent=False, reason="按一般处理")
    _tell_author(desk, item, grave=False, told="")


def _leaders(desk: Desk, item: Item) -> tuple[list[PersonInfo], list[PersonInfo]]:
    """Who decides above, and 带班领导 of the lead units of the sector 专班."""
    directory, here = desk.directory, item.organisation_id
    top = item_levels.chain_of(desk, item)[GOVERNMENT].decider
    executive = directory.holders(top, organisation_id=here) if top is not None else ()
    deputies = item_levels.holders(desk, item, VICE_MAYOR)
    project = directory.projects.get(item.project_id or 0)
    sector = directory.task_forces.get(project.task_force_id or 0) if project is not None else None
    force = sector or items.task_force(desk, item)
    led = [
        leader
        for unit_id in (force.lead_ids if force else ())
        for leader in directory.for_unit(unit_id, Role.LEADER)
    ]
    return [*executive, *deputies], [one for one in led if one.id != desk.actor.person_id]


def _tell_author(desk: Desk, item: Item, *, grave: bool, told: str) -> None:
    desk.withdraw(items.subject(item), reason="已决定", notices=(UrgentReported,))
    author = item_parties.person(desk.directory, item.raised_by_id)
    if author is None or author.id == desk.actor.person_id:
        return
    desk.notify(
        decided(desk, item, grave=grave, told=told, own=False), to=author,
        key=items.key_of(item, "grave decided"), reason="紧急问题的决定", about=items.subject(item),
        urgency=Urgency.URGENT,
    )  # fmt: skip


def decided(desk: Desk, item: Item, *, grave: bool, told: str, own: bool) -> GraveDecided:
    """What the acting person decided. told: who was told of it; own: the reply to who decided."""
    level = item_levels.chain_of(desk, item)[GOVERNMENT].name
    return GraveDecided(items.facts(desk, item), grave, desk.actor.label, told, own=own, level_name=level)


def _names(people: tuple[PersonInfo, ...]) -> str:
    return "、".join(one.label for one in people)
