"""S41: the list for the monthly 专题会议 of the 常务副市长 (rules G2, E12, M1, B8, B10)."""

from __future__ import annotations

import pytest

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .told import iso, one_about, told


async def up_to_level_two(city: City) -> None:
    await city.clock("2026-09-23 10:00")
    await city.say("陈立新", "/提级 W0190 2级")


async def raised(open_city: OpenCity) -> City:
    return await open_city("2026-09-22 18:00", up_to_level_two)


async def test_s41_from_the_list_to_level_three(open_city: OpenCity) -> None:
    city = await raised(open_city)
    await city.clock("2026-09-28 10:00")
    await city.say("孙晓雯", "/会议 加入 W0186")
    city.mark()
    await city.say("孙晓雯", "/会议 拟题 9月专题")
    card = city.only("孙晓雯")
    says(card, "建议议题 2", "① W0190", "涉铁", "2 级已 2 个工作日", "② W0186")
    offers(card, "加入", "移除", "排序", "报市攻坚办")
    assert told(city) == {"孙晓雯"}
    await city.press("孙晓雯", "排序", input="2 1", contains="建议议题 2")
    says(city.last("孙晓雯"), "① W0186", "② W0190")
    city.mark()
    await city.press("孙晓雯", "报市攻坚办", contains="① W0186")
    approval = city.only("陈立新")
    says(approval, "孙晓雯", "9月专题会议", "W0190", "W0186", "审定")
    offers(approval, "同意议题", "退回议题")
    assert told(city) == {"孙晓雯", "陈立新"}
    assert (await city.item("W0190"))["level"] == 2
    city.mark()
    await city.press_on(approval, "陈立新", "同意议题")
    for number in ("W0190", "W0186"):
        item = await city.item(number)
        assert (item["level"], item["state"]) == (3, "办理中")
    rows = [row for row in await city.audit("item", "W0190") if row["field"] == "level"]
    assert (rows[-1]["old"], rows[-1]["new"], rows[-1]["by_name"]) == ("2", "3", "陈立新")
    assert "9月专题会议" in rows[-1]["reason"]
    says(city.only("沈国栋"), "9月专题会议", "① W0186", "② W0190")
    says(one_about(city, "孙晓雯", "9月专题会议"), "陈立新", "3级")
    assert told(city) == {"陈立新", "孙晓雯", "沈国栋"}
    assert (await city.item("W0190"))["feedback_due_at"] == iso("2026-09-30 18:00")  # rule G5
    city.mark()
    await city.press_on(approval, "陈立新", "退回议题", input="重排")
    says(city.only("陈立新"), "已审定")
    meeting = await city.rows("SELECT id FROM topic_meetings")
    fields = [row["field"] for row in await city.audit("topic_meeting", str(meeting[0]["id"]))]
    assert fields.count("added") == 2
    assert "order" in fields


async def test_m1_proposed_by_itself_on_the_first_workday_from_the_25th(open_city: OpenCity) -> None:
    """The 25th is a holiday: 09-28 09:00, once."""
    city = await raised(open_city)
    await city.clock("2026-09-28 08:59")
    city.mark()
    await city.clock("2026-09-28 09:00")
    says(one_about(city, "孙晓雯", "专题会议"), "建议议题 1", "W0190")
    silent(city, "沈国栋", "郑海峰")
    city.mark()
    await city.clock("2026-09-30 12:00")
    assert not told(city, "专题会议")


async def test_m1_removal_is_kept_and_not_proposed_again(open_city: OpenCity) -> None:
    city = await raised(open_city)
    await city.clock("2026-09-28 10:00")
    await city.say("孙晓雯", "/会议 移除 1 正在专项协调")
    says(city.last("孙晓雯"), "建议议题 0", "已移除：W0190")
    await city.say("孙晓雯", "/会议 拟题 9月专题")
    says(city.last("孙晓雯"), "建议议题 0", "已移除：W0190")
    [meeting] = await city.rows("SELECT id FROM topic_meetings")
    [row] = [
        one for one in await city.audit("topic_meeting", str(meeting["id"])) if one["field"] == "removed"
    ]
    assert (row["old"], row["reason"], row["by_name"]) == ("W0190", "正在专项协调", "孙晓雯")
    city.mark()
    await city.say("孙晓雯", "/会议 报市攻坚办")
    says(city.only("孙晓雯"), "议题是空的")
    await city.say("孙晓雯", "/会议 加入 W0190")
    says(city.last("孙晓雯"), "建议议题 1", "① W0190")


async def test_m1_an_old_card_does_not_act_on_another_list(open_city: OpenCity) -> None:
    city = await raised(open_city)
    await city.clock("2026-09-28 10:00")
    await city.say("孙晓雯", "/会议 拟题 9月专题")
    card = city.last("孙晓雯")
    await city.say("孙晓雯", "/会议 加入 W0186")
    city.mark()
    await city.press_on(card, "孙晓雯", "移除", input="1")
    says(city.only("孙晓雯"), "已有变动")
    await city.say("孙晓雯", "移除 2 已有进展")
    says(city.last("孙晓雯"), "已移除 W0186")


async def test_m1_sent_back_with_a_reason_can_be_changed(open_city: OpenCity) -> None:
    city = await raised(open_city)
    await city.clock("2026-09-28 10:00")
    await city.say("孙晓雯", "/会议 报市攻坚办")
    city.mark()
    await city.say("陈立新", "退回议题 请补充资金类议题")
    says(one_about(city, "孙晓雯", "退回"), "陈立新", "请补充资金类议题")
    assert (await city.item("W0190"))["level"] == 2
    await city.say("孙晓雯", "/会议 加入 W0186")
    says(city.last("孙晓雯"), "建议议题 2")


@pytest.mark.parametrize("who", ["张伟", "马德胜", "吴迪", "郑海峰", "刘洋"])
async def test_b10_others_do_not_settle_the_list(open_city: OpenCity, who: str) -> None:
    city = await raised(open_city)
    await city.clock("2026-09-28 10:00")
    city.mark()
    await city.say(who, "/会议 拟题 9月专题")
    says(city.only(who), "综合专班联络员、负责人")
    lacks(city.only(who), "W0190")


async def test_b10_only_the_office_approves(open_city: OpenCity) -> None:
    city = await raised(open_city)
    await city.clock("2026-09-28 10:00")
    await city.say("孙晓雯", "/会议 报市攻坚办")
    card = city.with_button("陈立新", "同意议题")
    city.mark()
    await city.press_on(card, "孙晓雯", "同意议题")
    says(city.only("孙晓雯"), "市攻坚办负责人")
    assert (await city.item("W0190"))["level"] == 2


async def test_m1_an_item_is_added_and_taken_out_by_its_number(open_city: OpenCity) -> None:
    """Rules B8 M1: 「加入W0186」 without the command; a restricted one gets onto no list."""
    city = await open_city("2026-09-22 09:00")
    await city.say("周敏", "受限问题：ZX0031专项债资金被挪用垫付其他工程款，请审计局核查")
    await city.say("周敏", "确认")
    await city.say("孙晓雯", "拟题9月专题")
    await city.say("孙晓雯", "加入W0186")
    says(city.last("孙晓雯"), "建议议题 2", "W0186")
    await city.say("孙晓雯", "移除W0186 本月不议")
    says(city.last("孙晓雯"), "建议议题 1")
    await city.say("孙晓雯", "加入W0191")
    says(city.last("孙晓雯"), "未找到，或您无权查看")
    await city.say("陈立新", "/会议 加入 W0191")
    lacks(city.last("陈立新"), "建议议题 2", "挪用")
