"""「去年全年完成…」 is the old year's figure, never this year's and never a reason (rules C4, C5, D6)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize("said", ["云白快速去年全年完成5.8亿", "云白快速2026年全年共完成5.8亿"])
async def test_d6_the_whole_of_last_year(open_city: OpenCity, said: str) -> None:
    city = await open_city("2027-01-04 09:00")
    await city.say("吴迪", said)
    says(city.last("吴迪"), "计入 2026 年", becomes(46000, 58000), "今年累计不变")
    await city.say("吴迪", "确认")
    assert (await city.project("ZD0115"))["ytd_wan"] == 0


async def test_d6_the_whole_of_last_year_said_in_autumn(open_city: OpenCity) -> None:
    """「累计」 would have made it this year's."""
    city = await open_city("2026-09-22 10:00")
    await city.say("吴迪", "云白快速去年全年完成5.8亿")
    lacks(city.last("吴迪"), "累计完成」还是", "→ 58000")


async def test_c6_the_whole_of_last_year_is_no_reason(open_city: OpenCity) -> None:
    city = await open_city("2026-12-30 09:00")
    await city.say("吴迪", "云白快速累计完成5.8亿")
    await city.say("吴迪", "确认")
    await city.clock("2027-01-04 09:00")
    await city.say("吴迪", "云白快速12月完成2000万")
    says(city.last("吴迪"), "请说明原因")
    await city.say("吴迪", "云白快速去年全年完成6亿")
    says(city.last("吴迪"), "草稿2", "计入 2026 年", becomes(58000, 60000))


@pytest.mark.parametrize("said", ["污水处理厂完成年度计划的百分之七十", "污水处理厂完成了全年计划七成"])
async def test_c4_a_share_in_words_asks_for_the_figure(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "ZX0031", "累计完成投资是多少万元")


async def test_c4_more_than_last_time_is_no_news_of_the_works(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂比上次多完成了300万")
    says(city.only("张伟"), "ZX0031", "累计完成投资是多少万元")
    lacks(city.only("张伟"), "形象进度")


@pytest.mark.parametrize(
    "said", ["云白快速1-11月累计完成5.4亿", "云白快速全年完成5.4亿", "1-12月份，云白快速完成投资5.4亿"]
)
async def test_d6_a_stretch_of_the_old_year_said_in_january(open_city: OpenCity, said: str) -> None:
    city = await open_city("2027-01-05 09:00")
    await city.say("吴迪", said)
    says(city.last("吴迪"), "计入 2026 年", becomes(46000, 54000), "今年累计不变")
    await city.say("吴迪", "确认")
    assert (await city.project("ZD0115"))["ytd_wan"] == 0


@pytest.mark.parametrize(
    "said",
    ["云白快速1-11月累计完成5.4亿", "云白快速截至11月底，累计完成5.4亿", "11月份，云白快速完成投资8000万"],
)
async def test_d3_a_stretch_that_is_not_over_is_no_figure(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("吴迪", said)
    says(city.only("吴迪"), "ZD0115", "11-30", "预计数，不入账")
    assert (await city.project("ZD0115"))["ytd_wan"] == 46000
