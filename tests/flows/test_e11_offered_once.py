"""稍后 is offered only as long as it can be used (rule E11)."""

from __future__ import annotations

from .city import City, offers, says
from .conftest import OpenCity
from .told import one_about


async def _put_off(city: City) -> None:
    await city.say("钱文海", "稍后 ZD0108 2个工作日 原因 在省里开会")
    says(city.last("钱文海"), "10-08 起恢复提醒")


async def test_the_reminder_after_it_offers_no_second_one(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 08:35", _put_off)
    await city.say("钱文海", "/我的")
    assert {one for one in city.last("钱文海").actions if "稍后" in one} == set()
    await city.clock("2026-10-08 08:31")
    reminder = one_about(city, "钱文海", "红灯应于 09-29 18:00 前已阅")
    offers(reminder, "已阅")
    assert "稍后" not in reminder.actions
    await city.press_on(reminder, "钱文海", "已阅")
    says(city.last("钱文海"), "已记录")


async def test_without_it_the_reminder_does(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 08:35")
    await city.clock("2026-09-30 08:31")
    offers(one_about(city, "钱文海", "红灯应于 09-29 18:00 前已阅"), "已阅", "稍后")
