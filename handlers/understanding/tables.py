"""Tables typed or pasted into a message: a header row, then rows with as many cells."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

_NAME_COLUMN = re.compile(r"项目|名称|工程|序号")
_OTHER_COLUMN = re.compile(
    r"投资|累计?|完成|[本当][周月旬年]|年度|进度|率|比|计划|支付|问题|形象|备注|\d月|季度|[上全]半?年"
)
_RULE = re.compile(r"[|\-: +=]*")
_LONGEST_HEADING = 16
_FEWEST_CELLS = 3

Range = tuple[int, int]


def find_tables(
    plain: str, rows: Sequence[Range], inside: Container[int]
) -> dict[int, list[tuple[int, int, str]]]:
    """Start of each table row → its cells as (start, end, heading). A header or rule row has no cells.

    inside: positions inside a number, where a comma separates no cells.
    """
    found: dict[int, list[tuple[int, int, str]]] = {}
    number = 0
    while number < len(rows):
        length = _table_at(plain, rows, number, inside, found)
        number += max(1, length)
    return found


def _table_at(
    plain: str,
    rows: Sequence[Range],
    number: int,
    inside: Container[int],
    found: dict[int, list[tuple[int, int, str]]],
) -> int:
    """How many rows the table that begins at this row has; 0 if none begins here."""
    for delimiter in ("|", ",", " "):
        header = _cells(plain, rows[number], delimiter, inside)
        if not _is_header([plain[a:b] for a, b in header]):
            continue
        headings = [plain[a:b] for a, b in header]
        body: list[tuple[int, list[Range]]] = []
        length = 1
        for row in rows[number + 1 :]:
            if _RULE.fullmatch(plain, *row):
                found[row[0]] = []
                length += 1
                continue
            cells = _cells(plain, row, delimiter, inside)
            if delimiter == "|":
                if len(cells) == len(headings) + 1 and not body and _bars_before(plain, rows[number]):
                    headings = ["", *headings]  # nothing stands over the numbers of the rows
                missing = len(headings) - len(cells)
                if 0 < missing < len(headings) - 1:
                    cells = _with_empty(plain, row, rows[number], cells, missing)
            if len(cells) != len(headings):
                break
            body.append((row[0], cells))
            length += 1
        if body:
            found[rows[number][0]] = []
            for start, cells in body:
                found[start] = [(a, b, name) for (a, b), name in zip(cells, headings, strict=True)]
            return length
    return 0


def _bars_before(plain: str, row: Range) -> int:
    text = plain[row[0] : row[1]]
    return text[: len(text) - len(text.lstrip(" |"))].count("|")


def _with_empty(plain: str, row: Range, header: Range, cells: list[Range], missing: int) -> list[Range]:
    """The cells of a row with its first or its last ones, when as many bars show that nothing stands in them."""
    text = plain[row[0] : row[1]]
    if _bars_before(plain, row) == _bars_before(plain, header) + missing:
        return [*[(row[0], row[0])] * missing, *cells]
    bars = text[len(text.rstrip(" |")) :].count("|")
    return [*cells, *[(row[1], row[1])] * missing] if bars >= missing else cells


def _is_header(cells: Sequence[str]) -> bool:
    return (
        len(cells) >= _FEWEST_CELLS
        and all(len(cell) <= _LONGEST_HEADING for cell in cells)
        and any(_NAME_COLUMN.search(cell) for cell in cells[:2])
        and any(_OTHER_COLUMN.search(cell) for cell in cells[1:])
    )


def _cells(plain: str, row: Range, delimiter: str, inside: Container[int]) -> list[Range]:
    start, end = row
    while start < end and plain[start] in " |":
        start += 1
    while end > start and plain[end - 1] in " |":
        end -= 1
    return list(_split(plain, start, end, delimiter, inside))


def _split(plain: str, start: int, end: int, delimiter: str, inside: Container[int]) -> Iterator[Range]:
    at = start
    index = start
    while index <= end:
        char = plain[index] if index < end else delimiter
        if (char == delimiter or (delimiter == "," and char == "，")) and index not in inside:
            a, b = at, index
            while a < b and plain[a] == " ":
                a += 1
            while b > a and plain[b - 1] == " ":
                b -= 1
            if delimiter != " " or b > a:
                yield a, b
            at = index + 1
        index += 1
