"""A draft about a restricted item is for its author alone: for no delegate, and not passed on (rules B6, B8, P3)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says, silent
from .conftest import OpenCity
from .told import open_drafts, unbind

SECRET = "专项债资金被挪用"


async def _told(city: City) -> None:
    """周敏 is away, 张伟 stands in; her draft of a restricted problem waits."""
    await city.say("周敏", "/代理 张伟 9月22日 至 9月30日")
    await city.say("周敏", f"/问题 受限 ZX0031 {SECRET}，待审计核")
    city.mark()


@pytest.mark.parametrize(
    "said",
    [
        "/草稿",
        "/我的",
        "确认",
        "确认 1",
        "确认 周敏 1",
        "取消",
        "取消 周敏 1",
        "全部确认",
        "修改 1",
        "修改 类型 贷款",
    ],
)
async def test_b8_who_stands_in_sees_and_does_nothing(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:05")
    await _told(city)
    await city.say("张伟", said)
    lacks(city.only("张伟"), SECRET, "草稿1", "周敏", "受限")
    silent(city, "陈立新")
    assert len(await open_drafts(city)) == 1
    assert await city.rows("SELECT id FROM items WHERE restricted") == []
    await city.say("周敏", "确认")
    says(city.last("周敏"), "已登记为受限事项")
    city.mark()
    await city.say("张伟", "确认 周敏 1")
    lacks(city.only("张伟"), "不会重复办理")


async def test_b6_other_drafts_are_the_delegates_to_confirm(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:05")
    await city.say("李娜", "/代理 张伟 9月22日 至 9月30日")
    await city.say("李娜", "/问题 ZD0108 园区供电不足，请供电公司协调")
    await city.say("张伟", "/草稿")
    says(city.last("张伟"), "ZD0108", "代 李娜")
    await city.say("张伟", "确认 李娜 1")
    says(city.last("张伟"), "W0191")


async def test_c11_the_reminder_is_the_authors(open_city: OpenCity) -> None:
    """Both of a problem that is to be restricted, and of a 交办 of one that is."""
    city = await open_city("2026-09-22 10:05")
    await _told(city)
    await city.say("周敏", f"/问题 受限 ZX0032 {SECRET}")
    await city.say("周敏", "确认 2")
    await city.say("陈立新", "/代理 马德胜 9月22日 至 9月30日")
    await city.say("陈立新", "/交办 W0191 责任人 周敏；目标任务 查清；推进措施 核查；办结时限 10月20日")
    await city.say("马德胜", "/草稿")
    lacks(city.last("马德胜"), "W0191")
    city.mark()
    await city.clock("2026-09-23 17:00")
    says(city.last("周敏"), SECRET, "今日 18:00 到期")
    says(city.last("陈立新"), "W0191 交办", "今日 18:00 到期")
    for message in [*city.heard("张伟"), *city.heard("马德胜")]:
        lacks(message, SECRET, "W0191", "到期。请确认或取消")


async def test_p3_nor_is_it_passed_on(open_city: OpenCity) -> None:
    """周敏 has no account any more: what reminds of her draft is not given to the unit's others."""
    city = await open_city("2026-09-22 10:05")
    await city.say("许建平", f"/问题 受限 ZX0031 {SECRET}，待审计核")
    await unbind(city, "许建平")
    city.mark()
    await city.clock("2026-09-23 17:00")
    for message in city.heard_by_anyone():
        lacks(message, SECRET)
    rows = await city.rows("SELECT state FROM outbox WHERE notice = 'DraftExpiring'")
    assert [row["state"] for row in rows] == ["dead"]


async def test_b8_what_waits_for_the_principals_decision(open_city: OpenCity) -> None:
    """A 提级建议 on a restricted item, and then the 批示 on it, are on nobody's list who only stands in."""
    city = await open_city("2026-09-22 10:05")
    await city.say("陈立新", "/代理 孙晓雯 9月22日 至 9月30日")
    await city.say("郑海峰", "/代理 黄明 9月22日 至 9月30日")
    await city.say("周敏", f"/问题 受限 ZX0032 {SECRET}")
    await city.say("周敏", "确认")
    await city.say(
        "陈立新",
        "/交办 W0191 责任人 周敏；目标任务 查清；推进措施 核查；办结时限 10月10日；督办专员 马德胜",
    )
    await city.say("陈立新", "确认")
    await city.say("周敏", "签收 W0191")
    await city.say(
        "周敏",
        "/提级 W0191 问题症结 资金不到位；责任部门 市财政局；化解路径 市领导协调；建议办结时限 10月30日",
    )
    await city.say("陈立新", "/我的")
    says(city.last("陈立新"), "W0191 提级建议待决定")
    await city.say("孙晓雯", "/我的")
    lacks(city.last("孙晓雯"), "W0191", SECRET)
    await city.press("陈立新", "同意提级", contains="W0191")
    await city.say("郑海峰", "/我的")
    says(city.last("郑海峰"), "W0191 待批示")
    await city.say("黄明", "/我的")
    lacks(city.last("黄明"), "W0191", SECRET)
