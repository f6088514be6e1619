"""A draft of the ladder belongs to who hands it on: 退回修改, 不发 and 签发 reach that person (rules F6, H2)."""

from __future__ import annotations

from .city import City, offers, says, silent
from .conftest import OpenCity
from .told import one_about


async def _submitted(open_city: OpenCity) -> City:
    city = await open_city("2026-09-24 09:01")
    await city.press("马德胜", "报签", contains="W0186")
    city.mark()
    return city


async def test_h2_sent_back_to_who_submitted_it(open_city: OpenCity) -> None:
    city = await _submitted(open_city)
    await city.press("陈立新", "退回修改", input="限期改为10月9日")
    says(city.only("马德胜"), "陈立新退回提醒函草稿 W0186", "限期改为10月9日")
    offers(city.only("马德胜"), "修改", "报签")
    await city.say("马德胜", "/我的")
    says(city.last("马德胜"), "提醒函草稿 W0186 待报签")


async def test_h2_dropped_and_who_submitted_it_hears_why(open_city: OpenCity) -> None:
    city = await _submitted(open_city)
    await city.say("陈立新", "不发 W0186提醒函 已电话催办")
    says(city.only("马德胜"), "提醒函草稿 W0186", "陈立新决定不发（已电话催办）", "无需处理")
    silent(city, "苏静", "谭勇", "孙晓雯")


async def test_h2_dropped_by_its_author_while_it_waits_to_be_signed(open_city: OpenCity) -> None:
    city = await _submitted(open_city)
    await city.say("马德胜", "不发 W0186")
    says(city.only("陈立新"), "提醒函草稿 W0186", "马德胜决定不发")
    await city.say("陈立新", "/我的")
    assert "提醒函草稿 W0186" not in city.last("陈立新").text


async def test_h2_issued_and_who_submitted_it_hears_the_number(open_city: OpenCity) -> None:
    city = await _submitted(open_city)
    await city.press("陈立新", "签发", contains="W0186")
    says(one_about(city, "马德胜", "已签发"), "云攻坚提〔2026〕24号")
