"""Project sheets into the ledger: previewed, applied, applied again (rules Q1, D1–D3, S68)."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.tasks import Tasks
from models.db import Database
from models.errors import Invalid
from models.operations import audit, imports, lights, rosters
from models.operations.audit import Actor
from models.operations.desk import Desk
from models.operations.roster_files import parse_roster
from models.queries import directory as directories
from models.rules.calendar import SHANGHAI
from models.rules.policies import Policies
from models.rules.policy import Policy
from models.tables.audit import AuditRow
from models.tables.lights import LightChange, LightState
from models.tables.people import Unit
from models.tables.projects import Entry, Project, ProjectPlan
from tests import prepared

T = TypeVar("T")

NOW = datetime(2026, 9, 22, 10, tzinfo=SHANGHAI)
WAN = 1_000_000
SAMPLE = Path(__file__).parent.parent / "cli" / "data" / "projects_sample.csv"
ROSTERS = Path(imports.__file__).parent.parent / "data" / "rosters"
HEADER = [
    "项目编号", "名称", "县区", "责任单位", "责任专班", "总投资(万元)", "年度计划投资(万元)",
    "今年累计完成投资(万元)", "数据日期", "计划开工", "计划竣工", "项目性质", "责任人",
]  # fmt: skip
MONTHS = [f"{month}月计划" for month in range(1, 13)]


class City:
    """The fictional city, or the two source rosters, on a database of the test's own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW

    async def read(self, work: Callable[[Session], T]) -> T:
        return await self.database.read(work)

    async def preview(self, *rows: list[str], header: list[str] = HEADER, **options: Any) -> imports.Preview:
        return await self.read(
            lambda session: imports.preview(
                session, directories.load(session), [header, *rows], today=NOW.date(), **options
            )
        )

    async def apply(self, preview: imports.Preview) -> imports.Applied:
        def work(session: Session) -> imports.Applied:
            desk = Desk(
                session,
                directories.load(session),
                Policies(),
                self.now,
                actor=Actor(None, "管理员", source="测试"),
            )
            return imports.apply(desk, preview.to_write)

        return await self.database.write(work)

    async def load(self, *rows: list[str], header: list[str] = HEADER) -> imports.Applied:
        preview = await self.preview(*rows, header=header)
        assert [one.text for one in preview.rejections] == []
        return await self.apply(preview)

    async def project(self, code: str) -> Project:
        return await self.read(
            lambda session: session.execute(select(Project).where(Project.code == code)).scalar_one()
        )

    async def history(self, code: str) -> list[tuple[str, str | None, str | None]]:
        project = await self.project(code)

        def rows(session: Session) -> list[tuple[str, str | None, str | None]]:
            found = session.execute(
                select(AuditRow)
                .where(AuditRow.record_kind == "project", AuditRow.record_id == project.id)
                .order_by(AuditRow.seq)
            ).scalars()
            return [(row.field, row.old, row.new) for row in found]

        return await self.read(rows)


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[City]:
    async with opened(prepared.copy(prepared.empty(), tmp_path / "test.db")) as city:
        yield city


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[City]:
    at = datetime(2026, 9, 21, 18, tzinfo=SHANGHAI)
    async with opened(prepared.copy(prepared.city(at), tmp_path / "test.db")) as city:
        yield city


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[City]:
    tasks = Tasks()
    database = await Database.open(url, lambda work: tasks.start(work, name="writer"))
    yield City(database)
    await database.close()
    await tasks.stop()


@pytest.fixture
async def two_places(empty: City) -> City:
    for name in ("xinxiang", "xinmi"):
        roster = parse_roster((ROSTERS / f"{name}.yaml").read_text(encoding="utf-8"))
        await empty.database.write(lambda session, roster=roster: rosters.apply(session, roster, now=NOW))
    return empty


def line(code: str = "ZX0901", name: str = "青禾县新桥", **cells: str) -> list[str]:
    """A row that can be imported; cells by title replace the usual ones."""
    usual = {
        "项目编号": code, "名称": name, "县区": "青禾县", "责任单位": "市住建局", "责任专班": "市政设施专班",
        "总投资(万元)": "9000", "年度计划投资(万元)": "1200", "项目性质": "续建",
    }  # fmt: skip
    return [{**usual, **cells}.get(title, "") for title in HEADER]


def texts(preview: imports.Preview) -> list[str]:
    return [one.text for one in preview.rejections]


async def test_the_sample_registry_loads_whole_into_the_two_rosters(two_places: City) -> None:
    header, *rows = list(csv.reader(SAMPLE.read_text(encoding="utf-8").splitlines()))
    preview = await two_places.preview(*rows, header=header)
    assert preview.headline == "73 行: 可导入 73 | 有问题 0"
    assert texts(preview) == []
    done = await two_places.apply(preview)
    assert (done.new, done.changed) == (73, 0)
    project = await two_places.project("P001")
    assert (project.total_fen, project.prior_years_fen) == (1_260_000 * WAN, 186_000 * WAN)
    assert project.facts["数据性质"] == "真实名称"

    def look(session: Session) -> tuple[dict[str, int], list[int], str, int]:
        directory = directories.load(session)
        count: dict[str, int] = {}
        for one in directory.projects.values():
            place = directory.organisations[one.organisation_id].name
            count[place] = count.get(place, 0) + 1
        (curve,) = session.execute(
            select(ProjectPlan.curve).where(ProjectPlan.project_id == project.id, ProjectPlan.year == 2024)
        ).scalars()
        unit = directory.units[project.unit_id].name
        states = session.execute(select(func.count()).select_from(LightState)).scalar_one()
        return count, curve, unit, states

    count, curve, unit, states = await two_places.read(look)
    assert count == {"新乡市": 63, "新密市": 10}
    assert curve == [90_000 * WAN * month // 12 for month in range(1, 13)]
    assert unit == "市发改委"
    assert states == 73


async def test_the_same_sheet_again_changes_nothing_and_says_so(two_places: City) -> None:
    header, *rows = list(csv.reader(SAMPLE.read_text(encoding="utf-8").splitlines()))
    await two_places.load(*rows, header=header)
    version = await two_places.read(directories.version)
    audited = await two_places.read(
        lambda session: session.execute(select(func.count(AuditRow.id))).scalar_one()
    )
    again = await two_places.preview(*rows, header=header)
    assert again.to_write == []
    assert "没有要导入的变化" in again.lines()
    await two_places.apply(again)
    assert await two_places.read(directories.version) == version
    assert audited == await two_places.read(
        lambda session: session.execute(select(func.count(AuditRow.id))).scalar_one()
    )


async def test_every_problem_is_named_by_row_and_cell(city: City) -> None:
    preview = await city.preview(
        line("ZX0901", "一桥", **{"总投资(万元)": "8,000万"}),
        line("ZX0902", "二桥", 责任单位="住建局"),
        line("ZX0903", "三桥", 责任专班="造桥专班"),
        line("ZX0904", "四桥", 县区="青河县"),
        line("ZX0901", "五桥"),
        line("ZX0906", "一桥"),
        line("ZX0907", "青禾县城南污水处理厂扩建工程"),
        line("ZX0908", "八桥", **{"今年累计完成投资(万元)": "9001"}),
        line("ZX0909", "九桥", **{"今年累计完成投资(万元)": "10", "数据日期": "2026-09-23"}),
        line("ZX0910", "十桥", **{"今年累计完成投资(万元)": "10", "数据日期": "2025-12-31"}),
    )  # fmt: skip
    assert preview.headline == "10 行: 可导入 1 | 有问题 9"
    assert [one.text for one in preview.recognised] == ["第2行 F列「8,000万」→ 8000 ✔已识别"]
    assert texts(preview) == [
        "第3行 D列 责任单位「住建局」不明确，请写全称：市住建局、青禾县住建局",
        "第4行 E列 责任专班「造桥专班」不在云川市名册中",
        "第5行 C列 县区「青河县」不在名册的县区中",
        "第6行 A列 项目编号「ZX0901」与第2行重复",
        "第7行 B列 名称「一桥」与第2行重复",
        "第8行 B列 名称「青禾县城南污水处理厂扩建工程」与台账 ZX0031 同名",
        "第9行 H列 今年累计完成投资 9001 超过总投资 9000",
        "第10行 I列 数据日期「2026-09-23」晚于今天",
        "第11行 I列 数据日期「2025-12-31」不在今年：今年累计应是2026年的数",
    ]


async def test_good_rows_go_in_without_the_bad_ones(city: City) -> None:
    preview = await city.preview(line("ZX0901", "一桥"), line("ZX0902", "二桥", 责任单位="住建局"))
    assert (await city.apply(preview)).new == 1
    codes = await city.read(lambda session: set(session.execute(select(Project.code)).scalars()))
    assert "ZX0901" in codes
    assert "ZX0902" not in codes


async def test_a_new_project_comes_with_plan_light_entry_and_history(city: City) -> None:
    figures = {"今年累计完成投资(万元)": "100", "数据日期": "2026-09-20"}
    await city.load(line(**figures))
    project = await city.project("ZX0901")
    assert (project.ytd_fen, project.ytd_as_of, project.figure_year) == (100 * WAN, date(2026, 9, 20), 2026)

    def look(session: Session) -> tuple[Entry, LightState, list[LightChange], list[str]]:
        entry = session.execute(select(Entry).where(Entry.project_id == project.id)).scalar_one()
        state = session.get_one(LightState, project.id)
        turns = (
            session.execute(select(LightChange).where(LightChange.project_id == project.id)).scalars().all()
        )
        return entry, state, list(turns), list(audit.broken_chains(session))

    entry, state, turns, broken = await city.read(look)
    assert (entry.kind, entry.ytd_fen, entry.as_of, entry.reason) == (
        "import",
        100 * WAN,
        date(2026, 9, 20),
        "台账导入",
    )
    assert broken == []
    assert (state.computed, state.shown, state.announced) == ("红", "红", "绿")  # 8.33% done, 72.78% due
    assert [(turn.old_shown, turn.shown, turn.cause) for turn in turns] == [("绿", "红", "import")]
    assert turns[0].figures["gap"] == "29/45"
    history = await city.history("ZX0901")
    assert history[0] == (
        "created",
        None,
        "青禾县新桥；责任单位 市住建局；总投资 9000 万元；年度计划 1200 万元",
    )
    assert ("ytd_fen", None, str(100 * WAN)) in history


async def test_the_first_light_is_the_one_that_the_rules_give(city: City) -> None:
    """The bulk rows agree with what models.operations.lights makes of the stored project."""
    await city.load(
        line("ZX0901", "一桥", **{"今年累计完成投资(万元)": "800"}),
        line("ZX0905", "五桥", **{"今年累计完成投资(万元)": "100.01", "计划竣工": "2026-08"}),
        line("ZX0902", "二桥", 项目性质="新建", 计划开工="2026-06"),
        line("ZX0903", "三桥", 计划竣工="2026-07"),
        line("ZX0904", "四桥", **{"年度计划投资(万元)": ""}),
    )

    def rows_of(session: Session) -> list[tuple[object, ...]]:
        """Lights and turns without their ids, by project."""
        found: list[tuple[object, ...]] = []
        for table, skipped in ((LightState, ()), (LightChange, ("id",))):
            columns = [column for column in table.__table__.c if column.name not in skipped]
            wanted = (
                select(*columns).join(Project, Project.id == columns[0]).where(Project.code.like("ZX09%"))
            )
            found += [tuple(row) for row in session.execute(wanted.order_by(Project.id))]
        return found

    def again_alone(session: Session) -> list[tuple[object, ...]]:
        projects = session.execute(select(Project).where(Project.code.like("ZX09%"))).scalars().all()
        ids = [project.id for project in projects]
        session.execute(delete(LightState).where(LightState.project_id.in_(ids)))
        session.execute(delete(LightChange).where(LightChange.project_id.in_(ids)))
        for project in projects:
            lights.ensure_state(session, project, NOW.date(), Policy())
        return rows_of(session)

    together = await city.read(rows_of)
    assert len(together) > 5
    assert together == await city.database.write(again_alone)


async def test_quotes_and_brackets_are_stored_as_they_were_written(city: City) -> None:
    header = [*HEADER, "别名", '备"注']
    await city.load(
        [*line(name='“三个一批”\\新"桥', **{"今年累计完成投资(万元)": "1"}), '甲"桥、乙\\桥', "{空}"],
        header=header,
    )
    project = await city.project("ZX0901")
    assert project.name == '“三个一批”\\新"桥'
    assert project.aliases == ['甲"桥', "乙\\桥"]
    assert project.facts == {'备"注': "{空}"}
    assert await city.read(lambda session: list(audit.broken_chains(session))) == []


async def test_what_was_undone_can_be_applied_again(city: City) -> None:
    """A slice that the database did not take runs once more, also where it had made a unit."""
    preview = await city.preview(line(责任单位="青禾县水利服务中心"))

    def fail(session: Session) -> None:
        imports.apply(
            Desk(session, directories.load(session), Policies(), NOW, actor=Actor(None, "管理员")),
            preview.to_write,
        )
        raise Invalid("没有存上", mend="再来一次")

    with pytest.raises(Invalid):
        await city.database.write(fail)
    await city.load(line("ZX0902", "别的桥", 责任单位="青禾县农业服务中心"))
    assert await city.apply(preview) == imports.Applied(1, 0)
    project = await city.project("ZX0901")
    units = (await city.read(directories.load)).units
    assert units[project.unit_id].name == "青禾县水利服务中心"


async def test_a_slice_holds_fewer_changes_than_new_projects(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_NEW", 20)
    monkeypatch.setattr(imports, "COST_OF_CHANGE", 10)
    rows = [line(f"ZX09{number}", f"{number}号桥") for number in range(10, 55)]
    new = await city.preview(*rows)
    assert [len(some) for some in imports.slices(new.to_write)] == [20, 20, 5]
    await city.apply(new)
    changed = await city.preview(
        *[line(f"ZX09{number}", f"{number}号桥", 计划竣工="2027") for number in range(10, 15)]
    )
    assert [len(some) for some in imports.slices(changed.to_write)] == [2, 2, 1]


async def test_units_nobody_knows_become_placeholders_in_their_county(city: City) -> None:
    preview = await city.preview(line(责任单位="青禾县水利服务中心"))
    assert preview.new_units == ["青禾县水利服务中心"]
    await city.apply(preview)

    def look(session: Session) -> tuple[Unit, str]:
        unit = session.execute(select(Unit).where(Unit.name == "青禾县水利服务中心")).scalar_one()
        return unit, directories.load(session).regions[unit.region_id or 0].name

    unit, region = await city.read(look)
    assert unit.placeholder
    assert not unit.member
    assert region == "青禾县"


@pytest.mark.parametrize(
    ("written", "unit"),
    [("青禾县人民政府", "青禾县"), ("高新区管委会", "高新区管委会"), ("供电公司", "云川供电公司")],
)
async def test_units_are_found_by_their_usual_names(city: City, written: str, unit: str) -> None:
    region = "高新区" if written.startswith("高新") else "青禾县"
    await city.load(line(责任单位=written, 县区=region))
    project = await city.project("ZX0901")
    assert (await city.read(directories.load)).units[project.unit_id].name == unit


async def test_namesakes_as_responsible_person_are_refused_and_labels_taken(city: City) -> None:
    assert "「王磊」有 2 人" in texts(await city.preview(line(责任人="王磊")))[0]
    directory = await city.read(directories.load)
    label = next(one.label for one in directory.people.values() if one.name == "王磊")
    await city.load(line(责任人=label))
    project = await city.project("ZX0901")
    assert directory.people[project.responsible_person_id or 0].label == label


async def test_changes_of_a_known_project_keep_their_history(city: City) -> None:
    await city.load(line())
    was = await city.project("ZX0901")
    preview = await city.preview(line(name="青禾县新大桥", **{"总投资(万元)": "9500", "计划竣工": "2026-12"}))
    assert [imports.words_of(one) for one in preview.accepted[0].changes] == [
        "名称 青禾县新桥 → 青禾县新大桥",
        "总投资 9000 → 9500",
        "计划竣工 空 → 2026-12",
    ]
    assert await city.apply(preview) == imports.Applied(0, 1)
    project = await city.project("ZX0901")
    assert (project.name, project.total_fen) == ("青禾县新大桥", 9500 * WAN)
    assert project.version == was.version + 1
    assert ("total_fen", str(9000 * WAN), str(9500 * WAN)) in await city.history("ZX0901")
    assert await city.read(lambda session: list(audit.broken_chains(session))) == []


async def test_empty_cells_leave_the_ledger_as_it_is(city: City) -> None:
    await city.load(line(计划竣工="2026-12"))
    assert (await city.preview(line())).to_write == []


async def test_reported_figures_are_never_overwritten(city: City) -> None:
    was = await city.project("ZX0031")
    header = ["项目编号", "名称", "县区", "责任单位", "今年累计完成投资(万元)", "阶段"]
    row = ["ZX0031", was.name, "青禾县", "青禾县", "9999", "竣工"]
    preview = await city.preview(row, header=header)
    assert preview.kept == [
        "第2行 ZX0031 今年累计：表中 9999，台账 4700，请上报或 /更正",
        "第2行 ZX0031 阶段：表中 竣工，台账 在建",
    ]
    await city.apply(preview)
    project = await city.project("ZX0031")
    assert (project.ytd_fen, project.stage) == (4700 * WAN, "在建")


async def test_a_first_figure_fills_a_project_that_had_none(city: City) -> None:
    await city.load(line())
    await city.load(line(**{"今年累计完成投资(万元)": "300"}))
    project = await city.project("ZX0901")
    assert (project.ytd_fen, project.ytd_as_of) == (300 * WAN, NOW.date())
    entries = await city.read(
        lambda session: session.execute(select(Entry).where(Entry.project_id == project.id)).scalars().all()
    )
    assert [(entry.kind, entry.ytd_fen) for entry in entries] == [("import", 300 * WAN)]


async def test_a_new_annual_plan_spreads_evenly_and_moves_the_light(city: City) -> None:
    await city.load(line(**{"今年累计完成投资(万元)": "900"}))
    await city.load(line(**{"年度计划投资(万元)": "8000"}))
    project = await city.project("ZX0901")

    def look(session: Session) -> tuple[ProjectPlan, str]:
        plan = session.get_one(ProjectPlan, (project.id, 2026, "investment"))
        return plan, session.get_one(LightState, project.id).computed

    plan, light = await city.read(look)
    assert plan.plan_fen == 8000 * WAN
    assert plan.curve == [8000 * WAN * month // 12 for month in range(1, 13)]
    assert light == "红"


async def test_a_new_total_does_not_flatten_a_plan_by_month(city: City) -> None:
    months = ["0", "0", "100", "200", "300", "400", "500", "600", "700", "900", "1000", "1200"]
    await city.load([*line(), *months], header=[*HEADER, *MONTHS])
    (text,) = texts(await city.preview(line(**{"年度计划投资(万元)": "1500"})))
    assert text == "第2行 G列 年度计划投资 1200 → 1500：台账中已有分月计划，请同时给出12个月的月度计划"
    assert (await city.preview(line())).to_write == []


async def test_what_was_reported_between_preview_and_apply_stays(city: City) -> None:
    await city.load(line())
    preview = await city.preview(line(**{"今年累计完成投资(万元)": "300", "总投资(万元)": "9500"}))

    def report(session: Session) -> None:
        session.execute(
            update(Project).where(Project.code == "ZX0901").values(ytd_fen=500 * WAN, ytd_as_of=NOW.date())
        )

    await city.database.write(report)
    await city.apply(preview)
    project = await city.project("ZX0901")
    assert (project.ytd_fen, project.total_fen) == (500 * WAN, 9500 * WAN)


async def test_an_interrupted_import_is_finished_by_importing_again(city: City) -> None:
    rows = [line(f"ZX09{number}", f"{number}号桥") for number in range(10, 30)]
    preview = await city.preview(*rows)
    preview.accepted = preview.accepted[:7]
    await city.apply(preview)
    assert await city.load(*rows) == imports.Applied(13, 0)


async def test_without_a_roster_there_is_nothing_to_import_into(empty: City) -> None:
    with pytest.raises(Invalid, match="还没有名册"):
        await empty.preview(line())


async def test_one_place_for_all_rows(two_places: City) -> None:
    with pytest.raises(Invalid, match="没有组织「郑州市」"):
        await two_places.preview(line(), organisation="郑州市")
    header = ["项目编号", "名称", "责任单位"]
    row = ["M1", "岳村水厂", "新密市水利局"]
    assert "不能判断属于哪个组织" in texts(await two_places.preview(row, header=header))[0]
    preview = await two_places.preview(row, header=header, organisation="新密市")
    assert texts(preview) == []
    await two_places.apply(preview)
    project = await two_places.project("M1")
    directory = await two_places.read(directories.load)
    assert directory.organisations[project.organisation_id].name == "新密市"


async def test_a_new_directory_is_read_after_an_import(city: City) -> None:
    before = await city.read(directories.version)
    await city.load(line())
    assert await city.read(directories.version) != before
    assert "ZX0901" in (await city.read(directories.load)).project_by_code
