"""A problem told by its command, or with the mark of a restricted one: nothing else is meant (rules B8, F1)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access, restricted_words
from handlers.context import Context
from handlers.hearing import hear
from handlers.problems import problem_drafts
from handlers.understanding.asking import is_question
from handlers.understanding.reading import Match, ProjectLine
from models.errors import NotFound, NotUnderstood

HEAD: Final = re.compile(r"[\s:：,，]+")
_HEADED: Final = re.compile(
    r"(?:有(?:个|一个)?|反映(?:个|一个)?|上?报(?:个|一个)?)?问题[\s:：,，]+(?P<told>\S.{3,})", re.DOTALL
)
_EXAMPLE: Final = "/问题 受限 ZX0031 专项债资金待核查"


def restricted_told(context: Context, text: str) -> bool:
    """「受限问题：ZX0031 …」 without the command: never taken for an open problem (rule B8)."""
    if restricted_words.is_mark(text) and problem_drafts.restrict_open(context):
        return True
    marked = restricted_words.unmarked(text)
    if marked is None:
        return False
    if not marked:
        raise NotUnderstood("", examples=(_EXAMPLE,))
    told(context, marked, restricted=True)
    return True


def headed(context: Context, text: str) -> bool:
    """「问题：北侧30亩没征下来」 without a slash, of no other use: the card asks for the project (rule C4)."""
    said = _HEADED.fullmatch(text)
    if said is None or is_question(said["told"]):
        return False
    told(context, said["told"], restricted=False)
    return True


def told(context: Context, text: str, *, restricted: bool) -> None:
    """Open a draft of the problem; the project is what the words begin with where they tell of no issue."""
    called = restricted_words.CALL.match(text)
    text = text[called.end() :] if called else text
    found = hear(context, text)
    urgent = found.urgent or called is not None
    line = next((one for one in found.lines if one.issues), next(iter(found.lines), None))
    if line is None or (line.match is Match.NONE and not line.mention):
        line = ProjectLine(mention="", match=Match.NONE)
    if not line.issues:
        words = HEAD.split(text, maxsplit=1)
        if line.match is Match.NONE and line.mention:
            raise NotFound(line.mention)
        rest = words[1] if len(words) > 1 and access.candidates(context, words[0]) else text
        if line.match is Match.UNIQUE:
            rest = rest.removeprefix(line.mention).lstrip(" ：:，,的") or text
        problem_drafts.start(context, line, rest, urgent=urgent, restricted=restricted)
        return
    problem_drafts.start(context, line, text, urgent=urgent, restricted=restricted)
