"""The chain of levels by which an organisation coordinates: what each is called, who decides there (rules G1, G2, Q3).

This is the one table of level names. An item stores the number of its level; what it is called stands in the policy of
the item's organisation. A county without a chain of its own solves what it can at level 0 and sends the rest to its
city; one with its own chain has levels 0 to 3 itself and sends up at the last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Self
from unicodedata import normalize

from models.rules.items import TOP_LEVEL
from models.rules.posts import LEADERS, role_named
from models.types import Role

COUNT: Final = TOP_LEVEL + 1
LONGEST: Final = 20  # characters of a name
_RAISERS: Final = (Role.HUB_HEAD, Role.OFFICE_HEAD, *LEADERS)
_ROLES: Final = {"decider": LEADERS, "raised_by": _RAISERS}
_TITLE: Final = "层级"
# Names stand in cards, sheets and papers: no marks of any platform, no formulas.
_NAME: Final = re.compile(r"[\w（）()、·—-]+")
_UNIQUE: Final = ("name", "full", "grade", "short")
WORDS: Final[Mapping[str, str]] = {
    "name": "名称",
    "full": "全称",
    "grade": "台账写法",
    "short": "流程图写法",
    "asked": "提请什么",
    "addressee": "报谁",
    "decider": "谁批示",
    "raised_by": "谁决定提到本级",
}


@dataclass(frozen=True, slots=True)
class Level:
    """One level as people read it.

    name: on cards. full: with what is done there. grade: in the column 层级 of a sheet. short: in the flow. asked: what
    a problem is put there for (提请…). addressee: who it is reported to. decider: whose 批示 it waits for, at levels 2
    and 3. raised_by: who decides on going up to it (rule G2).
    """

    name: str
    full: str
    grade: str
    short: str
    asked: str
    addressee: str
    decider: Role | None = None
    raised_by: Role | None = None


CITY: Final = (
    Level("县级自行解决", "县级自行解决", "县级", "县", "", "县级"),
    Level("市攻坚办", "市攻坚办", "市攻坚办", "市攻坚办", "市攻坚办协调", "市攻坚办", None, Role.HUB_HEAD),
    Level(
        "分管副市长", "分管副市长专项协调", "分管副市长", "分管副市长", "专项协调", "分管副市长", Role.DEPUTY_MAYOR,
        Role.HUB_HEAD,
    ),
    Level(
        "市政府", "市政府", "市政府", "市政府", "市政府专题会议研究", "常务副市长", Role.EXECUTIVE_DEPUTY_MAYOR,
        Role.OFFICE_HEAD,
    ),
    Level("省综合专班", "省综合专班", "省级", "省", "省综合专班协调", "省综合专班", None, Role.OFFICE_HEAD),
)  # fmt: skip
"""Rule G1, as long as nobody has set another chain."""


@dataclass(frozen=True, slots=True)
class LevelChain:
    """levels: 0 to 4. own_top: the highest that the organisation has itself; what goes beyond goes to the one above it.

    Raises ValueError, naming the level, for names that cannot be told apart.
    """

    levels: tuple[Level, ...] = CITY
    own_top: int = TOP_LEVEL

    def __post_init__(self) -> None:
        if len(self.levels) != COUNT:
            raise ValueError(
                f"{_TITLE}：应写 {COUNT} 级（0 级到 {TOP_LEVEL} 级），现有 {len(self.levels)} 级"
            )
        for field in _UNIQUE:
            seen: dict[str, int] = {}
            for number, one in enumerate(self.levels):
                name = getattr(one, field)
                if name in seen:
                    raise ValueError(
                        f"{_TITLE}：{seen[name]} 级和 {number} 级的{WORDS[field]}都是「{name}」，应各不相同"
                    )
                seen[name] = number

    def __getitem__(self, number: int) -> Level:
        """A level by its number; the last one for what lies beyond."""
        return self.levels[min(number, TOP_LEVEL)]

    @property
    def shorts(self) -> tuple[str, ...]:
        return tuple(one.short for one in self.levels)

    @property
    def office(self) -> str:
        """Who heads the office that coordinates: 市攻坚办负责人."""
        return f"{self.levels[1].name}负责人"

    def named(self, words: str) -> tuple[int, str] | None:
        """The level whose name stands at the head of words (NFKC), and what follows it; None for none."""
        names = sorted(
            (
                (normalize("NFKC", name), number)
                for number, one in enumerate(self.levels)
                for name in (one.full, one.name, one.addressee, one.grade, one.short)
            ),
            key=lambda pair: -len(pair[0]),
        )
        for name, number in names:
            rest = words[len(name) :]
            if words.startswith(name) and (not rest or rest[0] in _ENDS):
                return number, rest
        return None

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Read [{"name": "县专班", …}, …] or ["县专班", …]. Raises ValueError naming what does not fit."""
        if not isinstance(data, list | tuple):
            raise ValueError(f"{_TITLE}：应是 {COUNT} 级的数组，现为 {data!r}")  # noqa: TRY004 - as for every field
        if len(data) != COUNT:
            raise ValueError(f"{_TITLE}：应写 {COUNT} 级（0 级到 {TOP_LEVEL} 级），现有 {len(data)} 级")
        return cls(tuple(_level(number, one) for number, one in enumerate(data)))

    def to_json(self) -> list[dict[str, str]]:
        return [
            {
                field.name: str(value)
                for field in fields(one)
                if (value := getattr(one, field.name)) is not None
            }
            for one in self.levels
        ]


_ENDS: Final = " \t\n:：,，;；。"


def _level(number: int, data: object) -> Level:
    """One entry; what it does not say follows from its name, and the posts are those of the same level in a city."""
    said: Mapping[str, Any] = {"name": data} if isinstance(data, str) else data  # type: ignore[assignment]
    if not isinstance(said, Mapping):
        raise ValueError(f"{_TITLE}：{number} 级应是名称或对象，现为 {data!r}")  # noqa: TRY004 - as for every field
    if unknown := sorted(set(said) - set(WORDS)):
        raise ValueError(f"{_TITLE}：{number} 级有不认识的字段 {'、'.join(unknown)}，可写 {'、'.join(WORDS)}")
    if "name" not in said:
        raise ValueError(f"{_TITLE}：{number} 级没有写名称（name）")
    name = _text(number, "name", said["name"])
    grade = _text(number, "grade", said.get("grade", name))
    return Level(
        name,
        full=_text(number, "full", said.get("full", name)),
        grade=grade,
        short=_text(number, "short", said.get("short", grade)),
        asked=_text(number, "asked", said.get("asked") or f"{name}协调") if number else "",
        addressee=_text(number, "addressee", said.get("addressee", name)),
        decider=_role(number, "decider", said),
        raised_by=_role(number, "raised_by", said),
    )


def _text(number: int, field: str, value: object) -> str:
    text = value.strip() if isinstance(value, str) else value
    if not isinstance(text, str) or not text:
        raise ValueError(f"{_TITLE}：{number} 级的{WORDS[field]}不能为空，现为 {value!r}")
    if len(text) > LONGEST:
        raise ValueError(
            f"{_TITLE}：{number} 级的{WORDS[field]}不能超过 {LONGEST} 个字，现为 {len(text)} 个字"
        )
    if not _NAME.fullmatch(text):
        raise ValueError(
            f"{_TITLE}：{number} 级的{WORDS[field]}只能用汉字、字母、数字、括号和顿号，现为 {text!r}"
        )
    return text


def _role(number: int, field: str, said: Mapping[str, Any]) -> Role | None:
    usual: Role | None = getattr(CITY[number], field)
    if field not in said:
        return usual
    if usual is None:
        where = "、".join(f"{one} 级" for one in range(COUNT) if getattr(CITY[one], field) is not None)
        raise ValueError(f"{_TITLE}：{number} 级不能写{WORDS[field]}（{field}），只有 {where}可以写")
    try:
        role = role_named(str(said[field]))
    except ValueError:
        role = None
    if role not in _ROLES[field]:
        names = "、".join(one.value for one in _ROLES[field])
        raise ValueError(f"{_TITLE}：{number} 级的{WORDS[field]}应为 {names} 之一，现为 {said[field]!r}")
    return role


def told(one: Mapping[str, object]) -> str:
    """A stored level as the operator reads it: its name, and what does not follow from it."""
    name = str(one["name"])
    usual = {
        "full": name,
        "grade": name,
        "short": str(one["grade"]),
        "asked": f"{name}协调",
        "addressee": name,
    }
    rest = [
        f"{WORDS[field]} {value}"
        for field, value in one.items()
        if field != "name" and value and value != usual.get(field)
    ]
    return f"{name}（{'；'.join(rest)}）" if rest else name
