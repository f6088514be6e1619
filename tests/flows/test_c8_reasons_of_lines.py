"""Several projects in one message: a reason belongs to its own line; news without a new figure (C4, C8, C19)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, says
from .conftest import OpenCity
from .told import ytd

AT = "2026-09-22 10:00"


@pytest.mark.parametrize(
    "said",
    [
        "污水厂累计4400，8月多报；管网累计2100",
        "管网累计2100；污水厂累计4400，8月多报",
        "1、污水厂累计4400万（8月多报）2、管网累计2100万",
    ],
)
async def test_c6_a_lower_line_with_its_reason(open_city: OpenCity, said: str) -> None:
    """It is not asked for again (C4), and the other line is no correction and of today (C8)."""
    city = await open_city(AT)
    await city.say("张伟", said)
    says(city.only("张伟"), becomes(4700, 4400), "原因:8月多报", becomes(1950, 2100))
    lacks(city.only("张伟"), "请说明", "8月31日", "08-31")
    await city.say("张伟", "确认")
    assert await ytd(city, "ZX0032") == 2100
    assert await ytd(city, "ZX0031") == 4700
    says(city.last("孙晓雯"), "更正待核", becomes(4700, 4400), "8月多报")


@pytest.mark.parametrize("said", ["灌区渠首闸完成，无变化", "灌区渠首闸完成，投资没有变化"])
async def test_c19_no_change_of_one_project_is_not_the_week(open_city: OpenCity, said: str) -> None:
    """Not: 本周无变化 for every project of the county."""
    city = await open_city(AT)
    await city.say("张伟", said)
    says(city.only("张伟"), "草稿1", "JJ0003", "本次无变化", "形象进度:渠首闸完成")
    await city.say("张伟", "确认")
    project = await city.project("JJ0003")
    assert (project["ytd_wan"], project["image_progress"]) == (3300, "渠首闸完成")
    assert project["last_report_on"] == "2026-09-22"
    assert (await city.project("ZX0031"))["last_report_on"] == "2026-08-31"
    assert await city.rows("SELECT id FROM weekly_reports") == []


async def test_c13_a_day_later_to_the_minute(open_city: OpenCity) -> None:
    """Within 24 hours: the last minute of them counts, the next does not."""
    city = await open_city(AT)
    await city.say("张伟", "管网累计2100")
    await city.say("张伟", "确认")
    await city.say("张伟", "管网累计2100", at="2026-09-23 10:00")
    says(city.last("张伟"), "已报过同样的数")
    await city.say("张伟", "是")
    await city.say("张伟", "管网累计2100", at="2026-09-23 10:01")
    says(city.last("张伟"), "草稿1", becomes(2100, 2100))


@pytest.mark.parametrize(
    "said",
    [
        "ZX0031:5300 ZX0032:2100 均为今年累计",
        "污水厂：5300 管网：2100 累计",
        "ZX0031 5300，ZX0032 2100，以上均为今年累计",
        "污水厂5300、管网2100，都是累计",
    ],
)
async def test_c8_a_list_in_one_row_with_its_basis_at_the_end(open_city: OpenCity, said: str) -> None:
    """No figure is dropped, none goes to the other project."""
    city = await open_city(AT)
    await city.say("张伟", said)
    says(city.only("张伟"), "共2项", becomes(4700, 5300), becomes(1950, 2100))
