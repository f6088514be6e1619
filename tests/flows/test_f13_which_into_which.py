"""Two numbers and 「合并到 …」: the answer names the survivor as said (rules C16, F13)."""

from __future__ import annotations

import pytest

from .city import City, says
from .conftest import OpenCity


async def _duplicate(city: City) -> None:
    await city.say("李娜", "循环园二期道路林地没批,请市林业局10月底前办好")
    await city.say("李娜", "确认")


@pytest.mark.parametrize("said", ["W0186和W0191重复,合并到W0186", "W0191和W0186重复，并入W0186"])
async def test_f13_the_survivor_is_the_one_that_was_said(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 09:00", _duplicate)
    await city.say("孙晓雯", said)
    says(city.last("孙晓雯"), "请回：合并 W0191 到 W0186")
    await city.say("孙晓雯", "合并 W0191 到 W0186")
    assert (await city.item("W0191"))["state"] == "已合并"
    assert (await city.item("W0186"))["state"] == "办理中"
