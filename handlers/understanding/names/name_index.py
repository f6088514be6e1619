"""Inverted index over character pairs: which names share most pairs with a mention, exactly, in microseconds.

A pair is two characters at most four apart, so abbreviations (共渠 for 共产主义渠) are found as well. Rare
pairs keep a list of names; frequent ones a bit set, and bit sets are added up column by column (a counter
whose binary digits are bit sets), so a pair that stands in every second name costs no more than any other.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from handlers.understanding.names.name_likeness import NameEntry, grams_of_name

_RARE = 48  # names per pair up to which a list is smaller and faster than a bit set
_CACHED_SCOPES = 256


class NameIndex:
    def __init__(self, entries: Sequence[NameEntry]) -> None:
        self._entries = entries
        self._all = (1 << len(entries)) - 1
        lists: dict[str, list[int]] = {}
        for ordinal, entry in enumerate(entries):
            for gram in grams_of_name(entry.text):
                if (found := lists.get(gram)) is None:
                    lists[gram] = [ordinal]
                else:
                    found.append(ordinal)
        size = len(entries) // 8 + 1
        self._postings: dict[str, list[int] | int] = {
            gram: found if len(found) <= _RARE else _bit_set(found, size) for gram, found in lists.items()
        }
        self._ordinals: dict[int, list[int]] = {}
        for ordinal, entry in enumerate(entries):
            self._ordinals.setdefault(entry.id, []).append(ordinal)
        self._scopes: dict[frozenset[int], int] = {}

    def pairs(self) -> Iterable[str]:
        """Every pair, number and Latin word of the names."""
        return self._postings

    def pairs_of(self, visible: frozenset[int]) -> frozenset[str]:
        """Every pair, number and Latin word of the visible names, and the two characters each begins with."""
        texts = [self._entries[one].text for project in visible for one in self._ordinals.get(project, ())]
        return frozenset(gram for text in texts for gram in (text[:2], *grams_of_name(text)))

    def nearest(
        self, grams: Iterable[str], visible: Container[int] | None, *, limit: int
    ) -> Iterator[NameEntry]:
        """Entries that share the most pairs, most first, at most limit, at least half as many as the best.

        Entries outside visible are neither returned nor counted towards the limit.
        """
        rare: dict[int, int] = {}
        columns: list[int] = []
        for gram in grams:
            posting = self._postings.get(gram)
            if posting is None:
                continue
            if isinstance(posting, list):
                for ordinal in posting:
                    rare[ordinal] = rare.get(ordinal, 0) + 1
            else:
                _add(columns, posting)
        if visible is not None:
            rare = {one: many for one, many in rare.items() if self._entries[one].id in visible}
            if columns:
                mask = self._inside(visible)
                columns = [column & mask for column in columns]
        if not rare and not columns:
            return
        totals = _with_frequent(rare, columns, len(self._entries) // 8 + 1)
        best = max(totals.values(), default=0)
        returned = 0
        by_count: dict[int, list[int]] = {}
        for ordinal, many in totals.items():
            by_count.setdefault(many, []).append(ordinal)
        top = max(best, (1 << len(columns)) - 1)
        for many in range(top, 0, -1):
            if many * 2 < best:
                return
            level = self._level(columns, many) if many < 1 << len(columns) else 0
            ordinals = by_count.get(many, [])
            if level:
                ordinals = [*ordinals, *(one for one in _bits(level, limit + len(rare)) if one not in rare)]
            for ordinal in ordinals:
                entry = self._entries[ordinal]
                if visible is not None and entry.id not in visible:
                    continue
                best = max(best, many)
                yield entry
                returned += 1
                if returned >= limit:
                    return

    def _level(self, columns: Sequence[int], many: int) -> int:
        """The bit set of ordinals that occur in exactly many frequent pairs."""
        level = self._all
        for power, column in enumerate(columns):
            level &= column if many >> power & 1 else column ^ self._all
            if not level:
                return 0
        return level

    def _inside(self, visible: Container[int]) -> int:
        """The bit set of what is visible."""
        if not isinstance(visible, (frozenset, set)):
            return self._all  # not listable: filtered one by one when returned
        key = visible if isinstance(visible, frozenset) else None
        if key is not None and key in self._scopes:
            return self._scopes[key]
        mask = _bit_set(
            [ordinal for one in visible for ordinal in self._ordinals.get(one, ())],
            len(self._entries) // 8 + 1,
        )
        if key is not None:
            if len(self._scopes) >= _CACHED_SCOPES:
                self._scopes.clear()
            self._scopes[key] = mask
        return mask


def _bit_set(ordinals: Iterable[int], size: int) -> int:
    bits = bytearray(size)
    for ordinal in ordinals:
        bits[ordinal >> 3] |= 1 << (ordinal & 7)
    return int.from_bytes(bits, "little")


def _add(columns: list[int], posting: int) -> None:
    """Add one to the counter of every ordinal in posting."""
    carry = posting
    for power, column in enumerate(columns):
        columns[power], carry = column ^ carry, column & carry
        if not carry:
            return
    columns.append(carry)


def _with_frequent(rare: dict[int, int], columns: Sequence[int], size: int) -> dict[int, int]:
    """The counts of rare pairs plus those of frequent pairs for the same ordinals."""
    if not columns:
        return rare
    totals = dict(rare)
    for power, column in enumerate(columns):
        bits = column.to_bytes(size, "little")
        worth = 1 << power
        for ordinal in rare:
            if bits[ordinal >> 3] >> (ordinal & 7) & 1:
                totals[ordinal] += worth
    return totals


def _bits(level: int, limit: int) -> Iterator[int]:
    for _ in range(limit):
        if not level:
            return
        low = level & -level
        yield low.bit_length() - 1
        level ^= low
