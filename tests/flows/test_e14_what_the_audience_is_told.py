"""An adjusted light says why and until when, and whose light it was when it ends (rules E12, E13, E14)."""

from __future__ import annotations

from .city import City, says
from .conftest import OpenCity
from .told import about, one_about

PAPER = "文号 云质〔2026〕7号"


async def _red_by_decision(city: City) -> None:
    await city.say("陈立新", f"/调灯 ZD0115 红 至 2026-10-19 原因 现场质量问题停工整改 {PAPER}")


async def test_e14_the_improvement_gives_reason_and_end(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    city.mark()
    await city.say("陈立新", f"/调灯 ZX0031 绿 至 2026-10-19 原因 设备在途 {PAPER}")
    says(city.only("张伟"), "黄 → 绿(调)灯（调灯至 10-19：设备在途")


async def test_e14_the_improvement_at_the_end_names_the_adjusted_light(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00", _red_by_decision)
    city.mark()
    await city.clock("2026-10-20 08:31")
    says(one_about(city, "交通专班", "ZD0115"), "红(调) → 绿灯（调灯 10-19 期满）")


async def test_e14_red_days_and_their_proposal_follow_the_adjusted_light(open_city: OpenCity) -> None:
    """09-23 is day 1: the light of 09-22 07:00 was green. 症结 is the reason of the 调灯."""
    city = await open_city("2026-09-22 09:00", _red_by_decision)
    city.mark()
    await city.clock("2026-09-30 08:29")
    assert not about(city, "郭卫东", "连续红灯")
    await city.clock("2026-09-30 08:31")
    says(one_about(city, "郭卫东", "连续红灯"), "ZD0115", "5 个工作日", "调灯：现场质量问题停工整改")
    await city.clock("2026-10-13 08:31")
    says(one_about(city, "陈立新", "【提级建议】ZD0115"), "问题症结：现场质量问题停工整改")


async def test_m1_of_two_months_lists_the_newest_is_arranged(open_city: OpenCity) -> None:
    city = await open_city("2026-10-26 09:05")
    await city.say("孙晓雯", "/会议 拟题 10月专题")
    await city.say("孙晓雯", "加入 ZD0108")
    says(city.last("孙晓雯"), "已加入 ZD0108", "10月专题")
    await city.say("孙晓雯", "移除 1")
    says(city.last("孙晓雯"), "已移除 W0190", "10月专题")


async def test_e14_a_brief_marks_what_was_adjusted(open_city: OpenCity) -> None:
    """Nobody above takes 绿(调) for a project that has caught up."""
    city = await open_city("2026-09-22 09:00")
    await city.say("陈立新", f"/调灯 ZX0031 绿 至 2026-10-19 原因 设备在途 {PAPER}")
    await city.say("孙晓雯", "/简报")
    says(city.last("孙晓雯"), "绿灯8个（含调灯1个）、黄灯1个、红灯0个", "由黄转绿(调)")
