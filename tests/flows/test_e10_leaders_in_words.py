"""已阅, 批示 and 稍后 as 带班领导 write them (rules B10, C16, C18, E10, E11)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says, silent
from .conftest import OpenCity

RED = "2026-09-28 09:00"


async def _read(city: City) -> list[object]:
    rows = await city.rows("SELECT acknowledged_at FROM light_cases WHERE light = '红'")
    return [row["acknowledged_at"] for row in rows]


@pytest.mark.parametrize(
    "said", ["循环园的红灯我看过了", "循环园红灯已看", "ZD0108红灯阅知", "红灯已知悉", "阅", "阅悉"]
)
async def test_e10_read_in_other_words(open_city: OpenCity, said: str) -> None:
    city = await open_city(RED)
    city.mark()
    await city.say("钱文海", said)
    says(city.only("钱文海"), "已记录", "批示")
    assert await _read(city) != [None]
    assert not await city.rows("SELECT id FROM drafts WHERE kind = 'report'")


async def test_b10_others_read_nothing(open_city: OpenCity) -> None:
    city = await open_city(RED)
    await city.say("李娜", "循环园红灯已看")
    await city.say("李娜", "循环园红灯已阅")
    says(city.last("李娜"), "不能办理 ZD0108 的「已阅」", "钱文海")
    assert await _read(city) == [None]


async def test_c16_seen_and_more_is_no_problem(open_city: OpenCity) -> None:
    city = await open_city(RED)
    city.mark()
    await city.say("钱文海", "循环园的红灯知道了，请集聚区9月30日前报方案")
    says(city.only("钱文海"), "已阅请单独回", "批示 请集聚区9月30日前报方案")
    assert await _read(city) == [None]
    assert not await city.rows("SELECT id FROM drafts")


@pytest.mark.parametrize(
    "said",
    [
        "批示循环园：请集聚区拿出赶工方案",
        "循环园 批示 请集聚区拿出赶工方案",
        "循环园批示：请集聚区拿出赶工方案",
        "对循环园的批示：请集聚区拿出赶工方案",
        "我批示：请集聚区拿出赶工方案",
        "批示一下，请集聚区拿出赶工方案",
    ],
)
async def test_e10_instructed_in_other_words(open_city: OpenCity, said: str) -> None:
    city = await open_city(RED)
    city.mark()
    await city.say("钱文海", said)
    says(city.only("钱文海"), "批示已记录（ZD0108）", "已转李娜")
    says(city.only("李娜"), "钱文海 批示（ZD0108 红灯）：请集聚区拿出赶工方案")


async def test_b10_a_refused_instruction_says_who_may(open_city: OpenCity) -> None:
    city = await open_city(RED)
    city.mark()
    await city.say("李娜", "批示 请抓紧")
    says(city.only("李娜"), "不能批示", "带班领导", "市领导")
    silent(city, "钱文海")


@pytest.mark.parametrize(
    "said",
    ["循环园稍后，到10月8日，原因在外地招商", "循环园稍后 3 原因 在外地招商", "稍后 到10月8日 在外地招商"],
)
async def test_e11_days_by_their_last_or_by_a_bare_number(open_city: OpenCity, said: str) -> None:
    """09-29, 09-30 and 10-08 are three workdays."""
    city = await open_city(RED)
    city.mark()
    await city.say("钱文海", said)
    says(city.only("钱文海"), "10-09 起恢复提醒")
    [case] = await city.rows("SELECT snooze_reason FROM light_cases WHERE light = '红'")
    assert case["snooze_reason"] == "在外地招商"


async def test_e11_a_day_too_far_is_refused(open_city: OpenCity) -> None:
    city = await open_city(RED)
    for said in ("稍后 到10月9日 原因 在外地招商", "稍后 0个工作日 原因 在外地招商"):
        city.mark()
        await city.say("钱文海", said)
        says(city.only("钱文海"), "最少 1 个、最多 3 个工作日")


async def test_b6_who_stands_in_for_the_leader_is_asked_to_read(open_city: OpenCity) -> None:
    """李娜 gets the warning herself; as the leader's delegate she gets the button too, in one message."""
    city = await open_city("2026-09-25 12:00")
    await city.say("钱文海", "/代理 李娜 9月26日 至 9月29日")
    city.mark()
    await city.clock("2026-09-28 08:35")
    warning = city.only("李娜")
    says(warning, "ZD0108", "请于 10-08 18:00 前反馈", "请于 09-29 18:00 前点「已阅」")
    await city.press("李娜", "已阅")
    says(city.last("李娜"), "已记录")
    assert await _read(city) != [None]


async def test_b6_a_leader_who_stands_in_for_the_liaison_still_reads(open_city: OpenCity) -> None:
    city = await open_city("2026-09-25 12:00")
    await city.say("李娜", "/代理 钱文海 9月26日 至 9月29日")
    city.mark()
    await city.clock("2026-09-28 08:35")
    says(city.only("钱文海"), "请于 09-29 18:00 前点「已阅」")
    lacks(city.only("李娜"), "已阅")


@pytest.mark.parametrize("who", ["李娜", "钱文海"])
@pytest.mark.parametrize("said", ["循环园林地手续问题请领导批示，谢谢", "循环园按市领导批示，已增加班组"])
async def test_c16_words_that_ask_for_or_follow_an_instruction_are_none(
    open_city: OpenCity, who: str, said: str
) -> None:
    city = await open_city(RED)
    city.mark()
    await city.say(who, said)
    lacks(city.only(who), "批示已记录", "不能批示")
    assert not await city.rows("SELECT id FROM instructions")
