"""会议纪要 become tasks: new items 待签收, or a note on the item that is there already (rules M1, F3, F5–F9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from models.errors import Invalid, NotAllowed
from models.notices.minutes import MinutesTask, MinutesTasked
from models.operations import item_tasks, items
from models.operations.desk import Desk
from models.queries import item_parties
from models.queries import items as item_queries
from models.queries.directory import PersonInfo
from models.rules.items import kind_of
from models.rules.ladder import Receipt
from models.tables.coordination import Minutes, MinutesLine
from models.tables.items import Item
from models.types import Role, Subject

SOURCE: Final = "会议纪要"
WHO: Final = "综合专班联络员、负责人，专班牵头单位联络员、带班领导"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One confirmed line for one unit. item_id: the item that carries it already."""

    text: str
    unit_id: int
    person_id: int
    due_at: datetime
    project_id: int | None = None
    item_id: int | None = None


def organises(desk: Desk, person: PersonInfo) -> bool:
    """综合专班, 市攻坚办 and the lead units call meetings (rule B10)."""
    if item_parties.is_hub(desk.directory, person) or person.holds(Role.OFFICE_HEAD):
        return True
    leads = {unit_id for one in desk.directory.task_forces.values() for unit_id in one.lead_ids}
    return any(post.role in (Role.LIAISON, Role.LEADER) and post.unit_id in leads for post in person.posts)


def check_organiser(desk: Desk, person: PersonInfo) -> None:
    """Raises NotAllowed for who does not call meetings."""
    if not organises(desk, person):
        raise NotAllowed("录入会议纪要", who=WHO)


def enter(desk: Desk, title: str, text: str, minutes_id: int | None) -> Minutes:
    """The minutes as pasted, once."""
    known = desk.session.get(Minutes, minutes_id) if minutes_id is not None else None
    if known is not None:
        return known
    author = desk.directory.people[desk.actor.on_behalf_of or 0]
    row = Minutes(
        organisation_id=author.organisation_id, title=title, text=text, by_id=author.id, at=desk.now
    )
    desk.session.add(row)
    desk.session.flush()
    desk.record(Subject("minutes", row.id), {"title": (None, title)}, first=True)
    return row


def confirm(desk: Desk, minutes: Minutes, decisions: Sequence[Decision]) -> tuple[str, ...]:
    """Enter decisions; every unit is told once. Returns the numbers of the items that carry them."""
    supervisor = item_tasks.supervisor(desk, minutes.organisation_id)
    if supervisor is None:
        raise Invalid("通讯录里没有督办专员", mend="请先补充名册")
    done: list[tuple[Item, Decision, Receipt | None]] = []
    for one in decisions:
        item = item_queries.by_id(desk.session, one.item_id)
        if item is not None:
            desk.record(
                items.subject(item), {"minutes": (None, f"{minutes.title}：{one.text}")}, reason=SOURCE
            )
            done.append((item, one, None))
        else:
            task, receipt = _task(desk, minutes, one, supervisor)
            done.append((task, one, receipt))
        _line(desk, minutes, one, done[-1][0])
    _tell(desk, minutes, done, supervisor)
    return tuple(dict.fromkeys(item.number for item, _, _ in done))


def _task(desk: Desk, minutes: Minutes, one: Decision, supervisor: PersonInfo) -> tuple[Item, Receipt]:
    kind = kind_of(one.text)
    force = items.suggested_force(desk, minutes.organisation_id, kind)
    return item_tasks.assign(
        desk,
        item_tasks.Order(
            organisation_id=minutes.organisation_id, text=one.text, unit_id=one.unit_id, person_id=one.person_id,
            due_at=one.due_at, supervisor_id=supervisor.id, source=SOURCE, raised_by_id=minutes.by_id,
            project_id=one.project_id, kind=kind, task_force_id=force.id if force else None,
        ),
    )  # fmt: skip


def _line(desk: Desk, minutes: Minutes, one: Decision, item: Item) -> None:
    seq = desk.session.execute(
        select(func.coalesce(func.max(MinutesLine.seq), 0)).where(MinutesLine.minutes_id == minutes.id)
    ).scalar_one()
    desk.session.add(
        MinutesLine(
            minutes_id=minutes.id, seq=seq + 1, text=one.text, item_id=item.id, unit_id=one.unit_id, due_at=one.due_at
        )
    )  # fmt: skip
    desk.session.flush()
    desk.record(Subject("minutes", minutes.id), {"line": (None, f"{item.number} {one.text}")})


def _tell(
    desk: Desk,
    minutes: Minutes,
    done: Sequence[tuple[Item, Decision, Receipt | None]],
    supervisor: PersonInfo,
) -> None:
    """责任人, 带班领导 and 督办专员, each once with all that concerns them."""
    by_person: dict[int, list[int]] = defaultdict(list)
    holders: set[int] = set()
    for place, (item, one, receipt) in enumerate(done):
        holder = item.person_id if receipt is None and item.person_id else one.person_id
        holders.add(holder)
        leaders = item_parties.allowed_only(
            desk.directory, item, desk.directory.for_unit(one.unit_id, Role.LEADER)
        )
        for number in dict.fromkeys(
            [holder, *(leader.id for leader in leaders), item.supervisor_id or supervisor.id]
        ):
            by_person[number].append(place)
    for number, places in by_person.items():
        person = desk.directory.people.get(number)
        if person is None or (number == desk.actor.person_id and number not in holders):
            continue
        due = [receipt.due for place in places if (receipt := done[place][2]) is not None]
        desk.notify(
            MinutesTasked(
                minutes.title, desk.actor.label, tasks=tuple(_shown(desk, *done[place][:2]) for place in places),
                receipt_due_at=min(due, default=None), holder=number in holders,
            ),
            to=person, key=f"minutes {minutes.id} {desk.now.isoformat()}", reason="会议议定事项",
            about=Subject("minutes", minutes.id),
        )  # fmt: skip


def _shown(desk: Desk, item: Item, one: Decision) -> MinutesTask:
    person = desk.directory.people.get(item.person_id or one.person_id)
    return MinutesTask(
        item.id, item.number, one.text, desk.directory.units[one.unit_id].name, person.label if person else "",
        one.due_at, linked=one.item_id is not None,
    )  # fmt: skip


def carrying(
    desk: Desk,
    organisation_id: int,
    *,
    number: str | None,
    project_id: int | None,
    unit_ids: Sequence[int],
    text: str,
) -> Item | None:
    """The open item that a decision belongs to: named by number, else of the project with the unit or of the type."""
    if number is not None:
        named = item_queries.by_number(desk.session, organisation_id, number)
        return named if named is not None and not named.restricted and named.closed_at is None else None
    if project_id is None:
        return None
    found = [
        one
        for one in item_queries.of_project(desk.session, project_id)
        if not one.restricted and one.organisation_id == organisation_id and one.unit_id in unit_ids
    ]
    kind = kind_of(text)
    return next(
        (one for one in found if one.kind == kind), found[0] if len(found) == 1 and kind is None else None
    )
