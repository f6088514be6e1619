"""What is stuck in the queues and needs a person (rules C12, P1, P3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.tables.inbox import InboxMessage
from models.tables.outbox import STUCK, OutboxNotice
from models.types import InboxState, OutboxState, RecipientKind

SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Stuck:
    """Counts, and the newest few reasons of what is dead, parked, or was for a group that is gone."""

    dead: int
    parked: int
    undelivered: int
    reasons: tuple[str, ...]

    @property
    def any(self) -> bool:
        return bool(self.dead or self.parked or self.undelivered)


def stuck(session: Session) -> Stuck:
    rows = session.execute(
        select(OutboxNotice.state, func.count()).where(STUCK).group_by(OutboxNotice.state)
    ).all()
    counts = {row[0]: int(row[1]) for row in rows}
    parked = session.execute(
        select(func.count()).select_from(InboxMessage).where(InboxMessage.state == InboxState.PARKED.value)
    ).scalar_one()
    reasons = session.execute(
        select(OutboxNotice.outcome)
        .where(
            STUCK,
            or_(
                OutboxNotice.state == OutboxState.DEAD.value,
                OutboxNotice.recipient_kind == RecipientKind.GROUP.value,
            ),
            OutboxNotice.outcome.is_not(None),
        )
        .order_by(OutboxNotice.id.desc())
        .limit(SHOWN)
    ).scalars()
    return Stuck(
        dead=counts.get(OutboxState.DEAD.value, 0),
        parked=parked,
        undelivered=counts.get(OutboxState.UNDELIVERED.value, 0),
        reasons=tuple(dict.fromkeys(reason for reason in reasons if reason)),
    )
