"""Texts made against a regular expression: what leads to each of its repeated parts, then that part many times."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

Node = tuple[Any, Any]
_REPEATS: Final = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_MANY: Final = 8  # what is repeated less often than this costs little
_OF_CLASS: Final = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_DIGIT: "的",
    codes.CATEGORY_NOT_SPACE: "的",
    codes.CATEGORY_NOT_WORD: "，",
}
_ANYTHING: Final = "的1 a，。:月"


def attacks(pattern: re.Pattern[str], *, tries: int) -> Iterator[tuple[str, str]]:
    """What to begin with, and what to repeat behind it; the same for every run.

    tries: how many texts for each repeated part.
    """
    tree = list(parser.parse(pattern.pattern, pattern.flags))
    chance = random.Random(pattern.pattern)
    found: dict[tuple[str, str], None] = {}
    for before, body in _repeated(tree, []):
        for _ in range(tries):
            lead, once, again = (_sample(part, chance) for part in (before, body, body))
            found[lead, once] = found[lead, once + again] = None
    return (one for one in found if one[1])


def _repeated(items: Sequence[Node], before: list[Node]) -> Iterator[tuple[list[Node], Sequence[Node]]]:
    """Each part that may stand many times, with what stands before it."""
    for number, (kind, value) in enumerate(items):
        lead = [*before, *items[:number]]
        if kind in _REPEATS and value[1] >= _MANY:
            yield lead, value[2]
        for inner in _inner(kind, value):
            yield from _repeated(inner, lead)


def _inner(kind: Any, value: Any) -> list[Sequence[Node]]:
    if kind in _REPEATS:
        return [value[2]]
    if kind is codes.BRANCH:
        return list(value[1])
    if kind is codes.SUBPATTERN:
        return [value[3]]
    if kind is codes.ATOMIC_GROUP:
        return [value]
    return [value[1]] if kind in (codes.ASSERT, codes.ASSERT_NOT) else []


def _sample(items: Sequence[Node], chance: random.Random) -> str:
    return "".join(_one(kind, value, chance) for kind, value in items)


def _one(kind: Any, value: Any, chance: random.Random) -> str:
    if kind is codes.LITERAL:
        return chr(value)
    if kind is codes.NOT_LITERAL:
        return next(one for one in _ANYTHING if ord(one) != value)
    if kind is codes.ANY:
        return chance.choice(_ANYTHING)
    if kind is codes.IN:
        return _of_set(value, chance)
    if kind in _REPEATS:
        times = value[0] if chance.random() < 0.6 else min(value[1], value[0] + 1)
        return "".join(_sample(value[2], chance) for _ in range(int(times)))
    if kind is codes.BRANCH:
        return _sample(chance.choice(value[1]), chance)
    if kind in (codes.SUBPATTERN, codes.ATOMIC_GROUP):
        return _sample(_inner(kind, value)[0], chance)
    return ""  # conditions and anchors


def _of_set(members: Sequence[Node], chance: random.Random) -> str:
    if members[0][0] is codes.NEGATE:
        allowed = [one for one in _ANYTHING if not any(_holds(kind, of, one) for kind, of in members[1:])]
        return chance.choice(allowed) if allowed else "z"
    kind, value = chance.choice(members)
    if kind is codes.CATEGORY:
        return _OF_CLASS[value]
    return chr(value) if kind is codes.LITERAL else chr(chance.choice(value))


def _holds(kind: Any, value: Any, character: str) -> bool:
    if kind is codes.LITERAL:
        return ord(character) == value
    if kind is codes.RANGE:
        return value[0] <= ord(character) <= value[1]
    shown = _OF_CLASS[value]
    return (
        re.fullmatch({"1": r"\d", " ": r"\s", "a": r"\w", "的": r"[^\d\s]", "，": r"\W"}[shown], character)
        is not None
    )
