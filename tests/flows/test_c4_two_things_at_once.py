"""A word about a draft and a report in one message; a typed button; what is said beside a question (C2, C4, C5)."""

from __future__ import annotations

import pytest

from .city import City, becomes, lacks, says
from .conftest import OpenCity

AT = "2026-09-22 10:00"


async def plant_drafted(open_city: OpenCity) -> City:
    city = await open_city(AT)
    await city.say("张伟", "污水处理厂累计5300")
    city.mark()
    return city


async def test_c2_cancel_one_and_report_another(open_city: OpenCity) -> None:
    city = await plant_drafted(open_city)
    await city.say("张伟", "取消1，管网累计2100")
    dropped, card = city.heard("张伟")
    says(dropped, "草稿1 已取消")
    says(card, "草稿1", "ZX0032", becomes(1950, 2100))


@pytest.mark.parametrize("said", ["确认，另外灌区累计3400", "确认。灌区累计3400万", "确认！灌区累计3400"])
async def test_c2_confirm_and_report_another(open_city: OpenCity, said: str) -> None:
    city = await plant_drafted(open_city)
    await city.say("张伟", said)
    receipt, card = city.heard("张伟")
    says(receipt, "已入账", becomes(4700, 5300))
    says(card, "JJ0003", becomes(3300, 3400))
    assert (await city.project("ZX0031"))["ytd_wan"] == 5300
    assert (await city.project("JJ0003"))["ytd_wan"] == 3300


async def test_c7_what_cannot_be_confirmed_does_not_keep_the_rest_back(open_city: OpenCity) -> None:
    city = await open_city(AT)
    await city.say("张伟", "实验中学累计3700")
    city.mark()
    await city.say("张伟", "确认，灌区累计3400")
    refused, card = city.heard("张伟")
    says(refused, "需要回复「确认无误」")
    says(card, "JJ0003", becomes(3300, 3400))
    assert (await city.project("ZY0009"))["ytd_wan"] == 2500


async def test_c1_another_figure_for_the_same_project_confirms_nothing(open_city: OpenCity) -> None:
    city = await plant_drafted(open_city)
    await city.say("张伟", "确认，污水处理厂累计5400")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4700
    says(city.last("张伟"), becomes(4700, 5400))


async def test_c2_all_drafts_are_dropped_together(open_city: OpenCity) -> None:
    city = await plant_drafted(open_city)
    await city.say("张伟", "管网累计2100")
    await city.say("张伟", "全部取消")
    city.mark()
    await city.say("张伟", "/草稿")
    says(city.only("张伟"), "没有未确认的草稿")


async def test_c5_the_other_reading_is_typed(open_city: OpenCity) -> None:
    """[改为今年累计] works as text, too."""
    city = await open_city(AT)
    await city.change(
        "update projects set prior_years_fen = 200000000, basis = 'project' where code = 'JJ0003'"
    )
    await city.say("张伟", "青禾灌区累计3700")
    says(city.last("张伟"), "按开工以来累计 3700", becomes(3300, 3500))
    city.mark()
    await city.say("张伟", "改为今年累计")
    says(city.only("张伟"), becomes(3300, 3700), "今年")
    city.mark()
    await city.say("张伟", "改为开工以来累计")
    says(city.only("张伟"), becomes(3300, 3500))
    assert (await city.project("JJ0003"))["ytd_wan"] == 3300


async def test_c4_a_step_of_another_project_is_a_message_of_its_own(open_city: OpenCity) -> None:
    city = await open_city(AT)
    await city.say("张伟", "灌区项目停工了")
    city.mark()
    await city.say("张伟", "管网9月20日竣工")
    says(city.only("张伟"), "ZX0032", "2026-09-20")
    lacks(city.only("张伟"), "没有用上")
    city.mark()
    await city.say("张伟", "灌区累计3350")
    says(city.only("张伟"), "JJ0003", becomes(3300, 3350), "停工")
