"""What every step of the search for names needs: the text, the names, and who asks."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from handlers.understanding.names.name_likeness import Likeness
from handlers.understanding.names.name_words import folded_with_positions
from handlers.understanding.names.names import MatchResult, Names

LONGEST_NAME = 40  # characters
SHORTEST_NAME = 2


@dataclass(slots=True)
class Hit:
    """A place where the text names a project. clause: its number. start, end: plain positions."""

    clause: int
    start: int
    end: int
    result: MatchResult


@dataclass(slots=True)
class NameSearch:
    """One message and the names its author may mean.

    pairs: each character of plain with its neighbour, where neither is blanked out. visible: None for all.
    place: the sender's county. with_money, with_share: the sentences and list items
    that tell amounts, or a share of the whole.
    """

    plain: str
    pairs: Sequence[str]
    names: Names
    visible: Container[int] | None
    place: str | None
    with_money: frozenset[int]
    with_share: frozenset[int] = frozenset()
    _alike: dict[str, list[Likeness]] = field(default_factory=dict)

    def alike(self, text: str) -> list[Likeness]:
        """The names that a folded text is like; a clause asked about twice is compared once."""
        if text not in self._alike:
            self._alike[text] = self.names.alike(text, visible=self.visible)
        return self._alike[text]

    def match(self, words: str) -> MatchResult:
        """The project that all these words mean."""
        return self.names.match(words, visible=self.visible, place=self.place)

    def decided(self, projects: Sequence[int]) -> MatchResult:
        """One of these projects, or a question which."""
        return self.names.decided(projects, self.place)


@dataclass(slots=True)
class Stretch:
    """A part of the plain text as names are compared with it. text: folded, without marks."""

    plain: str
    start: int
    end: int
    text: str
    _positions: Sequence[int]  # of each character of text, from start

    @classmethod
    def of(cls, plain: str, start: int, end: int) -> Stretch:
        return cls(plain, start, end, *folded_with_positions(plain[start:end]))

    @property
    def words(self) -> str:
        """As it stands in the plain text."""
        return self.plain[self.start : self.end]

    def place_of(self, first: int, end: int) -> tuple[int, int]:
        """From where to where text[first:end] stands in the plain text; 「地下管网（飞地）」 with its last bracket."""
        a, b = self.start + self._positions[first], self.start + self._positions[end - 1] + 1
        if self.plain.startswith(")", b) and self.plain.count("(", a, b) > self.plain.count(")", a, b):
            b += 1
        return a, b
