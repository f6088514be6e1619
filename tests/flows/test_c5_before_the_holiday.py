"""节前 of a feast that has passed, a figure that is still the same, the end of a name (rules C4, C5, C19)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, says
from .conftest import OpenCity

WANG = "王磊(临河区发改局)"


@pytest.mark.parametrize("said", ["三院门诊楼节前累计做到4600了，四层封顶", "国庆前三院门诊楼累计完成4600万"])
@pytest.mark.parametrize("at", ["2026-10-03 20:00", "2026-10-08 09:30"])
async def test_c5_before_the_feast_that_has_passed(open_city: OpenCity, said: str, at: str) -> None:
    """It was taken for a promise before the next feast, and the figure was asked for."""
    city = await open_city(at)
    await city.say(WANG, said)
    says(city.only(WANG), "ZY0007", becomes(3900, 4600))


async def test_c5_before_the_feast_to_come(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say(WANG, "三院门诊楼节前累计完成4600")
    says(city.only(WANG), "09-24", "预计数，不入账")


async def test_c19_a_figure_that_is_still_the_same(open_city: OpenCity) -> None:
    """What the ledger has is the year's total: which figure it is need not be asked."""
    city = await open_city("2026-10-21 09:00")
    await city.say("吴迪", "云白快速没有进展，还是46000")
    says(city.only("吴迪"), "草稿1", "ZD0115", "46000")
    lacks(city.only("吴迪"), "还是「本月完成」")
    await city.say("吴迪", "确认")
    assert (await city.project("ZD0115"))["light"] == "绿"


async def test_c4_the_end_of_the_name_is_no_news(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say(WANG, "三院门诊楼四层封顶，今年累计4000")
    says(city.only(WANG), "形象进度：四层封顶")
    await city.say(WANG, "取消")
    await city.say(WANG, "三院门诊楼板浇筑完成，今年累计4000")
    says(city.last(WANG), "形象进度：楼板浇筑完成")
