"""Nightly: what need not be kept any longer is dropped. Ledgers, audit and sent messages stay."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import CursorResult, String, cast, delete, func, select, update
from sqlalchemy.orm import Session

from models.operations.desk import Desk
from models.operations.versions import mark, put_mark
from models.tables.clockwork import JobRun
from models.tables.inbox import InboxMessage, SeenMessage
from models.types import InboxState
from scheduler.schedule import Daily, Job, JobResult

SEEN_DAYS: Final = 8
"""Longer than any platform delivers a message again."""
TEXT_DAYS: Final = 30
JOB_RUN_DAYS: Final = 400
_PRUNED_TO: Final = "inbox_pruned_to"


def prune(desk: Desk) -> JobResult:
    """Counts of what was dropped. Inbox rows stay, without their texts; the last run of every job stays."""
    session, now = desk.session, desk.now
    return {
        "seen": _count(session, delete(SeenMessage).where(SeenMessage.at < now - timedelta(days=SEEN_DAYS))),
        "texts": _forget_texts(desk),
        "job_runs": _count(
            session,
            delete(JobRun).where(
                JobRun.due_at < now - timedelta(days=JOB_RUN_DAYS),
                JobRun.id.not_in(select(func.max(JobRun.id)).group_by(JobRun.job)),
            ),
        ),
    }


def _forget_texts(desk: Desk) -> int:
    """Empty the payload of messages that were done long ago; a mark saves reading the whole table."""
    session = desk.session
    before = desk.now - timedelta(days=TEXT_DAYS)
    start = int(mark(session, _PRUNED_TO) or 0)
    count = _count(
        session,
        update(InboxMessage)
        .where(
            InboxMessage.id > start,
            InboxMessage.state == InboxState.DONE.value,
            InboxMessage.done_at < before,
            cast(InboxMessage.payload, String) != "{}",
        )
        .values(payload={}),
    )
    # The next night begins at the first row that still has its text.
    first_kept = session.execute(
        select(func.min(InboxMessage.id)).where(
            InboxMessage.id > start,
            (InboxMessage.state != InboxState.DONE.value) | (InboxMessage.done_at >= before),
        )
    ).scalar_one()
    newest = session.execute(select(func.max(InboxMessage.id))).scalar_one() or 0
    put_mark(session, _PRUNED_TO, str(first_kept - 1 if first_kept is not None else newest))
    return count


def _count(session: Session, statement: object) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))  # type: ignore[attr-defined]
    assert isinstance(result, CursorResult)
    return result.rowcount


JOB: Final = Job("retention", "清理过期记录", Daily("03:30"), prune)
