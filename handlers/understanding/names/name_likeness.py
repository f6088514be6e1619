"""How much of a mention one name explains.

People shorten names in a few ways: they leave words out (长垣医院), keep one character of each word
(河师大, 共渠), swap parts (标准化厂房二期(新密)), mistype a character for one that sounds the same.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import add

# Single characters are all that is looked up; the table of phrases would cost 45 MB, a copy of the other one 2 MB.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")

from pypinyin.constants import PINYIN_DICT

from handlers.understanding.names.name_words import (
    SILENT,
    ascii_token_at,
    ascii_tokens,
    folded,
    numbered,
    phases,
    side,
    township,
    weights,
)

_APART = 4  # how far the characters of an abbreviation may lie apart in the full name
_ABBREVIATED, _SOUNDS_ALIKE = 0.9, 0.8  # what such a character counts compared with a literal one
_RUN_COST = 0.01
_SAME_NAME_BONUS = 0.15
_WIDE_GAP = 3  # characters left out before a single one, from which on it may be chance
_FAR = 2.5
_LONG_ENOUGH = 4  # characters of a mention that may begin with a misheard one
_PHASES = frozenset(f"{number}期" for number in "一二三四五六七八九")
_ENOUGH_EVIDENCE = 1.75  # two abbreviated characters, and not one of them by its sound alone
_PLAIN_VOWELS = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü", "aaaaeeeeiiiioooouuuuvvvvv")
_FIRST_CHARACTER, _LAST_CHARACTER = (
    0x4E00,
    0x9FFF,
)  # those of names; the rarer blocks beyond are not looked up
# Said for one another, each as long as the other.
_TWINS = tuple(
    pair
    for left, right in (
        ("安置房", "安置区"), ("变电站", "输变电"), ("自来水", "供水管"), ("污水厂", "污水处"), ("快速路", "快速通"),
        ("智造", "制造"), ("路网", "道路"), ("棚改", "改造"), ("卫材", "医材"),
    )
    for pair in ((left, right), (right, left))
)  # fmt: skip
_TWIN = re.compile("|".join(said for said, _ in _TWINS))
_KINDS = frozenset("变站厂园院校馆库渠")  # how a short name ends
_TAIL = re.compile(r"(?:项目|工程|建设)+$")
_TAIL_ENDS = frozenset("目程设")


@dataclass(frozen=True, slots=True)
class NameEntry:
    """One name or alias of a project, folded. place: short place name of the project. stem: without 项目 at its end."""

    id: int
    text: str
    place: str
    phases: frozenset[str]
    stem: str
    numbered: frozenset[str]
    side: str
    township: frozenset[str]

    @classmethod
    def of(cls, project: int, text: str, place: str) -> NameEntry:
        return cls(
            project, text, place, phases(text), _stem(text), numbered(text), side(text), township(text)
        )


@dataclass(slots=True)
class Mention:
    """A folded mention with everything about it that does not depend on the name it is compared with."""

    text: str
    weights: tuple[float, ...]
    total: float
    phases: frozenset[str]
    places: tuple[tuple[int, int, str], ...]
    twins: tuple[tuple[str, str], ...] = ()
    numbered: frozenset[str] = frozenset()
    side: str = ""
    township: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str, places: Mapping[str, str], heads: frozenset[str]) -> Mention:
        """places: known place names, long and short. heads: their first two characters."""
        found = weights(text)
        return cls(
            text, tuple(found), sum(found), phases(text), _places_in(text, places, heads), twins_in(text),
            numbered(text), side(text), township(text),
        )  # fmt: skip


@dataclass(slots=True)
class Likeness:
    """score: 1 when the name explains the whole mention. start, end: the part of it that it explains."""

    entry: NameEntry
    score: float
    start: int
    end: int
    evidence: float
    matched: float
    runs: int = 1
    loose_end: bool = False  # the last character explained is a single one of an abbreviation

    @property
    def total_score_cost(self) -> float:
        """What splitting the mention into several pieces costs."""
        return _RUN_COST * max(0, self.runs - 1)


def _places_in(
    text: str, places: Mapping[str, str], heads: frozenset[str]
) -> tuple[tuple[int, int, str], ...]:
    pairs = [*map(add, text, text[1:])]
    if heads.isdisjoint(pairs):
        return ()
    found = []
    after = 0
    for index, pair in enumerate(pairs):
        if pair not in heads or index < after:
            continue
        for length in (4, 5, 3, 2, 6):
            if (full := places.get(text[index : index + length])) is not None and index + length <= len(text):
                after = index + length
                found.append((index, after, full))
                break
    return tuple(found)


def twins_in(text: str) -> tuple[tuple[str, str], ...]:
    """Words of a folded mention for which a name may have another."""
    return tuple(pair for pair in _TWINS if pair[0] in text) if _TWIN.search(text) else ()


def said_for(pairs: frozenset[str]) -> frozenset[str]:
    """The pairs of words that may be said for words with one of these pairs."""
    return frozenset(
        pair
        for said, meant in _TWINS
        if not pairs.isdisjoint(map(add, meant, meant[1:]))
        for pair in map(add, said, said[1:])
    )


def grams_of_mention(text: str) -> Iterable[str]:
    """The pairs of neighbours by which names like a folded mention are found, each once."""
    text += "".join([meant for _, meant in twins_in(text)])
    grams = dict.fromkeys(map(add, text, text[1:]))
    if min(text) <= "z":
        grams = dict.fromkeys([pair for pair in grams if pair[0] > "z" and pair[1] > "z"])
        grams.update(dict.fromkeys(sorted(ascii_tokens(text))))
    return [gram for gram in grams if gram not in SILENT]


def grams_of_name(text: str) -> set[str]:
    """All pairs at most four apart, and the numbers and Latin words whole."""
    size = len(text)
    found = {
        text[i] + text[j]
        for i in range(size - 1)
        if text[i] > "z"
        for j in range(i + 1, min(i + 1 + _APART, size))
    }
    if text.isascii() or any(char <= "z" for char in text):
        found = {gram for gram in found if gram[1] > "z"} | ascii_tokens(text)
    return found - SILENT


@lru_cache(maxsize=8192)  # characters in use, a few thousand
def sounds(char: str) -> frozenset[str]:
    """How a character may be read, without tones; empty for what is no Chinese character."""
    place = ord(char) - _FIRST_CHARACTER
    said = _SAID[place] if 0 <= place < len(_SAID) else ""
    return frozenset(said.split(",")) if said else frozenset()


def _without_tones(table: dict[int, str]) -> list[str]:
    """How each character is said, from the first one on: 「zhong,chong」. The table is emptied: it takes 10 MB."""
    said = [
        sys.intern(table.get(code, "").translate(_PLAIN_VOWELS))
        for code in range(_FIRST_CHARACTER, _LAST_CHARACTER + 1)
    ]
    table.clear()  # nothing else in this process looks anything up there
    return said


_SAID = _without_tones(PINYIN_DICT)


def most_explained(mention: Mention, entry: NameEntry) -> float:
    """An upper bound, cheaply: the weight of the mention's characters that stand in the name at all."""
    name = entry.text
    bound = sum([weight for char, weight in zip(mention.text, mention.weights, strict=True) if char in name])
    if mention.places and entry.place:
        bound += sum(end - start for start, end, full in mention.places if full.startswith(entry.place))
    return bound + (_SOUNDS_ALIKE if bound + 1.0 >= mention.total - 1.0 else 0.0)


def likeness(mention: Mention, entry: NameEntry) -> Likeness | None:
    """None when nothing of weight agrees, or a phase (二期), a number (十二中), a side (城北) or a section differs."""
    if mention.phases and entry.phases and not mention.phases & entry.phases:
        return None
    if mention.numbered and entry.numbered and not mention.numbered & entry.numbered:
        return None
    if mention.side and entry.side and mention.side != entry.side:
        return None  # 「城北污水处理厂」 is not 城南污水处理厂
    if mention.township and entry.township and mention.township.isdisjoint(entry.township):
        return None  # 「城关镇污水处理厂」 is not 常村镇污水处理厂; 「长村镇」 may be
    text, name, weight = mention.text, entry.text, mention.weights
    if "段" in name and _is_of_another_section(mention, entry):
        return None
    for said, meant in mention.twins:
        if said not in name and meant in name:
            text = text.replace(said, meant)
    places = {start: (end, full) for start, end, full in mention.places}
    matched = evidence = 0.0
    runs = index = after = 0
    first, last = -1, -1
    loose_end = False
    total = mention.total
    if mention.phases == {"一"} and not entry.phases:
        at = text.find("一期")
        total -= weight[at] + weight[at + 1]  # the first phase often bears the plain name
    while index < len(text):
        was = after
        step, gained, after, is_place = _explained(
            text, index, name, after, place=places.get(index), home=entry.place
        )
        if 0.0 < gained < 1.0 and step == 1 and index != last:
            gained = 0.0  # a single character continues a run or means nothing
        if (
            gained
            and first >= 0
            and index - last >= _FAR
            and sum(weight[last:index]) >= _FAR
            and not (gained == 1.0 and step >= 3)
        ):
            gained = 0.0  # a stray character far behind the name is not part of it
        if gained:
            worth = gained * sum(weight[index : index + step])
            matched += worth
            evidence += 0.0 if is_place or text[index : index + step] in _PHASES else worth
            runs += worth > 0.0  # 项目, 工程 at the end weigh nothing and cost nothing
            first = index if first < 0 else first
            last = index + step
            loose_end = step == 1 and gained < 1.0 and after - was >= _WIDE_GAP
        index += step
    if evidence < _ENOUGH_EVIDENCE or total <= 0:
        return None
    score = min(matched / total, 1.0) - _RUN_COST * max(0, runs - 1)
    if _stem(text) == entry.stem:
        score += _SAME_NAME_BONUS
    if mention.phases and not entry.phases and mention.phases != {"一"}:
        score *= 0.8
    return Likeness(entry, score, first, last, evidence, matched, runs, loose_end)


def _is_of_another_section(mention: Mention, entry: NameEntry) -> bool:
    """「新濮公路延津段」 is not 新濮公路卫辉段."""
    sections = [full for _, end, full in mention.places if mention.text.startswith("段", end)]
    return bool(sections and entry.place) and not any(full.startswith(entry.place) for full in sections)


def _stem(text: str) -> str:
    return _TAIL.sub("", text) if text[-1:] in _TAIL_ENDS else text


def _explained(
    text: str, index: int, name: str, after: int, *, place: tuple[int, str] | None, home: str
) -> tuple[int, float, int, bool]:
    """How many characters from index the name explains (at least one is stepped over), and how well."""
    if text[index] <= "z" and (token := ascii_token_at(text, index)):
        if token in ascii_tokens(name):
            return len(token), 1.0, name.find(token) + len(token), False
        return len(token), 0.0, after, False
    at = -1
    if index + 2 <= len(text):
        pair = text[index : index + 2]
        at = name.find(pair, after)
        if at < 0 and after and (at := name.find(pair)) >= 0 and _was_said(text, index):
            at = -1
    if at >= 0:
        size = 2
        while index + size < len(text) and at + size < len(name) and text[index + size] == name[at + size]:
            size += 1
        is_place = place is not None and index + size <= place[0]
        return size, 1.0, at + size, is_place
    if place is not None and home and place[1].startswith(home):
        return place[0] - index, 1.0, after, True
    return _shortened(text, index, name, after)


def _shortened(text: str, index: int, name: str, after: int) -> tuple[int, float, int, bool]:
    char = text[index]
    if after:
        ends_name = index + 1 == len(text) and char in _KINDS  # 「翟坡变」: 翟坡镇110千伏输变电
        at = name.find(char, after, len(name) if ends_name else after + _APART + 1)
        if at >= 0:
            return 1, _ABBREVIATED, at + 1, False
    if index + 1 < len(text):
        start = name.find(char)
        while start >= 0:
            follow = name.find(text[index + 1], start + 1, start + 1 + _APART)
            if follow >= 0 and not _was_said(text, index):
                return 2, _ABBREVIATED, follow + 1, False
            start = name.find(char, start + 1)
    if after and after < len(name) and len(text) > 2 and sounds(char) & sounds(name[after]):
        return 1, _SOUNDS_ALIKE, after + 1, False
    return _misheard(text, index, name, after) or (1, 0.0, after, False)


def _was_said(text: str, index: int) -> bool:
    """「老旧小区三期|同盟小区」: what the mention has twice is not the same word of the name both times."""
    return text.find(text[index : index + 2], 0, index) >= 0


def _misheard(text: str, index: int, name: str, after: int) -> tuple[int, float, int, bool] | None:
    """One character that sounds alike between two that agree: 华蓝生物 for 华兰生物, 食品圆区 for 食品园区."""
    follow = text[index + 1 : index + 2]
    if after and follow:
        for at in range(after, min(len(name) - 1, after + _APART + 1)):
            if name[at + 1] == follow and sounds(text[index]) & sounds(name[at]):
                return 2, (1 + _SOUNDS_ALIKE) / 2, at + 2, False
    if after or len(text) < _LONG_ENOUGH:
        return None
    two = text[index + 2 : index + 4]
    at = name.find(text[index])
    if at >= 0 and len(two) == len(name[at + 2 : at + 4]) == 2 and name[at + 2 : at + 4] == two:
        return (4, (3 + _SOUNDS_ALIKE) / 4, at + 4, False) if _alike(text[index + 1], name[at + 1]) else None
    if (
        at >= 0
        and len(two) == 2
        and name.find(two, at + 2) > 0
        and _alike(text[index + 1], name[at + 1 : at + 2])
    ):
        return 2, (1 + _SOUNDS_ALIKE) / 2, at + 2, False  # 宝全水镇 for 宝泉白陉生态水镇
    pair = text[index + 1 : index + 3]
    at = name.find(pair) - 1 if len(pair) == 2 else -1
    if at >= 0 and _alike(text[index], name[at]):
        return 3, (2 + _SOUNDS_ALIKE) / 3, at + 3, False
    return None


def _alike(left: str, right: str) -> bool:
    """Whether one character may be heard for another; never where there is none."""
    return bool(sounds(left) & sounds(right))


__all__ = ["Likeness", "Mention", "NameEntry", "folded", "grams_of_mention", "grams_of_name", "likeness"]
