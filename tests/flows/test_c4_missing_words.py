"""An act that lacks its words asks for them, and the next message gives them (rules C4, C16, F4, F12, E14, F13)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says
from .conftest import OpenCity
from .samples import jpeg, pdf
from .told import one_about


async def _dispatched(city: City) -> None:
    """W0191 at 市住建局, 待签收."""
    await city.say(
        "魏然", "ZY0007施工许可办不下来，卡在消防设计审查，请住建局牵头，10月15日前完成消防设计审查"
    )
    await city.say("魏然", "确认")
    await city.say("孙晓雯", "交办 W0191 措施 开辟绿色通道并联审查；责任人 彭倩；督办专员 马德胜")
    await city.say("孙晓雯", "确认交办")
    assert (await city.item("W0191"))["state"] == "待签收"


async def test_f4_the_reason_and_the_unit_may_follow_one_by_one(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 14:30", _dispatched)
    await city.say("彭倩", "退回 W0191")
    says(city.last("彭倩"), "要写明原因和建议承办单位", "直接回复")
    await city.say("彭倩", "消防设计审查权限在区住建局")
    says(city.last("彭倩"), "要写明建议承办单位", "直接回复")
    assert (await city.item("W0191"))["state"] == "待签收"
    await city.say("彭倩", "临河区住建局")
    says(city.last("彭倩"), "W0191 已退回")
    says(city.last("孙晓雯"), "退回原因：消防设计审查权限在区住建局；建议 临河区住建局")
    assert (await city.item("W0191"))["state"] == "待甄别"


async def test_f4_a_pressed_button_without_words_asks_too(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 14:30", _dispatched)
    await city.press("彭倩", "退回")
    says(city.last("彭倩"), "要写明原因和建议承办单位")
    await city.say("彭倩", "权限在区里，建议临河区住建局")
    says(city.last("彭倩"), "W0191 已退回")


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("退回 W0191 建议 临河区住建局", "消防设计审查权限在区里"),
        ("W0191退回，建议交临河区住建局", "原因是消防设计审查权限在区里"),
        ("退回 W0191 建议 临河区住建局，原因：消防设计审查权限在区里", ""),
    ],
)
async def test_f4_the_unit_may_come_first(open_city: OpenCity, first: str, then: str) -> None:
    """C4: the unit that was given is not asked for again."""
    city = await open_city("2026-09-24 14:30", _dispatched)
    await city.say("彭倩", first)
    if then:
        says(city.last("彭倩"), "退回要写明原因，请直接回复")
        lacks(city.last("彭倩"), "建议")
        await city.say("彭倩", then)
    says(city.last("彭倩"), "W0191 已退回")
    says(city.last("孙晓雯"), "退回原因：消防设计审查权限在区里；建议 临河区住建局")


@pytest.mark.parametrize(
    "said", ["管网累计2100万", "好的", "为什么要写原因？", "ZX0031进场道路被堵了，请乡镇协调", "/我的"]
)
async def test_c4_what_is_no_answer_is_not_taken_for_the_reason(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-24 14:30", _dispatched)
    await city.say("彭倩", "退回 W0191")
    await city.say("彭倩", said)
    assert (await city.item("W0191"))["state"] == "待签收"
    await city.say("彭倩", "权限在区里，建议 临河区住建局")
    assert (await city.item("W0191"))["state"] == "待甄别"


async def test_c4_it_can_be_dropped_and_is_over_once_done(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 14:30", _dispatched)
    await city.say("彭倩", "退回 W0191")
    await city.say("彭倩", "算了")
    says(city.last("彭倩"), "已取消本次操作，未作记录")
    await city.say("彭倩", "权限在区里，建议 临河区住建局")
    assert (await city.item("W0191"))["state"] == "待签收"
    await city.say("彭倩", "退回 W0191")
    await city.say("彭倩", "退回 W0191 权限在区里 建议 临河区住建局")
    says(city.last("彭倩"), "W0191 已退回")
    city.mark()
    await city.say("彭倩", "材料我下午送过去")
    assert "W0191" not in city.last("彭倩").text


async def test_c4_the_question_lives_thirty_minutes_and_is_the_askers_alone(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 14:30", _dispatched)
    await city.say("彭倩", "退回 W0191")
    await city.say("冯国强", "权限在区里，建议 临河区住建局")
    assert (await city.item("W0191"))["state"] == "待签收"
    await city.say("彭倩", "权限在区里，建议 临河区住建局", at="2026-09-24 15:01")
    assert (await city.item("W0191"))["state"] == "待签收"


async def test_c4_somebody_else_was_faster(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 14:30", _dispatched)
    await city.say("彭倩", "退回 W0191")
    await city.say("冯国强", "签收 W0191")
    await city.say("彭倩", "权限在区里，建议 临河区住建局")
    says(city.last("彭倩"), "W0191 当前办理中")
    assert (await city.item("W0191"))["state"] == "办理中"


async def test_e14_evidence_may_follow_as_a_file(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("陈立新", "/调灯 ZX0031 绿 至 10月20日 原因 设备进口清关")
    says(city.last("陈立新"), "调灯须有依据", "请附上文件，或写明文号")
    await city.say("陈立新", "", files=[("受理单.pdf", pdf())])
    says(city.last("陈立新"), "已调灯：ZX0031", "绿(调)")
    adjusted = (await city.project("ZX0031"))["adjustments"]
    assert [one["reason"] for one in adjusted] == ["设备进口清关"]


async def test_f12_a_rebound_asks_what_came_back(open_city: OpenCity) -> None:
    async def closed(city: City) -> None:
        await city.say("苏静", "/办结 W0186 林地手续已批 文号 云林审〔2026〕88号")
        await city.say("马德胜", "通过 W0186")
        await city.say("孙晓雯", "销号 W0186")
        await city.clock("2026-10-21 08:35")

    city = await open_city("2026-09-22 09:10", closed)
    await city.say("李娜", "反弹 W0186")
    says(city.last("李娜"), "要写明反弹情况")
    await city.say("李娜", "现场又被要求停工，界址与批复不符")
    assert (await city.item("W0186"))["state"] == "办理中"


async def test_f13_merging_asks_into_which(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:10")
    await city.say("李娜", "循环园二期道路林地手续没批，请林业局抓紧办理，10月底前")
    await city.say("李娜", "确认")
    await city.say("孙晓雯", "合并 W0191")
    says(city.last("孙晓雯"), "合并到哪个编号")
    await city.say("孙晓雯", "W0186")
    says(city.last("孙晓雯"), "W0191 已合并到 W0186")


@pytest.mark.parametrize(
    ("asked", "answer"), [("/延期 W0186 10月30日", "省局要求补正"), ("延期 W0186", "10月30日 省局要求补正")]
)
async def test_f7_more_time_asks_for_what_is_missing(open_city: OpenCity, asked: str, answer: str) -> None:
    city = await open_city("2026-09-28 10:00")
    await city.say("苏静", asked)
    says(city.last("苏静"), "请写明", "直接回复")
    city.mark()
    await city.say("苏静", answer)
    says(city.only("马德胜"), "首次延期申请 10-20 → 10-30", "省局要求补正")


async def test_h6_the_photo_of_the_receipt_may_follow(open_city: OpenCity) -> None:
    city = await open_city("2026-09-29 09:10")
    await city.say("陈立新", "签发 督办函 W0186")
    await city.say("孙晓雯", "/送达 督12 线下 接收人 苏静")
    says(city.last("孙晓雯"), "要附签收单的照片")
    await city.say("孙晓雯", "", files=[("签收单.jpg", jpeg())])
    says(city.last("孙晓雯"), "督〔2026〕12号", "线下送达市林业局", "附件 1 个")


async def test_f4_the_reminder_of_a_ruling_gives_the_reason_of_the_return(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 14:30", _dispatched)
    await city.say("彭倩", "退回 W0191 审查权限在区里，建议临河区住建局")
    await city.say("孙晓雯", "改交办 W0191 临河区住建局，责任人 王磊(临河区发改局)")
    await city.say("王磊(临河区发改局)", "退回 W0191 项目属市级审查范围，建议交市住建局")
    says(city.last("陈立新"), "第二次退回", "退回原因：项目属市级审查范围；建议 市住建局")
    city.mark()
    await city.clock("2026-09-29 08:35")
    reminded = [one for one in city.heard("陈立新") if "W0191" in one.text]
    assert len(reminded) == 1
    says(
        reminded[0],
        "应于 09-28 18:00 前裁定，至今未裁定",
        "临河区发改局退回原因：项目属市级审查范围",
        "建议 市住建局",
    )
    city.mark()
    await city.clock("2026-10-08 09:00")
    assert not any("裁定" in one.text for one in city.heard("陈立新"))


async def test_b6_the_reminder_names_the_unit_that_returned_it_and_not_the_delegates(
    open_city: OpenCity,
) -> None:
    """Rules B6, F4: who stands in for 彭倩 acts for 市住建局."""
    city = await open_city("2026-09-24 14:30", _dispatched)
    await city.say("彭倩", "退回 W0191 审查权限在区里，建议临河区住建局")
    await city.say("孙晓雯", "改交办 W0191 市住建局，责任人 彭倩")
    await city.say("孙晓雯", "确认交办")
    await city.say("彭倩", "/代理 苏静 9月24日 至 9月30日")
    await city.say("苏静", "退回 W0191 区里已受理，建议临河区住建局")
    says(city.last("陈立新"), "第二次退回", "市住建局退回原因：区里已受理")
    city.mark()
    await city.clock("2026-09-29 08:35")
    says(one_about(city, "陈立新", "W0191"), "至今未裁定", "市住建局退回原因：区里已受理")


@pytest.mark.parametrize(
    ("act", "words", "done"),
    [
        ("退回补充", "请写明缺哪个批复", "已退回补充"),
        ("不予受理", "与W0186重复", "已不予受理"),
    ],
)
async def test_f2_the_question_names_the_act_and_the_answer_may_name_what_is_unknown(
    open_city: OpenCity, act: str, words: str, done: str
) -> None:
    """「缺哪个批复」 is what somebody else is asked for, no question to us and no new problem."""
    city = await open_city("2026-09-22 09:10")
    await city.say("李娜", "循环园二期道路林地手续没批，请林业局抓紧办理")
    await city.say("李娜", "确认")
    await city.say("孙晓雯", f"{act} W0191")
    says(city.last("孙晓雯"), f"{act}要写明原因，请直接回复")
    city.mark()
    await city.say("孙晓雯", words)
    says(city.only("孙晓雯"), "W0191", done)
    says(city.only("李娜"), words)
