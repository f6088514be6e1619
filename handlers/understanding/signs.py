"""Signs of a phrase: characters or pairs of neighbours of which every text that holds it shows at least one.

They are derived from the phrase itself, so that a text without any sign of a table need not be searched for
the table's phrases. What a phrase may be made of: characters, classes, groups, alternatives, counts,
conditions before and after, ends of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

Signs = frozenset[str]

# Pairs that nearly every report holds. What stands here only makes the choice of signs better or worse.
_COMMON = frozenset(
    {
        *("完成", "投资", "项目", "工程", "建设", "施工", "进度", "累计", "资金", "计划", "年度", "单位"),
        *("情况", "安全", "设备", "主体", "数据", "目前"),
    }
)
_MOST_PAIRS = 64  # more than that and a single character tells as much
_ATOM = re.compile(
    r"(?P<condition>\(\?<?[=!])|(?P<group>\((?:\?:|\?P<\w+>|(?!\?)))|\[(?P<negated>\^?)(?P<members>(?:\\.|[^\]\\])+)\]"
    r"|(?P<end>\^|\$|\\b)|(?P<any>\.|\\[a-zA-Z])|\\(?P<escaped>.)|(?P<char>[^()|?*+{}\[\]\\])",
    re.DOTALL,
)
_COUNT = re.compile(r"(?:(?P<optional>[?*]|\{0?,\d*\}|\{0(?:,\d*)?\})|\+|\{\d+(?:,\d*)?\})[?+]?")
_MEMBER = re.compile(r"\\?(?P<first>[^\\])-\\?(?P<last>[^\\])|\\(?P<escaped>.)|(?P<char>.)", re.DOTALL)

# One step of a phrase: the characters that may stand there; signs of a group; None for whatever may be missing.
_Step = Sequence[str] | Signs | None


def signs_of(phrase: str) -> Signs | None:
    """None when some text with the phrase may show none: a mere [0-9]+, a phrase that may be empty.

    Raises ValueError for a phrase that is made of something else.
    """
    found, end = _alternatives(phrase, 0)
    if end < len(phrase):
        raise ValueError(f"phrase not understood at {end}: {phrase}")
    return found


def _alternatives(phrase: str, at: int) -> tuple[Signs | None, int]:
    """The signs of the alternatives from at to the end of their group, and where that is."""
    together: set[str] | None = set()
    while True:
        steps, at = _steps(phrase, at)
        signs = _best(steps)
        together = None if together is None or signs is None else together | signs
        if not phrase.startswith("|", at):
            return None if together is None else frozenset(together), at
        at += 1


def _steps(phrase: str, at: int) -> tuple[list[_Step], int]:
    """The steps of one alternative. Conditions and ends take no room, so they stand between no neighbours."""
    steps: list[_Step] = []
    while at < len(phrase) and phrase[at] not in "|)":
        atom = _ATOM.match(phrase, at)
        if atom is None:
            raise ValueError(f"phrase not understood at {at}: {phrase}")
        at = atom.end()
        step: _Step = None
        if atom["condition"] or atom["group"]:
            step, at = _alternatives(phrase, at)
            if not phrase.startswith(")", at):
                raise ValueError(f"group without an end: {phrase}")
            at += 1
        elif atom["members"]:
            step = None if atom["negated"] else _members(atom["members"])
        elif char := atom["escaped"] or atom["char"]:
            step = (char,)
        if count := _COUNT.match(phrase, at):
            at = count.end()
            step = None if count["optional"] else step
        if not (atom["condition"] or atom["end"]):
            steps.append(step)
    return steps, at


def _members(words: str) -> Sequence[str] | None:
    """The characters of a class; None when it holds whole kinds (digits, blanks) or too many."""
    found: list[str] = []
    for member in _MEMBER.finditer(words):
        if member["first"]:
            found.extend(map(chr, range(ord(member["first"]), ord(member["last"]) + 1)))
        elif (member["escaped"] or "").isalpha():
            return None
        else:
            found.append(member["escaped"] or member["char"])
        if len(found) > _MOST_PAIRS:
            return None
    return tuple(found)


def _best(steps: Sequence[_Step]) -> Signs | None:
    """The most telling signs: few single characters, few common pairs, few in all."""

    def telling(signs: Signs) -> tuple[int, int]:
        return sum(2 if len(sign) == 1 else sign in _COMMON for sign in signs), len(signs)

    return min(_choices(steps), key=telling, default=None)


def _choices(steps: Sequence[_Step]) -> Iterator[Signs]:
    for step in steps:
        if step is not None:
            yield frozenset(step)
    for left, right in pairwise(steps):
        if isinstance(left, tuple) and isinstance(right, tuple) and len(left) * len(right) <= _MOST_PAIRS:
            yield frozenset(a + b for a in left for b in right)
