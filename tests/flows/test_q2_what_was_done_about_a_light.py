"""/审计 and /查 of a project tell what was done about its light (rules Q2, P1, E9–E12), and questions about lights."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity

RED = "2026-09-28 09:00"
NOT_FOUND = "「未找到，或您无权查看」".strip("「」")


async def test_q2_reading_instruction_snooze_and_feedback(open_city: OpenCity) -> None:
    city = await open_city(RED)
    await city.say("钱文海", "已阅")
    await city.say("钱文海", "稍后 2个工作日 原因 在外招商")
    await city.say("钱文海", "批示 请集聚区抓紧")
    await city.say("李娜", "/反馈 ZD0108 林地手续报批，10月20日累计12000")
    await city.press("孙晓雯", "退回", input="请列每周目标")
    await city.say("李娜", "/审计 ZD0108")
    history = city.last("李娜")
    says(
        history,
        "钱文海 已阅",
        "钱文海 稍后至 空 → 2026-10-08 08:30（在外招商）",
        "钱文海 批示 空 → 请集聚区抓紧",
        "李娜 反馈 空 → 林地手续报批",
        "孙晓雯 反馈审核 已提交 → 已退回（请列每周目标）",
    )
    says(history, "钱文海 已发（转红）", "群【白石县】 已发（转红）")
    newest = history.text.index("已退回")
    assert newest < history.text.index("稍后至") < history.text.index("计算亮灯")


async def test_q2_a_withdrawn_message_is_recorded(open_city: OpenCity) -> None:
    """What was not sent because its reason had gone stands there too (S61)."""
    city = await open_city("2026-09-22 19:00")
    await city.say("张伟", "污水处理厂今年累计5600")
    await city.say("张伟", "确认")
    await city.say("张伟", "撤销")
    await city.say("张伟", "/审计 ZX0031")
    lacks(city.last("张伟"), "已发（转绿）")
    await city.say("张伟", "/反馈 ZX0031 设备晚到，10月18日追平")
    await city.say("张伟", "/反馈 ZX0031 设备晚到，10月11日追平")
    await city.say("张伟", "/审计 ZX0031")
    says(city.last("张伟"), "彭倩 未发（已撤回）（黄灯反馈待审核；已重新提交）")


async def test_e12_the_page_says_how_long_it_is_red_and_how_far_the_feedback_is(open_city: OpenCity) -> None:
    city = await open_city(RED)
    await city.say("李娜", "/查 ZD0108")
    says(city.last("李娜"), "红灯第 1 个工作日；反馈截止 10-08 18:00，未反馈")
    await city.say("李娜", "/反馈 ZD0108 林地手续报批，10月20日累计12000")
    await city.press("孙晓雯", "采纳")
    await city.clock("2026-10-08 09:00")
    await city.say("李娜", "循环园红灯几天了")
    says(city.last("李娜"), "红灯第 4 个工作日；反馈已采纳")
    await city.say("孙晓雯", "/查 ZX0031")
    says(city.last("孙晓雯"), "黄灯反馈截止 09-28 18:00，未反馈")
    await city.say("孙晓雯", "/查 ZD0115")
    says(city.last("孙晓雯"), "ZD0115", "绿灯")
    lacks(city.last("孙晓雯"), "反馈")


@pytest.mark.parametrize("said", ["亮灯情况", "红黄灯情况", "看一下亮灯情况", "目前红黄灯情况怎么样"])
async def test_e15_how_the_lights_are(open_city: OpenCity, said: str) -> None:
    city = await open_city(RED)
    city.mark()
    await city.say("李娜", said)
    says(city.only("李娜"), "红 1 黄 0 绿 0", "ZD0108")
    assert not await city.rows(
        "SELECT id FROM drafts WHERE author_id IN (SELECT id FROM people WHERE name = '李娜')"
    )


@pytest.mark.parametrize("words", ["黄灯原因是设备晚到", "申请暂缓亮灯"])
async def test_b4_of_a_light_elsewhere_as_of_none(open_city: OpenCity, words: str) -> None:
    city = await open_city(RED)
    for code in ("ZX0031", "ZX9999"):
        city.mark()
        await city.say("李娜", f"{code}{words}")
        assert city.only("李娜").text == NOT_FOUND


@pytest.mark.parametrize("said", ["循环园红灯情况", "ZD0108亮灯怎么样", "看一下循环园红灯"])
@pytest.mark.parametrize("who", ["李娜", "黄明"])
async def test_e15_the_lights_of_one_project(open_city: OpenCity, who: str, said: str) -> None:
    """Neither a report that 督导组 may not make nor the feedback that 李娜 owes."""
    city = await open_city(RED)
    city.mark()
    await city.say(who, said)
    says(city.only(who), "ZD0108", "红灯第 1 个工作日")
    assert not await city.rows("SELECT id FROM drafts")


async def test_b4_lights_of_what_is_elsewhere(open_city: OpenCity) -> None:
    city = await open_city(RED)
    for said in ("循环园红灯情况", "不存在园红灯情况"):
        city.mark()
        await city.say("张伟", said)
        assert city.only("张伟").text == NOT_FOUND
    city.mark()
    await city.say("张伟", "全县亮灯情况")
    says(city.only("张伟"), "红 0 黄 1 绿 3", "ZX0031")
    lacks(city.only("张伟"), "ZD0108")


async def test_e9_the_reason_of_what_is_not_up_to_date_is_feedback(open_city: OpenCity) -> None:
    city = await open_city("2026-10-21 08:31")
    city.mark()
    await city.say("吴迪", "云白快速未更新的原因是正在对账，10月25日前报数")
    says(city.only("吴迪"), "【反馈草稿1】ZD0115", "内容：未更新的原因是正在对账")
