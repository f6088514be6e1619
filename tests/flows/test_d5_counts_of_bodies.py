"""How many problems a body still has, asked by name; tasks of a 批示 are none (rules B3, B4, B8, D5, G4)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says
from .conftest import OpenCity


async def _instructed(city: City) -> None:
    await city.say("陈立新", "/提级 W0190 2级")
    await city.say("郑海峰", "W0190批示：请财政局、交通局10月15日前拿出资金方案")


async def test_d5_tasks_are_counted_apart(open_city: OpenCity) -> None:
    """One number everywhere: the project's page, its list, the list of all."""
    city = await open_city("2026-09-23 09:00", _instructed)
    for asked in ("/查 ZD0115", "/问题 ZD0115"):
        await city.say("陈立新", asked)
        says(city.last("陈立新"), "在办问题 1")
    await city.say("陈立新", "/查 问题")
    says(city.last("陈立新"), "在办问题 2，另有批示任务 2", "1 W0186", "2 W0190", "3 W0191", "4 W0192")


@pytest.mark.parametrize(
    ("asked", "heading"),
    [
        ("市林业局还有几个问题没办完", "市林业局：在办问题 1"),
        ("/查 林业局", "市林业局：在办问题 1"),
        ("要素保障专班有哪些问题没办结", "要素保障专班：在办问题 1"),
        ("白石县有几个在办问题", "白石县：在办问题 1"),
    ],
)
async def test_d5_one_less_when_one_is_closed(open_city: OpenCity, asked: str, heading: str) -> None:
    city = await open_city("2026-09-23 09:00", _instructed)
    await city.say("陈立新", asked)
    says(city.last("陈立新"), heading, "W0186")
    await city.say("苏静", "办结W0186 已批 文号 云林审〔2026〕88号")
    await city.say("马德胜", "通过 W0186")
    await city.say("孙晓雯", "销号 W0186")
    await city.say("陈立新", asked)
    says(city.last("陈立新"), heading.replace("1", "0"))
    lacks(city.last("陈立新"), "W0186")


async def test_b4_no_count_of_what_is_not_seen(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:00", _instructed)
    for who in ("张伟", "曹颖", "刘洋"):
        for asked in ("/查 市林业局", "/查 市火星局"):
            await city.say(who, asked)
            says(city.last(who), "未找到，或您无权查看")
        await city.say(who, "白石县有几个在办问题")
        lacks(city.last(who), "在办问题")
    await city.say("李娜", "/查 市林业局")
    says(city.last("李娜"), "市林业局（您可查看的）：在办问题 1")


async def test_b8_a_restricted_one_is_in_no_count_of_others(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:00")
    await city.say("周敏", "/问题 受限 ZX0032 专项债资金疑似超范围支出，待审计核")
    await city.say("周敏", "确认")
    for who in ("张伟", "彭倩", "孙晓雯"):
        await city.say(who, "青禾县有几个在办问题")
        lacks(city.last(who), "W0191", "超范围", "在办问题 1")


async def test_b5_in_a_group_the_rest_goes_to_the_asker(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:00", _instructed)
    for asked in ("/查 问题", "交通专班还有几个问题"):
        city.mark()
        await city.say("孙晓雯", asked, group="白石县")
        says(city.only("白石县"), "本群范围内", "其余内容已私聊发您")
        lacks(city.only("白石县"), "W0190", "W0191")
        says(city.only("孙晓雯"), "W0190")
    city.mark()
    await city.say("李娜", "市林业局还有几个问题", group="白石县")
    says(city.only("白石县"), "市林业局（您可查看的）：在办问题 1", "W0186")
    lacks(city.only("白石县"), "私聊")


async def test_b8_a_group_is_given_no_hint_of_a_restricted_one(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:00")
    await city.say("周敏", "/问题 受限 ZX0032 专项债资金疑似超范围支出，待审计核")
    await city.say("周敏", "确认")
    city.mark()
    await city.say("周敏", "/查 问题", group="财政金融专班")
    says(city.only("财政金融专班"), "在办问题 0")
    lacks(city.only("财政金融专班"), "私聊", "W0191")
    assert city.heard("周敏") == []
