"""Several things said of the lines of one card at once, and answers that come late (rules C1, C4, C8)."""

from __future__ import annotations

import pytest

from .city import City, becomes, lacks, says
from .conftest import OpenCity

FOUR = "1.污水处理厂累计5300；2.管网累计2100；3.灌区累计3400；4.实验中学累计2700"


async def ledger(city: City) -> list[int]:
    return [(await city.project(code))["ytd_wan"] for code in ("ZX0031", "ZX0032", "JJ0003", "ZY0009")]


async def test_c8_lines_named_together_get_one_receipt(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", FOUR)
    city.mark()
    await city.say("张伟", "1和3确认")
    says(city.only("张伟"), "①③ 已入账", "② ZX0032 待确认", "④ ZY0009 待确认")
    assert await ledger(city) == [5300, 1950, 3400, 2500]


async def test_c8_a_line_changed_and_a_line_dropped_in_one_message(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", FOUR)
    city.mark()
    await city.say("张伟", "②改成2150，第四条不要")
    says(city.only("张伟"), "草稿1", becomes(1950, 2150), "④ 已取消")
    assert await ledger(city) == [4700, 1950, 3300, 2500]
    city.mark()
    await city.say("张伟", "第三条不要，其余确认")
    says(city.only("张伟"), "①② 已入账", "ZX0032 1950 → 2150")
    assert await ledger(city) == [5300, 2150, 3300, 2500]


async def test_c1_a_figure_changed_is_not_confirmed_with_the_rest(open_city: OpenCity) -> None:
    """Its card has not been seen: it is shown once more."""
    city = await open_city("2026-09-22 17:20")
    await city.say("张伟", FOUR)
    city.mark()
    await city.say("张伟", "灌区改成3,450万，其他确认")
    receipt, card = city.heard("张伟")
    says(receipt, "①②④ 已入账", "③ JJ0003 待确认")
    says(card, becomes(3300, 3450))
    assert await ledger(city) == [5300, 2100, 3300, 2700]
    await city.say("张伟", "确认")
    assert await ledger(city) == [5300, 2100, 3450, 2700]


@pytest.mark.parametrize("late", ["3520", "无变化"])
async def test_c4_an_answer_after_the_question_ran_out_is_asked_for_anew(
    open_city: OpenCity, late: str
) -> None:
    city = await open_city("2026-09-22 10:20")
    await city.say("张伟", "青禾灌区今天完成了渠首闸改造，进度正常")
    city.mark()
    await city.say("张伟", late, at="2026-09-22 10:55")
    says(city.only("张伟"), "没有用上", "仍在等 JJ0003 的累计完成投资")
    city.mark()
    await city.say("张伟", late, at="2026-09-22 10:57")
    says(city.only("张伟"), "草稿1", "形象进度：完成了渠首闸改造")
    assert (await city.project("JJ0003"))["ytd_wan"] == 3300


async def test_c4_a_late_figure_with_its_project_completes_the_report(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:20")
    await city.say("张伟", "青禾灌区今天完成了渠首闸改造，进度正常")
    city.mark()
    await city.say("张伟", "灌区累计3520", at="2026-09-22 11:55")
    says(city.only("张伟"), "草稿1", becomes(3300, 3520), "形象进度：完成了渠首闸改造")
    await city.say("张伟", "确认")
    found = await city.project("JJ0003")
    assert (found["ytd_wan"], found["image_progress"]) == (3520, "完成了渠首闸改造")


async def test_c4_what_is_told_anew_with_its_figure_is_a_report_of_its_own(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:20")
    await city.say("张伟", "青禾灌区今天完成了渠首闸改造，进度正常")
    city.mark()
    await city.say("张伟", "灌区累计3520，干渠衬砌过半", at="2026-09-22 11:55")
    says(city.only("张伟"), "草稿2", becomes(3300, 3520), "干渠衬砌过半")
    lacks(city.only("张伟"), "渠首闸")


async def test_c6_a_line_of_a_list_with_its_reason_is_shown_with_it(open_city: OpenCity) -> None:
    """C4: the reason that was given is not asked for again; the line is confirmed like others."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "1.污水处理厂累计4400；2.管网累计2100")
    await city.say("张伟", "确认")
    city.mark()
    await city.say("张伟", "8月把预付款算进去了")
    card = city.only("张伟")
    says(card, becomes(4700, 4400), "原因：8月把预付款算进去了", "报综合专班核", "② ZX0032 已入账")
    lacks(card, "请说明原因")
    await city.press("张伟", "全部确认①")
    says(city.last("孙晓雯"), "更正待核", becomes(4700, 4400))
    assert (await city.project("ZX0031"))["ytd_wan"] == 4700


@pytest.mark.parametrize("answer", ["对，重复了", "嗯重复了", "发重了", "哦，是重复发送了"])
async def test_c13_a_repetition_is_owned_up_to_in_words(open_city: OpenCity, answer: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "管网累计2050")
    await city.say("张伟", "确认")
    await city.say("张伟", "管网累计2050", at="2026-09-22 15:00")
    city.mark()
    await city.say("张伟", answer)
    says(city.only("张伟"), "已取消")
    assert len([one for one in (await city.project("ZX0032"))["entries"] if one["ytd_wan"] == 2050]) == 1


async def test_c8_a_line_gets_its_project_and_its_figure_at_once(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "1.污水处理厂累计5300；2.幼儿园累计9600")
    await city.say("张伟", "确认")
    city.mark()
    await city.say("张伟", "②是管网，累计2100")
    says(city.only("张伟"), "草稿1", "② ZX0032", becomes(1950, 2100))
    await city.say("张伟", "确认")
    assert await ledger(city) == [5300, 2100, 3300, 2500]


async def test_c8_the_receipt_has_each_line_of_its_own(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "1.污水处理厂累计5300；2.管网累计2100")
    await city.say("张伟", "确认")
    lines = city.last("张伟").text.splitlines()
    assert [line[:8] for line in lines[1:3]] == ["① ZX0031", "② ZX0032"]
