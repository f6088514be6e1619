"""Slips put right in the same message, money of other countries, dates on the card (rules C1, C3, C4, C5)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize(
    "said",
    [
        "污水厂累计5000万，刚写错了是5050万",
        "污水厂累计5000万，不对，是5050万",
        "污水厂累计5000万，哦不对应该是5050万",
        "污水厂累计5000万，打错了应为5050",
        "污水厂累计5000万，更正：5050万",
        "污水厂累计5000 不对 5050，设备到货",
    ],
)
async def test_c5_the_last_figure_of_a_slip_is_meant(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "ZX0031", becomes(4700, 5050))
    lacks(city.only("张伟"), "5000", "更正")


async def test_c6_an_earlier_report_taken_back_is_a_correction(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水厂上次报的4700万，写错了，应为4500万")
    says(city.only("张伟"), "4500 万元")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4700


@pytest.mark.parametrize("said", ["污水厂累计5000万美元", "污水厂累计完成投资700 万欧元"])
async def test_c5_other_money_is_not_taken(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "不是人民币，不入账")
    assert not await city.rows("SELECT id FROM drafts")


@pytest.mark.parametrize(
    "said", ["污水厂年计划8000万，累计完成5000万", "污水厂全年计划8000万，累计完成5000万"]
)
async def test_c3_the_plan_is_no_part_of_the_name(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "ZX0031", becomes(4700, 5000))


async def test_c1_the_day_of_the_start_is_on_the_card(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:00")
    await city.say("王磊(高新区管委会)", "SG0012 9月28日已开工，今年累计20万")
    says(city.last("王磊(高新区管委会)"), "已开工（2026-09-28）", becomes(0, 20))
    await city.say("王磊(高新区管委会)", "确认")
    assert (await city.project("SG0012"))["started_on"] == "2026-09-28"


async def test_c6_a_report_with_a_remark_is_no_reason(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "ZX0031累计4400")
    city.mark()
    await city.say("张伟", "污水厂累计5000万（含预付200万）")
    says(city.only("张伟"), becomes(4700, 5000))
    lacks(city.only("张伟"), "原因")


@pytest.mark.parametrize("said", ["/亮灯。", "／亮灯！", "//亮灯", "/ 亮灯"])
async def test_c18_marks_around_a_command(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "红 0 黄 1 绿 3")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("刚才的污水厂报错了，不是5200，是5300", "刚才的污水厂报错了"),
        ("污水厂不是5200，是5300", "污水厂不是5200"),
        ("污水厂5200万填错了，应为5300万", "污水厂5200万填错了"),
    ],
)
async def test_c5_the_figure_that_was_wrong_says_of_what_the_right_one_is(
    open_city: OpenCity, said: str, reason: str
) -> None:
    """Rules C4 C5 C6: the ledger has 5200 as this year's; neither that nor why it is put right is asked for."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水厂今年累计5200")
    await city.press("张伟", "确认")
    city.mark()
    await city.say("张伟", said)
    says(city.only("张伟"), becomes(5200, 5300), f"原因：{reason}")
    await city.press("张伟", "确认")
    assert (await city.project("ZX0031"))["ytd_fen"] == 5300 * 1_000_000
    city.mark()
    await city.say("张伟", "污水厂报错了，不是5100，是5400")
    says(city.only("张伟"), "累计完成", "本月完成")


async def test_c6_a_lower_figure_needs_more_than_that_it_was_wrong(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "刚才的污水厂报错了，不是4700，是4500")
    says(city.only("张伟"), "比台账 4700 少 200 万元", "请说明原因")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4700
