"""What a group's scope cuts from the ledgers and the five indicators is offered in private (rules B5, D1; S73, S75)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says, silent
from .conftest import OpenCity

CUT = "其余内容已私聊发您"


async def _asked(city: City, who: str, text: str, group: str) -> None:
    city.mark()
    await city.say(who, text, group=group)


@pytest.mark.parametrize("asked", ["/查 台账", "哪个县进度最慢"])
async def test_b5_the_other_ledgers_come_in_private(open_city: OpenCity, asked: str) -> None:
    city = await open_city("2026-09-22 10:05")
    await _asked(city, "孙晓雯", asked, "青禾县")
    says(city.only("青禾县"), "本群范围内的总账(09-22)4 项", CUT)
    lacks(city.only("青禾县"), "白石县", "省市重点")
    says(city.only("孙晓雯"), "总账(09-22)9 项", "白石县 1 项", "省市重点 3 项")
    lacks(city.only("孙晓雯"), CUT)


async def test_b5_nothing_is_cut_where_the_group_is_as_wide(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:05")
    await _asked(city, "孙晓雯", "/查 台账", "综合专班")
    says(city.only("综合专班"), "总账(09-22)9 项")
    lacks(city.only("综合专班"), "本群范围内", CUT)
    await _asked(city, "张伟", "/查 五尽", "青禾县")
    says(city.only("青禾县"), "能快尽快 绿灯 3/4")
    lacks(city.only("青禾县"), CUT)
    silent(city, "张伟")


async def test_b5_the_other_indicators_come_in_private(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:05")
    await _asked(city, "孙晓雯", "/查 五尽", "青禾县")
    says(city.only("青禾县"), "五个「尽」(09-22,按本群范围)", "应保尽保 要素 0/0", "能快尽快 绿灯 3/4", CUT)
    says(city.only("孙晓雯"), "按您可查看的范围", "应保尽保 要素 0/1", "能快尽快 绿灯 7/9")
    lacks(city.only("孙晓雯"), CUT)


async def test_b5_the_lists_behind_the_indicators_too(open_city: OpenCity) -> None:
    """[看未完成] and a list, pressed on the group's card: the group reads its own part."""
    city = await open_city("2026-09-22 10:05")
    await _asked(city, "孙晓雯", "/查 五尽", "青禾县")
    shown = city.only("青禾县")
    for button in ("看未完成", "能快尽快 清单"):
        city.mark()
        await city.press_on(shown, "孙晓雯", button)
        says(city.only("青禾县"), "ZX0031", CUT)
        lacks(city.only("青禾县"), "ZD0108", "W0186")
        says(city.only("孙晓雯"), "ZX0031", "ZD0108")
    city.mark()
    await city.press_on(shown, "张伟", "看未完成")
    says(city.only("青禾县"), "ZX0031")
    lacks(city.only("青禾县"), CUT)
    silent(city, "张伟")
