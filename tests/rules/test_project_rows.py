"""Rows of a project sheet: what is read, what is refused and where (rules Q1, E1)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.money import FEN_PER_WAN, wan
from models.rules.project_rows import ProjectRow, Rejection, linear_curve, read_rows
from models.rules.sheet_columns import Sheet, SheetRefused, column_letter, find_sheet

HEADER = [
    "项目编号",
    "名称",
    "县区",
    "责任单位",
    "总投资(万元)",
    "年度计划投资(万元)",
    "计划开工",
    "计划竣工",
]
MONTHS = [f"{month}月计划" for month in range(1, 13)]


def read_row(sheet: Sheet, cells: Sequence[str], row: int) -> ProjectRow | list[Rejection] | None:
    (found,) = read_rows(sheet, [cells], first=row)
    return found


def read(header: list[str], *cells: str, row: int = 2) -> ProjectRow | list[Rejection] | None:
    return read_row(find_sheet([header]), cells, row)


def taken(header: list[str], *cells: str) -> ProjectRow:
    found = read(header, *cells)
    assert isinstance(found, ProjectRow), found
    return found


def refused(header: list[str], *cells: str) -> list[str]:
    found = read(header, *cells)
    assert isinstance(found, list), found
    return [one.text for one in found]


def with_months(*values: object) -> list[str]:
    return ["ZX1", "桥", "青禾县", "市住建局", "9000", "1200", "", "", *(str(value) for value in values)]


@pytest.mark.parametrize(
    ("written", "wan_read"),
    [
        ("8000", "8000"), ("8,000", "8000"), ("8,000万", "8000"), ("8，000万元", "8000"), ("1.2亿", "12000"),
        ("１．２亿元", "12000"), ("８０００", "8000"), ("3亿5000万", "35000"), ("1500000元", "150"),
        ("￥80", "80"),
        ("0.01", "0.01"), ("4700.000000000001", "4700"), ("0", "0"), ("1,234,567.5", "1234567.5"),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(written: str, wan_read: str) -> None:
    row = taken(HEADER, "ZX1", "桥", "青禾县", "市住建局", written)
    assert wan(row.total_fen or 0) == wan_read


@pytest.mark.parametrize(
    "written",
    ["-5", "负5", "八千", "约8000", "8000-9000", "1亿5000", "8,00万", "12.5.6", "1e5", "待定", "99999999999"],
)
def test_amounts_that_are_not_understood_are_refused(written: str) -> None:
    (text,) = refused(HEADER, "ZX1", "桥", "青禾县", "市住建局", written)
    assert text.startswith("第2行 E列 总投资「")
    assert written in text


def test_what_was_recognised_is_shown() -> None:
    row = taken(HEADER, "ZX1", "桥", "青禾县", "市住建局", "8,000万", "1.2亿")
    assert [one.text for one in row.recognised] == [
        "第2行 E列「8,000万」→ 8000 ✔已识别",
        "第2行 F列「1.2亿」→ 12000 ✔已识别",
    ]


def test_a_plain_number_is_not_called_recognised() -> None:
    assert taken(HEADER, "ZX1", "桥", "青禾县", "市住建局", "8000").recognised == ()


@pytest.mark.parametrize(
    ("title", "fen"), [("总投资(亿元)", 3 * 10**10), ("总投资（元）", 300), ("总投资", 3 * FEN_PER_WAN)]
)
def test_the_title_names_the_unit(title: str, fen: int) -> None:
    assert taken(["编号", "项目名称", "责任单位", title], "ZX1", "桥", "市住建局", "3").total_fen == fen


def test_a_unit_above_the_header_counts() -> None:
    sheet = find_sheet(
        [["2026年重点项目台账"], ["", "单位：亿元"], ["项目编号", "名称", "责任单位", "总投资"]]
    )
    row = read_row(sheet, ["ZX1", "桥", "市住建局", "3"], 4)
    assert isinstance(row, ProjectRow)
    assert row.total_fen == 3 * 10**10
    assert sheet.first == 3


@given(st.integers(min_value=0, max_value=10**15))
def test_every_amount_comes_back_as_it_is_shown(fen: int) -> None:
    fen -= fen % 10_000  # two decimals of 万元
    assert taken(HEADER, "ZX1", "桥", "青禾县", "市住建局", wan(fen)).total_fen == fen


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-09-15", "2026-09-15"), ("2026/9/5", "2026-09-05"), ("2026年9月15日", "2026-09-15"),
        ("2026年9月", "2026-09"), ("2026-09", "2026-09"), ("2026.10", "2026-10"), ("２０２６年", "2026"),
        ("2026-09-15 00:00:00", "2026-09-15"),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(written: str, iso: str) -> None:
    assert taken(HEADER, "ZX1", "桥", "青禾县", "市住建局", "", "", written).planned_start == iso


@pytest.mark.parametrize("written", ["2026-02-30", "9月", "三季度", "46021", "2026.1", "2026-13"])
def test_dates_that_are_not_understood_are_refused(written: str) -> None:
    (text,) = refused(HEADER, "ZX1", "桥", "青禾县", "市住建局", "", "", written)
    assert text.startswith("第2行 G列 计划开工「")


def test_finishing_before_the_start_is_refused() -> None:
    assert refused(HEADER, "ZX1", "桥", "青禾县", "市住建局", "", "", "2026-09", "2026-08-31") == [
        "第2行 H列 计划竣工「2026-08-31」早于计划开工2026-09"
    ]
    assert (
        taken(HEADER, "ZX1", "桥", "青禾县", "市住建局", "", "", "2026-09-15", "2026-09").planned_finish
        == "2026-09"
    )


def test_every_faulty_cell_of_a_row_is_named() -> None:
    assert refused([*HEADER, "项目性质"], "", "桥", "青禾县", "市住建局", "很多", "", "", "", "扩建") == [
        "第2行 E列 总投资「很多」不是金额，应写成 8000 或 1.2亿",
        "第2行 I列 项目性质「扩建」应为 新建、续建、前期 之一",
        "第2行 A列 项目编号为空",
    ]


# --- the monthly plan


def test_a_monthly_plan_is_kept_in_fen() -> None:
    row = taken([*HEADER, *MONTHS], *with_months(*range(100, 1300, 100)))
    assert row.curve == tuple(wan_now * FEN_PER_WAN for wan_now in range(100, 1300, 100))


def test_a_falling_month_is_named() -> None:
    values = [100, 200, 300, 400, 500, 600, 700, 800, 750, 1000, 1100, 1200]
    assert refused([*HEADER, *MONTHS], *with_months(*values)) == [
        "第2行 Q列 9月计划 月度计划 9月小于8月（750 < 800 万元）"
    ]


def test_december_must_be_the_annual_plan() -> None:
    (text,) = refused([*HEADER, *MONTHS], *with_months(*range(90, 1170, 90)))
    assert text == "第2行 T列 12月计划 月度计划 12月累计 1080 不等于年度计划 1200 万元"


def test_a_monthly_plan_is_whole_or_empty() -> None:
    assert taken([*HEADER, *MONTHS], *with_months()).curve is None
    (text,) = refused([*HEADER, *MONTHS], *with_months(*range(100, 900, 100), "", *range(1000, 1300, 100)))
    assert text.startswith("第2行 Q列 9月计划为空")


def test_a_monthly_plan_needs_an_annual_one() -> None:
    cells = with_months(*range(100, 1300, 100))
    cells[5] = ""
    assert "没有年度计划" in refused([*HEADER, *MONTHS], *cells)[0]


def test_a_header_of_two_rows() -> None:
    sheet = find_sheet(
        [["项目编号", "名称", "责任单位", "年度计划投资", "月度计划", *[""] * 11], ["", "", "", "", *MONTHS]]
    )
    row = read_row(sheet, ["ZX1", "桥", "市住建局", "12", *map(str, range(1, 13))], 3)
    assert isinstance(row, ProjectRow)
    assert row.curve is not None
    assert row.curve[-1] == 12 * FEN_PER_WAN
    assert sheet.first == 2


@given(st.integers(min_value=0, max_value=10**15))
def test_an_even_curve_never_falls_and_ends_at_the_plan(plan: int) -> None:
    curve = linear_curve(plan)
    assert len(curve) == 12
    assert curve[-1] == plan
    assert curve == sorted(curve)


# --- many rows

CELLS = [
    st.sampled_from(["", "ZX1", "ZX 2"]), st.sampled_from(["", "桥", "  ", "路 面"]),
    st.sampled_from(["青禾县", ""]), st.sampled_from(["市住建局", ""]),
    st.sampled_from(["", "9000", "9,000", "很多", "-1"]), st.sampled_from(["", "1200", "1.2亿", "约12"]),
    st.sampled_from(["", "2026-09", "九月"]), st.sampled_from(["", "2026-08-31", "2027"]),
    *[st.sampled_from(["", "100", "1200", "1200万", "x"]) for _ in MONTHS],
    st.sampled_from(["", "甲"]), st.sampled_from(["", "乙", "长" * 2001]),
]  # fmt: skip
WIDE = [*HEADER, *MONTHS, "备注", "备注"]


@given(
    st.lists(st.tuples(*CELLS).flatmap(lambda row: st.integers(0, len(row)).map(lambda width: row[:width])))
)
def test_rows_read_together_say_what_each_says_alone(rows: list[tuple[str, ...]]) -> None:
    sheet = find_sheet([WIDE])
    alone = [read_row(sheet, row, number) for number, row in enumerate(rows, start=2)]
    assert read_rows(sheet, rows, first=2) == alone


def test_each_row_has_its_own_rejections_and_facts() -> None:
    rows = [
        ["ZX1", "桥", "", "市住建局", "8,000"], ["ZX2", "路", "", "市住建局", "很多"], ["", " "],
        ["ZX3", "厂", "", "市住建局", "很多"], ["ZX4", "站", "", "市住建局", "8,000"],
    ]  # fmt: skip
    first, second, third, fourth, fifth = read_rows(find_sheet([HEADER]), rows, first=2)
    assert isinstance(first, ProjectRow)
    assert isinstance(second, list)
    assert third is None
    assert isinstance(fourth, list)
    assert isinstance(fifth, ProjectRow)
    assert [one.text[:7] for one in (*second, *fourth)] == ["第3行 E列 ", "第5行 E列 "]
    assert [one.text[:7] for row in (first, fifth) for one in row.recognised] == [
        "第2行 E列「",
        "第6行 E列「",
    ]
    first.facts["责任人"] = "甲"
    assert fifth.facts == {}


def test_of_two_columns_with_one_title_the_later_that_says_something_counts() -> None:
    header = ["项目编号", "名称", "责任单位", "备注", "备注"]
    assert taken(header, "ZX1", "桥", "市住建局", "先", "后").facts == {"备注": "后"}
    assert taken(header, "ZX1", "桥", "市住建局", "先", "").facts == {"备注": "先"}


# --- the sheet


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (["项目编号", "名称"], "缺少列：责任单位"),
        (["编号甲", "名称"], "没有找到表头"),
        (["项目编号", "编号", "名称", "责任单位"], "A列「项目编号」和B列「编号」是同一项"),
        (["项目编号", "名称", "责任单位", "1月计划", "2月计划"], "缺 3、4、5、6、7、8、9、10、11、12 月"),
    ],
)
def test_a_sheet_without_its_columns_is_refused(header: list[str], words: str) -> None:
    with pytest.raises(SheetRefused, match=words):
        find_sheet([header])


def test_unknown_columns_are_kept_and_computed_ones_are_not() -> None:
    row = taken(
        ["项目编号", "名称", "责任单位", "备注", "亮灯"], "ZX1", "桥", "市住建局", "先行段\x00已开工", "红"
    )
    assert row.facts == {"备注": "先行段已开工"}


def test_an_empty_row_is_no_row() -> None:
    assert read(HEADER, "", "  ", "\u3000") is None


def test_columns_are_lettered_as_a_spreadsheet_does() -> None:
    assert [column_letter(at) for at in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


@pytest.mark.parametrize(
    ("title", "cell", "words"),
    [
        ("计划年度", "9" * 5000, "应写成 2026 的形式"),
        ("总投资(万元)", "九" * 5000, "「" + "九" * 60 + "……」"),
        ("计划竣工", "9999-12-31", "「9999-12-31」的年份应在 1950 到 2100 之间"),
        ("计划竣工", "0001-01", "「0001-01」的年份应在 1950 到 2100 之间"),
        ("计划开工", "2026-02-30", "「2026-02-30」没有这一天"),
    ],
)
def test_a_cell_beyond_measure_is_refused_in_few_words(title: str, cell: str, words: str) -> None:
    found = read(["项目编号", "名称", "县区", "责任单位", title], "ZX1", "一桥", "青禾县", "市水利局", cell)
    assert isinstance(found, list)
    assert words in found[0].problem
    assert len(found[0].problem) < 150
