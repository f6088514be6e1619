"""「上月完成」 stands at the end of last month, so that 「本月完成」 is added to it (rules C5, D3)."""

from __future__ import annotations

from .city import says
from .conftest import OpenCity


async def test_this_month_is_added_to_what_last_month_came_to(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:00")
    await city.say("李娜", "循环园上月完成1000万")
    says(city.last("李娜"), "8月末累计 8600", "8600 → 9600")
    await city.say("李娜", "确认")
    await city.say("李娜", "/查 ZD0108")
    says(city.last("李娜"), "数据日期 09-30", "最近上报 10-08")
    await city.say("李娜", "循环园本月完成500万")
    says(city.last("李娜"), "9月末累计 9600", "9600 → 10100")


async def test_so_is_this_week(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:00")
    await city.say("张伟", "管网上周完成50万")
    await city.say("张伟", "确认")
    await city.say("张伟", "管网本周完成30万")
    says(city.last("张伟"), "截至10-04累计 2000", "2000 → 2030")


async def test_this_month_stands_at_the_day_it_is_said(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:00")
    await city.say("李娜", "循环园本月完成500万")
    await city.say("李娜", "确认")
    await city.say("李娜", "/查 ZD0108")
    says(city.last("李娜"), "9100/20000", "数据日期 10-08")
