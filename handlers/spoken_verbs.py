"""「W0190 批示 …」: the number before the verb, turned round into what a command says (rules B10, C16, C18)."""

from __future__ import annotations

import re
from typing import Final

from handlers.understanding.asking import is_question

# What people do to an item, and what they ask for; the second they also put as 「申请延期」.
_ACTS: Final = (
    "交办", "改交办", "裁定", "签收", "退回补充", "退回县级", "退回综合专班", "退回下级", "退回", "不予受理", "受理",
    "合并", "批示", "采纳", "不通过", "通过", "不同意", "同意", "免除协办", "完成协办", "有效", "反弹", "同意提级",
    "不提级", "定为特别重大", "按一般处理", "召开专项协调", "确认时限", "改时限", "定时限", "已阅", "稍后",
    "销号", "重开",
)  # fmt: skip
_WISHES: Final = ("延期", "提级", "办结", "销号", "重开")
_LONGEST_FIRST: Final = "|".join(sorted(_ACTS, key=len, reverse=True))
_SAID: Final = re.compile(
    r"\s*[/／、]?\s*(?:关于|对)?\s*"
    r"(?P<number>县?\s*[WwＷｗ]\s*[0-9０-９]{1,6}|[A-Za-zＡ-Ｚａ-ｚ]{2}[0-9０-９]{4})(?![0-9０-９])"
    r"\s*号?\s*(?:这?个?(?:问题|事项))?\s*[:：,，]?\s*"
    rf"(?:(?:申请|请求|提请|拟)?(?P<wish>{'|'.join(_WISHES)})|(?P<act>{_LONGEST_FIRST}))"
    r"(?=$|[\s:：,，;；。]|[给到至由为成]|县?[WwＷｗ]\s*[0-9０-９]|[0-9０-９])"
    r"(?P<rest>.*)",
    re.DOTALL,
)


def verb_first(text: str) -> str | None:
    """「W0190 批示 请本周内对接」 as 「批示 W0190 请本周内对接」; None for anything else, questions too."""
    said = _SAID.match(text)
    if said is None or is_question(said["rest"]):
        return None
    return f"{said['wish'] or said['act']} {said['number'].strip()} {said['rest'].strip(' 　:：,，')}".strip()
