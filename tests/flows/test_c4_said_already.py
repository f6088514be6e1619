"""What the report said already is not asked for again, and no line of a list is dropped (rules C4, C5, C6, C8)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("ZX0031累计完成4400万，因为8月把预付款算进去了", "8月把预付款算进去了"),
        ("ZX0031今年累计4400万，原因：又核减一笔设备款", "又核减一笔设备款"),
        ("ZX0031累计完成4400万，8月多报了300万预付款", "8月多报了300万预付款"),
        ("ZX0031累计完成4400万（8月把预付款算进去了，多报300万）", "8月把预付款算进去了，多报300万"),
        ("ZX0031今年累计4400万,审计核减300万", "审计核减300万"),
    ],
)
async def test_c6_a_reason_given_with_the_figure_is_taken(
    open_city: OpenCity, said: str, reason: str
) -> None:
    city = await open_city("2026-09-23 09:30")
    await city.say("张伟", said)
    says(city.only("张伟"), "草稿1", becomes(4700, 4400), f"原因：{reason}", "报综合专班核")
    lacks(city.only("张伟"), "形象进度", "请说明原因")
    await city.say("张伟", "确认")
    says(city.last("孙晓雯"), "更正待核", becomes(4700, 4400), reason)
    assert (await city.project("ZX0031"))["ytd_wan"] == 4700


@pytest.mark.parametrize("said", ["ZX0031累计4400万，主体结构封顶", "ZX0031累计4400万，9月设备进场"])
async def test_c6_news_are_no_reason(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-23 09:30")
    await city.say("张伟", said)
    says(city.only("张伟"), "请说明原因")


async def test_c6_a_higher_figure_keeps_its_words_as_progress(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:30")
    await city.say("张伟", "ZX0031累计5000万，审计核减的部分已补齐")
    lacks(city.only("张伟"), "原因：")
    says(city.only("张伟"), becomes(4700, 5000))


async def test_c5_a_month_behind_a_cumulative_figure_is_its_cut_off(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "ZX0031累计完成4800万（8月）")
    says(city.only("张伟"), becomes(4700, 4800), "截至 08-31")


@pytest.mark.parametrize(
    "said",
    [
        "污水处理厂和管网分别累计5300万、2100万",
        "污水处理厂、管网今年分别完成5300万、2100万",
        "污水处理厂、管网累计分别完成5300万和2100万",
    ],
)
async def test_c5_one_word_for_two_figures_holds_for_both(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "ZX0031", becomes(4700, 5300), "ZX0032", becomes(1950, 2100))
    lacks(city.only("张伟"), "还是")


async def test_c8_a_listed_project_without_a_figure_is_asked_about(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", "今天进展：1、污水处理厂今年累计5300；2、灌区进展顺利；3、管网累计2100")
    says(city.only("张伟"), "共3项", "② JJ0003 累计完成投资是多少万元", "③ ZX0032", becomes(1950, 2100))
    city.mark()
    await city.say("张伟", "确认")
    says(city.only("张伟"), "ZX0031 4700 → 5300", "ZX0032 1950 → 2100", "② JJ0003 累计完成投资是多少万元")
    await city.say("张伟", "无变化")
    await city.say("张伟", "确认")
    project = await city.project("JJ0003")
    assert (project["ytd_wan"], project["last_report_on"]) == (3300, "2026-09-22")


async def test_c8_lines_are_answered_by_their_numbers(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", "1.管网今年累计2100 2.灌区正常推进 3.实验中学正常施工")
    await city.say("张伟", "③2600")
    says(city.last("张伟"), "② JJ0003 累计完成投资是多少万元", becomes(2500, 2600))
    await city.say("张伟", "2、3400")
    says(city.last("张伟"), becomes(3300, 3400), becomes(2500, 2600))
    lacks(city.last("张伟"), "是多少万元")


async def test_c8_several_numbered_answers_in_one_message(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", "1.管网今年累计2100 2.灌区正常推进 3.实验中学正常施工")
    await city.say("张伟", "②没有变化；③2600")
    says(city.last("张伟"), "② JJ0003", "投资无变化", becomes(2500, 2600))


@pytest.mark.parametrize("answer", ["1900 原因 上次多报50万", "应为1900 因为上次多报50万"])
async def test_a_figure_and_its_reason_with_a_blank_between(open_city: OpenCity, answer: str) -> None:
    """As `/更正 ZX0032 1900 原因 …` is written, so the answer to what it asks for may be."""
    city = await open_city("2026-09-22 10:14")
    await city.say("张伟", "/更正 ZX0032")
    says(city.last("张伟"), "累计完成投资是多少")
    await city.say("张伟", answer)
    says(city.last("张伟"), "1950 → 1900", "原因：上次多报50万", "报综合专班核")
    await city.say("张伟", "取消")


async def test_a_figure_with_other_words_behind_it_is_still_waited_for(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:14")
    await city.say("张伟", "/更正 ZX0032")
    await city.say("张伟", "2000 下午几点开会")
    says(city.last("张伟"), "没有用上", "仍在等 ZX0032")
