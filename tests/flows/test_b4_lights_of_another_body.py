"""Lights asked of a body that is not the asker's: never their own instead, and no part told as the whole (B4, E15)."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity

NOT_FOUND = "未找到，或您无权查看"


@pytest.mark.parametrize(
    "asked",
    [
        "{}有几个黄灯",
        "{}的黄灯有哪些",
        "{}哪些项目黄灯",
        "查一下{}有多少项目是黄灯",
        "{}有没有红灯",
        "{}红灯几个",
        "{}有哪些蓝灯",
    ],
)
@pytest.mark.parametrize("body", ["青禾县", "火星县", "水利专班"])
async def test_b4_another_body_is_not_found(open_city: OpenCity, asked: str, body: str) -> None:
    city = await open_city("2026-09-22 10:05")
    await city.say("李娜", asked.format(body))
    assert city.only("李娜").text == NOT_FOUND


async def test_e15_the_own_body_and_all_that_is_seen(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:05")
    for who, asked, told in (
        ("李娜", "白石县有几个黄灯", "黄灯项目 1 项"),
        ("李娜", "白石县有没有红灯", "红灯项目 0 项"),
        ("李娜", "我们县有没有红灯", "红灯 0 项"),
        ("李娜", "白石县有哪些蓝灯", "3个工作日内到期"),
        ("李娜", "现在有几个黄灯", "黄灯 1 项"),
        ("彭倩", "市住建局有几个黄灯", "黄灯 1 项"),
        ("陈立新", "青禾县有没有黄灯", "青禾县黄灯项目 1 项"),
        ("陈立新", "青禾县有哪些蓝灯", "ZX0031"),
        ("张伟", "城南污水处理厂黄灯情况", "ZX0031"),
    ):
        city.mark()
        await city.say(who, asked)
        says(city.only(who), told)


async def test_b3_the_whole_city_is_only_what_may_be_seen(open_city: OpenCity) -> None:
    """「全市」 of a county's 联络员: the answer says of which projects the figure is."""
    city = await open_city("2026-09-22 10:05")
    await city.say("李娜", "全市有几个黄灯")
    says(city.last("李娜"), "您可查看的项目中", "黄灯 1 项", "ZD0108")
    await city.say("张伟", "全市有没有红灯")
    says(city.last("张伟"), "您可查看的项目中", "红灯 0 项")
    await city.say("陈立新", "全市有几个黄灯")
    says(city.last("陈立新"), "黄灯 2 项")
    lacks(city.last("陈立新"), "您可查看的")
