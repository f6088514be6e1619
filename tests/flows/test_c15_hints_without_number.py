"""Words without number or verb, while something waits for the sender: how to say it is told (rules C15, C16)."""

from __future__ import annotations

import pytest

from .city import City, says, silent
from .conftest import OpenCity


async def _handed_out(open_city: OpenCity) -> City:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "问题 循环园北侧30亩征地没完成，请自然资源局协调")
    await city.say("李娜", "确认")
    await city.say("孙晓雯", "交办 W0191")
    await city.say(
        "孙晓雯",
        "责任人 林芳，时限 10月20日，督办专员 马德胜，措施 联合踏勘，目标 完成征地，单位 市自然资源局",
    )
    await city.say("孙晓雯", "确认")
    return city


@pytest.mark.parametrize("said", ["这不归我们", "这个不归我们管", "这不是我局的职责"])
async def test_f4_not_ours_without_the_number(open_city: OpenCity, said: str) -> None:
    city = await _handed_out(open_city)
    await city.say("林芳", said)
    says(city.last("林芳"), "还没有退回：W0191", "退回 W0191 原因 建议单位")
    assert (await city.item("W0191"))["state"] == "待签收"


@pytest.mark.parametrize("said", ["可以", "行吧", "不行", "没问题"])
async def test_c16_a_nod_is_no_ruling(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("苏静", "反馈 W0186 已报省局，预计10月10日批复")
    await city.say("苏静", "确认")
    await city.say("马德胜", said)
    says(city.last("马德胜"), "W0186 等您审核反馈", "采纳 W0186", "退回 W0186 原因")
    await city.say("马德胜", "采纳 W0186")
    await city.say("马德胜", said)
    says(city.last("马德胜"), "没看懂")


async def test_b6_delegation_ended_with_the_verb_behind(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 08:35")
    await city.say("赵永年", "代理张伟 9月23日到9月25日")
    await city.say("赵永年", "代理取消")
    await city.say("赵永年", "代理")
    assert "委托 张伟" not in city.last("赵永年").text


async def test_c15_feedback_without_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/反馈")
    says(city.last("张伟"), "「/反馈」后面还缺内容", "/反馈 ZX0031", "/反馈 W0186")


@pytest.mark.parametrize("said", ["办完了", "已经处理好了", "搞定了", "文号 云林审〔2026〕88号"])
async def test_c16_done_without_a_number_hands_nothing_in(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("苏静", said)
    says(city.only("苏静"), "还没有报办结", "办结 W0186")
    silent(city, "马德胜")
    assert (await city.item("W0186"))["state"] == "办理中"
    await city.say("张伟", said)  # has no item in hand: learns of none
    says(city.last("张伟"), "没看懂")


@pytest.mark.parametrize("said", ["为什么不通过", "怎么又被退回了", "为什么没通过？"])
async def test_f1_why_it_did_not_pass(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("苏静", said)
    says(city.last("苏静"), "没看懂")
    await city.say("苏静", "办结W0186 已批 文号 云林审〔2026〕88号")
    await city.say("马德胜", "不通过 W0186 只批了一期")
    await city.say("苏静", said)
    says(city.last("苏静"), "W0186", "马德胜：只批了一期")
