"""/查 五尽 and its lists (S73)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.verbs import Verb
from models.notices.five_completions import (
    CompletionGroup,
    CompletionLine,
    CompletionList,
    FiveCompletions,
)
from models.queries import five_completions as queries

SHOWN: Final = 30


def show(context: Context) -> None:
    context.say(
        FiveCompletions(
            tuple(
                CompletionLine(one.name, one.what, len(one.done), one.total, one.kept)
                for one in _found(context)
            ),
            context.desk.today,
        )
    )


def _found(context: Context) -> tuple[queries.Completion, ...]:
    scope = queries.Scope(context.directory, access.visible_here(context), context.desk.today)
    return queries.completions(context.session, scope)


def press_left(context: Context, _args: Mapping[str, str | int], _text: str) -> None:
    """[看未完成]"""
    groups = tuple(
        _group(f"{one.name} 未完成 {len(one.left)} 项：", one.left) for one in _found(context) if one.left
    )
    context.say(CompletionList(groups, context.desk.today))


def press_list(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    """The whole list behind one pair: what is done, and what is not."""
    found = next(one for one in _found(context) if one.name == args["name"])
    groups = [
        _group(f"{found.name} 已完成 {len(found.done)} 项：", found.done),
        _group(f"{found.name} 未完成 {len(found.left)} 项：", found.left),
    ]
    context.say(CompletionList(tuple(group for group in groups if group.lines), context.desk.today))


def _group(title: str, lines: tuple[str, ...]) -> CompletionGroup:
    return CompletionGroup(title, lines[:SHOWN], max(0, len(lines) - SHOWN))


VERBS: Final[Mapping[str, Verb]] = {"completion.left": press_left, "completion.list": press_list}
