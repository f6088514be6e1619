"""Delegation asked for in words, and which of two people of one name is meant (rules B1, B6, C4, C16)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says, silent
from .conftest import OpenCity


async def _delegations(city: City) -> int:
    return len(await city.rows("SELECT id FROM delegations"))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("我9月29日出差，请马德胜代我", "/代理 马德胜 9月29日 至 9月29日"),
        ("我9月29日到30日请假，工作由马德胜代办", "/代理 马德胜 9月29日 至 9月30日"),
        ("明天我休假，有事找马德胜", "/代理 马德胜 9月29日 至 9月29日"),
        ("我9月30日下午请假，到10月8日，由马德胜代理", "/代理 马德胜 9月30日 至 10月8日"),
        ("我明天起休假到10月9日，请马德胜代我", "/代理 马德胜 9月29日 至 10月9日"),
        ("我9月29日出差三天，请马德胜代我", "/代理 马德胜 9月29日 至 10月1日"),
    ],
)
async def test_b6_words_grant_nothing_but_show_how(open_city: OpenCity, said: str, shown: str) -> None:
    city = await open_city("2026-09-28 09:00")
    await city.say("孙晓雯", said)
    says(city.only("孙晓雯"), shown)
    lacks(city.only("孙晓雯"), "草稿", "哪个项目")
    silent(city, "马德胜")
    assert await _delegations(city) == 0
    city.mark()
    await city.say("孙晓雯", shown)
    says(city.only("孙晓雯"), "已记录代理")
    says(city.only("马德胜"), "孙晓雯")


async def test_b6_days_that_are_not_read_are_asked_for(open_city: OpenCity) -> None:
    """A command filled in with today would have been copied."""
    city = await open_city("2026-09-28 09:00")
    await city.say("孙晓雯", "下周一到周三我出差，请马德胜代我")
    says(city.only("孙晓雯"), "没看清代理从哪天到哪天", "/代理 马德胜 开始日期 至 结束日期")
    assert await _delegations(city) == 0


@pytest.mark.parametrize("choice", ["1", "临河区发改局"])
async def test_b1_the_number_answers(open_city: OpenCity, choice: str) -> None:
    city = await open_city("2026-09-28 09:00")
    await city.say("孟庆云", "/代理 王磊 9月30日至10月8日")
    says(city.last("孟庆云"), "有2位", "1 王磊(临河区发改局)", "2 王磊(高新区管委会)")
    city.mark()
    await city.say("孟庆云", choice)
    says(city.only("孟庆云"), "已记录代理：王磊(临河区发改局)", "09-30", "10-08 24:00")
    silent(city, "王磊(高新区管委会)")
    assert await _delegations(city) == 1


async def test_b1_a_code_for_the_one_that_was_meant(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 09:00")
    await city.say("孙晓雯", "/绑定 发码 王磊")
    says(city.last("孙晓雯"), "有2位")
    await city.say("孙晓雯", "2")
    says(city.last("孙晓雯"), "王磊(高新区管委会)")
    lacks(city.last("孙晓雯"), "有2位")


async def test_c16_who_should_help_is_no_delegation(open_city: OpenCity) -> None:
    """A problem that asks for somebody stays a problem."""
    city = await open_city("2026-09-28 09:00")
    await city.say("张伟", "ZX0031进场道路被堵，请彭倩出面协调")
    says(city.last("张伟"), "问题草稿1", "ZX0031")


@pytest.mark.parametrize(
    "said",
    ["监理出差没回来，请彭倩出面协调", "招标代理公司拖着不办，请彭倩协调", "污水厂设计外出，找彭倩催一下"],
)
async def test_c16_others_who_are_away_are_no_delegation(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-28 09:00")
    await city.say("张伟", said)
    lacks(city.last("张伟"), "/代理")


async def test_b6_ended_for_the_one_that_is_named(open_city: OpenCity) -> None:
    """「/代理 取消 宋佳」 ends nothing that was given to another; told in a sentence, the command is shown."""
    city = await open_city("2026-09-22 09:00")
    await city.say("马德胜", "/代理 孙晓雯 9月22日 至 9月23日")
    await city.say("马德胜", "/代理 宋佳 9月24日 至 9月28日")
    city.mark()
    await city.say("马德胜", "/代理 取消 黄明")
    says(city.only("马德胜"), "没有委托黄明代理")
    silent(city, "孙晓雯", "宋佳")
    city.mark()
    await city.say("马德胜", "我提前回来了，取消代理")
    says(city.only("马德胜"), "/代理 取消")
    silent(city, "孙晓雯", "宋佳")
    await city.say("马德胜", "/代理 取消 宋佳")
    says(city.last("宋佳"), "马德胜 已取消您的代理")
    silent(city, "孙晓雯")
    await city.say("马德胜", "/代理")
    says(city.last("马德胜"), "孙晓雯")


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("/代理 高原 到明天", "09-22 16:00", "09-23 24:00"),
        ("代理高原一周", "09-22 16:00", "09-28 24:00"),
        ("/代理 高原 三天", "09-22 16:00", "09-24 24:00"),
        ("/代理 高原 3个工作日", "09-22 16:00", "09-24 24:00"),
        ("/代理 高原 9月23日起3天", "09-23 00:00", "09-25 24:00"),
        ("/代理 高原 9月23日 上午8点 至 9月24日 12:00", "09-23 08:00", "09-24 12:00"),
        ("/代理 高原 9月23日下午 至 9月24日上午", "09-23 12:00", "09-24 12:00"),
        ("代理高原，明天至后天下午3点", "09-23 00:00", "09-24 15:00"),
    ],
)
async def test_b6_start_and_end_in_other_words(open_city: OpenCity, said: str, start: str, end: str) -> None:
    """Rule B6: an end given as a date means 24:00 of that day, one given with a time that time."""
    city = await open_city("2026-09-22 16:00")
    await city.say("苏静", said)
    says(city.only("苏静"), "已记录代理：高原", start, end)
    assert await _delegations(city) == 1


async def test_b6_the_right_ends_at_the_minute(open_city: OpenCity) -> None:
    """Rule B6: with a time as the end, the old card is of no use from that minute on."""
    city = await open_city("2026-09-22 08:00")
    await city.say("苏静", "/代理 高原 9月22日 至 9月22日 下午3点")
    await city.clock("2026-09-22 09:00")
    card = city.with_button("高原", "反馈", contains="W0186", to="高原")
    await city.clock("2026-09-22 14:59")
    await city.say("高原", "/查 W0186")
    says(city.last("高原"), "苏静")
    await city.clock("2026-09-22 15:00")
    city.mark()
    await city.press_on(card, "高原", "反馈", input="已报省局")
    says(city.only("高原"), "未找到，或您无权查看")
    assert len((await city.item("W0186"))["feedbacks"]) == 0


@pytest.mark.parametrize("said", ["/代理 停止", "停止代理"])
async def test_b6_stopped(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/代理 赵永年 9月22日 至 9月23日")
    await city.say("张伟", said)
    says(city.last("张伟"), "已取消", "赵永年")


@pytest.mark.parametrize(
    "said",
    [
        "/代理 马德胜 孙晓雯 9月22日 至 9月23日",
        "/代理 孙晓雯 代理 马德胜 9月22日 至 9月23日",
        "/代理 马德胜 9月22日 至 9月23日 孙晓雯",
        "马德胜的事由孙晓雯代理，9月22日到23日",
        "让孙晓雯代理马德胜 9月22日至9月23日",
    ],
)
async def test_b10_nobody_names_a_delegate_for_another(open_city: OpenCity, said: str) -> None:
    """Who may is told; nothing waits in which a 「1」 would make one of the two the sender's own delegate."""
    city = await open_city("2026-09-22 10:05")
    await city.say("张伟", said)
    says(city.only("张伟"), "您不能替别人设置代理", "由本人办理")
    await city.say("张伟", "1")
    assert await _delegations(city) == 0
    silent(city, "马德胜", "孙晓雯")


async def test_b6_the_own_name_beside_the_delegates(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:05")
    await city.say("张伟", "/代理 赵永年 代理 张伟 9月22日 至 9月23日")
    lacks(city.only("张伟"), "替别人")
