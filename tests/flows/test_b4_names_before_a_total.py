"""A name right before 「累计」 is a name: another's project is never taken for the sender's only one (B4, C3)."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity


async def _no_draft_after(open_city: OpenCity, text: str, group: str | None) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", text, group=group)
    said = city.last(group or "李娜")
    assert said.text == "未找到，或您无权查看"
    lacks(said, "ZD0108")
    assert not await city.rows("SELECT id FROM drafts WHERE kind = 'report'")


@pytest.mark.parametrize("name", ["云白快速", "青禾灌区续建配套", "平原220千伏"])
async def test_the_project_of_others(open_city: OpenCity, name: str) -> None:
    await _no_draft_after(open_city, f"{name}累计完成9600万", None)


async def test_one_that_does_not_exist_gets_the_same_words(open_city: OpenCity) -> None:
    await _no_draft_after(open_city, "丹江灌区累计完成9600万", None)


async def test_in_the_group_too(open_city: OpenCity) -> None:
    await _no_draft_after(open_city, "@助手 青禾灌区累计完成9600万", "白石县")


@pytest.mark.parametrize("work", ["混凝土浇筑", "主体封顶", "征地拆迁", "进展顺利"])
async def test_what_was_done_is_no_name(open_city: OpenCity, work: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", f"{work}累计完成9600万")
    says(city.last("李娜"), "ZD0108", "8600 → 9600")


@pytest.mark.parametrize("said", ["云白快速本周无变化", "青禾灌区续建配套本周没有变化", "丹江灌区无变化"])
async def test_nothing_new_of_another_project_is_not_the_weeks_feedback(
    open_city: OpenCity, said: str
) -> None:
    """Said of one project it counts for that project alone (rule C19)."""
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", said)
    assert city.only("李娜").text == "未找到，或您无权查看"
    await city.clock("2026-09-23 10:01")
    says(city.last("李娜"), "请于 09-23 18:00 截止前反馈")


@pytest.mark.parametrize(
    ("who", "said"),
    [("李娜", "白石县本周无变化"), ("彭倩", "市住建局本周无变化"), ("程凯", "经核实本周无变化")],
)
async def test_who_speaks_is_no_project(open_city: OpenCity, who: str, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say(who, said)
    says(city.last(who), "本周无变化", "已记录")
