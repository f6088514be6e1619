"""Objections as they are written, by whoever speaks for the unit, over several months (rules B7, B10, I4)."""

from __future__ import annotations

import pytest

from .city import lacks, says, silent
from .conftest import OpenCity
from .test_standing_in import newcomer
from .told import one_about


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("李娜", "9月22日系统故障报不上，应该算及时的，我们有异议"),
        ("李娜", "对白石县9月报送及时率有异议，9月22日系统故障报不上"),
        ("钱文海", "异议 9月22日系统故障报不上"),
    ],
)
async def test_i4_objected(open_city: OpenCity, who: str, said: str) -> None:
    """The 带班领导 may as the 联络员 may (rule B10)."""
    city = await open_city("2026-10-08 09:05")
    city.mark()
    await city.say(who, said)
    says(city.last(who), "白石县2026年9月考评异议已提交")
    says(one_about(city, "孙晓雯", "考评异议"), "白石县", "9月22日系统故障报不上")


async def test_i4_a_leader_of_another_county_objects_for_their_own(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:05")
    await city.say("赵永年", "异议 开工率不对")
    says(city.last("赵永年"), "青禾县2026年9月考评异议已提交")


async def test_i4_no_objection_is_no_objection(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:05")
    city.mark()
    await city.say("李娜", "数字没有问题，我们没有异议")
    silent(city, "孙晓雯")


async def test_i4_cards_of_months_that_are_over(open_city: OpenCity) -> None:
    """September's draft was never issued: in November 异议 is of October's alone, then of neither."""
    city = await open_city("2026-11-05 09:30")
    await city.say("李娜", "异议 10月报送少算一次")
    says(city.last("李娜"), "白石县2026年10月考评异议已提交")
    await city.clock("2026-11-06 18:01")
    await city.say("张伟", "异议 开工率不对")
    says(city.last("张伟"), "10月考评", "异议期已于 11-06 18:00 截止")
    lacks(city.last("张伟"), "2 件")


async def test_a4_after_a_downtime_there_is_time_to_object(open_city: OpenCity) -> None:
    """Drafted at the restart of 10-13 for 10-08: the units hear of it on 10-13 and may object until 10-14 18:00."""
    city = await open_city("2026-09-29 09:05")
    city.mark()
    await city.restart("2026-10-13 10:00")
    own = one_about(city, "李娜", "9月考评初稿")
    says(own, "可于 10-14 18:00 前提出异议")
    letter = one_about(city, "陈立新", "【督办函草稿】", "ZX0031")
    says(letter, "限 10-19 18:00 前反馈")
    await city.say("李娜", "异议 9月22日系统故障", at="2026-10-14 17:00")
    says(city.last("李娜"), "白石县2026年9月考评异议已提交")


async def test_i4_whose_it_is_is_no_reason(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:05")
    await city.say("李娜", "异议 9月22日系统故障")
    await city.say("孙晓雯", "不采纳 白石县")
    says(city.last("孙晓雯"), "不采纳要写明理由")
    city.mark()
    await city.say("孙晓雯", "报送记录显示系统正常")
    says(one_about(city, "李娜", "未采纳"), "未采纳（孙晓雯）：报送记录显示系统正常")


async def test_i3_weekly_feedback_counts_for_the_lead_unit(open_city: OpenCity) -> None:
    """B7: whatever unit the successor comes from, the weeks of 市政设施专班 are those of 市住建局."""
    city = await open_city("2026-09-29 09:05", newcomer)
    await city.say("孙晓雯", "/交接 市住建局联络员 彭倩 → 周航")
    await city.clock("2026-11-05 09:05")
    own = one_about(city, "周航", "10月考评初稿")
    says(own, "市住建局", "报送 0/4")
    says(one_about(city, "李娜", "10月考评初稿"), "白石县")


async def test_i4_the_reason_is_what_stands_behind_whose_it_is(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:05")
    await city.press("李娜", "异议", input="报送应为2/3")
    city.mark()
    await city.say("孙晓雯", "不采纳 白石县的异议，报送以系统记录为准")
    says(one_about(city, "李娜", "未采纳"), "未采纳（孙晓雯）：报送以系统记录为准")


@pytest.mark.parametrize(
    "said",
    [
        "白石县有异议，9月22日系统故障报不上",
        "对白石县9月报送及时率有异议，9月22日系统故障报不上",
        "异议 白石县报送及时率应为满分",
        "异议 对白石县9月的考评，9月22日系统故障",
    ],
)
async def test_b10_nobody_objects_for_another_county(open_city: OpenCity, said: str) -> None:
    """Nor is it taken for an objection of the sender's own county; who may is told."""
    city = await open_city("2026-10-08 09:05")
    city.mark()
    await city.say("张伟", said)
    says(city.only("张伟"), "您不能提白石县的考评异议", "李娜")
    silent(city, "孙晓雯", "李娜")
    await city.say("李娜", said)
    says(city.last("李娜"), "白石县2026年9月考评异议已提交")


async def test_i4_another_county_may_stand_in_the_reason(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:05")
    await city.say("张伟", "异议 临河区的项目不应计入我县")
    says(city.last("张伟"), "青禾县2026年9月考评异议已提交")
