"""更正 and 反馈 with the project's name in front, totals that cannot be read (rules C3, C4, C5, C6, E9)."""

from __future__ import annotations

import pytest

from .city import City, becomes, lacks, says, silent
from .conftest import OpenCity


async def _corrected(city: City) -> None:
    await city.say("张伟", "污水厂更正成4600，核减单已补")
    says(city.last("张伟"), "ZX0031", becomes(4700, 4600), "原因：核减单已补", "更正")
    await city.say("张伟", "确认")


@pytest.mark.parametrize("said", ["同意ZX0031更正", "同意 ZX0031 的更正", "ZX0031更正同意"])
async def test_c6_asked_for_and_agreed_to_by_name(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00", _corrected)
    await city.say("孙晓雯", said)
    says(city.last("孙晓雯"), "ZX0031 更正已同意")
    says(city.last("张伟"), "更正已生效", "孙晓雯")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4600


@pytest.mark.parametrize("said", ["污水厂累计五五〇〇", "污水厂累计156万万"])
async def test_c4_a_total_that_nobody_reads_is_asked_for(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "ZX0031", "累计完成投资是多少万元")
    await city.say("张伟", "5500")
    says(city.last("张伟"), becomes(4700, 5500))
    await city.say("张伟", "写成亿了应该是5400")
    says(city.last("张伟"), becomes(4700, 5400))


async def test_e9_feedback_of_a_green_project_goes_to_no_other(open_city: OpenCity) -> None:
    """ZX0031's warning waits for feedback; the text names ZX0032, whose light is green."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "管网反馈 正在抢工，11月15日累计2600")
    says(city.only("张伟"), "ZX0032 现在没有需要反馈的亮灯")
    silent(city, "彭倩")
    await city.say("张伟", "管网反馈：主体完成，累计2100")
    says(city.last("张伟"), "【草稿1】", "ZX0032", becomes(1950, 2100), "形象进度：主体完成")
    lacks(city.last("张伟"), "反馈：", "请选")
