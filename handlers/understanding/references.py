"""Numbers of items and documents, as written: W0186, 县W0045, RZ0021, 新发改督〔2024〕3号, 问题清单第5号."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.understanding.phrases import Words, any_of

_ITEM = any_of(
    r"(?<![a-z0-9])县?w\d{4,5}(?!\d)|(?<![a-z0-9])rz\d{4}(?!\d)|(?<![a-z0-9])[a-z]{2}\d{4}-\d{2,4}(?!\d)"
)
_DOCUMENT = any_of(r"(?:\[\s?20\d\d\s?\]|[(【]\s?20\d\d\s?[)】])\s?第?\s?\d{1,4}\s?号")
_NUMBERED = any_of(
    r"(?:督办函|提醒函|交办单|交办函|交办清单|督办单|督办件|问题清单|问题台账|清单|整改通知书?|提示函|会议纪要|台账)第?(?:\d{1,4}|[一二三四五六七八九十]{1,3})[号条项]"
    r"|(?:问题)?第\d{1,4}号(?:问题|事项|件)|(?<![\d月.])\d{1,3}号(?:问题|事项)"
)
_CLOSED_HEAD = re.compile(
    r"(?:关于|贵[办局委县区市]|你[办局委]|(?:印|下|转)发的?|按照?(?!揭)|根据|针对|回复|答复|反馈|对|的|落实|收到|接到|回复?|现就|现对|就|和|与|及|依据|[年月日号]份?)"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A number in the plain text. item: a problem item or financing need of ours."""

    start: int
    end: int
    item: bool


def find_references(words: Words) -> list[Reference]:
    """In order of appearance, none overlapping."""
    plain = words.text
    found = [Reference(*match.span(), item=True) for match in words.each(_ITEM)]
    after = 0  # a document's head ends where the number before it ends: 〔2026〕3号〔2026〕4号
    for match in words.each(_DOCUMENT):
        found.append(Reference(max(after, _head(plain, match.start())), match.end(), item=False))
        after = match.end()
    for match in words.each(_NUMBERED):
        if any(match.start() == one.end for one in found):
            continue  # 「〔2024〕19号交办单第3条」: a part of the document
        if all(match.end() <= one.start or match.start() >= one.end for one in found):
            found.append(Reference(*match.span(), item=False))
    return sorted(found, key=lambda one: one.start)


def _head(plain: str, end: int) -> int:
    """Where the issuing words of a document number begin: 新发改督 before 〔2024〕3号."""
    start = end
    while start > 0 and end - start < 12 and "\u4e00" <= plain[start - 1] <= "\u9fff":
        start -= 1
    words = plain[start:end]
    cut = 0
    for match in _CLOSED_HEAD.finditer(words):
        cut = match.end()
    for kind in (
        "督办函",
        "提醒函",
        "交办单",
        "交办函",
        "交办清单",
        "督办单",
        "督办件",
        "提示函",
        "会议纪要",
    ):
        at = words.find(kind, cut)
        if at >= 0 and at + len(kind) < len(words):
            cut = at + len(kind)  # 「督办函新发改督〔2024〕7号」: the kind is said before the number
    return start + cut
