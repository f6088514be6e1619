"""One row of a project sheet: strings in, a typed row or the rejected cells out (rules D3, Q1).

Pure. Which unit or task force a name means is not decided here. Amounts are integer 分; a bare number is in
the unit that the column title names, else the one above the header, else 万元. Dates are ISO, as precise as
they were written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from models.rules.money import FEN_PER_WAN, wan

FEN_PER_YUAN: Final = 100
MONTHS: Final = 12
NATURES: Final = ("新建", "续建", "前期")
STAGES: Final = ("谋划", "签约", "前期", "开工", "在建", "竣工", "投产", "达效", "停工")
MOST_FEN: Final = 10**15  # 10 万亿元; more is a slip of the unit
MOST_TEXT: Final = 2000
MOST_NAME: Final = 200
MOST_CODE: Final = 40
HEADER_SEARCH: Final = 10
"""Titles stand above the header; it must come within this many rows."""

_FACTORS: Final = {"元": FEN_PER_YUAN, "万元": FEN_PER_WAN, "万": FEN_PER_WAN, "亿元": FEN_PER_WAN * 10_000}

_TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("项目编号", "编号", "项目代码", "项目编码"),
    "name": ("名称", "项目名称"),
    "aliases": ("别名", "简称", "项目简称"),
    "categories": ("类别", "项目类别"),
    "industry": ("行业", "所属行业"),
    "nature": ("项目性质", "性质", "建设性质"),
    "tier": ("梯次",),
    "region": ("县区", "县市区", "所在县区", "所属县区", "建设地点", "所在地"),
    "owner": ("建设单位", "项目业主"),
    "content": ("建设内容", "主要建设内容", "建设内容及规模"),
    "total_fen": ("总投资",),
    "plan_fen": ("年度计划投资", "年度计划", "年度投资计划", "今年计划投资", "本年计划投资"),
    "prior_years_fen": (
        "截至上年底累计完成投资", "截至上年底累计", "截至上年底累计完成", "上年底累计完成投资",
    ),
    "ytd_fen": (
        "今年累计完成投资", "本年累计完成投资", "年度累计完成投资", "今年累计", "本年累计",
    ),
    "ytd_as_of": ("数据日期", "数据截止日期", "截止日期", "截至日期", "数据截至"),
    "stage": ("阶段", "项目阶段", "建设阶段"),
    "planned_start": ("计划开工", "计划开工时间", "计划开工日期"),
    "planned_finish": ("计划竣工", "计划竣工时间", "计划竣工日期", "计划完工"),
    "started_on": ("实际开工", "实际开工时间", "实际开工日期"),
    "finished_on": ("实际竣工", "实际竣工时间", "实际竣工日期"),
    "unit": ("责任单位",),
    "task_force": ("责任专班", "专班", "所属专班"),
    "person": ("责任人", "责任人姓名"),
    "sponsor": ("包联领导", "包联县级领导", "联系领导"),
    "plan_year": ("计划年度", "年度"),
}  # fmt: skip
_COMPUTED: Final = frozenset({"序号", "亮灯", "完成率", "时序进度", "差距", "形象进度", "最近上报"})
"""Columns of an exported ledger that say nothing of their own; they are passed over."""
_FIELD_OF: Final = {title: name for name, titles in _TITLES.items() for title in titles}
_NEEDED: Final = ("code", "name", "unit")
_AMOUNTS: Final = frozenset({"total_fen", "plan_fen", "prior_years_fen", "ytd_fen"})
_DATES: Final = frozenset({"planned_start", "planned_finish", "started_on", "finished_on", "ytd_as_of"})

_MONTH_TITLE: Final = re.compile(r"(1[0-2]|[1-9])月(?:份)?(?:底)?(?:累计)?(?:计划)?(?:投资)?(?:累计)?")
_UNIT_IN_TITLE: Final = re.compile(r"\((?:单位:)?(亿元|万元|元)\)")
_UNIT_ABOVE: Final = re.compile(r"单位:(亿元|万元|元)")
_BRACKETS: Final = re.compile(r"[(\[][^)\]]*[)\]]")
_AMOUNT: Final = re.compile(r"[¥]?(?:(\d+(?:\.\d+)?)亿)?(?:(\d+(?:\.\d+)?)(万)?)?(元)?")
_SEPARATED: Final = re.compile(r"\d{1,3}(,\d{3})+(?!\d)")
_PLAIN_AMOUNT: Final = re.compile(r"\d{1,15}(\.\d{1,15})?")
_DAY: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?|年)?(?:[T ]00:00(?::00)?)?")
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_SEPARATORS: Final = re.compile(r"[、,;/]")


@dataclass(frozen=True, slots=True)
class Cell:
    """Where something stands: row and column as a spreadsheet shows them, and the column's title."""

    row: int
    column: str
    title: str

    @property
    def text(self) -> str:
        return f"第{self.row}行 {self.column}列" if self.column else f"第{self.row}行"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A cell that cannot be taken, and why; the row is left out."""

    cell: Cell
    problem: str

    @property
    def text(self) -> str:
        return f"{self.cell.text} {self.cell.title}{self.problem}"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A number that was not written as a plain one, and how it was read."""

    cell: Cell
    written: str
    read: str

    @property
    def text(self) -> str:
        return f"{self.cell.text}「{self.written}」→ {self.read} ✔已识别"


@dataclass(slots=True)
class ProjectRow:
    """A row that can be read. None: the sheet has no such column, or the cell is empty.

    row: number in the sheet. curve: twelve cumulative 分, None where the sheet has none. facts: columns that
    the ledger has no field for, by title.
    """

    row: int
    code: str = ""
    name: str = ""
    aliases: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    industry: str | None = None
    nature: str | None = None
    tier: str | None = None
    region: str | None = None
    owner: str | None = None
    content: str | None = None
    total_fen: int | None = None
    plan_fen: int | None = None
    prior_years_fen: int | None = None
    ytd_fen: int | None = None
    ytd_as_of: str | None = None
    stage: str | None = None
    planned_start: str | None = None
    planned_finish: str | None = None
    started_on: str | None = None
    finished_on: str | None = None
    unit: str = ""
    task_force: str | None = None
    person: str | None = None
    sponsor: str | None = None
    plan_year: int | None = None
    curve: tuple[int, ...] | None = None
    facts: dict[str, str] = field(default_factory=dict)
    recognised: tuple[Recognised, ...] = ()


class SheetRefused(Exception):
    """The sheet as a whole cannot be read; the text says why and what it should look like."""


@dataclass(frozen=True, slots=True)
class _Column:
    at: int
    field: str  # a field of ProjectRow, "month N", or "" for a fact
    title: str
    factor: int

    @property
    def letter(self) -> str:
        return column_letter(self.at)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The columns of a sheet. first: index of the first row below the header."""

    columns: tuple[_Column, ...]
    first: int
    months: tuple[_Column, ...]
    by_field: Mapping[str, _Column]

    def cell(self, row: int, field_name: str) -> Cell:
        """The cell of a field in a row of the sheet (1-based)."""
        column = self.by_field.get(field_name)
        return Cell(row, column.letter, column.title) if column else Cell(row, "", "")


def column_letter(at: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def find_sheet(rows: Sequence[Sequence[str]]) -> Sheet:
    """Find the header among the first rows.

    Raises SheetRefused when there is none, or when a column is missing or stands twice.
    """
    for index, cells in enumerate(rows[:HEADER_SEARCH]):
        known = {_FIELD_OF.get(_plain_title(cell)) for cell in cells}
        if {"code", "name"} <= known:
            return _sheet(rows, index)
    raise SheetRefused("没有找到表头：前10行中应有一行含「项目编号」「名称」「责任单位」")


def _sheet(rows: Sequence[Sequence[str]], index: int) -> Sheet:
    titles = [_clean(cell) for cell in rows[index]]
    usual = _factor_above(rows[:index])
    first = index + 1
    below = [_clean(cell) for cell in rows[first]] if first < len(rows) else []
    places = [at for at, title in enumerate(titles) if _FIELD_OF.get(_plain_title(title)) in _NEEDED]
    if any(_MONTH_TITLE.fullmatch(_plain_title(cell)) for cell in below) and not any(
        at < len(below) and below[at] for at in places
    ):  # a header of two rows: 月度计划 over 1月 … 12月
        titles = [
            below[at] if at < len(below) and below[at] else (titles[at] if at < len(titles) else "")
            for at in range(max(len(titles), len(below)))
        ]
        first += 1
    columns: list[_Column] = []
    taken: dict[str, _Column] = {}
    for at, title in enumerate(titles):
        if not title:
            continue
        plain = _plain_title(title)
        if plain in _COMPUTED:
            continue
        month = _MONTH_TITLE.fullmatch(plain)
        name = f"month {month[1]}" if month else _FIELD_OF.get(plain, "")
        column = _Column(at, name, _shown_title(title), _factor(title, usual))
        if name and name in taken:
            raise SheetRefused(
                f"{taken[name].letter}列「{taken[name].title}」和{column.letter}列「{column.title}」是同一项，请留一列"
            )
        if name:
            taken[name] = column
        columns.append(column)
    missing = [_TITLES[name][0] for name in _NEEDED if name not in taken]
    if missing:
        raise SheetRefused(f"缺少列：{'、'.join(missing)}")
    months = tuple(taken[f"month {month}"] for month in range(1, MONTHS + 1) if f"month {month}" in taken)
    if months and len(months) != MONTHS:
        lacking = [str(month) for month in range(1, MONTHS + 1) if f"month {month}" not in taken]
        raise SheetRefused(f"月度计划应有 1月 至 12月 共12列，缺 {'、'.join(lacking)} 月")
    return Sheet(tuple(columns), first, months, taken)


def read_row(sheet: Sheet, cells: Sequence[str], row: int) -> ProjectRow | list[Rejection] | None:
    """Read one row: the row, None for an empty one, or every rejected cell of it.

    row: its number in the sheet, from 1.
    """
    found = ProjectRow(row)
    rejections: list[Rejection] = []
    recognised: list[Recognised] = []
    empty = True
    width = len(cells)
    for column in sheet.columns:
        raw = cells[column.at] if column.at < width else ""
        if not raw:
            continue
        text = raw.strip() if raw.isprintable() else _clean(raw)
        if not text:
            continue
        empty = False
        name = column.field
        try:
            if not name:
                found.facts[column.title] = _limited(text, MOST_TEXT)
            elif name in _AMOUNTS:
                value = _amount(text, column.factor)
                setattr(found, name, value)
                if not _PLAIN_AMOUNT.fullmatch(text):
                    recognised.append(
                        Recognised(Cell(row, column.letter, column.title), text, _shown(value, column.factor))
                    )
            elif name in _DATES:
                setattr(found, name, text if _ISO_DAY.fullmatch(text) and _is_day(text) else _date(text))
            elif name[0] != "m":  # months are read together
                setattr(found, name, _READERS.get(name, _text)(text))
        except _Problem as problem:
            rejections.append(Rejection(Cell(row, column.letter, column.title), str(problem)))
    if empty:
        return None
    for name in _NEEDED:
        if not getattr(found, name) and not any(one.cell == sheet.cell(row, name) for one in rejections):
            rejections.append(Rejection(sheet.cell(row, name), "为空"))
    if sheet.months:
        rejections += _read_months(sheet, cells, found, recognised)
    if (
        not rejections
        and found.planned_start
        and found.planned_finish
        and found.planned_finish < found.planned_start[: len(found.planned_finish)]
    ):
        rejections.append(
            Rejection(
                sheet.cell(row, "planned_finish"),
                f"「{found.planned_finish}」早于计划开工{found.planned_start}",
            )
        )
    if rejections:
        return rejections
    found.recognised = tuple(recognised)
    return found


def linear_curve(plan_fen: int) -> list[int]:
    """Twelve even cumulative values of an annual plan, in 分; the last is the plan (rule E1)."""
    return [plan_fen * month // MONTHS for month in range(1, MONTHS + 1)]


def _read_months(
    sheet: Sheet, cells: Sequence[str], found: ProjectRow, recognised: list[Recognised]
) -> list[Rejection]:
    """Cumulative plan by month: all twelve or none, never falling, ending at the annual plan (rule E1)."""
    values: list[int] = []
    for month, column in enumerate(sheet.months, start=1):
        text = _clean(cells[column.at]) if column.at < len(cells) else ""
        cell = Cell(found.row, column.letter, column.title)
        if not text:
            if any(_clean(cells[one.at]) for one in sheet.months if one.at < len(cells)):
                return [Rejection(cell, f"为空：月度计划应填满12个月，缺{month}月")]
            return []
        try:
            value = _amount(text, column.factor)
        except _Problem as problem:
            return [Rejection(cell, str(problem))]
        if not _PLAIN_AMOUNT.fullmatch(text):
            recognised.append(Recognised(cell, text, _shown(value, column.factor)))
        if values and value < values[-1]:
            return [
                Rejection(
                    cell, f" 月度计划 {month}月小于{month - 1}月（{wan(value)} < {wan(values[-1])} 万元）"
                )
            ]
        values.append(value)
    last = Cell(found.row, sheet.months[-1].letter, sheet.months[-1].title)
    if found.plan_fen is None:
        return [Rejection(last, " 月度计划有数，但没有年度计划")]
    if values[-1] != found.plan_fen:
        return [
            Rejection(last, f" 月度计划 12月累计 {wan(values[-1])} 不等于年度计划 {wan(found.plan_fen)} 万元")
        ]
    found.curve = tuple(values)
    return []


class _Problem(Exception):
    """Why a cell cannot be taken; follows the column title."""


def _text(text: str) -> str:
    return _limited(text, MOST_TEXT)


def _name(text: str) -> str:
    return _limited(" ".join(text.split()), MOST_NAME)


def _code(text: str) -> str:
    code = unicodedata.normalize("NFKC", text)
    if re.search(r"\s", code):
        raise _Problem(f"「{text}」中不能有空格")
    return _limited(code, MOST_CODE)


def _several(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in _SEPARATORS.split(text.replace("，", ",").replace("；", ";")))
    return tuple(dict.fromkeys(part for part in parts if part))


def _nature(text: str) -> str:
    if text not in NATURES:
        raise _Problem(f"「{text}」应为 {'、'.join(NATURES)} 之一")
    return text


def _stage(text: str) -> str:
    if text not in STAGES:
        raise _Problem(f"「{text}」应为 {'、'.join(STAGES)} 之一")
    return text


def _year(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).removesuffix("年度").removesuffix("年")
    if not (plain.isascii() and plain.isdigit() and 2000 <= int(plain) <= 2100):
        raise _Problem(f"「{text}」应写成 2026 的形式")
    return int(plain)


def _amount(text: str, factor: int) -> int:
    """分 of a cell; half a 分 is rounded away from zero, which clears the noise of spreadsheet arithmetic."""
    if text.isdigit() and text.isascii() and len(text) < 14:
        return _reasonable(int(text) * factor, text)
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").replace("，", ",").replace("￥", "¥")
    if _SEPARATED.match(plain.lstrip("¥")):
        plain = plain.replace(",", "")
    if plain.startswith(("-", "负")):
        raise _Problem(f"「{text}」是负数")
    match = _AMOUNT.fullmatch(plain)
    if match is None or not (match[1] or match[2]):
        raise _Problem(f"「{text}」不是金额，应写成 8000 或 1.2亿")
    yi, number, wan_said, yuan = match.groups()
    if (yi and number and not wan_said) or len(plain) > 20:  # 1亿5000: of what?
        raise _Problem(f"「{text}」的单位不明确，应写成 8000 或 1.2亿")
    unit = FEN_PER_WAN if wan_said else FEN_PER_YUAN if yuan else factor
    exact = Decimal(yi or 0) * _FACTORS["亿元"] + Decimal(number or 0) * unit
    return _reasonable(int(exact.to_integral_value(ROUND_HALF_UP)), text)


def _reasonable(fen: int, text: str) -> int:
    if fen > MOST_FEN:
        raise _Problem(f"「{text}」超过 10 万亿元，请核对单位")
    return fen


def _date(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    match = _DAY.fullmatch(plain)
    if match is None:
        raise _Problem(f"「{text}」应写成 2026-09-15 或 2026-09 的形式")
    year, month, day = match.groups()
    if month is None:
        return year
    if day is None and plain == f"{year}.1":  # a number cell drops the nought of 2026.10
        raise _Problem(f"「{text}」可能是1月或10月，应写成 2026-01 或 2026-10 的形式")
    try:
        known = date(int(year), int(month), int(day or 1))
    except ValueError:
        raise _Problem(f"「{text}」没有这一天") from None
    return known.isoformat() if day else known.isoformat()[:7]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _limited(text: str, most: int) -> str:
    if len(text) > most:
        raise _Problem(f"有 {len(text)} 字，最多 {most} 字")
    return text


_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "code": _code,
    "name": _name,
    "aliases": _several,
    "categories": _several,
    "nature": _nature,
    "stage": _stage,
    "plan_year": _year,
}


def _clean(text: str) -> str:
    """Without control characters (a database refuses them) and outer blanks."""
    if text.isprintable():
        return text.strip()
    return "".join(
        " " if char in "\r\n\t" else char for char in text if char.isprintable() or char in "\r\n\t"
    ).strip()


def _plain_title(title: str) -> str:
    text = unicodedata.normalize("NFKC", _clean(title))
    return "".join(_BRACKETS.sub("", text).split()).lstrip("*")


def _shown_title(title: str) -> str:
    return " ".join(_BRACKETS.sub("", title.replace("（", "(").replace("）", ")")).split()) or title


def _factor(title: str, usual: int) -> int:
    unit = _UNIT_IN_TITLE.search(unicodedata.normalize("NFKC", title))
    return _FACTORS[unit[1]] if unit else usual


def _factor_above(rows: Sequence[Sequence[str]]) -> int:
    """「单位：亿元」 in the lines over the header."""
    for cells in rows:
        for cell in cells:
            if unit := _UNIT_ABOVE.search("".join(unicodedata.normalize("NFKC", cell).split())):
                return _FACTORS[unit[1]]
    return FEN_PER_WAN


def _shown(fen: int, factor: int) -> str:
    if factor == FEN_PER_WAN:
        return wan(fen)
    return f"{wan(fen)} 万元"
