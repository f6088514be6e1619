"""Minutes as pasted, cut into decisions; and what is said about the proposed tasks by their places; pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_MARK: Final = re.compile(
    rf"(?:(?<=[。；;\n])|^)\s*(?:第?[一二三四五六七八九十]{{1,3}}(?:、|是(?=[^\s])|[.．])|[（(][一二三四五六七八九十\d]{{1,3}}[）)]"
    rf"|\d{{1,2}}[、.．)）](?!\d)|[{_CIRCLED}])\s*",
    re.MULTILINE,
)
_SENTENCE: Final = re.compile(r"[。！!\n]+")
_ASKS: Final = re.compile(r"请|由|责成|要求|牵头|负责|务必|抓紧|尽快")
_ABOUT_THE_MEETING: Final = re.compile(
    r"^(?:会议(?:由|听取|指出|强调|认为|研究了)|出席|参会|列席|请假|时间|地点|主持|记录)"
)
_PLACE: Final = re.compile(
    rf"(?:(?<=[\s;；,，。])|^)(?:第\s*)?(?P<number>[{_CIRCLED}]|\d{{1,2}})(?:\s*(?:条|项|号(?!\d)|[、.．:：)）])\s*|\s+|$|(?<=[{_CIRCLED}]))"
    r"(?![月日/\-])"
)
MOST: Final = 40  # decisions of one paste


def decisions(text: str) -> tuple[str, ...]:
    """The decisions in their order: the numbered points, else the sentences that ask somebody for something."""
    body = text.replace("\r", "\n").strip()
    marks = list(_MARK.finditer(body))
    if marks:
        ends = [*(one.start() for one in marks[1:]), len(body)]
        parts = [body[one.end() : end] for one, end in zip(marks, ends, strict=False)]
    else:
        parts = [one for one in _SENTENCE.split(body) if _ASKS.search(one)]
    plain = (re.sub(r"\s*\n\s*", "", one).strip(" 。；;，,\t") for one in parts)
    return tuple(one for one in plain if one and not _ABOUT_THE_MEETING.match(one))[:MOST]


def by_place(text: str) -> tuple[tuple[int, str], ...]:
    """「②10月12日 ③市住建局 10月10日」 → (2, 10月12日), (3, 市住建局 10月10日); empty without places."""
    found = list(_PLACE.finditer(text.strip()))
    words = text.strip()
    if not found or found[0].start() != 0:
        return ()
    ends = [*(one.start() for one in found[1:]), len(words)]
    return tuple(
        (_number(one["number"]), words[one.end() : end].strip(" ;；,，。、\n"))
        for one, end in zip(found, ends, strict=False)
    )


def _number(words: str) -> int:
    return _CIRCLED.index(words) + 1 if words in _CIRCLED else int(unicodedata.normalize("NFKC", words))
