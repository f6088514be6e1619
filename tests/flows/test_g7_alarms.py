"""紧急 at night in the words of who stands there: one card, one 确认, at once to 综合专班负责人 (rules G7, A3, C8)."""

from __future__ import annotations

import pytest

from .city import lacks, says, silent
from .conftest import OpenCity

ABOVE = ("沈国栋", "郑海峰")


@pytest.mark.parametrize(
    ("said", "project", "told"),
    [
        ("紧急：ZX0031沉淀池基坑塌方，人员已撤离，请求支援", "ZX0031", "沉淀池基坑塌方，人员已撤离"),
        ("紧急 灌区渠首闸漫堤", "JJ0003", "渠首闸漫堤"),
        ("紧急报告：污水处理厂沼气泄漏，2人受伤已送医", "ZX0031", "沼气泄漏，2人受伤已送医"),
        ("【紧急】实验中学脚手架垮塌，已停工", "ZY0009", "脚手架垮塌，已停工"),
    ],
)
async def test_g7_one_card_with_all_that_was_told(
    open_city: OpenCity, said: str, project: str, told: str
) -> None:
    city = await open_city("2026-10-03 22:50")
    await city.say("张伟", said)
    says(city.only("张伟"), "问题草稿1", project, "紧急", f"问题：{told}")
    city.mark()
    await city.say("张伟", "确认")
    says(city.only("张伟"), "W0191 已登记", "即时报陈立新")
    says(city.only("陈立新"), "上报紧急问题 W0191", project, told)
    for leader in ABOVE:
        silent(city, leader)
    city.mark()
    await city.say("陈立新", "按一般处理 W0191")
    says(city.only("张伟"), "陈立新决定 W0191 按一般处理")
    for leader in ABOVE:
        silent(city, leader)


async def test_g7_a_figure_does_not_swallow_the_alarm(open_city: OpenCity) -> None:
    city = await open_city("2026-10-03 22:50")
    await city.say("张伟", "【紧急】实验中学脚手架垮塌，今年累计投资2600万")
    cards = [one.text for one in city.heard("张伟")]
    assert len(cards) == 2
    assert "问题草稿1" in cards[0]
    assert "2500 → 2600" in cards[1]
    await city.say("张伟", "确认 1")
    says(city.last("陈立新"), "上报紧急问题", "脚手架垮塌")
    assert (await city.project("ZY0009"))["ytd_wan"] == 2500


async def test_g7_the_project_is_asked_for_and_not_refused(open_city: OpenCity) -> None:
    city = await open_city("2026-10-03 22:50")
    await city.say("李娜", "紧急，二期道路塌方，有人被困")
    says(city.only("李娜"), "二期道路塌方", "是哪个项目")
    await city.say("李娜", "循环园")
    await city.say("李娜", "确认")
    says(city.last("陈立新"), "李娜(白石县)上报紧急问题", "ZD0108", "二期道路塌方，有人被困")


async def test_b4_an_alarm_about_anothers_project(open_city: OpenCity) -> None:
    city = await open_city("2026-10-03 22:50")
    await city.say("李娜", "紧急：ZX0031塌方")
    says(city.only("李娜"), "未找到，或您无权查看")
    silent(city, "陈立新")


@pytest.mark.parametrize("said", ["紧急通知：明天下午开会", "有哪些紧急事项", "紧急"])
async def test_g7_what_is_no_alarm(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-10-03 22:50")
    await city.say("李娜", said)
    lacks(city.only("李娜"), "问题草稿")
