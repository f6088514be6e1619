"""S55: pasted minutes become tasks (rules M1, C4, C8, F3, F5, B10)."""

from __future__ import annotations

import pytest

from .city import City, lacks, moment, offers, says, silent
from .conftest import OpenCity
from .told import about, on, one_about, told, utc

TEXT = (
    "一、请市林业局9月30日前完成循环园林地组卷。二、供电公司尽快解决SG0012临时用电。"
    "三、请相关部门研究ZY0007消防问题,9月20日前反馈。"
)


async def pasted(open_city: OpenCity, text: str = TEXT) -> City:
    city = await open_city("2026-09-22 15:00")
    await city.say("孙晓雯", "/纪要 9月22日协调会")
    city.mark()
    await city.say("孙晓雯", text)
    return city


async def test_s55_proposed_completed_and_confirmed(open_city: OpenCity) -> None:
    city = await pasted(open_city)
    card = city.only("孙晓雯")
    says(card, "9月22日协调会", "拟任务 3", "① 市林业局", "W0186 相关", on("09-30", "18:00"))
    says(card, "② 云川供电公司", "SG0012", "「缺时限」", "③ 「单位不明确」", "ZY0007", "「时限已过」")
    assert card.text.count("✔") == 1
    offers(card, "全部确认")
    assert told(city) == {"孙晓雯"}
    city.mark()
    await city.say("孙晓雯", "②10月12日 ③市住建局 10月10日")
    card = city.only("孙晓雯")
    says(card, "云川供电公司", on("10-12", "18:00"), "市住建局", "彭倩", on("10-10", "18:00"))
    lacks(card, "「缺时限」", "「单位不明确」", "「时限已过」")
    assert await city.rows("SELECT id FROM minutes") == []
    city.mark()
    await city.press("孙晓雯", "全部确认", contains="拟任务 3")
    says(city.only("孙晓雯"), "W0186", "W0191", "W0192")
    rows = await city.rows(
        "SELECT items.number, items.state, items.source, items.due_at, units.name AS unit, people.name AS person "
        "FROM minutes_lines JOIN items ON items.id = minutes_lines.item_id JOIN units ON units.id = items.unit_id "
        "JOIN people ON people.id = items.person_id ORDER BY minutes_lines.seq"
    )
    assert [(row["number"], row["state"], row["unit"], row["person"]) for row in rows] == [
        ("W0186", "办理中", "市林业局", "苏静"),
        ("W0191", "待签收", "云川供电公司", "邵鹏"),
        ("W0192", "待签收", "市住建局", "彭倩"),
    ]
    assert utc(rows[1]["due_at"]) == moment("2026-10-12 18:00")
    assert utc(rows[2]["due_at"]) == moment("2026-10-10 18:00")
    assert await city.rows("SELECT id FROM items WHERE number = 'W0193'") == []
    for name in ("苏静", "邵鹏", "彭倩"):
        assert len(city.heard(name)) == 1
    says(city.only("苏静"), "W0186", "循环园林地组卷", on("09-30", "18:00"))
    assert city.only("苏静").button("签收") is None
    offers(city.only("邵鹏"), "签收", "退回")
    assert told(city) == {"孙晓雯", "苏静", "谭勇", "邵鹏", "彭倩", "冯国强", "马德胜"}
    assert all(len(city.heard(name)) == 1 for name in ("马德胜", "谭勇", "冯国强"))
    [noted] = [row for row in await city.audit("item", "W0186") if row["field"] == "minutes"]
    assert "9月22日协调会" in noted["new"]
    await city.press("彭倩", "签收", contains="W0192")
    item = await city.item("W0192")
    assert (item["state"], item["project"], item["supervisor"]) == ("办理中", "ZY0007", "马德胜")
    city.mark()
    await city.clock("2026-09-24 08:30")
    says(one_about(city, "邵鹏", "W0191"), "签收")  # rule F3


async def test_m1_nothing_unclear_is_confirmed(open_city: OpenCity) -> None:
    """Rules C8 M1: the clear line goes, the others stay with what they lack."""
    city = await pasted(open_city)
    city.mark()
    await city.say("孙晓雯", "全部确认")
    says(city.only("孙晓雯"), "W0186", "还有 2 项待定", "「缺时限」", "「单位不明确」")
    silent(city, "邵鹏", "彭倩")
    city.mark()
    await city.say("孙晓雯", "确认 2")
    says(city.only("孙晓雯"), "还不能确认")
    await city.say("孙晓雯", "去掉 3")
    lacks(city.last("孙晓雯"), "ZY0007")
    await city.say("孙晓雯", "10月12日")
    says(city.last("孙晓雯"), on("10-12", "18:00"))
    await city.say("孙晓雯", "确认")
    says(city.last("孙晓雯"), "W0191")
    assert about(city, "邵鹏", "W0191")
    assert await city.rows("SELECT id FROM items WHERE number = 'W0192'") == []
    await city.say("孙晓雯", "/草稿")
    lacks(city.last("孙晓雯"), "9月22日协调会")


@pytest.mark.parametrize("said", [("修改① 10月8日",), ("①改成10月8日",), ("修改①", "10月8日")])
async def test_c2_the_line_that_is_named_is_changed(open_city: OpenCity, said: tuple[str, ...]) -> None:
    """Not the one that still has a gap."""
    city = await pasted(open_city)
    await city.say("孙晓雯", "③市住建局 10月10日")
    says(city.last("孙晓雯"), "② 云川供电公司", "「缺时限」")
    city.mark()
    for words in said:
        await city.say("孙晓雯", words)
    says(city.last("孙晓雯"), "① 市林业局", on("10-08", "18:00"), "「缺时限」")


async def test_m1_one_by_one(open_city: OpenCity) -> None:
    city = await pasted(open_city)
    await city.say("孙晓雯", "2 10月12日;3 市住建局 10月10日")
    city.mark()
    await city.press("孙晓雯", "确认 3", contains="拟任务 3")
    says(city.last("孙晓雯"), "W0191", "还有 2 项待定")
    assert about(city, "彭倩", "W0191")
    silent(city, "邵鹏", "苏静")
    await city.press("孙晓雯", "去掉 2", contains="还有 2 项待定")
    await city.press("孙晓雯", "全部确认", contains="拟任务 1")
    assert about(city, "苏静", "W0186")
    silent(city, "邵鹏")


async def test_m1_a_unit_with_two_tasks_is_told_once(open_city: OpenCity) -> None:
    city = await pasted(
        open_city,
        "1、请市住建局10月10日前核发ZY0007施工许可。\n2、市住建局、市教育局10月12日前会商学校管线方案。",
    )
    says(city.last("孙晓雯"), "拟任务 2", "市住建局、市教育局")
    city.mark()
    await city.press("孙晓雯", "全部确认", contains="拟任务 2")
    says(city.only("彭倩"), "W0191", "W0192")
    offers(city.only("彭倩"), "签收 W0191", "签收 W0192")
    says(city.only("魏然"), "W0193")
    lacks(city.only("魏然"), "W0191")


@pytest.mark.parametrize("who", ["张伟", "苏静", "马德胜", "曹颖"])
async def test_b10_who_calls_no_meeting_enters_no_minutes(open_city: OpenCity, who: str) -> None:
    city = await open_city("2026-09-22 15:00")
    await city.say(who, "/纪要 9月22日协调会")
    says(city.only(who), "综合专班联络员")
    await city.say(who, TEXT)
    assert await city.rows("SELECT id FROM minutes") == []
    assert await city.rows("SELECT id FROM drafts WHERE kind = 'minutes'") == []


async def test_m1_in_one_message_by_a_lead_unit(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 15:00")
    await city.say("林芳", "/纪要 用地会商\n请市生态环境局本月底前出具意见。")
    card = city.only("林芳")
    says(card, "用地会商", "拟任务 1", "市生态环境局", "高原", on("09-30", "18:00"))
    await city.say("林芳", "确认")
    assert about(city, "高原", "用地会商")


async def test_m1_dropped_before_the_text(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 15:00")
    await city.say("孙晓雯", "/纪要 9月22日协调会")
    await city.say("孙晓雯", "取消")
    assert await city.rows("SELECT id FROM drafts WHERE kind = 'minutes'") == []


async def test_c11_the_reminder_says_what_the_draft_is(open_city: OpenCity) -> None:
    """A 纪要 is no 问题: the list and the reminder name a draft alike."""
    city = await pasted(open_city)
    city.mark()
    await city.clock("2026-09-23 16:30")
    says(city.last("孙晓雯"), "草稿1 纪要 9月22日协调会 拟任务 3", "18:00 到期")
    await city.say("孙晓雯", "/草稿")
    says(city.last("孙晓雯"), "纪要 9月22日协调会 拟任务 3")


async def test_m1_a_deadline_is_read_whole_or_asked_for(open_city: OpenCity) -> None:
    """Rules A2 M1 C4: 「国庆节后一周内」 counts from the holiday, 「四季度计划」 is no deadline; 删掉 drops a line."""
    city = await pasted(
        open_city,
        "一、请市交通运输局国庆节后一周内会商云白快速跨河方案。二、请市水利局下周三前报送四季度计划。"
        "三、请市教育局批复后5日内进场。四、请市住建局报送四季度工作计划。",
    )
    card = city.only("孙晓雯")
    says(card, on("10-14", "18:00"), on("09-30", "18:00"))
    lacks(card, "09-29", "12-31", "09-27")
    assert card.text.count("「缺时限」") >= 2
    city.mark()
    await city.say("孙晓雯", "③删掉 ④9月30日")
    card = city.only("孙晓雯")
    lacks(card, "没看懂", "批复后5日内")
