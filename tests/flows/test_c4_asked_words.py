"""Words that a button or command asks for: where they may be given, and that they may be refused (rules C4, C16)."""

from __future__ import annotations

import pytest

from .city import says
from .conftest import OpenCity
from .test_s38_county import asked
from .test_s40_vice_mayor import WORDS, raised, tasks
from .told import one_about

GROUP = "综合专班"


@pytest.mark.parametrize("said", ["取消", "算了", "先不退", "不退了。"])
async def test_g6_a_request_is_not_sent_back_because_of_a_withdrawal(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 08:40")
    await asked(city)
    await city.press("陈立新", "退回县级", contains="县W0045")
    city.mark()
    await city.say("陈立新", said)
    says(city.only("陈立新"), "县W0045 已取消本次操作，未作记录")
    await city.press("陈立新", "受理", contains="县W0045")
    assert (await city.item("W0191"))["level"] == 1


async def test_c4_no_reason_is_asked_for_once_the_request_is_taken(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 08:40")
    await asked(city)
    await city.press("陈立新", "退回县级", contains="县W0045")
    await city.press("陈立新", "受理", contains="县W0045")
    assert await city.rows("SELECT kind FROM questions") == []


async def test_m1_topics_are_not_sent_back_because_of_a_withdrawal(open_city: OpenCity) -> None:
    city = await raised(open_city)
    await city.clock("2026-09-28 10:00")
    await city.say("孙晓雯", "/会议 报市攻坚办")
    await city.press("陈立新", "退回议题", contains="专题会议")
    city.mark()
    await city.say("陈立新", "点错了")
    says(city.only("陈立新"), "9月专题 已取消本次操作，未作记录")
    await city.press("陈立新", "同意议题", contains="专题会议")
    assert (await city.item("W0190"))["level"] == 3


async def test_c4_what_is_asked_privately_is_answered_privately(open_city: OpenCity) -> None:
    """The gaps of a 批示 that was typed in a group are asked of the writer alone: the answer comes there."""
    city = await raised(open_city)
    city.mark()
    await city.say("郑海峰", "/批示 W0190 本周内赴铁路局对接", group=GROUP)
    says(city.only("郑海峰"), "承办单位")
    await city.say("郑海峰", "市交通运输局")
    [task] = await tasks(city)
    assert (task["unit"], task["person"]) == ("市交通运输局", "吴迪")


async def test_c4_what_is_asked_in_a_group_is_answered_there(open_city: OpenCity) -> None:
    city = await raised(open_city)
    city.mark()
    await city.say("郑海峰", "/批示 W0190", group=GROUP)
    says(city.only(GROUP), "请回复批示内容", "W0190")
    await city.say("郑海峰", WORDS, group=GROUP)
    assert [one["unit"] for one in await tasks(city)] == ["市交通运输局"]


async def test_m1_minutes_are_pasted_where_they_were_asked_for(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 15:00")
    city.mark()
    await city.say("孙晓雯", "/纪要 9月22日协调会", group=GROUP)
    says(city.only(GROUP), "9月22日协调会")
    await city.say(
        "孙晓雯",
        "一、请市林业局9月30日前完成循环园林地组卷。二、供电公司尽快解决SG0012临时用电。",
        group=GROUP,
    )
    card = one_about(city, "孙晓雯", "拟任务 2")
    says(card, "「缺时限」")
    await city.say("孙晓雯", "②10月12日")
    assert "「缺时限」" not in city.last("孙晓雯").text
