"""What a draft is changed to keeps the figure that was meant: its own words first, else the draft's (rules C2, C5)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize(
    "said", ["修改 累计5300", "改成累计5300万", "修改：今年累计5300万", "应该是累计5300万"]
)
async def test_c2_a_total_named_for_a_months_figure_is_the_total(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂本月300万")
    await city.say("张伟", said)
    says(city.last("张伟"), becomes(4700, 5300))
    lacks(city.last("张伟"), "本月完成")
    await city.say("张伟", "确认")
    assert (await city.project("ZX0031"))["ytd_wan"] == 5300


@pytest.mark.parametrize(
    ("said", "shown"), [("昨天完成投资30万", "昨天完成 35"), ("上周完成投资30万", "上周完成 35")]
)
async def test_c2_another_amount_stays_with_its_days(open_city: OpenCity, said: str, shown: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", f"污水处理厂{said}")
    await city.say("张伟", "改成35万")
    says(city.last("张伟"), shown)
    lacks(city.last("张伟"), "本月完成")


async def test_c5_a_total_since_the_start_is_not_taken_as_the_years(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂今年累计5300万")
    await city.say("张伟", "改成开工以来累计1.2亿")
    says(city.last("张伟"), "开工以来 12000")
    await city.say("张伟", "确认")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4700


async def test_c2_a_mere_amount_changes_no_draft_and_hears_how(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂本月300万")
    await city.say("张伟", "5400")
    says(city.last("张伟"), "草稿1 还没有确认", "改成…")
    await city.say("张伟", "确认")
    assert (await city.project("ZX0031"))["ytd_wan"] == 5000
