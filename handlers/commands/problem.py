"""/问题: raise a problem, list a project's problems, or show one (rules B8, D4, F1)."""

from __future__ import annotations

import re
from typing import Final

from handlers import access, item_access, item_actions, item_cards, problem_drafts, restricted_words
from handlers.context import Context
from handlers.hearing import hear
from handlers.understanding.reading import Match, ProjectLine
from handlers.verbs import Command
from models.errors import NotFound, NotUnderstood

_HEAD: Final = re.compile(r"[\s:：,，]+")
EXAMPLES: Final = (
    "/问题 ZY0007 施工许可办不下来，请住建局协调",
    "/问题 W0186",
    "/问题 受限 ZX0031 专项债资金待核查",
)


def run(context: Context, args: str) -> None:
    marked = restricted_words.unmarked(args)
    restricted = marked is not None
    text = args.strip() if marked is None else marked
    if not text:
        if restricted:
            raise NotUnderstood("", examples=EXAMPLES)
        item_cards.show_all(context)
        return
    numbered = item_access.number_in_front(text)
    if numbered is not None and not restricted:
        _one(context, *numbered)
        return
    if not restricted:
        found = access.candidates(context, text)
        if len(found) == 1 and _only_names(context, text):
            item_cards.show_project(context, found[0])
            return
    _raise(context, text, restricted=restricted)


def restricted_told(context: Context, text: str) -> bool:
    """「受限问题：ZX0031 …」 without the command: never taken for an open problem (rule B8)."""
    marked = restricted_words.unmarked(text)
    if marked is None:
        return problem_drafts.restrict_open(context) if restricted_words.is_mark(text) else False
    if not marked:
        raise NotUnderstood("", examples=EXAMPLES[-1:])
    _raise(context, marked, restricted=True)
    return True


def _one(context: Context, number: str, more: str) -> None:
    """One item; with words behind it they supplement an item that waits for more."""
    item = item_access.item(context, number)
    if more:
        item_actions.start_supplement(context, item, more.removeprefix("补充").strip())
    else:
        item_cards.show(context, item)


def _only_names(context: Context, text: str) -> bool:
    """Whether a text is a project's code or name and nothing else."""
    found = hear(context, text)
    return not any(line.issues for line in found.lines) and len(_HEAD.split(text)) == 1


def _raise(context: Context, text: str, *, restricted: bool) -> None:
    found = hear(context, text)
    line = next((one for one in found.lines if one.issues), next(iter(found.lines), None))
    if line is None or (line.match is Match.NONE and not line.mention):
        line = ProjectLine(mention="", match=Match.NONE)
    if not line.issues:
        words = _HEAD.split(text, maxsplit=1)
        if line.match is Match.NONE and line.mention:
            raise NotFound(line.mention)
        rest = words[1] if len(words) > 1 and access.candidates(context, words[0]) else text
        if line.match is Match.UNIQUE:
            rest = rest.removeprefix(line.mention).lstrip(" ：:，,的") or text
        problem_drafts.start(context, line, rest, urgent=found.urgent, restricted=restricted)
        return
    problem_drafts.start(context, line, text, urgent=found.urgent, restricted=restricted)


COMMAND = Command(
    "问题",
    summary="上报、查看问题事项",
    usage="/问题 ZY0007 施工许可办不下来，请住建局协调",
    run=run,
    telling=True,
)
