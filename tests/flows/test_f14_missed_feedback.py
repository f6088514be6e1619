"""逾期 counts the workdays of a feedback that never came, though the 办结 ends it (rules F5, F14, A7)."""

from __future__ import annotations

from .city import says
from .conftest import OpenCity


async def test_f14_the_days_of_a_missed_feedback_are_counted(open_city: OpenCity) -> None:
    """Due 09-30 and 10-13 and missed; 办结 handed in on 10-14, in time: 6 workdays from 10-08 to 10-14."""
    city = await open_city("2026-10-14 09:00")
    assert (await city.item("W0190"))["overdue_times"] == 2
    await city.say("吴迪", "/办结 W0190 铁路局已批复 文号 铁设〔2026〕33号")
    await city.clock("2026-10-19 09:00")
    await city.say("马德胜", "通过 W0190")
    item = await city.item("W0190")
    assert (item["overdue_times"], item["overdue_workdays"]) == (2, 6)
    await city.say("马德胜", "/查 W0190")
    says(city.last("马德胜"), "逾期 2 次", "6 个工作日")


async def test_f14_on_time_nothing_is_counted(open_city: OpenCity) -> None:
    city = await open_city("2026-09-30 17:50")
    await city.say("吴迪", "W0190 方案已再报铁路局")
    await city.say("吴迪", "确认")
    await city.clock("2026-10-09 09:00")
    await city.say("马德胜", "采纳 W0190")
    item = await city.item("W0190")
    assert (item["overdue_times"], item["overdue_workdays"]) == (0, 0)


async def test_f14_what_runs_on_is_shown_as_of_today(open_city: OpenCity) -> None:
    """Rules F14, S77: /查 and /审计 count up to now, as the letter of the day does; on a day off nothing is added."""
    city = await open_city("2026-09-29 09:00")
    for asked in ("/查 W0186", "/审计 W0186"):
        city.mark()
        await city.say("马德胜", asked)
        says(city.last("马德胜"), "逾期 1 次", "5 个工作日")
    await city.clock("2026-10-03 10:00")
    await city.say("马德胜", "/查 W0186")
    says(city.last("马德胜"), "逾期 2 次", "6 个工作日")


async def test_f14_a_submission_stops_the_count(open_city: OpenCity) -> None:
    """Rule A7: while it is under review nothing is added; returned, it counts from the due date again."""
    city = await open_city("2026-09-22 10:00")
    await city.say("苏静", "W0186 已报省林草局")
    await city.say("苏静", "确认")
    await city.clock("2026-09-28 10:00")
    await city.say("马德胜", "/查 W0186")
    says(city.last("马德胜"), "逾期 1 次", "1 个工作日")
    await city.say("马德胜", "退回 W0186 没有节点")
    await city.say("马德胜", "/查 W0186")
    says(city.last("马德胜"), "逾期 1 次", "4 个工作日")


async def test_f6_a_reminder_that_a_review_has_moved(open_city: OpenCity) -> None:
    """Rule F6: 办结 of 10-14 returned on 10-20: 提醒 moves by 4 workdays, behind the deadline, and says so."""
    city = await open_city("2026-10-14 10:00")
    await city.say("吴迪", "/办结 W0190 已批 铁设〔2026〕33号")
    await city.clock("2026-10-20 10:00")
    await city.say("马德胜", "不通过W0190 缺附图")
    city.mark()
    await city.clock("2026-10-21 16:00")
    says(city.last("吴迪"), "【提醒】W0190", "办结应于 10-16 18:00 前完成，已逾期3个工作日，请抓紧办理")
    await city.clock("2026-10-23 09:00")
    says(city.last("吴迪"), "【催办】W0190", "已逾期5个工作日")
