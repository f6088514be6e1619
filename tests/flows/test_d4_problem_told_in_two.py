"""「循环园有个问题」 says not which: what follows is the problem, never only the wish (rules C1, C4, D4)."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize("first", ["循环园有个问题", "循环园出问题了", "循环园遇到困难"])
async def test_c4_what_follows_is_the_problem(open_city: OpenCity, first: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", first)
    says(city.last("李娜"), "ZD0108", "请写明是什么问题")
    await city.say("李娜", "北侧30亩征地没完成")
    says(city.last("李娜"), "问题：北侧30亩征地没完成", "用地")
    await city.say("李娜", "希望自然资源局协调")
    says(city.last("李娜"), "问题：北侧30亩征地没完成", "希望协调：自然资源局协调")
    await city.say("李娜", "确认")
    says(city.last("孙晓雯"), "W0191", "北侧30亩征地没完成", "自然资源局协调")


async def test_c4_problem_and_wish_at_once(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "循环园有个问题")
    await city.say("李娜", "北侧30亩征地没完成，希望自然资源局9月底前协调")
    says(city.last("李娜"), "问题：北侧30亩征地没完成", "希望协调：自然资源局9月底前协调", "09-30")


async def test_d4_an_empty_problem_is_not_registered(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "循环园有个问题")
    await city.say("李娜", "希望自然资源局协调")
    await city.say("李娜", "确认")
    says(city.last("李娜"), "还没有写是什么问题", "改成 问题：")
    await city.say("李娜", "改成 问题：北侧30亩征地未完成")
    says(city.last("李娜"), "北侧30亩征地未完成", "自然资源局协调")
    await city.say("李娜", "确认")
    says(city.last("李娜"), "W0191 已登记")


async def test_d4_a_name_alone_in_a_list(open_city: OpenCity) -> None:
    """「市自然资源局 林芳，10月20日，马德胜」: who watches over items is the 督办专员."""
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "问题 循环园北侧30亩征地没完成，请自然资源局协调")
    await city.say("李娜", "确认")
    await city.say("孙晓雯", "交办 W0191")
    await city.say("孙晓雯", "市自然资源局 林芳，10月20日，马德胜，措施：联合踏勘，目标：完成征地")
    card = city.last("孙晓雯")
    says(card, "责任人", "林芳", "督办专员", "马德胜", "10-20", "联合踏勘", "完成征地")
    lacks(card, "还缺")
