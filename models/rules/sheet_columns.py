"""The columns of a project sheet: found by their titles, in whatever order and with whatever stands above (rule Q1).

Pure. An amount is in the unit that its title names, else the one above the header, else 万元.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from models.rules.money import FEN_PER_WAN
from models.rules.sheet_cells import AMOUNTS, FACTORS, clean

MONTHS: Final = 12
HEADER_SEARCH: Final = 10
"""Titles stand above the header; it must come within this many rows."""

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
NEEDED: Final = ("code", "name", "unit")

_MONTH_TITLE: Final = re.compile(r"(1[0-2]|[1-9])月(?:份)?(?:底)?(?:累计)?(?:计划)?(?:投资)?(?:累计)?")
_UNIT_IN_TITLE: Final = re.compile(r"\((?:单位:)?(亿元|万元|元)\)")
_UNIT_ABOVE: Final = re.compile(r"单位:(亿元|万元|元)")
_BRACKETS: Final = re.compile(r"[(\[][^)\]]*[)\]]")


@dataclass(frozen=True, slots=True)
class Cell:
    """Where something stands: row and column as a spreadsheet shows them, and the column's title."""

    row: int
    column: str
    title: str

    @property
    def text(self) -> str:
        return f"第{self.row}行 {self.column}列" if self.column else f"第{self.row}行"


class SheetRefused(Exception):
    """The sheet as a whole cannot be read; the text says why and what it should look like."""


@dataclass(frozen=True, slots=True)
class Column:
    """factor: 分 of one unit, for amounts."""

    at: int
    field: str  # a field of ProjectRow, "month N", or "" for a fact
    title: str
    factor: int

    @property
    def letter(self) -> str:
        return column_letter(self.at)

    @property
    def is_amount(self) -> bool:
        return self.field in AMOUNTS or self.field.startswith("month ")

    def cell(self, row: int) -> Cell:
        """Its cell in a row of the sheet (1-based)."""
        return Cell(row, self.letter, self.title)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The columns of a sheet. first: index of the first row below the header."""

    columns: tuple[Column, ...]
    first: int
    months: tuple[Column, ...]
    by_field: Mapping[str, Column]

    def cell(self, row: int, field_name: str) -> Cell:
        """The cell of a field in a row of the sheet (1-based)."""
        column = self.by_field.get(field_name)
        return column.cell(row) if column else Cell(row, "", "")


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
    titles = [clean(cell) for cell in rows[index]]
    usual = _factor_above(rows[:index])
    first = index + 1
    below = [clean(cell) for cell in rows[first]] if first < len(rows) else []
    places = [at for at, title in enumerate(titles) if _FIELD_OF.get(_plain_title(title)) in NEEDED]
    if any(_MONTH_TITLE.fullmatch(_plain_title(cell)) for cell in below) and not any(
        at < len(below) and below[at] for at in places
    ):  # a header of two rows: 月度计划 over 1月 … 12月
        titles = [
            below[at] if at < len(below) and below[at] else (titles[at] if at < len(titles) else "")
            for at in range(max(len(titles), len(below)))
        ]
        first += 1
    columns: list[Column] = []
    taken: dict[str, Column] = {}
    for at, title in enumerate(titles):
        if not title:
            continue
        plain = _plain_title(title)
        if plain in _COMPUTED:
            continue
        month = _MONTH_TITLE.fullmatch(plain)
        name = f"month {month[1]}" if month else _FIELD_OF.get(plain, "")
        column = Column(at, name, _shown_title(title), _factor(title, usual))
        if name and name in taken:
            raise SheetRefused(
                f"{taken[name].letter}列「{taken[name].title}」和{column.letter}列「{column.title}」是同一项，请留一列"
            )
        if name:
            taken[name] = column
        columns.append(column)
    missing = [_TITLES[name][0] for name in NEEDED if name not in taken]
    if missing:
        raise SheetRefused(f"缺少列：{'、'.join(missing)}")
    months = tuple(taken[f"month {month}"] for month in range(1, MONTHS + 1) if f"month {month}" in taken)
    if months and len(months) != MONTHS:
        lacking = [str(month) for month in range(1, MONTHS + 1) if f"month {month}" not in taken]
        raise SheetRefused(f"月度计划应有 1月 至 12月 共12列，缺 {'、'.join(lacking)} 月")
    return Sheet(tuple(columns), first, months, taken)


def _plain_title(title: str) -> str:
    text = unicodedata.normalize("NFKC", clean(title))
    return "".join(_BRACKETS.sub("", text).split()).lstrip("*")


def _shown_title(title: str) -> str:
    return " ".join(_BRACKETS.sub("", title.replace("（", "(").replace("）", ")")).split()) or title


def _factor(title: str, usual: int) -> int:
    unit = _UNIT_IN_TITLE.search(unicodedata.normalize("NFKC", title))
    return FACTORS[unit[1]] if unit else usual


def _factor_above(rows: Sequence[Sequence[str]]) -> int:
    """「单位：亿元」 in the lines over the header."""
    for cells in rows:
        for cell in cells:
            if unit := _UNIT_ABOVE.search("".join(unicodedata.normalize("NFKC", cell).split())):
                return FACTORS[unit[1]]
    return FEN_PER_WAN
