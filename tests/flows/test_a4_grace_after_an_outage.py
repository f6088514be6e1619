"""What fell due while the product was down is not held against anybody before 18:00 of the restart (rule A4)."""

from __future__ import annotations

from .city import lacks, says
from .conftest import OpenCity
from .told import about


async def test_a4_the_summary_of_a_category_is_put_off(open_city: OpenCity) -> None:
    """小结截止 10-10 12:00 lies in the outage: handed in at 13:00 it is not late."""
    city = await open_city("2026-10-08 19:00")
    city.mark()
    await city.restart("2026-10-10 13:00")
    says(about(city, "周敏", "本周工作小结")[0], "10-10 18:00 前提交（因停机顺延）")
    await city.press("周敏", "提交小结")
    says(city.last("周敏"), "专项债券 已提交", "10-10 13:00")
    lacks(city.last("周敏"), "迟报")


async def test_a4_the_summary_of_the_week_before_is_still_taken(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 19:00")
    await city.restart("2026-10-12 09:00")
    await city.say("周敏", "/我的")
    says(city.last("周敏"), "本周小结 专项债券（10-12 18:00）")
    await city.press("周敏", "提交小结")
    says(city.last("周敏"), "2026-10-05 – 10-11", "已提交")
    lacks(city.last("周敏"), "迟报")
    await city.clock("2026-10-12 18:05")
    await city.say("周敏", "/小结")
    says(city.last("周敏"), "2026-10-12 – 10-18", "10-16 12:00")


async def test_a4_a_leader_could_not_read_while_it_was_down(open_city: OpenCity) -> None:
    """Both days of E10 lie in the outage: 综合专班负责人 hears of it the morning after the grace, if at all."""
    city = await open_city("2026-09-28 09:00")
    city.mark()
    await city.restart("2026-10-09 09:30")
    assert not about(city, "陈立新", "未阅：")
    assert about(city, "钱文海", "应于 09-29 18:00 前已阅")
    await city.clock("2026-10-10 08:29")
    assert not about(city, "陈立新", "未阅：")
    await city.clock("2026-10-10 08:31")
    assert len(about(city, "陈立新", "钱文海 2 个工作日未阅")) == 1


async def test_a4_read_on_the_day_of_the_restart(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 09:00")
    city.mark()
    await city.restart("2026-10-09 09:30")
    await city.say("钱文海", "已阅")
    await city.clock("2026-10-13 09:00")
    assert not about(city, "陈立新", "未阅：")


async def test_a4_the_reminder_says_until_when_it_is_in_time(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 09:00")
    city.mark()
    await city.restart("2026-10-09 09:30")
    says(about(city, "李娜", "【催办】ZD0108")[0], "应于 10-08 18:00 前报送，因停机顺延至 10-09 18:00")


async def test_a4_a_roster_look_of_two_weeks_is_said_once(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 18:40")
    city.mark()
    await city.restart("2026-10-09 09:00")
    [message] = about(city, "综合专班", "本周名册检查")
    assert message.text.count("本周名册检查") == 1
    states = await city.rows("SELECT state FROM outbox WHERE notice = 'RosterGaps' ORDER BY id")
    assert [one["state"] for one in states[-2:]] == ["withdrawn", "sent"]


async def test_a4_who_is_pressed_about_an_item_hears_until_when_it_is_in_time(open_city: OpenCity) -> None:
    """Down over 09-30 18:00, back on a day off: W0190 is in time until 10-08 18:00, and its 催办 says so."""
    city = await open_city("2026-09-30 15:00")
    city.mark()
    await city.restart("2026-10-04 10:00")
    await city.clock("2026-10-08 09:30")
    [urged] = about(city, "吴迪", "【催办】W0190")
    says(urged, "应于 09-30 18:00 前完成，因停机顺延至 10-08 18:00。请今日反馈")
    lacks(urged, "已逾期")
    await city.say("吴迪", "/反馈 W0190 已赴铁路局对接，方案按意见修改中")
    await city.say("吴迪", "确认")
    await city.press("马德胜", "采纳", contains="W0190")
    assert (await city.item("W0190"))["overdue_times"] == 0


async def test_a4_who_decides_on_a_letter_sees_that_the_unit_is_not_late_yet(open_city: OpenCity) -> None:
    """Down over both due dates and the rungs after them: the drafts are made, and say until when nobody is late."""
    city = await open_city("2026-09-29 12:00")
    city.mark()
    await city.restart("2026-10-13 10:00")
    excused = "因停机顺延至 10-13 18:00，此前"
    says(
        about(city, "孙晓雯", "【提醒函草稿】", "ZD0108")[0],
        f"红灯反馈应于 10-08 18:00 前报送，{excused}反馈不算逾期",
    )
    says(about(city, "钱文海", "ZD0108", "联络员 李娜")[0], f"{excused}反馈不算逾期")
    says(
        about(city, "马德胜", "【提醒函草稿】", "W0190")[0], f"应于 09-30 18:00 前完成，{excused}完成不算逾期"
    )
    says(about(city, "郭卫东", "W0190", "吴迪的定期反馈")[0], f"{excused}完成不算逾期")
    await city.clock("2026-10-14 09:30")
    says(about(city, "陈立新", "【督办函草稿】", "红灯反馈")[0], "应于 10-08 18:00 前报送，已逾期 5 个工作日")
