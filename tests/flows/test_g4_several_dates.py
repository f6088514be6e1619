"""A 批示 that sets several days gives each unit its own; a returned item at a higher level is ruled on (F4, G4, G5)."""

from __future__ import annotations

import pytest

from .city import City, lacks, offers, says
from .conftest import OpenCity


async def _dues(city: City) -> dict[str, str]:
    rows = await city.rows(
        "SELECT units.name AS unit, items.due_at AS due FROM items JOIN units ON units.id = items.unit_id"
        " WHERE items.parent_id IS NOT NULL ORDER BY items.id"
    )
    return {row["unit"]: str(row["due"])[:10] for row in rows}


@pytest.mark.parametrize(
    ("words", "dues"),
    [
        (
            "请自然资源局9月30日前报控规调整方案，住建局、教育局配合；交通局10月9日前补齐材料",
            {
                "市自然资源局": "2026-09-30",
                "市住建局": "2026-09-30",
                "市教育局": "2026-09-30",
                "市交通运输局": "2026-10-09",
            },
        ),
        (
            "10月12日前请交通局与铁路局对接，水利局10月20日前完成防洪评价",
            {"市交通运输局": "2026-10-12", "市水利局": "2026-10-20"},
        ),
        (
            "交通局9月30日前报方案，10月15日前办结；林业局配合",
            {"市交通运输局": "2026-10-15", "市林业局": "2026-10-15"},
        ),
        (
            "请交通局牵头，林业局、水利局配合，10月15日前办结",
            {"市交通运输局": "2026-10-15", "市林业局": "2026-10-15", "市水利局": "2026-10-15"},
        ),
    ],
)
async def test_g4_each_unit_has_its_day(open_city: OpenCity, words: str, dues: dict[str, str]) -> None:
    city = await open_city("2026-09-23 09:00")
    await city.say("陈立新", "/提级 W0190 2级")
    await city.say("郑海峰", f"/批示 W0190 {words}")
    assert await _dues(city) == dues
    assert all(
        line.count("W0") == 1 for line in city.last("郑海峰").text.split("\n") if line[:2] in ("1.", "2.")
    )
    assert "\n均须" in city.last("郑海峰").text
    if len(set(dues.values())) > 1:
        says(city.last("郑海峰"), "市交通运输局 吴迪", f"{dues['市交通运输局'][5:]} 18:00 前办结")


async def test_g4_only_the_end_of_a_period_is_confirmed(open_city: OpenCity) -> None:
    """Rule A2: 本周内 of one unit is confirmed by the head; the day of the other stays as it was named."""
    city = await open_city("2026-09-23 09:00")
    await city.say("陈立新", "/提级 W0190 2级")
    await city.say("郑海峰", "/批示 W0190 交通局本周内赴铁路局对接；水利局10月12日前完成防洪评价")
    assert await _dues(city) == {"市交通运输局": "2026-09-24", "市水利局": "2026-10-12"}
    offers(city.last("陈立新"), "确认时限", "改时限")
    await city.press("陈立新", "改时限", to="陈立新", input="9月28日")
    assert await _dues(city) == {"市交通运输局": "2026-09-28", "市水利局": "2026-10-12"}


async def test_f4_returned_twice_at_a_higher_level_is_ruled_on(open_city: OpenCity) -> None:
    """Rules F4 G5: going up suspends nothing below; the second 退回 reaches the head at once."""
    city = await open_city("2026-09-22 09:00")
    await city.say("魏然", "ZY0007施工许可办不下来，卡在用地规划许可证，请自然资源局10月16日前换证")
    await city.say("魏然", "确认")
    await city.say("孙晓雯", "交办W0191 措施 容缺受理 责任人 林芳 督办专员 马德胜")
    await city.say("孙晓雯", "确认交办")
    await city.say("林芳", "退回W0191 权限在区里 建议 临河区发改局")
    await city.say("孙晓雯", "改交办W0191 临河区发改局 责任人 王磊(临河区发改局)")
    await city.say("陈立新", "提级W0191 2级")
    city.mark()
    await city.say("王磊(临河区发改局)", "退回W0191 用地证归市局办 建议 市自然资源局")
    says(city.last("陈立新"), "W0191 第二次退回，请裁定")
    await city.say("陈立新", "裁定W0191 市自然资源局主办")
    says(city.last("林芳"), "不再接受退回")
    lacks(city.last("陈立新"), "待批示")
