"""延期 of the 办结时限 (S32, rule F7)."""

from __future__ import annotations

import pytest

from .city import City, offers, says, silent
from .conftest import OpenCity
from .told import feed_back, iso, on, one_about, told


async def _feedback_until_the_middle_of_october(city: City) -> None:
    """Feedback in time, so that only the 办结时限 is to be seen."""
    for at, text in (
        ("2026-09-21 10:00", "组卷材料补正中"),
        ("2026-09-29 10:00", "材料已补正"),
        ("2026-10-12 10:00", "省局已受理"),
    ):
        await city.clock(at)
        await feed_back(city, "苏静", f"/反馈 W0186 {text}")
        await city.press("马德胜", "采纳", contains="W0186")


async def before_the_deadline(open_city: OpenCity) -> City:
    city = await open_city("2026-09-21 08:00", _feedback_until_the_middle_of_october)
    await city.clock("2026-10-16 10:00")
    return city


async def test_s32_first_second_and_none(open_city: OpenCity) -> None:
    """S32: rule F7. 督办专员 decides the first, 综合专班负责人 the second; there is no third."""
    city = await before_the_deadline(open_city)
    city.mark()
    await city.say("苏静", "/延期 W0186 2026-10-30 省局补正要求新增专家论证")
    says(city.only("苏静"), "马德胜", on("10-30"), "8 个工作日")
    card = one_about(city, "马德胜", "W0186")
    says(card, "首次延期申请", "10-20 → 10-30", "8 个工作日", "省局补正要求新增专家论证", "苏静")
    offers(card, "同意", "不同意")
    assert told(city) == {"苏静", "马德胜"}
    assert (await city.item("W0186"))["due_at"] == iso("2026-10-20 18:00")
    await city.say("苏静", "/延期 W0186 10月29日 还是不行")
    says(city.last("苏静"), "待定")
    await city.press_on(card, "苏静", "同意")
    says(city.last("苏静"), "督办专员")

    city.mark()
    await city.press_on(card, "马德胜", "同意")
    says(one_about(city, "苏静", "W0186"), "马德胜", "同意", on("10-30", "18:00"))
    item = await city.item("W0186")
    assert (item["due_at"], item["extensions"], item["overdue_times"]) == (iso("2026-10-30 18:00"), 1, 0)
    await city.press_on(card, "马德胜", "不同意", input="再想想")
    says(city.last("马德胜"), "已同意")
    rows = await city.audit("item", "W0186")
    moved = next(row for row in rows if row["field"] == "due_at" and row["old"])
    assert (moved["by_name"], moved["reason"]) == ("马德胜", "省局补正要求新增专家论证")

    for at in ("2026-10-19 10:00", "2026-10-20 10:00"):  # for 10-19 and 10-26
        await city.clock(at)
        await feed_back(city, "苏静", "/反馈 W0186 论证会定于10月23日")
        await city.press("马德胜", "采纳", contains="W0186")
    city.mark()
    await city.clock("2026-10-21 18:00")
    assert not told(city, "W0186", "办结")
    assert (await city.item("W0186"))["overdue_times"] == 0
    await city.clock("2026-10-28 10:00")
    city.mark()
    await city.say("苏静", "/延期 W0186 2026-11-10 论证会改期")
    card = one_about(city, "陈立新", "W0186")
    says(card, "第二次延期申请", "10-30 → 11-10", "7 个工作日", "论证会改期")
    silent(city, "马德胜")
    await city.press_on(card, "马德胜", "同意")
    says(city.last("马德胜"), "综合专班负责人")
    await city.press_on(card, "陈立新", "同意")
    says(one_about(city, "马德胜", "W0186", "第2次延期"), "陈立新")
    item = await city.item("W0186")
    assert (item["due_at"], item["extensions"]) == (iso("2026-11-10 18:00"), 2)

    await city.clock("2026-11-09 10:00")
    city.mark()
    await city.say("苏静", "/延期 W0186 2026-11-13 还差一个章")
    says(city.only("苏静"), "不再延期,请提级")
    assert told(city) == {"苏静"}
    await city.clock("2026-11-09 16:00")
    says(one_about(city, "苏静", "W0186", "办结"), on("11-10", "18:00"))


async def test_s32_after_the_deadline(open_city: OpenCity) -> None:
    """S32: a request after the deadline goes only to 综合专班负责人, marked; what was overdue stays counted."""
    city = await before_the_deadline(open_city)
    await feed_back(city, "苏静", "/反馈 W0186 等待论证")
    await city.press("马德胜", "采纳", contains="W0186")
    await city.clock("2026-10-22 10:00")
    assert (await city.item("W0186"))["overdue_times"] == 1
    city.mark()
    await city.say("苏静", "W0186延期到10月30日，省局补正要求新增专家论证")
    await city.say("苏静", "延期 W0186 到10月30日，省局补正要求新增专家论证")
    card = one_about(city, "陈立新", "W0186")
    says(card, "首次延期申请", "逾期后申请", "10-20 → 10-30", "新增专家论证")
    silent(city, "马德胜")
    await city.press_on(card, "陈立新", "同意")
    item = await city.item("W0186")
    assert (item["due_at"], item["extensions"]) == (iso("2026-10-30 18:00"), 1)
    assert (item["overdue_times"], item["overdue_workdays"]) == (1, 2)
    city.mark()
    await city.clock("2026-10-27 18:00")
    assert not told(city, "W0186", "办结", "逾期")
    await city.clock("2026-11-02 09:00")
    says(one_about(city, "苏静", "W0186", "催办", "办结"), on("10-30"))
    assert (await city.item("W0186"))["overdue_times"] >= 2


async def test_s32_refused_and_asked_in_time(open_city: OpenCity) -> None:
    """Rules F6 F7 A7: under review the ladder of 办结 stands still; refused, the rungs move back."""
    city = await before_the_deadline(open_city)
    await feed_back(city, "苏静", "/反馈 W0186 等待论证")
    await city.press("马德胜", "采纳", contains="W0186")
    await city.clock("2026-10-20 17:00")
    await city.say("苏静", "/延期 W0186 延长5个工作日 省局要求补正")
    says(city.last("苏静"), on("10-27"), "5 个工作日")
    city.mark()
    await city.clock("2026-10-21 18:00")
    assert not told(city, "W0186", "办结")
    assert (await city.item("W0186"))["overdue_times"] == 0
    await city.clock("2026-10-22 10:00")
    await city.press("马德胜", "不同意", contains="延期")
    says(city.last("马德胜"), "原因")
    await city.press("马德胜", "不同意", input="已给足时间", contains="延期")
    says(city.last("苏静"), "不同意", "已给足时间", "仍为 10-20 18:00")
    item = await city.item("W0186")
    assert (item["due_at"], item["extensions"]) == (iso("2026-10-20 18:00"), 0)
    assert item["overdue_times"] == 1
    city.mark()
    await city.clock("2026-10-23 08:59")
    assert not told(city, "W0186", "催办")
    await city.clock("2026-10-23 09:00")
    says(one_about(city, "苏静", "W0186", "催办"), "办结", on("10-20"))


async def test_f7_what_it_needs_and_who_may(open_city: OpenCity) -> None:
    """Rules F7 B4 B10 C4: date and reason, at most 10 workdays, only the 责任单位; 督办 in /我的."""
    city = await before_the_deadline(open_city)
    city.mark()
    for text, answer in (
        ("/延期 W0186", "新的办结时限和原因"),
        ("/延期 W0186 10月30日", "请写明原因"),
        ("/延期 W0186 省局要求补正", "请写明新的办结时限"),
        ("/延期 W0186 11月4日 省局要求补正", "最晚可到 11-03"),
        ("/延期 W0186 10月20日 省局要求补正", "应晚于"),
    ):
        await city.say("苏静", text)
        says(city.last("苏静"), answer)
    await city.say("李娜", "/延期 W0186 10月30日 请宽限")
    says(city.last("李娜"), "责任单位的责任人、联络员、带班领导")
    await city.say("张伟", "/延期 W0186 10月30日 请宽限")
    says(city.last("张伟"), "未找到，或您无权查看")
    silent(city, "马德胜", "陈立新")
    assert (await city.item("W0186"))["extension_requests"] == []
    await city.say("谭勇", "/延期 W0186 11月3日前 因省局要求补正")
    await city.say("马德胜", "/我的")
    says(city.last("马德胜"), "W0186 延期申请至 11-03")
    await city.say("马德胜", "同意")
    assert (await city.item("W0186"))["due_at"] == iso("2026-11-03 18:00")
    rows = await city.rows("SELECT reason FROM item_extensions")
    assert rows == [{"reason": "省局要求补正"}]


async def test_f7_a_request_that_ends_with_the_closing_is_told(open_city: OpenCity) -> None:
    """Rule F7: who hands in the 办结 hears that the 延期 asked for before is void, and may ask again."""
    city = await open_city("2026-10-13 09:00")
    await city.say("苏静", "/延期 W0186 10月27日 省局补正")
    city.mark()
    await city.say("苏静", "/办结 W0186 都批了 文号 云林审〔2026〕91号")
    says(city.only("苏静"), "W0186 已报办结", "延期申请同时撤回", "重新申请")
    await city.say("马德胜", "不通过 W0186 只批了一期")
    city.mark()
    await city.say("苏静", "/延期 W0186 10月27日 省局补正")
    says(city.last("马德胜"), "首次延期申请")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("W0186能不能延到10月28日，材料还差两样", "材料还差两样"),
        ("W0186能否推迟到10月28日，材料还差两样", "材料还差两样"),
        ("W0186申请顺延到10月28日，材料还差两样", "材料还差两样"),
        ("W0186材料还差两样，申请顺延到10月28日", "材料还差两样"),
    ],
)
async def test_f7_asked_for_politely(open_city: OpenCity, said: str, why: str) -> None:
    city = await open_city("2026-09-24 09:01")
    city.mark()
    await city.say("苏静", said)
    says(one_about(city, "马德胜", "延期申请"), "10-20 → 10-28", why)


@pytest.mark.parametrize("said", ["W0186专家论证会推迟到10月10日", "W0186天气不好，论证推迟到10月10日"])
async def test_f7_what_else_is_put_off_is_a_feedback(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-24 09:01")
    city.mark()
    await city.say("苏静", said)
    says(city.last("苏静"), "反馈草稿")
    silent(city, "马德胜")


async def test_f7_whether_it_can_be_is_a_question(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 09:01")
    city.mark()
    await city.say("苏静", "W0186能不能延到10月28日？")
    silent(city, "马德胜")


@pytest.mark.parametrize(
    ("said", "until", "workdays"),
    [
        (["想延期到10月30日", "因为省局审批要20个工作日"], "10-30", "8 个工作日"),
        (["延期 W0186 省局审批要20个工作日", "10月28日"], "10-28", "6 个工作日"),
        (["延期 W0186 省局审批需20个工作日，延期5个工作日"], "10-27", "5 个工作日"),
        (["那就延期5个工作日，省局10月12日才开会"], "10-27", "5 个工作日"),
        (["延期 W0186 10个工作日，省局要20个工作日"], "11-03", "10 个工作日"),
    ],
)
async def test_how_long_others_take_is_the_reason(
    open_city: OpenCity, said: list[str], until: str, workdays: str
) -> None:
    """Rules F7, C4: only the days that are wished for move the 办结时限; those in the reason are of the reason."""
    city = await open_city("2026-09-22 09:00")
    for text in said:
        await city.say("苏静", text)
    says(city.last("苏静"), on(until), workdays)
    says(one_about(city, "马德胜", "W0186"), "省局")
