"""How tables of phrases become patterns, and how a text is asked which of them it holds.

A table is a text of phrases, blank-separated: words, or small patterns that contain no blank. To teach the
reader a new way of saying something, add it to the table with that meaning and its sentence to the tests.
The order counts only where a shorter phrase begins a longer one: the longer goes first.

Nearly every table is asked of nearly every clause, and nearly always in vain. So the signs of a text
(`signs.py`) are looked up once, and a table is searched only where one of its own shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import add, or_

from handlers.understanding.signs import signs_of

# Sign → the bits of the tables that have it; filled while the modules with tables load, never afterwards.
_BITS_OF_CHARACTER: dict[str, int] = {}
_BITS_OF_PAIR: dict[str, int] = {}


class Phrases:
    """A table as a pattern. bit: marks the texts that show one of its signs."""

    __slots__ = ("bit", "pattern")

    _made = 0

    def __init__(self, pattern: str) -> None:
        """Raises ValueError when a phrase shows no sign: such a table has to be a plain pattern."""
        self.pattern = re.compile(pattern)
        self.bit = 1 << Phrases._made
        Phrases._made += 1
        signs = signs_of(pattern)
        if signs is None:
            raise ValueError(f"nothing shows that a text may hold one of {pattern}")
        for sign in signs:
            bits = _BITS_OF_CHARACTER if len(sign) == 1 else _BITS_OF_PAIR
            bits[sign] = bits.get(sign, 0) | self.bit


@dataclass(frozen=True, slots=True)
class Words:
    """A text and the bits of all tables that may have a phrase in it."""

    text: str
    bits: int

    @classmethod
    def of(cls, text: str) -> Words:
        characters = filter(None, map(_BITS_OF_CHARACTER.get, text))
        pairs = filter(None, map(_BITS_OF_PAIR.get, map(add, text, text[1:])))
        return cls(text, reduce(or_, pairs, reduce(or_, characters, 0)))

    def part(self, text: str) -> Words:
        """text: what is left of these words when some are cut off or blanked out."""
        return Words(text, self.bits)

    def stripped(self, characters: str | None = None) -> Words:
        return Words(self.text.strip(characters), self.bits)

    def find(self, table: Phrases) -> re.Match[str] | None:
        """The first phrase of the table."""
        return table.pattern.search(self.text) if self.bits & table.bit else None

    def hold(self, table: Phrases) -> bool:
        """Whether a phrase of the table stands anywhere in the words."""
        return self.bits & table.bit != 0 and table.pattern.search(self.text) is not None

    def begin_with(self, table: Phrases) -> bool:
        """Whether a phrase of the table stands at the head of the words."""
        return self.bits & table.bit != 0 and table.pattern.match(self.text) is not None

    def are(self, table: Phrases) -> bool:
        """Whether the words are a phrase of the table and nothing else."""
        return self.bits & table.bit != 0 and table.pattern.fullmatch(self.text) is not None


def _alternatives(*tables: str) -> str:
    return "|".join(phrase for table in tables for phrase in table.split())


def any_of(*tables: str) -> Phrases:
    """Any phrase of the tables."""
    return Phrases(_alternatives(*tables))


def at_head(*tables: str) -> Phrases:
    """Any phrase of the tables at the beginning of a text."""
    return Phrases(f"^(?:{_alternatives(*tables)})")


def pattern_of(*tables: str) -> re.Pattern[str]:
    """Any phrase of the tables, where most texts hold some and they are taken out or stepped over."""
    return re.compile(_alternatives(*tables))


def run_of(*tables: str) -> re.Pattern[str]:
    """One or more phrases of the tables in a row."""
    return re.compile(f"(?:{_alternatives(*tables)})+")
