"""Edges found by an outside examiner: exactly 30% of the plan, a draft across 国庆."""

from __future__ import annotations

from tests.flows.city import becomes, lacks, offers, says
from tests.flows.conftest import OpenCity


async def test_c7_exactly_thirty_percent_needs_no_second_look(open_city: OpenCity) -> None:
    """C7: 1080 of a plan of 3600 is exactly 30%, one hundred yuan more is above it, though both show 30.00%."""
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "实验中学累计完成3580万")
    says(city.last("张伟"), becomes(2500, 3580))
    lacks(city.last("张伟"), "请核对单位")
    await city.say("张伟", "取消")
    await city.say("张伟", "实验中学累计完成3580.01万")
    says(city.last("张伟"), "「请核对单位」")
    await city.say("张伟", "确认")
    says(city.last("张伟"), "这一条需要回复「确认无误」")
    assert (await city.project("ZY0009"))["ytd_wan"] == 2500


async def test_c11_a_draft_lives_across_the_national_holiday(open_city: OpenCity) -> None:
    """C11, A1: made on 09-30, it is reminded of on 10-08 16:30 and expires at 18:00; nothing in the holiday."""
    city = await open_city("2026-09-30 17:50")
    await city.say("张伟", "灌区累计3600万")
    city.mark()
    await city.clock("2026-10-08 16:29")
    assert not [message for message in city.heard("张伟") if "草稿1" in message.text]
    await city.clock("2026-10-08 16:30")
    says(city.last("张伟"), "草稿1 JJ0003", "今日 18:00 到期")
    offers(city.last("张伟"), "确认", "取消")
    await city.clock("2026-10-08 18:00")
    await city.press("张伟", "确认")
    says(city.last("张伟"), "该草稿已于 18:00 到期")
    assert (await city.project("JJ0003"))["ytd_wan"] == 3300


async def test_c13_the_same_figure_of_two_people(open_city: OpenCity) -> None:
    """C13: only the same person is asked about a figure told twice, and only within 24 hours."""
    city = await open_city("2026-09-22 10:00")
    await city.say("唐静", "灌区累计3600万")
    await city.say("唐静", "确认")
    await city.say("张伟", "灌区累计3600万")
    says(city.last("张伟"), "草稿1")
    await city.say("唐静", "灌区累计3600万")
    offers(city.last("唐静"), "是，忽略", "不是，再记一次")
    await city.clock("2026-09-23 10:01")
    await city.say("唐静", "灌区累计3600万")
    says(city.last("唐静"), becomes(3600, 3600))


async def test_e11_e14_the_longest_allowed(open_city: OpenCity) -> None:
    """E11, E14: four workdays of 稍后 and thirty-one days of 调灯 are refused, the reason says the limit."""
    city = await open_city("2026-09-28 08:30")
    await city.press("钱文海", "稍后", input="4个工作日 原因 现场")
    says(city.last("钱文海"), "最多 3 个工作日")
    await city.press("钱文海", "稍后", input="2个工作日 原因 现场")
    says(city.last("钱文海"), "10-08 起恢复提醒")
    await city.say("陈立新", "/调灯 ZD0108 黄 至 2026-10-29 原因 组卷")
    says(city.last("陈立新"), "最多 30 日", "2026-10-28")
