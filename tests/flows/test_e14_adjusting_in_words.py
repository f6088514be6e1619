"""调灯 said without the command, and 月底 in a feedback (rules B10, C16, E9, E14)."""

from __future__ import annotations

from .city import lacks, says, silent
from .conftest import OpenCity


async def test_e14_the_head_adjusts_with_the_code_in_front(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:00")
    await city.say("陈立新", "SG0012 调绿 到10月31日 原因 省级用地批复流程中，依据 云自然资函〔2026〕12号")
    says(city.last("陈立新"), "SG0012", "绿", "10-31")
    assert (await city.project("SG0012"))["light_state"]["shown"] == "绿"


async def test_e14_what_is_missing_is_asked_and_is_no_progress(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:00")
    await city.say("陈立新", "SG0012调成绿灯")
    says(city.only("陈立新"), "调灯还缺截止日期")
    lacks(city.only("陈立新"), "形象进度")


async def test_e14_by_name_the_way_is_shown(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:00")
    await city.say("陈立新", "电池产业园调绿到10月31日")
    says(city.last("陈立新"), "/调灯 SG0012 绿 至")
    assert (await city.project("SG0012"))["light"] == "黄"


async def test_b10_nobody_else_adjusts(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:00")
    city.mark()
    await city.say("孙晓雯", "SG0012 调绿 到10月30日 原因 省级用地批复流程中")
    says(city.only("孙晓雯"), "不能调灯 SG0012", "综合专班负责人")
    silent(city, "陈立新")
    await city.say("王磊(高新区管委会)", "电池产业园能不能先调绿，土地组卷省里没批")
    says(city.last("王磊(高新区管委会)"), "已转陈立新")
    assert not await city.rows("SELECT id FROM drafts")


async def test_e9_the_end_of_the_month_named_before(open_city: OpenCity) -> None:
    """On 29 September 月底 behind 10月20日 is the end of October."""
    city = await open_city("2026-09-29 09:00")
    await city.say("李娜", "循环园反馈 9月雨多停工，10月20日累计1.3亿，月底追平")
    card = city.last("李娜")
    says(card, "10-20 累计 13000 万元", "10-31 追平", "内容：9月雨多停工")
    lacks(card, "09-30 追平")


async def test_e9_the_end_of_this_month_where_none_is_named(open_city: OpenCity) -> None:
    city = await open_city("2026-10-08 09:00")
    await city.say("李娜", "循环园反馈：9月22日起停工，月底追平")
    says(city.last("李娜"), "10-31 追平")
