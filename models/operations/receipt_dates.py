"""Another calendar moves the receipts that are still due (rules A1, H5; S67)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.notices.documents import DocumentReceiptMoved
from models.operations import deliveries, documents
from models.operations.desk import Desk
from models.queries import documents as queries
from models.rules import calendar
from models.rules.ladder import receipt
from models.types import Subject


@dataclass(frozen=True, slots=True)
class MovedReceipt:
    serial: str
    unit: str
    old: datetime
    new: datetime


def recompute(desk: Desk) -> tuple[MovedReceipt, ...]:
    """Count every receipt to come anew with the desk's calendar; the units whose date moved are told once.

    What was due or reminded of before stays as it was.
    """
    days = desk.directory.calendar
    moved = []
    for document, row in queries.receipts_to_come(desk.session, desk.now):
        begun = calendar.next_opening(row.sent_at, days, desk.push_window)
        policy = desk.policy_of(document.organisation_id)
        due = receipt(
            begun, days, within=policy.receipt_workdays, report_after=policy.receipt_report_workdays
        )
        if due.due == row.due_at or due.due <= desk.now:
            continue
        unit = desk.directory.units[row.unit_id].name
        one = MovedReceipt(documents.label(document), unit, calendar.local(row.due_at), due.due)
        desk.record(
            queries.subject(document),
            {"receipt_due_at": (f"{unit} {one.old:%m-%d %H:%M}", f"{unit} {one.new:%m-%d %H:%M}")},
            reason="工作日历变更",
        )
        row.due_at = due.due
        about = Subject(deliveries.RECEIPT, row.id)
        desk.cancel_timers(about, deliveries.RECEIPT, reason="工作日历变更")
        desk.set_timer(deliveries.RECEIPT, about, due_at=due.remind_at)
        desk.notify(
            DocumentReceiptMoved(document.id, row.id, one.serial, document.title or "", one.old, one.new),
            to=list(deliveries.recipients(desk, document, row.unit_id)),
            key=f"document receipt {row.id} moved {one.new.isoformat()}",
            reason="公文签收时限变更",
            about=queries.subject(document),
        )
        moved.append(one)
    desk.session.flush()
    return tuple(moved)
