"""「不同意」, 「同意」 where one 提级建议 waits: its buttons are 不提级 and 同意提级 (rules C16, C18, G2)."""

from __future__ import annotations

import pytest

from .city import City, says, silent
from .conftest import OpenCity
from .told import one_about


async def _proposed(city: City) -> None:
    await city.say("吴迪", "/提级 W0190")


async def test_g2_refused_with_a_reason(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:00", _proposed)
    city.mark()
    await city.say("陈立新", "不同意")
    says(city.last("陈立新"), "不提级的原因", "W0190")
    await city.say("陈立新", "先由专班协调")
    says(one_about(city, "吴迪", "W0190"), "先由专班协调")
    silent(city, "郑海峰")
    assert (await city.item("W0190"))["level"] == 1


async def test_g2_agreed(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:00", _proposed)
    city.mark()
    await city.say("陈立新", "同意")
    says(one_about(city, "郑海峰", "W0190"), "提请专项协调")
    assert (await city.item("W0190"))["level"] == 2


async def test_g2_an_extension_that_waits_goes_first(open_city: OpenCity) -> None:
    """同意 is of what has a button of that name; the 提级建议 waits on."""
    city = await open_city("2026-09-23 09:00")
    await city.say("陈立新", "/代理 马德胜 9月23日 至 9月24日")
    await _proposed(city)
    await city.say("吴迪", "W0190 延期到10月23日 铁路局审批慢")
    await city.say("马德胜", "同意")
    item = await city.item("W0190")
    assert (item["level"], item["extensions"]) == (1, 1)
    silent(city, "郑海峰")
    await city.say("马德胜", "同意")
    assert (await city.item("W0190"))["level"] == 2


async def test_c16_another_one_who_says_so_agrees_to_nothing(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:00", _proposed)
    city.mark()
    await city.say("孙晓雯", "同意")
    silent(city, "郑海峰", "吴迪")
    assert (await city.item("W0190"))["level"] == 1


async def test_g2_what_is_missing_is_asked_for_once(open_city: OpenCity) -> None:
    """The 办结时限 has passed, so no 建议时限 could be proposed: a date alone answers, then it is agreed (rule C4)."""
    city = await open_city("2026-10-20 09:10")
    city.mark()
    await city.say("陈立新", "同意提级 W0190")
    says(city.last("陈立新"), "建议时限", "W0190")
    silent(city, "郑海峰")
    await city.say("陈立新", "11月6日")
    says(city.last("陈立新"), "提级建议", "建议时限：11-06")
    silent(city, "郑海峰")
    await city.say("陈立新", "同意提级 W0190")
    says(one_about(city, "郑海峰", "W0190"), "提请专项协调", "11-06")


async def test_g2_the_same_of_a_red_light(open_city: OpenCity) -> None:
    city = await open_city("2026-10-15 08:35")
    await city.say("陈立新", "同意提级 ZD0108")
    says(city.last("陈立新"), "建议时限", "ZD0108")
    await city.say("陈立新", "建议时限10月30日")
    says(city.last("陈立新"), "提级建议", "建议时限：10-30")
    city.mark()
    await city.say("陈立新", "同意提级 ZD0108")
    says(one_about(city, "郑海峰", "ZD0108"), "提请专项协调", "10-30")
    item = await city.item("W0191")
    assert (item["level"], item["source"]) == (2, "亮灯")


@pytest.mark.parametrize("said", ["同意W0190延期", "同意延期W0190", "W0190延期同意", "延期同意"])
async def test_g2_agreeing_to_an_extension_raises_nothing(open_city: OpenCity, said: str) -> None:
    """Nobody has asked for an extension; the 提级建议 that waits is something else."""
    city = await open_city("2026-09-23 09:00", _proposed)
    city.mark()
    await city.say("陈立新", said)
    assert (await city.item("W0190"))["level"] == 1
    silent(city, "郑海峰", "吴迪")


@pytest.mark.parametrize("said", ["同意W0190提级", "W0190提级同意", "W0190的提级建议同意", "提级同意"])
async def test_g2_agreed_by_what_it_is_about(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-23 09:00", _proposed)
    city.mark()
    await city.say("陈立新", said)
    says(one_about(city, "郑海峰", "W0190"), "提请专项协调")


async def test_g2_refused_by_what_it_is_about(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:00", _proposed)
    city.mark()
    await city.say("陈立新", "W0190不同意提级,先由专班协调")
    says(one_about(city, "吴迪", "暂不提级"), "先由专班协调")
    assert (await city.item("W0190"))["level"] == 1


async def test_g2_an_extension_beside_it_is_left_alone(open_city: OpenCity) -> None:
    """Both wait for 陈立新: what is said to be agreed to is agreed to, the other waits on."""
    city = await open_city("2026-09-23 09:00")
    await city.say("陈立新", "/代理 马德胜 9月23日 至 9月24日")
    await _proposed(city)
    await city.say("吴迪", "W0190 延期到10月23日 铁路局审批慢")
    await city.say("马德胜", "同意W0190提级")
    item = await city.item("W0190")
    assert (item["level"], item["extensions"]) == (2, 0)


async def test_f5_feedback_ruled_on_by_name(open_city: OpenCity) -> None:
    """「不同意…的反馈」 is 退回, 「同意…反馈」 is 采纳."""
    city = await open_city("2026-09-22 10:00")
    await city.say("苏静", "反馈 W0186 已报省林草局")
    await city.say("苏静", "确认")
    city.mark()
    await city.say("马德胜", "不同意W0186的反馈,没写时间")
    says(one_about(city, "苏静", "W0186"), "退回：没写时间")
    await city.say("苏静", "反馈 W0186 已报省林草局,10月10日前批复")
    await city.say("苏静", "确认")
    city.mark()
    await city.say("马德胜", "同意W0186反馈")
    says(one_about(city, "苏静", "W0186"), "由马德胜采纳")
