"""What a text says when this sender writes it here: the one way from a message to a reading."""

from __future__ import annotations

from handlers import access
from handlers.context import Context
from handlers.understanding import year_turn
from handlers.understanding.read import read
from handlers.understanding.reading import Reading
from models.queries.directory import ProjectInfo


def spelled_out(context: Context, text: str) -> str:
    """The text with 12月 of January and February as the December that has passed (rule D6).

    For callers that go on with the text beside the reading: its spans are those of this form.
    """
    return year_turn.spelled_out(text, context.desk.today)


def hear(context: Context, text: str) -> Reading:
    """Read a text against the projects that the sender may see in this chat (rules B4, B5)."""
    return _hear(context, text, place=access.place(context), visible=access.visible_here(context))


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
