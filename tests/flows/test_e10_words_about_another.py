"""批示 and 稍后 that name a project go to that project, whichever was read last (rules E10, E11, C3)."""

from __future__ import annotations

import pytest

from .city import City, says, silent
from .conftest import OpenCity


async def _red_and_yellow(city: City) -> None:
    """赵永年 has one red light (ZX0031) and yellow ones, ZX0032 among them."""
    await city.clock("2026-12-01 09:00")


async def test_e10_words_go_to_the_project_they_begin_with(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 07:00", _red_and_yellow)
    await city.say("赵永年", "已阅")
    says(city.last("赵永年"), "已记录")
    city.mark()
    await city.say("赵永年", "批示 城南管网请住建局本周内拿方案")
    says(city.only("赵永年"), "批示已记录", "ZX0032")
    says(city.only("张伟"), "ZX0032", "黄灯", "城南管网请住建局本周内拿方案")


async def test_e10_a_project_mentioned_in_passing_is_asked_about(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 07:00", _red_and_yellow)
    city.mark()
    await city.say("赵永年", "批示 请参照城南管网的做法，本周拿出方案")
    says(city.only("赵永年"), "ZX0032", "请写明编号", "ZX0031")
    silent(city, "张伟")
    assert not await city.rows("SELECT id FROM instructions")
    await city.say("赵永年", "批示 ZX0031 请参照城南管网的做法，本周拿出方案")
    says(city.only("张伟"), "ZX0031", "红灯")


async def test_e10_a_city_leader_names_the_project(open_city: OpenCity) -> None:
    """He leads no unit: the name alone says which light is meant (rule B10)."""
    city = await open_city("2026-09-28 09:00")
    city.mark()
    await city.say("沈国栋", "批示 循环园国庆不停工")
    says(city.only("沈国栋"), "批示已记录", "ZD0108")
    says(city.only("李娜"), "沈国栋 批示", "循环园国庆不停工")
    await city.say("沈国栋", "批示 抓紧")
    says(city.last("沈国栋"), "没有写批示哪个项目", "ZD0108、ZX0031", "例：批示 ZD0108 请本周内拿出赶工方案")
    await city.say("沈国栋", "批示 ZD0108 请本周内拿出赶工方案")
    says(city.last("沈国栋"), "批示已记录", "ZD0108")


async def test_e10_what_to_write_is_asked_for(open_city: OpenCity) -> None:
    """The answer is the 批示, not a problem of its own (rule C4)."""
    city = await open_city("2026-09-22 10:00")
    await city.say("郑海峰", "/批示 ZX0031")
    says(city.last("郑海峰"), "ZX0031 的批示还没有内容", "例：请本周内拿出赶工方案")
    await city.say("郑海峰", "请每周一报进度")
    says(city.last("郑海峰"), "批示已记录", "ZX0031", "张伟")
    says(city.last("张伟"), "郑海峰 批示", "请每周一报进度")
    assert not await city.rows("SELECT id FROM drafts WHERE kind = 'problem'")


@pytest.mark.parametrize("said", ["污水厂稍后三天，我在现场", "稍后 污水厂 3天 我在现场"])
async def test_e11_later_with_the_projects_name(open_city: OpenCity, said: str) -> None:
    """三个工作日 from 12-01 end on 12-04."""
    city = await open_city("2026-10-08 07:00", _red_and_yellow)
    city.mark()
    await city.say("赵永年", said)
    says(city.only("赵永年"), "12-07 起恢复提醒", "反馈截止")
    assert not await city.rows(
        "SELECT id FROM drafts WHERE author_id = (SELECT id FROM people WHERE name = '赵永年')"
    )
