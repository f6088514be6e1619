"""How feedback on a light and 提级建议 are ruled on in other words than the buttons' (rules B10, C16, C18, E9, E12)."""

from __future__ import annotations

import pytest

from .city import City, says, silent
from .conftest import OpenCity

ASKED = "2026-09-22 10:00"
PROPOSED = "2026-10-15 09:00"


async def _submitted(city: City) -> None:
    await city.say("张伟", "/反馈 ZX0031 设备晚到，10月18日追平")
    city.mark()


@pytest.mark.parametrize("said", ["同意", "同意 ZX0031", "通过 ZX0031", "同意采纳", "ZX0031反馈予以采纳"])
async def test_e9_accepted_in_other_words(open_city: OpenCity, said: str) -> None:
    city = await open_city(ASKED)
    await _submitted(city)
    await city.say("彭倩", said)
    says(city.only("彭倩"), "已采纳 ZX0031")
    says(city.only("张伟"), "彭倩已采纳")


@pytest.mark.parametrize(
    "said", ["不采纳 ZX0031 没有每周目标", "不同意，没有每周目标", "不通过 ZX0031 没有每周目标"]
)
async def test_e9_returned_in_other_words(open_city: OpenCity, said: str) -> None:
    city = await open_city(ASKED)
    await _submitted(city)
    await city.say("彭倩", said)
    says(city.only("张伟"), "彭倩退回 ZX0031 黄灯反馈：没有每周目标")


async def test_b10_others_are_told_who_rules(open_city: OpenCity) -> None:
    city = await open_city(ASKED)
    await _submitted(city)
    for who in ("张伟", "冯国强"):
        city.mark()
        await city.say(who, "同意 ZX0031")
        says(city.only(who), "不能采纳 ZX0031", "彭倩")
    [feedback] = await city.rows("SELECT state FROM light_feedbacks WHERE text LIKE '设备晚到%'")
    assert feedback["state"] == "submitted"


@pytest.mark.parametrize("said", ["收到黄灯预警", "黄灯提醒已收到"])
async def test_e9_who_has_only_received_it_hears_what_is_wanted(open_city: OpenCity, said: str) -> None:
    city = await open_city(ASKED)
    city.mark()
    await city.say("张伟", said)
    says(city.only("张伟"), "ZX0031 黄灯请于 09-28 18:00 前反馈", "/反馈 ZX0031")
    assert not await city.rows("SELECT id FROM drafts")


@pytest.mark.parametrize("said", ["ZD0108 暂不提级，集聚区已立军令状", "不提级 ZD0108 集聚区已立军令状"])
async def test_e12_not_raised_with_a_reason(open_city: OpenCity, said: str) -> None:
    city = await open_city(PROPOSED)
    city.mark()
    await city.say("陈立新", said)
    says(city.only("陈立新"), "ZD0108 不提级：集聚区已立军令状")
    silent(city, "郑海峰")


@pytest.mark.parametrize("who", ["孙晓雯", "李娜"])
async def test_b10_only_the_head_decides_on_raising(open_city: OpenCity, who: str) -> None:
    city = await open_city(PROPOSED)
    city.mark()
    await city.say(who, "同意提级 ZD0108")
    says(city.only(who), "不能同意提级 ZD0108", "综合专班负责人")
    silent(city, "郑海峰")


async def test_e12_raising_a_project_names_the_way(open_city: OpenCity) -> None:
    city = await open_city(PROPOSED)
    city.mark()
    await city.say("陈立新", "/提级 ZD0108")
    says(city.only("陈立新"), "/提级 W0190 2级", "同意提级 ZD0108")
    await city.say("李娜", "/提级 ZX0031")
    says(city.only("李娜"), "未找到，或您无权查看")
