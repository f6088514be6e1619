"""Problem items: who may do what from which state, what it needs, which 专班 a type suggests (F1, F2, D4).

Pure: callers say in which capacities (`Party`) a person stands to an item.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

from models.errors import NotAllowed, StateForbids
from models.types import ItemState


class Party(StrEnum):
    """A capacity in which somebody stands to an item; the value is how a refusal names it (rule B10)."""

    HUB = "综合专班联络员、负责人"
    HUB_HEAD = "综合专班负责人"
    SUPERVISOR = "督办专员"
    RESPONSIBLE = "责任单位的责任人、联络员、带班领导"
    RAISER = "提出人"
    ASSISTING = "协办单位的责任人、联络员、带班领导"


class ItemAct(StrEnum):
    """What may be done with an item; the value is the verb that users see."""

    DISPATCH = "交办"
    ASK_MORE = "退回补充"
    SUPPLEMENT = "补充"
    MERGE = "合并"
    REJECT = "不予受理"
    RECEIVE = "签收"
    SEND_BACK = "退回"
    FEED_BACK = "反馈"
    REVIEW_FEEDBACK = "审核反馈"
    SUBMIT = "报办结"
    EXTEND = "延期"
    DECIDE_EXTENSION = "审批延期"
    APPROVE = "通过"
    FAIL = "不通过"
    CLOSE = "销号"
    REOPEN = "重开"
    SET_DUE = "定办结时限"
    RATE = "反馈效果"
    SET_TAGS = "设标签"
    ADD_ASSIST = "增加协办"
    FINISH_ASSIST = "完成协办"
    WAIVE_ASSIST = "免除协办"


@dataclass(frozen=True, slots=True)
class Move:
    """sources: states it is possible in. target: the state after it, None when the state stays."""

    sources: frozenset[ItemState]
    target: ItemState | None
    parties: frozenset[Party]
    needs_reason: bool = False

    @property
    def who(self) -> str:
        """Those who may, as a refusal names them."""
        return "、".join(party.value for party in Party if party in self.parties)


def _move(
    sources: ItemState | tuple[ItemState, ...],
    target: ItemState | None,
    *parties: Party,
    reason: bool = False,
) -> Move:
    some = sources if isinstance(sources, tuple) else (sources,)
    return Move(frozenset(some), target, frozenset(parties), reason)


SCREENED: Final = (ItemState.SCREENING, ItemState.AWAITING_RECEIPT, ItemState.IN_PROGRESS)
HANDED_OUT: Final = (ItemState.AWAITING_RECEIPT, ItemState.IN_PROGRESS)

MOVES: Final[Mapping[ItemAct, Move]] = {
    ItemAct.DISPATCH: _move(ItemState.SCREENING, ItemState.AWAITING_RECEIPT, Party.HUB),
    ItemAct.ASK_MORE: _move(ItemState.SCREENING, None, Party.HUB, reason=True),
    ItemAct.SUPPLEMENT: _move(ItemState.SCREENING, None, Party.RAISER, Party.HUB),
    ItemAct.MERGE: _move(SCREENED, ItemState.MERGED, Party.HUB),
    ItemAct.REJECT: _move(ItemState.SCREENING, ItemState.REJECTED, Party.HUB, reason=True),
    ItemAct.RECEIVE: _move(ItemState.AWAITING_RECEIPT, ItemState.IN_PROGRESS, Party.RESPONSIBLE),
    ItemAct.SEND_BACK: _move(ItemState.AWAITING_RECEIPT, ItemState.SCREENING, Party.RESPONSIBLE, reason=True),
    ItemAct.FEED_BACK: _move(ItemState.IN_PROGRESS, None, Party.RESPONSIBLE),
    ItemAct.REVIEW_FEEDBACK: _move((ItemState.IN_PROGRESS, ItemState.UNDER_REVIEW), None, Party.SUPERVISOR),
    ItemAct.SUBMIT: _move(ItemState.IN_PROGRESS, ItemState.UNDER_REVIEW, Party.RESPONSIBLE),
    ItemAct.EXTEND: _move(ItemState.IN_PROGRESS, None, Party.RESPONSIBLE, reason=True),
    ItemAct.DECIDE_EXTENSION: _move(ItemState.IN_PROGRESS, None, Party.SUPERVISOR, reason=True),
    ItemAct.APPROVE: _move(ItemState.UNDER_REVIEW, ItemState.AWAITING_CLOSE, Party.SUPERVISOR),
    ItemAct.FAIL: _move(ItemState.UNDER_REVIEW, ItemState.IN_PROGRESS, Party.SUPERVISOR, reason=True),
    ItemAct.CLOSE: _move(ItemState.AWAITING_CLOSE, ItemState.CLOSED, Party.HUB),
    ItemAct.REOPEN: _move(
        ItemState.CLOSED, ItemState.IN_PROGRESS, Party.RAISER, Party.SUPERVISOR, Party.HUB, reason=True
    ),
    ItemAct.SET_DUE: _move(ItemState.IN_PROGRESS, None, Party.SUPERVISOR),
    ItemAct.RATE: _move(ItemState.CLOSED, None, Party.RAISER),
    ItemAct.SET_TAGS: _move(
        tuple(
            state
            for state in ItemState
            if state not in (ItemState.CLOSED, ItemState.MERGED, ItemState.REJECTED)
        ),
        None,
        Party.HUB,
    ),
    ItemAct.ADD_ASSIST: _move(HANDED_OUT, None, Party.HUB),
    ItemAct.FINISH_ASSIST: _move(HANDED_OUT, None, Party.ASSISTING),
    ItemAct.WAIVE_ASSIST: _move(HANDED_OUT, None, Party.SUPERVISOR, reason=True),
}
_WHEN_ASKED: Final = frozenset(
    {
        ItemAct.SET_DUE,
        ItemAct.RATE,
        ItemAct.SET_TAGS,
        ItemAct.REVIEW_FEEDBACK,
        ItemAct.DECIDE_EXTENSION,
        ItemAct.ADD_ASSIST,
        ItemAct.FINISH_ASSIST,
        ItemAct.WAIVE_ASSIST,
    }
)
"""Done only when the bot asks for it or where something of the kind is open, so no refusal offers them."""

ENDED: Final = frozenset({ItemState.CLOSED, ItemState.MERGED, ItemState.REJECTED})
"""States in which nothing is due any more."""
OPEN: Final = frozenset(ItemState) - ENDED
"""States that count as 在办 (rule D5)."""


def allowed(state: ItemState, parties: Collection[Party]) -> tuple[ItemAct, ...]:
    """What these capacities may do in this state, in the order of the table."""
    return tuple(
        act for act, move in MOVES.items() if state in move.sources and not move.parties.isdisjoint(parties)
    )


def refused(act: ItemAct) -> str:
    """How an act is called behind 不能: 「不能不通过」 would say that it must be."""
    return "审核" if act is ItemAct.FAIL else act.value


def check(act: ItemAct, *, number: str, state: ItemState, parties: Collection[Party]) -> Move:
    """The move of an act, if these capacities may do it now.

    Raises NotAllowed, naming who may (rule B10), before StateForbids, naming what is possible instead.
    """
    move = MOVES[act]
    possible = tuple(one.value for one in allowed(state, parties) if one not in _WHEN_ASKED)
    if move.parties.isdisjoint(parties):
        raise NotAllowed(f"{refused(act)} {number}", who=move.who, instead=possible)
    if state not in move.sources:
        raise StateForbids(number, state=state.value, act=refused(act), allowed=possible)
    return move


_MOVED: Final[Mapping[tuple[ItemState, ItemState], str]] = {
    (ItemState.AWAITING_RECEIPT, ItemState.SCREENING): "退回",
    (ItemState.AWAITING_RECEIPT, ItemState.IN_PROGRESS): "签收",
    (ItemState.UNDER_REVIEW, ItemState.IN_PROGRESS): "审核不通过",
    (ItemState.CLOSED, ItemState.IN_PROGRESS): "重开",
}
_REACHED: Final[Mapping[ItemState, str]] = {
    ItemState.SCREENING: "提出",
    ItemState.AWAITING_RECEIPT: "交办",
    ItemState.IN_PROGRESS: "交办",
    ItemState.UNDER_REVIEW: "报办结",
    ItemState.AWAITING_CLOSE: "审核通过",
    ItemState.CLOSED: "销号",
    ItemState.MERGED: "合并",
    ItemState.REJECTED: "不予受理",
}


def moved(old: str | None, new: str) -> str:
    """What somebody did who brought an item from one state into the other."""
    state = ItemState(new)
    return _MOVED.get((ItemState(old), state), _REACHED[state]) if old else _REACHED[state]


# --- after 销号 (rules F1, F12)


def reopen_until(closed_on: date, days: int) -> date:
    """The last calendar day on which an item may be reopened (rule F1)."""
    return closed_on + timedelta(days=days)


# --- what a dispatch needs (rule D4)


class Required(StrEnum):
    """What an item must have before it can be 交办, in the order in which gaps are named."""

    GOAL = "目标任务"
    MEASURES = "推进措施"
    UNIT = "责任单位"
    PERSON = "责任人"
    DUE = "办结时限"
    SUPERVISOR = "督办专员"


def missing(has: Collection[Required]) -> tuple[Required, ...]:
    """What is still missing for 交办, all gaps at once (rules C4, D4)."""
    return tuple(one for one in Required if one not in has)


# --- type and suggested 专班 (rule F2)

HUB_FORCE: Final = "综合"
_FORCES: Final[Mapping[str, tuple[str, ...]]] = {
    "要素保障": ("用地", "规划许可", "环评", "文物", "林地", "自然保护地"),
    "财政金融": ("资金拨付", "前期经费", "专项债", "贷款"),
    "市政设施": ("施工许可", "市政管线"),
    "交通": ("铁路", "公路", "民航", "水运"),
    "水利": ("涉河", "取水", "水利"),
    "能源": ("供电", "煤炭", "燃气", "石油", "新能源"),
    "社会事业": ("教育", "医疗"),
}
FORCE_OF_KIND: Final[Mapping[str, str]] = {kind: force for force, kinds in _FORCES.items() for kind in kinds}

# Words by which a type is known beside its own name.
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "用地": (
        "土地指标",
        "土地手续",
        "土地报批",
        "征地",
        "供地",
        "建设用地",
        "组卷",
        "临时用地",
        "土地预审",
        "占补平衡",
        "耕地",
        "不动产权",
    ),
    "规划许可": ("规划手续", "规划调整", "控规", "规划条件", "工程规划", "选址意见"),
    "环评": ("环境影响", "环境容量", "排污许可"),
    "文物": ("古墓", "考古", "文勘"),
    "林地": ("林木采伐", "使用林", "占用林"),
    "自然保护地": ("保护区", "湿地公园", "风景名胜", "生态红线", "生态保护红线"),
    "资金拨付": (
        "资金不到位",
        "资金未到位",
        "资金没到位",
        "资金未拨",
        "资金没拨",
        "资金没有到位",
        "资金还没",
        "资金还未",
        "没拨下来",
        "未拨付",
        "没拨付",
        "进度款",
        "资金紧张",
        "资金短缺",
        "拨款",
        "工程款",
        "资金缺口",
    ),
    "前期经费": ("前期费用", "前期工作经费"),
    "专项债": ("债券资金",),
    "贷款": ("授信", "融资", "放款", "银行"),
    "施工许可": ("消防设计审查", "施工图审查", "质监手续", "开工手续"),
    "市政管线": ("管线迁改", "管线改迁", "管网迁改", "雨污管", "供水管", "通信管线"),
    "铁路": ("涉铁", "铁道"),
    "公路": ("国道", "省道", "高速路", "涉路"),
    "民航": ("机场净空", "净空"),
    "水运": ("航道", "港口"),
    "涉河": ("河道", "防洪", "洪评", "跨河"),
    "取水": ("取水许可", "水资源论证"),
    "水利": ("水土保持", "水保"),
    "供电": ("用电", "电力迁改", "电力线路", "高压线", "杆线", "通电", "接电", "配电"),
    "燃气": ("天然气",),
    "石油": ("输油", "油气管道"),
    "新能源": ("光伏", "风电", "储能"),
    "教育": ("学位", "教师编制"),
    "医疗": ("医疗设备", "医护"),
}

_FINISHES: Final[Mapping[str, str]] = {
    "用地": "办结用地手续",
    "规划许可": "核发规划许可",
    "环评": "取得环评批复",
    "文物": "办结文物手续",
    "林地": "取得林地批复",
    "自然保护地": "办结自然保护地手续",
    "资金拨付": "资金拨付到位",
    "前期经费": "前期经费到位",
    "贷款": "贷款投放到位",
    "施工许可": "核发施工许可",
    "市政管线": "完成管线迁改",
    "铁路": "取得铁路部门批复",
    "供电": "完成供电接入",
    "取水": "核发取水许可",
}


_OFFICES: Final = ("局", "厅", "委", "办", "公司", "部门", "中心", "和")  # 教育局, 供电公司: who, not what


def kind_of(text: str) -> str | None:
    """The type that a problem's words suggest: of what it is stuck at (卡在 …), else the one named first."""
    _, stuck, at = text.partition("卡在")
    if stuck and (kind := kind_of(at)) is not None:
        return kind
    found: list[tuple[bool, int, int, str]] = []
    for kind in FORCE_OF_KIND:
        for word in (kind, *_WORDS.get(kind, ())):
            place = text.find(word)
            if place >= 0 and not text.startswith(_OFFICES, place + len(word)):
                # 涉铁 is a tag too: 「涉铁段电力迁改」 is stuck at the power line.
                found.append((word == "涉铁", place, -len(word), kind))
    return min(found)[3] if found else None


def force_of(kind: str | None) -> str:
    """The 专班 (without 专班) that a type suggests; 综合 for every other (rule F2). Only a suggestion."""
    return FORCE_OF_KIND.get(kind or "", HUB_FORCE)


def finish_of(kind: str | None) -> str | None:
    """What is done when a problem of this type is solved, for the proposed 目标任务."""
    return _FINISHES.get(kind or "")


# --- tags, set apart from the type (rule F2)

_TAG_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "涉铁": ("涉铁", "铁路", "铁道"),
    "涉军": ("涉军", "部队", "军用", "军事", "国防光缆"),
    "涉河": ("涉河", "河道", "跨河", "防洪", "洪评"),
    "涉电": ("涉电", "高压线", "电力线路", "电力迁改", "杆线"),
    "跨区域": ("跨区域", "跨县", "跨区", "跨市", "两县"),
}
TAGS: Final = tuple(_TAG_WORDS)


def tags_of(text: str) -> tuple[str, ...]:
    """Tags that the words suggest."""
    return tuple(tag for tag, words in _TAG_WORDS.items() if any(word in text for word in words))


# --- duplicates (rule F13)

MOSTLY_THE_SAME: Final = Fraction(1, 2)


def said_alike(one: str, other: str) -> Fraction:
    """How much of the shorter of two texts stands in the other: pairs of neighbouring characters, 0 to 1."""
    pairs, others = _pairs(one), _pairs(other)
    fewer = min(len(pairs), len(others))
    return Fraction(len(pairs & others), fewer) if fewer else Fraction(0)


def _pairs(text: str) -> frozenset[str]:
    words = "".join(char for char in text if char.isalnum())
    return frozenset(words[place : place + 2] for place in range(len(words) - 1))


# --- numbers and levels

COUNTY_LEVEL: Final = 0
COUNTY_PREFIX: Final = "县"
COUNTIES: Final = ("县", "区", "旗")
"""What a county is: 县, 自治县, 县级市, 市辖区, 旗."""
CITY_LEVEL: Final = 1
TOP_LEVEL: Final = 4


def level_of_organisation(level: str) -> int:
    """The level at which an organisation's items begin: 0 in a county, 1 in a city (rule G1)."""
    county = level.startswith(("县", "区", "county")) or level.endswith(COUNTIES)
    return COUNTY_LEVEL if county else CITY_LEVEL


def number_of(count: int, organisation_level: str) -> str:
    """W0191 in a city, 县W0045 in a county."""
    prefix = COUNTY_PREFIX if level_of_organisation(organisation_level) == COUNTY_LEVEL else ""
    return f"{prefix}W{count:04d}"
