"""The last entry taken back in words, with a reason behind them (rules C10, C16)."""

from __future__ import annotations

import pytest

from .city import City, says
from .conftest import OpenCity


async def _entered(city: City) -> None:
    await city.say("张伟", "管网累计2100")
    await city.say("张伟", "确认")
    assert (await city.project("ZX0032"))["ytd_wan"] == 2100


@pytest.mark.parametrize(
    "said",
    [
        "撤回刚才那个，数字不对",
        "撤销刚才那条，我报错了",
        "把刚才那条撤了",
        "刚才报错了，撤回吧",
        "刚才报的撤一下",
    ],
)
async def test_c10_the_last_entry_in_words(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00", _entered)
    await city.say("张伟", said)
    says(city.last("张伟"), "已撤销", "ZX0032", "1950")
    assert (await city.project("ZX0032"))["ytd_wan"] == 1950


@pytest.mark.parametrize("said", ["撤销刚才那条 ZD0108", "撤回刚才那个，循环园的", "刚才那条还没撤"])
async def test_c10_what_names_something_else_takes_nothing_back(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00", _entered)
    await city.say("张伟", said)
    assert (await city.project("ZX0032"))["ytd_wan"] == 2100


async def test_c10_taken_back_already(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00", _entered)
    for _ in range(2):
        await city.say("张伟", "/撤销")
    says(city.last("张伟"), "ZX0032 的入账刚才已撤销", "/查 ZX0032")
    assert (await city.project("ZX0032"))["ytd_wan"] == 1950
    assert (await city.project("JJ0003"))["ytd_wan"] == 3300
