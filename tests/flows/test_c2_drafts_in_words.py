"""Drafts confirmed, dropped and changed in words, in private and in groups (rules B5, C2, C4, C5, C6)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, says, silent
from .conftest import OpenCity
from .told import open_drafts, ytd

PLANT, PIPES, PARK, SCHOOL, CANAL = "ZX0031", "ZX0032", "ZD0108", "ZY0009", "JJ0003"


# --- B5, C2: groups


@pytest.mark.parametrize("said", ["确认", "确认 1", "不报了", "修改"])
async def test_c2_a_word_about_anothers_draft_is_answered_in_private(open_city: OpenCity, said: str) -> None:
    """Whoever types it in the group learns alone who may; the group is not troubled."""
    city = await open_city("2026-09-22 10:30")
    await city.say("李娜", "循环园累计9600", group="白石县")
    for who in ("钱文海", "孙晓雯"):
        city.mark()
        await city.say(who, said, group="白石县")
        says(city.only(who), "只有上报人李娜或其代理人可以确认")
        silent(city, "白石县", "李娜")
    assert len(await open_drafts(city)) == 1
    assert await ytd(city, PARK) == 8600


async def test_b5_a_private_draft_is_not_shown_in_a_group(open_city: OpenCity) -> None:
    """确认, 改成 and the list of drafts said in a group speak of a private draft in private."""
    city = await open_city("2026-09-22 10:30")
    await city.say("孙晓雯", "ZX0032累计2200")
    city.mark()
    await city.say("孙晓雯", "改成2210", group="白石县")
    says(city.only("孙晓雯"), PIPES, becomes(1950, 2210))
    silent(city, "白石县")
    await city.say("孙晓雯", "循环园累计9500", group="白石县")
    city.mark()
    await city.say("孙晓雯", "确认", group="白石县")
    says(city.only("孙晓雯"), PIPES, PARK, "请指明编号")
    silent(city, "白石县")
    city.mark()
    await city.say("孙晓雯", "确认 1", group="白石县")
    says(city.only("孙晓雯"), "已入账", becomes(1950, 2210))
    silent(city, "白石县")
    city.mark()
    await city.say("孙晓雯", "确认", group="白石县")
    says(city.only("白石县"), "已入账", becomes(8600, 9500))
    assert (await ytd(city, PIPES), await ytd(city, PARK)) == (2210, 9500)


async def test_c2_c10_a_late_receipt_tells_its_day_and_no_undo(open_city: OpenCity) -> None:
    """The same receipt again; what its words offered and no longer holds is left out."""
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "循环园累计完成投资12000万")
    await city.press("李娜", "确认")
    says(city.last("李娜"), "已入账，10:00", "10分钟内可 /撤销")
    await city.press("李娜", "确认", at="2026-09-22 10:10")
    says(city.last("李娜"), "已入账，10:00", "8600 → 12000", "10分钟内可 /撤销")
    await city.press("李娜", "确认", at="2026-09-23 09:00")
    says(city.last("李娜"), "已入账，09-22 10:00", "8600 → 12000", "/更正")
    lacks(city.last("李娜"), "撤销")


async def test_b5_a_receipt_is_repeated_where_the_draft_was(open_city: OpenCity) -> None:
    """Confirming twice gives the same receipt (C2), but not to a group that has no part in it."""
    city = await open_city("2026-09-22 10:30")
    await city.say("孙晓雯", "ZX0032累计2200")
    await city.say("孙晓雯", "确认")
    city.mark()
    await city.say("孙晓雯", "确认", group="白石县")
    says(city.only("孙晓雯"), "已入账", PIPES)
    silent(city, "白石县")


# --- C2: the words


@pytest.mark.parametrize(
    "said",
    ["算了不报了", "先不报了", "作废吧", "今天先不报了", "还是算了，不报了", "不报了", "别报了", "删掉吧"],
)
async def test_c2_given_up_in_other_words(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:30")
    await city.say("魏然", "三院累计4100万")
    city.mark()
    await city.say("魏然", said)
    says(city.only("魏然"), "草稿1 已取消")
    assert await open_drafts(city) == []


async def test_c2_a_question_is_given_up_too(open_city: OpenCity) -> None:
    """The open question of a draft goes with it, and a sentence about 报 is no giving up."""
    city = await open_city("2026-09-22 10:30")
    await city.say("张伟", "ZX0031累计4400万")
    await city.say("张伟", "算了不报了")
    says(city.last("张伟"), "草稿1 已取消")
    await city.say("张伟", "管网累计2100")
    await city.say("张伟", "财政局不报批文我们没法动")
    assert await open_drafts(city) != []
    lacks(city.last("张伟"), "草稿1 已取消")


@pytest.mark.parametrize("said", ["没问题，确认", "确认，谢谢", "好的确认", "确认入库", "可以，确认入账了"])
async def test_c2_confirmed_with_courtesies(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:30")
    await city.say("魏然", "三院累计4100万")
    city.mark()
    await city.say("魏然", said)
    says(city.only("魏然"), "已入账", becomes(3900, 4100))


async def test_c2_lines_are_changed_in_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:30")
    await city.say("张伟", "实验中学累计2750，青禾灌区累计3500，污水厂累计5100")
    for said in ("第3条改成5150", "把第一条改成2760", "灌区的不对，是3480"):
        await city.say("张伟", said)
    says(city.last("张伟"), becomes(2500, 2760), becomes(3300, 3480), becomes(4700, 5150))
    await city.say("张伟", "去掉③")
    await city.say("张伟", "确认①")
    city.mark()
    await city.say("张伟", "剩下的也确认")
    says(city.only("张伟"), "已入账", becomes(3300, 3480))
    assert [await ytd(city, one) for one in (SCHOOL, CANAL, PLANT)] == [2760, 3480, 4700]


async def test_c2_a_project_of_no_draft_is_not_changed(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:30")
    await city.say("张伟", "实验中学累计2750")
    city.mark()
    await city.say("张伟", "管网的不对，是2180")
    says(city.only("张伟"), PIPES, "2180 万元是「累计完成」还是「本月完成」")
    lacks(city.only("张伟"), "形象进度")
    await city.say("张伟", "/草稿")
    says(city.last("张伟"), f"{SCHOOL} → 2750")


# --- C4, C5, C6: an answer with a figure of its own


async def test_c5_an_answer_with_another_figure_is_that_figure(open_city: OpenCity) -> None:
    """「2180 是累计还是本月？」 「累计2190」: 2190 is meant, never 2180."""
    city = await open_city("2026-09-22 10:30")
    await city.say("张伟", "管网2180")
    city.mark()
    await city.say("张伟", "管网累计2190")
    says(city.only("张伟"), becomes(1950, 2190))
    lacks(city.only("张伟"), "2180")
    await city.say("吴迪", "云白快速46800万")
    await city.say("吴迪", "今年累计46900")
    says(city.last("吴迪"), becomes(46000, 46900))


async def test_c5_the_reading_of_another_figure(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:30")
    await city.change("UPDATE projects SET prior_years_fen = 200000000 WHERE code = 'JJ0003'")
    await city.restart()
    await city.say("张伟", "青禾灌区累计3520")
    says(city.last("张伟"), "「今年累计」还是「开工以来累计」")
    city.mark()
    await city.say("张伟", "今年累计3540")
    says(city.only("张伟"), becomes(3300, 3540))


@pytest.mark.parametrize("said", ["4750", "今年累计4750", "写错了，4750", "刚才打错了 应为4750万"])
async def test_c6_a_better_figure_is_no_reason(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:30")
    await city.say("张伟", "ZX0031累计4400")
    city.mark()
    await city.say("张伟", said)
    says(city.only("张伟"), becomes(4700, 4750))
    lacks(city.only("张伟"), "更正", "原因")


async def test_c6_a_figure_of_last_year_is_no_reason(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:30")
    await city.say("张伟", "ZX0031累计4400")
    for said, answer in (("去年全年完成3000", "不在本年台账内"), ("2025年完成投资3000万", "不在本年台账内")):
        city.mark()
        await city.say("张伟", said)
        says(city.only("张伟"), "往年", answer)
    await city.say("张伟", "去年多结转了300万")
    says(city.last("张伟"), becomes(4700, 4400), "去年多结转了300万")


@pytest.mark.parametrize("said", ["取消①", "①取消", "取消"])
async def test_a_draft_without_lines_goes_whole(open_city: OpenCity, said: str) -> None:
    """A circled number is a line of a report; a problem has none (rule C2)."""
    city = await open_city("2026-09-22 10:00")
    await city.say("魏然", "ZY0007施工许可办不下来,请住建局10月15日前办结")
    city.mark()
    await city.say("魏然", said)
    says(city.only("魏然"), "草稿1", "取消")
    await city.say("魏然", "/草稿")
    says(city.last("魏然"), "没有未确认的草稿")


@pytest.mark.parametrize("said", ["1和2都确认", "草稿1、2都确认", "第一个和第二个都确认"])
async def test_c2_several_drafts_by_number_before_the_verb(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "管网累计2100")
    await city.say("张伟", "灌区累计3400")
    await city.say("张伟", said)
    assert [(await city.project(one))["ytd_wan"] for one in ("ZX0032", "JJ0003")] == [2100, 3400]


@pytest.mark.parametrize("said", ["都确认", "全部确认", "确认全部"])
async def test_c2_all_of_ones_own(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "污水处理厂累计5200万")
    await city.say("张伟", "管网累计2900万")  # must be checked first (rule C7)
    await city.say("张伟", said)
    assert (await city.project("ZX0031"))["ytd_wan"] == 5200
    assert (await city.project("ZX0032"))["ytd_wan"] == 1950
    says(city.last("张伟"), "确认无误")


async def test_c2_all_is_asked_beside_a_card_of_several_lines(open_city: OpenCity) -> None:
    """All lines of the card, or all drafts? Nothing is entered before that is said."""
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "灌区累计3400万")
    await city.say("张伟", "污水处理厂累计5200万；管网累计2100万")
    await city.say("张伟", "全部确认")
    says(city.last("张伟"), "请指明编号", "草稿1", "草稿2")
    for code, wan in (("JJ0003", 3300), ("ZX0031", 4700), ("ZX0032", 1950)):
        assert (await city.project(code))["ytd_wan"] == wan


async def test_c2_a_numbered_confirmation_repeats_the_receipt_of_that_draft(open_city: OpenCity) -> None:
    """Whatever was confirmed since, and while another draft waits; a number that never was is no receipt."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水处理厂累计5300")
    await city.say("张伟", "管网累计2100")
    await city.say("张伟", "确认 1")
    await city.say("张伟", "确认1")
    says(city.last("张伟"), "已入账,10:00", "ZX0031 4700 → 5300")
    await city.say("张伟", "确认 2")
    await city.say("张伟", "确认 1")
    says(city.last("张伟"), "ZX0031 4700 → 5300")
    lacks(city.last("张伟"), "ZX0032")
    await city.say("张伟", "确认 9")
    says(city.last("张伟"), "没有未确认的草稿")
    assert len((await city.project("ZX0031"))["entries"]) == 2
    # With one card of several lines open a number is its line.
    await city.say("张伟", "实验中学累计2650，灌区累计3520")
    await city.say("张伟", "确认 2")
    says(city.last("张伟"), "JJ0003 3300 → 3520")


@pytest.mark.parametrize("said", ["等下，是4350", "等一下，应该是4350万", "不对，是4350"])
@pytest.mark.parametrize("told", ["青禾灌区完成3520", "青禾灌区累计3520"])
async def test_c2_a_second_thought_before_or_after_the_question(
    open_city: OpenCity, told: str, said: str
) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", told)
    await city.say("张伟", said)
    says(city.last("张伟"), "4350")
    await city.say("张伟", "等下3点开会")
    if "累计" not in told:
        await city.say("张伟", "累计")
    await city.say("张伟", "确认")
    assert (await city.project("JJ0003"))["ytd_wan"] == 4350
