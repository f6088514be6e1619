"""A 提级建议 whose red light is over, and comes back: who had the card hears of it (rules E12, E13)."""

from __future__ import annotations

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .told import one_about


async def _proposed(city: City) -> None:
    """10-15 08:30: ZD0108 red for ten workdays; W0186's proposal of 10-12 is undecided, too."""
    await city.clock("2026-10-15 09:00")
    says(one_about(city, "陈立新", "连续红灯 10 个工作日"), "ZD0108", "提级建议")


async def test_e12_the_head_hears_that_it_lapsed_and_decides_nothing_else(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 07:00", _proposed)
    await city.say("李娜", "循环园累计完成13000万")
    city.mark()
    await city.say("李娜", "确认")
    says(one_about(city, "陈立新", "提级建议已撤回"), "ZD0108", "红灯已转黄", "不用再决定")
    city.mark()
    await city.say("陈立新", "同意提级")
    says(city.only("陈立新"), "ZD0108 的已撤回", "同意提级 W0186")
    silent(city, "郑海峰")
    assert (await city.item("W0186"))["level"] == 1
    await city.say("陈立新", "同意提级 W0186")
    says(city.last("郑海峰"), "W0186")


async def test_e13_undone_it_waits_again_and_says_so(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 07:00", _proposed)
    await city.say("李娜", "循环园累计完成13000万")
    await city.say("李娜", "确认")
    await city.clock("2026-10-15 09:08")
    city.mark()
    await city.say("李娜", "/撤销")
    back = one_about(city, "陈立新", "提级建议已恢复")
    says(back, "ZD0108")
    offers(back, "同意提级", "不提级")
    await city.press_on(back, "陈立新", "同意提级")
    says(city.last("陈立新"), "ZD0108", "建议时限（提级还缺")


async def test_e13_undone_before_it_was_said_nobody_hears_of_it(open_city: OpenCity) -> None:
    """At night both messages would wait for the morning."""
    city = await open_city("2026-10-08 07:00", _proposed)
    await city.clock("2026-10-15 20:00")
    await city.say("李娜", "循环园累计完成13000万")
    await city.say("李娜", "确认")
    await city.say("李娜", "/撤销")
    city.mark()
    await city.clock("2026-10-16 08:35")
    for one in city.heard("陈立新"):
        lacks(one, "提级建议已撤回", "提级建议已恢复")
