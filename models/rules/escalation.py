"""提级: what going up one level asks for, which steps there are, who decides on them (rules G1–G3). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Final, Self

from models.rules.levels import LevelChain
from models.types import Role

COUNTY: Final = 0
HUB: Final = 1
VICE_MAYOR: Final = 2
GOVERNMENT: Final = 3
PROVINCE: Final = 4


class Asked(StrEnum):
    """What a request to go up has to state, in the order in which gaps are named (rules G2, G3)."""

    DONE = "已采取措施"
    CRUX = "问题症结"
    UNIT = "责任部门"
    PATH = "化解路径"
    DUE = "建议时限"


@dataclass(frozen=True, slots=True)
class Statement:
    """What was said so far. due is still text; reason: why one level is skipped (rule G2)."""

    done: str = ""
    crux: str = ""
    unit: str = ""
    path: str = ""
    due: str = ""
    reason: str = ""

    def with_(self, later: Self) -> Self:
        """The statement with what was said later in its place."""
        said = {one.name: getattr(later, one.name) for one in fields(later) if getattr(later, one.name)}
        return replace(self, **said)

    def missing(self, from_level: int, *, above: bool = False) -> tuple[Asked, ...]:
        """All gaps at once (rule C4); who asks first, or asks the organisation above, says what was done (rule G3)."""
        values = {
            Asked.DONE: self.done if above or from_level == COUNTY else "-",
            Asked.CRUX: self.crux,
            Asked.UNIT: self.unit,
            Asked.PATH: self.path,
            Asked.DUE: self.due,
        }
        return tuple(one for one in Asked if not values[one])


_LABELS: Final = re.compile(
    r"(?:^|(?<=[;；,，。、\s]))(?P<name>已采取的?措施|(?:问题)?症结|责任(?:部门|单位)|(?:化解)?路径"
    r"|(?:建议)?(?:办结)?时限|原因|理由)(?:为|是)?[:：\s]*"
)
_FIELDS: Final = {
    "已采取措施": "done",
    "已采取的措施": "done",
    "症结": "crux",
    "问题症结": "crux",
    "责任部门": "unit",
    "责任单位": "unit",
    "路径": "path",
    "化解路径": "path",
    "建议时限": "due",
    "建议办结时限": "due",
    "办结时限": "due",
    "时限": "due",
    "原因": "reason",
    "理由": "reason",
}
_FIELD_OF: Final = {
    Asked.DONE: "done",
    Asked.CRUX: "crux",
    Asked.UNIT: "unit",
    Asked.PATH: "path",
    Asked.DUE: "due",
}
ENDS: Final = " ,，;；。、\n\t"
LONGEST: Final = 500


def stated(text: str, gaps: tuple[Asked, ...] = ()) -> Statement:
    """Read 「已协调3次；症结 …；责任部门 …；路径 …；时限 …」.

    What stands before the first label answers the first of the gaps that has no label, or is 症结 where there are none.
    """
    found = list(_LABELS.finditer(text))
    parts: dict[str, str] = {}
    ends = [*(one.start() for one in found[1:]), len(text)]
    for one, end in zip(found, ends, strict=False):
        words = text[one.end() : end].strip(ENDS)
        parts.setdefault(_FIELDS[one["name"]], words[:LONGEST])
    head = text[: found[0].start()].strip(ENDS) if found else text.strip(ENDS)
    if head:
        open_fields = [_FIELD_OF[gap] for gap in gaps if not parts.get(_FIELD_OF[gap])]
        parts.setdefault(open_fields[0] if open_fields else "crux", head[:LONGEST])
    return Statement(**parts)


def refused_step(from_level: int, to_level: int, chain: LevelChain, *, reason: str = "") -> str:
    """Why this step is none, in words for the person; empty when it is one (rule G2).

    One level at a time; what only the province can decide (for a county with its own chain: only the city) goes up from
    level 1 or 2 at once, with its reason. chain: of the item's organisation.
    """
    if to_level <= from_level:
        return f"当前已是{chain[from_level].full}层级"
    if to_level > PROVINCE:
        return f"最高到{chain[PROVINCE].full}（{PROVINCE}级）"
    if to_level == from_level + 1:
        return ""
    if to_level == PROVINCE and from_level >= HUB:
        place = chain[PROVINCE].short
        inside = f"{place}里" if len(place) == 1 else place
        return "" if reason else f"越级报{place}要写明只能由{inside}决定的原因"
    return f"提级一次一级，现在是{from_level}级，只能提{from_level + 1}级"


def decider(to_level: int, chain: LevelChain) -> Role:
    """Who decides on going up to a level (rule G2)."""
    return chain[to_level].raised_by or Role.HUB_HEAD


def decider_name(to_level: int, chain: LevelChain) -> str:
    """The same in words, for a refusal (rule B10)."""
    role = decider(to_level, chain)
    if role is Role.OFFICE_HEAD:
        return chain.office
    return next((one.addressee for one in chain.levels if one.decider is role), role.value)
