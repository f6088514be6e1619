"""A 提级建议 drafted at T+10 whose reason goes before it is decided: who had the card hears of it (rules F6, G2)."""

from __future__ import annotations

import pytest

from .city import City, says, silent
from .conftest import OpenCity
from .told import feed_back, one_about

AT = "2026-10-12 10:00"  # an hour after T+10 of W0186


async def _mine(city: City) -> str:
    await city.say("陈立新", "/我的")
    return city.last("陈立新").text


async def test_f6_accepted_feedback_ends_the_ladder_and_what_it_proposed(open_city: OpenCity) -> None:
    city = await open_city(AT)
    assert "W0186 提级建议待决定" in await _mine(city)
    card = city.with_button("陈立新", "同意提级", contains="W0186")
    await feed_back(city, "苏静", "W0186 省林草局已受理，材料齐全")
    assert "W0186 提级建议待决定" in await _mine(city)
    city.mark()
    await city.press("马德胜", "采纳", contains="W0186")
    says(one_about(city, "陈立新", "提级建议已撤回"), "W0186 提级建议已撤回：反馈已采纳。不用再决定")
    assert "W0186 提级建议" not in await _mine(city)
    city.mark()
    await city.press_on(card, "陈立新", "同意提级")
    says(city.only("陈立新"), "反馈已采纳", "不能同意提级")
    silent(city, "郑海峰")
    assert (await city.item("W0186"))["level"] == 1


async def test_f6_what_a_person_proposed_waits_on(open_city: OpenCity) -> None:
    city = await open_city(AT)
    await city.say("苏静", "提级 W0186 症结 专家论证未过;路径 请分管副市长协调;时限 10月30日")
    await feed_back(city, "苏静", "W0186 省林草局已受理，材料齐全")
    await city.press("马德胜", "采纳", contains="W0186")
    assert "W0186 提级建议待决定" in await _mine(city)


async def test_f6_so_it_does_while_the_last_day_has_passed_as_long(open_city: OpenCity) -> None:
    """W0190: 办结 was due 10-16, ten workdays before; feedback of 09-30 is accepted."""
    city = await open_city("2026-10-30 09:30")
    assert "W0190 提级建议待决定" in await _mine(city)
    await feed_back(city, "吴迪", "W0190 铁路局已受理")
    await city.press("马德胜", "采纳", contains="W0190")
    assert "W0190 提级建议待决定" in await _mine(city)


@pytest.mark.parametrize("proposed", [True, False])
async def test_f1_nothing_of_it_is_left_when_the_item_is_reopened(
    open_city: OpenCity, proposed: bool
) -> None:
    city = await open_city(AT)
    if proposed:
        await city.say("苏静", "提级 W0186 症结 专家论证未过;路径 请分管副市长协调;时限 10月30日")
    await city.say("苏静", "办结 W0186 云林审〔2026〕88号")
    city.mark()
    await city.say("马德胜", "通过 W0186")
    says(one_about(city, "陈立新", "提级建议已撤回"), "W0186", "办结已通过")
    await city.say("孙晓雯", "销号 W0186")
    await city.say("李娜", "重开 W0186 又被停工")
    assert "W0186 提级建议" not in await _mine(city)
