"""Which project a mention means (rule C3): code, name, alias, then likeness.

A wrong guess is far worse than a question: two rows that fit about equally well are AMBIGUOUS, a mention
with a distinctive word that no name holds is NONE. Nothing here is a statistic over the registry, so a
project the author may not see can neither appear nor change the answer (rule B4).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from operator import add

from handlers.understanding.names.name_index import NameIndex
from handlers.understanding.names.name_likeness import (
    Likeness,
    Mention,
    NameEntry,
    grams_of_mention,
    likeness,
    most_explained,
    said_for,
    sounds,
)
from handlers.understanding.names.name_words import folded
from handlers.understanding.names.units import UnitNames
from handlers.understanding.reading import Match
from handlers.understanding.text import plain_form

ENOUGH = 0.8  # share of the mention that the name must explain
MARGIN = 0.09  # two names closer than this fit equally well
MOST_CANDIDATES = 5
_BEHIND = 1.5  # characters by which a name explains less than the best before it is dropped
_FEW = 12  # projects whose pairs are kept apart for those who see no others
_CACHED_SCOPES = 256
_COMPARED = 24  # names looked at closely for one mention
_MERE_HAN = re.compile(r"[\u4e00-\u9fff]+")
_PLACE_ENDS = "市县区旗"


@dataclass(frozen=True)
class ProjectName:
    """What the reader knows of a project. place: county or district, None for the city itself."""

    id: int
    code: str
    name: str
    aliases: tuple[str, ...]
    place: str | None


@dataclass(frozen=True, slots=True)
class MatchResult:
    """project_id only when UNIQUE; candidates, best first, at most five, only when AMBIGUOUS."""

    match: Match
    project_id: int | None = None
    candidates: tuple[int, ...] = ()


_LONGEST_PLACE = 8  # characters
_OF_PLACE = re.compile(r"^(?:这边|那边|这儿|这里|境内|[县市区])?的?\s*")
NOTHING = MatchResult(Match.NONE)


def _said(pair: str) -> Iterator[tuple[str, str]]:
    return product(sounds(pair[0]), sounds(pair[1]))


def _by_sound(pairs: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for pair in pairs:
        if len(pair) == 2 and pair[0] > "z" < pair[1]:
            for sound in _said(pair):
                found.setdefault(sound, []).append(pair)
    return found


def short_place(place: str | None) -> str:
    """青禾 for 青禾县; the whole name when too little would remain."""
    if not place:
        return ""
    return place[:-1] if len(place) > 2 and place[-1] in _PLACE_ENDS else place


def _shape(code: str) -> tuple[bool, int, int]:
    """A code's build: letters first?, how many letters, how many characters; not which codes exist."""
    letters = len(code) - len(code.lstrip("abcdefghijklmnopqrstuvwxyz"))
    return bool(letters), letters, len(code)


class Names:
    """All project names of a registry. Immutable; build a new one when the registry changes."""

    def __init__(self, projects: Sequence[ProjectName], units: Mapping[str, Sequence[str]]) -> None:
        self.projects = {project.id: project for project in projects}
        self.folded = {project.id: folded(plain_form(project.name)) for project in projects}
        self.units = UnitNames.of(units)
        self._codes: dict[str, list[int]] = {}
        self._names: dict[str, list[int]] = {}
        self._aliases: dict[str, list[int]] = {}
        self._heads: dict[str, tuple[int, ...]] = {}
        entries: list[NameEntry] = []
        heads: dict[str, set[int]] = {}
        self.places: dict[str, str] = {}
        for project in projects:
            place = plain_form(project.place) if project.place else ""
            short = short_place(place)
            if short:
                self.places[short] = self.places[place] = place
            code = plain_form(project.code)
            if code:
                self._codes.setdefault(code, []).append(project.id)
            for kind, said in (
                (self._names, project.name),
                *((self._aliases, alias) for alias in project.aliases),
            ):
                text = folded(plain_form(said))
                if len(text) < 2:
                    continue
                kind.setdefault(text, []).append(project.id)
                heads.setdefault(text[:2], set()).add(len(text))
                entries.append(NameEntry.of(project.id, text, short))
        self._code_shapes = frozenset(_shape(code) for code in self._codes)
        self._heads = {head: tuple(sorted(lengths, reverse=True)) for head, lengths in heads.items()}
        self._index = NameIndex(entries)
        self._pairs = frozenset((*self._index.pairs(), *self._heads))
        self._sounding: dict[tuple[str, str], list[str]] = {}  # pairs by how they are read, once asked for
        self._few: dict[frozenset[int], frozenset[str]] = {}
        self._by_phase: dict[tuple[str | None, str], dict[int, None]] = {}
        for one in entries:
            for phase in one.phases:
                for where in (one.place, None):
                    self._by_phase.setdefault((where, phase), {})[one.id] = None
        self._place_heads = frozenset(place[:2] for place in self.places)

    @classmethod
    def of(cls, projects: Iterable[ProjectName], units: Mapping[str, Sequence[str]] | None = None) -> Names:
        """units: canonical unit name → short forms."""
        return cls(list(projects), units or {})

    def behind_place(self, text: str) -> str:
        """The text without the place at its head: 「辉县这边累计」 is 累计."""
        for length in range(min(len(text), _LONGEST_PLACE), 1, -1):
            if text[:length] in self.places:
                return _OF_PLACE.sub("", text[length:], count=1)
        return text

    def share_a_pair(self, text: str, visible: Container[int] | None = None) -> bool:
        """Whether two neighbours of a folded text stand in any name; else none is like it, but for numbers."""
        return self.have_one_of([*map(add, text, text[1:])], visible)

    def have_one_of(self, pairs: Sequence[str], visible: Container[int] | None) -> bool:
        """Whether one of these pairs of neighbours stands in any name; more pairs than that in no visible one."""
        if (
            isinstance(visible, frozenset)
            and len(visible) <= _FEW
            and self._of_few(visible).isdisjoint(pairs)
        ):
            return False
        return not self._pairs.isdisjoint(pairs)

    def begin_among(self, pairs: Sequence[str]) -> bool:
        """Whether any name or alias begins with one of these pairs."""
        return not self._heads.keys().isdisjoint(pairs)

    def _of_few(self, visible: frozenset[int]) -> frozenset[str]:
        """The pairs of a few projects' names, and of the words that are said for words in them."""
        if (found := self._few.get(visible)) is not None:
            return found
        if len(self._few) >= _CACHED_SCOPES:
            self._few.clear()
        pairs = self._index.pairs_of(visible)
        found = self._few[visible] = pairs | said_for(pairs)
        return found

    def match(
        self, mention: str, *, visible: Container[int] | None = None, place: str | None = None
    ) -> MatchResult:
        """The project that the whole mention means. place: the sender's county, decides between equals."""
        plain = plain_form(mention).strip()
        text = folded(plain)
        found = self.by_code(plain, visible) or self.by_words(text, visible)
        if found:
            return self._decided(found, place)
        if _MERE_HAN.fullmatch(text) and not self.share_a_pair(text, visible):
            return NOTHING
        return self.judged(self.alike(text, visible=visible), place)

    def by_code(self, plain: str, visible: Container[int] | None) -> list[int]:
        """Visible projects with exactly this code (plain form)."""
        return self._seen(self._codes.get(plain, ()), visible)

    def by_words(self, text: str, visible: Container[int] | None) -> list[int]:
        """Visible projects with exactly this name, else this alias (folded)."""
        return self._seen(self._names.get(text, ()), visible) or self._seen(
            self._aliases.get(text, ()), visible
        )

    def of_phase(self, phase: str, place: str | None, visible: Container[int] | None) -> list[int]:
        """Visible projects of a place, or of any, whose names hold this phase (一 for 一期)."""
        key = short_place(plain_form(place)) if place else None
        return self._seen(self._by_phase.get((key, phase), ()), visible)

    def exact_from(
        self, text: str, index: int, visible: Container[int] | None
    ) -> tuple[int, int, list[int]] | None:
        """The first, then longest, name or alias from index on in a folded text: start, length, projects."""
        heads = self._heads
        if heads.keys().isdisjoint(map(add, text[index:], text[index + 1 :])):
            return None
        for start in range(index, len(text) - 1):
            if text[start : start + 2] in heads and (found := self._exact_at(text, start, visible)):
                return start, *found
        return None

    def _exact_at(
        self, text: str, index: int, visible: Container[int] | None
    ) -> tuple[int, list[int]] | None:
        for length in self._heads.get(text[index : index + 2], ()):
            if index + length <= len(text) and (
                found := self.by_words(text[index : index + length], visible)
            ):
                return length, found
        return None

    def respelled(self, text: str, visible: Container[int] | None) -> list[str]:
        """The text with one character put right that only sounds as in a name: 保租房 for 保祖房 (speech to text)."""
        if isinstance(visible, frozenset) and len(visible) <= _FEW:
            known: Container[str] = self._of_few(visible)
            by_sound = _by_sound(self._of_few(visible))
        else:
            known = self._pairs
            by_sound = self._sounding = self._sounding or _by_sound(self._pairs)
        found: dict[str, None] = {}
        for at in range(len(text) - 1):
            pair = text[at : at + 2]
            if pair in known:
                continue
            for sound in _said(pair):
                for other in by_sound.get(sound, ()):
                    if (other[0] == pair[0]) != (other[1] == pair[1]):
                        found[text[:at] + other + text[at + 2 :]] = None
        return list(found)

    def alike(self, text: str, *, visible: Container[int] | None) -> list[Likeness]:
        """Names that explain a good part of the folded mention, best first, one entry per project."""
        if len(text) < 2:
            return []
        entries = [*self._index.nearest(grams_of_mention(text), visible, limit=_COMPARED)]
        if not entries:
            return []
        mention = Mention.of(text, self.places, self._place_heads)
        best: dict[int, Likeness] = {}
        fullest = 0.0
        behind = max(_BEHIND, mention.total * MARGIN)
        nearest = [(most_explained(mention, entry), number, entry) for number, entry in enumerate(entries)]
        nearest.sort(key=lambda one: (-one[0], one[1]))
        for bound, _, entry in nearest:
            if bound < fullest - behind:
                break  # none of the rest could come close to the best any more
            found = likeness(mention, entry)
            if found is None:
                continue
            fullest = max(fullest, found.matched)
            if entry.id not in best or found.score > best[entry.id].score:
                best[entry.id] = found
        kept = [one for one in best.values() if one.matched >= fullest - behind]
        return sorted(kept, key=lambda one: (-one.score, one.entry.id))

    def judged(self, found: Sequence[Likeness], place: str | None) -> MatchResult:
        """One clear winner, several that fit about equally well, or none."""
        return self.judged_by([(one.entry.id, one.score) for one in found], place)

    def judged_by(self, found: Sequence[tuple[int, float]], place: str | None) -> MatchResult:
        """As judged, for (project, score), best first."""
        if not found or found[0][1] < ENOUGH:
            return NOTHING
        return self._decided([one for one, score in found if score > found[0][1] - MARGIN], place)

    def decided(self, ids: Sequence[int], place: str | None) -> MatchResult:
        return self._decided(ids, place)

    def _decided(self, ids: Sequence[int], place: str | None) -> MatchResult:
        if len(ids) > 1 and place:
            home = plain_form(place)
            near = [
                one
                for one in ids
                if self.projects[one].place and plain_form(self.projects[one].place or "") == home
            ]
            ids = near or ids
        if len(ids) == 1:
            return MatchResult(Match.UNIQUE, ids[0])
        return MatchResult(Match.AMBIGUOUS, None, tuple(ids[:MOST_CANDIDATES]))

    @staticmethod
    def _seen(ids: Iterable[int], visible: Container[int] | None) -> list[int]:
        return [one for one in ids if visible is None or one in visible]

    def is_code_like(self, plain: str) -> bool:
        """Whether a token is written like the codes of this registry (letters, then as many digits)."""
        return _shape(plain) in self._code_shapes
