"""Reads one workbook in a process of its own: from standard input, its first sheet as JSON to standard output.

The library reserves the whole area up to the farthest cell, and ends its process when there is no memory for it: one
stray character in the last row of the last column would be the end of the product. Started by bot.spreadsheets, by
its path, so that nothing else of the product is loaded.
"""

from __future__ import annotations

import gc
import io
import json
import resource
import sys
from datetime import date, datetime, time

from python_calamine import CalamineError, CalamineWorkbook, PasswordError


def main(most_memory: int, most_rows: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # nothing is thrown away before the answer
    try:
        answer: object = _rows(sys.stdin.buffer.read(), most_rows)
    except PasswordError:
        answer = "文件有密码，请去掉密码后再导入"
    except (CalamineError, OSError, ValueError):
        answer = "不是能读的表格文件，请另存为 xlsx 或 csv 后再导入"
    # In one piece, since json.dump encodes cell by cell in Python.
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())


def _rows(content: bytes, most: int) -> list[list[str]] | str:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    if not book.sheet_names:
        return "工作簿中没有工作表"
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=most)
    if len(book.sheet_names) > 1 and not any(map(any, rows)):
        return f"第一张工作表「{book.sheet_names[0]}」中没有内容：请把要导入的表移到最前面"
    return [[value if type(value) is str else _as_text(value) for value in row] for row in rows]


def _as_text(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return "" if value is None else str(value)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
