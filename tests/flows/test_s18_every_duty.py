"""/我的 holds every duty with a date: 已阅, 小结, and the decisions on red lights (rules D5, E10, E12, I1; S18)."""

from __future__ import annotations

from .city import lacks, norm, offers, says, silent
from .conftest import OpenCity


async def test_e10_a_red_light_that_was_not_read(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 08:35")
    await city.say("钱文海", "/我的")
    mine = city.only("钱文海")
    says(mine, "3个工作日内到期", "ZD0108 红灯待已阅", "09-29 18:00")
    offers(mine, "已阅", "稍后")
    await city.clock("2026-09-30 09:00")
    city.mark()
    await city.say("钱文海", "/我的")
    says(city.only("钱文海"), "逾期", "ZD0108 红灯待已阅")
    await city.press("钱文海", "已阅", contains="逾期")
    city.mark()
    await city.say("钱文海", "/我的")
    says(city.only("钱文海"), "没有待办")
    city.mark()
    await city.say("李娜", "/我的")
    lacks(city.only("李娜"), "已阅")


async def test_e10_it_is_the_delegates_too(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 08:35")
    await city.say("钱文海", "/代理 谭勇 9月28日至9月28日")
    city.mark()
    await city.say("谭勇", "/我的")
    says(city.only("谭勇"), "ZD0108 红灯待已阅", "代 钱文海")


async def test_e12_a_proposal_for_a_red_light_waits_for_its_decision(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 08:40")
    await city.clock("2026-10-15 09:00")
    city.mark()
    await city.say("陈立新", "/我的")
    mine = city.only("陈立新")
    says(mine, "ZD0108 提级建议待决定（2级）")
    # W0186, of which another 提级建议 waits, is of the same project: its code means the light.
    await city.say("陈立新", "修改症结 ZD0108 症结 资金未到位；化解路径 追加专项债；建议时限 10月30日")
    await city.say("陈立新", "同意提级 ZD0108")
    says(city.last("陈立新"), "已同意 ZD0108 提级")
    city.mark()
    await city.say("陈立新", "/我的")
    assert norm("ZD0108 提级建议") not in norm(city.only("陈立新").text)
    city.mark()
    await city.say("孙晓雯", "/我的")
    lacks(city.only("孙晓雯"), "提级建议")


async def test_i1_a_summary_that_is_owed(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 09:00")
    await city.say("周敏", "/我的")
    mine = city.only("周敏")
    says(mine, "本周小结 专项债券", "09-24 12:00")
    await city.press("周敏", "提交小结", contains="本周小结 专项债券")
    city.mark()
    await city.say("周敏", "/我的")
    lacks(city.only("周敏"), "小结")
    city.mark()
    await city.say("程凯", "/我的")
    lacks(city.only("程凯"), "小结")
    silent(city, "孙晓雯")
