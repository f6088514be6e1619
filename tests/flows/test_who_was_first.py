"""Two people act at once: the second is told who was first, and what is possible now (rules B10, C14, F1)."""

from __future__ import annotations

from .city import says
from .conftest import OpenCity
from .test_items import dispatched
from .told import told


async def test_f3_the_leader_signs_before_the_liaison(open_city: OpenCity) -> None:
    """Rules F3, F4: 带班领导 signs; 责任人 and 督办专员 hear who did, and the old buttons do nothing any more."""
    city = await dispatched(open_city)
    card = city.with_button("彭倩", "签收", contains="W0191")
    await city.clock("2026-09-22 10:05")
    city.mark()
    await city.say("冯国强", "签收W0191")
    assert told(city) == {"冯国强", "彭倩", "马德胜"}
    for name in ("彭倩", "马德胜"):
        says(city.only(name), "W0191", "市住建局 冯国强已于 09-22 10:05 签收", "09-30 18:00")
    await city.clock("2026-09-22 10:06")
    city.mark()
    await city.press_on(card, "彭倩", "签收")
    says(
        city.last("彭倩"),
        "W0191 当前办理中，不能签收（冯国强 09-22 10:05 签收）。现在可以：反馈、报办结、延期",
    )
    await city.press_on(card, "彭倩", "退回", input="不归我们 建议 临河区住建局")
    says(city.last("彭倩"), "不能退回（冯国强 09-22 10:05 签收）")
    assert told(city) == {"彭倩"}
    assert (await city.item("W0191"))["state"] == "办理中"


async def test_f3_who_signs_alone_is_not_told_of_it(open_city: OpenCity) -> None:
    city = await dispatched(open_city)
    city.mark()
    await city.press("彭倩", "签收", contains="W0191")
    assert told(city) == {"彭倩", "马德胜"}


async def test_f8_two_reviewers_of_one_submission(open_city: OpenCity) -> None:
    """Rules A7, F8: 督办专员 and 综合专班负责人 rule on one feedback, then on one 办结."""
    city = await open_city("2026-09-22 10:00")
    await city.say("苏静", "W0186 已报省林草局，预计10月10日批复")
    await city.say("苏静", "确认")
    card = city.with_button("马德胜", "采纳", contains="W0186")
    await city.clock("2026-09-22 11:00")
    await city.say("陈立新", "采纳 W0186")
    await city.press_on(card, "马德胜", "退回", input="没有节点")
    says(city.last("马德胜"), "已采纳，不能再审核（陈立新 09-22 11:00 采纳）")
    await city.say("苏静", "/办结 W0186 林地手续已批 云林审〔2026〕88号")
    card = city.with_button("马德胜", "通过", contains="W0186")
    await city.say("陈立新", "通过 W0186")
    await city.press_on(card, "马德胜", "不通过", input="只批了一期")
    says(city.last("马德胜"), "W0186 当前待销号，不能审核（陈立新 09-22 11:00 审核通过）")
    assert (await city.item("W0186"))["refusals"] == 0


async def test_e9_an_answer_that_its_author_has_replaced(open_city: OpenCity) -> None:
    """Rules E9, E13: [采纳] on the version before is refused, saying that a newer one came."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/反馈 ZX0031 设备采购晚到，10月中旬追平")
    card = city.with_button("彭倩", "采纳", contains="ZX0031")
    await city.say("张伟", "/反馈 ZX0031 设备采购晚到，10月11日累计5900万")
    await city.press_on(card, "彭倩", "采纳")
    says(city.last("彭倩"), "提交人已重新提交，不能采纳")
    await city.press("彭倩", "采纳", contains="5900")
    await city.press_on(card, "彭倩", "采纳")
    says(city.last("彭倩"), "提交人已重新提交")


async def test_f8_the_responsible_hears_what_became_of_the_leaders_submission(open_city: OpenCity) -> None:
    """Rules F1, F8: 带班领导 hands in; returned or 不通过, the duty is with the 责任人 again, who is told too."""
    city = await open_city("2026-09-22 10:00")
    await city.say("谭勇", "W0186 已报省林草局")
    await city.say("谭勇", "确认")
    city.mark()
    await city.say("马德胜", "退回 W0186 没有节点")
    assert told(city) == {"马德胜", "谭勇", "苏静"}
    await city.say("谭勇", "/办结 W0186 一期已批 云林审〔2026〕88号")
    city.mark()
    await city.say("马德胜", "不通过 W0186 只批了一期")
    assert told(city) == {"马德胜", "谭勇", "苏静"}
    says(city.only("苏静"), "审核不通过：只批了一期", "10-20 18:00")


async def test_h2_a_void_letter_is_not_read(open_city: OpenCity) -> None:
    """Rules H2, H5: after 作废 neither [签收] nor [已阅] does anything, nor is a receipt asked for."""
    city = await open_city("2026-09-29 09:00")
    await city.press("陈立新", "签发", contains="W0186")
    card = city.with_button("谭勇", "已阅", contains="督〔2026〕12号")
    await city.say("陈立新", "/作废 督12 事实有误")
    city.mark()
    await city.press_on(card, "谭勇", "已阅")
    says(city.only("谭勇"), "已作废（事实有误），不能已阅")
    await city.clock("2026-10-08 09:00")
    assert not told(city, "签收提醒")


async def test_c10_undo_after_a_problem_was_raised(open_city: OpenCity) -> None:
    """Rule C10: a problem is no entry; /撤销 right after it says so, and an older entry is not what was meant."""
    city = await open_city("2026-09-22 10:00")
    await city.say("吴迪", "ZD0115用地手续批不下来，请自然资源局10月10日前协调")
    await city.say("吴迪", "确认")
    city.mark()
    await city.say("吴迪", "/撤销")
    says(city.only("吴迪"), "W0191 不能撤销", "告知综合专班")
    await city.clock("2026-09-22 10:11")
    city.mark()
    await city.say("吴迪", "/撤销")
    says(city.only("吴迪"), "/更正 ZD0115")


async def test_g4_one_instruction_given_twice(open_city: OpenCity) -> None:
    """Rules C2, G4: the button pressed again with the same words gives no second task; other words do."""
    city = await open_city("2026-09-22 09:00")
    await city.say("陈立新", "/提级 W0190 2级")
    card = city.with_button("郑海峰", "批示", contains="W0190")
    await city.press_on(card, "郑海峰", "批示", input="请交通局9月30日前对接")
    city.mark()
    await city.press_on(card, "郑海峰", "批示", input="请交通局9月30日前对接")
    says(city.only("郑海峰"), "09-22 09:00 已记录并交办，不重复交办")
    assert told(city) == {"郑海峰"}
    await city.press_on(card, "郑海峰", "批示", input="请交通局10月9日前报方案")
    found = await city.rows("SELECT number FROM items WHERE number > 'W0190' ORDER BY number")
    assert [row["number"] for row in found] == ["W0191", "W0192"]


async def test_g6_the_card_of_a_level_that_sent_it_back(open_city: OpenCity) -> None:
    """Rules B10, G6: after 退回综合专班 the old card convenes and sends back no more, and says who was first."""
    city = await open_city("2026-09-22 09:00")
    await city.say("陈立新", "/提级 W0190 2级")
    card = city.with_button("郑海峰", "批示", contains="W0190")
    await city.press_on(card, "郑海峰", "退回综合专班", input="先由专班对接")
    city.mark()
    for action, words in (("召开专项协调", ""), ("退回综合专班", "再退")):
        await city.press_on(card, "郑海峰", action, input=words)
        says(city.last("郑海峰"), f"不能{action}（郑海峰 09-22 09:00 退回）")
    assert told(city) == {"郑海峰"}
