"""What the senders of a batch have open, read for all of them at once instead of message by message."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables.drafts import Attachment, Draft, Question
from models.types import DraftState


@dataclass(frozen=True, slots=True)
class Quiet:
    """What a person has open at the start of a batch; valid for their first message in it (see `foresee`)."""

    draft_numbers: frozenset[int]
    asked: bool
    has_files: bool


FORESEEN: Final = "what senders have open"
_WATCHED: Final = frozenset({"drafts", "questions", "attachments"})


def foresee(session: Session, person_ids: Collection[int]) -> None:
    """Read for all senders of a batch at once what each of them has open."""
    numbers: dict[int, set[int]] = {person_id: set() for person_id in person_ids}
    for author_id, number in session.execute(
        select(Draft.author_id, Draft.number).where(
            Draft.author_id.in_(person_ids), Draft.state == DraftState.OPEN.value
        )
    ):
        numbers[author_id].add(number)
    asked = set(
        session.execute(select(Question.person_id).where(Question.person_id.in_(person_ids))).scalars()
    )
    files = set(
        session.execute(
            select(Attachment.sender_id).where(
                Attachment.sender_id.in_(person_ids), Attachment.owner_kind.is_(None)
            )
        ).scalars()
    )
    session.info[FORESEEN] = {
        person_id: Quiet(frozenset(found), person_id in asked, person_id in files)
        for person_id, found in numbers.items()
    }
    getattr(session, "touched", set()).difference_update(_WATCHED)


def of(session: Session, person_id: int) -> Quiet | None:
    """What was foreseen for a person, while it still holds; None means: ask the database."""
    foreseen: dict[int, Quiet] = session.info.get(FORESEEN, {})
    if getattr(session, "touched", _WATCHED) & _WATCHED:
        return None
    return foreseen.get(person_id)


def note(session: Session, person_id: int, *, number: int | None = None, asked: bool = False) -> None:
    """The message being handled has opened a draft, or asked a question."""
    foreseen: dict[int, Quiet] = session.info.get(FORESEEN, {})
    if (known := foreseen.get(person_id)) is not None:
        numbers = known.draft_numbers if number is None else known.draft_numbers | {number}
        foreseen[person_id] = Quiet(numbers, known.asked or asked, known.has_files)


def forget(session: Session, person_id: int) -> None:
    """The person's message has been handled: what was foreseen may no longer hold."""
    session.info.get(FORESEEN, {}).pop(person_id, None)
