"""Every amount of a report is entered, asked about or named on the card as not taken (rules C1, C4, C8, D3)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, says
from .conftest import OpenCity


async def test_c4_an_amount_that_nobody_explains_is_named(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂今年累计5300万（含设备预付款320万元），管网今年累计2100万")
    says(city.last("张伟"), "4700 → 5300", "1950 → 2100", "没有取用：320万元")


@pytest.mark.parametrize(
    "said",
    [
        "污水处理厂今年累计5300万，总投资1.2亿",
        "污水处理厂今年累计5300万，年度计划8000万",
        "污水处理厂累计报错了，不是5200，是5300",
        "污水处理厂今年累计5300万，完成3公里管道、12层楼",
    ],
)
async def test_c4_what_its_words_explain_is_not_named(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    lacks(city.last("张伟"), "没有取用")


async def test_d3_the_months_figure_beside_the_years_stands_on_the_card(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂今年累计5300万，其中本月完成600万")
    says(city.last("张伟"), becomes(4700, 5300), "本月完成 600 万元")
    await city.say("张伟", "确认")
    rows = await city.rows("SELECT period_fen FROM projects WHERE code = 'ZX0031'")
    assert rows[0]["period_fen"] == 600 * 1_000_000


async def test_c6_a_sentence_with_its_own_project_keeps_its_figure(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "刚才污水厂报错了，应为5100；管网累计2100")
    says(city.last("张伟"), "ZX0031", "5100", "ZX0032", "1950 → 2100")
    lacks(city.last("张伟"), "没有取用", "原因：")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4700
