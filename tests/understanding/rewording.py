"""Other ways of writing the same message: units, numerals, dates, words for figures, openings, names.

Each takes a text and gives one that means the same; the text itself where there is nothing to change.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

Reword = Callable[[str], str]

_AMOUNT = re.compile(
    r"(?<![\d.,:a-zA-Z０-９．-])(?P<number>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?(?P<unit>亿|万)元(?!\d)"
)
_DAY = re.compile(r"(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")
_MONTH = re.compile(r"(?<![\d月至-])([1-9])月(?=底|初|上旬|中旬|下旬|份|完成|投资)")
_HAN_DIGITS = "零一二三四五六七八九"
_WAN_PER_YI = 10_000
_FULL_WIDTH = str.maketrans("0123456789%.", "０１２３４５６７８９％．")
_HALF_WIDTH = str.maketrans("，；：（）！？", ",;:()!?")


def _han(number: int) -> str:
    """A number below 10,000: 二千零五十, 十二."""
    words, gap = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            words += "零" if gap else ""
            words += ("" if unit == "十" and digit == 1 and not words else _HAN_DIGITS[digit]) + unit
        gap = not digit and bool(words)
    return words


def _wan(found: re.Match[str]) -> Decimal:
    number = Decimal(found["number"].replace(",", "") + (found["decimals"] or ""))
    return number * _WAN_PER_YI if found["unit"] == "亿" else number


def _plain(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def _in_han(found: re.Match[str]) -> str:
    wan = _wan(found)
    if wan != wan.to_integral_value() or wan < 10:
        return found[0]
    yi, rest = divmod(int(wan), _WAN_PER_YI)
    words = f"{_han(yi)}亿" if yi else ""
    if rest:
        words += ("零" if yi and rest < _WAN_PER_YI // 10 else "") + f"{_han(rest)}万"
    return words + "元"


def _in_yi(found: re.Match[str]) -> str:
    wan = _wan(found)
    return f"{_plain(wan / _WAN_PER_YI)}亿元" if wan >= 1000 else found[0]


def _each(pattern: re.Pattern[str], say: Callable[[re.Match[str]], str] | str) -> Reword:
    return lambda text: pattern.sub(say, text)


def _said(pattern: str, words: str) -> Reword:
    return lambda text: re.sub(pattern, words, text)


def _han_day(found: re.Match[str]) -> str:
    return f"{_han(int(found['month']))}月{_han(int(found['day']))}号"


def _opened(words: str) -> Reword:
    return lambda text: words + text


def _closed(words: str) -> Reword:
    return lambda text: text.rstrip("。！") + words


_NOT_PLANNED = r"(?!计划|以来|基本|年初)"

# What changes inside the text; a quotation from it changes in the same way.
INSIDE: dict[str, Reword] = {
    "full-width digits": lambda text: text.translate(_FULL_WIDTH),
    "full-width commas between thousands": _said(r"(?<=\d),(?=\d{3}(?:\.\d+)?[万亿元])", "，"),
    "blanks between thousands": _said(r"(?<=\d),(?=\d{3}(?:\.\d+)?[万亿元])", " "),
    "half-width marks": lambda text: text.translate(_HALF_WIDTH),
    "stops for semicolons": lambda text: text.replace("；", "。"),
    "in 万元": _each(_AMOUNT, lambda found: f"{_plain(_wan(found))}万元"),
    "in 亿元": _each(_AMOUNT, _in_yi),
    "in 元": _each(_AMOUNT, lambda found: f"{int(_wan(found) * _WAN_PER_YI):,}元"),
    "in Chinese numerals": _each(_AMOUNT, _in_han),
    "without 元": _said(r"(?<=\d)(亿|万)元", r"\1"),
    "w for 万": _said(r"(?<=\d)万元", "w"),
    "个亿": _said(r"(?<=\d)亿元", "个亿"),
    "blank before the unit": _said(r"(\d)([亿万])元", r"\1 \2元"),
    "截至": _said(r"截[至止]到?", "截至"),
    "截止到": _said(r"截[至止]到?", "截止到"),
    "累计投资": _said("累计完成投资", "累计投资"),
    "投资累计完成": _said("累计完成投资", "投资累计完成"),
    "累计已完成投资": _said("累计完成投资", "累计已完成投资"),
    "累计完成固定资产投资": _said("累计完成投资", "累计完成固定资产投资"),
    "累计完成投资约": _said("累计完成投资", "累计完成投资约"),
    "累计完成投资 for 累计": _said(r"累计(?=\d)", "累计完成投资"),
    "完成投资额": _said("(?<!累计)完成投资", "完成投资额"),
    "实际完成投资": _said("(?<!累计)完成投资", "实际完成投资"),
    "投资完成": _said("(?<!累计)完成投资", "投资完成"),
    "本年度": _said(f"今年{_NOT_PLANNED}", "本年度"),
    "今年以来": _said(f"今年{_NOT_PLANNED}", "今年以来"),
    "年累": _said("今年累计(?:完成)?(?:投资)?", "年累"),
    "这周": _said("本周", "这周"),
    "当月": _said("本月", "当月"),
    "占年计划": _said("占(?:年度|年)计划的?", "占年计划"),
    "完成年度计划的": _said("占(?:年度|年)计划的?", "完成年度计划的"),
    "年度计划完成率": _said("占(?:年度|年)计划的?", "年度计划完成率"),
    "9月5号": _said(r"(\d月\d{1,2})日", r"\1号"),
    "9.5": _each(_DAY, r"\g<month>.\g<day>"),
    "9/5": _each(_DAY, r"\g<month>/\g<day>"),
    "九月五号": _each(_DAY, _han_day),
    "09月05日": _each(_DAY, lambda found: f"{int(found['month']):02d}月{int(found['day']):02d}日"),
    "八月份": _each(_MONTH, lambda found: f"{_HAN_DIGITS[int(found[1])]}月"),
}
# What stands before or after it and says nothing of a project.
AROUND: dict[str, Reword] = {
    "各位领导好": _opened("各位领导好，"),
    "领导您好": _opened("领导您好："),
    "张主任": _opened("张主任，"),
    "专班您好": _opened("专班您好，现将情况报告如下："),
    "汇报一下": _opened("汇报一下，"),
    "谢谢": _closed("。谢谢"),
    "特此报告": _closed("，特此报告。"),
    "请知悉": _closed("，请知悉。"),
    "辛苦了": _closed("。辛苦了！"),
    "照片附后": _closed("，照片附后"),
    "妥否请指示": _closed("，妥否请指示"),
    "联系人": _closed("\n联系人：王工 13800000000"),
    "签名": _closed("\n王五 13800000000"),
    "抱拳": lambda text: f"{text}[抱拳]",
}
# How a project's name can be set off.
NAMED: dict[str, str] = {
    "brackets": "【{}】",
    "quotation marks": "“{}”",
    "title marks": "《{}》",
    "我县": "我县{}",
    "我们这的": "我们这的{}",
    "a colon": "{}：",
    "a blank": "{} ",
}
