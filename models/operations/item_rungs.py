"""What each rung of the ladder does for a problem item (rule F6). Importing this module registers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from models.notices.escalations import ItemEscalationProposed
from models.notices.item_rungs import (
    ItemDueSoon,
    ItemOverdueReported,
    ItemUrged,
    LetterProposed,
)
from models.operations import documents, item_levels, item_raising, items, ladders, letters
from models.operations.desk import Desk
from models.queries import item_parties
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules.items import TOP_LEVEL
from models.rules.ladder import RungName, overdue_workdays
from models.tables.items import Item, Ladder
from models.types import DocumentKind


def take(desk: Desk, climb: Ladder, rung: RungName) -> None:
    """Say what a rung says, to whom it says it."""
    item = items.get(desk, climb.subject_id)
    _RUNGS[rung](desk, climb, item)


def _remind(desk: Desk, climb: Ladder, item: Item) -> None:
    """T−1: 责任人."""
    person = item_parties.responsible(desk.directory, item)
    if person is not None:
        desk.notify(
            ItemDueSoon(items.facts(desk, item), items.WHAT[climb.what], climb.due_at, _late(desk, climb)),
            to=person,
            key=_key(climb, RungName.REMIND),
            reason="到期提醒",
            about=items.subject(item),
        )


def _urge(desk: Desk, climb: Ladder, item: Item) -> None:
    """T+1: 责任人 and 联络员; one message where they are the same person."""
    person = item_parties.responsible(desk.directory, item)
    people = [*([person] if person else []), *item_parties.liaisons(desk.directory, item)]
    desk.notify(
        ItemUrged(
            items.facts(desk, item),
            items.WHAT[climb.what],
            climb.due_at,
            _late(desk, climb),
            excused_until=ladders.excused_until(desk, climb),
        ),
        to=people,
        key=_key(climb, RungName.URGE),
        reason="逾期催办",
        about=items.subject(item),
    )


def _reminder_letter(desk: Desk, climb: Ladder, item: Item) -> None:
    """T+3: a draft for the 督办专员, a notice to the 带班领导."""
    supervisor = item_parties.person(desk.directory, item.supervisor_id)
    to = (supervisor,) if supervisor else item_parties.hub_heads(desk.directory, item)
    _propose_letter(desk, climb, item, kind=DocumentKind.REMINDER, rung=RungName.REMINDER_LETTER, to=to)
    desk.notify(
        ItemOverdueReported(
            items.facts(desk, item),
            items.WHAT[climb.what],
            items.unit_name(desk, item),
            _person(desk, item),
            climb.due_at,
            _late(desk, climb),
            excused_until=ladders.excused_until(desk, climb),
        ),
        to=item_parties.leaders(desk.directory, item),
        key=_key(climb, RungName.REMINDER_LETTER, "leader"),
        reason="逾期告知带班领导",
        about=items.subject(item),
    )


def _supervision_letter(desk: Desk, climb: Ladder, item: Item) -> None:
    """T+5: a draft for 综合专班负责人."""
    _propose_letter(
        desk,
        climb,
        item,
        kind=DocumentKind.SUPERVISION,
        rung=RungName.SUPERVISION_LETTER,
        to=item_parties.hub_heads(desk.directory, item),
    )


def _propose_letter(
    desk: Desk, climb: Ladder, item: Item, *, kind: DocumentKind, rung: RungName, to: tuple[PersonInfo, ...]
) -> None:
    """Store the draft, without a number (rule H2), and show it to who decides on it."""
    if not to or item.unit_id is None:
        return
    letter = letters.propose(
        desk, kind, items.subject(item), climb.what, due_at=climb.due_at, to=to[0],
        organisation_id=item.organisation_id,
    )  # fmt: skip
    desk.record(items.subject(item), {"letter_draft": (None, kind.value)}, reason=rung.value)
    desk.notify(
        LetterProposed(
            items.facts(desk, item),
            letter.id,
            kind.value,
            items.WHAT[climb.what],
            items.unit_name(desk, item),
            _person(desk, item),
            climb.due_at,
            _late(desk, climb),
            version=letter.version,
            earlier=letters.earlier(desk, letter),
            reply_by=letters.reply_deadline(desk, kind, item.organisation_id),
            signs=to[0] in documents.signers(desk, letter),
            signers=documents.who_signs(desk, letter),
            excused_until=ladders.excused_until(desk, climb),
        ),
        to=to,
        key=_key(climb, rung),
        reason=f"{kind.value}草稿",
        about=items.subject(item),
    )


def _escalation(desk: Desk, climb: Ladder, item: Item) -> None:
    """T+10: a proposal to go up one level, decided by a person (rule G2)."""
    sent_up = item_levels.sent_up(desk, item) is not None
    if item.level >= TOP_LEVEL or item.parent_id is not None or sent_up:
        return
    to_level = item.level + 1
    if item_raising.open_draft(desk, item, to_level) is not None:
        return
    late = _late(desk, climb)
    if item_levels.goes_above(desk, item, to_level):
        _suggest_to_county(desk, climb, item, late)
        return
    said = item_raising.known(desk, item, to_level)
    when = f"{items.WHAT[climb.what]}应于 {calendar.local(climb.due_at):%m-%d %H:%M}，逾期{late}个工作日"
    item_raising.propose(
        desk,
        item,
        to_level,
        replace(said, crux=f"{item.title}；{when}", done=item.measures or ""),
        due_on=date.fromisoformat(said.due) if said.due else None,
        overdue=(items.WHAT[climb.what], late),
        key=_key(climb, RungName.ESCALATION),
    )


def _suggest_to_county(desk: Desk, climb: Ladder, item: Item, late: int) -> None:
    """A county itself asks the city, with what it has done so far (rule G3): its 综合专班负责人 is reminded of it."""
    chain = item_levels.chain_of(desk, item)
    desk.notify(
        ItemEscalationProposed(
            items.facts(desk, item), 0, item.level, item.level + 1, item.title, items.unit_name(desk, item),
            item.measures or "", None, done="", reason="", by="",
            overdue=f"{items.WHAT[climb.what]}逾期 {late} 个工作日", edited=False,
            from_name=chain[item.level].name, to_name=chain[item.level + 1].name,
        ),
        to=item_parties.hub_heads(desk.directory, item), key=_key(climb, RungName.ESCALATION),
        reason="提级建议", about=items.subject(item),
    )  # fmt: skip


def _person(desk: Desk, item: Item) -> str:
    person = item_parties.responsible(desk.directory, item)
    return person.label if person else ""


def _late(desk: Desk, climb: Ladder) -> int:
    return overdue_workdays(climb.due_at, desk.now, desk.directory.calendar)


def _key(climb: Ladder, rung: RungName, to: str = "") -> str:
    return f"ladder {climb.id} {rung.value} {to}"


_RUNGS: Final = {
    RungName.REMIND: _remind,
    RungName.URGE: _urge,
    RungName.REMINDER_LETTER: _reminder_letter,
    RungName.SUPERVISION_LETTER: _supervision_letter,
    RungName.ESCALATION: _escalation,
}

ladders.SAYS["item"] = take
