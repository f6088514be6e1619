"""Problem items as one aggregate: what they are, who may do what, and how a row changes (rules F1–F14).

The acting person's right is that of `desk.actor.on_behalf_of`; the moves stand in models.rules.items. The acts stand
in item_screening, item_dispatch, item_feedback and item_closing, what falls due in item_dues.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from models.errors import NotAllowed, NotFound, StateForbids, WordsMissing
from models.notices.items import ItemFacts
from models.operations import item_levels, numbering
from models.operations.desk import Desk
from models.queries import item_history, item_parties
from models.queries import items as item_queries
from models.queries.directory import TaskForceInfo
from models.rules import calendar
from models.rules import items as rules
from models.rules.items import ItemAct, Party
from models.rules.policy import Policy
from models.tables.items import Item
from models.types import ItemState, Subject

FEEDBACK: Final = "反馈"
CLOSING: Final = "办结"
WHAT: Final = {FEEDBACK: "定期反馈", CLOSING: "办结"}
"""How the two kinds of due date are named to people."""
FOLLOWED_BY: Final[list[Callable[[Desk, Item, Mapping[str, tuple[object, object]]], None]]] = []
"""What is told of every change of an item that came from another one (models.operations.county_links)."""
FINAL_AFTER_RETURNS: Final = 2  # F4: the second 退回 is ruled on by 综合专班负责人


def subject(item: Item) -> Subject:
    return item_queries.subject(item)


def facts(desk: Desk, item: Item) -> ItemFacts:
    project = desk.directory.projects.get(item.project_id) if item.project_id is not None else None
    return ItemFacts(
        id=item.id,
        number=item.number,
        title=item.title,
        project=f"{project.code} {project.name}" if project else "",
    )


def policy_of(desk: Desk, item: Item) -> Policy:
    """The policy of the item's organisation that it was opened with (rules F3–F7, Q3)."""
    return desk.policies.at(item.organisation_id, item.policy_version)


def unit_name(desk: Desk, item: Item) -> str:
    unit = desk.directory.units.get(item.unit_id) if item.unit_id is not None else None
    return unit.name if unit else ""


def get(desk: Desk, item_id: int) -> Item:
    """Raises NotFound for an unknown id."""
    item = item_queries.by_id(desk.session, item_id)
    if item is None:
        raise NotFound(str(item_id))
    return item


def may(desk: Desk, item: Item, act: ItemAct) -> None:
    """Whether the acting person may do it now. Raises NotAllowed, StateForbids (B10)."""
    right_of = desk.actor.on_behalf_of
    person = desk.directory.people.get(right_of) if right_of is not None else None
    if person is None:
        parties = frozenset(Party) if right_of is None else frozenset[Party]()
    else:
        parties = item_parties.parties(desk.directory, person, item)
    into = item_queries.by_id(desk.session, item.merged_into_id)
    if into is not None and not into.restricted and (person is None or parties):
        raise StateForbids(
            item.number,
            state=f"已合并到 {into.number}",
            act=rules.refused(act),
            meanwhile=last_move(desk, item),
        )
    try:
        rules.check(act, number=item.number, state=ItemState(item.state), parties=parties)
    except StateForbids as refused:
        refused.meanwhile = last_move(desk, item)
        raise
    if item_levels.awaits_decision(desk, item):
        raise StateForbids(item.number, state="已提级，待批示", act=rules.refused(act))
    final = item.returns >= FINAL_AFTER_RETURNS
    if act is ItemAct.DISPATCH and final and Party.HUB_HEAD not in parties:
        raise NotAllowed(f"再次交办 {item.number}", who=Party.HUB_HEAD.value)
    if act is ItemAct.SEND_BACK and final:
        raise StateForbids(item.number, state="已由综合专班负责人裁定", act="再退回", allowed=("签收",))


def last_move(desk: Desk, item: Item) -> str:
    """「冯国强 09-22 09:20 签收」: who brought the item into its state, for who acts on the one before."""
    row = item_history.noted(desk.session, item.id, "state")
    if row is None or row.new != item.state:
        return ""
    return f"{row.by_name} {calendar.local(row.at):%m-%d %H:%M} {rules.moved(row.old, item.state)}"


def require_reason(act: ItemAct, reason: str, *, what: str = "") -> None:
    """Raises WordsMissing where an act needs a reason and has none. what: the side of it that is meant (不同意延期)."""
    if rules.MOVES[act].needs_reason and not reason.strip():
        raise WordsMissing(f"{what or act.value}要写明原因")


# --- who handles it


def task_force(desk: Desk, item: Item) -> TaskForceInfo | None:
    """The 专班 that handles it, or the one that its type suggests (rule F2)."""
    if item.task_force_id is not None:
        return desk.directory.task_forces.get(item.task_force_id)
    return suggested_force(desk, item.organisation_id, item.kind)


def suggested_force(desk: Desk, organisation_id: int, kind: str | None) -> TaskForceInfo | None:
    """The 专班 of the organisation that a type suggests; 综合专班 where it has none of that name."""
    wanted = rules.force_of(kind)
    return next(
        (
            one
            for one in desk.directory.task_forces.values()
            if one.organisation_id == organisation_id and one.name.startswith(wanted)
        ),
        desk.directory.hub(organisation_id),
    )


# --- rows


def enter(desk: Desk, item: Item, *shown: str) -> None:
    """Store a new item, raised now, with the next number of its organisation.

    shown: the fields with which its history begins, in this order.
    """
    organisation = desk.directory.organisations[item.organisation_id]
    count = numbering.next_number(desk.session, numbering.item_series(organisation.id))
    item.number = rules.number_of(count, organisation.level)
    item.raised_at = desk.now
    item.policy_version = item.level_version = desk.policy_of(organisation.id).version
    if item.parent_id is not None:  # the task of a 批示 stands at the level of its problem
        item.level_version = get(desk, item.parent_id).level_version
    desk.session.add(item)
    desk.session.flush()
    first = {name: getattr(item, name) for name in shown}
    desk.record(
        subject(item), {name: (None, None if value is False else value) for name, value in first.items()}
    )


def change(desk: Desk, item: Item, *, reason: str | None = None, **values: Any) -> None:
    """Set fields and write their audit rows; every change raises the version."""
    changes = {
        name: (getattr(item, name), value) for name, value in values.items() if getattr(item, name) != value
    }
    desk.record(subject(item), changes, reason=reason)
    for name, value in values.items():
        setattr(item, name, value)
    item.version += 1
    desk.session.flush()
    if item.origin_id is not None:
        for follow in FOLLOWED_BY:
            follow(desk, item, changes)


def key_of(item: Item, what: str) -> str:
    """The key of a notice about the item as it is now."""
    return f"item {item.id} {item.version} {what}"
