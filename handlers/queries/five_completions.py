"""/查 五尽 and its lists (S73)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
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

Found = tuple[queries.Completion, ...]


def show(context: Context) -> None:
    _say(context, _pairs)


def press_left(context: Context, _args: Mapping[str, str | int], _text: str) -> None:
    """[看未完成]"""
    _say(context, _left)


def press_list(context: Context, args: Mapping[str, str | int], _text: str) -> None:
    """The whole list behind one pair: what is done, and what is not."""
    _say(context, lambda found, on: _whole(next(one for one in found if one.name == args["name"]), on))


def _say(context: Context, put: Callable[[Found, date], FiveCompletions | CompletionList]) -> None:
    """Here, and in private too where the group sees less than the asker (rule B5)."""
    visible, here = access.visible(context), access.visible_here(context)
    today = context.desk.today
    told = put(_found(context, here), today)
    if here == visible:
        context.say(told)
        return
    context.say(replace(told, elsewhere=True))
    context.say_privately(put(_found(context, visible), today))


def _found(context: Context, visible: Collection[int]) -> Found:
    return queries.completions(context.session, queries.Scope(context.directory, visible, context.desk.today))


def _pairs(found: Found, on: date) -> FiveCompletions:
    return FiveCompletions(
        tuple(CompletionLine(one.name, one.what, len(one.done), one.total, one.kept) for one in found), on
    )


def _left(found: Found, on: date) -> CompletionList:
    return CompletionList(
        tuple(_group(f"{one.name} 未完成 {len(one.left)} 项：", one.left) for one in found if one.left),
        on,
    )


def _whole(one: queries.Completion, on: date) -> CompletionList:
    groups = (
        _group(f"{one.name} 已完成 {len(one.done)} 项：", one.done),
        _group(f"{one.name} 未完成 {len(one.left)} 项：", one.left),
    )
    return CompletionList(tuple(group for group in groups if group.lines), on)


def _group(title: str, lines: tuple[str, ...]) -> CompletionGroup:
    return CompletionGroup(title, lines[:SHOWN], max(0, len(lines) - SHOWN))


VERBS: Final[Mapping[str, Verb]] = {"completion.left": press_left, "completion.list": press_list}
