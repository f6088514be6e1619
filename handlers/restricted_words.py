"""Words that make a problem a restricted one, wherever somebody who types in a hurry puts them (rule B8)."""

from __future__ import annotations

import re
from typing import Final

from handlers.understanding.asking import is_question

_ITEM: Final = re.compile(r"县?\s*[WwＷｗ]\s*[0-9０-９]{2,6}")
_NAME: Final = r"受限(?:的)?(?:问题|事项|事件|件|事)?"
_OPENS: Final = r"[\s\[【(（「]*"
_SHUTS: Final = r"[\s\]】)）」]*"
# 「受限问题：…」, 「上报一个受限事项，…」, 「问题（受限）…」, 「【受限】…」; 「受限于资金 …」 is a cause and no mark.
_HEAD: Final = re.compile(
    r"^[\s/／、]*(?:我|我们)?(?:有|要|想|需要)?(?:上报|报告|报送|提交|提出|登记|反映|报)?\s*(?:一?[个条件项])?\s*"
    rf"(?:问题{_OPENS}(?:受限(?:事项)?)|{_OPENS}{_NAME}){_SHUTS}"
    r"(?:$|[\s:：,，。;；]+|(?<=[\]】)）」])|(?<=受限问题)|(?<=受限事项)|(?=[A-Za-zＡ-Ｚａ-ｚ]{2}\s*[0-9０-９]{4}))"
)
# 「ZX0032 受限 …」, 「ZX0032受限问题：…」
_BEHIND_CODE: Final = re.compile(
    r"^(?P<code>[\s/／、]*[A-Za-zＡ-Ｚａ-ｚ]{2}\s*[0-9０-９]{4})[\s:：,，的]*"
    rf"(?:{_OPENS}受限(?:问题|事项){_SHUTS}|[\[【(（「]\s*受限\s*[\]】)）」]|受限(?=[\s:：,，]))[\s:：,，]*"
)
# 「…（受限）」, 「…，按受限事项上报」, 「…，此事受限」
_TAIL: Final = re.compile(
    rf"(?:[(（【\[「]\s*{_NAME}\s*[)）】\]」]"
    rf"|[\s,，。;；]+(?:请|请求|建议|需|应)?(?:此|该|本|这)(?:个|条|件)?(?:事|问题|事项)(?:请|需|应)?"
    rf"(?:按|作为|设为|设成|列为|算|是|为|属于?)?{_NAME}"
    rf"|[\s,，。;；]+(?:请|请求|建议|需|应)?(?:按|按照|作为|设为|设成|列为|算|是|属于?){_NAME}"
    r"|[\s,，。;；]+受限(?:问题|事项))"
    r"(?:来)?(?:上报|报送|处理|办理|管理|登记|对待|报)?[\s。.!！]*$"
)
_ALONE: Final = re.compile(
    rf"^[\s/／、]*(?:请|改)?(?:按|按照|作为|设为|设成|改为|改成|列为|标为|标成|是|为|属于?)?{_NAME}"
    r"(?:来)?(?:上报|报送|处理|办理|管理|登记|对待|报)?[\s。.!！]*$"
)


def unmarked(text: str) -> str | None:
    """The text without the words that make its problem a restricted one; None when there are none.

    None, too, for a question about such problems and for what is said of an item by its number.
    """
    if "受限" not in text or is_question(text) or _ITEM.search(text):
        return None
    for mark in (_HEAD, _BEHIND_CODE, _TAIL):
        found = mark.search(text)
        if found is not None:
            kept = found["code"] + " " if mark is _BEHIND_CODE else ""
            return (text[: found.start()] + kept + text[found.end() :]).strip(" \u3000,，:：;；")
    return None


def is_mark(text: str) -> bool:
    """「设为受限」, 「按受限事项上报」 and nothing else: said of a draft that is open."""
    return _ALONE.match(text) is not None
