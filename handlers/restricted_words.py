"""Words that make a problem restricted or urgent, wherever somebody who types in a hurry puts them (rules B8, G7)."""

from __future__ import annotations

import re
from typing import Final

from handlers.spoken_verbs import single_spaced
from handlers.understanding.asking import asks_outright

CALL: Final = re.compile(
    r"^\s*[【\[(（]?(?:特急|加急|(?:特别|十分|非常)?紧急)(?!通知|公告|会议|疏散|出口|预案)(?:情况|报告|上报|求助|事项)?[】\])）]?[\s!！:：,，。]*(?=\S)"
)
"""紧急 in front of what is told (rule G7)."""
_ITEM: Final = re.compile(r"县?\s*[WwＷｗ]\s*[0-9０-９]{2,6}")
_NAME: Final = r"受限(?:的)?(?:问题|事项|事件|件|事)?"
_OPENS: Final = r"[\s\[【(（「]*"
_SHUTS: Final = r"[\s\]】)）」]*"
# 「受限问题：…」, 「上报一个受限事项，…」, 「问题（受限）…」, 「【受限】…」; 「受限于资金 …」 is a cause and no mark.
_HEAD: Final = re.compile(
    r"^[\s/／、]*(?:我|我们)?(?:有|要|想|需要)?(?:上报|报告|报送|提交|提出|登记|反映|报)?\s*(?:一?[个条件项])?\s*"
    rf"(?:问题{_OPENS}(?:受限(?:事项)?)|{_OPENS}{_NAME}){_SHUTS}"
    r"(?:(?:要|需要?|想|得)?(?:上报|报告|报送|反映|提交|登记|报)(?:一下)?(?=[\s:：,，。;；]))?"
    r"(?:$|[\s:：,，。;；]+|(?<=[\]】)）」])|(?<=受限问题)|(?<=受限事项)|(?=[A-Za-zＡ-Ｚａ-ｚ]{2}\s*[0-9０-９]{4}))"
)
# 「ZX0032 受限 …」, 「ZX0032受限问题：…」, 「ZX0032 紧急 受限 …」
_BEHIND_CODE: Final = re.compile(
    r"^(?P<code>[\s/／、]*[A-Za-zＡ-Ｚａ-ｚ]{2}\s*[0-9０-９]{4})[\s:：,，的]*"
    rf"(?P<call>{_OPENS}(?:紧急|特急|加急){_SHUTS}[\s:：,，]*)?"
    rf"(?:{_OPENS}受限(?:问题|事项){_SHUTS}|[\[【(（「]\s*受限\s*[\]】)）」]|受限(?=[\s:：,，]))[\s:：,，]*"
)
# 「…（受限）」, 「…，按受限事项上报」, 「…，此事受限」. A run of marks is tried from its first alone.
_TAIL: Final = re.compile(
    rf"(?:[(（【\[「]\s*{_NAME}\s*[)）】\]」]"
    rf"|(?<![\s,，。;；])[\s,，。;；]++(?:请|请求|建议|需|应)?(?:此|该|本|这)(?:个|条|件)?(?:事|问题|事项)(?:请|需|应)?"
    rf"(?:按|作为|设为|设成|列为|算|是|为|属于?)?{_NAME}"
    rf"|(?<![\s,，。;；])[\s,，。;；]++(?:请|请求|建议|需|应)?(?:按|按照|作为|设为|设成|列为|算|是|属于?){_NAME}"
    r"|(?<![\s,，。;；])[\s,，。;；]++受限(?:问题|事项))"
    r"(?:来)?(?:上报|报送|处理|办理|管理|登记|对待|报)?[\s。.!！]*$"
)
# A clause of its own anywhere: 「…，这个问题受限，…」, 「… 受限」, 「…，请保密」, 「…，不要让县里知道」.
_CLAUSE: Final = re.compile(
    rf"(?:[,，。;；]\s*(?:这|此|该|本)?(?:个|条|件|项)?(?:问题|事项|事情|事)?(?:请|要|应|是|属于?|按|作为|算)*+{_NAME}|\s+{_NAME}(?=[\s。.!！]*$)"
    r"|(?:^|[\s,，。;；])\s*(?:这|此|该|本)?(?:个|条|件|项)?(?:问题|事项|事情|事)?(?:请|要|须|需|应当?|必须|务必|注意|予以)*+"
    r"(?:保密|不(?:要|宜|能|得|可)(?:对外)?(?:公开|外传|扩散)|(?:只|仅)(?:报|告诉|告知)(?:给)?(?:综合专班)?(?:的)?负责人"
    r"|(?:不要|不能|不得|不可|别|勿)(?:再)?(?:让|给|告诉|告知)[^,，。;；\s]{1,12}(?:知道|知晓|看到|看见|看)))"
    r"(?:处理|办理|上报)?(?=[\s,，。;；!！]|$)"
)
_ASKED: Final = re.compile(r"哪[些几个]|几[个件项]|多少|怎么|怎样|如何|什么(?:是|叫)")
_ALONE: Final = re.compile(
    rf"^[\s/／、]*(?:这|此|该|本)?(?:个|条|件|项)?(?:问题|事项|事)?(?:请|改|应)?(?:按|按照|作为|设为|设成|改为|改成|列为|标为|标成|是|为|属于?)?{_NAME}"
    r"(?:来)?(?:上报|报送|处理|办理|管理|登记|对待|报)?[\s。.!！]*$"
)
_MARKED: Final = re.compile(r"受限|保密|公开|外传|扩散|负责人|知道|知晓|看")


def unmarked(text: str) -> str | None:
    """The text without the words that make its problem a restricted one; None when there are none.

    None, too, for a question about such problems and for what is said of an item by its number.
    """
    text = single_spaced(text)
    if not _MARKED.search(text) or asks_outright(text) or _ASKED.search(text) or _ITEM.search(text):
        return None
    called = CALL.match(text)
    if called is not None:  # 「紧急：受限 ZX0032 …」: the mark stands behind the call
        left = unmarked(text[called.end() :])
        return f"{called[0].strip()} {left}" if left else left
    for mark in (_HEAD, _BEHIND_CODE, _TAIL):
        found = mark.search(text)
        if found is not None:
            kept = f"{found['call'] or ''}{found['code']} " if mark is _BEHIND_CODE else ""
            left = (text[: found.start()] + kept + text[found.end() :]).strip(" \u3000,，:：;；")
            return _CLAUSE.sub("", left).strip(" \u3000,，:：;；")
    left = _CLAUSE.sub("", text)
    return left.strip(" \u3000,，:：;；") if left != text else None


def is_mark(text: str) -> bool:
    """「设为受限」, 「按受限事项上报」 and nothing else: said of a draft that is open."""
    return (
        _ALONE.match(text) is not None or _CLAUSE.fullmatch(single_spaced(text.strip(" 。.!！"))) is not None
    )
