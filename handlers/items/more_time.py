"""Asking for more time in a sentence: 「我们还想再申请把W0190延期到10月30日」 (rules C18, F7)."""

from __future__ import annotations

import re
from typing import Final

from handlers.spoken_verbs import BEHIND_NUMBER, ITEM, STRIPPED, single_spaced, turned
from handlers.understanding.asking import is_question

_VERB: Final = "延期"
_NUMBER: Final = rf"(?P<number>{ITEM}){BEHIND_NUMBER}"
_WE: Final = (
    r"(?:那就|那么?)?[,，]?(?:我们?|我[局县委办区]|[本我]单位|俺们?)?\s?"
    r"(?:还|再|又|想|要|需|须|拟|准备|恳?请|特|就|把|将|能不能|能否|可否|可不可以)*"
)
_APPLY: Final = (
    r"(?:第[一二三四]次)?(?:提出|申请|请求|提请|要求|恳请)?(?:再次?|继续|第[一二三四]次)?(?:申请|请求)?"
)
_COUNT: Final = r"[0-9０-９一二两三四五六七八九十]"
_LONGER: Final = (
    r"(?:延期|延长(?:办结)?(?:时限|时间|期限)?|(?:延|顺延|推迟|延后)(?=[到至])"
    rf"|(?:放宽|宽限)(?:办结)?(?:时限|时间|期限)?(?=[到至]|{_COUNT}))"
)
_OF_ITEM: Final = tuple(
    re.compile(form, re.DOTALL)
    for form in (
        rf"[\s/／、]*{_WE}{_APPLY}{_LONGER}(?:的?(?:申请|请求))?(?:报告)?\s?[:：,，]?\s?{_NUMBER}\s?[:：,，]?(?P<rest>.*)",
        (
            rf"[\s/／、]*{_WE}{_APPLY}(?:把|将|关于|对)?\s?{_NUMBER}\s?[:：,，]?\s?(?:的?(?:办结)?(?:时限|时间|期限))?"
            rf"{_WE}{_APPLY}{_LONGER}(?:的?(?:申请|请求)?改(?=[到至为成]))?成?(?=$|[\s:：,，;；。]|[到至为]|{_COUNT})(?P<rest>.*)"
        ),
    )
)
# 「W0190 铁路局审批慢，想延期到10月23日」: why, then until when.
_AT_THE_END: Final = re.compile(
    rf"[\s/／、]*(?:关于|对)?\s*{_NUMBER}\s*[:：,，]?\s*(?P<why>\S[^。；;]*?)[\s,，。；;]\s*+"
    rf"{_WE}{_APPLY}(?:把|将)?(?:办结)?(?:时限|时间|期限)?(?:延期|延长(?:办结)?(?:时限|时间|期限)?|(?<=申请|请求)(?:顺延|推迟|延后))"
    rf"\s*(?P<until>(?:[到至为]\s*)?{_COUNT}[^,，。；;才]*)[\s。.!！]*$"
)
_OF_ONES_OWN: Final = re.compile(
    rf"[\s/／、]*{_WE}{_APPLY}{_LONGER}(?=[\s:：,，]{{0,2}}(?:[到至为]|再?给?{_COUNT}|申请))(?P<rest>.*)",
    re.DOTALL,
)


def of_item(text: str) -> str | None:
    """「延期申请：W0186延到11月4日」 as 「延期 W0186 到11月4日」; None for anything else, questions too."""
    text = single_spaced(text)
    for form in _OF_ITEM:
        said = form.match(text)
        if said is not None and not is_question(said["rest"]):
            return turned(_VERB, said)
    said = _AT_THE_END.match(text)
    if said is None or is_question(said["why"]):
        return None
    return f"{_VERB} {said['number'].strip()} {said['until'].strip()}，{said['why'].strip(STRIPPED)}"


def of_ones_own(text: str) -> str | None:
    """「我们想延期到10月28日，省局要求补论证」: until when and why, where no number is said; None for anything else."""
    said = _OF_ONES_OWN.match(single_spaced(text))
    return said["rest"].strip(STRIPPED) if said is not None and not is_question(said["rest"]) else None
