"""Spreadsheets for handlers: what people send is read, what they ask for is written."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.files import path_of
from bot.spreadsheets import TableRefused, Value, read_table, write_table
from models.errors import Invalid


class FileSheets:
    """The handlers.sheets.Sheets of the running product. folder: where received files lie."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, sha256: str) -> list[list[str]]:
        try:
            return read_table(path_of(self._folder, sha256).read_bytes())
        except TableRefused as refused:
            raise Invalid(str(refused)) from None
        except OSError:
            raise Invalid("文件没有取到", mend="请重新发送") from None

    def write(self, title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
        target = io.BytesIO()
        write_table(target, title, header, rows)
        return target.getvalue()
