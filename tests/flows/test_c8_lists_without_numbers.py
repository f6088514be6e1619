"""Totals in a list without numbers: of projects nobody knows, and of several days (rules C3, C4, C8)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize("mark", ["；", "，", "\n"])
async def test_c8_an_unknown_name_is_a_line_of_its_own(open_city: OpenCity, mark: str) -> None:
    """It went into the news of the project before it."""
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", f"污水处理厂累计5300{mark}管网累计2100{mark}幼儿园累计800")
    card = city.only("张伟")
    says(card, "共3项", becomes(4700, 5300), becomes(1950, 2100), "「幼儿园」未找到，或您无权查看")
    await city.say("张伟", "全部确认")
    says(city.last("张伟"), "①② 已入账", "③ 请补项目名称", "取消3")
    assert (await city.project("ZX0032")).get("image_progress") is None


async def test_b4_a_project_of_another_county_is_one_nobody_knows(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 17:20")
    await city.say("李娜", "循环园累计9000，管网累计2100")
    says(city.only("李娜"), "共2项", becomes(8600, 9000), "「管网」未找到，或您无权查看")
    lacks(city.only("李娜"), "ZX0032", "形象进度")


@pytest.mark.parametrize("part", ["标准厂房累计5000", "标准厂房累计5000平方米", "其中道路累计5000"])
async def test_c8_a_part_of_the_project_is_none(open_city: OpenCity, part: str) -> None:
    city = await open_city("2026-09-22 17:20")
    await city.say("李娜", f"循环园累计9000，{part}")
    says(city.only("李娜"), "ZD0108", becomes(8600, 9000))
    lacks(city.only("李娜"), "未找到")


@pytest.mark.parametrize(
    "said",
    ["灌区9月底累计3500，到今天累计3560", "灌区9月底累计3500，到昨天3560", "灌区9月底累计3500，现在3560了"],
)
async def test_d3_of_totals_of_several_days_the_newest(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-10-10 16:00")
    await city.say("张伟", said)
    says(city.only("张伟"), becomes(3300, 3560), "另报：累计 3500 万元（截至 09-30，未计入）")
    await city.say("张伟", "确认")
    assert (await city.project("JJ0003"))["ytd_wan"] == 3560


async def test_c4_that_something_changed_is_no_news_of_the_works(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 10:30")
    await city.say("张伟", "不对，管网有变化，累计2100")
    says(city.only("张伟"), becomes(1950, 2100))
    lacks(city.only("张伟"), "形象进度")
