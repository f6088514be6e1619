"""Feedback on a warning said in a sentence: a draft, never a progress report (rules C1, C16, E9)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, says, silent
from .conftest import OpenCity

PLANT, PIPES = "ZX0031", "ZX0032"


@pytest.mark.parametrize(
    "said",
    [
        "ZX0031黄灯原因是设备采购晚到,已签补充协议,10月18日追平",
        "污水厂亮黄灯主要因为设备采购晚到，10月18日追平",
        "关于城南污水处理厂黄灯，反馈如下：设备采购晚到，10月18日追平",
        "收到黄灯预警，设备采购晚到，我们保证10月18日追平",
    ],
)
async def test_e9_the_reason_of_a_warning_is_feedback(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "【反馈草稿1】", PLANT, "黄灯反馈", "09-28 18:00", "10-18 追平", "彭倩")
    lacks(city.only("张伟"), "累计完成投资是多少")
    silent(city, "彭倩")
    city.mark()
    await city.say("张伟", "确认")
    says(city.only("彭倩"), "黄灯反馈", PLANT, "设备采购晚到", "10-18 追平")
    assert (await city.project(PLANT))["ytd_wan"] == 4700
    city.mark()
    await city.press("彭倩", "采纳")
    says(city.only("张伟"), "彭倩已采纳")


@pytest.mark.parametrize(
    "said",
    [
        "污水厂10月18日累计到6000万，月底追平，主要是设备采购晚到",
        "污水厂主要是设备采购晚到耽误了，10月18日前累计完成6000万",
        "污水厂设备采购晚到，10月18日前能追平",
    ],
)
async def test_e9_how_to_catch_up_is_feedback_while_it_is_awaited(open_city: OpenCity, said: str) -> None:
    """Neither progress nor a problem, and no figure of what is done (rules C1, C4)."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "【反馈草稿1】", PLANT, "10-18", "设备采购晚到", "彭倩")
    await city.say("张伟", "确认")
    says(city.last("彭倩"), "黄灯反馈", PLANT, "10-18")
    assert (await city.project(PLANT))["ytd_wan"] == 4700


async def test_e9_what_is_done_is_reported_beside_a_promise(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水厂今年累计4900，10月18日追平")
    says(city.last("张伟"), "【草稿1】", becomes(4700, 4900))
    await city.say("张伟", "取消")
    await city.say("张伟", "管网10月18日累计到2600万，月底追平")
    says(city.last("张伟"), PIPES, "预计数，不入账")


async def test_e9_the_answer_to_a_return_names_no_project(open_city: OpenCity) -> None:
    """It came without 「反馈」 and without a project: the warning that waits is meant (C4), others are asked about."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "ZX0031反馈 设备晚到，10月18日追平")
    await city.say("张伟", "确认")
    await city.say("彭倩", "退回 没有每周追赶目标")
    await city.say("张伟", "9月27日累计5200，10月11日累计5900，10月18日追平")
    says(city.last("张伟"), "【反馈草稿1】", PLANT, "09-27 累计 5200", "10-11 累计 5900", "10-18 追平")
    await city.say("张伟", "确认")
    says(city.last("彭倩"), "黄灯反馈", PLANT, "09-27 累计 5200")
    city.mark()
    await city.say("李娜", "10月11日累计9900，10月18日追平")
    says(city.only("李娜"), "没看懂")  # nothing waits for hers


async def test_c2_a_better_figure_beside_a_feedback_draft(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 08:40")
    await city.say("李娜", "红灯反馈 林地手续慢，10月底追平")
    await city.say("李娜", "1号道路水稳完成80%，循环园累计9800")
    await city.say("李娜", "刚才报的不对，应该是9780")
    says(city.last("李娜"), "草稿2", becomes(8600, 9780))


async def test_e9_feedback_named_by_the_project(open_city: OpenCity) -> None:
    """「污水厂的反馈：…」 is for the warning, 「本周反馈：…」 for the week (rule I1)."""
    city = await open_city("2026-09-23 10:40")
    await city.say("张伟", "污水厂的反馈：设备晚到，10月18日追平")
    says(city.last("张伟"), "【反馈草稿1】", PLANT, "10-18 追平")
    city.mark()
    await city.say("张伟", "本周反馈：污水厂设备到场，完成土建收尾")
    lacks(city.last("张伟"), "反馈草稿")


async def test_e9_feedback_and_figure_in_one_message(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水厂亮黄灯主要因为设备晚到，现在今年累计4900")
    feedback, report = city.heard("张伟")
    says(feedback, "【反馈草稿1】", PLANT)
    says(report, "【草稿2】", becomes(4700, 4900))
    await city.say("张伟", "/草稿")
    says(city.last("张伟"), "草稿1 ZX0031 亮灯反馈", "草稿2 ZX0031 → 4900")


async def test_e9_feedback_may_be_changed_or_dropped(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水厂黄灯原因是设备晚到")
    await city.say("张伟", "修改")
    says(city.last("张伟"), "修改后的内容")
    await city.say("张伟", "设备晚到，9月30日累计5300")
    says(city.last("张伟"), "09-30 累计 5300 万元")
    await city.say("张伟", "不报了")
    says(city.last("张伟"), "草稿1 已取消")
    silent(city, "彭倩")


async def test_e9_no_warning_no_feedback(open_city: OpenCity) -> None:
    """Nothing is asked for where the light is green, and a question about a light is no feedback."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "ZX0032黄灯原因是下雨停工")
    says(city.only("张伟"), "ZX0032 现在没有需要反馈的亮灯")
    for said in ("污水厂黄灯原因是什么", "污水厂为什么是黄灯"):
        city.mark()
        await city.say("张伟", said)
        says(city.only("张伟"), "今年累计 4700/8000")
    assert not await city.rows("SELECT id FROM drafts")


async def test_c11_a_feedback_draft_is_reminded_of(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "污水厂黄灯原因是设备晚到")
    city.mark()
    await city.clock("2026-09-23 16:31")
    says(next(one for one in city.heard("张伟") if "草稿1" in one.text), "ZX0031 亮灯反馈", "18:00")
    await city.clock("2026-09-23 18:01")
    city.mark()
    await city.say("张伟", "确认 1")
    silent(city, "彭倩")
