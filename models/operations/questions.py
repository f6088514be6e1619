"""The one open question to a person in a chat; it lives 30 minutes and other messages do not lose it (rule C4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, cast

from sqlalchemy import Table, delete, select

from models.db import later
from models.operations import foresight
from models.operations.desk import Desk
from models.queries.directory import PersonInfo
from models.tables.drafts import Question

_TABLE: Final = cast("Table", Question.__table__)


def ask(
    desk: Desk,
    person: PersonInfo,
    *,
    kind: str,
    body: dict[str, Any] | None = None,
    group_id: int | None,
    draft_id: int | None = None,
) -> None:
    """Wait for an answer of this kind; a question that was open in this chat before is replaced.

    kind names who understands the answer (handlers.free_text.ANSWERS).
    """
    close(desk, person, group_id=group_id)
    foresight.note(desk.session, person.id, asked=True)
    later(
        desk.session,
        _TABLE,
        {
            "person_id": person.id,
            "group_id": group_id,
            "kind": kind,
            "body": body or {},
            "draft_id": draft_id,
            "asked_at": desk.now,
            "expires_at": desk.now
            + timedelta(minutes=desk.policy_of(person.organisation_id).question_minutes),
        },
    )


def open_question(desk: Desk, person: PersonInfo, *, group_id: int | None) -> Question | None:
    """The question that waits for this person in this chat, if it has not run out."""
    quiet = foresight.of(desk.session, person.id)
    if quiet is not None and not quiet.asked:
        return None
    return desk.session.execute(
        select(Question).where(
            Question.person_id == person.id,
            Question.group_id.is_(None) if group_id is None else Question.group_id == group_id,
            Question.expires_at > desk.now,
        )
    ).scalar_one_or_none()


def close(desk: Desk, person: PersonInfo, *, group_id: int | None) -> None:
    quiet = foresight.of(desk.session, person.id)
    if quiet is not None and not quiet.asked:
        return
    desk.session.execute(
        delete(Question)
        .where(
            Question.person_id == person.id,
            Question.group_id.is_(None) if group_id is None else Question.group_id == group_id,
        )
        .execution_options(synchronize_session="fetch")
    )


def close_for_draft(desk: Desk, draft_id: int) -> None:
    """The draft is confirmed, cancelled or expired: nothing about it is asked any more."""
    desk.session.execute(
        delete(Question).where(Question.draft_id == draft_id).execution_options(synchronize_session="fetch")
    )
