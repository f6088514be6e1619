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


@pytest.mark.parametrize("said", ["/查 W0190", "W0190卡在哪", "/查 W0190 流程", "/查 铁路桥"])
async def test_b5_an_item_of_elsewhere_goes_to_the_asker(open_city: OpenCity, said: str) -> None:
    city = await open_city(AT)
    await city.say("孙晓雯", said, group="白石县")
    says(city.only("白石县"), "其余内容已私聊发您")
    lacks(city.only("白石县"), "W0190", "铁路")
    says(city.only("孙晓雯"), "W0190")
    city.mark()
    await city.say("李娜", said, group="白石县")
    says(city.only("白石县"), "未找到,或您无权查看")


async def test_b8_a_restricted_item_is_not_hinted_at_in_a_group(open_city: OpenCity) -> None:
    city = await open_city(AT)
    await city.say("周敏", "/问题 受限 ZX0031 专项债资金被挪用，请财政局核查")
    await city.say("周敏", "确认")
    city.mark()
    await city.say("陈立新", "/查 W0191")
    says(city.only("陈立新"), "W0191")
    city.mark()
    await city.say("陈立新", "/查 W0191", group="白石县")
    says(city.only("白石县"), "未找到,或您无权查看")
    assert city.heard("陈立新") == []


async def test_b5_two_projects_asked_for_at_once(open_city: OpenCity) -> None:
    """Each gets its page; in a group what belongs there, the other goes to the asker; none is dropped in silence."""
    city = await open_city(AT)
    await city.say("孙晓雯", "循环园和城南污水处理厂现在多少")
    assert [("ZD0108" in one.text, "ZX0031" in one.text) for one in city.heard("孙晓雯")] == [
        (True, False),
        (False, True),
    ]
    city.mark()
    await city.say("孙晓雯", "循环园和城南污水处理厂现在多少", group="白石县")
    shown, more = city.heard("白石县")
    says(shown, "ZD0108")
    says(more, "其余内容已私聊发您")
    lacks(more, "未找到", "ZX0031")
    says(city.only("孙晓雯"), "ZX0031")


async def test_b4_the_one_of_two_that_is_not_theirs(open_city: OpenCity) -> None:
    city = await open_city(AT)
    answers = []
    for other in ("ZD0108", "ZX9999"):
        city.mark()
        await city.say("张伟", f"/查 ZX0031、{other}")
        assert "ZX0031" in city.heard("张伟")[0].text
        answers.append([one.text.replace(other, "") for one in city.heard("张伟")])
    assert answers[0] == answers[1]
    says(city.last("张伟"), "未找到,或您无权查看")


async def test_b5_a_report_of_elsewhere_is_a_card_in_private(open_city: OpenCity) -> None:
    city = await open_city(AT)
    await city.say("孙晓雯", "ZX0031累计5300", group="白石县")
    says(city.only("白石县"), "其余内容已私聊发您")
    lacks(city.only("白石县"), "ZX0031", "5300")
    says(city.only("孙晓雯"), "草稿1", "ZX0031", "5300")
    city.mark()
    await city.say("李娜", "ZX0031累计5300", group="白石县")
    says(city.only("白石县"), "未找到,或您无权查看")
