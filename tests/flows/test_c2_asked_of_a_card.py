"""What people say to a card that waits: thanks, 「怎么改」, 「为什么要核对单位」 (rules C2, C7)."""

from __future__ import annotations

import pytest

from .city import says
from .conftest import OpenCity


@pytest.mark.parametrize(
    "said",
    ["谢谢", "好的，辛苦了", "怎么改", "怎么修改？", "还差什么", "为什么要确认", "入账了吗", "报上去了没有"],
)
async def test_c2_what_is_said_to_a_card_tells_that_it_still_waits(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "管网累计2100")
    city.mark()
    await city.say("张伟", said)
    says(city.only("张伟"), "草稿1 还没有确认", "确认", "改成", "取消")
    assert (await city.project("ZX0032"))["ytd_wan"] == 1950
    await city.say("张伟", "确认")
    assert (await city.project("ZX0032"))["ytd_wan"] == 2100


async def test_c7_why_the_unit_is_to_be_checked(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "管网累计2900")
    await city.say("张伟", "为什么要核对单位？")
    says(city.last("张伟"), "一次增加较多或超过年度计划", "确认无误")
    assert (await city.project("ZX0032"))["ytd_wan"] == 1950


@pytest.mark.parametrize("said", ["收到", "怎么改"])
async def test_c15_without_a_card_it_says_that_it_cannot_use_it(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "没看懂")


@pytest.mark.parametrize("said", ["谢谢", "辛苦了，谢谢"])
async def test_s15_thanks_with_nothing_waiting(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "不客气")
