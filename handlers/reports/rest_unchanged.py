"""「污水处理厂累计5300，其余无变化」: the sender's other projects are reported as unchanged beside it (rules C8, C19).

Each of them gets a line on the card, so that the author sees what is confirmed (rule C1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.hearing import hear
from handlers.understanding.reading import Match, ProjectLine, Reading
from models.errors import Invalid
from models.queries import weekly

_STILL: Final = r"(?:本周|这周|本月|今天|目前|暂时?|[也都均]|全部|一律|还是|还)*"
_UNCHANGED: Final = (
    rf"{_STILL}(?:没有?|无|未有?|未发生)(?:什么|啥|任何|新的?|大的?)*(?:变化|变动|新增|进展)了?"
)
_OTHERS: Final = (
    r"(?:其[他它余](?:的|各)?|[别剩余]下?的)(?:\d{1,2}|[一二三四五六七八九十两几]+)?[个项]?的?(?:项目|工程)?"
)
_REST: Final = re.compile(
    rf"(?<![扣排清拆解免])除了?(?P<but>[^,，。;；]{{2,60}}?)(?:以外|之外|外|(?=[,，]))[\s,，]{{0,3}}+(?:{_OTHERS}[\s,，]{{0,3}}+)?{_UNCHANGED}"
    rf"|{_OTHERS}[\s,，]{{0,3}}+{_UNCHANGED}"
)


@dataclass(frozen=True, slots=True)
class Rest:
    """All but these projects, and those that the text reports on itself, are unchanged."""

    excepted: frozenset[int]


def split_off(context: Context, reading: Reading, text: str) -> tuple[Reading, str, Rest | None]:
    """The text without the words that leave the rest unchanged, and its reading; as they are for other texts.

    Raises Invalid for an exception that names no project of the sender's.
    """
    if not ("其" in text or "除" in text or "下的" in text or "别的" in text):
        return reading, text, None
    said = _REST.search(text)
    if said is None:
        return reading, text, None
    excepted = hear(context, said["but"]).lines if said["but"] else ()
    named = frozenset(line.project_id for line in excepted if line.project_id is not None)
    if said["but"] and (not excepted or len(named) < len(excepted)):
        raise _unclear()
    told = (text[: said.start()] + text[said.end() :]).strip(" ,，。;；、")
    rest = hear(context, told) if told else replace(reading, lines=(), unread=(), unchanged=False)
    return rest, told or text, Rest(named)


def added(context: Context, reading: Reading, rest: Rest | None) -> Reading:
    """The reading with a line for each of the sender's projects that are left unchanged.

    Raises Invalid where a project of the text is not known, or the sender has none of their own.
    """
    if rest is None:
        return reading
    named = {line.project_id for line in reading.lines} | rest.excepted
    own = _own_projects(context)
    if None in named or not own:
        raise _unclear()
    others = tuple(
        ProjectLine(context.directory.projects[one].code, Match.UNIQUE, one, unchanged=True)
        for one in own
        if one not in named
    )
    return replace(reading, lines=(*reading.lines, *others))


def _own_projects(context: Context) -> list[int]:
    """The projects that the sender, or who they stand in for, reports on for the unit, as far as they show here."""
    seen = access.visible_here(context)
    for person in access.in_every_house(context):
        own = [one.id for one in weekly.unit_projects(context.directory, person) if one.id in seen]
        if own:
            return own
    return []


def _unclear() -> Invalid:
    return Invalid("没看明白哪些项目无变化", mend="请写明无变化的项目名称，例：ZX0031、ZX0032 无变化")
