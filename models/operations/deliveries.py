"""Papers on their way: to units with a file and [签收], to groups in one line, back as 回执 (rules H5, H6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from models.errors import Invalid, NotAllowed, StateForbids
from models.notices.documents import (
    DocumentAnnounced,
    DocumentDelivered,
    DocumentReceiptReminder,
    DocumentVoided,
)
from models.operations import documents, items
from models.operations.desk import Desk, group
from models.queries import documents as queries
from models.queries import item_parties
from models.queries.directory import GroupInfo, PersonInfo
from models.rules import calendar
from models.rules.ladder import receipt
from models.tables.documents import Document, DocumentReceipt
from models.tables.items import Item
from models.types import DocumentKind, DocumentState, ItemState, Role, Subject

RECEIPT: Final = "document_receipt"


def send(desk: Desk, document: Document, copies: Mapping[int, int]) -> tuple[str, ...]:
    """送达: 联络员 and 带班领导 of each unit in private, one line to the groups (rule H5).

    copies: unit → attachment. Returns the names of units where nobody can be told; they stay 未送达.
    """
    unreached = []
    begun = calendar.next_opening(desk.now, desk.directory.calendar, desk.push_window)
    policy = desk.policy_of(document.organisation_id)
    for unit_id, attachment_id in copies.items():
        due = receipt(
            begun,
            desk.directory.calendar,
            within=policy.receipt_workdays,
            report_after=policy.receipt_report_workdays,
        )
        row = DocumentReceipt(
            document_id=document.id, unit_id=unit_id, attachment_id=attachment_id, sent_at=desk.now,
            due_at=due.due, on_paper=False, read_by=[],
        )  # fmt: skip
        desk.session.add(row)
        desk.session.flush()
        people = recipients(desk, document, unit_id)
        if not people:
            unreached.append(desk.directory.units[unit_id].name)
            continue
        for person in people:
            desk.notify(
                _delivered(desk, document, row, person),
                to=person,
                key=f"document {document.id} unit {unit_id}",
                reason="公文送达",
                about=queries.subject(document),
            )
        desk.set_timer(RECEIPT, Subject(RECEIPT, row.id), due_at=due.remind_at)
    _announce(desk, document, copies)
    return tuple(unreached)


def _delivered(desk: Desk, document: Document, row: DocumentReceipt, person: PersonInfo) -> DocumentDelivered:
    assert document.serial is not None
    assert row.attachment_id is not None
    reply_by = document.body.get("reply_by")
    return DocumentDelivered(
        document_id=document.id,
        receipt_id=row.id,
        kind=document.kind,
        serial=documents.label(document),
        title=document.title or "",
        unit=desk.directory.units[row.unit_id].name,
        reply_by=datetime.fromisoformat(str(reply_by)) if reply_by else None,
        receipt_due_at=row.due_at,
        attachment_id=row.attachment_id,
        leader=person in desk.directory.for_unit(row.unit_id, Role.LEADER),
    )


def recipients(desk: Desk, document: Document, unit_id: int) -> tuple[PersonInfo, ...]:
    """联络员 and 带班领导 of a unit, or who stands in; of a restricted item only those who may see it (B8)."""
    people = [
        person for role in (Role.LIAISON, Role.LEADER) for person in desk.directory.for_unit(unit_id, role)
    ]
    item = queries.item_of(desk.session, document)
    if item is not None:
        if item.unit_id == unit_id and (responsible := item_parties.responsible(desk.directory, item)):
            people.append(responsible)
        people = list(item_parties.allowed_only(desk.directory, item, people))
    return tuple(dict.fromkeys(people))


def _announce(desk: Desk, document: Document, units: Iterable[int]) -> None:
    """Title and number only, to the group of the county, or of the unit's 专班; nothing of a restricted item."""
    item = queries.item_of(desk.session, document)
    if item is not None and item.restricted:
        return
    for group_id, named in _groups(desk, document, units).items():
        desk.notify(
            DocumentAnnounced(named, documents.label(document), document.title or ""),
            to=group(group_id),
            key=f"document {document.id} issued",
            reason="公文印发",
            about=queries.subject(document),
        )


def _groups(desk: Desk, document: Document, units: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The group of each unit, with the names of the units that belong to it."""
    found: dict[int, tuple[str, ...]] = {}
    for unit_id in units:
        of_unit = group_of(desk, document, unit_id)
        if of_unit is not None:
            found[of_unit.id] = (*found.get(of_unit.id, ()), desk.directory.units[unit_id].name)
    return found


def group_of(desk: Desk, document: Document, unit_id: int) -> GroupInfo | None:
    """The county's group; for a city unit that of the 专班 that handles the matter, else of its first one."""
    unit = desk.directory.units[unit_id]
    if unit.region_id is not None:
        return desk.directory.group_of_region(unit.region_id)
    forces = desk.directory.task_forces_of_unit.get(unit_id, ())
    item = queries.item_of(desk.session, document)
    handling = [force for force in forces if item is not None and force.id == item.task_force_id]
    chosen = next(iter((*handling, *forces)), None)
    return desk.directory.group_of_task_force(chosen.id) if chosen is not None else None


# --- receipts


def receive(desk: Desk, document: Document, row: DocumentReceipt) -> bool:
    """签收 by the unit; False when it had been signed for before. Raises NotAllowed, StateForbids."""
    unit = desk.directory.units[row.unit_id]
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    if person is None or not item_parties.speaks_for(desk.directory, person, row.unit_id):
        raise NotAllowed(f"签收 {documents.label(document)}", who=f"{unit.name}的联络员、带班领导")
    _require_valid(document, "签收")
    if row.received_at is not None:
        return False
    _received(desk, document, row, receiver=desk.actor.label)
    row.received_by_id = desk.actor.person_id
    desk.session.flush()
    return True


def _require_valid(document: Document, act: str) -> None:
    if document.state == DocumentState.VOID.value:
        raise StateForbids(documents.label(document), state=f"已作废（{document.end_reason}）", act=act)


def _received(desk: Desk, document: Document, row: DocumentReceipt, *, receiver: str) -> None:
    how = "线下" if row.on_paper else "线上"
    unit = desk.directory.units[row.unit_id].name
    row.received_at = row.received_at or desk.now
    row.receiver = receiver
    desk.record(
        queries.subject(document),
        {"receipt": (None, f"{unit} {receiver} {how}，{calendar.local(row.received_at):%m-%d %H:%M}")},
    )
    desk.cancel_timers(Subject(RECEIPT, row.id), RECEIPT, reason="已签收")
    desk.session.flush()


def read(desk: Desk, document: Document, row: DocumentReceipt) -> None:
    """已阅 of a leader: noted, no receipt (rule H5). Raises NotAllowed, StateForbids for a paper that is void."""
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    if person is None or not item_parties.speaks_for(desk.directory, person, row.unit_id):
        raise NotAllowed(f"已阅 {documents.label(document)}", who="收文单位的带班领导")
    _require_valid(document, "已阅")
    if person.label not in row.read_by:
        row.read_by = [*row.read_by, person.label]
        desk.record(queries.subject(document), {"read": (None, person.label)})
        desk.session.flush()


def register_paper(
    desk: Desk,
    document: Document,
    row: DocumentReceipt,
    *,
    receiver: str,
    received_at: datetime,
    file_ids: tuple[int, ...],
) -> tuple[str, ...]:
    """送达 on paper, with the photo of the slip: counts as receipt (rule H6). Returns numbers of the items marked."""
    if document.state != DocumentState.ISSUED.value:
        raise StateForbids(documents.label(document), state=document.state, act="登记送达")
    if received_at > desk.now:
        raise Invalid("送达时间在将来", mend="请写实际送达的时间")
    assert document.issued_at is not None
    if received_at < document.issued_at.replace(second=0, microsecond=0):
        raise Invalid(
            f"送达时间早于签发（{calendar.local(document.issued_at):%m-%d %H:%M}）", mend="请写实际送达的时间"
        )
    row.on_paper, row.received_at = True, received_at
    row.handled_by_id = desk.actor.person_id
    _received(desk, document, row, receiver=receiver)
    desk.record(
        queries.subject(document), {"handled_by": (None, f"经办 {desk.actor.label}，附件{len(file_ids)}")}
    )
    return tuple(one.number for one in _mark_items(desk, document, row))


def _mark_items(desk: Desk, document: Document, row: DocumentReceipt) -> list[Item]:
    """The unit's items on a 交办清单 are 已线下送达."""
    if document.kind != DocumentKind.LIST.value:
        return []
    marked = []
    for number in document.body.get("items", ()):
        item = items.get(desk, int(number))
        if item.unit_id != row.unit_id or item.state not in (
            ItemState.AWAITING_RECEIPT.value,
            ItemState.IN_PROGRESS.value,
        ):
            continue
        items.change(desk, item, reason=f"已线下送达 {document.serial}", paper_delivered_at=row.received_at)
        marked.append(item)
    return marked


def remind(desk: Desk, receipt_id: int) -> str:
    """No receipt within a workday: one reminder (rule H5)."""
    row = queries.receipt_by_id(desk.session, receipt_id)
    document = queries.by_id(desk.session, row.document_id) if row is not None else None
    if row is None or document is None or row.received_at is not None:
        return "已签收"
    if document.state != DocumentState.ISSUED.value:
        return "已作废"
    people = recipients(desk, document, row.unit_id)
    liaisons = desk.directory.for_unit(row.unit_id, Role.LIAISON)
    to = [person for person in people if person in liaisons] or list(people)
    desk.notify(
        DocumentReceiptReminder(
            document.id, row.id, documents.label(document), document.title or "", row.sent_at, row.due_at,
            row.attachment_id,
        ),
        to=to,
        key=f"document receipt {row.id}",
        reason="公文签收提醒",
        about=queries.subject(document),
    )  # fmt: skip
    row.reminded_at = desk.now
    desk.session.flush()
    return "已提醒"


def tell_void(desk: Desk, document: Document) -> None:
    """Everybody who got the paper, and the groups that got its line."""
    notice = DocumentVoided(
        documents.label(document), document.title or "", document.end_reason or "", desk.actor.label
    )
    rows = queries.receipts(desk.session, document.id)
    people = [person for row in rows for person in recipients(desk, document, row.unit_id)]
    people.extend(other_recipients(desk, document))
    item = queries.item_of(desk.session, document)
    groups = [] if item is not None and item.restricted else list(all_groups(desk, document, rows))
    desk.notify(
        notice,
        to=[*dict.fromkeys(people), *map(group, groups)],
        key=f"document {document.id} void",
        reason="公文作废",
        about=queries.subject(document),
        without=(desk.actor.person_id,) if desk.actor.person_id is not None else (),
    )


def all_groups(desk: Desk, document: Document, rows: Iterable[DocumentReceipt]) -> tuple[int, ...]:
    """Ids of the groups that were told of it: all of the organisation for a 排名通报."""
    if document.template == "排名通报":
        return tuple(
            one.id
            for one in desk.directory.groups.values()
            if one.organisation_id == document.organisation_id
        )
    return tuple(_groups(desk, document, [row.unit_id for row in rows]))


def other_recipients(desk: Desk, document: Document) -> tuple[PersonInfo, ...]:
    """Who got it besides units: 市政府领导 for a 简报 (rule I5)."""
    ids = document.body.get("readers", ())
    return tuple(desk.directory.people[number] for number in ids if number in desk.directory.people)
