"""Both shipped rosters in one installation: 新乡市 with 新密市 as its county, each with people of its own (rule Q3).

The rosters are the published documents, which name no people; people, projects and groups here are invented.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import migrate
from bot.spreadsheets import read_table
from bot.tasks import Tasks
from models.db import Database
from models.operations import imports, policies, rosters
from models.operations.baseline import load_calendar
from models.operations.desk import Desk
from models.operations.roster_files import parse_roster
from models.queries import directory as directories
from models.queries import policies as policy_queries
from models.tables.people import Organisation
from tests import prepared
from tests.postgres import Server

from .city import City, Json, _settings, moment

AT: Final = "2026-09-21 18:00"
SOURCES: Final = Path(__file__).parents[2] / "models" / "data" / "rosters"

CITY_PEOPLE: Final = """
people:
  - name: 梁栋
    unit: 市发改委
    roles: [综合专班负责人, 市攻坚办负责人, {role: 带班领导, unit: 市发改委}]
    accounts: {webchat: 梁栋}
  - name: 沈月
    unit: 市发改委
    roles: [台账管理员, {role: 联络员, task_force: 综合专班}, {role: 联络员, unit: 市发改委}]
    accounts: {webchat: 沈月}
  - {name: 方正, unit: 市发改委, roles: [督办专员], accounts: {webchat: 方正}}
  - {name: 杜康, unit: 市住建局, roles: [带班领导], accounts: {webchat: 杜康}}
  - {name: 江帆, unit: 市住建局, roles: [联络员], accounts: {webchat: 江帆}}
  - {name: 林溪, unit: 市林业局, roles: [联络员], accounts: {webchat: 林溪}}
  - {name: 万里, unit: 市发改委, roles: [分管副市长, 市领导], accounts: {webchat: 万里}}
groups:
  - {name: 综合专班, for: {task_force: 综合专班}, accounts: {webchat: 综合专班}}
  - {name: 市政设施专班, for: {task_force: 市政设施专班}, accounts: {webchat: 市政设施专班}}
"""
COUNTY_PEOPLE: Final = """
people:
  - name: 钟岳
    unit: 市发展改革委
    roles: [综合专班负责人, {role: 带班领导, unit: 市发展改革委}]
    accounts: {webchat: 钟岳}
  - name: 柳青
    unit: 市发展改革委
    roles: [台账管理员, {role: 联络员, task_force: 综合专班}, {role: 联络员, unit: 市发展改革委}]
    accounts: {webchat: 柳青}
  - {name: 秦朗, unit: 市发展改革委, roles: [督办专员], accounts: {webchat: 秦朗}}
  - {name: 石坚, unit: 市住建局, roles: [带班领导], accounts: {webchat: 石坚}}
  - {name: 文竹, unit: 市住建局, roles: [联络员], accounts: {webchat: 文竹}}
groups:
  - {name: 综合专班, for: {task_force: 综合专班}, accounts: {webchat: 新密综合专班}}
  - {name: 联审联批专班, for: {task_force: 联审联批专班}, accounts: {webchat: 新密联审联批专班}}
"""
IN_CITY: Final = ("梁栋", "沈月", "方正", "杜康", "江帆", "林溪", "万里", "综合专班", "市政设施专班")
IN_COUNTY: Final = ("钟岳", "柳青", "秦朗", "石坚", "文竹", "新密综合专班", "新密联审联批专班")

HEADER: Final = (
    "项目编号,名称,类别,行业,项目性质,县区,总投资,年度计划投资,今年累计完成投资,数据日期,责任单位,责任专班\n"
)
# Both have a P001, both are 7.78 points behind an even plan on 09-22: (8 + 22/30) / 12 − 65%.
CITY_PROJECTS: Final = HEADER + (
    "P001,新乡市滨湖路改造工程,地方政府专项债券,市政基础设施,续建,红旗区,60000,12000,7800,2026-09-20,"
    "市住建局,市政设施专班\n"
)
COUNTY_PROJECTS: Final = HEADER + (
    "P001,新密市溱水河治理工程,地方政府专项债券,市政,续建,城关镇,30000,12000,7800,2026-09-20,"
    "市住建局,联审联批专班\n"
)


def fill(session: Session) -> None:
    """Both organisations with their people, groups and one project each."""
    now = moment(AT)
    load_calendar(session)
    city = (SOURCES / "xinxiang.yaml").read_text(encoding="utf-8")
    county = (SOURCES / "xinmi.yaml").read_text(encoding="utf-8")
    rosters.apply(session, parse_roster(city + CITY_PEOPLE), now=now)
    below = county.replace("parent: 郑州市", "parent: 新乡市")
    rosters.apply(session, parse_roster(below + COUNTY_PEOPLE), now=now)
    for place, text in (("新乡市", CITY_PROJECTS), ("新密市", COUNTY_PROJECTS)):
        desk = desk_at(session, now)
        found = imports.preview(
            session, desk.directory, read_table(text.encode()), today=desk.today, organisation=place
        )
        assert not found.rejections, [one.text for one in found.rejections]
        imports.apply(desk, found.to_write)


def desk_at(session: Session, now: datetime) -> Desk:
    return Desk(session, directories.load(session), policy_queries.current(session), now)


async def set_policy(city: City, place: str, data: Json, at: str, *, whole: bool = False) -> None:
    """What `policy set --organisation` does, with whole also `--whole`."""

    def store(session: Session) -> None:
        number = session.execute(select(Organisation.id).where(Organisation.name == place)).scalar_one()
        policies.store(desk_at(session, moment(at)), number, data, whole=whole)

    await city.product.database.write(store)


async def _url(folder: Path, server: Server | None) -> str:
    if server is None:
        kept = prepared.kept("two houses", _make)
        return prepared.copy(kept, folder / "city.db")
    url = server.new_database()
    await migrate.upgrade(url)
    tasks = Tasks()
    database = await Database.open(url, lambda work: tasks.start(work, name="writer"))
    try:
        await database.write(fill)
    finally:
        await database.close()
        await tasks.stop()
    return url


def _make(file: Path) -> None:
    prepared.copy(prepared.empty(), file)
    prepared.with_session(file, fill)


@asynccontextmanager
async def two_houses(
    folder: Path, server: Server | None, *, documents: Path | None = None
) -> AsyncIterator[City]:
    """The product on both, at AT. documents: BOT_DOCUMENTS_DIR."""
    settings = _settings(await _url(folder, server), folder, AT)
    city = City(folder, settings.model_copy(update={"documents_dir": documents}))
    await city._start()
    city.mark()
    try:
        yield city
    finally:
        await city.stop()
