"""What is to be changed in a draft that is open: 「改成5280」, 「第3条改成5150」, 「管网的不对，是2180」 (rule C2).

Everything here takes the whole message or answers None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from handlers.understanding.answers import parse_bare_amount, parse_choice

_VERB: Final = r"(?:修改|改成|改为|应为|应该是|更正为)"
_TO: Final = (
    r"(?:[,，]?\s*(?:改成|改为|更正为|应该?是|应为)"
    r"|(?:的)?(?:不对|错了|写错了|报错了)[\s,，。；;]*(?:是|应该?是|应为|改成|改为)?)"
)
_EDITS: Final = re.compile(r"改|更正为|应|不对|错了|第|[①-⑳]|日期|时间|进度|等[一下等]|稍等|慢着")
_OF_NEWS: Final = re.compile(  # what it is to be is told with what is meant
    r"^(?:把|将)?\s*(?:草稿\s*(?P<draft>\d{1,3})\s*的?)?(?P<to>(?:形象进度|进度(?:描述|情况)?)\s*(?:改成|改为|应为|应该是|更正为|换成|写成|再?加上|补充)"
    r"[:：]?\s*\S.*|(?:数据|截止|截至)?(?:日期|时间)\s*(?:改成|改为|应为|应该是|是|填)[:：]?\s*\S.{1,15})$",
    re.DOTALL,
)
_BY_DRAFT: Final = re.compile(
    rf"^(?:草稿\s*(?P<draft>\d{{1,3}})\s*)?{_VERB}[:：]?\s*(?P<to>\S.*)$", re.DOTALL
)
_NUMBER: Final = r"[①-⑳]|第?\s*[\d一二三四五六七八九十]{1,3}\s*(?:条|项|(?=\s+改))"
_OF_LINE: Final = re.compile(  # 「② 2750」, 「2 改成5280」, 「第2条 5280」 behind 修改
    rf"(?P<line>{_NUMBER})[\s:：,，]*(?:改成|改为|改|应为|为)?[\s:：]*(?P<to>\S.*)$", re.DOTALL
)
_BY_LINE: Final = re.compile(
    r"^(?:把|将)?\s*(?:草稿\s*(?P<draft>\d{1,3})\s*的?)?\s*"
    r"(?P<line>[①-⑳]|第\s*[\d一二三四五六七八九十]{1,3}\s*[条项个])\s*(?:的?(?:数字?|金额))?\s*"
    rf"(?:{_TO}|改|是)[:：]?\s*(?P<to>\S.*)$",
    re.DOTALL,
)
_BY_NAME: Final = re.compile(
    r"^(?:把|将)?\s*(?P<mention>[A-Za-z]{2}\d{4}|[^\d\s,，。；;：:①-⑳]{2,20}?)(?:[那这][个条]|项目)?"
    rf"(?:的(?:今年|年度)?(?:累计)?(?:完成)?(?:投资)?(?:数字?|额|金额)?)?\s*{_TO}[:：]?\s*(?P<to>(?:今年)?(?:累计)?(?:完成)?(?:投资)?\s*[0-9０-９一二三四五六七八九].*)$",
    re.DOTALL,
)
# 「等下，是4350」: the figure told last is taken back before anything is done with it.
_ON_SECOND_THOUGHT: Final = re.compile(
    r"^(?:等一?下|等等|稍等|慢着)[啊哈哦]?[\s,，。！!]*+(?:不对|错了)?[\s,，。！!]*+(?:应该?是|应为|是|改成|改为)?\s*"
    r"(?P<to>(?:今年)?(?:累计)?(?:完成)?(?:投资)?\s*[0-9０-９一二三四五六七八九].*)$",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Edit:
    """draft: its number, if said. line, mention: the line of it that is meant. to: what it is to be."""

    to: str
    draft: int | None = None
    line: int | None = None
    mention: str = ""


def parse_edit(text: str) -> Edit | None:
    """What a message wants changed; None when it is about something else. Whether a mention fits a draft is open."""
    if _EDITS.search(text) is None:
        return None  # most messages: without the long patterns
    words = text.strip()
    if said := _OF_NEWS.match(words):
        return Edit(said["to"], int(said["draft"]) if said["draft"] else None)
    if said := _BY_DRAFT.match(words):
        draft = int(said["draft"]) if said["draft"] else None
        if of_line := _OF_LINE.match(said["to"]):
            return Edit(of_line["to"], draft, parse_choice(of_line["line"]))
        return Edit(said["to"], draft)
    if said := _BY_LINE.match(words):
        return Edit(said["to"], int(said["draft"]) if said["draft"] else None, parse_choice(said["line"]))
    if (said := _ON_SECOND_THOUGHT.match(words)) and parse_bare_amount(
        said["to"].strip("。!！ ")
    ) is not None:
        return Edit(said["to"].strip("。!！ "))
    if (said := _BY_NAME.match(words)) and parse_bare_amount(said["to"].strip("。!！ ")) is not None:
        return Edit(said["to"].strip("。!！ "), mention=said["mention"])
    return None
