"""已阅 and 更正 by name, help in plain words, nods at a draft, the audit in Chinese (rules B10, C2, C16, E10, Q2)."""

from __future__ import annotations

import re

import pytest

from .city import becomes, lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize("said", ["已阅 循环园", "已阅循环园", "循环园已阅", "循环园红灯已阅。"])
async def test_e10_read_by_the_projects_name(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-28 09:00")
    await city.say("钱文海", said)
    says(city.last("钱文海"), "已记录", "批示")
    city.mark()
    await city.clock("2026-10-08 08:35")
    assert not any("未阅" in one.text for one in city.heard("陈立新"))


async def test_c16_read_and_more_is_no_problem_and_no_reading(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 09:00")
    city.mark()
    await city.say("钱文海", "已阅，请抓紧")
    says(city.only("钱文海"), "已阅请单独回", "批示 请抓紧")
    assert not await city.rows("SELECT id FROM drafts")
    assert not await city.rows(
        "SELECT id FROM light_cases WHERE acknowledged_at IS NOT NULL AND state = 'open'"
    )


async def test_e11_later_where_nothing_is_red(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("赵永年", "稍后 2天 等设备")
    says(city.only("赵永年"), "现在没有等您「稍后」的事项")


async def test_c6_a_correction_by_name_without_a_slash(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("李娜", "更正 循环园 8500 多报")
    says(city.only("李娜"), "ZD0108", becomes(8600, 8500), "原因：多报", "更正")


@pytest.mark.parametrize("said", ["帮助", "怎么报", "使用说明", "?"])
async def test_c15_help_without_a_slash(open_city: OpenCity, said: str) -> None:
    """Also while a question is open, which stays open (C4)."""
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "管网2180")
    city.mark()
    await city.say("张伟", said)
    says(city.only("张伟"), "/上报", "/查")
    await city.say("张伟", "累计")
    says(city.last("张伟"), becomes(1950, 2180))


@pytest.mark.parametrize("said", ["对的", "好", "可以", "不对", "好的，入账吧", "收到", "确认一下"])
async def test_c2_a_nod_confirms_nothing_and_says_what_does(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "管网累计2100")
    city.mark()
    await city.say("张伟", said)
    says(city.only("张伟"), "草稿1 还没有确认", "「确认」", "「取消」")
    assert (await city.project("ZX0032"))["ytd_wan"] == 1950


async def test_c7_a_nod_at_a_doubtful_figure_names_the_right_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "管网累计3200")
    await city.say("张伟", "无误")
    says(city.last("张伟"), "草稿1 还没有确认", "「确认无误」")
    assert (await city.project("ZX0032"))["ytd_wan"] == 1950
    await city.say("张伟", "确认无误")
    await city.say("张伟", "管网累计70000")
    says(city.last("张伟"), "超过总投资 6200 万元，不能入账，请回正确的金额")


async def test_s15_received_without_a_draft(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "收到")
    says(city.only("张伟"), "没看懂要做什么")
    lacks(city.only("张伟"), "草稿")


async def test_q2_the_audit_is_in_chinese(open_city: OpenCity) -> None:
    """No name of a column and no code word of the program reaches an official."""
    city = await open_city("2026-09-28 09:00")
    await city.say("李娜", "循环园累计9600")
    await city.say("李娜", "确认")
    await city.say("李娜", "/审计 ZD0108")
    told = city.last("李娜")
    says(told, "计算亮灯", "每日计算", "上报")
    assert not re.search(r"[a-z]{3,}", told.text), told.text
