"""Lists by colour however they are asked for; the adjusted light on cards and receipts (rules B5, C18, E14, E15)."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity
from .samples import pdf


@pytest.mark.parametrize(
    "said", ["黄灯", "/黄灯", "／黄灯", "我们县还有黄灯没", "看看黄灯项目", "黄灯有吗？"]
)
async def test_e15_a_colour_alone_lists(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "黄灯 1 项", "ZX0031")
    lacks(city.only("张伟"), "ZD0108")


async def test_e15_blue_and_red(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "/蓝灯")
    says(city.only("李娜"), "3个工作日内到期", "W0186")
    city.mark()
    await city.say("李娜", "红灯有吗")
    says(city.only("李娜"), "红灯 0 项")


async def test_b5_a_colour_in_a_group_is_cut(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("孙晓雯", "黄灯", group="白石县")
    says(city.only("白石县"), "黄灯 1 项", "ZD0108", "其余内容已私聊发您")
    lacks(city.only("白石县"), "ZX0031")
    says(city.only("孙晓雯"), "黄灯 2 项")


async def test_e14_the_adjusted_light_is_shown_as_one(open_city: OpenCity) -> None:
    """绿(调) on the card, the receipt and after /撤销; never a plain 绿."""
    city = await open_city("2026-09-22 10:00")
    await city.say("陈立新", "/调灯 ZX0031 绿 至 10月20日 原因 设备在海关查验", files=[("报关单.pdf", pdf())])
    city.mark()
    await city.say("张伟", "污水厂累计4800")
    says(city.last("张伟"), "确认后亮灯：绿(调)")
    await city.say("张伟", "确认")
    says(city.last("张伟"), "绿(调)灯")
    await city.say("张伟", "确认")
    says(city.last("张伟"), "绿(调)灯")
    await city.say("张伟", "撤销刚才那条")
    says(city.last("张伟"), "台账恢复 4700 万元", "绿(调)灯")


@pytest.mark.parametrize("said", ["亮灯 青禾县", "亮灯青禾县", "/亮灯 青禾县", "亮灯 青禾县情况"])
async def test_lights_of_a_county_without_the_slash(open_city: OpenCity, said: str) -> None:
    """Rules C18, E15."""
    city = await open_city("2026-09-22 09:00")
    city.mark()
    await city.say("陈立新", said)
    says(city.only("陈立新"), "ZX0031", "ZX0032")
    lacks(city.last("陈立新"), "ZD0108", "没看懂")
