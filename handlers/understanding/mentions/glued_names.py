"""A short name with its report right behind it, without a mark between them: 「三院村民阻工」, 「灌区约5000万」.

What is left over behind a name speaks against it (`running_likeness`), unless it can only be told of a project.
"""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause
from handlers.understanding.issues import tells_obstacle
from handlers.understanding.mentions.name_search import SHORTEST_NAME, NameSearch, Stretch
from handlers.understanding.mentions.running_likeness import Known, meant_by
from handlers.understanding.names.name_words import weights
from handlers.understanding.phrases.names import PARTS, TOLD_BEHIND

_LONGEST = 12  # characters of a short name
_TWO = 2
_LOOKED_AT = 30  # characters behind a name
# A name of two characters ends by what it is; other pairs stand for too many words.
KINDS_OF_TWO = frozenset("院校园渠厂站桥馆库河湖闸坝港塔区")
_DISTINCTIVE = 1.9  # what its words weigh: 现场 and 园区 are less
_PHASE = re.compile(r"[二三四五六]期")
# 「三院设备采购项目」 and 「三院二期」 are other projects.
_A_NAME_OF_ITS_OWN = re.compile(
    r"(?:项目|工程|中心|大楼|基地|园区?|[学医]院|[中小]学|产业[园城]|小区|广场|改造|扩建|[新迁]建|采购)(?!部|公司|法人|经理|业主|款|量|进度|投资|完成|已|还|没|未)"
)


def before_its_report(search: NameSearch, clause: Clause, head: Stretch) -> Known | None:
    """What the head's first words mean, up to where the report must begin; None when they name nothing."""
    hard = tells_obstacle(clause.words)
    for size in range(min(len(head.text) - 1, _LONGEST), SHORTEST_NAME - 1, -1):
        name = head.text[:size]
        if not _may_be_a_name(name):
            continue
        _, end = head.place_of(0, size)
        if not (
            TOLD_BEHIND.match(search.plain, end, clause.end)
            or (hard and _tells_obstacle(search, clause, end))
        ):
            continue
        if _PHASE.match(search.plain, end) or _A_NAME_OF_ITS_OWN.search(search.plain, end, head.end):
            continue
        known = meant_by(search, clause, name)
        if known is not None and (known.best.start, known.best.end) == (0, size):
            return known
    return None


def _tells_obstacle(search: NameSearch, clause: Clause, start: int) -> bool:
    return tells_obstacle(clause.words.part(search.plain[start : min(clause.end, start + _LOOKED_AT)]))


def without_its_report(search: NameSearch, clause: Clause, head: Stretch, known: Known) -> Known:
    """The same project without a last character that only sounds like the name's: 「共渠|持续推进」, 持 for 治."""
    start, size = known.best.start, known.best.end - 1
    if start or size < SHORTEST_NAME or head.text[size] in known.best.entry.text:
        return known
    _, end = head.place_of(0, size)
    if not TOLD_BEHIND.match(search.plain, end, clause.end):
        return known
    shorter = meant_by(search, clause, head.text[:size])
    same = shorter is not None and shorter.result == known.result and shorter.best.end == size
    return shorter if shorter is not None and same else known


def _may_be_a_name(name: str) -> bool:
    return (
        PARTS.sub("", name) != ""
        and sum(weights(name)) >= _DISTINCTIVE
        and (len(name) > _TWO or name[-1] in KINDS_OF_TWO)
    )
