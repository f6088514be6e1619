"""Which project the words at a head mean, when the words behind the name may be about something else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from handlers.understanding.clauses import Clause
from handlers.understanding.mentions.name_search import NameSearch
from handlers.understanding.names.name_likeness import Likeness
from handlers.understanding.names.name_words import weights
from handlers.understanding.names.names import MatchResult
from handlers.understanding.phrases.money import GAP
from handlers.understanding.phrases.names import PARTS
from handlers.understanding.reading import Match

_STRONG_EVIDENCE = 2.9
_LONG_REGION = 3
_WELL_EXPLAINED = 0.85
# What may stand right behind a short name: a number, a part of the works, where it is.
_SOFT_AFTER = re.compile(
    rf"[\da-z]|^[\u4e00-\u9fff]{{1,4}}(?:线(?!路)|车间|楼|塔|池|井|坝|炉|罐|梁|窑|泵|闸)"
    rf"|^[\u4e00-\u9fff]{{1,4}}(?:街道|标段|[乡镇村段])|^[一二三四五六七八九]标|^反馈|^[红黄]灯|^(?:[东西南北]{{1,2}}[侧边头区]|[左右两东西南北]岸|[上中下]游|最后|剩[余下]|周边|附近|门口|场内|现场|红线|入口|出口)|{PARTS.pattern}"
)
_LOCATION_BEFORE = re.compile(r".*(?:[段村镇乡市县区旗]|标段|街道|办事处|关于|的|里面?|上的?|把|是)$")


class Known(NamedTuple):
    """What words mean. best: how they are like the name that they are most like."""

    result: MatchResult
    best: Likeness


def meant_by(search: NameSearch, clause: Clause, text: str) -> Known | None:
    """What a folded text at the head of a clause means; None for no project that is known."""
    alike = _alike(search, text, strict=_is_of_money(clause))
    result = search.names.judged_by([(one.entry.id, score) for one, score in alike], search.place)
    return None if result.match is Match.NONE else Known(result, alike[0][0])


def _is_of_money(clause: Clause) -> bool:
    """Whether it may give a figure, so that a name before it must be the name and nothing but the name."""
    return bool(clause.money) and not clause.words.hold(GAP)  # 「冷链车间板材差200万货款」


def _alike(search: NameSearch, text: str, *, strict: bool) -> list[tuple[Likeness, float]]:
    """Likenesses with their scores in running text, best first."""
    alike = search.alike(text)
    if not alike:
        return []
    weight = weights(text)
    # What the fullest explanation covers, a rival has to explain as well.
    fullest = max(alike, key=lambda one: one.matched)
    losses: dict[tuple[int, int, bool], float] = {}
    found = []
    for one in alike:
        start, end = one.start, one.end
        if fullest.start <= end and start <= fullest.end:
            start, end = min(start, fullest.start), max(end, fullest.end)
        inside = sum(weight[start:end])
        strong = one.evidence >= _STRONG_EVIDENCE or (
            end - start >= _LONG_REGION and one.matched >= _WELL_EXPLAINED * inside
        )
        if not one.entry.phases and text.startswith("一期", end):
            end += 2  # the first phase often bears the plain name
        key = (start, end, strong)
        if key not in losses:
            losses[key] = _left_over(text, weight, start, end, strong=strong, strict=strict)
        score = one.matched / max(inside + losses[key], 0.1) - one.total_score_cost
        found.append((one, score))
    found.sort(key=lambda pair: (-pair[1], pair[0].entry.id))
    return found


def _left_over(
    text: str, weight: Sequence[float], start: int, end: int, *, strong: bool, strict: bool
) -> float:
    """The weight of the words around a name that speak against it."""
    before, after = text[:start], text[end:]
    loss = sum(weight[:start])
    if _LOCATION_BEFORE.match(before) and before[-1:] not in "市县区":
        loss = 0.0
    if strict:
        return loss + sum(weight[end:])
    if after.startswith("的") or (strong and loss == 0.0):
        return loss
    soft = _SOFT_AFTER.search(after)
    return loss + sum(weight[end : end + (soft.start() if soft else len(after))])
