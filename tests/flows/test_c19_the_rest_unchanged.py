"""「…，其余无变化」, 「除…外均无变化」: every project gets its line, none the opposite (rules C1, C8, C19)."""

from __future__ import annotations

import pytest

from .city import City, becomes, lacks, says
from .conftest import OpenCity
from .told import open_drafts, ytd

AT = "2026-09-22 10:00"


async def _reported_on(city: City) -> set[str]:
    rows = await city.rows("SELECT code FROM projects WHERE last_report_on = '2026-09-22'")
    return {str(row["code"]) for row in rows}


@pytest.mark.parametrize(
    "said",
    [
        "污水处理厂累计5300，其余无变化",
        "污水处理厂累计5300，其他项目无变化",
        "污水处理厂累计5300；其余3个项目本周都没有变化",
        "ZX0031累计5300,别的都没变化。",
    ],
)
async def test_c19_a_figure_and_the_rest(open_city: OpenCity, said: str) -> None:
    city = await open_city(AT)
    await city.say("张伟", said)
    says(city.only("张伟"), "共4项", becomes(4700, 5300), "ZX0032", "ZY0009", "JJ0003", "无变化")
    assert await _reported_on(city) == set()
    await city.say("张伟", "确认")
    assert await ytd(city, "ZX0031") == 5300
    assert await _reported_on(city) == {"ZX0031", "ZX0032", "ZY0009", "JJ0003"}


@pytest.mark.parametrize(
    "said", ["除污水处理厂外，本周无变化", "除了污水处理厂，其他项目无变化", "除ZX0031外均无变化"]
)
async def test_c19_all_but_one(open_city: OpenCity, said: str) -> None:
    """Not: the excepted project, as unchanged."""
    city = await open_city(AT)
    await city.say("张伟", said)
    says(city.only("张伟"), "共3项", "ZX0032", "ZY0009", "JJ0003")
    lacks(city.only("张伟"), "ZX0031")
    await city.say("张伟", "确认")
    assert await _reported_on(city) == {"ZX0032", "ZY0009", "JJ0003"}


async def test_c5_what_is_asked_is_asked_beside_it(open_city: OpenCity) -> None:
    city = await open_city(AT)
    await city.say("张伟", "污水处理厂5300，管网累计2100，其余无变化")
    says(city.only("张伟"), "共4项", "「累计完成」还是「本月完成」", becomes(1950, 2100))


async def test_c19_who_reports_for_no_unit_names_the_projects(open_city: OpenCity) -> None:
    """The sector's 联络员 is not the 责任单位 of anything: which projects are meant is not guessed."""
    city = await open_city(AT)
    await city.say("彭倩", "污水处理厂累计5300，其余无变化")
    says(city.only("彭倩"), "没看明白哪些项目无变化", "请写明")
    assert await open_drafts(city) == []
