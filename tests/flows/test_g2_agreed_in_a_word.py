"""「不同意」, 「同意」 where one 提级建议 waits: its buttons are 不提级 and 同意提级 (rules C16, C18, G2)."""

from __future__ import annotations

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
