"""Fields of the ledger that no report changes: who may, and where (rules B10, C16, C18)."""

from __future__ import annotations

import pytest

from .city import says
from .conftest import OpenCity


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ("循环园年度计划调整为15000", "年度计划"),
        ("ZD0108 总投资改为 90000 万元", "总投资"),
        ("请把循环园的责任单位改为白石县发改委", "责任单位"),
        ("循环园年度计划由20000万元调减到15000万元", "年度计划"),
        ("ZD0108 计划竣工改为2027-08-31", "计划竣工"),
        ("循环园计划竣工时间推迟到2029年6月", "计划竣工时间"),
        ("循环园的简称改为产业园", "简称"),
        ("把ZD0108的项目名称改为白石县产业园", "项目名称"),
        ("/更正 ZD0108 名称 白石县产业园二期", "名称"),
        ("/更正 ZD0108 责任专班 乡村振兴专班", "责任专班"),
    ],
)
async def test_b10_a_field_of_the_ledger(open_city: OpenCity, said: str, field: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", said)
    says(city.only("李娜"), f"您不能修改 ZD0108 的{field}", "综合专班")
    await city.say("孙晓雯", said)
    says(city.only("孙晓雯"), f"ZD0108 的{field}", "台账表", "系统管理员导入")
    assert await city.rows("SELECT id FROM drafts") == []
    project = await city.project("ZD0108")
    assert (project["total_wan"], project["plans"][0]["plan_wan"]) == (86000, 20000)


async def test_b10_news_about_a_name_is_news(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "循环园今年累计完成投资12000万元，项目名称已核对，建设性质变更手续已办结")
    says(city.only("李娜"), "草稿1", "12000")


@pytest.mark.parametrize(
    "said", ["云白快速今年计划投资7亿", "ZD0115 2027年计划70000万，按月平均", "云白快速2027年度计划是7亿"]
)
async def test_b10_next_years_plan_in_a_sentence(open_city: OpenCity, said: str) -> None:
    """It is neither progress nor a figure of what is done (rule D6: plans are entered for the new year)."""
    city = await open_city("2027-01-05 09:00")
    await city.say("吴迪", said)
    says(city.only("吴迪"), "您不能修改 ZD0115 的", "计划", "综合专班")
    city.mark()
    await city.say("孙晓雯", said)
    says(city.only("孙晓雯"), "ZD0115", "台账表", "系统管理员导入")
    assert await city.rows("SELECT id FROM drafts") == []
    await city.say("吴迪", "云白快速今年计划投资7亿，已完成500万")
    says(city.last("吴迪"), "草稿1", "0 → 500")


async def test_b10_by_the_command_of_corrections(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/更正 ZX0031 总投资 16000 原因 概算批复")
    says(city.only("张伟"), "您不能修改 ZX0031 的总投资")
    await city.say("李娜", "ZX0031年度计划调整为9000")
    says(city.only("李娜"), "未找到，或您无权查看")


@pytest.mark.parametrize("said", ["确 认", "确认 无误", "确 认 无 误。"])
async def test_c18_spaces_in_a_confirmation(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    figure = 2100 if said == "确 认" else 2900
    await city.say("张伟", f"管网今年累计{figure}万")
    await city.say("张伟", said)
    assert (await city.project("ZX0032"))["ytd_wan"] == figure


async def test_d3_what_was_done_in_earlier_years(open_city: OpenCity) -> None:
    """综合专班 is not sent to 综合专班."""
    city = await open_city("2026-09-22 10:00")
    await city.say("吴迪", "ZD0115截至上年底累计100000")
    says(city.only("吴迪"), "往年数据请联系综合专班")
    await city.say("孙晓雯", "ZD0115截至上年底累计100000")
    says(city.only("孙晓雯"), "ZD0115 的截至上年底累计", "台账表", "系统管理员导入")


async def test_b10_a_planned_day_beside_a_figure_does_not_hide_the_figure(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "循环园计划竣工改为2027年8月，累计完成9600万")
    says(city.only("李娜"), "8600 → 9600")
