"""Where a mention ends: with 项目, 站 or 「那个智能产线」 behind the words that the name explains."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause
from handlers.understanding.issues import tells_obstacle
from handlers.understanding.mentions.name_search import NameSearch, Stretch
from handlers.understanding.names.name_likeness import Likeness
from handlers.understanding.phrases import Words
from handlers.understanding.phrases.names import NAME_END
from handlers.understanding.reading import Match

# Where the words of a name can only have ended: what follows begins the report.
_BEGINS = r"[\d\s,，:;；。(]|累计|投资|今年|本[月周旬年]|这个?[月周]|截[至止]|上个?[月周]|完成(?:投资|\d)|$"
_SUFFIX = re.compile(
    r"(?:项目(?!公司|部|法人|经理|业主)|工程(?!款|量|进度|形象)|站(?!点|房)|厂(?![房区家商方址长])|园区?|房(?!屋|建)|基地|小区|路(?![基面口灯没]|还没|不通|未通)"
    rf"|(?:管网|仓库|厂房|大楼|车间|[楼桥馆渠院校港湖库河线])(?=(?!\d+(?:[#号层楼栋幢孔跨米]|公里))(?:{_BEGINS}|进度|完成率|支付率)))+"
)
_OWN_END = re.compile(r"[楼桥馆渠院校港湖库河线](?![板梁面盖体内顶道梯层墩台桩首底坡墙区路舍系岸堤段])")
_BUILT = re.compile(r"管网|仓库|厂房|大楼|车间|[楼桥馆渠院校港湖库河线]")
_SHARE_OF_IT = re.compile(
    r"(?:已经?|共|累计)?(?:完成)?(?:了|约)?(?:\d[\d.]*%|百分之|[一二三四五六七八九]成|过半|一半)"
)
_PHASE = re.compile(r"[一二三四五六七八九1-9]期")
_POINTED_AT = re.compile(r"(?:那|这)[个条块片](?!月|周|旬|星期|季|礼拜)|(?:那|这)边儿?")
# Words of the name that go on behind what is explained, up to where the report begins: 常青绿筑10万吨|钢结构|累计.
_REPORT_BEGINS = re.compile(rf"{_BEGINS}|已?完成总?工程量")
_LONGEST_REST = 8
_THING = re.compile(r"[\u4e00-\u9fff]{0,6}")
_LONGEST_THING = 6
_NAME_TAILS = "园路桥院校中小站厂区港渠馆造河湖库"
_OF_WORKS = ("工程量", "工程进度", "工程形象", "工程款")


def place_of_mention(search: NameSearch, clause: Clause, head: Stretch, best: Likeness) -> tuple[int, int]:
    """From where to where the project is named in the plain text. head: where the name would stand."""
    end = best.end
    if best.loose_end and end < len(head.text) and head.text[end - 1] not in _NAME_TAILS:
        end -= 1  # 「天润包装地面」: 地 belongs to what follows
    start, stop = head.place_of(best.start, end)
    if search.plain.startswith(_OF_WORKS, stop - 2):
        stop -= 2  # 「雨污分流工程量完成三成」
    return start, whole_mention(search, clause, head, best, stop)


def whole_mention(search: NameSearch, clause: Clause, head: Stretch, best: Likeness, stop: int) -> int:
    """Where a mention ends of which the words up to stop are explained."""
    plain = search.plain
    phase = _PHASE.match(plain, stop, clause.end)
    if phase and (best.entry.phases or clause.money or _phase_decides(search, head, stop)):
        stop = phase.end()  # otherwise 「一期已投产」 tells of a part
    stop = _rest_of_name(plain, clause, stop, best)
    if suffix := _SUFFIX.match(plain, stop, clause.end):
        part = suffix[0] not in best.entry.text and _BUILT.fullmatch(suffix[0])
        if not (part and _SHARE_OF_IT.match(plain, suffix.end(), clause.end)):
            stop = suffix.end()  # but 「华兰|厂房完成60%」 tells of a part
    elif (end := _OWN_END.match(plain, stop, clause.end)) and best.entry.text.endswith(end[0]):
        stop = end.end()  # 「三院门诊|楼四层封顶」 of a 门诊综合楼
    return _with_what_is_pointed_at(plain, clause, stop)


def _phase_decides(search: NameSearch, head: Stretch, stop: int) -> bool:
    """Whether several projects bear the name before 「一期」, so that the phase is part of the name."""
    named = search.names.match(search.plain[head.start : stop], visible=search.visible)
    return named.match is Match.AMBIGUOUS


def _rest_of_name(plain: str, clause: Clause, stop: int, best: Likeness) -> int:
    limit = min([clause.end, *(one.start for one in clause.amounts if one.start >= stop)])
    for end in range(min(limit, stop + _LONGEST_REST), stop + 1, -1):
        if plain[stop:end] in best.entry.text and _REPORT_BEGINS.match(plain, end, clause.end):
            return end
    return stop


def _with_what_is_pointed_at(plain: str, clause: Clause, stop: int) -> int:
    """「天润|那个智能产线」, but 「天润那个|地还没批」."""
    pointed = _POINTED_AT.match(plain, stop, clause.end)
    if pointed is None:
        return stop
    stop = pointed.end()
    if "边" in pointed[0]:
        return stop
    thing = _THING.match(
        plain, stop, min([clause.end, *(day.start for day in clause.dates if day.start >= stop)])
    )
    end = thing.end() if thing else stop
    if cut := NAME_END.search(plain, stop, end):
        end = cut.start()
    goes_on = end - stop == _LONGEST_THING and plain[end : end + 1] not in ",，。;；: "
    return stop if goes_on or tells_obstacle(Words.of(plain[stop:end])) else end
