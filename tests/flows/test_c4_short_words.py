"""撤销 with a name, a reason that was given, a project that goes well (rules C3, C4, C6, C10, C18)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize("said", ["撤销管网", "撤回管网", "/撤销管网", "撤销 ZX0032"])
async def test_c10_undone_by_name_without_a_space(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂累计5300万；管网累计2100万")
    await city.say("张伟", "全部确认")
    await city.say("张伟", said)
    says(city.last("张伟"), "已撤销 ZX0032 2100")
    assert [(await city.project(one))["ytd_wan"] for one in ("ZX0031", "ZX0032")] == [5300, 1950]


async def test_c4_the_reason_that_was_given_is_not_asked_for(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("孙晓雯", "污水处理厂累计改成5200，县里电话报的")
    says(city.only("孙晓雯"), becomes(4700, 5200), "原因：县里电话报的")
    await city.say("孙晓雯", "确认")
    assert (await city.project("ZX0031"))["ytd_wan"] == 5200


@pytest.mark.parametrize(
    ("said", "code"),
    [("管网进度正常", "ZX0032"), ("城南污水处理厂进展顺利。", "ZX0031"), ("ZY0009 按计划推进", "ZY0009")],
)
async def test_c4_a_project_that_goes_well_is_asked_for_its_figure(
    open_city: OpenCity, said: str, code: str
) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), code, "累计完成投资是多少万元", "无变化")
    await city.say("张伟", "无变化")
    says(city.last("张伟"), "草稿1", code)


async def test_c15_what_goes_well_elsewhere_is_talk(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "今天会议一切顺利")
    lacks(city.only("张伟"), "累计完成投资是多少")


@pytest.mark.parametrize("said", ["没有", "投资没有", "投资还没有"])
async def test_c4_none_yet_answers_for_a_project_at_nought(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("王磊（高新区管委会）", "SG0012开工了")
    await city.say("王磊（高新区管委会）", said)
    says(city.last("王磊（高新区管委会）"), "草稿1", "仍为 0 万元", "已开工")
    await city.say("张伟", "灌区完成渠首闸改造")
    await city.say("张伟", said)  # at 3300 it may mean either
    says(city.last("张伟"), "仍在等 JJ0003")
