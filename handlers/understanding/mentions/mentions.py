"""Where a message names a project, and which.

Clause by clause: what is written out (`written_names`); else the head where a name would stand (`name_heads`):
a phase alone or several names in a row (`leaning_names`), then what the words are most like (`running_likeness`),
a short name with its report right behind it among them (`glued_names`), unless that is something else (`near_names`)
or nobody's name (`unknown_names`). `mention_ends` tells how far the words belong to the name.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from handlers.understanding.clauses import Clause
from handlers.understanding.mentions.glued_names import KINDS_OF_TWO, before_its_report, without_its_report
from handlers.understanding.mentions.leaning_names import in_a_row, joined_to, phase_alone
from handlers.understanding.mentions.mention_ends import place_of_mention, whole_mention
from handlers.understanding.mentions.name_heads import head_of
from handlers.understanding.mentions.name_search import LONGEST_NAME, SHORTEST_NAME, Hit, NameSearch, Stretch
from handlers.understanding.mentions.near_names import (
    MERE_KIND,
    MERE_MEASURE,
    acts,
    is_a_numbered_building,
    is_a_part,
    is_another_park,
    is_mere_buildings,
    is_no_name,
    is_of_something_else,
    torn_part,
)
from handlers.understanding.mentions.running_likeness import Known, meant_by
from handlers.understanding.mentions.unknown_names import may_be_unknown, misspelt, unknown
from handlers.understanding.mentions.written_names import LATIN, MERE_WORDS, written_out
from handlers.understanding.names.name_likeness import Likeness
from handlers.understanding.names.name_words import folded, weights
from handlers.understanding.names.names import NOTHING, Names
from handlers.understanding.phrases import Words, any_of
from handlers.understanding.phrases.names import PARTS
from handlers.understanding.phrases.states import FINISHES, STARTS
from handlers.understanding.reading import Match

_NAME_COLUMN = any_of("项目 名称")
_OF_A_PAPER = re.compile(r"\S{0,8}(?:[周月旬日季年快简]报|通报|汇总|清单|台账)(?:表)?")
_PAPER = re.compile(r"(?:[周月旬日季年快简]报|通报|汇总|清单|台账)表?$")
_WRITTEN_OUT = 2.0  # more than one character each of two words: 「本周新装22套」 is not 新乡…装备
_CLAUSES_SEARCHED = 12
_SHORTEST_ANYWHERE = 3
_EVIDENCE_ANYWHERE = 2.6
_OF_THE_WHOLE = any_of("完成率 支付率 年度计划 年计划 全年 总投资")
_WELL_EXPLAINED = 0.88
_AHEAD_OF_THE_NEXT = 0.9
_HEADS_SEVERAL = re.compile(r"(?:[两三四五六七八九十]|\d{1,2})[个处项家条座]$|报$")
_DISTRICT = re.compile(r"\s*(?:示范|经开|高新|开发|城)区\s*")
# 「督办事项（原阳三小欠薪）已全部支付」
_NAMES_AN_ITEM = re.compile(
    r"[^(]{0,20}(?:问题|事项|事宜|任务|清单|[函单件条项号])\s?\((?P<what>[^()]{4,40})\)"
)
_FACILITY = re.compile(
    r"(?<=[\u4e00-\u9fff]{4})(?:变电站|配电[房站]|泵站|连接[路线]|停车场|围墙|食堂|宿舍楼?)$"
)
_THINGS = frozenset({"材料", "设备", "资料", "图纸", "企业", "土地", "技术", "资金"})
_HEADINGS = frozenset({"更新", "补充", "说明", "提升", "建设", "改造", "治理"})  # 「更新：甲累计…」
_UP_TO_A_PHASE = re.compile(r"[\u4e00-\u9fff]{2,12}?[一二三四五六]期(?=.)")
_BUILDING_BEHIND = re.compile(
    r"(?:智能|标准化?|立体|冷链|冷藏|联合|生产|综合|原料|成品){0,2}(?:仓库|库房|冷库|厂房|车间|办公楼|宿舍楼?|研发楼|综合楼|食堂)$"
)
_MEASURES = re.compile(
    r"(?<!\d)(?<!\d\.)\d[\d.]*+(?:千伏|kv|万?吨|万?千瓦|公里)"
)  # 「110千伏变电站」 may be any


@dataclass(slots=True)
class _Before:
    """What was named before a clause. several: the last clause with names had several. item: its list number."""

    last: Hit | None = None
    several: bool = False
    item: int | None = None


def find_mentions(
    plain: str,
    clauses: Sequence[Clause],
    names: Names,
    *,
    pairs: Sequence[str],
    visible: Container[int] | None,
    place: str | None,
) -> list[Hit]:
    """All mentions in order; Match.NONE where a name must stand and no visible project bears it.

    pairs: each character of the text with its neighbour, where neither is blanked out.
    """
    with_money = frozenset(
        clause.sentence
        for clause in clauses
        if clause.money and any(one.amount is not None for one in clause.money)
    )
    with_share = frozenset(
        clause.sentence for clause in clauses if clause.percents and clause.words.hold(_OF_THE_WHOLE)
    )
    search = NameSearch(plain, pairs, names, visible, place, with_money, with_share)
    hits: list[Hit] = []
    before = _Before()
    for clause in clauses:
        if clause.aside:
            continue
        known = _may_be_known(search, clause)
        if (known or "期" in clause.words.text or may_be_unknown(clause, first=before.last is None)) and (
            found := _in_clause(search, clause, before, known=known)
        ):
            hits += found
            before = _Before(found[-1], len(found) > 1, clause.item)
    if not any(hit.result.match is not Match.NONE for hit in hits):
        hits = _anywhere(search, clauses) or hits
    return hits


def _may_be_known(search: NameSearch, clause: Clause) -> bool:
    """False when nothing in a clause can be a code or like any name."""
    text = clause.words.text
    if MERE_WORDS.fullmatch(text):
        return search.names.have_one_of(search.pairs[clause.start : clause.end - 1], search.visible)
    return LATIN.search(text) is not None or search.names.share_a_pair(folded(text), search.visible)


def _in_clause(search: NameSearch, clause: Clause, before: _Before, *, known: bool) -> list[Hit]:
    """known: whether it may hold a code or a name at all."""
    if known and (found := written_out(search, clause)):
        return [*found, *joined_to(search, clause, found[-1])]
    if clause.separator == "|" and not (clause.opens or clause.label.hold(_NAME_COLUMN)):
        return []
    head = head_of(search.plain, clause)
    if len(head.text) < SHORTEST_NAME or head.words in search.names.places:
        return []
    if _OF_A_PAPER.fullmatch(search.plain, head.start, clause.end):
        return _whose_paper(search, clause, head)
    if (phase := phase_alone(search, clause, head, before.last)) is not None:
        return phase
    found = in_a_row(search, clause, head) or _by_likeness(search, clause, head, before)
    if (
        found
        or before.last is not None
        or (item := _NAMES_AN_ITEM.match(search.plain, clause.start, clause.end)) is None
    ):
        return found
    start, end = item.span("what")
    inside = replace(clause, start=start, end=end, words=clause.words.part(search.plain[start:end]))
    return _in_clause(search, inside, before, known=known)


def _whose_paper(search: NameSearch, clause: Clause, head: Stretch) -> list[Hit]:
    """「长垣十中周报」: the project of which alone the paper is, when it is of one."""
    words = _PAPER.sub("", head.words)
    result = search.match(words) if len(words) >= SHORTEST_NAME else NOTHING
    if result.match is not Match.UNIQUE:
        return []
    return [Hit(clause.number, head.start, head.start + len(words), result)]


def _by_likeness(search: NameSearch, clause: Clause, head: Stretch, before: _Before) -> list[Hit]:
    last = before.last
    if MERE_KIND.fullmatch(head.text) or (clause.heads and head.text in _HEADINGS):
        return []
    known = meant_by(search, clause, head.text)
    if known is None and (phase := _UP_TO_A_PHASE.match(head.text)):
        known = meant_by(search, clause, phase[0])  # 「建文一期技改…」: behind the phase stands a part of it
    if known is not None and (torn := torn_part(head, known.best)):
        known = meant_by(search, clause, head.text[:torn]) or known
    if known is None and (later := _behind_its_place(search, head)):
        return _by_likeness(search, clause, later, before)
    if known is None and clause.sentence not in search.with_money and (part := _FACILITY.search(head.text)):
        whose = meant_by(search, clause, head.text[: part.start()])
        if whose is not None and (whose.best.start, whose.best.end) == (0, part.start()):
            known = whose  # 「孟庄园区变电站用地已落实」: of the park
    if known is None and (hit := _before_its_building(search, clause, head)):
        return [hit]
    if (known is None or _is_a_mere_part(head, known)) and (clause.opens or last is None):
        known = before_its_report(search, clause, head) or known
    if known is not None:
        known = without_its_report(search, clause, head, known)
    if known is None or is_another_park(head, known.best):
        nobodys = unknown(search, clause, head, first=last is None, named_item=before.item)
        return (misspelt(search, clause, head) or nobodys) if nobodys else []
    if head.text[known.best.start : known.best.end] in search.names.places:
        return unknown(search, clause, head, first=last is None, named_item=before.item)
    if (
        is_no_name(search, clause, head, known.best)
        or _heads_several(clause, known)
        or _may_be_anything(search, clause, head, known)
    ):
        return []
    if last is not None and not _turns_to(search, clause, head, known, before):
        if clause.item is None or known.result.project_id == last.result.project_id:
            return []
        return unknown(search, clause, head, first=False, named_item=before.item)
    if is_of_something_else(search, clause, head, known.best):
        return []
    return [Hit(clause.number, *place_of_mention(search, clause, head, known.best), known.result)]


def _behind_its_place(search: NameSearch, head: Stretch) -> Stretch | None:
    """「平原示范区的包装项目」: what is named is 「包装项目」."""
    owner, of, named = head.words.partition("的")
    if not of or owner not in search.names.places or len(named) < SHORTEST_NAME:
        return None
    return Stretch.of(search.plain, head.start + len(owner) + 1, head.end)


def _before_its_building(search: NameSearch, clause: Clause, head: Stretch) -> Hit | None:
    """「拙新包装|智能仓库4月完成580万」: a building of that project; whose the money is, is asked."""
    building = _BUILDING_BEHIND.search(head.text)
    if building is None or building.start() < SHORTEST_NAME:
        return None
    name = head.text[: building.start()]
    known = meant_by(search, clause, name)
    if known is None or known.result.match is not Match.UNIQUE or len(PARTS.sub("", name)) < SHORTEST_NAME:
        return None
    if (known.best.start, known.best.end) != (0, len(name)):
        return None
    return Hit(clause.number, *head.place_of(0, len(name)), known.result)


def _is_a_mere_part(head: Stretch, known: Known) -> bool:
    """「共渠县里配套500万」: words in the middle of which hundreds of names are made."""
    return known.best.start > 0 and not PARTS.sub("", head.text[known.best.start : known.best.end])


def _may_be_anything(search: NameSearch, clause: Clause, head: Stretch, known: Known) -> bool:
    """「材料已发邮箱」: a word that stands in several names and is hardly ever one, without any figure."""
    if known.result.match is not Match.AMBIGUOUS or clause.sentence in search.with_money:
        return False
    return head.text[known.best.start : known.best.end] in _THINGS


def _heads_several(clause: Clause, known: Known) -> bool:
    """「封丘安置房两处：」, 「示范区报：」 over a list that names them one by one."""
    several = known.result.match is Match.AMBIGUOUS and clause.heads
    return several and (
        _HEADS_SEVERAL.search(clause.text) is not None or _DISTRICT.fullmatch(clause.text) is not None
    )


def _turns_to(search: NameSearch, clause: Clause, head: Stretch, known: Known, before: _Before) -> bool:
    """Whether a mention after the first one really turns to another project."""
    result, best = known
    if is_a_part(head, best) or (not clause.opens and is_a_numbered_building(head, best)):
        return False
    if not clause.opens and not clause.money and is_mere_buildings(head, best) and before.last is not None:
        told = search.plain[before.last.end : head.start]
        if "亿" not in told and "万" not in told:
            return False  # 「中开三期，标准厂房都封顶了，累计4.5亿」: its own buildings, its own money
    if clause.opens and _is_told_of(search, clause, head, known):
        return True
    unique = result.match is Match.UNIQUE
    if unique and before.last is not None and result.project_id == before.last.result.project_id:
        said = search.plain[before.last.start : before.last.end]  # 「九峰山8月7800万，九峰山累计26.5亿」
        again = search.plain.startswith(said, head.start) or bool(search.names.by_code(said, search.visible))
        return before.several or again or _is_called_otherwise(clause, head, best)
    distinctive = PARTS.sub("", head.text[best.start : best.end])
    named = unique and distinctive and (len(head.text) > SHORTEST_NAME or head.text[-1] in KINDS_OF_TWO)
    if named and clause.money and _is_all_but_a_number(clause, head, best):
        return True  # 「甲累计5300万，三院2100万」
    if unique and len(distinctive) >= SHORTEST_NAME:
        return clause.opens or best.evidence >= _WRITTEN_OUT
    if unique and distinctive and _is_all_but_a_number(clause, head, best):
        return True
    if unique and distinctive and clause.opens and clause.sentence in search.with_share:
        return True  # 「；共渠收尾，年度完成率92%」
    tells_money = bool(clause.amounts) or clause.sentence in search.with_money
    return clause.opens and tells_money and (unique or clause.item is not None)


def _is_called_otherwise(clause: Clause, head: Stretch, best: Likeness) -> bool:
    """「天然渠八座闸全好了，水系连通累计1.28亿」: another name of it right before its figure."""
    return (
        (best.start, best.end) == (0, len(head.text))
        and bool(clause.money)
        and best.evidence >= _WRITTEN_OUT
        and len(PARTS.sub("", head.text)) >= SHORTEST_NAME
    )


def _is_all_but_a_number(clause: Clause, head: Stretch, best: Likeness) -> bool:
    """「支付率：天然渠58%、共渠62%」: nothing but a name and its number."""
    if (best.start, best.end) != (0, len(head.text)):
        return False
    return head.end in {*(one.start for one in clause.percents), *(one.start for one in clause.amounts)}


def _is_told_of(search: NameSearch, clause: Clause, head: Stretch, known: Known) -> bool:
    """「；新区站12月1日正式通车」: a name, a day, and what the whole project did on it."""
    result, best = known
    if result.match is not Match.UNIQUE or not clause.dates:
        return False
    _, explained = head.place_of(best.start, best.end)
    stop = whole_mention(search, clause, head, best, explained)
    told = Words.of(search.plain[stop : clause.end])
    return any(day.start == stop for day in clause.dates) and (told.hold(FINISHES) or told.hold(STARTS))


def _anywhere(search: NameSearch, clauses: Sequence[Clause]) -> list[Hit]:
    """A name in the middle of a clause, when none stands at a head: 「请…研究保租房贷款的事」."""
    for clause in clauses[:_CLAUSES_SEARCHED]:
        stretch = Stretch.of(search.plain, clause.start, min(clause.end, clause.start + LONGEST_NAME))
        if (
            clause.aside
            or len(stretch.text) < _SHORTEST_ANYWHERE
            or clause.money
            or not _may_be_known(search, clause)
        ):
            continue
        weight = weights(stretch.text)
        alike = search.alike(stretch.text)
        found = [one for one in alike if _stands_out(search, stretch, weight, one)]
        found.sort(key=lambda one: (-one.evidence, one.entry.id))
        if not found or (len(found) > 1 and found[1].evidence > found[0].evidence - _AHEAD_OF_THE_NEXT):
            continue
        best = found[0]
        place = stretch.place_of(best.start, best.end)
        return [Hit(clause.number, *place, search.decided([best.entry.id]))]
    return []


def _stands_elsewhere(search: NameSearch, before: str, one: Likeness) -> bool:
    """「获嘉亢村产业园标准厂房」 is not the 标准化厂房 of another county."""
    place = search.names.behind_place(before) != before
    return bool(place and one.entry.place and not before.startswith(one.entry.place))


def _stands_out(search: NameSearch, stretch: Stretch, weight: Sequence[float], one: Likeness) -> bool:
    """Whether the words explained are well explained, and more than parts of works, a measure or a place."""
    text = stretch.text
    words = text[one.start : one.end]
    return (
        one.evidence >= _EVIDENCE_ANYWHERE
        and not _stands_elsewhere(search, text[: one.start], one)
        and words not in search.names.places
        and not acts(search.plain, words, *stretch.place_of(one.start, one.end))
        and not MERE_MEASURE.fullmatch(words)
        and not MERE_KIND.fullmatch(words)
        and one.matched / max(sum(weight[one.start : one.end]), 0.1) >= _WELL_EXPLAINED
        and len(PARTS.sub("", _MEASURES.sub("", words))) >= SHORTEST_NAME
    )
