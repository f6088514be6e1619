"""Names that are written out: codes, full names and aliases, wherever they stand in a clause."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause
from handlers.understanding.mentions.name_search import LONGEST_NAME, SHORTEST_NAME, Hit, NameSearch, Stretch
from handlers.understanding.names.name_words import folded
from handlers.understanding.names.names import NOTHING, MatchResult
from handlers.understanding.phrases.names import NAME_END, NAME_LEAD

LATIN = re.compile(r"[\d.a-z]")
MERE_WORDS = re.compile(r"[\u4e00-\u9fff]+")
_CODE = re.compile(
    r"(?<![a-z0-9])[a-z]{1,8}[-_]?\d{2,10}(?![a-z0-9])|(?<!\d)\d{4}-\d{4,8}-\d{2}-\d{2}-\d{4,8}"
)
_NAME_AND_BRACKET = re.compile(r"([^\s,，。;；:()]{2,40})\($")
_NATIONAL_ROAD = re.compile(r"[gsxyc]\d{3}")
_CALLS_A_ROAD = re.compile(
    r"\s?(?:国道|省道|县道|乡道|[\u4e00-\u9fff]{0,2}[道路线桥口段]|[与和跨穿沿]|交叉|开口|占)"
)
_AMID_WORDS = re.compile(r"[\u4e00-\u9fff]{2}$")
_GOES_OVER = ("跨", "穿", "沿", "占", "临", "邻", "挨", "与", "和")  # 「管廊要跨S308」


def written_out(search: NameSearch, clause: Clause) -> list[Hit]:
    """Codes; where there are none, names and aliases, the longest first."""
    if not _may_be_written_out(search, clause):
        return []
    return _by_code(search, clause) or _by_name(search, clause)


def _may_be_written_out(search: NameSearch, clause: Clause) -> bool:
    """False when no name or alias begins anywhere in a clause of mere words."""
    if MERE_WORDS.fullmatch(search.plain, clause.start, clause.end) is None:
        return True
    return search.names.begin_among(search.pairs[clause.start : clause.end - 1])


def _by_code(search: NameSearch, clause: Clause) -> list[Hit]:
    if LATIN.search(clause.text) is None:
        return []
    hits: list[Hit] = []
    tells_figures = bool(clause.money or clause.percents)
    for match in _CODE.finditer(search.plain, clause.start, clause.end):
        found = search.names.by_code(match[0], search.visible)
        if found:
            hits.append(_with_its_name(search, clause, match, search.decided(found)))
        elif _may_be_a_code(search, match, tells_figures=tells_figures) and not search.alike(match[0]):
            hits.append(Hit(clause.number, *match.span(), NOTHING))
    return hits


def _with_its_name(search: NameSearch, clause: Clause, code: re.Match[str], said: MatchResult) -> Hit:
    """「长垣十中（P063）本月600万」: the name before the code in parentheses is no word of the figure."""
    start, end = code.span()
    if search.plain.startswith(")", end) and (
        named := _NAME_AND_BRACKET.search(search.plain, clause.start, start)
    ):
        words = named[1][NAME_LEAD.end(named[1], 0, len(named[1])) :]
        if search.match(words) == said:
            return Hit(clause.number, start - 1 - len(words), end + 1, said)
    stop = NAME_END.search(search.plain, end, min(clause.end, end + LONGEST_NAME))
    if (
        stop
        and stop.start() - end >= SHORTEST_NAME
        and search.match(search.plain[end : stop.start()]) == said
    ):
        end = stop.start()  # 「P063长垣十中本月600万」
    return Hit(clause.number, start, end, said)


def _may_be_a_code(search: NameSearch, match: re.Match[str], *, tells_figures: bool) -> bool:
    """Written like the codes of this registry, and no road: 「穿G107辅道」, 「S311开口」, 「顶管穿越S308完成」."""
    if not search.names.is_code_like(match[0]):
        return False
    road = _NATIONAL_ROAD.fullmatch(match[0]) and (
        (not tells_figures and _AMID_WORDS.search(search.plain, max(0, match.start() - 2), match.start()))
        or _CALLS_A_ROAD.match(search.plain, match.end())
        or search.plain.startswith(_GOES_OVER, max(0, match.start() - 1), match.start())
    )
    return not road


def _by_name(search: NameSearch, clause: Clause) -> list[Hit]:
    end = min(clause.end, clause.start + 3 * LONGEST_NAME)
    exact = search.names.exact_from(folded(search.plain[clause.start : end]), 0, search.visible)
    if exact is None:
        return []
    hits: list[Hit] = []
    stretch = Stretch.of(search.plain, clause.start, end)
    while exact is not None:
        index, length, ids = exact
        hits.append(Hit(clause.number, *stretch.place_of(index, index + length), search.decided(ids)))
        exact = search.names.exact_from(stretch.text, index + length, search.visible)
    return hits
