"""What the senders of a batch have open, read for all of them at once instead of message by message."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, cast

from sqlalchemy import BindParameter, Table, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

from models.tables.drafts import Attachment, Draft, Question
from models.types import DraftState


@dataclass(frozen=True, slots=True)
class Quiet:
    """What a person has open; read at the start of a batch and kept right by `note` and `forget`.

    free_number: the smallest number no open draft of theirs has, or None when only the database can tell.
    """

    free_number: int | None
    asked: bool
    has_files: bool


FORESEEN: Final = "what senders have open"
_WATCHED: Final = frozenset({"drafts", "questions", "attachments"})
_PEOPLE: Final[BindParameter[list[int]]] = bindparam("people", expanding=True)
_DRAFTS: Final = "d"
_ASKED: Final = "q"
_FILES: Final = "f"
# One statement: a batch is often one message, and then every statement counts.
_D: Final = cast("Table", Draft.__table__).c
_Q: Final = cast("Table", Question.__table__).c
_A: Final = cast("Table", Attachment.__table__).c
# One statement: a batch is often one message, and then every statement counts.
_OPEN: Final = union_all(
    select(literal(_DRAFTS).label("what"), _D.author_id, func.count(), func.max(_D.number))
    .where(_D.author_id.in_(_PEOPLE), _D.state == DraftState.OPEN.value)
    .group_by(_D.author_id),
    select(literal(_ASKED), _Q.person_id, literal(1), literal(0)).where(_Q.person_id.in_(_PEOPLE)),
    select(literal(_FILES), _A.sender_id, literal(1), literal(0)).where(
        _A.sender_id.in_(_PEOPLE), _A.owner_kind.is_(None)
    ),
)


def foresee(session: Session, person_ids: Collection[int]) -> None:
    """Read for all senders of a batch at once what each of them has open."""
    free: dict[int, int | None] = dict.fromkeys(person_ids, 1)
    asked: set[int] = set()
    files: set[int] = set()
    for what, person_id, count, highest in session.execute(_OPEN, {"people": list(person_ids)}):
        if what == _DRAFTS:
            free[person_id] = highest + 1 if count == highest else None
        else:
            (asked if what == _ASKED else files).add(person_id)
    session.info[FORESEEN] = {
        person_id: Quiet(number, person_id in asked, person_id in files) for person_id, number in free.items()
    }
    getattr(session, "touched", set()).difference_update(_WATCHED)


def of(session: Session, person_id: int) -> Quiet | None:
    """What was foreseen for a person, while it still holds; None means: ask the database."""
    foreseen: dict[int, Quiet] = session.info.get(FORESEEN, {})
    if getattr(session, "touched", _WATCHED) & _WATCHED:
        return None
    return foreseen.get(person_id)


def note(session: Session, person_id: int, *, drafted: bool = False, asked: bool = False) -> None:
    """The message being handled has opened a draft under the free number, or asked a question."""
    foreseen: dict[int, Quiet] = session.info.get(FORESEEN, {})
    if (known := foreseen.get(person_id)) is not None:
        # The free number is always the one after all others: they have no gap, or it would be None.
        free = known.free_number + 1 if drafted and known.free_number is not None else known.free_number
        foreseen[person_id] = Quiet(free, known.asked or asked, known.has_files)


def forget(session: Session, person_id: int) -> None:
    """What the person's message did was undone: what was noted of it does not hold."""
    session.info.get(FORESEEN, {}).pop(person_id, None)
