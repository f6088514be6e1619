"""/问题: raise a problem, list a project's problems, or show one (rules B8, D4, F1)."""

from __future__ import annotations

from typing import Final

from handlers import access, item_access, restricted_words
from handlers.context import Context
from handlers.hearing import hear
from handlers.items import item_actions, item_cards
from handlers.problems import problem_telling
from handlers.verbs import Command
from models.errors import NotUnderstood

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
    problem_telling.told(context, text, restricted=restricted)


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
    return not any(line.issues for line in found.lines) and len(problem_telling.HEAD.split(text)) == 1


COMMAND = Command(
    "问题",
    summary="上报、查看问题事项",
    usage="/问题 ZY0007 施工许可办不下来，请住建局协调",
    run=run,
    telling=True,
    alone=True,
    may=access.in_ledger,
)
