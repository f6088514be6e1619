"""What a phrase shows: signs that every text with it holds, and the characters it can begin with.

A sign is a character or a pair of neighbours. Both are derived from the phrase itself, so that a text without
any sign of a table need not be searched for the table's phrases. What a phrase may be made of: characters,
classes, groups, alternatives, counts, conditions before and after, ends of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from handlers.understanding.phrases.common_signs import how_common

Signs = frozenset[str]

_MOST_PAIRS = 64  # more than that and a single character tells as much
_ATOM = re.compile(
    r"(?P<condition>\(\?<?[=!])|(?P<group>\((?:\?:|\?P<\w+>|(?!\?)))|\[(?P<negated>\^?)(?P<members>(?:\\.|[^\]\\])+)\]"
    r"|(?P<end>\^|\$|\\b)|(?P<any>\.|\\[A-Z])|(?P<kind>\\[a-z])|\\(?P<escaped>.)|(?P<char>[^()|?*+{}\[\]\\])",
    re.DOTALL,
)
_COUNT = re.compile(r"(?:(?P<optional>[?*]|\{0?,\d*\}|\{0(?:,\d*)?\})|\+|\{\d+(?:,\d*)?\})[?+]?")
_MEMBER = re.compile(r"\\?(?P<first>[^\\])-\\?(?P<last>[^\\])|\\(?P<escaped>.)|(?P<char>.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Showing:
    """A phrase or a part of one.

    signs: of which every text with it holds at least one; None when some may hold none.
    begins: members of a character class, of which one is its first character; None when any character may be.
    one_of: the characters that it can be, when it is always just one.
    may_be_missing: it may be nothing at all.
    """

    signs: Signs | None = None
    begins: frozenset[str] | None = None
    one_of: tuple[str, ...] | None = None
    may_be_missing: bool = False


@lru_cache(maxsize=1)  # a table asks for its signs and for what may begin it, one behind the other
def showing(phrase: str) -> Showing:
    """Raises ValueError for a phrase that is made of something else than is told above."""
    found, end = _alternatives(phrase, 0)
    if end < len(phrase):
        raise ValueError(f"phrase not understood at {end}: {phrase}")
    return found


def first_character_of(phrase: str) -> str:
    """A class with every character that the phrase can begin with. Raises ValueError when that may be any."""
    begins = showing(phrase).begins
    if not begins:
        raise ValueError(f"anything may begin {phrase}")
    return f"[{''.join(sorted(begins))}]"


def _alternatives(phrase: str, at: int) -> tuple[Showing, int]:
    """The alternatives from at to the end of their group, and where that is."""
    found: list[Showing] = []
    while True:
        steps, at = _steps(phrase, at)
        found.append(_in_a_row(steps))
        if not phrase.startswith("|", at):
            return _either(found), at
        at += 1


def _either(found: Sequence[Showing]) -> Showing:
    signs = [one.signs for one in found]
    begins = [one.begins for one in found]
    characters = [one.one_of for one in found]
    return Showing(
        None if None in signs else frozenset().union(*(one for one in signs if one)),
        None if None in begins else frozenset().union(*(one for one in begins if one)),
        None if None in characters else tuple(char for one in characters for char in one or ()),
        any(one.may_be_missing for one in found),
    )


def _in_a_row(steps: Sequence[Showing]) -> Showing:
    if len(steps) == 1:
        return steps[0]
    begins: frozenset[str] | None = frozenset()
    for step in steps:
        begins = None if begins is None or step.begins is None else begins | step.begins
        if not step.may_be_missing:
            break
    return Showing(_best(steps), begins, None, all(step.may_be_missing for step in steps))


def _steps(phrase: str, at: int) -> tuple[list[Showing], int]:
    """The steps of one alternative. Conditions and ends take no room, so they stand between no neighbours."""
    steps: list[Showing] = []
    while at < len(phrase) and phrase[at] not in "|)":
        atom = _ATOM.match(phrase, at)
        if atom is None:
            raise ValueError(f"phrase not understood at {at}: {phrase}")
        at = atom.end()
        step = Showing()
        if atom["condition"] or atom["group"]:
            step, at = _alternatives(phrase, at)
            if not phrase.startswith(")", at):
                raise ValueError(f"group without an end: {phrase}")
            at += 1
        elif atom["members"]:
            step = Showing() if atom["negated"] else _class(atom["members"])
        elif atom["kind"]:
            step = Showing(begins=frozenset({atom["kind"]}))
        elif char := atom["escaped"] or atom["char"]:
            step = _class(re.escape(char))
        if count := _COUNT.match(phrase, at):
            at = count.end()
            step = replace(step, one_of=step.one_of if count[0] == "+" else None)
            if count["optional"]:
                step = Showing(None, step.begins, None, may_be_missing=True)
        if not (atom["condition"] or atom["end"]):
            steps.append(step)
    return steps, at


def _class(members: str) -> Showing:
    """A class of characters, which shows no signs when it holds whole kinds (digits, blanks) or too many."""
    if members.startswith("-") or (members.endswith("-") and not members.endswith("\\-")):
        raise ValueError(f"a hyphen in a class is written \\-: [{members}]")
    found: list[str] = []
    for member in _MEMBER.finditer(members):
        if member["first"]:
            found.extend(map(chr, range(ord(member["first"]), ord(member["last"]) + 1)))
        elif (member["escaped"] or "").isalpha():
            return Showing(begins=frozenset({members}))
        else:
            found.append(member["escaped"] or member["char"])
    characters = tuple(found) if len(found) <= _MOST_PAIRS else None
    return Showing(frozenset(characters) if characters else None, frozenset({members}), characters)


def _best(steps: Sequence[Showing]) -> Signs | None:
    """The most telling signs: those that the fewest other texts hold."""
    return min(
        _choices(steps),
        key=lambda signs: (how_common(signs), sum(len(sign) == 1 for sign in signs)),
        default=None,
    )


def _choices(steps: Sequence[Showing]) -> Iterator[Signs]:
    for step in steps:
        if step.signs:
            yield step.signs
    for left, right in pairwise(steps):
        if left.one_of and right.one_of and len(left.one_of) * len(right.one_of) <= _MOST_PAIRS:
            yield frozenset(a + b for a in left.one_of for b in right.one_of)
