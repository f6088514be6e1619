"""An example of a day lies ahead: typed back as it stands it is taken (rules B6, E14, H2)."""

from __future__ import annotations

import re

from .city import says
from .conftest import OpenCity
from .told import one_about


async def test_the_example_of_an_adjustment_is_within_its_limit(open_city: OpenCity) -> None:
    for today in ("2026-09-28 08:35", "2026-12-28 08:35"):
        city = await open_city(today)
        await city.say("陈立新", "把循环园调成黄灯")
        example = re.search(r"/调灯 ZD0108 绿 至 \S+", city.last("陈立新").text)
        assert example is not None
        await city.say("陈立新", f"{example[0]} 原因 汛期停工 依据 云攻坚办〔2026〕15号")
        says(city.last("陈立新"), "已调灯", "绿(调)")


async def test_the_example_of_a_delegation_lies_ahead(open_city: OpenCity) -> None:
    city = await open_city("2026-12-28 08:35")
    await city.say("李娜", "/代理 钱文海 9月22日 至 9月23日")
    example = re.search(r"/代理 .*", city.last("李娜").text)
    assert example is not None
    await city.say("李娜", example[0])
    says(city.last("李娜"), "已记录代理", "12-29 00:00 至 12-30 24:00")


async def test_the_day_shown_for_a_letter_is_its_own(open_city: OpenCity) -> None:
    """On 10-10 「限期改为 10月9日」 would be over."""
    city = await open_city("2026-10-08 18:00")
    await city.clock("2026-10-10 09:01")
    letter = one_about(city, "陈立新", "【督办函草稿】致青禾县住建局")
    example = re.search(r"修改 限期改为 \S+", letter.text)
    assert example is not None
    says(letter, "限 10-15 18:00 前反馈")
    await city.say("陈立新", example[0])
    says(city.last("陈立新"), "限 10-15 18:00 前反馈")
