"""Whose people or projects went elsewhere meanwhile: what lay open ends with the right to it (rules B4, B7, C2, C8)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

import models
from bot.spreadsheets import read_table
from models.operations import imports, rosters
from models.operations.roster_files import parse_roster

from .city import City, says, silent
from .conftest import OpenCity
from .told import open_drafts, ytd
from .two_houses import desk_at

NOT_FOUND = "未找到，或您无权查看"
ROSTER = Path(models.__file__).parent / "data" / "baseline" / "roster.yaml"


async def _moved(city: City, name: str, old: str, new: str) -> None:
    """What `roster load` does with a file in which somebody is of another unit."""
    was = f"{{name: {name}, unit: {old},"
    text = ROSTER.read_text(encoding="utf-8")
    assert was in text
    roster = parse_roster(text.replace(was, f"{{name: {name}, unit: {new},"))
    now = city.product.clock.now()
    await city.product.database.write(lambda session: rosters.apply(session, roster, now=now))


async def test_b7_a_draft_of_the_unit_that_was_left(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:05")
    await city.say("张伟", "ZX0031累计5500万")
    card = city.last("张伟")
    await _moved(city, "张伟", "青禾县", "白石县")
    city.mark()
    for said in ("确认", "修改 改成5600"):
        await city.say("张伟", said)
        assert city.last("张伟").text == NOT_FOUND
    await city.press_on(card, "张伟", "确认")
    assert city.last("张伟").text == NOT_FOUND
    assert await ytd(city, "ZX0031") == 4700
    silent(city, "赵永年", "市政设施专班", "青禾县")
    await city.say("张伟", "取消")
    says(city.last("张伟"), "已取消")


async def test_c10_what_was_entered_for_the_unit_that_was_left(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:05")
    await city.say("张伟", "ZX0031累计5500万")
    await city.say("张伟", "确认")
    await _moved(city, "张伟", "青禾县", "白石县")
    for said in ("/撤销", "/撤销 ZX0031"):
        await city.say("张伟", said)
        assert city.last("张伟").text == NOT_FOUND
    assert await ytd(city, "ZX0031") == 5500


async def _given_to(city: City, code: str, name: str, unit: str) -> None:
    """What `projects import` does with a file that names another 责任单位."""

    def write(session: Session) -> None:
        desk = desk_at(session, city.product.clock.now())
        table = read_table(f"项目编号,名称,责任单位\n{code},{name},{unit}\n".encode())
        found = imports.preview(session, desk.directory, table, today=desk.today)
        assert not found.rejections, [one.text for one in found.rejections]
        imports.apply(desk, found.to_write)

    await city.product.database.write(write)


async def test_b10_a_project_that_went_to_another_unit(open_city: OpenCity) -> None:
    """Still seen by the county's people, no longer theirs to report: who may is told."""
    city = await open_city("2026-09-22 10:05")
    await city.say("张伟", "ZX0031累计5500万")
    await _given_to(city, "ZX0031", "青禾县城南污水处理厂扩建工程", "市住建局")
    await city.say("张伟", "确认")
    says(city.last("张伟"), "您不能上报 ZX0031", "市住建局彭倩")
    assert await ytd(city, "ZX0031") == 4700
    assert len(await open_drafts(city)) == 1


async def test_c8_of_several_lines_the_others_enter(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:05")
    await city.say("张伟", "ZX0031累计5500万\nZX0032累计2000万")
    says(city.last("张伟"), "共2项")
    await _given_to(city, "ZX0031", "青禾县城南污水处理厂扩建工程", "市住建局")
    await city.say("张伟", "确认")
    assert await ytd(city, "ZX0031") == 4700
    assert await ytd(city, "ZX0032") == 2000
    says(city.last("张伟"), "ZX0032 1950 → 2000", "① 请补项目名称")
