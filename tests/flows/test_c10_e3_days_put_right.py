"""A day put right behind 撤回, a start without money yet, 稍后 asked for again (rules C4, C10, E3, E11)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says
from .conftest import OpenCity

WANG = "王磊(高新区管委会)"


async def _finished(city: City) -> None:
    await city.say("邵鹏", "平原输变电10月28号全部竣工了，今年累计2.1亿")
    await city.say("邵鹏", "确认无误")
    assert (await city.project("ZD0120"))["finished_on"] == "2026-10-28"


@pytest.mark.parametrize("said", ["撤回，日期错了是10月29日", "撤销 日期报错了", "/撤销 数字不对"])
async def test_c10_taken_back_with_what_was_wrong(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-10-29 09:00", _finished)
    await city.say("邵鹏", said)
    says(city.last("邵鹏"), "已撤销 ZD0120", "14000")
    assert (await city.project("ZD0120")).get("finished_on") is None


async def test_b4_an_unknown_project_is_not_taken_for_a_reason(open_city: OpenCity) -> None:
    city = await open_city("2026-10-29 09:00", _finished)
    await city.say("邵鹏", "/撤销 数据中心项目")
    says(city.last("邵鹏"), "未找到，或您无权查看")
    assert (await city.project("ZD0120"))["ytd_wan"] == 21000


@pytest.mark.parametrize("said", ["SG0012 10月8日开工，投资还没有", "电池产业园今天开工了，还没有投资"])
async def test_e3_started_without_money_is_no_problem(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-10-08 09:00")
    await city.say(WANG, said)
    says(city.only(WANG), "草稿1", "SG0012", "今年累计仍为 0 万元", "已开工（2026-10-08）", "黄 → 绿")
    lacks(city.only(WANG), "问题草稿", "累计完成投资是多少")


async def test_e11_later_again_is_refused_not_reported(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 09:00")
    await city.say("钱文海", "稍后 3天 在现场调度")
    await city.say("钱文海", "循环园再稍后1天 还在现场")
    says(city.last("钱文海"), "本轮红灯已用过一次稍后")
