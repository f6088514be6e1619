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


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("循环园累计9600万，青禾灌区累计12000万", "12000万"),
        ("循环园累计9600万，标准厂房累计5000万", "5000万"),
        ("今天报两个：云白快速累计47000万，循环园累计9600万", "47000万"),
    ],
)
async def test_c8_the_total_of_something_else_beside_it_is_named(
    open_city: OpenCity, said: str, left: str
) -> None:
    """A part of it or another's project: not entered, not dropped without a word (rules B4, C8)."""
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", said)
    says(city.last("李娜"), becomes(8600, 9600), f"没有取用：{left}")


@pytest.mark.parametrize("beside", ["去年同月900万", "1200万的设备到场", "贷款批了6000万"])
async def test_c4_money_whose_words_say_what_it_is_stays_unnamed(open_city: OpenCity, beside: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", f"污水厂累计5300万，{beside}")
    says(city.last("张伟"), becomes(4700, 5300))
    lacks(city.last("张伟"), "没有取用")


@pytest.mark.parametrize(
    "said",
    [
        "污水处理厂、孟家湾大道、河湾渠本月分别完成1200万、800万",
        "污水处理厂一标段、二标段分别完成1200万、800万",
    ],
)
async def test_c4_amounts_that_do_not_pair_off_are_taken_by_none(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.last("张伟"), "没看清 1200万、800万 是哪个项目的什么数", "累计5500万")
    assert not await city.rows("SELECT id FROM drafts")


async def test_c4_two_months_told_at_once_are_two_figures(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂本月、今年累计分别完成600万、5300万")
    says(city.last("张伟"), becomes(4700, 5300), "本月完成 600 万元")


async def test_c4_each_name_in_a_row_gets_its_own_number(open_city: OpenCity) -> None:
    """B4: a name that nobody bears, or not for this sender, keeps its place in the row."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "孟家湾大道、污水处理厂今年累计分别完成800万、5300万")
    says(city.last("张伟"), becomes(4700, 5300), "「孟家湾大道」未找到，或您无权查看")
    lacks(city.last("张伟"), "没有取用")


async def test_c4_one_amount_for_each_of_two(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂跟管网这个月都是150万左右")
    card = city.last("张伟")
    says(card, becomes(4700, 4850), becomes(1950, 2100))


async def test_c4_a_total_of_several_is_nobodys(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂、管网2个项目8月共完成投资600万")
    says(city.last("张伟"), "没看清 600万 是哪个项目的什么数")
    assert not await city.rows("SELECT id FROM drafts")
