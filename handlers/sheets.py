"""What handlers need of spreadsheets; the product hands them an implementation (bot.sheets)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from models.errors import Invalid
from models.queries.ledger_sheets import Value


class Sheets(Protocol):
    """Small and large tables in files."""

    def read(self, sha256: str) -> list[list[str]]:
        """The first sheet of a received file as texts. Raises Invalid, saying why it cannot be read."""
        ...

    def write(self, title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
        """A workbook of one sheet; texts never become formulas."""
        ...


class NoSheets:
    """Where no files can be handled."""

    def read(self, sha256: str) -> list[list[str]]:
        raise Invalid(f"文件 {sha256[:8]} 现在不能读取", mend="请稍后再试")

    def write(self, title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
        del header, rows
        raise Invalid(f"{title}现在不能生成", mend="请稍后再试")
