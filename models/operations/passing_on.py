"""Notices that could not reach a person: passed on by somebody else, or sent when the person can be reached (P3)."""

from __future__ import annotations

from sqlalchemy import select, update

from models.errors import NotUnderstood
from models.operations.desk import Desk
from models.tables.outbox import OutboxNotice
from models.types import OutboxState, RecipientKind


def passed_on(desk: Desk, outbox_id: int) -> str:
    """[已转报]: the notice counts as delivered, with the name of who passed it on. Returns whom it was for."""
    row = desk.session.get(OutboxNotice, outbox_id)
    name = _recipient(desk, row) if row is not None else ""
    if row is None or not name:
        raise NotUnderstood("这个按钮")
    if row.state == OutboxState.UNDELIVERED.value:
        row.state = OutboxState.SENT.value
        row.ended_at = desk.now
        row.outcome = f"{desk.actor.label}已转报"
    return name


def _recipient(desk: Desk, row: OutboxNotice) -> str:
    if row.recipient_kind == RecipientKind.GROUP.value:
        group = desk.directory.groups.get(row.recipient_id)
        return f"【{group.name}】群" if group is not None else ""
    person = desk.directory.people.get(row.recipient_id)
    return person.label if person is not None else ""


def now_reachable(desk: Desk, person_id: int) -> int:
    """A person was bound: what was 未送达 and not passed on goes out now. Returns how many notices."""
    waiting = desk.session.execute(
        select(OutboxNotice.id).where(
            OutboxNotice.recipient_kind == RecipientKind.PERSON.value,
            OutboxNotice.recipient_id == person_id,
            OutboxNotice.state == OutboxState.UNDELIVERED.value,
        )
    ).scalars().all()  # fmt: skip
    if waiting:
        desk.session.execute(
            update(OutboxNotice)
            .where(OutboxNotice.id.in_(waiting))
            .values(state=OutboxState.WAITING.value, outcome=None, due_at=desk.now, attempts=0)
            .execution_options(synchronize_session=False)
        )
    return len(waiting)
