"""Names that no visible project bears as they are written: misspelt ones, and those of projects nobody knows."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause
from handlers.understanding.mentions.name_search import Hit, NameSearch, Stretch
from handlers.understanding.mentions.running_likeness import meant_by
from handlers.understanding.names.name_likeness import Likeness
from handlers.understanding.names.name_words import township, weights
from handlers.understanding.names.names import NOTHING, MatchResult
from handlers.understanding.phrases import pattern_of
from handlers.understanding.phrases.money import FIGURE_FILLER
from handlers.understanding.phrases.states import UNCHANGED
from handlers.understanding.reading import Match

_NOT_PART_OF_NAMES = pattern_of(FIGURE_FILLER.pattern, r"支付|拨付|改成|改为|到位|更正|修改|原来|不是")
_LONG_ENOUGH = 3  # characters of a mention that may be misspelt
_LONGEST = 24
_DISTINCTIVE = 1.9  # what its words weigh
_NAME_LIKE = re.compile(
    r"(?:项目|工程|园|厂|站|桥|院|校|[中小大]学|(?<![\u4e00-\u9fff]{6})[一二三四五六七八九十][中小]|[路线][\u4e00-\u9fff]{2,3}段|基地|中心|小区|水库|大道|渠|馆|公路|产业城|广场|市场|改造|扩建|迁建|综合体|生产线|物流港|企业城|科技城|公园|枢纽|隧道|小镇|新城|大厦|文化宫|少年宫)(?:[一二三四五六]期)?$"
)
_CALLS_ITSELF = re.compile(
    r"[\u4e00-\u9fff\da-z]{4,22}?(?:项目|工程)(?!部|量|款|进度|公司|经理|法人|业主|组|清单|台账(?![里上]?没)|库|建设)"
)
_OF_ITS_KIND = re.compile(
    r"[\u4e00-\u9fff\da-z]{4,18}?(?:变电站|污水处理厂|水厂|泵站|医院|中学|小学|学校|幼儿园|大桥|水库|公园|产业园|广场|隧道)(?:[一二三四五六]期)?(?!改造|扩建|[迁新]建|建设|提升|项目|工程|[一二三]期)"
)
# An institution by its name and what is built there: no part of somebody else's works.
_BUILT_ANEW = re.compile(
    r"[\u4e00-\u9fff]{2,10}?(?:中学|小学|学校|幼儿园|医院|卫生院|大桥|水库|水厂|变电站|污水处理厂)(?:改扩建|扩建|迁建|新建)"
)
# What was worked on is no name: 「混凝土浇筑累计9600万」.
_WORK_DONE = re.compile(
    r"(?:浇筑|施工|填筑|铺筑|铺设|摊铺|开挖|回填|吊装|架设|砌筑|清表|清淤|安装|调试|采购|绿化|推进|实施|顺利|正常|良好)$"
)
# Who speaks, or of everything: 「市住建局本周无变化」, 「经核实本周无变化」.
_SPEAKS = re.compile(
    r"\S*(?:局|委|办|专班|单位|公司|集团|银行|政府|部门|处|科|组|县|市|乡|镇|街道|主任|局长|同志|工作|方面|领域|行业|事项|问题|清单|指标)"
    r"|经?(?:核实|了解|核对|统计|梳理|排查|研究)|一切|以上|上述|其他|其余|各项\S*|各个?\S*|所有\S*|全部\S*|总体|整体|基本|[跟和与同比较]\S*"
)
_NO_NAME = re.compile(
    r"^(?:[跟和与比较同][\u4e00-\u9fff]{2,8}的|(?:人家|别人|隔壁|对面|兄弟[县市区])\S*|\S{0,8}(?:对面|隔壁|旁边|边上)\S*|\S{0,4}(?:中央|预算内|专项债|债券|贷款|自筹|配套)\S{0,4}|\S{0,6}(?:[一二三四五六七八九十两几各多\d]+个?|所有|全部|各|这些|[\u4e00-\u9fff]{2,4}类|以下|上述|重点)项目|我[们县区市局]?|大家|领导|[\d一二三四五六七八九十百]+|(?:这|那|哪|几|每|各|该)\S?|\S*灯\S*|\S*(?:重点|一批)项目|[\u4e00-\u9fff]{2,4}的(?:所有|全部)?(?:项目|工程)|(?:项目|工程)?(?:基本|总体|整体|资金|投资|建设|进展|推进|工作|下步|主要|有关|具体|存在)|企业|业主|甲方|施工单位|施工方|监理|\S{0,3}(?:数字|数据|情况|进展|中午|下午|上午|晚上|一起|天天))$"
)


def may_be_unknown(clause: Clause, *, first: bool) -> bool:
    """Whether a name that nobody knows could stand here: the first of all, in a list or in a table."""
    return clause.opens and (first or clause.item is not None or clause.separator == "|")


def unknown(
    search: NameSearch, clause: Clause, head: Stretch, *, first: bool, named_item: int | None
) -> list[Hit]:
    """A name that no visible project bears, where the sentence plainly reports on it.

    first: nothing was named before. named_item: the list item of the last name.
    """
    if not may_be_unknown(clause, first=first):
        return []
    if first and not _NAME_LIKE.search(head.text) and (end := _called(search, clause, head)):
        head = Stretch.of(search.plain, head.start, end)
    text = head.text
    if (
        _NO_NAME.match(text)
        or (clause.item is not None and clause.item == named_item)
        or text in search.names.places
        or not any(char > "z" for char in text)
        or len(text) > _LONGEST
        or sum(weights(text)) < _DISTINCTIVE
        or len(_NOT_PART_OF_NAMES.sub("", text)) < 2
    ):
        return []
    with_money = clause.sentence in search.with_money
    reports = bool(clause.money or (clause.item is not None and with_money)) and all(
        one.start >= head.end for one in clause.amounts[:1]
    )
    reports = reports or (first and with_money and _runs_on(search, clause, head))
    listed = (clause.item is not None or first) and reports and not clause.label.text
    listed = listed or (first and _stands_still(search, clause, head))
    named = first and _NAME_LIKE.search(text) is not None
    if listed or named or clause.separator == "|":
        return [Hit(clause.number, head.start, head.end, NOTHING)]
    return []


def _runs_on(search: NameSearch, clause: Clause, head: Stretch) -> bool:
    """「云白快速|累计完成9600万」: nothing but a name, and what is told of it follows without any mark."""
    return (
        head.end == clause.end
        and "\u4e00" <= search.plain[clause.end : clause.end + 1] <= "\u9fff"
        and not _WORK_DONE.search(head.text)
    )


def _stands_still(search: NameSearch, clause: Clause, head: Stretch) -> bool:
    """「云白快速本周无变化」: of one project (rule C19), unless who speaks stands in front."""
    said = UNCHANGED.pattern.match(search.plain, head.end, clause.end)
    return said is not None and said.end() == clause.end and not _SPEAKS.fullmatch(head.text)


def _called(search: NameSearch, clause: Clause, head: Stretch) -> int | None:
    """Where a name ends that says itself what it is: 「…湿地修复项目|前三季度」, 「卫辉…变电站|二次设备」."""
    if found := _CALLS_ITSELF.match(search.plain, head.start, min(clause.end, head.end + 2)):
        return found.end()
    if clause.sentence in search.with_money and (
        found := _BUILT_ANEW.match(search.plain, head.start, head.end)
    ):
        return found.end()
    if search.names.behind_place(head.words) == head.words and not township(head.words):
        return None
    found = _OF_ITS_KIND.match(search.plain, head.start, head.end)
    return found.end() if found else None


def misspelt(search: NameSearch, clause: Clause, head: Stretch) -> list[Hit]:
    """A name that nobody bears as it is written, and exactly one project as it sounds."""
    text = head.text
    if len(text) < _LONG_ENOUGH:
        return []
    found: dict[int, Likeness] = {}
    for respelled in search.names.respelled(text, search.visible):
        known = meant_by(search, clause, respelled)
        if known is None or (project := known.result.project_id) is None:
            continue
        changed = next(index for index, (a, b) in enumerate(zip(text, respelled, strict=True)) if a != b)
        if known.best.start <= changed < known.best.end:
            found[project] = known.best
    if len(found) != 1:
        return []
    project, best = next(iter(found.items()))
    start, end = head.place_of(best.start, best.end)
    return [Hit(clause.number, start, end, MatchResult(Match.UNIQUE, project))]
