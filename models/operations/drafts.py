"""Drafts of every kind: opened, edited, confirmed once, cancelled, expired (rules C2, C11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, select

from models.db import later, next_id
from models.errors import Invalid
from models.notices.drafts import DraftExpiring
from models.operations import foresight, questions, timers
from models.operations.desk import Desk
from models.queries import drafts as queries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.tables.drafts import Draft
from models.types import DraftKind, DraftState, Subject

REMINDER: Final = "draft_reminder"
EXPIRY: Final = "draft_expiry"
_TABLE: Final = cast("Table", Draft.__table__)


def expiry_of(changed_at: datetime, days: calendar.Calendar) -> datetime:
    """18:00 on the workday after the last change (rule C11)."""
    return calendar.workday_deadline(changed_at, 1, days)


def open_draft(
    desk: Desk,
    author: PersonInfo,
    kind: DraftKind,
    body: dict[str, Any],
    *,
    group_id: int | None,
    source: str,
) -> Draft:
    """Make a draft; its number is the smallest that no open draft of the author has."""
    values: dict[str, Any] = {
        "id": next_id(desk.session, _TABLE),
        "author_id": author.id,
        "number": _free_number(desk, author),
        "kind": kind.value,
        "state": DraftState.OPEN.value,
        "version": 1,
        "group_id": group_id,
        "source": source,
        "body": body,
        "created_at": desk.now,
        "changed_at": desk.now,
        "expires_at": expiry_of(desk.now, desk.directory.calendar),
    }
    later(desk.session, _TABLE, values)
    foresight.note(desk.session, author.id, drafted=True)
    draft = Draft()
    # As a row that was read has them: this copy is never added to a session, so nothing need watch its values.
    vars(draft).update(values)
    about = Subject("draft", draft.id)
    for name, due_at in _times(draft):
        timers.set_new(desk.session, name, about, due_at=due_at, step="1")
    desk.record(about, {"state": (None, "open"), "body": (None, body)}, first=True)
    return draft


def _free_number(desk: Desk, author: PersonInfo) -> int:
    quiet = foresight.of(desk.session, author.id)
    if quiet is not None and quiet.free_number is not None:
        return quiet.free_number
    used = set(
        desk.session.execute(
            select(Draft.number).where(Draft.author_id == author.id, Draft.state == DraftState.OPEN.value)
        ).scalars()
    )
    return next(n for n in range(1, len(used) + 2) if n not in used)


def _stored(desk: Desk, draft: Draft) -> Draft:
    """The row itself: a draft that was just opened is a copy of a row that may still be pending."""
    return draft if draft in desk.session else desk.session.get_one(Draft, draft.id)


def edit(desk: Desk, draft: Draft, body: dict[str, Any]) -> None:
    """Replace the content; cards shown before are out of date, and the draft lives on."""
    row = _stored(desk, draft)
    old = row.body
    row.body = body
    row.version += 1
    row.changed_at = desk.now
    row.expires_at = expiry_of(desk.now, desk.directory.calendar)
    desk.session.flush()
    if row is not draft:
        draft.body, draft.version, draft.expires_at = row.body, row.version, row.expires_at
    desk.cancel_timers(Subject("draft", draft.id), REMINDER, EXPIRY, reason="草稿已修改")
    _set_timers(desk, draft)
    desk.record(Subject("draft", draft.id), {"body": (old, body)})


def close(desk: Desk, draft: Draft, state: DraftState, *, reason: str | None = None) -> bool:
    """Confirmed, cancelled or expired: it can enter nothing any more.

    Returns whether a reminder was written that nobody has been sent.
    """
    row = _stored(desk, draft)
    desk.record(Subject("draft", draft.id), {"state": (row.state, state.value)}, reason=reason)
    row.body = draft.body
    row.state = draft.state = state.value
    row.closed_at = draft.closed_at = desk.now
    desk.session.flush()
    questions.close_for_draft(desk, draft.id)
    desk.cancel_timers(Subject("draft", draft.id), REMINDER, EXPIRY, reason=f"草稿已{_CLOSED[state]}")
    unsent = desk.withdraw(
        Subject("draft", draft.id), reason=f"草稿已{_CLOSED[state]}", notices=(DraftExpiring,)
    )
    return unsent > 0


_CLOSED: Final = {
    DraftState.CONFIRMED: "确认",
    DraftState.CANCELLED: "取消",
    DraftState.EXPIRED: "到期",
}


def by_number(desk: Desk, author_id: int, number: int) -> Draft:
    """The author's open draft with this number. Raises Invalid naming those that are open."""
    found = queries.open_of(desk.session, author_id)
    for draft in found:
        if draft.number == number:
            return draft
    names = "、".join(f"草稿{draft.number}" for draft in found)
    raise Invalid(
        f"没有未确认的草稿{number}", mend=f"未确认的有：{names}" if names else "现在没有未确认的草稿"
    )


def _times(draft: Draft) -> tuple[tuple[str, datetime], ...]:
    reminder = calendar.at(calendar.local_date(draft.expires_at), "16:30")
    return ((REMINDER, reminder), (EXPIRY, draft.expires_at))


def _set_timers(desk: Desk, draft: Draft) -> None:
    for name, due_at in _times(draft):
        desk.set_timer(name, Subject("draft", draft.id), due_at=due_at, step=str(draft.version))
