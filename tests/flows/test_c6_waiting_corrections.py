"""Corrections that wait: taken back in words, one a project; verbs by a project's name (rules C3, C6, C13, E9)."""

from __future__ import annotations

import pytest

from .city import City, becomes, lacks, says, silent
from .conftest import OpenCity


async def asked_for(city: City, figure: int = 4400) -> None:
    await city.say("张伟", f"ZX0031累计完成{figure}万，因为8月把预付款算进去了")
    await city.say("张伟", "确认")


@pytest.mark.parametrize(
    "said", ["撤回更正", "取消更正", "更正先不报了", "那个更正不要了", "撤回ZX0031的更正", "把更正撤回吧"]
)
async def test_c6_what_waits_is_taken_back_in_words(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-23 09:30")
    await asked_for(city)
    city.mark()
    await city.say("张伟", said, at="2026-09-23 14:00")
    says(city.last("张伟"), "ZX0031 更正申请", "已撤回", "台账仍为 4700")
    says(city.last("孙晓雯"), "已由张伟撤回")
    await city.say("孙晓雯", "同意 ZX0031")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4700


async def test_c6_nobody_else_takes_it_back(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:30")
    await asked_for(city)
    city.mark()
    await city.say("彭倩", "撤回更正")
    silent(city, "孙晓雯", "张伟")
    await city.say("孙晓雯", "同意")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4400


async def test_c6_a_new_one_takes_the_place_of_the_old(open_city: OpenCity) -> None:
    """The administrator is never asked which of two of the same person: the later one is meant."""
    city = await open_city("2026-09-23 09:30")
    await asked_for(city, 4400)
    await asked_for(city, 4500)
    city.mark()
    await city.say("孙晓雯", "/我的")
    says(city.only("孙晓雯"), "4700 → 4500")
    lacks(city.only("孙晓雯"), "4400")
    await city.say("孙晓雯", "同意")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4500
    states = await city.rows("select state from corrections order by id")
    assert [row["state"] for row in states] == ["withdrawn", "approved"]


async def test_c6_two_of_different_people_are_told_apart_on_their_cards(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:30")
    await asked_for(city)
    await city.say("彭倩", "ZX0031累计完成4300万，因为核减设备款")
    await city.say("彭倩", "确认")
    city.mark()
    await city.say("孙晓雯", "同意 ZX0031")
    says(city.only("孙晓雯"), "ZX0031 有 2 件可「同意」", "各自卡片")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4700
    await city.press("孙晓雯", "同意", contains="4300")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4300


async def test_e9_feedback_by_name_goes_to_its_own_project(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 08:31")
    await city.say("张伟", "/反馈 实验中学 厂家供货晚，10月20日累计2800")
    says(city.last("魏然"), "ZY0009", "厂家供货晚，10月20日累计2800")
    await city.say("张伟", "反馈 管网：管材到货晚，10月底累计2400")
    says(city.last("彭倩"), "ZX0032", "管材到货晚")


async def test_e9_feedback_named_for_another_project_is_not_taken_for_the_one_that_waits(
    open_city: OpenCity,
) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/反馈 管网 管材到货晚，10月底累计2400")
    says(city.only("张伟"), "ZX0032 现在没有需要反馈的亮灯")
    silent(city, "彭倩")


@pytest.mark.parametrize(
    ("said", "figure", "why"),
    [
        ("污水处理厂累计4400，8月把预付款算进去了", 4400, "8月把预付款算进去了"),
        ("累计4400万，核减了预付款", 4400, "核减了预付款"),
        ("8月累计报了4650，多报150", 4500, "8月累计报了4650,多报150"),
        ("上次累计4700，把预付款算进去了", 4500, "把预付款算进去了"),
    ],
)
async def test_c6_another_total_with_its_reason_answers_the_question(
    open_city: OpenCity, said: str, figure: int, why: str
) -> None:
    """The figure said last is meant; one that only explains is none (rule C4)."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂累计4500")
    says(city.last("张伟"), "请说明原因")
    await city.say("张伟", said)
    says(city.last("张伟"), becomes(4700, figure), why)
    await city.say("张伟", "确认")
    says(city.last("孙晓雯"), "更正待核", becomes(4700, figure))


@pytest.mark.parametrize(
    "said",
    [
        "/更正ZX0031，4400，原因：8月多报",
        "／更正：ZX0031，累计4400万元，8月多报",
        "更正ZX0031：4400；原因：8月多报",
        "/更正 ZX0031 4,400 原因 8月多报",
    ],
)
async def test_c18_a_correction_with_commas(open_city: OpenCity, said: str) -> None:
    """Project, figure and reason were all given: nothing is asked (rule C4)."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "草稿1", becomes(4700, 4400), "原因:8月多报")


async def test_c4_the_figure_and_its_reason_in_one_answer(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/更正 ZX0031")
    await city.say("张伟", "4400，8月多报")
    says(city.last("张伟"), "草稿1", becomes(4700, 4400), "原因:8月多报")
