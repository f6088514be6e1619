"""「循环园还有几个问题没办完」 asks; it is no report and no problem (rules C15, C16, D5)."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize(
    "asked",
    [
        "ZD0108还有几个问题没办完",
        "循环园还有几个问题没办结",
        "循环园有什么问题在办",
        "循环园现在有哪些问题？",
    ],
)
async def test_d5_the_problems_of_a_project_are_listed(open_city: OpenCity, asked: str) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("李娜", asked)
    says(city.only("李娜"), "ZD0108", "W0186")
    lacks(city.only("李娜"), "草稿", "形象进度")
    assert await city.rows("SELECT id FROM drafts") == []
    city.mark()
    await city.say("张伟", asked)
    lacks(city.only("张伟"), "W0186")
    assert await city.rows("SELECT id FROM drafts") == []
