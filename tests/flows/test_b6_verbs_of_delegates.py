"""A verb typed without a number reaches the cards that the principal had before the delegation (rules B6, E10, E11)."""

from __future__ import annotations

from .city import lacks, says
from .conftest import OpenCity


async def test_b6_a_delegate_types_what_the_principals_card_offers(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 09:00")
    await city.say("钱文海", "/代理 谭勇 9月28日至9月29日")
    city.mark()
    await city.say("谭勇", "已阅")
    says(city.only("谭勇"), "已记录")
    [case] = await city.rows("select acknowledged_at, acknowledged_by_id from light_cases where light = '红'")
    [leader] = await city.rows("select id from people where name = '钱文海'")
    assert case["acknowledged_at"] is not None
    assert case["acknowledged_by_id"] == leader["id"]
    city.mark()
    await city.say("谭勇", "稍后 1天 等方案")
    says(city.only("谭勇"), "09-30 起恢复提醒")


async def test_b6_it_ends_with_the_delegation(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 09:00")
    await city.say("钱文海", "/代理 谭勇 9月28日至9月28日")
    city.mark()
    await city.say("谭勇", "已阅", at="2026-09-29 08:40")
    says(city.last("谭勇"), "现在没有等您「已阅」的事项")
    lacks(city.last("谭勇"), "ZD0108")


async def test_b6_a_sector_liaisons_delegate_rules_on_feedback(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 09:00")
    await city.say("张伟", "/反馈 ZX0031 厂家晚到，10月18日累计6500")
    await city.say("彭倩", "/代理 冯国强 9月28日至9月28日")
    city.mark()
    await city.say("冯国强", "采纳")
    says(city.only("张伟"), "冯国强(代 彭倩)已采纳 ZX0031")
