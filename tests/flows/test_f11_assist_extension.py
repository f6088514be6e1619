"""协办 and 延期 of one item: what was due with it stays due with it (rules F6, F7, F11)."""

from __future__ import annotations

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity


async def _handed_out(city: City) -> None:
    await city.say("李娜", "ZD0108循环园10kV供电线路迁改卡住了，请供电公司10月20日前完成线路迁改")
    await city.say("李娜", "确认")
    await city.say(
        "孙晓雯",
        "交办W0191 措施 迁改方案先行审查；责任人 邵鹏；督办专员 马德胜；协办 市住建局 任务 复核管线交叉点位",
    )
    await city.say("孙晓雯", "确认交办")
    await city.say("邵鹏", "签收W0191")


async def test_f7_a_task_due_with_the_item_moves_with_it(open_city: OpenCity) -> None:
    """The 协办 unit hears the new time and is not chased at the old one."""
    city = await open_city("2026-09-22 10:00")
    await _handed_out(city)
    await city.say("邵鹏", "/延期 W0191 11月2日 停电计划要报省调批")
    city.mark()
    await city.say("马德胜", "同意W0191延期")
    says(city.last("彭倩"), "W0191 已延期", "复核管线交叉点位", "由 10-20 18:00 改为 11-02 18:00")
    offers(city.last("彭倩"), "完成协办")
    city.mark()
    await city.clock("2026-10-21 18:00")
    assert not any("协办" in message.text for message in city.heard("彭倩"))
    await city.clock("2026-10-30 16:30")
    assert any("【提醒】W0191 协办任务" in message.text for message in city.heard("彭倩"))


async def test_f7_nothing_moves_when_it_is_refused(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await _handed_out(city)
    await city.say("邵鹏", "/延期 W0191 11月2日 停电计划要报省调批")
    city.mark()
    await city.say("马德胜", "不同意W0191延期 抓紧")
    silent(city, "彭倩")


async def test_f7_the_supervisor_gets_no_buttons_of_the_unit(open_city: OpenCity) -> None:
    """The second 延期 is the head's; the 督办专员 is told, without 反馈 and 办结 that are not his (rule B10)."""
    city = await open_city("2026-09-22 10:00")
    await _handed_out(city)
    for day in ("10月26日", "11月2日"):
        await city.say("邵鹏", f"/延期 W0191 {day} 停电计划要报省调批")
        city.mark()
        await city.say("马德胜" if day == "10月26日" else "陈立新", "同意W0191延期")
    assert city.last("马德胜").actions == ()
    says(city.last("马德胜"), "陈立新同意延期", "办结时限改为 11-02 18:00（第2次延期）")
    offers(city.last("邵鹏"), "反馈", "办结")
    lacks(city.last("彭倩"), "10-20")


async def test_f11_a_helper_who_says_received_hears_how_to_report(open_city: OpenCity) -> None:
    """Rules C16 F11: 「收到」 of a 协办 unit settles nothing and is answered with what to do."""
    city = await open_city("2026-09-22 10:00")
    await _handed_out(city)
    await city.say("彭倩", "收到")
    says(city.last("彭倩"), "协办任务不用签收", "完成协办 W0191")
    await city.say("彭倩", "完成协办W0191 已复核")
    says(city.last("邵鹏"), "可以报办结了")
    await city.say("彭倩", "收到")
    lacks(city.last("彭倩"), "协办任务不用签收")
