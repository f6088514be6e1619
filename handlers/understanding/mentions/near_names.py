"""What is like a project's name and is none: a measure, a unit, a road beside it, a part of other works."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause
from handlers.understanding.issues import asks
from handlers.understanding.mentions.name_search import NameSearch, Stretch
from handlers.understanding.names.name_likeness import Likeness
from handlers.understanding.phrases import Words
from handlers.understanding.phrases.names import PARTS
from handlers.understanding.values.numbers import AmountToken

_NUMBER_AS_NAME = 4  # digits
_COUNTS_SOMETHING = re.compile(r"[万亿元吨平米公千立户套台个人亩项.%]|$|\s*$")
_OTHER_KINDS = {"路": "路道", "街": "街路道", "桥": "桥路道", "河": "河渠水", "渠": "渠河水", "村": "村城"}
# 「三院|村民阻工」, 「三院|路没通」
_TOLD_OF_IT = re.compile(r"村(?:民|里|委|两委|干部|组)|[路桥街河渠](?=还?[没未不][有能给]?|已|也|都|通了)")
_EXCHANGE = re.compile(r"[\u4e00-\u9fff]{0,2}交易中心(?!项目|工程|建设|[一二三四]期)")
_UNIT_BEHIND = re.compile(
    r"[\u4e00-\u9fff]{0,4}?(?:管委会|政府|街道|办事处|公司(?![\u4e00-\u9fff]{0,6}(?:项目|基地|产业园))|[局委办厅](?![\u4e00-\u9fff]{0,2}[楼房]))"
)
MERE_KIND = re.compile(
    r"(?:水利|交通|市政|能源|工业|教育|医疗|卫生|农业|水务|公路|铁路|民航|环保|文旅|社会事业|服务业|基础设施|产业|民生)+(?:类|方面|领域|口)?的?(?:项目|工程)?"
)  # 「水利项目」 is a kind
MERE_MEASURE = re.compile(
    r"(?:年产|日处理|装机|占地|建筑面积|全长|总长)?[\d.]*+(?:千伏|万?吨|万?千瓦|公里|万?平方?米?|亩|万)?[\d.]*+"
)
_OF_CONTRACTING = re.compile(r"总承包|招标|模式|合同|单位|中标|承包")  # 「EPC总承包」 is no EPC板
_MERE_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+")  # 「第一标段」 is no 第一人民医院
_PARK_BEHIND = re.compile(r"[\u4e00-\u9fff]{1,6}?(?:产业|工业|科技|物流|创业|孵化|食品|医药)园")
# What makes another project of a word that hundreds of names have: 「新材料|中试基地」, 「智能装备|研究院」.
_ANOTHER_KIND_BEHIND = re.compile(
    r"[\u4e00-\u9fff]{0,4}?(基地|产业园|科技园|工业园|物流园|园区|中心|研究院|孵化器|小镇|市场|学院|大厦)(?!内|里|外|周边|旁)"
)
_BUILDING = re.compile(
    r"(?:病房|门诊|住院|医技|教学|宿舍|实验|综合|办公|研发|科研|行政|图书|体育|食堂|公寓|安置|商业)[楼馆]"
)
_BUILDINGS = re.compile(r"(?:标准化?|联合|生产|智能|定制)?(?:厂房|车间|仓库|公寓)")
_NUMBERED = re.compile(r"\d{1,3}(?:[#号栋幢]|[、,-]\d{1,3}[#号])")
# 「翟坡镇一直不让破路」: people who do something, and no project that lies there.
_A_TOWN = re.compile(r"[\u4e00-\u9fff]{2,3}(?<![水小古])[镇乡村]")
_ACTS = re.compile(
    r"(?:那边|这边|方面|上|里)?(?:一直|还|也|都|又|就|迟迟|始终|至今){0,2}(?:不(?![是对到])|要求|让|说|拦|堵|阻|答应|同意|拒|推|负责|承诺|[那这]段)"
)
_IS_ASKED = re.compile(r"(?:请|由|让|催|督促|协调)$")
_ALWAYS_A_WORD = re.compile(r"城市|农村|乡村|县城|城区|市区")  # 「城市配套费」
_ROAD_NUMBER = re.compile(r"[a-z]\d{2,4}")


def is_no_name(search: NameSearch, clause: Clause, head: Stretch, best: Likeness) -> bool:
    """Whether the words themselves are a place, a unit, an ordinal or a measure."""
    words = head.text[best.start : best.end]
    return (
        words in search.names.places
        or search.names.units.is_short_form(words)
        or _MERE_ORDINAL.fullmatch(words) is not None
        or _ALWAYS_A_WORD.fullmatch(words) is not None
        or acts(search.plain, words, *head.place_of(best.start, best.end))
        or (words == "epc" and _OF_CONTRACTING.match(head.text, best.end) is not None)
        or (MERE_MEASURE.fullmatch(words) is not None and not _is_called_by_number(clause, words, head))
    )


def acts(plain: str, words: str, start: int, end: int) -> bool:
    """Whether the words are a town or a village that does something or should. start, end: where they stand."""
    return _A_TOWN.fullmatch(words) is not None and (
        _ACTS.match(plain, end) is not None or _IS_ASKED.search(plain, max(0, start - 2), start) is not None
    )


def is_of_something_else(search: NameSearch, clause: Clause, head: Stretch, best: Likeness) -> bool:
    """Whether the words are the head of another name: a unit's, or that of a road, a river or a bridge."""
    start, end = head.place_of(best.start, best.end)
    return _is_of_a_unit(search.plain, clause, start, end) or _is_of_another_kind(clause, head, best, end)


def is_another_park(head: Stretch, best: Likeness) -> bool:
    """「牧野区锂电|回收产业园」 is not the battery plant: a park with words of its own, where the name has none.

    Nor is a general word alone, 「新材料」, the project of that kind, when it is a base or a centre of it that is told.
    """
    if "园" not in best.entry.text and _PARK_BEHIND.match(head.text, best.end) is not None:
        return True
    kind = _ANOTHER_KIND_BEHIND.match(head.text, best.end)
    if kind is None or kind[1] in best.entry.text:
        return False
    return not PARTS.sub("", head.text[best.start : best.end])


def torn_part(head: Stretch, best: Likeness) -> int:
    """Where a building begins of which the likeness took the first characters only, 0 when there is none.

    「人民医院|病房楼封顶」 may be of any hospital: 病 is no word of the 传染病区.
    """
    for part in _BUILDING.finditer(head.text, best.start + 2, best.end + 2):
        if part.start() < best.end < part.end() and part[0][:2] not in best.entry.text:
            return part.start()
    return 0


def is_a_part(head: Stretch, best: Likeness) -> bool:
    """「实验楼砌体干了一半」 beside another project: a part of that, and not the 实验小学."""
    part = PARTS.match(head.text, best.start)
    return part is not None and part.end() > best.end


def is_a_numbered_building(head: Stretch, best: Likeness) -> bool:
    """「标准厂房12#、13#楼砌体完成」 amid what is told of a park: buildings of that, not the 标准化厂房 project."""
    return (
        _BUILDINGS.fullmatch(head.text, best.start) is not None
        and _NUMBERED.match(head.plain, head.end) is not None
    )


def is_mere_buildings(head: Stretch, best: Likeness) -> bool:
    """「标准厂房」 and no more: what every park has, as well as what a project is called."""
    return _BUILDINGS.fullmatch(head.text, best.start, best.end) is not None


def _is_called_by_number(clause: Clause, words: str, head: Stretch) -> bool:
    """「6080于11月投料」: a number of the name alone, at the head of a sentence, counting nothing."""
    plain, start = head.plain, head.start
    return (
        (
            clause.opens
            or clause.separator == ":"
            or plain.startswith(("项目", "于", "累计", "今年"), start + len(words))
        )
        and words.isdigit()
        and len(words) >= _NUMBER_AS_NAME
        and plain.startswith(words, start)
        and all(one.start != start or (not one.unit and not _counts(plain, one)) for one in clause.amounts)
    )


def _counts(plain: str, token: AmountToken) -> bool:
    return _COUNTS_SOMETHING.match(plain, token.end) is not None


def _is_of_a_unit(plain: str, clause: Clause, start: int, end: int) -> bool:
    """「请平原示范区管委会…」, 「市公共资源交易中心」: the words are the head of a unit's name."""
    if _EXCHANGE.match(plain, end, clause.end):
        return True
    return _UNIT_BEHIND.match(plain, end, clause.end) is not None and asks(
        Words.of(plain[max(0, clause.start - 1) : start])
    )


def _is_of_another_kind(clause: Clause, head: Stretch, best: Likeness, end: int) -> bool:
    """「科创路北段」 is not the 科创产业园: a road, a river or a bridge that the name knows nothing of."""
    if _ROAD_NUMBER.fullmatch(head.text, best.start, best.end):
        return False  # 「G327路面」
    if _TOLD_OF_IT.match(head.plain, end, clause.end):
        return False
    kind = head.plain[end : min(end + 1, clause.end)]
    return kind in _OTHER_KINDS and not any(one in best.entry.text for one in _OTHER_KINDS[kind])
