"""The verb of a button typed as text works like the button, where there are no buttons; free text never does (C16)."""

from __future__ import annotations

import pytest

from .city import City, becomes, lacks, says, silent
from .conftest import OpenCity
from .samples import pdf
from .test_s43_province import up_to_level_three
from .told import on

PLANT, PARK = "ZX0031", "ZD0108"


async def test_light_feedback_is_ruled_on_in_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "/反馈 ZX0031 设备晚到,10月18日追平")
    await city.say("彭倩", "退回 没有每周追赶目标")
    says(city.last("张伟"), "彭倩退回", "没有每周追赶目标", "09-28 18:00")
    await city.say("张伟", "反馈 ZX0031 9月27日累计5200，10月18日追平")
    await city.say("彭倩", "／采纳ZX0031")
    case = (await city.project(PLANT))["light_cases"][-1]
    assert [one["state"] for one in case["feedbacks"]] == ["returned", "accepted"]
    city.mark()
    await city.say("彭倩", "采纳")
    says(city.only("彭倩"), "已采纳")


async def test_leader_reads_and_snoozes_in_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 08:31")
    await city.say("钱文海", "已阅")
    assert (await city.project(PARK))["light_cases"][-1]["acknowledged_by_id"] is not None
    await city.say("钱文海", "稍后3个工作日 原因 现场调度")
    says(city.last("钱文海"), "10-09 起恢复提醒")


async def test_correction_is_decided_in_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "ZX0031累计4400")
    await city.say("张伟", "8月多报预付款")
    await city.say("张伟", "确认")
    await city.say("孙晓雯", "不同意 请附审计报告")
    says(city.last("张伟"), "更正未通过", "请附审计报告")
    assert (await city.project(PLANT))["ytd_wan"] == 4700


async def _dispatched(city: City) -> None:
    await city.say("魏然", "ZY0007施工许可办不下来,请住建局10月15日前办结")
    await city.say("魏然", "确认")
    await city.say("孙晓雯", "交办")
    await city.say("孙晓雯", "措施 并联;责任人 彭倩;督办专员 马德胜")
    await city.say("孙晓雯", "确认交办")


async def test_an_items_whole_life_in_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await _dispatched(city)
    await city.say("彭倩", "签收")
    assert (await city.item("W0191"))["state"] == "办理中"
    await city.say("彭倩", "反馈 W0191 已受理，正在审查")
    says(city.last("彭倩"), "已受理，正在审查")
    await city.say("彭倩", "确认")
    await city.say("马德胜", "采纳")
    await city.say("彭倩", "办结 W0191 已发证 文号 云建许〔2026〕3号")
    await city.say("马德胜", "不通过 缺许可证扫描件")
    says(city.last("彭倩"), "审核不通过", "缺许可证扫描件")
    await city.say("彭倩", "/办结 W0191 已补 文号 云建许〔2026〕3号")
    await city.say("马德胜", "通过")
    await city.say("孙晓雯", "销号")
    item = await city.item("W0191")
    assert (item["state"], item["refusals"]) == ("已销号", 1)


async def test_several_cards_wait_and_no_number_is_said(open_city: OpenCity) -> None:
    """Nothing is guessed: the numbers are named, and one of them then does it."""
    city = await open_city("2026-09-22 10:02")
    await _dispatched(city)
    await city.say("魏然", "ZY0009环评没批,请住建局10月20日前办结")
    await city.say("魏然", "确认")
    await city.say("孙晓雯", "交办 W0192 措施 并联;责任人 彭倩;督办专员 马德胜")
    await city.say("孙晓雯", "确认")
    city.mark()
    await city.say("彭倩", "签收")
    says(city.only("彭倩"), "2 件", "W0191", "W0192")
    await city.say("彭倩", "签收 W0192")
    assert [(await city.item(no))["state"] for no in ("W0191", "W0192")] == ["待签收", "办理中"]


async def test_only_who_may_and_only_what_was_offered(open_city: OpenCity) -> None:
    """C16: nobody else's card is pressed, and a sentence that begins with such a word is no verb."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "/反馈 ZX0031 设备晚到,10月18日追平")
    city.mark()
    for who in ("张伟", "赵永年", "魏然"):
        await city.say(who, "采纳")
    await city.say("彭倩", "采纳了专家意见后再说")
    await city.say("张伟", "同意", group="青禾县")
    silent(city, "彭倩") if not city.heard("彭倩") else says(city.only("彭倩"), "没看懂")
    case = (await city.project(PLANT))["light_cases"][-1]
    assert [one["state"] for one in case["feedbacks"]] == ["submitted"]
    await city.say("彭倩", "通过专家评审，污水处理厂累计5300")
    says(city.last("彭倩"), becomes(4700, 5300))
    lacks(city.last("彭倩"), "采纳")


async def test_asking_in_plain_words(open_city: OpenCity) -> None:
    """What a command shows, a question shows; what is outside the scope is as if it did not exist."""
    city = await open_city("2026-09-22 10:02")
    for text in ("污水处理厂进度怎么样", "查一下ZX0031", "/查ZX0031的进度"):
        city.mark()
        await city.say("张伟", text)
        says(city.only("张伟"), PLANT, "4700/8000", "数据日期")
    city.mark()
    await city.say("张伟", "我们县有几个黄灯")
    says(city.only("张伟"), "黄灯 1 项", PLANT)
    city.mark()
    await city.say("张伟", "ZD0108什么情况")
    await city.say("张伟", "ZX9999什么情况")
    first, second = city.heard("张伟")
    assert first.text == second.text
    lacks(first, "循环")


async def test_i1_weekly_feedback_stands_in_my_tasks_until_it_is_given(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:00")
    city.mark()
    await city.say("吴迪", "/我的")
    lacks(city.only("吴迪"), "本周反馈")
    await city.clock("2026-09-23 10:30")
    city.mark()
    await city.say("吴迪", "/我的")
    tasks = city.only("吴迪")
    says(tasks, "本周反馈", "交通专班", on("09-23", "18:00"))
    await city.say("吴迪", "本周无变化")
    city.mark()
    await city.say("吴迪", "/我的")
    lacks(city.only("吴迪"), "本周反馈")


async def test_b4_who_may_see_no_project_is_not_told_that_there_are_no_lights(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:30")
    city.mark()
    await city.say("刘洋", "/亮灯 黄")
    says(city.only("刘洋"), "没有您可以查看的项目")
    lacks(city.only("刘洋"), "0 项")


async def test_e14_no_reminder_is_promised_for_a_day_that_has_passed(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:30")
    city.mark()
    await city.say("陈立新", "/调灯 ZD0108 黄 至 2026-09-24 原因 征地款已到账 依据 云政办〔2026〕12号")
    reply = city.only("陈立新")
    says(reply, "已调灯", "ZD0108", "2026-09-24", "期满次日恢复")
    lacks(reply, "提醒")
    await city.clock("2026-09-24 18:00")
    assert not [one for one in city.heard("陈立新") if "调灯" in one.text and "到期" in one.text]


async def test_files_are_attached_in_words(open_city: OpenCity) -> None:
    """附上 typed as the button says it, where there are no buttons (rules C9, C18)."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "ZX0031累计4800")
    await city.say("张伟", "确认")
    await city.say("张伟", "", files=[("现场.pdf", pdf())])
    says(city.last("张伟"), "现场.pdf")
    await city.say("张伟", "附上")
    says(city.last("张伟"), "ZX0031", "现场.pdf", "附")
    await city.say("张伟", "附上")
    says(city.last("张伟"), "已附过")


@pytest.mark.parametrize("said", ["应保尽保 清单", "应保尽保清单", "/应保尽保 清单。"])
async def test_a_label_with_a_name_in_it_in_words(open_city: OpenCity, said: str) -> None:
    """Rules C18 D2: the list behind one of the five, as its button says it."""
    city = await open_city("2026-09-22 10:02")
    await city.say("陈立新", "查五尽")
    await city.press("陈立新", "应保尽保 清单")
    shown = city.last("陈立新").text
    city.mark()
    await city.say("陈立新", said)
    assert city.only("陈立新").text == shown


async def test_the_next_level_in_words(open_city: OpenCity) -> None:
    """Rules C18 G3: without a number the card that offers it is meant."""
    city = await open_city("2026-09-22 18:00", up_to_level_three)
    await city.say("陈立新", "/查 W0190")
    await city.say("陈立新", "提级4级")
    says(city.last("陈立新"), "W0190", "省")
    assert (await city.item("W0190"))["level"] == 4
