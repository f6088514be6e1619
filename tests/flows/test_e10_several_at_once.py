"""Several red lights read at once (rule E10), feedback with the code in front (E9), a week with its plan (I1)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says
from .conftest import OpenCity


async def _two_red(city: City) -> None:
    """From 12-25 ZX0031 and ZY0009 are red; 赵永年 has read neither."""
    await city.clock("2026-12-28 09:00")
    found = await _unread(city)
    assert {"ZX0031", "ZX0032"} <= found, found


async def _unread(city: City) -> set[str]:
    rows = await city.rows(
        "SELECT p.code FROM light_cases c JOIN projects p ON p.id = c.project_id"
        " WHERE c.light = '红' AND c.state != 'ended' AND c.acknowledged_at IS NULL"
    )
    return {row["code"] for row in rows}


async def test_e10_all_of_ones_own(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 07:00", _two_red)
    await city.say("赵永年", "都已阅")
    says(city.last("赵永年"), "已记录（", "ZX0031", "ZX0032", "批示")
    left = await _unread(city)
    assert "ZX0031" not in left
    assert "ZX0032" not in left
    assert "ZD0108" in left  # 钱文海's
    await city.say("赵永年", "全部已阅")
    says(city.last("赵永年"), "没有待已阅的红灯")


async def test_e10_by_two_codes(open_city: OpenCity) -> None:
    """The second one was dropped, and 「已记录」 said."""
    city = await open_city("2026-10-08 07:00", _two_red)
    await city.say("赵永年", "已阅 ZX0031、ZX0032")
    says(city.last("赵永年"), "已记录（ZX0031、ZX0032）")
    assert not {"ZX0031", "ZX0032"} & await _unread(city)


async def test_b4_one_of_them_is_not_the_leaders(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 07:00", _two_red)
    await city.say("赵永年", "已阅 ZX0031、ZD0108")
    says(city.last("赵永年"), "未找到，或您无权查看")
    assert "ZX0031" in await _unread(city)


@pytest.mark.parametrize("said", ["ZX0031反馈 设备晚到", "ZX0031 反馈，设备晚到", "污水厂反馈 设备晚到"])
async def test_e9_feedback_with_the_code_in_front(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", said)
    says(city.only("张伟"), "【反馈草稿1】", "ZX0031", "内容：设备晚到")
    lacks(city.only("张伟"), "形象进度")


async def test_i1_a_week_with_its_plan_names_a_project(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 10:05")
    await city.say("魏然", "本周：三院门诊楼四层封顶，下周计划做屋面")
    says(city.only("魏然"), "本周反馈（2026-09-21 – 09-27）已提交", "社会事业专班", "下周计划：做屋面")
    await city.say("张伟", "本周：污水厂累计5300，下周计划设备安装")
    says(city.last("张伟"), "草稿1", "ZX0031")
