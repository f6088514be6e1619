"""What is said for a 【问题草稿】: the problem in written words, what is wanted of whom and by when (rules F1, D4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

from handlers import naming
from handlers.context import Context
from handlers.understanding.labels import labelled
from handlers.understanding.wanted import deadline_in, read_wanted, wish_in, without_wish
from models.errors import Invalid
from models.operations import item_screening
from models.rules import calendar
from models.rules.items import FORCE_OF_KIND, TAGS, kind_of
from models.types import Role

LONGEST_TITLE: Final = 200
_LABELS: Final = re.compile(
    r"(?:^|[;；,，。\n\s])\s*(问题|类型|希望协调|协调|时限|希望时限|标签)\s*(?:[:：]|是|为|改为|改成|\s)\s*"
)
_PLAINER: Final = (
    ("办不下来", "未取得"),
    ("批不下来", "未批复"),
    ("没批下来", "未批复"),
    ("还没批", "未批"),
    ("没批", "未批"),
)
# 「循环园有个问题」 says that there is one and not which.
_HOLLOW: Final = re.compile(
    r"(?:还|又|也)?(?:有|出|存在|出现|遇到|碰到)?了?(?:一?[个些点件]|新的?|很?大的?|小){0,3}(?:问题|困难|难处|麻烦|难题|状况)(?:了|啊|呀)?[。.!！\s]*"
)
_HEAD: Final = re.compile(r"^[^\s:：,，]{0,20}问题(?:是|就是)?[\s:：,，]+|^(?:就?是|主要是?)(?=\S)")
_WISHES_FIRST: Final = re.compile(r"\s*(?:请|希望|建议|恳请|需要?|要求|想请|盼)")
_SEEN: Final = re.compile(
    r"^(?:督导[一二三四五六七八九十]?组)?(?:现?场|实地|检查|督导)?(?:检查|查看|督导)?发现[:：，,\s]*"
)
_INSPECTED: Final = re.compile(r"现场发现|实地|督导.{0,4}发现|检查发现")


@dataclass(frozen=True, slots=True)
class ProblemBody:
    """What a problem draft holds. item: the one that is supplemented (退回补充), else None.

    follows: the closed item whose problem came back (rule F12).
    """

    title: str
    project: int | None = None
    mention: str = ""
    candidates: tuple[int, ...] = ()
    kind: str | None = None
    wanted: str | None = None
    wanted_unit: int | None = None
    wanted_by: str | None = None  # ISO, local
    tags: tuple[str, ...] = ()
    source: str = item_screening.ROUTINE
    restricted: bool = False
    urgent: bool = False
    item: int | None = None
    follows: int | None = None
    organisation: int | None = None  # who works on it: empty for the author's own (rule Q3)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ProblemBody:
        return cls(**{**data, "candidates": tuple(data["candidates"]), "tags": tuple(data["tags"])})

    @property
    def due(self) -> datetime | None:
        return datetime.fromisoformat(self.wanted_by) if self.wanted_by else None


def plainer(text: str) -> str:
    """The problem in written words."""
    words = text.strip(" ，,。；;")
    for said, written in _PLAINER:
        words = words.replace(said, written)
    return words.replace(",", "，").replace(";", "；")


def is_hollow(title: str) -> bool:
    """Whether it only says that there is a problem."""
    return _HOLLOW.fullmatch(title.strip()) is not None


def with_problem(context: Context, body: ProblemBody, text: str) -> ProblemBody:
    """The draft with the problem itself, and with what is wanted where that is told too."""
    if _WISHES_FIRST.match(text):
        return with_wanted(context, body, text)
    wish = wish_in(text)
    told = _HEAD.sub("", without_wish(text)).strip(" ，,。；;")
    body = replace(body, title=told[:LONGEST_TITLE], kind=kind_of(told) or body.kind)
    return with_wanted(context, body, wish) if wish is not None else body


def with_wanted(context: Context, body: ProblemBody, text: str) -> ProblemBody:
    """The draft with what is wanted: whom, what, by when."""
    said = read_wanted(text, context.desk.today, context.directory.calendar)
    unit = naming.unit_in(context.directory, body.organisation or context.sender.organisation_id, said.text)
    return replace(
        body,
        wanted=said.text[:LONGEST_TITLE].replace(",", "，"),
        wanted_unit=unit.id if unit else body.wanted_unit,
        wanted_by=calendar.deadline(said.by).isoformat() if said.by else body.wanted_by,
    )


def taken(context: Context, body: ProblemBody, text: str) -> ProblemBody:
    """问题 …；类型 …；希望协调 …；时限 …；标签 …; a text without a label is what is wanted. Raises Invalid."""
    parts = labelled(_LABELS, text)
    if not parts:
        return with_wanted(context, body, text)
    for label, value in parts:
        if label == "问题":
            body = replace(body, title=plainer(value)[:LONGEST_TITLE])
        elif label == "类型":
            body = replace(body, kind=value if value in FORCE_OF_KIND else kind_of(value) or value[:20])
        elif label in ("希望协调", "协调"):
            body = with_wanted(context, body, value)
        elif label in ("时限", "希望时限"):
            by = deadline_in(value, context.desk.today, context.directory.calendar)
            if by is None:
                raise Invalid(f"没看懂时限「{value[:20]}」", mend="例：时限 10月15日")
            body = replace(body, wanted_by=calendar.deadline(by).isoformat())
        else:
            body = replace(body, tags=tuple(tag for tag in TAGS if tag in value))
    return body


def found_on_site(context: Context, text: str) -> bool:
    """督导组 says what it saw (rule J2)."""
    return context.sender.holds(Role.INSPECTOR) and _INSPECTED.search(text) is not None


def without_finding(title: str) -> str:
    """What 督导组 saw, without the words that it saw it."""
    return _SEEN.sub("", title)
