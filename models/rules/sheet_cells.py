"""What one cell of a project sheet says: amounts, dates, names and choices as people write them (rules D3, Q1).

Pure. Amounts are integer 分; a bare number is in the unit of its column. Dates are ISO, as precise as written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from models.rules.money import FEN_PER_WAN, wan

FEN_PER_YUAN: Final = 100
NATURES: Final = ("新建", "续建", "前期")
STAGES: Final = ("谋划", "签约", "前期", "开工", "在建", "竣工", "投产", "达效", "停工")
MOST_FEN: Final = 10**15  # 10 万亿元; more is a slip of the unit
MOST_TEXT: Final = 2000
MOST_NAME: Final = 200
MOST_CODE: Final = 40
FACTORS: Final = {"元": FEN_PER_YUAN, "万元": FEN_PER_WAN, "万": FEN_PER_WAN, "亿元": FEN_PER_WAN * 10_000}
"""分 of one unit."""
AMOUNTS: Final = frozenset({"total_fen", "plan_fen", "prior_years_fen", "ytd_fen"})
_AMOUNT: Final = re.compile(r"[¥]?(?:(\d+(?:\.\d+)?)亿)?(?:(\d+(?:\.\d+)?)(万)?)?(元)?")
_SEPARATED: Final = re.compile(r"\d{1,3}(,\d{3})+(?!\d)")
_PLAIN_AMOUNT: Final = re.compile(r"\d{1,15}(\.\d{1,15})?")
_DAY: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?|年)?(?:[T ]00:00(?::00)?)?")
_BLANK: Final = re.compile(r"\s")
_SEPARATORS: Final = re.compile(r"[、,;/]")


_YEARS: Final = range(1950, 2101)  # of a project; days are counted from these dates in both directions


class CellProblem(Exception):
    """Why a cell cannot be taken; follows the column title."""


def clean(text: str) -> str:
    """Without control characters (a database refuses them) and outer blanks."""
    if text.isprintable():
        return text.strip()
    return "".join(
        " " if char in "\r\n\t" else char for char in text if char.isprintable() or char in "\r\n\t"
    ).strip()


def read_cell(field: str, text: str) -> object:
    """The value of a field that is no amount, from a clean text that is not empty. Raises CellProblem.

    field: of a ProjectRow, "" for a column that the ledger has no field for.
    """
    return _READERS.get(field, _text)(text)


def is_plain(text: str) -> bool:
    """Whether an amount is written as a plain number, so that nothing had to be recognised."""
    return (text.isascii() and text.isdigit() and len(text) < 14) or _PLAIN_AMOUNT.fullmatch(text) is not None


def amount_shown(fen: int, factor: int) -> str:
    """What was read: a bare number where the column is in 万元."""
    return wan(fen) if factor == FEN_PER_WAN else f"{wan(fen)} 万元"


def _text(text: str) -> str:
    return _limited(text, MOST_TEXT)


def _name(text: str) -> str:
    return _limited(" ".join(text.split()), MOST_NAME)


def _code(text: str) -> str:
    code = unicodedata.normalize("NFKC", text)
    if _BLANK.search(code):
        raise CellProblem(f"「{text}」中不能有空格")
    return _limited(code, MOST_CODE)


def _several(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in _SEPARATORS.split(text.replace("，", ",").replace("；", ";")))
    return tuple(dict.fromkeys(part for part in parts if part))


def _nature(text: str) -> str:
    if text not in NATURES:
        raise CellProblem(f"「{text}」应为 {'、'.join(NATURES)} 之一")
    return text


def _stage(text: str) -> str:
    if text not in STAGES:
        raise CellProblem(f"「{text}」应为 {'、'.join(STAGES)} 之一")
    return text


def _year(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).removesuffix("年度").removesuffix("年")
    if not (plain.isascii() and plain.isdigit() and len(plain) == 4 and 2000 <= int(plain) <= 2100):
        raise CellProblem(f"「{text}」应写成 2026 的形式")
    return int(plain)


def amount(text: str, factor: int) -> int:
    """分 of a cell; half a 分 is rounded away from zero, which clears the noise of spreadsheet arithmetic."""
    if text.isdigit() and text.isascii() and len(text) < 14:
        return _reasonable(int(text) * factor, text)
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").replace("，", ",").replace("￥", "¥")
    if _SEPARATED.match(plain.lstrip("¥")):
        plain = plain.replace(",", "")
    if plain.startswith(("-", "负")):
        raise CellProblem(f"「{text}」是负数")
    match = _AMOUNT.fullmatch(plain)
    if match is None or not (match[1] or match[2]):
        raise CellProblem(f"「{text}」不是金额，应写成 8000 或 1.2亿")
    yi, number, wan_said, yuan = match.groups()
    if (yi and number and not wan_said) or len(plain) > 20:  # 1亿5000: of what?
        raise CellProblem(f"「{text}」的单位不明确，应写成 8000 或 1.2亿")
    unit = FEN_PER_WAN if wan_said else FEN_PER_YUAN if yuan else factor
    exact = Decimal(yi or 0) * FACTORS["亿元"] + Decimal(number or 0) * unit
    return _reasonable(int(exact.to_integral_value(ROUND_HALF_UP)), text)


def _reasonable(fen: int, text: str) -> int:
    if fen > MOST_FEN:
        raise CellProblem(f"「{text}」超过 10 万亿元，请核对单位")
    return fen


def _date(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    match = _DAY.fullmatch(plain)
    if match is None:
        raise CellProblem(f"「{text}」应写成 2026-09-15 或 2026-09 的形式")
    year, month, day = match.groups()
    if int(year) not in _YEARS:
        raise CellProblem(f"「{text}」的年份应在 {_YEARS[0]} 到 {_YEARS[-1]} 之间")
    if month is None:
        return year
    if day is None and plain == f"{year}.1":  # a number cell drops the nought of 2026.10
        raise CellProblem(f"「{text}」可能是1月或10月，应写成 2026-01 或 2026-10 的形式")
    try:
        known = date(int(year), int(month), int(day or 1))
    except ValueError:
        raise CellProblem(f"「{text}」没有这一天") from None
    return known.isoformat() if day else known.isoformat()[:7]


def _limited(text: str, most: int) -> str:
    if len(text) > most:
        raise CellProblem(f"有 {len(text)} 字，最多 {most} 字")
    return text


_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "code": _code,
    "name": _name,
    "aliases": _several,
    "categories": _several,
    "nature": _nature,
    "stage": _stage,
    "plan_year": _year,
    **dict.fromkeys(("planned_start", "planned_finish", "started_on", "finished_on", "ytd_as_of"), _date),
}
