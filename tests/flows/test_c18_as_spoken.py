"""Steps of an item as they are spoken: 办结了, 宽限到, 反弹了, 退回 and a unit (rules C4, C16, C18, F4, F7, F9–F13)."""

from __future__ import annotations

import pytest

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .told import iso, one_about, open_drafts


async def _dispatched(city: City) -> None:
    await city.say("魏然", "ZY0007施工许可办不下来，卡在消防审查，请住建局10月15日前完成")
    await city.say("魏然", "确认")
    await city.say("孙晓雯", "交办W0191 责任人彭倩，督办马德胜，措施并联审查")
    await city.say("孙晓雯", "确认交办")


async def _closed(city: City) -> None:
    await city.say("苏静", "办结W0186 已批 文号 云林审〔2026〕88号")
    await city.say("马德胜", "通过 W0186")
    await city.say("孙晓雯", "销号 W0186")


@pytest.mark.parametrize(
    "said",
    [
        "W0186办结了，文号 云林审〔2026〕88号",
        "W0186已办结，批复云林审〔2026〕88号",
        "W0186我们办完了，拿到批复云林审〔2026〕88号",
        "W0186 都办好了，云林审〔2026〕88号",
    ],
)
async def test_f9_done_with_its_number(open_city: OpenCity, said: str) -> None:
    """A 文号 is the organ's own, without the words before it."""
    city = await open_city("2026-10-12 10:00")
    city.mark()
    await city.say("苏静", said)
    says(city.last("苏静"), "W0186 已报办结", "待马德胜审核")
    card = one_about(city, "马德胜", "W0186", "待审核")
    says(card, "依据：文号 云林审〔2026〕88号")
    offers(card, "通过", "不通过")


async def test_f9_done_without_a_number_is_asked_for_it(open_city: OpenCity) -> None:
    city = await open_city("2026-10-12 10:00")
    await city.say("苏静", "W0186已办结")
    says(city.last("苏静"), "文号")
    assert (await city.item("W0186"))["state"] == "办理中"


@pytest.mark.parametrize(
    "said", ["W0186办结了吗", "W0186已办结？", "W0186预计月底办结了再说", "W0186材料办好了一半"]
)
async def test_c16_what_is_asked_or_expected_is_not_done(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-10-12 10:00")
    await city.say("苏静", said)
    lacks(city.last("苏静"), "已报办结", "附批复文件")
    assert (await city.item("W0186"))["state"] == "办理中"


async def test_b10_who_did_not_work_on_it_is_refused(open_city: OpenCity) -> None:
    city = await open_city("2026-10-12 10:00")
    await city.say("李娜", "W0186已办结，批复云林审〔2026〕88号")
    says(city.last("李娜"), "不能报办结", "责任单位")


@pytest.mark.parametrize(
    "said", ["W0190宽限到10月23日，专家会改期", "申请把W0190放宽时限到10月23日，专家会改期"]
)
async def test_f7_more_time_in_other_words(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-10-12 10:00")
    await city.say("吴迪", said)
    says(city.last("吴迪"), "延期申请已报马德胜", "10-16 18:00 → 10-23 18:00")


async def test_f7_a_request_that_waits(open_city: OpenCity) -> None:
    """It is said at once that another is not taken and that it is not withdrawn; no reason is asked for in vain."""
    city = await open_city("2026-10-12 10:00")
    await city.say("吴迪", "W0190延期到10月23日，专家会改期")
    await city.say("吴迪", "W0190延期申请改成10月28日")
    says(city.last("吴迪"), "已有一件延期申请（至 10-23）待定")
    await city.say("吴迪", "撤回W0190延期申请")
    says(city.last("吴迪"), "不能撤回", "审批")
    await city.say("马德胜", "W0190的延期我看了，没意见")
    says(city.last("马德胜"), "等您审批延期", "同意 W0190")
    assert (await city.item("W0190"))["extensions"] == 0
    await city.say("马德胜", "同意 W0190")
    assert (await city.item("W0190"))["due_at"] == iso("2026-10-23 18:00")


async def test_f4_sent_back_with_the_unit_at_the_end(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:20", _dispatched)
    await city.say("冯国强", "W0191不归我们管，退回，建议临河区住建局")
    item = await city.item("W0191")
    assert (item["state"], item["returns"]) == ("待甄别", 1)
    says(one_about(city, "孙晓雯", "被退回"), "不归我们管", "建议 临河区住建局")


async def test_f4_not_once_it_was_received(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:20", _dispatched)
    await city.say("彭倩", "签收 W0191")
    await city.say("彭倩", "W0191我们办不了，退回，建议临河区住建局")
    says(city.last("彭倩"), "当前办理中，不能退回")
    assert await open_drafts(city) == []


@pytest.mark.parametrize("said", ["反弹了，又停工了", "W0186反弹了，又停工了", "W0186又反弹了，又停工了"])
async def test_f12_relapsed(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-10-12 10:00", _closed)
    await city.clock("2026-11-02 09:00")
    offers(city.last("李娜"), "有效", "反弹")
    city.mark()
    await city.say("李娜", said)
    says(city.last("李娜"), "W0186 已重开")
    says(one_about(city, "苏静", "重开"), "又停工了")
    assert (await city.item("W0186"))["state"] == "办理中"


async def test_c16_a_decision_among_other_words_decides_nothing(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 10:00")
    await city.say("苏静", "W0186已报省局，10月10日前批复")
    await city.say("苏静", "确认")
    city.mark()
    await city.say("马德胜", "W0186采纳，就按这个办")
    says(city.only("马德胜"), "等您审核反馈", "采纳 W0186", "退回 W0186 原因")
    silent(city, "苏静")


async def test_f11_an_assisting_unit_that_will_not(open_city: OpenCity) -> None:
    """It is not told to report its refusal as done."""
    city = await open_city("2026-09-22 09:20", _dispatched)
    await city.say("孙晓雯", "/协办 W0191 市水利局 排水口审批")
    await city.say("唐静", "W0191协办的活不归我们，退回，建议市住建局")
    says(city.last("唐静"), "不能退回", "督办专员")
    lacks(city.last("唐静"), "完成协办")


async def test_c4_a_figure_beside_a_feedback(open_city: OpenCity) -> None:
    """Both are drafted: what is said of the item, and the figure of the project that is named."""
    city = await open_city("2026-09-23 09:20")
    await city.say("吴迪", "W0190铁路局在审，ZD0115今年累计48000万")
    assert sorted(one["kind"] for one in await open_drafts(city)) == ["feedback", "report"]
    await city.say("吴迪", "确认 1、2")
    assert (await city.project("ZD0115"))["ytd_wan"] == 48000
    assert [one["state"] for one in (await city.item("W0190"))["feedbacks"]][-1] == "submitted"


async def test_c4_more_time_beside_a_feedback_is_not_asked_for_by_it(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:20")
    await city.say("苏静", "W0186反馈：已报省局。W0186延期到10月30日，省局排队")
    says(city.last("苏静"), "反馈里的延期不算申请", "延期 W0186 到10月30日")


async def test_f13_merged_in_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 09:20")
    for who in ("李娜", "钱文海"):
        await city.say(who, "循环园二期道路林地没批，请林业局协调")
        await city.say(who, "确认")
    await city.say("孙晓雯", "W0192和W0191是一回事，合并")
    says(city.last("孙晓雯"), "合并 W0192 到 W0191")
    await city.say("孙晓雯", "把W0192合并到W0191")
    await city.say("孙晓雯", "W0191并到W0186吧")
    assert [(await city.item(number))["state"] for number in ("W0191", "W0192")] == ["已合并", "已合并"]
    await city.say("钱文海", "/查 W0192")
    says(city.last("钱文海"), "已合并到 W0186")


async def test_b6_a_feedback_drafted_for_a_principal_ends_with_the_delegation(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 09:20")
    await city.say("苏静", "/代理 高原 9月24日 至 9月28日")
    await city.say("高原", "W0186专家会开完了", at="2026-09-28 23:00")
    city.mark()
    await city.say("高原", "确认", at="2026-09-29 00:10")
    says(city.only("高原"), "不由您办理", "代理已结束", "取消 1")
    silent(city, "马德胜", "苏静")
    assert (await city.item("W0186"))["feedbacks"] == []


async def test_c10_what_is_not_undone_says_so(open_city: OpenCity) -> None:
    """撤回 of an item or of a feedback: what to do instead; what is not the sender's stays unknown (rule B4)."""
    city = await open_city("2026-09-23 09:20")
    await city.say("李娜", "撤回W0186")
    says(city.last("李娜"), "W0186 不能撤销", "综合专班")
    await city.say("张伟", "撤回W0186")
    says(city.last("张伟"), "未找到，或您无权查看")
    await city.say("苏静", "W0186的反馈我写错了，撤回")
    says(city.last("苏静"), "反馈提交后不能撤回", "督办专员退回")
    assert await open_drafts(city) == []


async def test_f9_failed_after_the_day(open_city: OpenCity) -> None:
    """The date that stays has passed: by how much is said (rules F1, F14)."""
    city = await open_city("2026-10-20 17:00")
    await city.say("苏静", "W0186办结了，文号 云林审〔2026〕88号")
    await city.press("马德胜", "不通过", contains="W0186", input="缺图纸", at="2026-10-22 10:00")
    says(one_about(city, "苏静", "审核不通过"), "办结时限仍为 10-20 18:00", "已逾期2个工作日")


async def test_f9_done_with_the_number_behind(open_city: OpenCity) -> None:
    city = await open_city("2026-10-12 10:00")
    await city.say("苏静", "W0186二期也批了，办结，文号 云林审〔2026〕91号")
    says(city.last("苏静"), "W0186 已报办结")
    says(one_about(city, "马德胜", "待审核"), "依据：文号 云林审〔2026〕91号")


async def test_f1_a_refusal_is_no_double_negative(open_city: OpenCity) -> None:
    city = await open_city("2026-10-12 10:00")
    await city.say("马德胜", "不通过W0186 缺图纸")
    says(city.last("马德胜"), "W0186 当前办理中，不能审核")
    await city.say("林芳", "不通过W0186 缺图纸")
    says(city.last("林芳"), "您不能审核 W0186，此事由督办专员办理")


async def test_g4_a_task_that_is_over_names_its_unit(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:00")
    await city.say("陈立新", "/提级 W0190 2级")
    await city.say("郑海峰", "W0190批示：请财政局10月15日前拿出资金方案")
    await city.say("周敏", "签收 W0191")
    await city.say("周敏", "办结 W0191 方案已报 文号 云财〔2026〕9号")
    await city.say("马德胜", "通过 W0191")
    await city.say("孙晓雯", "销号 W0191")
    await city.say("郑海峰", "/查 W0190")
    says(city.last("郑海峰"), "任务 W0191 市财政局，已销号")


async def test_g2_the_date_in_the_sentence_is_proposed(open_city: OpenCity) -> None:
    """Not the 办结时限 that is known, which nobody asked for (rule C4)."""
    city = await open_city("2026-09-23 09:20")
    await city.say("吴迪", "W0190提级：铁路局不松口，要市领导出面，10月20日前")
    card = one_about(city, "陈立新", "提级建议", "W0190")
    says(card, "建议时限：10-20", "铁路局不松口")


async def test_h2_the_brief_is_signed_in_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 09:00")
    await city.say("孙晓雯", "/简报 第38期")
    await city.say("孙晓雯", "典型做法 青禾县容缺受理提速")
    await city.say("孙晓雯", "报签")
    await city.say("陈立新", "简报签发吧")
    says(city.last("陈立新"), "已签发", "简报")


async def test_f7_what_is_ruled_on_first(open_city: OpenCity) -> None:
    """「延期不同意，理由不充分」: the ruling on the one that waits."""
    city = await open_city("2026-10-12 10:00")
    await city.say("吴迪", "W0190延期到10月23日，专家会改期")
    city.mark()
    await city.say("马德胜", "延期不同意，理由不充分")
    says(one_about(city, "吴迪", "W0190"), "不同意延期：理由不充分")
    await city.say("吴迪", "W0190延期到10月23日，铁路局要求重新论证")
    await city.say("马德胜", "延期同意")
    assert (await city.item("W0190"))["extensions"] == 1


async def test_c4_what_a_closing_still_waits_for(open_city: OpenCity) -> None:
    city = await open_city("2026-10-12 10:00")
    await city.say("苏静", "W0186已办结，二期也批了")
    await city.say("苏静", "验收单 2026-118")
    says(city.last("苏静"), "仍在等 W0186 的文号或批复文件", "取消")
    await city.say("苏静", "文号 云林审〔2026〕91号")
    says(city.last("苏静"), "W0186 已报办结")


async def test_f7_so_many_workdays_more(open_city: OpenCity) -> None:
    city = await open_city("2026-10-12 10:00")
    await city.say("苏静", "我想申请延期，再给8个工作日，专家会改期")
    says(city.last("苏静"), "延期申请已报", "10-20 18:00 → 10-30 18:00")
    asked = (await city.item("W0186"))["extension_requests"]
    assert [one["reason"] for one in asked] == ["专家会改期"]


async def test_o2_sent_to_the_province_in_words(open_city: OpenCity) -> None:
    """The 文号 is no second item (rules B10, C18, G2)."""
    city = await open_city("2026-10-12 09:20")
    for level in (2, 3):
        await city.say("陈立新", f"/提级 W0190 {level}级")
    await city.say("陈立新", "/提级 W0190 4级")
    await city.say("吴迪", "W0190已报省，文号 云攻坚〔2026〕40号")
    await city.say("孙晓雯", "W0190已报省，文号 云攻坚〔2026〕41号")
    says(city.last("孙晓雯"), "W0190", "云攻坚〔2026〕41号")
    sent = (await city.item("W0190"))["province_reports"]
    assert [one["number"] for one in sent] == ["云攻坚〔2026〕41号"]
