"""What becomes of a 提级建议 on an item whose reason goes before anybody has decided (rules F6, G2)."""

from __future__ import annotations

from models.notices.escalations import ItemEscalationProposed
from models.notices.light_proposals import LightProposalWithdrawn
from models.operations import escalation_drafts as drafts
from models.operations import item_levels, items, ladders, outbox
from models.operations.desk import Desk
from models.queries import item_parties, lights
from models.queries.directory import PersonInfo
from models.rules import escalation as rules
from models.rules.ladder import RungName
from models.tables.items import Item
from models.tables.lights import EscalationDraft


def lapse(desk: Desk, item: Item, why: str, *, by_persons: bool = False) -> None:
    """What is no longer overdue goes up to nobody for that reason; who had the card is told.

    All waits on while another due date of the item has come as far. by_persons: what somebody has proposed goes too.
    """
    if _climbed_elsewhere(desk, item):
        return
    about = items.subject(item)
    for draft in lights.undecided_of_item(desk.session, item.id):
        if draft.by_id is not None and not by_persons:
            continue
        if item_levels.goes_above(desk, item, draft.to_level):
            continue  # what a county has asked its city lies before the city
        draft.state, draft.outcome, draft.decided_at = drafts.WITHDRAWN, f"{why}，建议已撤回", desk.now
        desk.record(drafts.subject(draft), {"state": (drafts.UNDECIDED, drafts.WITHDRAWN)}, reason=why)
        unsent = [
            number
            for number, fields in outbox.waiting(desk.session, about, (ItemEscalationProposed,))
            if fields["proposal_id"] == draft.id
        ]
        if unsent:
            outbox.withdraw_rows(desk.session, unsent, reason=why, now=desk.now)
            continue
        desk.notify(
            LightProposalWithdrawn(draft.id, item.number, why), to=_deciders(desk, item, draft),
            key=f"escalation_draft:{draft.id}:withdrawn", reason="提级建议撤回", about=drafts.subject(draft),
        )  # fmt: skip
    desk.session.flush()


def _climbed_elsewhere(desk: Desk, item: Item) -> bool:
    return any(
        rung.name == RungName.ESCALATION.value
        for ladder in ladders.of(desk.session, items.subject(item))
        if ladder.state != ladders.ENDED
        for rung in ladders.taken_of(desk.session, ladder)
    )


def _deciders(desk: Desk, item: Item, draft: EscalationDraft) -> list[PersonInfo]:
    """Who had the card, without the person who acts now."""
    role = rules.decider(draft.to_level, item_levels.chain_of(desk, item))
    found = desk.directory.holders(role, organisation_id=item.organisation_id)
    found = item_parties.allowed_only(desk.directory, item, found) or item_parties.hub_heads(
        desk.directory, item
    )
    return [one for one in found if one.id != desk.actor.person_id]
