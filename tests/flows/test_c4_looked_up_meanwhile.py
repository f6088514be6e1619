"""A code is looked up while something else is asked for; words with their head alone (rules B4, C4, C18)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, offers, says
from .conftest import OpenCity


@pytest.mark.parametrize("said", ["zx0031", "查0031", "查一下 0031", "ＺＸ００３１"])
async def test_c4_a_code_is_looked_up_while_a_question_is_open(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "灌区完成3520")
    city.mark()
    await city.say("张伟", said)
    says(city.only("张伟"), "ZX0031", "今年累计 4700/8000 万元")
    await city.say("张伟", "累计")  # the question is still open
    says(city.last("张伟"), "JJ0003", becomes(3300, 3520))


async def test_c4_a_code_is_no_reason(open_city: OpenCity) -> None:
    """「zx0031」 is not the 依据 of an adjustment."""
    city = await open_city("2026-09-22 10:00")
    await city.say("陈立新", "调灯 ZX0031 绿 到10月10日 原因 设备已到")
    says(city.last("陈立新"), "依据")
    await city.say("陈立新", "zx0031")
    says(city.last("陈立新"), "今年累计 4700/8000 万元")
    await city.say("陈立新", "文号 云攻坚〔2026〕9号")
    says(city.last("陈立新"), "ZX0031", "10-10")


@pytest.mark.parametrize("said", ["查0108", "查9999"])
async def test_b4_figures_of_a_code_that_is_not_the_askers(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    city.mark()
    await city.say("张伟", said)
    says(city.only("张伟"), "未找到，或您无权查看")
    lacks(city.last("张伟"), "循环")


async def test_c4_a_problem_without_its_project_is_asked_for_it(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    city.mark()
    await city.say("李娜", "问题：北侧30亩征地没完成")
    says(city.only("李娜"), "问题草稿1", "北侧30亩征地没完成", "是哪个项目")
    await city.say("李娜", "循环园")
    card = city.last("李娜")
    says(card, "ZD0108", "北侧30亩征地没完成")
    offers(card, "确认", "取消")


async def test_c18_problems_without_the_slash(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "问题")
    says(city.last("李娜"), "在办问题 1", "W0186")
    await city.say("李娜", "审计")
    says(city.last("李娜"), "/审计 ZX0031")
