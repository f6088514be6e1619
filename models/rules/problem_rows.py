"""Problems as rows of a sheet, e.g. 调度反馈 of the provincial system: columns found by their titles (rules O2, Q1).

Pure. What is read of a row stands beside the row itself, which is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

HEADER_SEARCH: Final = 10
MOST_ROWS: Final = 500
_TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("项目编号", "项目编码", "项目代码", "编号", "编码"),
    "name": ("项目名称", "项目", "名称", "工程名称"),
    "text": (
        "问题", "存在问题", "问题描述", "问题内容", "反馈问题", "主要问题", "问题事项", "存在的问题", "存在困难和问题",
        "需协调解决的问题", "需要协调解决的问题", "困难问题", "调度反馈问题", "问题情况",
    ),
    "kind": ("类型", "问题类型", "问题类别", "问题分类"),
    "wanted": (
        "希望协调", "协调事项", "需协调事项", "诉求", "请求协调事项", "建议措施", "整改要求", "工作建议", "办理要求",
    ),
    "by": ("时限", "办结时限", "完成时限", "整改时限", "要求时限", "希望时限", "反馈时限"),
    "unit": ("责任单位", "责任部门", "建议责任单位", "承办单位", "牵头单位"),
}  # fmt: skip
_FIELD_OF: Final = {title: name for name, titles in _TITLES.items() for title in titles}
_BRACKETS: Final = re.compile(r"[(（\[][^)）\]]*[)）\]]")


class ProblemSheetRefused(ValueError):
    """The sheet holds no problems that can be read; the text says why and what it should look like."""


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """number: the row as a spreadsheet shows it. cells: all of the row by the titles of its columns."""

    number: int
    code: str
    name: str
    text: str
    kind: str
    wanted: str
    by: str
    unit: str
    cells: Mapping[str, str]


def read_problems(rows: Sequence[Sequence[str]]) -> tuple[ProblemRow, ...]:
    """Every row with a problem in it. Raises ProblemSheetRefused."""
    place, columns = _header(rows)
    titles = [_clean(cell) for cell in rows[place]]
    found: list[ProblemRow] = []
    for number, row in enumerate(rows[place + 1 :], start=place + 2):
        values = {
            name: " ".join(str(row[column]).split()) if column < len(row) else ""
            for name, column in columns.items()
        }
        if not values["text"] and not (values.get("name") or values.get("code")):
            continue
        cells = {
            titles[column]: str(cell).strip()
            for column, cell in enumerate(row)
            if column < len(titles) and titles[column] and str(cell).strip()
        }
        plain = {name: values.get(name, "") for name in _TITLES}
        found.append(ProblemRow(number, cells=cells, **plain))
    if not found:
        raise ProblemSheetRefused("表中没有问题行")
    if len(found) > MOST_ROWS:
        raise ProblemSheetRefused(f"表有 {len(found)} 行，一次最多 {MOST_ROWS} 行，请拆分后再导入")
    return tuple(found)


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for place, row in enumerate(rows[:HEADER_SEARCH]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(row):
            field = _FIELD_OF.get(_clean(cell))
            if field is not None:
                columns.setdefault(field, column)
        if "text" in columns and ("name" in columns or "code" in columns):
            return place, columns
    raise ProblemSheetRefused("没有找到「问题」和「项目名称」（或「项目编号」）两列")


def _clean(cell: str) -> str:
    plain = unicodedata.normalize("NFKC", str(cell))
    return "".join(_BRACKETS.sub("", plain).split())
