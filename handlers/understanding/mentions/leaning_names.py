"""Names that lean on a neighbour: 「甲、乙」, 「建文一、二期」, a 「二期」 behind the first phase or all alone."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause
from handlers.understanding.mentions.name_search import LONGEST_NAME, SHORTEST_NAME, Hit, NameSearch, Stretch
from handlers.understanding.names.name_words import folded, phases
from handlers.understanding.names.names import MOST_CANDIDATES
from handlers.understanding.phrases.names import NAME_END
from handlers.understanding.reading import Match

_JOINED = re.compile(r"[、和与及跟+&/]|以及")
_PHASE = re.compile(r"[一二三四五六七八九1-9]期")
_PHASE_ALONE = re.compile(rf"{_PHASE.pattern}(?P<whole>项目|工程)?")
_HOW_MANY = re.compile(r"(?:[两三四五六七八九十]|\d{1,2})个?(?:项目|工程)$")  # 「甲、乙两个项目」
_SHARED_OUT = re.compile(r"[^,，。;；:：\n、\d]{0,12}(?:分别|依次)\D{0,10}\d")
_OF_ANY = re.compile(r"的?(?:厂房|车间|主体|仓库|宿舍楼?)")
_MERE_PHASE = 4  # characters at most


def phase_alone(search: NameSearch, clause: Clause, head: Stretch, last: Hit | None) -> list[Hit] | None:
    """A phase without the name: of the project named last, else of one that has such a phase.

    None when the words may be a name all the same; 「二期项目厂房」 is none, whatever it is like.
    """
    if last is not None:
        return _phase_of_the_last(search, clause, head, last)
    phase = _PHASE_ALONE.match(search.plain, head.start)
    if phase is None or not (phase["whole"] or clause.opens):
        return None
    found = search.names.of_phase(head.text[:1], search.place, search.visible)
    of_any = _OF_ANY.fullmatch(search.plain, phase.end(), head.end) is not None  # 「二期厂房封顶了」
    if len(found) != 1 and not (phase["whole"] or of_any):
        return None  # 「二期办公楼外墙刷完了」 from where several have a second phase
    if not 0 < len(found) <= MOST_CANDIDATES:
        return []
    return [Hit(clause.number, head.start, phase.end(), search.decided(found))]


def _phase_of_the_last(search: NameSearch, clause: Clause, head: Stretch, last: Hit) -> list[Hit] | None:
    """A mere 「二期」 after the first phase was named, or 「二期主厂房…」 where the second is a project of its own."""
    if not phases(head.text):
        return None
    end, words = head.end, head.text
    mere = len(head.text) <= _MERE_PHASE
    if not mere:
        phase = _PHASE.match(search.plain, head.start)
        if phase is None:
            return None
        end, words = phase.end(), folded(phase[0])
    stem = _PHASE.sub("", folded(search.plain[last.start : last.end]))
    if not stem and (project := last.result.project_id) is not None:
        name = search.names.folded[project]  # 「…，二期钢结构完成70%，二期累计2.12亿」
        if mere and phases(words) <= phases(name):
            return [Hit(clause.number, head.start, end, last.result)]
        stem = _PHASE.sub("", name)
    result = search.match(stem + words)
    if result.match is Match.UNIQUE and (mere or result.project_id != last.result.project_id):
        return [Hit(clause.number, head.start, end, result)]
    return None


def in_a_row(search: NameSearch, clause: Clause, head: Stretch) -> list[Hit]:
    """「甲、乙两个项目」: every part must be a project of its own, or stand for one where each gets its own number."""
    chunk, start = head.words, head.start
    if not _JOINED.search(chunk):
        return []
    hits, at, stem = [], 0, ""
    with_numbers = clause.sentence in search.with_money or clause.sentence in search.with_share
    shared_out = with_numbers and _SHARED_OUT.match(search.plain, head.end) is not None
    for match in [*_JOINED.finditer(chunk), None]:
        stop = match.start() if match else len(chunk)
        part = chunk[at:stop]
        if (phase := _PHASE.search(part)) and phase.start():
            stem = part[: phase.start()]
        elif phase:
            part = stem + part  # 「建文一期、二期」
        elif match and part[-1:] in "一二三四" and _PHASE.match(chunk, match.end()):
            stem, part = part[:-1], part + "期"  # 「建文一、二期」
        part = part if match else _HOW_MANY.sub("", part)
        result = search.match(part)
        if result.match is not Match.UNIQUE and not (shared_out and len(part) >= SHORTEST_NAME):
            return []
        hits.append(Hit(clause.number, start + at, start + stop, result))
        at = match.end() if match else stop
    return hits if len({hit.result.project_id for hit in hits}) > 1 else []  # one of them is known


def joined_to(search: NameSearch, clause: Clause, hit: Hit) -> list[Hit]:
    """「循环园、实验中学主体封顶」: a second name right behind one that was written out."""
    joint = _JOINED.match(search.plain, hit.end, clause.end)
    if joint is None:
        return []
    limit = min(clause.end, joint.end() + LONGEST_NAME)
    stop = NAME_END.search(search.plain, joint.end(), limit)
    if stop is None or stop.start() - joint.end() < SHORTEST_NAME:
        return []
    result = search.match(search.plain[joint.end() : stop.start()])
    if result.match is not Match.UNIQUE or result.project_id == hit.result.project_id:
        return []
    return [Hit(clause.number, joint.end(), stop.start(), result)]
