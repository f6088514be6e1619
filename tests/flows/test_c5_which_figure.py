"""Answers to 「累计还是本月」, and changing one's mind about it (rules C4, C5)."""

from __future__ import annotations

import pytest

from .city import City, becomes, lacks, says
from .conftest import OpenCity


async def _asked(city: City) -> None:
    await city.say("张伟", "管网完成2100")
    says(city.last("张伟"), "累计完成", "本月完成")


@pytest.mark.parametrize("said", ["不是本月的，是累计", "是累计，不是这个月", "今年的，不是本月"])
async def test_c5_what_is_denied_is_not_taken(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00", _asked)
    await city.say("张伟", said)
    says(city.last("张伟"), becomes(1950, 2100), "累计完成投资（今年）")
    lacks(city.last("张伟"), "本月完成")


@pytest.mark.parametrize("said", ["对了本月例会改到周五了", "今年的报表什么时候交"])
async def test_c4_words_that_name_a_time_of_something_else_answer_nothing(
    open_city: OpenCity, said: str
) -> None:
    city = await open_city("2026-09-22 10:00", _asked)
    await city.say("张伟", said)
    says(city.last("张伟"), "没有用上", "ZX0032")
    await city.say("张伟", "累计")
    says(city.last("张伟"), becomes(1950, 2100))


async def test_c4_news_of_another_project_are_not_the_answer(open_city: OpenCity) -> None:
    """They become a draft of their own; the open question waits for its answer."""
    city = await open_city("2026-09-22 10:00", _asked)
    await city.say("张伟", "实验中学本月搞完了主体三层")
    says(city.last("张伟"), "ZY0009", "累计完成投资是多少")
    await city.say("张伟", "2600")
    says(city.last("张伟"), "草稿2", becomes(2500, 2600), "主体三层")
    await city.say("张伟", "/草稿")
    says(city.last("张伟"), "草稿1", "草稿2")
    assert (await city.project("ZX0032"))["ytd_wan"] == 1950


async def test_c4_a_question_about_another_project_is_not_the_answer(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00", _asked)
    await city.say("张伟", "实验中学今年累计多少了")
    says(city.last("张伟"), "ZY0009", "2500/3600")


@pytest.mark.parametrize("said", ["改成累计", "是累计，不是本月", "应该是累计完成的"])
async def test_c5_another_basis_for_the_figure_on_the_card(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00", _asked)
    await city.say("张伟", "本月")
    says(city.last("张伟"), becomes(1950, 4050), "请核对单位")
    await city.say("张伟", said)
    says(city.last("张伟"), becomes(1950, 2100))
    await city.say("张伟", "确认")
    assert (await city.project("ZX0032"))["ytd_wan"] == 2100
