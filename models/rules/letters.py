"""Official papers as rules: types, 文号, edits of a draft, the weeks of a month (rules H1, H2). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from models.types import DocumentKind

# 类别字 of each numbered type. 简报 counts its issues (第38期) instead.
WORDS: Final[Mapping[DocumentKind, str]] = {
    DocumentKind.LIST: "交",
    DocumentKind.REMINDER: "提",
    DocumentKind.SUPERVISION: "督",
    DocumentKind.CIRCULAR: "通",
    DocumentKind.MINUTES: "纪",
    DocumentKind.PROPOSAL: "建",
}
DIGITS: Final = 2  # as the numbers issued before: 云攻坚交〔2026〕08号
_REFERENCE: Final = re.compile(
    r"(?:[〔\[(（]?(?P<year>\d{4})[〕\])）]?\s*)?(?:第)?(?P<number>\d{1,4})\s*(?:号|期)?"
)
_WORD: Final = re.compile(
    rf"(?P<word>{'|'.join((*WORDS.values(), '简报'))})(?:办函|醒函|办清单|报|要|议)?"
    r"\s*(?:第\s*)?(?=[〔\[(（]|\d+(?!\d*\s*[月日周]))"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A number as people write it: 交09, 督〔2026〕12号, 简报第38期."""

    kind: DocumentKind
    number: int
    year: int | None


def serial(kind: DocumentKind, *, code: str, year: int, number: int) -> str:
    """云攻坚督〔2026〕12号; 第38期 for a 简报. code: 机关代字."""
    if kind is DocumentKind.BRIEF:
        return f"第{number}期"
    return f"{code}{WORDS[kind]}〔{year}〕{number:0{DIGITS}d}号"


def reference_in(text: str) -> tuple[Reference, str] | None:
    """The number that a text begins with, and the rest; None when it names none."""
    found = _WORD.search(text[:24])
    if found is None:
        return None
    number = _REFERENCE.match(text, found.end())
    if number is None:
        return None
    word = found["word"]
    kind = next((one for one, sign in WORDS.items() if sign == word), DocumentKind.BRIEF)
    year = int(number["year"]) if number["year"] else None
    return Reference(kind, int(number["number"]), year), text[number.end() :].strip(" ：:，,。")


# --- editing a draft


class EditKind(StrEnum):
    TITLE = "title"
    REPLACE = "replace"
    SET = "set"
    DROP = "drop"
    APPEND = "append"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a draft's words. place: paragraph from 1; old: the words replaced."""

    kind: EditKind
    new: str = ""
    old: str = ""
    place: int = 0

    def to_json(self) -> list[object]:
        return [self.kind.value, self.new, self.old, self.place]

    @classmethod
    def from_json(cls, data: list[object]) -> Edit:
        kind, new, old, place = data
        return cls(EditKind(str(kind)), str(new), str(old), int(str(place)))


LONGEST: Final = 1000  # characters of one edit
_CHINESE_DIGITS: Final = "零一二三四五六七八九十"
_PLACE: Final = r"第?\s*(?P<place>\d{1,2}|[一二三四五六七八九十])\s*段"
_SET: Final = re.compile(rf"^{_PLACE}\s*(?:改为|改成|换成|修改为)\s*[:：]?\s*(?P<new>\S.*)$", re.DOTALL)
_DROP: Final = re.compile(
    rf"^(?:删除|删去|删掉|去掉)\s*{_PLACE}$|^{_PLACE.replace('place', 'after')}\s*(?:删除|删去|删掉|去掉)$"
)
_TITLE: Final = re.compile(r"^标题\s*(?:改为|改成|换成|修改为|[:：])\s*[:：]?\s*(?P<new>\S.*)$", re.DOTALL)
_APPEND: Final = re.compile(
    r"^(?:末尾|最后)?(?:再)?(?:增加|加上|补充|添加|加)(?:一段|一句|以下内容)?\s*[:：]?\s*(?P<new>\S.*)$",
    re.DOTALL,
)
_REPLACE: Final = re.compile(
    r"^(?:把|将)?\s*[「“\"『](?P<old>.+?)[」”\"』]\s*(?:改为|改成|换成|替换为)\s*[「“\"『]?(?P<new>.*?)[」”\"』]?$"
    r"|^(?:把|将)\s*(?P<old2>\S.*?)\s*(?:改为|改成|换成|替换为)\s*(?P<new2>\S.*)$",
    re.DOTALL,
)


def edit_in(text: str) -> Edit | None:
    """What a wording such as 「第2段改为 …」, 「把甲改为乙」, 「增加 …」, 「标题改为 …」 asks for; None for none."""
    words = text.strip()[:LONGEST].rstrip("。")
    if (found := _SET.match(words)) is not None:
        return Edit(EditKind.SET, _sentence(found["new"]), place=_number(found["place"]))
    if (found := _DROP.match(words)) is not None:
        return Edit(EditKind.DROP, place=_number(found["place"] or found["after"]))
    if (found := _TITLE.match(words)) is not None:
        return Edit(EditKind.TITLE, found["new"].strip())
    if (found := _REPLACE.match(words)) is not None:
        return Edit(
            EditKind.REPLACE,
            (found["new"] if found["old"] else found["new2"]) or "",
            old=found["old"] or found["old2"],
        )
    if (found := _APPEND.match(words)) is not None:
        return Edit(EditKind.APPEND, _sentence(found["new"]))
    return None


def _sentence(text: str) -> str:
    """A paragraph of its own ends like one."""
    words = text.strip()
    return words if words.endswith(("。", "！", "？", "：", "；", ".", "!", "?")) else f"{words}。"


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _CHINESE_DIGITS.index(text)


# --- the weeks of a month, as a 交办清单 names them


def week_of_month(year: int, month: int, number: int) -> tuple[date, date] | None:
    """Monday and Sunday of the number-th week of a month; the first one contains the 1st. None: there is none."""
    first = date(year, month, 1)
    monday = first - timedelta(days=first.weekday()) + timedelta(days=7 * (number - 1))
    if number < 1 or (monday.year, monday.month) > (year, month):
        return None
    return monday, monday + timedelta(days=6)


def name_of_week(day: date) -> str:
    """9月第4周: the week of a day in the day's own month."""
    first = day.replace(day=1)
    return f"{day.month}月第{(day.day + first.weekday() - 1) // 7 + 1}周"
