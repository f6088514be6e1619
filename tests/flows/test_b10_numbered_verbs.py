"""Verbs with a number, in either order, with a card or none: done, or refused with the reason (rules B10, C16)."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity


async def test_number_before_the_verb(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("苏静", "W0186 申请延期到10月30日，省局要求补正")
    says(city.last("马德胜"), "首次延期申请 10-20 → 10-30（8 个工作日）")
    await city.say("马德胜", "W0186 不同意 理由不充分")
    says(city.last("苏静"), "不同意延期", "办结时限仍为 10-20 18:00")
    await city.say("苏静", "W0186 省局已受理,10月8日批复")
    await city.say("苏静", "确认")
    await city.say("马德胜", "W0186 采纳")
    says(city.last("苏静"), "反馈已由马德胜采纳")
    await city.say("陈立新", "W0190 提级到分管副市长")
    await city.say("郑海峰", "W0190 批示 请交通局10月12日前与铁路局对接")
    item = await city.item("W0190")
    assert item["level"] == 2
    says(city.last("郑海峰"), "批示已记录（W0190）", "10-12 18:00 前办结")


async def test_the_liaisons_own_words_stay_a_feedback(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("苏静", "W0186 通过")
    says(city.last("苏静"), "【反馈草稿1】W0186")
    await city.say("苏静", "取消")
    await city.say("苏静", "W0186 通过省局审查，等批文")
    says(city.last("苏静"), "【反馈草稿1】W0186", "通过省局审查")


async def test_what_the_state_or_the_role_forbids_says_so(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("马德胜", "W0186 通过")
    says(city.last("马德胜"), "W0186 当前办理中，不能通过")
    await city.say("马德胜", "采纳 W0186")
    says(city.last("马德胜"), "W0186 没有待审核的反馈")
    await city.say("李娜", "通过 W0186")
    says(city.last("李娜"), "您不能通过 W0186，此事由督办专员办理")
    await city.say("李娜", "W0190 通过")
    says(city.last("李娜"), "未找到，或您无权查看")
    await city.say("孙晓雯", "不予受理 W0186 重复")
    says(city.last("孙晓雯"), "W0186 当前办理中，不能不予受理")
    await city.say("马德胜", "同意")
    says(city.last("马德胜"), "现在没有等您「同意」的事项")
    await city.say("张伟", "采纳 ZX0031")
    says(city.last("张伟"), "您不能采纳 ZX0031 的反馈，此事由彭倩、陈立新办理")
    await city.say("彭倩", "退回 ZX0031 没有目标")
    says(city.last("彭倩"), "ZX0031 没有待审核的亮灯反馈")


async def test_dispatch_in_one_sentence(open_city: OpenCity) -> None:
    """The type follows what it is stuck at; the named person's unit answers (rules D4, F2)."""
    city = await open_city("2026-09-22 10:02")
    await city.say("程凯", "ZD0120 变电站外接线路卡在自然资源局用地预审,请市自然资源局10月20日前办结")
    says(city.last("程凯"), "类型：用地 → 建议 要素保障专班")
    await city.say("程凯", "确认")
    await city.say("马德胜", "通过 W0191")
    says(city.last("马德胜"), "W0191 当前待甄别，不能通过")
    await city.say("孙晓雯", "W0191交办给林芳,督办马德胜,措施是容缺受理、限时办结")
    says(
        city.last("孙晓雯"), "目标任务：10-20 前办结用地手续", "市自然资源局", "责任人：林芳", "督办专员：马德胜"
    )  # fmt: skip
    await city.say("孙晓雯", "确认交办")
    await city.say("林芳", "W0191签收")
    assert (await city.item("W0191"))["state"] == "办理中"


async def test_closing_without_words_asks_for_them(open_city: OpenCity) -> None:
    """Rules C4, F9."""
    city = await open_city("2026-09-22 10:02")
    await city.say("苏静", "办结 W0186")
    says(city.last("苏静"), "请写明办结情况，并附批复文件或填写文号")
    await city.say("苏静", "二期已补批")
    says(city.last("苏静"), "请附批复文件或填写文号")
    await city.say("苏静", "云林审〔2026〕91号")
    assert (await city.item("W0186"))["state"] == "待审核"


async def test_a_closing_begun_is_taken_back(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("吴迪", "办结 W0190 已批复")
    await city.say("吴迪", "取消")
    says(city.last("吴迪"), "W0190 未报办结，仍在办理中")
    await city.say("吴迪", "文号 京铁函〔2026〕101号")
    assert (await city.item("W0190"))["state"] == "办理中"


@pytest.mark.parametrize(
    "said", ["通过 W0186 了吗", "W0186 通过没有", "通过 W0186 的材料还差一份", "W0186 通过 怎么还没批"]
)
async def test_a_sentence_about_a_decision_decides_nothing(open_city: OpenCity, said: str) -> None:
    """Rule C16: who may decide, but asks or tells, has not decided; with the card gone from the chat as well."""
    city = await open_city("2026-09-22 10:02")
    await city.say("苏静", "/办结 W0186 已批 文号 云林审〔2026〕88号")
    await city.say("马德胜", said)
    assert (await city.item("W0186"))["state"] == "待审核"
    await city.say("马德胜", "通过 W0186")
    assert (await city.item("W0186"))["state"] == "待销号"


async def test_a_sentence_about_a_receipt_receives_nothing(open_city: OpenCity) -> None:
    """Rules C16, F3: 「签收 W0191 的材料还差一份」 is talk; the word with its number, or with a slash, is the act."""
    city = await open_city("2026-09-22 10:02")
    await city.say("魏然", "/问题 ZY0007 施工许可办不下来，请市住建局协调，10月15日前")
    await city.say("魏然", "确认")
    await city.say("孙晓雯", "/交办 W0191 措施 并联;责任人 彭倩;督办专员 马德胜")
    await city.press("孙晓雯", "确认交办", contains="W0191")
    for said in ("签收 W0191 的材料还差一份", "签收 W0191 什么时候截止"):
        await city.say("彭倩", said)
        assert (await city.item("W0191"))["state"] == "待签收"
    await city.say("彭倩", "签收 W0191 了")
    assert (await city.item("W0191"))["state"] == "办理中"


async def test_level_named_by_its_body(open_city: OpenCity) -> None:
    """「省里」 is level 4 and needs its reason (rule G2)."""
    city = await open_city("2026-09-22 10:02")
    await city.say("陈立新", "提级 W0186 省里")
    says(city.last("陈立新"), "越级报省要写明只能由省里决定的原因")
    assert (await city.item("W0186"))["level"] == 1


async def test_who_urges_others_sees_where_it_is(open_city: OpenCity) -> None:
    """「催一下W0186」 is no feedback: the holder and the next date are shown, nothing is done (rules C16, G5)."""
    city = await open_city("2026-09-22 10:02")
    for name, text in (("陈立新", "请马德胜督促W0186尽快办结"), ("李娜", "催一下W0186")):
        await city.say(name, text)
        says(city.last(name), "当前待：苏静 办理，截止 10-20 18:00")
    await city.say("李娜", "W0186 已报省林草局")
    says(city.last("李娜"), "您不能反馈 W0186，此事由责任单位")


async def test_second_of_two_feedbacks_hears_of_the_first(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("苏静", "W0186 省局已受理")
    await city.say("谭勇", "W0186 省局9月底前批复")
    await city.say("谭勇", "确认")
    await city.say("苏静", "确认")
    says(city.last("苏静"), "W0186 已有一条反馈待审核（谭勇 09-22 10:02 提交）")


@pytest.mark.parametrize(
    "words",
    [
        "申请W0190延期到10月23日，铁路局专家评审改期",
        "W0190还要再申请延期到10月23日，铁路局专家评审改期",
        "延期申请：Ｗ0190延到10月23日，铁路局专家评审改期",
        "我局申请把W0190的办结时限延长到10月23日，铁路局专家评审改期",
        "我们想延期到10月23日，铁路局专家评审改期",
        "延期 10月23日 铁路局专家评审改期",
    ],
)
@pytest.mark.parametrize("answer", ["同意W0190延期", "W0190的延期申请同意", "同意延期W0190"])
async def test_f7_more_time_in_ones_own_words(open_city: OpenCity, words: str, answer: str) -> None:
    """Rules F7 B10: the wish and the decision as people put them; neither is taken for a feedback."""
    city = await open_city("2026-10-12 09:30")
    await city.say("吴迪", words)
    says(city.last("马德胜"), "首次延期申请 10-16 → 10-23（5 个工作日）", "铁路局专家评审改期")
    await city.say("马德胜", answer)
    says(city.last("吴迪"), "马德胜同意延期", "办结时限改为 10-23 18:00")


async def test_f7_the_reason_of_a_refusal_is_what_follows(open_city: OpenCity) -> None:
    city = await open_city("2026-10-12 09:30")
    await city.say("吴迪", "/延期 W0190 10月23日 铁路局专家评审改期")
    await city.say("马德胜", "不同意W0190延期，抓紧办")
    says(city.last("吴迪"), "马德胜不同意延期：抓紧办")


async def test_f7_which_of_several_is_asked(open_city: OpenCity) -> None:
    """Rule C4: who works on several is asked for the number and for nothing else; others are not understood."""
    city = await open_city("2026-10-12 09:30")
    await city.change("UPDATE items SET person_id = (SELECT person_id FROM items WHERE number = 'W0186')")
    await city.say("苏静", "我们想延期到10月28日，省局要求补专家论证")
    says(city.last("苏静"), "您有 2 件在办：W0186、W0190", "例：延期 W0186 到10月28日，省局要求补专家论证")
    await city.say("魏然", "我们想延期到10月28日，省局要求补专家论证")
    says(city.last("魏然"), "没看懂")


async def test_b10_a_closing_is_reviewed_in_words(open_city: OpenCity) -> None:
    """Rules B10 C16: 「办结审核通过」 of the 督办专员 is the decision; a question or hearsay is none."""
    city = await open_city("2026-10-12 09:30")
    await city.say("苏静", "W0186办结，批文已下，云林审〔2026〕88号")
    await city.say("马德胜", "通过W0186办结了吗")
    assert (await city.item("W0186"))["state"] == "待审核"
    await city.say("马德胜", "W0186办结审核通过")
    assert (await city.item("W0186"))["state"] == "待销号"
    await city.say("孙晓雯", "W0186可以销号了")
    says(city.last("孙晓雯"), "销号请写明动作", "请回：销号 W0186")
    assert (await city.item("W0186"))["state"] == "待销号"
    await city.say("孙晓雯", "W0186销号")
    await city.say("李娜", "W0186又不行了，现场被叫停")
    says(city.last("李娜"), "您可以：重开")


async def test_f5_a_feedback_is_ruled_on_in_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("苏静", "W0186 省局已受理，10月8日批复")
    await city.say("苏静", "确认")
    await city.say("马德胜", "W0186反馈退回，没写组卷情况")
    says(city.last("苏静"), "没写组卷情况")
    lacks(city.last("苏静"), "反馈，没写")
    await city.say("苏静", "W0186 组卷已完成，省局已受理，10月8日批复")
    await city.say("苏静", "确认")
    await city.say("马德胜", "采纳W0186的反馈")
    says(city.last("苏静"), "反馈已由马德胜采纳")


async def test_c18_a_countys_number_right_behind_the_verb(open_city: OpenCity) -> None:
    """Rules C18 Q3: 「签收县W0045」 as people run it together; the verb is not taken for a part of the number."""
    city = await open_city("2026-09-22 08:40")
    await city.say("张伟", "城南污水处理厂进场道路被村民堵了，请城关镇3日内协调")
    await city.say("张伟", "确认")
    await city.say("赵永年", "交办县W0045 目标 道路恢复通行；措施 上门做工作；责任人 张伟；督办专员 赵永年")
    await city.say("赵永年", "确认交办")
    await city.say("张伟", "签收县W0045")
    says(city.last("张伟"), "县W0045 已签收")
    await city.say("张伟", "反馈县W0045 已入户3次")
    says(city.last("张伟"), "【反馈草稿", "县W0045", "已入户3次")
    await city.say("张伟", "确认")
    await city.say("赵永年", "采纳县W0045的反馈")
    says(city.last("张伟"), "反馈已由赵永年采纳")
    await city.say("张伟", "办结县W0045 道路已通 县发改〔2026〕3号")
    await city.say("赵永年", "通过县W0045")
    await city.say("张伟", "销号县W0045")
    says(city.last("张伟"), "办结销号")
    await city.say("张伟", "重开县W0045 村民又堵了")
    says(city.last("张伟"), "县W0045 已重开")


async def test_f11_c18_helpers_and_polite_words_are_heard(open_city: OpenCity) -> None:
    """Rules C4 F11: 「协办临河区发改局」 without a space is no loss; 「好的，签收」 is the receipt."""
    city = await open_city("2026-09-22 09:00")
    await city.say("魏然", "ZY0007施工许可办不下来，卡在消防设计审查，请住建局10月15日前完成审查")
    await city.say("魏然", "确认")
    await city.say("孙晓雯", "交办W0191 责任人 彭倩 措施 联审")
    await city.say("孙晓雯", "督办专员马德胜，协办临河区发改局 任务 现场整改")
    says(city.last("孙晓雯"), "协办：临河区发改局 王磊(临河区发改局)，现场整改")
    await city.say("孙晓雯", "确认交办")
    await city.say("彭倩", "好的，签收")
    says(city.last("彭倩"), "W0191 已签收")
    await city.say("彭倩", "收到，办结")
    assert (await city.item("W0191"))["state"] == "办理中"


@pytest.mark.parametrize("said", ["同意 W0186 延期", "同意W0186延期", "采纳W0186反馈", "采纳 W0186 的反馈"])
async def test_b10_a_decision_said_by_who_asked_for_it(open_city: OpenCity, said: str) -> None:
    """The verb stands first: it is no news of what others decided, and no feedback (rules B10, F7)."""
    city = await open_city("2026-09-22 10:00")
    await city.say("苏静", "/延期 W0186 10月30日 省局补正")
    city.mark()
    await city.say("苏静", said)
    says(city.only("苏静"), "您不能", "W0186", "此事由督办专员办理")
    assert await city.rows("SELECT id FROM drafts") == []
    assert [row["state"] for row in await city.rows("SELECT state FROM item_extensions")] == ["waiting"]


@pytest.mark.parametrize("said", ["把W0186销号", "请把W0186销号", "将 W0186 销号"])
async def test_b10_a_verb_with_its_object_in_front(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("陈立新", said)
    says(city.only("陈立新"), "W0186 当前办理中,不能销号")
    city.mark()
    await city.say("马德胜", said)
    says(city.only("马德胜"), "您不能销号 W0186", "综合专班联络员、负责人")


@pytest.mark.parametrize(
    "said", ["同意 ZX0032 更正", "同意更正 ZX0032", "同意 ZX0032", "不同意 ZX0032 更正 没有依据"]
)
async def test_c6_a_correction_is_not_everybodys_to_decide(open_city: OpenCity, said: str) -> None:
    """Who may not is told who may, not of a light; 综合专班负责人 decides though the card went to 孙晓雯."""
    city = await open_city("2026-09-22 10:05")
    await city.say("张伟", "/更正 ZX0032 累计1900 原因 多报")
    await city.say("张伟", "确认")
    for who in ("彭倩", "张伟", "赵永年"):
        await city.say(who, said)
        says(city.last(who), "您不能核定更正", "综合专班台账管理员")
    await city.say("李娜", said)
    says(city.last("李娜"), "未找到，或您无权查看")
    assert (await city.project("ZX0032"))["ytd_wan"] == 1950
    await city.say("陈立新", said)
    assert (await city.project("ZX0032"))["ytd_wan"] == (1950 if "不同意" in said else 1900)
    await city.say("陈立新", said)
    lacks(city.last("陈立新"), "更正已")
