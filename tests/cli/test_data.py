"""roster load, projects import, calendar import, parse, export (interfaces of the command line)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from models.operations.baseline import ROSTER_FILE
from models.tables.audit import AuditRow
from models.tables.items import Item
from models.tables.people import CalendarDay, Person
from models.tables.projects import Project

from .conftest import DATA, ROSTERS, Installation

SAMPLE = DATA / "projects_sample.csv"


@pytest.fixture
def two_places(bot: Installation) -> Installation:
    for name in ("xinxiang", "xinmi"):
        assert bot("roster", "load", ROSTERS / f"{name}.yaml", "--yes").code == 0
    return bot


def sheet(path: Path, *rows: list[object]) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


# --- roster


def test_a_roster_is_shown_and_not_applied_without_consent(bot: Installation) -> None:
    answer = bot("roster", "load", ROSTER_FILE)
    assert "云川市名册有" in answer.out
    assert answer.refused.startswith("未应用")
    assert bot("roster", "load", ROSTER_FILE, "--yes").done.startswith("云川市名册有")
    assert bot.write(lambda session: session.execute(select(func.count(Person.id))).scalar_one()) > 30


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "名册是空的"),
        ("- 县发改局", "名册应以「键: 值」开头"),
        ("place: 石泉县\nunits:\n\t- 县发改局", "第3行：有制表符（Tab），缩进请用空格"),
        ("place: 石泉县\nunits:\n  - {name: 县发改局\npeople: []", "第4行：附近的括号"),
        ("place: 石泉县\nunits: a: b", "第2行：一行里有两个冒号"),
        ("place: 石泉县\nplace: 别县", "第2行：键「place」重复"),
        ("place: 石泉县\nlevel: 县\x07", "第2行有不可见的控制字符"),
        ("place: 石泉县\nlevel: @县", "第2行：有不能这样用的符号"),
    ],
)
def test_a_roster_that_cannot_be_read_says_where_in_chinese(
    bot: Installation, tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "名册.yaml"
    file.write_text(text, encoding="utf-8")
    refused = bot("roster", "load", file, "--yes").refused
    assert words in refused
    assert refused.endswith(("写法见运维手册「名册」一节", "请删去后重新导入"))


def test_the_faults_of_a_roster_stand_one_to_a_line_in_the_order_of_the_file(
    bot: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "名册.yaml"
    file.write_text(
        "place: 石泉县\nunits: [{nam: 县发改局}]\ntask_forces:\n  - {seq: 一, name: 综合专班}\n"
        "people:\n  - {name: 郝明, unit: 县发改局, roles: [组长]}\ngroups: [{name: 群一, for: 综合专班}]\n",
        encoding="utf-8",
    )
    lines = bot("roster", "load", file, "--yes").refused.splitlines()
    assert lines[0] == "名册有误 5 处："
    assert [line.partition("：")[0] for line in lines[1:]] == ["第2行", "第2行", "第4行", "第6行", "第7行"]


def test_the_same_roster_again_says_that_nothing_changes(bot: Installation) -> None:
    bot("roster", "load", ROSTER_FILE, "--yes")
    assert bot("roster", "load", ROSTER_FILE).done == "云川市名册无变化"


def test_a_faulty_roster_is_refused_by_line(bot: Installation, tmp_path: Path) -> None:
    file = tmp_path / "名册.yaml"
    file.write_text("place: 云川市\npeople:\n  - {name: 张三}\n", encoding="utf-8")
    assert "第3行：缺少 unit" in bot("roster", "load", file, "--yes").refused
    file.write_text("place: [", encoding="utf-8")
    assert bot("roster", "load", file, "--yes").refused
    file.write_bytes("place: 云川市".encode("gbk"))
    assert "UTF-8" in bot("roster", "load", file, "--yes").refused
    assert not bot.database.exists()


# --- projects


def test_the_sample_loads_and_again_changes_nothing(two_places: Installation) -> None:
    first = two_places("projects", "import", SAMPLE, "--yes")
    assert first.done.startswith("73 行: 可导入 73 | 有问题 0")
    assert first.err.strip() == "已导入：新增 73 个，更新 0 个"
    again = two_places("projects", "import", SAMPLE, "--yes")
    assert "没有要导入的变化" in again.done
    assert again.err.strip() == "与台账一致，没有变化"


def test_a_preview_alone_imports_nothing(two_places: Installation) -> None:
    answer = two_places("projects", "import", SAMPLE)
    assert "可导入 73" in answer.out
    assert answer.refused.startswith("未应用")
    assert two_places.write(lambda session: session.execute(select(func.count(Project.id))).scalar_one()) == 0


def test_a_workbook_with_faulty_cells(city: Installation, tmp_path: Path) -> None:
    file = sheet(
        tmp_path / "台账.xlsx",
        ["云川市重点项目台账"],
        ["项目编号", "名称", "县区", "责任单位", "总投资(万元)", "计划开工"],
        ["ZX0901", "一桥", "青禾县", "市住建局", "8,000万", "2026-03-01"],
        ["ZX0902", "二桥", "青禾县", "住建局", 8000, None],
        ["ZX0903", "三桥", "市本级", "市水利局", 8000.5, None],
    )
    answer = city("projects", "import", file, "--yes")
    assert "3 行: 可导入 2 | 有问题 1" in answer.done
    assert "第4行 D列 责任单位「住建局」不明确" in answer.done
    assert "第3行 E列「8,000万」→ 8000 ✔已识别" in answer.done
    codes = city.write(
        lambda session: dict(
            session.execute(select(Project.code, Project.total_fen).where(Project.code.like("ZX09%"))).all()  # type: ignore[arg-type]
        )
    )
    assert codes == {"ZX0901": 8_000_000_000, "ZX0903": 8_000_500_000}


def test_as_json(city: Installation, tmp_path: Path) -> None:
    file = tmp_path / "台账.csv"
    file.write_text(
        "项目编号,名称,县区,责任单位\nZX0901,一桥,青禾县,住建局\nZX0902,二桥,青禾县,市水利局\n",
        encoding="gbk",
    )
    found = json.loads(city("projects", "import", file, "--yes", "--json").done)
    assert found["applied"] == {"new": 1, "changed": 0}
    (rejected,) = found["rejected"]
    assert (rejected["row"], rejected["column"], rejected["title"]) == (2, "D", "责任单位")


def test_a_sheet_with_only_faulty_rows_is_refused(city: Installation, tmp_path: Path) -> None:
    file = tmp_path / "台账.csv"
    file.write_text("项目编号,名称,县区,责任单位\nZX0901,一桥,青禾县,住建局\n", encoding="utf-8")
    assert city("projects", "import", file, "--yes").refused == "没有可导入的行"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        (b"\x00\x01\x02", "不是 csv、xlsx、xls 文件"),
        ("甲,乙\n1,2\n".encode(), "没有找到表头"),
        (b"PK\x03\x04broken", "文件已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1broken", "不是能读的表格文件"),
    ],
)
def test_files_that_are_no_project_sheet(
    city: Installation, tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "台账.xlsx"
    file.write_bytes(content)
    assert words in city("projects", "import", file, "--yes").refused


def test_without_a_roster(bot: Installation) -> None:
    assert bot("projects", "import", SAMPLE, "--yes").refused == "还没有名册。请先运行 roster load 导入名册"


# --- calendar


def test_a_calendar_replaces_the_year(city: Installation, tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_text("date,kind,holiday\n2027-01-01,off,元旦\n2027-01-02,work,元旦\n", encoding="utf-8")
    assert city("calendar", "import", file).done == "2027 年工作日历已导入：2 天，2 天有变化"
    assert city("calendar", "import", file).done == "2027 年工作日历无变化"
    file.write_text('{"year": 2027, "days": [{"date": "2027-01-01", "isOffDay": true, "name": "元旦"}]}')
    assert city("calendar", "import", file).done == "2027 年工作日历已导入：1 天，1 天有变化"
    days = city.write(
        lambda session: session.execute(
            select(CalendarDay.day).where(CalendarDay.day >= date(2027, 1, 1))
        ).all()
    )
    assert len(days) == 1


def test_open_deadlines_of_the_year_are_counted(city: Installation, tmp_path: Path) -> None:
    file = tmp_path / "2026.csv"
    file.write_text("date,kind,holiday\n2026-10-01,off,国庆节\n", encoding="utf-8")
    answer = city("calendar", "import", file, BOT_CLOCK="simulated", BOT_CLOCK_START="2026-09-21T18:00+08:00")
    open_items = city.write(
        lambda session: session.execute(
            select(func.count(Item.id)).where(
                Item.due_at.is_not(None), Item.state.not_in(["已销号", "已合并"])
            )
        ).scalar_one()
    )
    assert f"事项 {open_items}，" in answer.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("date,kind,holiday\n2027-02-30,off,春节\n", "第2行：日期「2027-02-30」"),
        ("date,kind,holiday\n2027-01-01,rest,元旦\n", "第2行：类型「rest」"),
        ("date,kind,holiday\n2027-01-01,off,元旦\n2027-01-01,off,元旦\n", "第3行：日期 2027-01-01 重复"),
        ("date,kind,holiday\n2027-01-01,off,元旦\n2027-01-06,work,元旦\n", "2027-01-06 是周三，本来就上班"),
        ("date,kind,holiday\n2027-01-02,work,元旦\n", "2027 年没有一个放假日"),
        ("[1]", "第1天：应是一组键"),
        ('{"year": 2027, "days": [{"date": "2026-01-01", "kind": "off"}]}', "不在 2027 年"),
        ('[{"date": "2027-01-01", "kind": "off", "workday": true}]', "kind 应为"),
        ("[{", "不是有效的 JSON"),
        ("星期,上班\n", "表头应为"),
        ("date,kind,holiday\n", "没有任何一天"),
        ("date,kind,holiday\n9999-12-31,off,元旦\n", "9999-12-31 的年份应在 2000 到 2099 之间"),
        ("date,kind,holiday\n0001-01-01,off,元旦\n", "0001-01-01 的年份应在 2000 到 2099 之间"),
        ("date,kind,holiday\n2027-01-01,off,元\u202e旦\n", "2027-01-01 的节日名应是 40 字以内"),
        (f"date,kind,holiday\n2027-01-01,off,{'元' * 41}\n", "2027-01-01 的节日名应是 40 字以内"),
    ],
)
def test_invalid_calendars_are_refused(city: Installation, tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "2027.csv"
    file.write_text(text, encoding="utf-8")
    assert words in city("calendar", "import", file).refused


# --- parse


def test_parse_answers_line_by_line_and_names_bad_lines(bot: Installation) -> None:
    message = {
        "id": "a",
        "today": "2026-09-22",
        "sender_unit": "辉县市",
        "text": "九峰山抽蓄电站累计完成投资5500万",
    }
    lines = [json.dumps(message), "not json", json.dumps({"id": "b"}), json.dumps({**message, "id": "c"})]
    answer = bot("parse", "--projects", SAMPLE, stdin="\n".join(lines) + "\n")
    assert [json.loads(line)["id"] for line in answer.out.splitlines()] == ["a", "c"]
    assert answer.refused.splitlines() == [
        "第2行：不是含 id、today、text 的 JSON 消息",
        "第3行：不是含 id、today、text 的 JSON 消息",
        "2 行没有读懂",
    ]
    assert json.loads(answer.out.splitlines()[0])["projects"][0]["project_id"] == "P001"
    assert not bot.database.exists()


def test_parse_refuses_a_registry_that_is_none(bot: Installation, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("甲,乙\n1,2\n", encoding="utf-8")
    assert "读不懂项目、单位或日历文件" in bot("parse", "--projects", file, stdin="{}\n").refused


# --- export


def test_an_exported_ledger_can_be_imported_unchanged(city: Installation, tmp_path: Path) -> None:
    file = tmp_path / "总账.xlsx"
    count = city.write(lambda session: session.execute(select(func.count(Project.id))).scalar_one())
    assert city("export", "projects", file).done == f"{file}：总账 {count} 行"
    answer = city("projects", "import", file, "--yes")
    assert f"{count} 行: 可导入 {count} | 有问题 0" in answer.done
    assert "没有要导入的变化" in answer.done


def test_texts_never_become_formulas(city: Installation, tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://x","点我")'
    city.write(lambda session: session.execute(select(Item).limit(1)).scalar_one().__setattr__("title", evil))
    file = tmp_path / "事项.xlsx"
    assert city("export", "items", file).code == 0
    cells = [cell for row in load_workbook(file).active.iter_rows() for cell in row]  # type: ignore[union-attr]
    (found,) = [cell for cell in cells if cell.value == evil]
    assert found.data_type == "s"
    assert not any(cell.data_type == "f" for cell in cells)


def test_restricted_items_are_left_out_unless_asked_for(city: Installation, tmp_path: Path) -> None:
    city.write(
        lambda session: (
            session.execute(select(Item).order_by(Item.id).limit(1))
            .scalar_one()
            .__setattr__("restricted", True)
        )
    )
    some, every = (
        city("export", "items", tmp_path / "a.xlsx"),
        city("export", "items", tmp_path / "b.xlsx", "--with-restricted"),
    )
    assert "受限事项 1 件未导出" in some.err
    assert rows_of(tmp_path / "b.xlsx") == rows_of(tmp_path / "a.xlsx") + 1
    assert every.err == ""


def rows_of(file: Path) -> int:
    return sum(1 for _ in load_workbook(file).active.iter_rows())  # type: ignore[union-attr]


def test_exports_are_audited_and_never_overwrite(city: Installation, tmp_path: Path) -> None:
    file = tmp_path / "发送.xlsx"
    assert city("export", "outbox", file).code == 0
    assert "已存在，没有覆盖" in city("export", "outbox", file).refused
    assert "应以 .xlsx 结尾" in city("export", "outbox", tmp_path / "发送.csv").refused
    rows = city.write(
        lambda session: [
            (row.field, row.new, row.by_name)
            for row in session.execute(select(AuditRow).where(AuditRow.record_kind == "export")).scalars()
        ]
    )
    assert ("what", "发送记录", "系统管理员（命令行）") in rows
    assert ("name", "发送.xlsx", "系统管理员（命令行）") in rows
