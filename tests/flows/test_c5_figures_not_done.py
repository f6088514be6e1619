"""Figures that are none: to come, negative, of the year's end; what an answer says besides its figure (C4, C5, C6)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize(
    ("said", "day", "amount"),
    [
        ("云白快速截至10月底累计53000万", "10-31", "53000"),
        ("云白快速到9月30日能完成52000", "09-30", "52000"),
        ("云白快速年内力争完成6亿", "12-31", "60000"),
    ],
)
async def test_c5_a_forecast_is_named_as_one(open_city: OpenCity, said: str, day: str, amount: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("吴迪", said)
    says(city.only("吴迪"), f"ZD0115 {day} 的 {amount} 万元是预计数，不入账", "请报已完成的数")
    assert not await city.rows("SELECT id FROM drafts")


@pytest.mark.parametrize("said", ["青禾灌区年内投资3600万", "灌区年内完成投资3600万元"])
async def test_c5_within_the_year_is_asked_about(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "3600 万元是「累计完成」还是「本月完成」")
    await city.press("张伟", "累计完成")
    says(city.last("张伟"), becomes(3300, 3600))


@pytest.mark.parametrize("said", ["循环园本月完成-300万", "循环园累计完成投资 -9600万元", "循环园累计－9600"])
async def test_c5_a_minus_is_not_dropped(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", said)
    says(city.only("李娜"), "是负数，不入账", "/更正")
    assert not await city.rows("SELECT id FROM drafts")


@pytest.mark.parametrize("said", ["循环园本月减少300万", "循环园较8月增加300万", "循环园完成投资增加300万"])
async def test_c5_a_change_is_no_progress_of_the_works(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", said)
    says(city.only("李娜"), "累计完成投资是多少万元")
    lacks(city.only("李娜"), "形象进度")


async def test_c4_an_answer_keeps_what_it_says_besides(open_city: OpenCity) -> None:
    """The works and the date of completion told beside the figure stand on the card, with their year."""
    city = await open_city("2026-09-22 10:00")
    await city.say("吴迪", "云白快速进展顺利，桥梁下部完成")
    await city.say("吴迪", "累计完成51000万，路基完成八成，明年3月底前通车")
    says(city.last("吴迪"), becomes(46000, 51000), "桥梁下部完成", "路基完成八成", "2027-03-31")


async def test_c6_an_unreadable_total_is_no_reason(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "循环园累计8000")
    await city.say("李娜", "循环园累计1e5")
    says(city.last("李娜"), "没有用上", "原因")
    await city.say("李娜", "8月累计数多报600万")
    says(city.last("李娜"), becomes(8600, 8000), "8月累计数多报600万")


async def test_c6_a_correction_upwards_asks_plainly(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/更正 ZX0031 4750")
    says(city.last("张伟"), becomes(4700, 4750), "请说明更正的原因")
    lacks(city.last("张伟"), "少", "-")
    await city.say("张伟", "少报了监理费")
    await city.say("张伟", "确认")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4750
