"""What a text says when this sender writes it here: the one way from a message to a reading."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from handlers import access, long_blanks, restricted_words
from handlers.context import Context
from handlers.understanding import slips, suggestions, year_turn
from handlers.understanding.names.names import Names
from handlers.understanding.read import read
from handlers.understanding.reading import Reading
from handlers.understanding.suggestions import completed_by
from models.queries import scopes
from models.queries.directory import Directory, ProjectInfo
from models.rules.calendar import local_date
from models.types import NO_SUGGESTION, InboundKind, InboundMessage

_SHORTEST_ASKED: Final = 8  # characters; shorter texts are answers
_LONGEST_ASKED: Final = 1500


def spelled_out(context: Context, text: str) -> str:
    """The text as it is meant: own slips put right (C5), 12月 of January and February the December past (D6).

    For callers that go on with the text beside the reading: its spans are those of this form.
    """
    return year_turn.spelled_out(slips.put_right(text, context.desk.today), context.desk.today)


def hear(context: Context, text: str) -> Reading:
    """Read a text against the projects that the sender may see in this chat (rules B4, B5)."""
    reading = _hear(context, text, place=access.place(context), visible=access.visible_here(context))
    answer = context.message.suggested
    if answer in ("", NO_SUGGESTION) or text.strip() != spelled_out(context, context.message.text.strip()):
        return reading
    return completed_by(reading, text, answer, lambda mention: _the_one(context, mention))


def _the_one(context: Context, mention: str) -> int | None:
    found = access.candidates(context, mention)
    return found[0].id if len(found) == 1 else None


def leaves_open(message: InboundMessage, directory: Directory, names: Names, now: datetime) -> bool:
    """Whether a report of somebody we know holds money that the grammar makes nothing of."""
    known = directory.account_by_address.get((message.platform, message.account))
    text = long_blanks.shorter(message.text.strip())
    if known is None or known.person_id is None or message.kind is not InboundKind.TEXT:
        return False
    if not _SHORTEST_ASKED <= len(text) <= _LONGEST_ASKED or text[0] in "/／、":
        return False
    if restricted_words.unmarked(text) is not None:
        return False  # nothing of a restricted problem leaves the house (rule B8)
    person = directory.people[known.person_id]
    today = local_date(now)
    said = year_turn.spelled_out(text, today)
    visible = frozenset[int]().union(
        *(scopes.visible_projects(directory, there) for there in directory.houses(person))
    )
    return suggestions.leaves_open(
        read(said, names, today, calendar=directory.calendar, visible=visible), said
    )


def hear_about(context: Context, project: ProjectInfo, text: str, *, to_come: bool = False) -> Reading:
    """Read a text that can only be about one project, because a button or a question has named it.

    to_come: it promises, so that 12月 said in January is the one that comes.
    """
    text, visible = f"{project.code} {text}", frozenset({project.id})
    if to_come:
        return _read(context, text, place=None, visible=visible)
    return _hear(context, text, place=None, visible=visible)


def _hear(context: Context, text: str, *, place: str | None, visible: frozenset[int]) -> Reading:
    said = spelled_out(context, text)
    return year_turn.dated(_read(context, said, place=place, visible=visible), said, context.desk.today)


def _read(context: Context, text: str, *, place: str | None, visible: frozenset[int]) -> Reading:
    return read(
        text,
        context.names,
        context.desk.today,
        calendar=context.directory.calendar,
        place=place,
        visible=visible,
    )
