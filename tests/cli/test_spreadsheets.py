"""Reading what people send and writing what they open: kinds, limits, texts (files and pictures)."""

from __future__ import annotations

import gc
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from bot import spreadsheets
from bot.spreadsheets import TableRefused, read_table, write_table

from .conftest import Installation
from .old_excel import xls


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_values_of_a_workbook_become_texts() -> None:
    content = workbook(
        ["编号", "金额", "日期", "时刻", "开工", "空"],
        ["ZX1", 8000, date(2026, 9, 15), datetime(2026, 9, 15, 8, 30), True, None],  # noqa: DTZ001
        ["ZX2", 0.5, None, None, False, "末"],
    )
    assert read_table(content) == [
        ["编号", "金额", "日期", "时刻", "开工", "空"],
        ["ZX1", "8000", "2026-09-15", "2026-09-15 08:30:00", "是", ""],
        ["ZX2", "0.5", "", "", "否", "末"],
    ]


def test_leading_empty_rows_and_columns_keep_their_places() -> None:
    assert read_table(workbook([], [None, "编号"], [None, "ZX1"])) == [["", ""], ["", "编号"], ["", "ZX1"]]


def test_an_old_workbook_is_read() -> None:
    assert read_table(xls([["项目编号", "总投资"], ["ZX1", 8000.0]])) == [
        ["项目编号", "总投资"],
        ["ZX1", "8000"],
    ]


def test_an_old_workbook_is_imported(city: Installation, tmp_path: Path) -> None:
    file = tmp_path / "台账.xls"
    file.write_bytes(
        xls([["项目编号", "名称", "县区", "责任单位"], ["ZX0901", "一桥", "青禾县", "市水利局"]])
    )
    assert "新增 1" in city("projects", "import", file, "--yes").done


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_chinese_systems(encoding: str) -> None:
    assert read_table('编号,名称\r\nZX1,"桥,一期"\r\n'.encode(encoding)) == [
        ["编号", "名称"],
        ["ZX1", "桥,一期"],
    ]


@pytest.mark.parametrize("between", [";", "\t"])
def test_csv_with_other_delimiters(between: str) -> None:
    lines = [
        "2026年项目表",
        between.join(("编号", "名称", "金额")),
        between.join(("ZX1", "桥,一期", "1,200")),
    ]
    assert read_table("\r\n".join(lines).encode()) == [
        ["2026年项目表"],
        ["编号", "名称", "金额"],
        ["ZX1", "桥,一期", "1,200"],
    ]


def test_a_table_on_the_second_sheet_is_asked_for_on_the_first() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "说明"
    book.create_sheet("项目").append(["编号"])
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(TableRefused, match="第一张工作表「说明」中没有内容：请把要导入的表移到最前面"):
        read_table(target.getvalue())


def test_an_unclosed_quotation_is_named() -> None:
    with pytest.raises(TableRefused, match="第2行的引号不成对"):
        read_table('编号\n"ZX1'.encode())


def test_an_archive_that_unpacks_beyond_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_UNPACKED", 4 * 1024 * 1024)
    target = io.BytesIO(workbook(["编号"]))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"0" * (5 * 1024 * 1024))
    with pytest.raises(TableRefused, match="解压后超过 4 MB"):
        read_table(target.getvalue())


def test_an_archive_that_lies_about_its_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_UNPACKED", 4 * 1024 * 1024)
    target = io.BytesIO(workbook(["编号"]))
    size = 5 * 1024 * 1024
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"0" * size)
    honest = size.to_bytes(4, "little")
    content = target.getvalue().replace(honest, (100).to_bytes(4, "little"))
    assert content != target.getvalue()
    with pytest.raises(TableRefused, match="解压后超过 4 MB"):
        read_table(content)


def far_cell() -> bytes:
    """A sheet as somebody leaves it who has once pressed Ctrl and End and typed a blank."""
    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "项目编号"
    book.active["XFD1048576"] = " "
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_cell_at_the_end_of_the_sheet_is_refused() -> None:
    """The area up to it would need half a terabyte."""
    with pytest.raises(TableRefused, match="表格太大，读不了：往往是很远的行或列里有字"):
        read_table(far_cell())
    assert read_table(workbook(["编号"])) == [["编号"]]


def test_sizes_are_checked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_BYTES", 1024 * 1024)
    with pytest.raises(TableRefused, match="超过 1 MB"):
        read_table(b"x" * (1024 * 1024 + 1))
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 3)
    with pytest.raises(TableRefused, match="最多 3 行"):
        read_table(b"a\n" * 4)
    with pytest.raises(TableRefused, match="最多 200 列"):
        read_table(b"a," * 200)


@pytest.mark.parametrize("cut", [10, 200, 1000])
def test_a_cut_off_file_is_refused(cut: int) -> None:
    with pytest.raises(TableRefused):
        read_table(workbook(["编号"])[:-cut])


def test_an_archive_of_a_newer_format_is_refused() -> None:
    content = bytearray(workbook(["编号"]))
    needed = content.index(b"PK\x01\x02") + 6  # "version needed to extract" of the first member
    content[needed : needed + 2] = (99).to_bytes(2, "little")
    with pytest.raises(TableRefused, match="压缩格式太新"):
        read_table(bytes(content))


def test_another_office_file_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(TableRefused, match="不是 xlsx 表格"):
        read_table(target.getvalue())


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=4), max_size=4))
def test_any_text_comes_back_as_text(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    file = tmp_path_factory.mktemp("sheets") / "x.xlsx"
    assert write_table(file, "表", ["=1+1"], rows) == len(rows)
    cells = [cell for row in load_workbook(file).active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert cells[0].value == "=1+1"
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert all(cell.data_type != "n" or cell.value is None for cell in cells)


def test_numbers_and_dates_are_numbers_and_dates(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    write_table(file, "表", ["甲", "乙", "丙"], [(Decimal("4700.55"), date(2026, 9, 15), 3)])
    assert read_table(file.read_bytes())[1] == ["4700.55", "2026-09-15", "3"]
    sheet = load_workbook(file).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == [4700.55, datetime(2026, 9, 15), 3]  # noqa: DTZ001 - as a sheet has it


def test_a_full_disk_is_met_with_the_finished_bytes() -> None:
    """The library's own streams would complain on standard error after the refusal."""
    with pytest.raises(OSError, match="No space left"):
        write_table(Path("/dev/full"), "总账", ["项目编号"], [["ZX0031"]])
    gc.collect()
