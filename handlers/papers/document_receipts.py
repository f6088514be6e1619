"""签收, 已阅 and 线下送达 of issued papers, and how they stand (rules H5, H6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from handlers import access, attachments, document_access, naming
from handlers.context import Context
from handlers.understanding.wanted import deadline_in
from handlers.verbs import Verb
from models.errors import Invalid, NotAllowed, NotFound, WordsMissing
from models.notices.documents import DocumentRead, DocumentReceived, DocumentStatus, PaperDelivery
from models.operations import attachments as attachment_operations
from models.operations import deliveries, documents
from models.operations.desk import Desk
from models.queries import documents as queries
from models.queries import item_parties
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.tables.documents import Document, DocumentReceipt

Args = Mapping[str, str | int]
_RECEIVER: Final = re.compile(
    r"(?:接收人|签收人|收件人|收到人|交给|由)\s*[:：]?\s*(?P<name>[^\s,，。;；]+(?:\([^)]*\)|（[^）]*）)?)"
)
_CLOCK: Final = re.compile(r"(?P<hour>\d{1,2})\s*[:：点时]\s*(?P<minute>\d{1,2})?")


def receive(context: Context, document: Document) -> None:
    """/签收 督12: for the sender's unit, or the one they stand in for."""
    rows = queries.receipts(context.session, document.id)
    for person in access.own_and_principals(context):
        mine = [row for row in rows if item_parties.speaks_for(context.directory, person, row.unit_id)]
        if mine:
            for row in mine:
                _receive(context, document, row)
            return
    raise NotAllowed(f"签收 {documents.label(document)}", who="收文单位的联络员、带班领导")


def _receive(context: Context, document: Document, row: DocumentReceipt) -> None:
    new = deliveries.receive(_desk(context, row), document, row)
    assert row.received_at is not None
    reply_by = document.body.get("reply_by")
    context.say_privately(
        DocumentReceived(
            document.id,
            serial=documents.label(document),
            title=document.title or "",
            unit=context.directory.units[row.unit_id].name,
            receiver=row.receiver or "",
            at=row.received_at,
            again=not new,
            reply_by=datetime.fromisoformat(str(reply_by)) if reply_by else None,
        )
    )


def _desk(context: Context, row: DocumentReceipt) -> Desk:
    people = access.own_and_principals(context)
    return context.act_for(
        next(
            (one for one in people if item_parties.speaks_for(context.directory, one, row.unit_id)), people[0]
        )
    )


def press_receive(context: Context, args: Args, _text: str) -> None:
    """[签收]"""
    _receive(context, *document_access.by_receipt(context, int(args["receipt"])))


def press_read(context: Context, args: Args, _text: str) -> None:
    """[已阅]: noted, no receipt."""
    document, row = document_access.by_receipt(context, int(args["receipt"]))
    deliveries.read(_desk(context, row), document, row)
    context.say_privately(
        DocumentRead(
            document.id, documents.label(document), context.directory.units[row.unit_id].name,
            row.received_at is not None, row.due_at, row.id,
        )
    )  # fmt: skip


# --- 线下送达


def on_paper(context: Context, document: Document, text: str) -> None:
    """/送达 交09 线下 接收人 邵鹏, with the photo of the slip (rule H6)."""
    hub = access.require_hub(context, f"登记 {documents.label(document)} 的线下送达")
    found = _RECEIVER.search(text)
    if found is None:
        raise Invalid(
            "要写明接收人", mend=f"例：/送达 {documents.label(document)} 线下 接收人 邵鹏（附签收单照片）"
        )
    rows = queries.receipts(context.session, document.id)
    receiver, row = _receiver(context, rows, found["name"], text)
    if row.received_at is not None:
        how = "线下" if row.on_paper else "线上"
        raise Invalid(
            f"{context.directory.units[row.unit_id].name}已于 {calendar.local(row.received_at):%m-%d %H:%M} "
            f"{how}签收（{row.receiver}）"
        )
    if context.message.files:
        attachments.keep(context)
    files = attachments.waiting(context)
    if not files:
        raise WordsMissing("要附签收单的照片", mend="请发照片", files=True)
    desk = context.act_for(hub)
    attachment_operations.give(desk, files, queries.subject(document))
    marked = deliveries.register_paper(
        desk, document, row, receiver=receiver, received_at=_when(context, text, found.end()),
        file_ids=tuple(file.id for file in files),
    )  # fmt: skip
    assert row.received_at is not None
    context.say_privately(
        PaperDelivery(
            document.id,
            serial=documents.label(document),
            unit=context.directory.units[row.unit_id].name,
            receiver=receiver,
            at=row.received_at,
            by=desk.actor.label,
            files_count=len(files),
            items=marked,
        )
    )


def _receiver(
    context: Context, rows: list[DocumentReceipt], name: str, text: str
) -> tuple[str, DocumentReceipt]:
    """The name, and the unit that the paper went to: that of the person, of the text, or the only one."""
    if not rows:
        raise NotFound("送达单位")
    people = naming.people_named(context.directory, context.sender.organisation_id, name)
    of_people = [(person, row) for person in people for row in rows if _belongs(context, person, row.unit_id)]
    unit = naming.unit_in(context.directory, context.sender.organisation_id, text.replace(name, " "))
    named = [row for row in rows if unit is not None and row.unit_id == unit.id]
    if named:
        return (people[0].label if len(people) == 1 else name), named[0]
    if len(of_people) == 1:
        return of_people[0][0].label, of_people[0][1]
    if len(rows) == 1:
        return name, rows[0]
    units = "、".join(context.directory.units[row.unit_id].name for row in rows)
    raise Invalid(f"不清楚{name}是哪个单位的", mend=f"请加上单位（{units}）")


def _belongs(context: Context, person: PersonInfo, unit_id: int) -> bool:
    return person.unit_id == unit_id or item_parties.speaks_for(context.directory, person, unit_id)


def _when(context: Context, text: str, after: int) -> datetime:
    """The time that the text names behind the receiver, today if it names no day; else now."""
    rest = text[after:]
    clock = _CLOCK.search(rest)
    if clock is None or int(clock["hour"]) > 23 or int(clock["minute"] or 0) > 59:
        return context.now
    day = deadline_in(rest[: clock.start()], context.desk.today, context.directory.calendar)
    day = context.desk.today if day is None or day > context.desk.today else day
    return calendar.at(day, f"{int(clock['hour']):02d}:{int(clock['minute'] or 0):02d}")


# --- how it stands


def show_status(context: Context, document: Document) -> None:
    """An issued paper with its receipts; a draft that is over with what became of it."""
    documents_state = f"{document.state}{f'：{document.end_reason}' if document.end_reason else ''}"
    if document.serial is None or document.issued_at is None:
        documents.require_waiting(context.desk, document, "办理")
        return
    rows = queries.receipts(context.session, document.id)
    units = context.directory.units
    signer = context.directory.people.get(document.issued_for_id or document.issued_by_id or 0)
    received = []
    for row in rows:
        if row.received_at is not None:
            how = "线下，" if row.on_paper else ""
            received.append(
                f"{units[row.unit_id].name}（{row.receiver}，{how}{calendar.local(row.received_at):%m-%d %H:%M}）"
            )
    context.say_privately(
        DocumentStatus(
            document.id,
            serial=documents.label(document),
            kind=document.kind,
            title=document.title or "",
            state=documents_state,
            issued_at=document.issued_at,
            by=signer.label if signer else "",
            received=tuple(received),
            waiting=tuple(units[row.unit_id].name for row in rows if row.received_at is None),
            attachment_id=document.attachment_id,
        )
    )


VERBS: Final[Mapping[str, Verb]] = {
    "document.receive": press_receive,
    "document.read": press_read,
}
