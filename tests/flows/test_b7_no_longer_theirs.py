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


async def _handed_out_in_the_evening(city: City) -> None:
    """W0191 is handed to 市住建局 after the push window: 彭倩 and 冯国强 are told at 08:30."""
    await city.say("张伟", "/问题 ZX0031 施工许可办不下来，请住建局协调")
    await city.say("张伟", "确认")
    await city.clock("2026-09-22 18:45")
    await city.say(
        "孙晓雯",
        "/交办 W0191 责任人 彭倩；目标任务 取得施工许可；推进措施 并联审批；办结时限 10月20日；督办专员 马德胜",
    )
    await city.say("孙晓雯", "确认")
    city.mark()


async def _loaded(city: City, *changes: tuple[str, str]) -> None:
    """`roster load` of the roster with these parts replaced."""
    text = ROSTER.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    now = city.product.clock.now()
    await city.product.database.write(lambda session: rosters.apply(session, parse_roster(text), now=now))


LEADER = "{name: 冯国强, unit: 市住建局, phone: 内线8111, roles: [带班领导], accounts: {webchat: 冯国强}}"
LIAISON = "{name: 彭倩, unit: 市住建局, phone: 内线8112, roles: [联络员], accounts: {webchat: 彭倩}}"


async def test_b7_what_waits_overnight_goes_to_who_has_the_post_now(open_city: OpenCity) -> None:
    """One has moved to a county, one has left; both are replaced. Nobody reads what is not theirs any more (B4)."""
    city = await open_city("2026-09-22 10:05")
    await _handed_out_in_the_evening(city)
    moved = LEADER.replace("市住建局", "白石县").replace("[带班领导]", "[]")
    new_leader = LEADER.replace("冯国强", "何苗")
    await _loaded(city, (LEADER, f"{moved}\n  - {new_leader}"), (LIAISON, LIAISON.replace("彭倩", "陶然")))
    await city.clock("2026-09-23 08:35")
    silent(city, "冯国强", "彭倩")
    says(city.only("何苗"), "【告知】W0191")
    says(city.only("陶然"), "【交办】W0191")
    await city.press("陶然", "签收")
    says(city.last("陶然"), "W0191 已签收")


async def test_b4_without_a_successor_nobody_else_reads_it(open_city: OpenCity) -> None:
    """A restricted item is for its named people: the unit's 联络员 does not get what its 带班领导 is not told (B8)."""
    city = await open_city("2026-09-22 18:45")
    await city.say("周敏", "/问题 受限 ZX0032 专项债资金被挪用")
    await city.say("周敏", "确认")
    await city.say(
        "陈立新",
        "/交办 W0191 责任人 周敏；目标任务 查清；推进措施 核查；办结时限 10月20日；督办专员 马德胜",
    )
    await city.say("陈立新", "确认")
    city.mark()
    who = "{name: 马德胜, unit: 市发改委, phone: 内线8003, roles: [督办专员], accounts: {webchat: 马德胜}}"
    new = who.replace("马德胜", "何苗")
    await _loaded(city, (who, new))
    await city.clock("2026-09-23 09:05")
    for message in city.heard_by_anyone():
        if message.to not in ("周敏", "许建平", "陈立新"):
            assert "W0191" not in message.text, message.to


async def test_b7_who_keeps_the_post_is_told_as_before(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:05")
    await _handed_out_in_the_evening(city)
    await _loaded(
        city, ("内线8112", "内线8119"), ("{name: 魏然, unit: 市教育局,", "{name: 魏然, unit: 市水利局,")
    )
    await city.clock("2026-09-23 08:35")
    says(city.only("彭倩"), "【交办】W0191")
    says(city.only("冯国强"), "【告知】W0191")
