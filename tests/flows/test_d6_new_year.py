"""What is told after the turn of a year: the old year's figure, and lights without a plan (rules D6, E5, E12, G2)."""

from __future__ import annotations

import re

import pytest

from .city import amount, labelled, lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize("asked", ["/查 ZX0032", "2026年管网完成多少", "去年管网累计多少"])
async def test_d6_a_question_about_the_old_year_shows_its_figure(open_city: OpenCity, asked: str) -> None:
    city = await open_city("2027-01-04 09:00")
    await city.say("张伟", asked)
    page = city.only("张伟")
    says(page, labelled("今年累计", 0), labelled("2026年累计", 1950), amount("65.00"), "2026-08-31")


async def test_d6_a_late_december_figure_shows_in_the_old_year(open_city: OpenCity) -> None:
    city = await open_city("2027-01-04 09:00")
    await city.say("张伟", "管网12月底累计2600")
    await city.say("张伟", "确认")
    city.mark()
    await city.say("张伟", "/查 ZX0032")
    says(city.only("张伟"), labelled("今年累计", 0), labelled("2026年累计", 2600), "2026-12-31")


async def test_e5_a_light_that_got_better_names_what_keeps_it_yellow(open_city: OpenCity) -> None:
    """Without a plan for 2027 there is no 投资灯; what is left is 未更新."""
    city = await open_city("2026-12-31 17:00")
    await city.clock("2027-01-01 08:35")
    says(
        city.only("钱文海"),
        re.compile(r"ZD0108[^\n]*红→黄灯[^\n]*未更新[^\n]*123天[^\n]*2027年尚无年度计划,暂无投资灯"),
    )


async def test_e12_a_proposal_says_why_the_light_is_red(open_city: OpenCity) -> None:
    """ZD0120 is red for its completion date alone when the tenth red day falls into the new year."""
    city = await open_city("2026-12-31 17:00")
    await city.clock("2027-01-01 08:35")
    [draft] = [one for one in city.heard("陈立新") if "ZD0120" in one.text]
    says(draft, "提级建议", "问题症结", re.compile("2026-10-31竣工,已超62天"))
    lacks(draft, "差距")
