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
_ITEM: Final = r"县?\s*[WwＷｗ]\s*[0-9０-９]{1,6}"
_TAIL: Final = r"(?![0-9０-９])\s*号?\s*(?:这?个?(?:问题|事项))?"
_NUMBER: Final = rf"(?P<number>{_ITEM}){_TAIL}"
_NUMBER_OR_CODE: Final = rf"(?P<number>{_ITEM}|[A-Za-zＡ-Ｚａ-ｚ]{{2}}[0-9０-９]{{4}}){_TAIL}"
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


# A decision that names what it decides on: 「同意W0190延期」, 「W0186办结审核通过」, 「采纳W0186的反馈」.
_OBJECT: Final = r"的?(?:办结|延期|(?:定期)?反馈|办结时限)的?(?:申请|请求|报告|材料)?"
_DECIDES: Final = r"(?P<verb>不同意|同意|不通过|通过|不采纳|采纳|退回)"
_ENDS: Final = r"\s*吧?(?=$|[\s:：,，;；。!！])(?P<rest>.*)"
_DECISIONS: Final = tuple(
    re.compile(form, re.DOTALL)
    for form in (
        rf"[\s/／、]*{_DECIDES}\s*(?:对|关于)?(?P<object>{_OBJECT})?\s*[:：]?\s*{_NUMBER_OR_CODE}\s*{_ENDS}",
        rf"[\s/／、]*{_DECIDES}\s*(?:对|关于)?{_NUMBER_OR_CODE}\s*(?P<object>{_OBJECT}){_ENDS}",
        (
            rf"[\s/／、]*(?:关于|对)?{_NUMBER_OR_CODE}\s*[:：,，]?\s*(?P<object>{_OBJECT})?\s*[:：,，]?\s*"
            rf"(?:审核|审批|我)?{_DECIDES}(?P<object2>{_OBJECT})?{_ENDS}"
        ),
    )
)
_FEEDBACK: Final = "反馈"
# 「我们还想再申请把W0190延期到10月30日」, 「延期申请：W0186延到11月4日」
_WE: Final = (
    r"(?:我们?|我[局县委办区]|[本我]单位|俺们?)?\s*(?:还|再|又|想|要|需要?|须|拟|准备|恳?请|特|就|把|将)*"
)
_APPLY: Final = (
    r"(?:第[一二三四]次)?(?:提出|申请|请求|提请|要求|恳请)?(?:再次?|继续|第[一二三四]次)?(?:申请|请求)?"
)
_LONGER: Final = r"(?:延期|延长(?:办结)?(?:时限|时间|期限)?|延(?=[到至]))"
_COUNT: Final = r"[0-9０-９一二两三四五六七八九十]"
_WISHED: Final = tuple(
    re.compile(form, re.DOTALL)
    for form in (
        rf"[\s/／、]*{_WE}{_APPLY}{_LONGER}(?:的?(?:申请|请求))?(?:报告)?\s*[:：,，]?\s*{_NUMBER}\s*[:：,，]?(?P<rest>.*)",
        (
            rf"[\s/／、]*{_WE}{_APPLY}(?:把|将|关于|对)?\s*{_NUMBER}\s*[:：,，]?\s*(?:的?(?:办结)?(?:时限|时间|期限))?"
            rf"{_WE}{_APPLY}{_LONGER}(?=$|[\s:：,，;；。]|[到至为]|{_COUNT})(?P<rest>.*)"
        ),
    )
)
_WISHED_OF_ONES_OWN: Final = re.compile(
    rf"[\s/／、]*{_WE}{_APPLY}{_LONGER}(?=[\s:：,，]*(?:[到至为]|再?{_COUNT}|申请))(?P<rest>.*)", re.DOTALL
)
_STRIPPED: Final = " \u3000:：,，"


def verb_first(text: str) -> str | None:
    """「W0190 批示 请本周内对接」 as 「批示 W0190 请本周内对接」; None for anything else, questions too.

    What a decision is about is left out: 「同意W0190延期」 is 「同意 W0190」. So are the words around a wish for more
    time: 「我们还想再申请W0190延期到10月30日」 is 「延期 W0190 到10月30日」.
    """
    said = _SAID.match(text)
    if said is not None and not is_question(said["rest"]):
        return _turned(said["wish"] or said["act"], said)
    for form in _DECISIONS:
        said = form.match(text)
        if said is not None and not is_question(said["rest"]) and _decides(said):
            return _turned(said["verb"], said)
    for form in _WISHED:
        said = form.match(text)
        if said is not None and not is_question(said["rest"]):
            return _turned("延期", said)
    return None


def longer(text: str) -> str | None:
    """「我们想延期到10月28日，省局要求补论证」: until when and why, where no number is said; None for anything else."""
    said = _WISHED_OF_ONES_OWN.match(text)
    return said["rest"].strip(_STRIPPED) if said is not None and not is_question(said["rest"]) else None


def _turned(verb: str, said: re.Match[str]) -> str:
    return f"{verb} {said['number'].strip()} {said['rest'].strip(_STRIPPED)}".strip()


def _decides(said: re.Match[str]) -> bool:
    """退回 is of a dispatch unless it names the feedback."""
    named = [word for name in ("object", "object2") if (word := said.groupdict().get(name))]
    return said["verb"] != "退回" or any(_FEEDBACK in word for word in named)
