"""How tables of phrases become patterns, and how a text is asked which of them it holds.

A table is a text of phrases, blank-separated: words, or small patterns that contain no blank. To teach the
reader a new way of saying something, add it to the table with that meaning and its sentence to the tests.
The order counts only where a shorter phrase begins a longer one: the longer goes first.

Nearly every table is asked of nearly every clause, and nearly always in vain. So the signs of a text
(`signs.py`) are looked up once, and a table is searched only where one of its own shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, or_

from handlers.understanding.phrases.signs import first_character_of, showing

# Sign → the bits of the tables that have it; filled while the modules with tables load, never afterwards.
_BITS_OF_CHARACTER: dict[str, int] = {}
_BITS_OF_PAIR: dict[str, int] = {}
_TABLE_OF_BIT: dict[int, Phrases] = {}
_MOST_KEPT = 20_000  # pairs; texts of a city hold fewer, and a stranger's fill no memory
_IN_NO_PHRASE = "龘"  # a phrase that may begin with it may begin with anything


class _BitsOfNeighbours(dict[str, int]):
    """A character and its neighbour → the bits that the character and the two together show."""

    def __missing__(self, two: str) -> int:
        bits = _BITS_OF_CHARACTER.get(two[0], 0) | _BITS_OF_PAIR.get(two, 0)
        if len(self) < _MOST_KEPT:
            self[two] = bits
        return bits


_BITS_OF_NEIGHBOURS = _BitsOfNeighbours()


class Phrases:
    """A table as a pattern. bit: marks the texts that show one of its signs. begins: first characters.

    pattern and begins are compiled when they are first asked for: a start is quicker by it, and many tables never
    are.
    """

    __slots__ = ("_phrases", "begins", "bit", "pattern")

    pattern: re.Pattern[str]
    begins: re.Pattern[str]

    def __init__(self, phrases: str) -> None:
        """Raises ValueError when a phrase shows no sign: such a table has to be a plain pattern."""
        self._phrases = phrases
        self.bit = 1 << len(_TABLE_OF_BIT)
        _TABLE_OF_BIT[self.bit] = self
        shown = showing(phrases)
        if not shown.signs:
            raise ValueError(f"nothing shows that a text may hold one of {phrases}")
        for sign in shown.signs:
            bits = _BITS_OF_CHARACTER if len(sign) == 1 else _BITS_OF_PAIR
            bits[sign] = bits.get(sign, 0) | self.bit
        _BITS_OF_NEIGHBOURS.clear()

    def __getattr__(self, name: str) -> re.Pattern[str]:
        """Called for what is not there yet."""
        if name == "pattern":
            self.pattern = re.compile(guarded(self._phrases))
            return self.pattern
        if name == "begins":
            self.begins = re.compile(first_character_of(self._phrases))
            return self.begins
        raise AttributeError(name)

    def each(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        """All phrases in text[start:end], in order; conditions before them see what stands before start."""
        return matches(self.pattern, self.begins, text, start, end)

    def leads(self, text: str, bits: int) -> bool:  # noqa: ARG002 - a table of heads asks for them
        """Whether a phrase stands at the head of a text that shows these bits."""
        return self.pattern.match(text) is not None


class _ByFirst(dict[str, re.Pattern[str] | None]):
    """A first character → those of many phrases that can begin with it, in their order."""

    def __init__(self, phrases: Sequence[str]) -> None:
        super().__init__()
        self._phrases = [(first_character_of(one), one) for one in phrases]
        self._firsts: list[tuple[re.Pattern[str], str]] = []

    def __missing__(self, first: str) -> re.Pattern[str] | None:
        self._firsts = self._firsts or [(re.compile(begins), one) for begins, one in self._phrases]
        those = [one for begins, one in self._firsts if begins.match(first)]
        found = re.compile("|".join(those)) if those else None
        if len(self) < _MOST_KEPT:
            self[first] = found
        return found


class Heads(Phrases):
    """A long table that is asked only of the head of a text.

    Of hundreds of phrases few can begin with the text's first character: those are tried, and the few that any
    character may begin only where the text shows their own signs.
    """

    __slots__ = ("_narrow", "_wide", "_wide_bits")

    def __init__(self, phrases: Sequence[str]) -> None:
        super().__init__(f"^(?:{'|'.join(phrases)})")
        wide = [one for one in phrases if re.match(first_character_of(one), _IN_NO_PHRASE)]
        self._narrow = _ByFirst([one for one in phrases if one not in wide])
        self._wide = [Phrases(one) for one in wide]
        self._wide_bits = either(*self._wide)

    def leads(self, text: str, bits: int) -> bool:
        pattern = self._narrow[text[:1]]
        if pattern is not None and pattern.match(text):
            return True
        return bits & self._wide_bits != 0 and any(
            bits & one.bit and one.pattern.match(text) for one in self._wide
        )


class Shown:
    """Which signs show where in a text. anywhere: of the whole.

    pairs: each character with its neighbour, a blank for the last one.
    """

    __slots__ = ("_bits", "anywhere", "pairs", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.pairs = [*map(add, text, text[1:] + " ")]
        self._bits = [*map(_BITS_OF_NEIGHBOURS.__getitem__, self.pairs)]
        self.anywhere = self.between(0, len(text))

    def between(self, start: int, end: int) -> int:
        """The bits of all tables that may have a phrase in text[start:end]."""
        return reduce(or_, self._bits[start:end], 0)


@dataclass(slots=True)
class Words:
    """A text and the bits of all tables that may have a phrase in it."""

    text: str
    bits: int

    @classmethod
    def of(cls, text: str) -> Words:
        return cls(text, Shown(text).anywhere)

    def part(self, text: str) -> Words:
        """text: what is left of these words when some are cut off or blanked out; no sign holds a blank."""
        return Words(text, self.bits)

    def under(self, label: Words) -> Words:
        """These words behind a label and a colon."""
        if not label.text:
            return self
        joint = Words.of(f"{label.text[-1]}:{self.text[:1]}")
        return Words(f"{label.text}:{self.text}", label.bits | joint.bits | self.bits)

    def stripped(self, characters: str | None = None) -> Words:
        text = self.text.strip(characters)
        return self if len(text) == len(self.text) else Words(text, self.bits)

    def find(self, table: Phrases) -> re.Match[str] | None:
        """The first phrase of the table."""
        return table.pattern.search(self.text) if self.bits & table.bit else None

    def each(self, table: Phrases) -> Iterable[re.Match[str]]:
        """All phrases of the table, in order."""
        return table.each(self.text, 0, len(self.text)) if self.bits & table.bit else ()

    def hold(self, table: Phrases) -> bool:
        """Whether a phrase of the table stands anywhere in the words."""
        return self.bits & table.bit != 0 and table.pattern.search(self.text) is not None

    def hold_any(self, bits: int) -> bool:
        """Whether a phrase of any table of these bits stands in the words."""
        shown = self.bits & bits
        while shown:
            bit = shown & -shown
            if _TABLE_OF_BIT[bit].pattern.search(self.text):
                return True
            shown ^= bit
        return False

    def begin_with(self, table: Phrases) -> bool:
        """Whether a phrase of the table stands at the head of the words."""
        return self.bits & table.bit != 0 and table.leads(self.text, self.bits)

    def are(self, table: Phrases) -> bool:
        """Whether the words are a phrase of the table and nothing else."""
        return self.bits & table.bit != 0 and table.pattern.fullmatch(self.text) is not None


class Run:
    """Many phrases, any number of them in a row, that are stepped over where they stand."""

    def __init__(self, *tables: str) -> None:
        self._by_first = _ByFirst([phrase for table in tables for phrase in table.split()])

    def end(self, text: str, start: int, end: int) -> int:
        """Where the phrases that begin at start end; start itself where none begins there."""
        at = start
        while at < end and (pattern := self._by_first[text[at]]) is not None:
            found = pattern.match(text, at, end)
            if found is None or found.end() == at:
                break
            at = found.end()
        return at


NO_WORDS = Words("", 0)


def either(*tables: Phrases) -> int:
    """The bits of all these tables."""
    return reduce(or_, (table.bit for table in tables), 0)


def _alternatives(*tables: str) -> str:
    return "|".join(phrase for table in tables for phrase in table.split())


def any_of(*tables: str) -> Phrases:
    """Any phrase of the tables."""
    return Phrases(_alternatives(*tables))


def at_head(*tables: str) -> Phrases:
    """Any phrase of the tables at the beginning of a text."""
    return Heads([phrase for table in tables for phrase in table.split()])


def pattern_of(*tables: str) -> re.Pattern[str]:
    """Any phrase of the tables, where most texts hold some and they are taken out or stepped over."""
    return re.compile(guarded(_alternatives(*tables)))


def somewhere(pattern: str) -> re.Pattern[str]:
    """For whether a text holds the pattern at all: what it finds is only the first character. Raises as showing does.

    To look for one character of a class is many times faster than to try alternatives at every place of a long text;
    they are looked at from one character back.
    """
    return re.compile(rf"{first_character_of(pattern)}(?<=(?={pattern})[\s\S])")


def guarded(pattern: str) -> str:
    """The pattern behind a look at its first character, so that dozens of alternatives are not tried in vain."""
    try:
        return f"(?={first_character_of(pattern)})(?:{pattern})"
    except ValueError:
        return pattern  # anything may begin it


def matches(
    pattern: re.Pattern[str], begins: re.Pattern[str], text: str, start: int, end: int
) -> Iterator[re.Match[str]]:
    """As pattern.finditer(text, start, end), for a pattern whose first character begins finds.

    A search for one character is far cheaper than to try a long pattern at every place.
    """
    for first in begins.finditer(text, start, end):
        at = first.start()
        if at >= start and (match := pattern.match(text, at, end)):
            start = match.end()
            yield match
