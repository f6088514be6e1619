"""Two things in one message about items: none is dropped or taken for the other (rules B10, C4, F1, F3, F7)."""

from __future__ import annotations

from .city import City, lacks, says, silent
from .conftest import OpenCity
from .told import one_about


async def _raised(city: City) -> None:
    await city.say("魏然", "ZY0007施工许可办不下来，请住建局10月15日前解决")
    await city.say("魏然", "确认")


async def _two_handed_out(city: City) -> None:
    await _raised(city)
    await city.say("张伟", "/问题 ZX0031 管线迁改没人管，请住建局10月20日前完成")
    await city.say("张伟", "确认")
    for number in ("W0191", "W0192"):
        await city.say(
            "孙晓雯", f"交办 {number} 责任人 彭倩 督办专员 马德胜 措施 并联审查 目标 办结 时限 10月20日"
        )
        await city.say("孙晓雯", "确认交办")


async def test_f7_an_extension_within_a_feedback_is_no_request(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 15:00")
    await city.say("苏静", "W0186已报省局，预计10月10日批复；另外想延期到10月28日")
    card = city.last("苏静")
    says(card, "反馈草稿1", "不算申请", "延期 W0186 到10月28日 原因")
    await city.say("苏静", "确认")
    assert await city.rows("SELECT id FROM item_extensions") == []
    await city.say("苏静", "延期 W0186 到10月28日 省局补正")
    says(one_about(city, "马德胜", "首次延期申请"), "10-20 → 10-28")


async def test_f3_two_items_are_received_at_once(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 15:00", _two_handed_out)
    await city.say("彭倩", "签收 W0191、W0192")
    assert [(await city.item(one))["state"] for one in ("W0191", "W0192")] == ["办理中", "办理中"]


async def test_b10_several_decisions_are_asked_for_one_by_one(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 15:00")
    city.mark()
    await city.say("马德胜", "W0186采纳，W0190退回没写预计时间")
    says(city.only("马德胜"), "只办一件", "采纳 W0186")
    silent(city, "苏静", "吴迪")


async def test_f1_the_raiser_adds_by_number(open_city: OpenCity) -> None:
    """After 退回补充, a day later and without the verb: a draft that completes the item, no refusal."""
    city = await open_city("2026-09-22 09:00", _raised)
    await city.say("孙晓雯", "退回补充 W0191 卡点不清")
    await city.clock("2026-09-23 15:00")
    city.mark()
    await city.say("魏然", "W0191 卡在消防设计审查，图纸已报两次")
    says(city.only("魏然"), "补充 W0191", "卡在消防设计审查")
    await city.say("魏然", "确认")
    says(one_about(city, "孙晓雯", "W0191"), "卡在消防设计审查")


async def test_b10_what_was_handed_out_is_not_changed_by_a_sentence(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    before = await city.item("W0186")
    for said in ("W0186 责任人改为 谭勇", "W0186 办结时限改到10月30日", "给W0186加个协办单位 市自然资源局"):
        await city.say("孙晓雯", said)
        says(city.last("孙晓雯"), "不能直接改", "/协办 W0186")
    assert await city.item("W0186") == before


async def test_c16_who_asks_when_is_shown_where_it_is(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("李娜", "W0186 我们这边等不及了，能不能快点")
    says(city.last("李娜"), "当前待：苏静")
    lacks(city.last("李娜"), "不能反馈")
