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


async def _since_start_recorded(city: City) -> None:
    await city.change("UPDATE projects SET prior_years_fen = 100000000000 WHERE code = 'ZD0115'")
    await city.change(
        "UPDATE projects SET prior_years_fen = 200000000, basis = 'project' WHERE code = 'JJ0003'"
    )


async def test_c5_a_line_of_a_list_says_its_reading_and_offers_the_other(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00", _since_start_recorded)
    await city.say("张伟", "青禾灌区累计3650，管网累计2100")
    says(city.last("张伟"), becomes(3300, 3450), "按开工以来累计 3650 万元理解", "「①改为今年累计」")
    await city.say("张伟", "①改为今年累计")
    says(city.last("张伟"), becomes(3300, 3650), "今年累计,开工以来 3850 万元")


async def test_c7_the_total_since_the_start_is_named(open_city: OpenCity) -> None:
    """148000 alone is below the total of 240000; what is above it is said."""
    city = await open_city("2026-09-22 10:00", _since_start_recorded)
    await city.say("吴迪", "云白快速累计14.8亿")
    await city.press("吴迪", "改为今年累计")
    says(city.last("吴迪"), "开工以来 248000 万元", "超过总投资 240000 万元", "不能入账")


async def test_c7_a_slip_that_leaves_a_figure_above_the_plan_is_suggested_too(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "ZX0031累计81000万")
    says(city.last("张伟"), "是否应为 8100 万元")
    await city.say("张伟", "是")
    says(city.last("张伟"), becomes(4700, 8100), "「请核对单位」")
    await city.say("张伟", "取消")
    await city.say("张伟", "污水处理厂累计55000000")
    says(city.last("张伟"), "超过总投资 15600 万元", "是否应为 5500 万元")


async def test_c6_a_period_that_makes_less_shows_the_sum(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "ZX0031累计5000")
    await city.say("张伟", "确认")
    await city.say("张伟", "ZX0031本周完成60")
    says(city.last("张伟"), "本周完成 60", "8月末累计 4700", "4760", "少 240 万元")


async def test_c5_a_month_and_a_total_are_told_apart_when_the_month_is_over_too(open_city: OpenCity) -> None:
    """「8月份累计完成3400」 in September: the year's figure at the end of August, or what August brought."""
    city = await open_city("2026-09-28 09:00")
    await city.say("张伟", "灌区8月份累计完成3400万")
    says(city.last("张伟"), "3400 万元是「累计完成」还是「8月份完成」？")
    await city.say("张伟", "累计")
    says(city.last("张伟"), "3300 → 3400", "截至 08-31")
    await city.say("张伟", "取消")
    await city.say("张伟", "灌区8月份累计完成100万")
    await city.press("张伟", "8月份完成")
    says(city.last("张伟"), "「8月份完成 100」不能折算")  # no figure of the end of July
    await city.say("张伟", "取消")
    await city.say("张伟", "灌区上月累计3400万")
    says(city.last("张伟"), "是「累计完成」还是「上月完成」？")


async def test_c5_d6_december_told_in_january_is_asked_as_well(open_city: OpenCity) -> None:
    """3300 + 3700 would have been taken for the year."""
    city = await open_city("2027-01-04 09:00")
    await city.say("张伟", "灌区12月累计完成3700万")
    says(city.last("张伟"), "3700 万元是「累计完成」还是「2026年12月完成」？")
    await city.say("张伟", "累计")
    says(city.last("张伟"), "3300 → 3700", "计入 2026 年")
    await city.say("张伟", "取消")
    await city.say("张伟", "灌区12月累计完成370万")
    await city.say("张伟", "2026年12月完成")
    says(city.last("张伟"), "2026年12月完成 370", "3300 → 3670")
