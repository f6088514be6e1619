"""An export leaves a trace: who, when, what, how many rows, where to (rule Q2)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select

from models.operations.desk import Desk
from models.tables.audit import AuditHead
from models.types import Subject

RECORD: Final = "export"


def note_export(desk: Desk, *, what: str, scope: str, rows: int, name: str) -> Subject:
    """Record one export and return its record. what: 总账, 问题事项…; scope: whose view; name: the file."""
    newest = desk.session.execute(
        select(func.max(AuditHead.record_id)).where(AuditHead.record_kind == RECORD)
    ).scalar_one()
    subject = Subject(RECORD, (newest or 0) + 1)
    desk.record(
        subject,
        {"what": (None, what), "scope": (None, scope), "rows": (None, rows), "name": (None, name)},
        reason="导出",
    )
    return subject
