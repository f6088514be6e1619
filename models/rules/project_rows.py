"""Rows of a project sheet: strings in, typed rows or the rejected cells out (rules D3, Q1).

Pure. Which unit or task force a name means is not decided here. A sheet is read column by column, each different
text of a column once: thousands of rows say the same of most things.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise, repeat, zip_longest
from typing import Any, Final

from models.rules.money import wan
from models.rules.sheet_cells import CellProblem, amount, amount_shown, clean, is_plain, read_cell
from models.rules.sheet_columns import MONTHS, NEEDED, Cell, Column, Sheet


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


_MOST_SHOWN: Final = 60  # of a cell that is refused
_READ: Final = tuple(one.name for one in fields(ProjectRow))[1:-3]
"""Fields that are a cell each, in the order in which a ProjectRow takes them."""


def read_rows(
    sheet: Sheet, rows: Sequence[Sequence[str]], *, first: int
) -> list[ProjectRow | list[Rejection] | None]:
    """Of each row what it says, None for an empty one, or every rejected cell of it.

    first: the number of the first row in the sheet, from 1.
    """
    columns = _Columns(sheet, rows)
    found: list[ProjectRow | list[Rejection] | None] = []
    for at, row in enumerate(columns.assembled(first)):
        if at in columns.odd or _incomplete(row) or _ends_before_it_starts(row):
            found.append(_judged(sheet, row, columns.odd.get(at, ()), rows[at]))
        elif sheet.months and (row.curve is None or not _is_curve(row.curve, row.plan_fen)):
            found.append(_judged(sheet, row, (), rows[at]))
        else:
            found.append(row)
    return found


def linear_curve(plan_fen: int) -> list[int]:
    """Twelve even cumulative values of an annual plan, in 分; the last is the plan (rule E1)."""
    return [plan_fen * month // MONTHS for month in range(1, MONTHS + 1)]


@dataclass(frozen=True, slots=True)
class _Odd:
    """A cell of which something has to be said: a problem, or how it was read."""

    column: Column
    problem: str = ""
    written: str = ""
    read: str = ""


def _in_short(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}……"


class _Texts(dict[str, Any]):
    """The value of each text of one column, None for an empty one. odd: texts that need a word."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column
        self.odd: dict[str, _Odd] = {}
        self._is_amount = column.is_amount

    def __missing__(self, raw: str) -> object:
        value = None
        text = clean(raw)
        if text:
            try:
                value = self._amount(raw, text) if self._is_amount else read_cell(self.column.field, text)
            except CellProblem as problem:
                self.odd[raw] = _Odd(self.column, str(problem).replace(text, _in_short(text)))
        self[raw] = value
        return value

    def _amount(self, raw: str, text: str) -> int:
        fen = amount(text, self.column.factor)
        if not is_plain(text):
            self.odd[raw] = _Odd(self.column, "", text, amount_shown(fen, self.column.factor))
        return fen


class _Columns:
    """The cells of a sheet by field. odd: by place of the row, cells of which something has to be said."""

    def __init__(self, sheet: Sheet, rows: Sequence[Sequence[str]]) -> None:
        self.odd: dict[int, list[_Odd]] = defaultdict(list)
        self._sheet, self._count = sheet, len(rows)
        self._values: dict[str, list[Any]] = {}
        self._facts: list[tuple[str, list[Any]]] = []
        cells = list(zip_longest(*rows, fillvalue=""))
        for column in sheet.columns:
            texts = cells[column.at] if column.at < len(cells) else ("",) * len(rows)
            if column.field:
                self._values[column.field] = self._read(column, texts)
            else:
                self._facts.append((column.title, self._read(column, texts)))

    def _read(self, column: Column, texts: Sequence[str]) -> list[Any]:
        known = _Texts(column)
        values = list(map(known.__getitem__, texts))
        if known.odd:
            for at, text in enumerate(texts):
                if text in known.odd:
                    self.odd[at].append(known.odd[text])
        return values

    def assembled(self, first: int) -> Iterator[ProjectRow]:
        """The rows as they stand in the sheet, with nothing checked beyond single cells."""
        nothing: Iterable[Any] = repeat(None)
        return map(
            ProjectRow,
            range(first, first + self._count),
            *(self._values.get(name, nothing) for name in _READ),
            self._curves(),
            self._facts_of_rows(),
        )

    def _curves(self) -> Iterable[Any]:
        """Twelve values where all are there."""
        if not self._sheet.months:
            return repeat(None)
        months = zip(*(self._values[column.field] for column in self._sheet.months), strict=True)
        return (None if None in values else values for values in months)

    def _facts_of_rows(self) -> Iterable[dict[str, str]]:
        if not self._facts:
            return ({} for _ in range(self._count))
        titles = [title for title, _ in self._facts]
        return (
            {title: value for title, value in zip(titles, values, strict=True) if value is not None}
            for values in zip(*(values for _, values in self._facts), strict=True)
        )


def _incomplete(row: ProjectRow) -> bool:
    return not (row.code and row.name and row.unit)


def _ends_before_it_starts(row: ProjectRow) -> bool:
    start, finish = row.planned_start, row.planned_finish
    return start is not None and finish is not None and finish < start[: len(finish)]


def _is_curve(curve: Sequence[int], plan_fen: int | None) -> bool:
    return curve[-1] == plan_fen and all(before <= after for before, after in pairwise(curve))


def _judged(
    sheet: Sheet, row: ProjectRow, odd: Sequence[_Odd], cells: Sequence[str]
) -> ProjectRow | list[Rejection] | None:
    """A row that is not simply taken: what is wrong with it, cell by cell, and what had to be recognised."""
    texts = [clean(cells[column.at]) if column.at < len(cells) else "" for column in sheet.columns]
    if not any(texts):
        return None
    rejections: list[Rejection] = []
    recognised: list[Recognised] = []
    for one in odd:
        if one.column in sheet.months:
            continue  # months are judged together
        cell = one.column.cell(row.row)
        if one.problem:
            rejections.append(Rejection(cell, one.problem))
        else:
            recognised.append(Recognised(cell, one.written, one.read))
    for name in NEEDED:
        cell = sheet.cell(row.row, name)
        if not getattr(row, name) and not any(one.cell == cell for one in rejections):
            rejections.append(Rejection(cell, "为空"))
    if sheet.months:
        rejections += _read_months(sheet, cells, row, recognised)
    if not rejections and _ends_before_it_starts(row):
        rejections.append(
            Rejection(
                sheet.cell(row.row, "planned_finish"),
                f"「{row.planned_finish}」早于计划开工{row.planned_start}",
            )
        )
    if rejections:
        return rejections
    row.recognised = tuple(recognised)
    return row


def _read_months(
    sheet: Sheet, cells: Sequence[str], row: ProjectRow, recognised: list[Recognised]
) -> list[Rejection]:
    """Cumulative plan by month: all twelve or none, never falling, ending at the annual plan (rule E1)."""
    row.curve = None
    texts = [clean(cells[column.at]) if column.at < len(cells) else "" for column in sheet.months]
    if not any(texts):
        return []
    values: list[int] = []
    for month, (column, text) in enumerate(zip(sheet.months, texts, strict=True), start=1):
        cell = column.cell(row.row)
        if not text:
            return [Rejection(cell, f"为空：月度计划应填满12个月，缺{month}月")]
        try:
            value = amount(text, column.factor)
        except CellProblem as problem:
            return [Rejection(cell, str(problem))]
        if not is_plain(text):
            recognised.append(Recognised(cell, text, amount_shown(value, column.factor)))
        if values and value < values[-1]:
            return [
                Rejection(
                    cell, f" 月度计划 {month}月小于{month - 1}月（{wan(value)} < {wan(values[-1])} 万元）"
                )
            ]
        values.append(value)
    last = sheet.months[-1].cell(row.row)
    if row.plan_fen is None:
        return [Rejection(last, " 月度计划有数，但没有年度计划")]
    if values[-1] != row.plan_fen:
        return [
            Rejection(last, f" 月度计划 12月累计 {wan(values[-1])} 不等于年度计划 {wan(row.plan_fen)} 万元")
        ]
    row.curve = tuple(values)
    return []
