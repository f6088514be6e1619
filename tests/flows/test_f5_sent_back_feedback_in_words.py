"""A feedback that was sent back is given anew without its number; what is ruled on already (rules B10, C1, C16, F5)."""

from __future__ import annotations

from .city import lacks, says, silent
from .conftest import OpenCity


async def test_f5_a_feedback_given_anew_without_the_number(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("苏静", "W0186材料已报省厅，预计国庆后批")
    await city.say("苏静", "确认")
    await city.say("马德胜", "退回 W0186 没写具体日期")
    city.mark()
    await city.say("苏静", "材料9月20日报省厅，预计10月12日前批")
    says(
        city.only("苏静"), "反馈草稿", "W0186", "材料9月20日报省厅，预计10月12日前批", "确认后送督办专员审核"
    )
    silent(city, "马德胜")
    await city.say("苏静", "确认")
    says(city.last("马德胜"), "W0186 反馈", "10月12日前批")
    city.mark()
    await city.say("马德胜", "采纳")
    await city.say("苏静", "材料9月20日报省厅，预计10月12日前批")  # nothing is waited for any more
    lacks(city.last("苏静"), "反馈草稿")


async def test_c16_words_about_what_has_been_ruled_on(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("苏静", "W0186材料已报省厅，预计国庆后批")
    await city.say("苏静", "确认")
    city.mark()
    await city.say("马德胜", "W0186的反馈不行，没写具体日期")
    says(city.only("马德胜"), "等您审核反馈", "退回 W0186 原因")
    await city.say("马德胜", "采纳")
    for words in ("W0186的反馈不行，没写具体日期", "W0186反馈可以，采纳"):
        city.mark()
        await city.say("马德胜", words)
        says(city.only("马德胜"), "W0186 现在没有等您审核、审批的")
        silent(city, "苏静")
    city.mark()
    await city.say("马德胜", "同意延期")
    says(city.only("马德胜"), "现在没有等您「同意」的事项")


async def test_d5_how_many_a_bureau_has_asked_shortly(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("陈立新", "林业局手上有几件")
    says(city.last("陈立新"), "市林业局", "W0186")
    city.mark()
    await city.say("苏静", "我们手上还有啥没办")
    says(city.only("苏静"), "W0186")
