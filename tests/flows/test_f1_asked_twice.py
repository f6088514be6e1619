"""What is done already is said to be done, and an item is asked about in plain words (rules C2, F1, H2, S74)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says
from .conftest import OpenCity


async def _rejected(city: City) -> None:
    await city.say("魏然", "ZY0007施工许可办不下来，请住建局10月15日前解决")
    await city.say("魏然", "确认")
    await city.say("孙晓雯", "不予受理 W0191 已有同类事项")


async def test_f1_rejected_twice(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:20", _rejected)
    await city.say("孙晓雯", "不予受理 W0191 重复了")
    says(city.last("孙晓雯"), "W0191 已不予受理，不必再办")
    lacks(city.last("孙晓雯"), "不能不予受理")


@pytest.mark.parametrize("asked", ["W0186还有几天到期", "W0186 快到期了吗？", "w0186还剩多少天"])
@pytest.mark.parametrize("who", ["孙晓雯", "李娜", "苏静"])
async def test_s74_until_when_is_asked(open_city: OpenCity, who: str, asked: str) -> None:
    city = await open_city("2026-09-23 09:00")
    city.mark()
    await city.say(who, asked)
    says(city.only(who), "W0186", "当前待：苏静", "10-20 18:00")
    lacks(city.only(who), "草稿", "不能")


@pytest.mark.parametrize("number", ["督办函12", "督办函第12号", "督12", "云攻坚督〔2026〕12号"])
async def test_h2_a_paper_by_the_name_of_its_kind(open_city: OpenCity, number: str) -> None:
    city = await open_city("2026-09-29 09:01")
    await city.say("陈立新", "签发")
    city.mark()
    await city.say("陈立新", f"/作废 {number} 事实有误")
    says(city.last("陈立新"), "云攻坚督〔2026〕12号", "已作废：事实有误")


async def test_h2_two_drafts_about_one_item(open_city: OpenCity) -> None:
    """「签发」 alone names the kinds, and the kind chooses; the receipt goes by the kind's name too (rules C4, H5)."""
    city = await open_city("2026-09-29 09:05")
    await city.say("陈立新", "/提醒函 W0186")
    city.mark()
    await city.say("陈立新", "签发")
    says(city.only("陈立新"), "提醒函 W0186", "督办函 W0186")
    await city.say("陈立新", "签发 督办函 W0186")
    says(city.last("苏静"), "云攻坚督〔2026〕12号")
    city.mark()
    await city.say("苏静", "签收 督办函第12号")
    says(city.only("苏静"), "云攻坚督〔2026〕12号", "市林业局已签收")
