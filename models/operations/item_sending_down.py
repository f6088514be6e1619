"""A level sends a problem item back down, with a reason (rule G6)."""

from __future__ import annotations

from models.errors import Invalid, NotAllowed, StateForbids
from models.notices.escalations import ItemEscalated, ItemSentDown, MeetingCalled
from models.operations import escalations, item_levels, items, province_reports
from models.operations.desk import Desk
from models.queries import item_history, item_parties
from models.rules.escalation import GOVERNMENT, PROVINCE
from models.rules.posts import LEADERS
from models.tables.items import Item
from models.types import ItemState, Role


def send_down(desk: Desk, item: Item, reason: str) -> str:
    """退回综合专班: back to the level it came from, with a reason (rule G6). Returns who was told."""
    check_sends_down(desk, item)
    why = reason.strip()
    if not why:
        raise Invalid("退回要写明原因")
    giver = desk.directory.people[desk.actor.on_behalf_of or 0]
    from_province = item_levels.at_province(desk, item)
    items.change(
        desk, item, reason=why, level=item_history.level_before(desk.session, item), level_since=desk.now
    )
    desk.withdraw(items.subject(item), reason="已退回综合专班", notices=(ItemEscalated, MeetingCalled))
    heads = item_parties.hub_heads(desk.directory, item)
    if from_province:
        province_reports.sent_down(desk, item)
        below = (
            *item_levels.deciders(desk, item),
            *item_parties.screeners(desk.directory, item),
            *heads,
        )
        allowed = item_parties.allowed_only(desk.directory, item, dict.fromkeys(below))
        heads = tuple(one for one in allowed if one.id != desk.actor.person_id)
    desk.notify(
        ItemSentDown(
            items.facts(desk, item), giver.label, why, item.level,
            screening=item.state == ItemState.SCREENING.value,
            level_name=item_levels.level_of(desk, item).name,
        ),
        to=heads, key=items.key_of(item, "sent down"), reason="退回综合专班", about=items.subject(item),
    )  # fmt: skip
    return "、".join(head.label for head in heads)


def check_sends_down(desk: Desk, item: Item) -> None:
    """Whether the acting person may send it back a level now. Raises NotAllowed, StateForbids."""
    if (linked := item_levels.sent_up(desk, item)) is not None:
        raise StateForbids(item.number, state=f"已由市级受理为 {linked.number}", act="退回综合专班")
    person = escalations.acting(desk, item)
    roles, who = _senders(desk, item)
    if person is None or not person.holds(*roles) or person.organisation_id != item.organisation_id:
        raise NotAllowed(f"退回 {item.number}", who=who)
    escalations.check_open(item, "退回综合专班")
    if item.level < 2:
        raise StateForbids(
            item.number, state=escalations.standing(item), act="退回综合专班",
            meanwhile=escalations.sent_down(desk, item),
        )  # fmt: skip


def _senders(desk: Desk, item: Item) -> tuple[tuple[Role, ...], str]:
    """Whose posts send back from the item's level, and these in words (rule G6)."""
    chain = item_levels.chain_of(desk, item)
    top = chain[GOVERNMENT].decider
    if item.level == PROVINCE:
        return (Role.OFFICE_HEAD,), chain.office
    if item.level == GOVERNMENT and top is not None and chain.own_top >= GOVERNMENT:
        return (top,), chain[GOVERNMENT].addressee
    return LEADERS, escalations.leaders_who(desk, item)
