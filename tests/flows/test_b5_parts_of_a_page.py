"""/查 and /亮灯 with a further word: a part of a project's page, lights of a place (rules B4, B5, C3, C18)."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity

AT = "2026-09-22 10:00"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("/查 循环园 上报记录", "ZD0108 上报记录"),
        ("/查 循环园的历史", "ZD0108 历史"),
        ("/查 ZD0108 在办问题", "W0186"),
        ("/查 循环园 进度", "今年累计 8600/20000"),
    ],
)
async def test_s16_a_part_of_a_page_is_asked_for_in_words(open_city: OpenCity, asked: str, told: str) -> None:
    city = await open_city(AT)
    await city.say("钱文海", asked)
    says(city.only("钱文海"), told)
    city.mark()
    await city.say("张伟", asked)
    says(city.only("张伟"), "未找到,或您无权查看")


async def test_c3_several_projects_are_a_choice_here_too(open_city: OpenCity) -> None:
    city = await open_city(AT)
    await city.say("张伟", "/查 城南污水 上报记录")
    says(city.only("张伟"), "1 ZX0031", "2 ZX0032")


async def test_b5_a_part_that_does_not_belong_into_the_group_goes_to_the_asker(open_city: OpenCity) -> None:
    city = await open_city(AT)
    await city.say("孙晓雯", "/查 循环园 上报记录", group="青禾县")
    says(city.only("青禾县"), "其余内容已私聊发您")
    lacks(city.only("青禾县"), "ZD0108", "8600")
    says(city.only("孙晓雯"), "ZD0108 上报记录", "8600")


async def test_e15_lights_of_a_place_and_of_two_colours(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 10:00")
    await city.say("孙晓雯", "/亮灯 红黄")
    says(city.only("孙晓雯"), "红 1 黄 1 绿 0", "ZD0108", "ZX0031")
    city.mark()
    await city.say("孙晓雯", "/亮灯 黄 青禾县")
    says(city.only("孙晓雯"), "ZX0031")
    lacks(city.only("孙晓雯"), "ZD0108", "ZX0032")
    answers = []
    for place in ("青禾县", "火星县"):
        city.mark()
        await city.say("李娜", f"/亮灯 {place}")
        answers.append(city.only("李娜").text.replace(place, ""))
    assert answers[0] == answers[1]
