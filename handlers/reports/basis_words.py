"""Which figure an answer names: 「累计」, 「本月的」, 「不是本月，是累计」 (rule C5); pure."""

from __future__ import annotations

import re
from typing import Final

from handlers.understanding import answers
from handlers.understanding.asking import is_question
from handlers.understanding.reading import Basis
from handlers.understanding.text import plain_form
from models.rules.intake import Reading as TakenAs

_WORDS: Final = r"本月|当月|这个月|今年|年累|本年|开工以来|累[计积]"
_DENIED: Final = re.compile(
    rf"(?:而?不是|并不是|并非|不算|非)(?:指|说|按)?(?:{_WORDS})(?:完成|累计|以来)*(?:的|数)*"
)
# 「本月例会改到周五了」, 「今年任务重」: the word says when something else is.
_MONTH: Final = re.compile(
    r"(?:本月|当月|这个月)(?:份)?(?![^\s,.!;:，。完的数累发投新增吧啊呀哦了这一单当就报\d])"
)
# 「8月完成」, 「是12月份当月的」: the month that was asked about.
_NAMED_MONTH: Final = re.compile(
    r"(?:就?是|按|指)?(?:20\d\d年|去年)?(?:(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?|上个?月)(?:当月|单月)?(?:完成|投资|新增|[的数额吧了]){0,4}[。.]?"
)
_YEAR: Final = re.compile(
    r"(?:今年|年累|本年)(?:度)?(?![^\s,.!;:，。完的数累总投吧啊呀哦了这一以来到至截从开就报\d内])"
)
_START: Final = re.compile(r"开工以来|总数|总的|总累|^总(?:计|共)?[的吧。]?$|从?开工")
_ALONE: Final = re.compile(
    rf"(?:{_WORDS}|改成|改为|应该?|是|按|不|对|而|说|指|我|这|完成|投资|[的数吧啊哦了额,.。，\s])++"
)
LONGEST: Final = 16  # characters of a text that only names a basis


def alone(text: str) -> bool:
    """Whether a text does nothing but name a basis: 「是累计，不是本月」."""
    if len(text) > LONGEST:
        return False
    plain = plain_form(text).strip()
    return _ALONE.fullmatch(plain) is not None and re.search(_WORDS, plain) is not None


def beside_amount(text: str, otherwise: Basis) -> Basis:
    """Which figure 「改成累计5300」 is; otherwise: what a bare amount would be. Mere 累计 leaves it a total."""
    plain = plain_form(text)
    if "开工以来" in plain:
        return Basis.SINCE_START
    if "今年" in plain or "本年" in plain:
        return Basis.YEAR_TO_DATE
    named = otherwise in (Basis.PERIOD, Basis.UNSAID) and re.search(r"累[计积]|总共|一共", plain) is not None
    return Basis.CUMULATIVE if named else otherwise


def basis_of(text: str) -> tuple[Basis, str] | None:
    """The basis that an answer names, with the name of its period; None for a text that names none.

    「1」 and 「2」 choose between 累计 and 本月.
    """
    plain = _said(text)
    if plain is None:
        return None
    if _MONTH.search(plain):
        return Basis.PERIOD, "本月"
    if "开工以来" in plain:
        return Basis.SINCE_START, ""
    if _YEAR.search(plain):
        return Basis.YEAR_TO_DATE, ""
    choice = answers.parse_choice(text)
    if "累计" in plain or choice == 1:
        return Basis.CUMULATIVE, ""
    return (Basis.PERIOD, "本月") if choice == 2 or _NAMED_MONTH.fullmatch(plain) else None


def taken_as(text: str) -> tuple[TakenAs, bool] | None:
    """今年累计 or 开工以来累计, and whether that is to be the project's basis; None for other texts."""
    plain = _said(text)
    if plain is None:
        return None
    keep = "以后" in plain or "都按" in plain
    choice = answers.parse_choice(text)
    if _START.search(plain) or choice == 2:
        return TakenAs.PROJECT, keep
    return (TakenAs.YEAR, keep) if _YEAR.search(plain) or choice == 1 else None


def _said(text: str) -> str | None:
    """The words without what they deny; None for a question, which answers nothing."""
    plain = plain_form(text)
    return None if is_question(plain) else _DENIED.sub(" ", plain).strip()
