"""Spreadsheets: reading what people send (csv, xlsx, xls), writing ledgers whose texts never become formulas.

A file is judged by its content. Sizes are checked before a reader sees it, the unpacked size by unpacking,
since what an archive says about itself may be wrong; a workbook is read by bot.workbook_reader. Call the readers
and writers outside the event loop.
"""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MEBIBYTE: Final = 1024 * 1024
MOST_BYTES: Final = 20 * MEBIBYTE
MOST_UNPACKED: Final = 200 * MEBIBYTE
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 200
MOST_CELL: Final = 32_767  # what a cell of a spreadsheet holds

MOST_MEMORY: Final = 1024 * MEBIBYTE  # of the process that reads a workbook
READER_SECONDS: Final = 30
_READER: Final = Path(__file__).with_name("workbook_reader.py")

_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")
_CHUNK: Final = 64 * 1024

Value = str | int | Decimal | date | datetime | None


class TableRefused(Exception):
    """The file cannot be read as a table; the text says why and the mend."""


def read_table(content: bytes) -> list[list[str]]:
    """The first sheet as texts, from its first row. Whole numbers without point, dates as ISO.

    Raises TableRefused for a file that is empty, too large, packed beyond measure, encrypted or no table.
    """
    if not content:
        raise TableRefused("文件是空的")
    if len(content) > MOST_BYTES:
        raise TableRefused(f"文件超过 {MOST_BYTES // MEBIBYTE} MB，请拆分后再导入")
    if content.startswith(_ZIP):
        _check_unpacked(content)
        rows = _read_workbook(content)
    elif content.startswith(_OLE):
        rows = _read_workbook(content)
    else:
        rows = _read_csv(content)
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise TableRefused("表中没有内容")
    if len(rows) > MOST_ROWS:
        raise TableRefused(f"表有 {len(rows)} 行，最多 {MOST_ROWS} 行，请拆分后再导入")
    if max(map(len, rows)) > MOST_COLUMNS:
        raise TableRefused(f"表有 {max(map(len, rows))} 列，最多 {MOST_COLUMNS} 列")
    return rows


def read_file(path: Path) -> list[list[str]]:
    """read_table of a file; a file that is too large is not read."""
    if path.stat().st_size > MOST_BYTES:
        raise TableRefused(f"文件超过 {MOST_BYTES // MEBIBYTE} MB，请拆分后再导入")
    return read_table(path.read_bytes())


def write_table(
    target: Path | BinaryIO, title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]
) -> int:
    """Write a workbook of one sheet and return how many rows it has below the header.

    Texts are stored as texts, so that none is ever a formula; Decimals are numbers.
    """
    # One row in memory at a time; without the three conversions every text stays the text it is.
    finished = io.BytesIO()
    book = Workbook(
        finished,
        {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False,
            "strings_to_urls": False, "default_date_format": "yyyy-mm-dd",
        },
    )  # fmt: skip
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for place, name in enumerate(header):
        sheet.set_column(place, place, max(10, 2 * len(name) + 4))
    for place, name in enumerate(header):
        sheet.write_string(0, place, _as_cell(name), bold)
    count = 0
    for count, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            _write(sheet, count, place, value, moment)
    book.close()
    # A full disk must meet the finished bytes: in the middle of its own work the library leaves tracebacks behind.
    if isinstance(target, Path):
        target.write_bytes(finished.getbuffer())
    else:
        target.write(finished.getbuffer())
    return count


def _write(sheet: Worksheet, row: int, place: int, value: Value, moment: Format) -> None:
    if isinstance(value, str):
        sheet.write_string(row, place, _as_cell(value))
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, value, moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value)
    elif value is not None:
        sheet.write_number(row, place, value)


def _as_cell(text: str) -> str:
    """What a cell can hold: no control characters, and so many characters."""
    clean = _NOT_IN_XML.sub("", text)
    return clean if len(clean) <= MOST_CELL else clean[: MOST_CELL - 6] + "……（截断）"


# --- reading


def _check_unpacked(content: bytes) -> None:
    """Unpack every member, counting; nothing is kept. Raises TableRefused."""
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > MOST_UNPACKED:
                raise _too_much()
            if any(member.flag_bits & 1 for member in members):
                raise TableRefused("文件有密码，请去掉密码后再导入")
            if "xl/workbook.xml" not in archive.namelist():
                raise TableRefused("不是 xlsx 表格，请另存为 xlsx 或 csv 后再导入")
    except (zipfile.BadZipFile, ValueError, OSError):
        raise TableRefused("文件已损坏，打不开") from None
    except RuntimeError:  # what zipfile raises for an archive that asks for a newer version of the format
        raise TableRefused("文件的压缩格式太新，请在表格软件中另存为 xlsx 后再导入") from None
    for member in members:
        if member.compress_type == zipfile.ZIP_STORED:
            total += member.compress_size
        elif member.compress_type == zipfile.ZIP_DEFLATED:
            total += _unpacked_size(content, member, MOST_UNPACKED - total)
        else:
            raise TableRefused("文件的压缩方式不支持，请另存为 xlsx 后再导入")
        if total > MOST_UNPACKED:
            raise _too_much()


def _unpacked_size(content: bytes, member: zipfile.ZipInfo, most: int) -> int:
    """Bytes of one deflated member; stops just above most."""
    try:
        _, name, extra = _LOCAL_HEADER.unpack_from(content, member.header_offset)
        at = member.header_offset + 30 + name + extra
        packed = memoryview(content)[at : at + member.compress_size]
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        size = 0
        rest: bytes | memoryview = packed
        while rest and not unpacker.eof:
            size += len(unpacker.decompress(rest, MEBIBYTE))
            rest = unpacker.unconsumed_tail
            if size > most:
                return size
    except (struct.error, zlib.error):
        raise TableRefused("文件已损坏，打不开") from None
    return size


def _too_much() -> TableRefused:
    return TableRefused(f"文件解压后超过 {MOST_UNPACKED // MEBIBYTE} MB，未读取")


def _read_workbook(content: bytes) -> list[list[str]]:
    command = [sys.executable, "-I", str(_READER), str(MOST_MEMORY), str(MOST_ROWS + 1)]
    try:
        with tempfile.TemporaryFile() as given:  # through a pipe it would go in pieces of 512 bytes
            given.write(content)
            given.seek(0)
            done = subprocess.run(  # noqa: S603 - nothing of the file is in the command
                command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=READER_SECONDS,
                check=True,
            )  # fmt: skip
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise TableRefused(
            "表格太大，读不了：往往是很远的行或列里有字。请把要导入的行列复制到新表，另存后再导入"
        ) from None
    if isinstance(answer, str):
        raise TableRefused(answer)
    rows: list[list[str]] = answer
    return rows


def _read_csv(content: bytes) -> list[list[str]]:
    text: str
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")  # what spreadsheet programs on Chinese systems write
        except UnicodeDecodeError:
            raise TableRefused("不是 csv、xlsx、xls 文件，或编码既不是 UTF-8 也不是 GBK") from None
    if "\0" in text:
        raise TableRefused("不是 csv、xlsx、xls 文件")
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > MOST_ROWS:
                break
    except csv.Error:
        raise TableRefused(f"csv 第{reader.line_num}行的引号不成对") from None
    return rows


def _delimiter(text: str) -> str:
    """What stands between the cells: some programs write ; or tabs where Excel writes commas."""
    beginning = "\n".join(text[:MEBIBYTE].splitlines()[:10])
    return max(",;\t", key=beginning.count)  # the comma where there is none of them
