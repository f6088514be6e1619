"""[受理] and [退回县级] of the city, [继续办理] of the county (rules G2, G3, G6, Q3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from handlers import access, asked_words, item_access
from handlers.asked_words import Answer, answered_by
from handlers.context import Context
from handlers.verbs import Verb
from models.errors import NotFound
from models.notices.escalations import CountyRequestDecided
from models.notices.items import ItemDone
from models.operations import county_links, items
from models.operations.desk import Desk
from models.queries import lights as queries
from models.rules.items import ItemAct
from models.tables.items import Item
from models.tables.lights import EscalationDraft
from models.types import Role

Args = Mapping[str, str | int]

REASON: Final = "county.send_back_reason"


def press_accept(context: Context, args: Args, _text: str) -> None:
    """[受理]"""
    draft, desk = _request(context, args)
    asked_words.settle(context, (REASON,))
    new = county_links.accept(desk, draft)
    context.say_privately(replace(_decided(context, desk, draft), city_number=new.number))


def press_send_back(context: Context, args: Args, text: str) -> None:
    """[退回县级]"""
    draft, desk = _request(context, args)
    item = county_links.check_decides(desk, draft, "退回县级")
    if not text.strip():
        asked_words.ask(context, REASON, args, what="退回县级的原因", code=item.number)
        return
    asked_words.settle(context, (REASON,))
    county_links.send_back(desk, draft, text)
    context.say_privately(replace(_decided(context, desk, draft), reason=text.strip()))


def _decided(context: Context, desk: Desk, draft: EscalationDraft) -> CountyRequestDecided:
    item = items.get(desk, draft.subject_id)
    county = context.directory.organisations[item.organisation_id].name
    return CountyRequestDecided(items.facts(desk, item), county, desk.actor.label, "", "", own=True)


def _request(context: Context, args: Args) -> tuple[EscalationDraft, Desk]:
    """The request of a button. The county's item itself is not the city's to see: who may is asked of the request."""
    draft = queries.proposal_by_id(context.session, int(args["request"]))
    if draft is None:
        raise NotFound("提请")
    return draft, access.desk_as(context, Role.HUB_HEAD)


def press_go_on(context: Context, args: Args, text: str) -> None:
    """[继续办理]"""
    item: Item = item_access.by_id(context, int(args["item"]))
    county_links.go_on(item_access.desk_for(context, item, ItemAct.CLOSE), item, text)
    context.say_privately(ItemDone(items.facts(context.desk, item), act="退回继续办理", told=""))


ANSWERS: Final[Mapping[str, Answer]] = {REASON: answered_by(press_send_back)}

VERBS: Final[Mapping[str, Verb]] = {
    "county.accept": press_accept,
    "county.send_back": press_send_back,
    "county.go_on": press_go_on,
}
