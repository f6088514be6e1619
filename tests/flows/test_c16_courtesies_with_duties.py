"""收到 signs nothing, 「挺好的」 tells no effect: what to reply instead is said (rules C16, F12, H5)."""

from __future__ import annotations

import pytest

from .city import City, says, silent
from .conftest import OpenCity


async def test_h5_a_courtesy_is_no_receipt(open_city: OpenCity) -> None:
    city = await open_city("2026-09-29 09:05")
    await city.say("陈立新", "签发")
    city.mark()
    await city.say("苏静", "收到")
    says(city.only("苏静"), "还没有签收", "签收 云攻坚督〔2026〕12号")
    silent(city, "陈立新", "孙晓雯")
    await city.say("苏静", "签收 云攻坚督〔2026〕12号")
    says(city.last("苏静"), "市林业局已签收")


async def _closed(city: City) -> None:
    await city.say("苏静", "办结W0186 已批 文号 云林审〔2026〕88号")
    await city.say("马德胜", "通过 W0186")
    await city.say("孙晓雯", "销号 W0186")


@pytest.mark.parametrize("said", ["挺好的，没再停工", "W0186效果不错", "又停工了"])
async def test_f12_how_to_tell_the_effect(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-10-12 10:00", _closed)
    await city.say("李娜", said)
    assert "有效 W0186" not in city.last("李娜").text  # nobody has asked yet
    await city.clock("2026-11-02 09:00")
    city.mark()
    await city.say("李娜", said)
    says(city.only("李娜"), "有效 W0186", "反弹 W0186")
    assert (await city.item("W0186"))["state"] == "已销号"
