"""市领导 in plain words: what is no 批示 is shown as one; 已阅, questions of an item (rules B4, C16, E10, G4)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says, silent
from .conftest import OpenCity


async def _raised(city: City) -> None:
    await city.say("陈立新", "提级 W0190")


async def test_g4_an_order_without_the_word_is_shown_as_one(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:00", _raised)
    city.mark()
    await city.say("郑海峰", "请交通局月底前拿出方案")
    shown = city.only("郑海峰")
    says(shown, "请回：批示 W0190 请交通局月底前拿出方案")
    lacks(shown, "草稿", "哪个项目")
    silent(city, "吴迪", "陈立新")
    await city.say("郑海峰", "批示 W0190 请交通局月底前拿出方案")
    says(city.last("吴迪"), "批示任务", "W0191")


async def test_e10_read_is_for_red_lights(open_city: OpenCity) -> None:
    """Not the words for what does not exist, of an item he sees (B4)."""
    city = await open_city("2026-09-23 09:00", _raised)
    for said in ("W0190已阅", "已阅 W0190"):
        await city.say("郑海峰", said)
        says(city.last("郑海峰"), "W0190", "批示")
        lacks(city.last("郑海峰"), "未找到")
    await city.say("郑海峰", "已阅 W0999")
    says(city.last("郑海峰"), "未找到，或您无权查看")


@pytest.mark.parametrize("asked", ["W0190 谁批示的", "W0190怎么办", "W0190是什么问题？"])
async def test_c16_a_short_question_is_no_feedback(open_city: OpenCity, asked: str) -> None:
    city = await open_city("2026-09-23 09:00")
    city.mark()
    await city.say("吴迪", asked)
    says(city.only("吴迪"), "W0190", "跨既有铁路桥梁方案")
    lacks(city.only("吴迪"), "草稿")


@pytest.mark.parametrize("said", ["先按一般处理", "那就按一般处理", "按一般处理吧"])
async def test_g7_decided_in_passing(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-10-05 23:10")
    await city.say("李娜", "紧急，循环园边坡塌了，两个人受伤")
    await city.say("李娜", "确认")
    city.mark()
    await city.say("陈立新", said)
    says(city.last("李娜"), "陈立新决定 W0191 按一般处理")
    silent(city, "沈国栋", "郑海峰")


async def test_c18_an_instruction_without_a_space(open_city: OpenCity) -> None:
    """Rules C18 E10 G4: 「批示请…」 on a red light, and on an item that waits."""
    city = await open_city("2026-09-29 14:00")
    await city.say("钱文海", "批示请李娜10月8日前拿出赶工方案")
    says(city.last("李娜"), "钱文海", "批示", "请李娜10月8日前拿出赶工方案")
    assert await city.rows("SELECT id FROM drafts") == []
    await _raised(city)
    await city.say("郑海峰", "批示请交通局10月12日前拿出方案")
    says(city.last("吴迪"), "批示任务", "W0191")


@pytest.mark.parametrize("said", ["把ZD0108调成黄灯", "请把循环园改成绿灯"])
async def test_e14_another_light_wished_for(open_city: OpenCity, said: str) -> None:
    """Rules B10 E14: no progress of the project; the answer names who decides."""
    city = await open_city("2026-10-15 09:00")
    city.mark()
    await city.say("李娜", said)
    says(city.only("李娜"), "综合专班负责人")
    assert await city.rows("SELECT id FROM drafts") == []
    assert (await city.project("ZD0108"))["light"] != "绿"
