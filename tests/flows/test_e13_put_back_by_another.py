"""Whose entry turned a light green hears it when somebody else turns it back (rules E8, E13)."""

from __future__ import annotations

from .city import City, says, silent
from .conftest import OpenCity
from .told import one_about


async def _turned_green(city: City) -> None:
    await city.say("张伟", "污水处理厂累计5500")
    await city.say("张伟", "确认")


async def test_the_author_is_told_that_the_green_is_over(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:03", _turned_green)
    await city.clock("2026-09-22 11:00")
    await city.say("孙晓雯", "/更正 ZX0031 4700 原因 监理核减")
    city.mark()
    await city.say("孙晓雯", "确认")
    for who in ("张伟", "赵永年", "青禾县", "市政设施专班"):
        says(one_about(city, who, "更正：ZX0031"), "绿灯已撤销（孙晓雯）", "现为黄灯", "09-28 18:00")


async def test_who_takes_back_the_own_entry_is_not(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:03", _turned_green)
    city.mark()
    await city.say("张伟", "/撤销")
    says(city.only("张伟"), "已撤销 ZX0031 5500")
    says(one_about(city, "赵永年", "更正：ZX0031"), "绿灯已撤销（张伟）")


async def test_before_the_green_was_told_to_anybody_nobody_hears_of_it(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 18:40", _turned_green)
    await city.say("孙晓雯", "/更正 ZX0031 4700 原因 监理核减")
    await city.say("孙晓雯", "确认")
    city.mark()
    await city.clock("2026-09-23 08:31")
    silent(city, "赵永年")
