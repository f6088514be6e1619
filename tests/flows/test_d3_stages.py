"""Stages and dates of a project as liaisons tell of them: nothing that has begun begins again (C1, D2, D3, E3)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says
from .conftest import OpenCity


async def _facts(city: City, code: str) -> tuple[object, object, object]:
    project = await city.project(code)
    return project["stage"], project["started_on"], project["finished_on"]


@pytest.mark.parametrize("said", ["污水处理厂恢复施工，今年累计4900", "污水处理厂已开工，今年累计4900"])
async def test_d3_going_on_is_no_new_start(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "ZX0031", "项目状态：在建")
    await city.say("张伟", "确认")
    assert await _facts(city, "ZX0031") == ("在建", None, None)


async def test_d3_a_stop_and_the_work_after_it(open_city: OpenCity) -> None:
    """Neither is a start (E3), and the start that is recorded stays."""
    city = await open_city("2026-09-22 10:00")
    await city.say("王磊(高新区管委会)", "SG0012 9月20日开工，今年累计10万")
    await city.say("王磊(高新区管委会)", "确认")
    await city.say("王磊(高新区管委会)", "SG0012停工，今年累计20万")
    await city.say("王磊(高新区管委会)", "确认")
    assert await _facts(city, "SG0012") == ("停工", "2026-09-20", None)
    await city.clock("2026-10-08 09:00")
    assert (await city.project("SG0012"))["light"] == "绿"
    await city.say("王磊(高新区管委会)", "SG0012今天复工，今年累计30万")
    says(city.last("王磊(高新区管委会)"), "项目状态：恢复施工")
    await city.say("王磊(高新区管委会)", "确认")
    assert await _facts(city, "SG0012") == ("在建", "2026-09-20", None)


async def test_e3_a_stopped_project_without_a_recorded_start_has_begun(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.change("UPDATE projects SET planned_start = '2026-03' WHERE code = 'ZX0032'")
    await city.say("张伟", "管网停工，今年累计2100万")
    await city.say("张伟", "确认")
    project = await city.project("ZX0032")
    assert (project["stage"], project["light"]) == ("停工", "绿")


async def test_c1_a_day_that_was_not_said_stands_on_the_card(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("王磊(高新区管委会)", "SG0012已经开工了，今年累计10万")
    says(city.only("王磊(高新区管委会)"), "已开工（2026-09-22，未写日期，按今日记）")
    await city.say("王磊(高新区管委会)", "确认")
    assert await _facts(city, "SG0012") == ("在建", "2026-09-22", None)
    city.mark()
    await city.say("邵鹏", "平原输变电10月15日竣工，今年累计15000万")
    lacks(city.only("邵鹏"), "已竣工")  # a day to come is a plan


async def test_d3_producing_is_more_than_finished(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("邵鹏", "平原220千伏输变电9月20日竣工，今年累计19000万")
    says(city.only("邵鹏"), "已竣工（2026-09-20）")
    await city.say("邵鹏", "确认")
    assert await _facts(city, "ZD0120") == ("竣工", None, "2026-09-20")
    await city.say("邵鹏", "平原220千伏输变电已投产，今年累计20000万")
    says(city.last("邵鹏"), "项目状态：已竣工投产")
    await city.say("邵鹏", "确认")
    assert await _facts(city, "ZD0120") == ("投产", None, "2026-09-20")
    await city.say("邵鹏", "平原220千伏输变电已竣工，今年累计20100万")
    await city.say("邵鹏", "确认")
    assert await _facts(city, "ZD0120") == ("投产", None, "2026-09-20")


async def test_c1_what_never_began_is_not_shown_as_stopped(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    before = await _facts(city, "SG0012")
    await city.say("王磊(高新区管委会)", "SG0012停工，今年累计20万")
    says(city.last("王磊(高新区管委会)"), "项目状态：未开工")
    await city.say("王磊(高新区管委会)", "确认")
    assert await _facts(city, "SG0012") == before


@pytest.mark.parametrize(
    "said", ["平原220千伏输变电停工，今年累计20000万", "平原220千伏输变电恢复施工，今年累计20000万"]
)
async def test_c1_what_is_finished_is_shown_as_that(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("邵鹏", "平原220千伏输变电9月20日竣工，今年累计19000万")
    await city.say("邵鹏", "确认")
    await city.say("邵鹏", said)
    says(city.last("邵鹏"), "项目状态：竣工")
    await city.say("邵鹏", "确认")
    assert await _facts(city, "ZD0120") == ("竣工", None, "2026-09-20")
