"""An issued paper by its number in words: looked at, signed for (rules B4, C18, H5)."""

from __future__ import annotations

import pytest

from .city import City, says, silent
from .conftest import OpenCity
from .told import one_about

NUMBER = "云攻坚提〔2026〕24号"


async def _issued(city: City) -> None:
    await city.press("马德胜", "报签", contains="W0186")
    await city.press("陈立新", "签发", contains="W0186")


@pytest.mark.parametrize("said", ["/查 提24号", f"/查 {NUMBER}", "/查 提醒函24"])
async def test_b4_who_received_it_may_look_at_it(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-24 09:01", _issued)
    for who in ("苏静", "陈立新"):
        await city.say(who, said)
        says(city.last(who), NUMBER, "未签收：市林业局")
    await city.say("李娜", said)
    says(city.last("李娜"), "未找到，或您无权查看")


@pytest.mark.parametrize("said", ["已签收提24号", f"收到，{NUMBER}我们已签收", "提24号已签收"])
async def test_h5_signed_for_as_it_is_said(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-24 09:01", _issued)
    await city.say("李娜", said)
    says(city.last("李娜"), "未找到，或您无权查看")
    await city.say("苏静", f"{said}了吗")
    await city.say("陈立新", f"/查 {NUMBER}")
    says(city.last("陈立新"), "未签收：市林业局")
    await city.say("苏静", said)
    says(one_about(city, "苏静", "市林业局已签收"), NUMBER, "苏静")
    city.mark()
    await city.clock("2026-09-29 08:40")  # none is reminded of what was signed for
    assert not [one for one in city.heard("苏静") if "签收提醒" in one.text]
    silent(city, "谭勇")
