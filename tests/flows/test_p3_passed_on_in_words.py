"""「SG0012 已转报蒋主任」 is the receipt of what was to be passed on, not progress (rules P3, C4, C18)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says
from .conftest import OpenCity
from .told import one_about

WANG = "王磊(高新区管委会)"


async def _leader_unbound(city: City) -> None:
    await city.change("DELETE FROM accounts WHERE person_id = (SELECT id FROM people WHERE name = '蒋涛')")
    await city.restart()
    await city.clock("2026-10-08 09:00")
    says(one_about(city, WANG, "请转报带班领导蒋涛"), "SG0012")


async def _undelivered(city: City) -> int:
    return len(await city.rows("SELECT id FROM outbox WHERE state = 'undelivered'"))


@pytest.mark.parametrize(
    "said", ["SG0012 已转报蒋主任", "已转报蒋涛", "已经向蒋主任转报了", "SG0012红灯已转报领导"]
)
async def test_p3_passed_on(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-28 09:00", _leader_unbound)
    before = await _undelivered(city)
    await city.say(WANG, said)
    says(city.last(WANG), "由您转报蒋涛")
    assert await _undelivered(city) == before - 1


@pytest.mark.parametrize("said", ["SG0012组卷材料已转报省厅", "SG0012已转报省自然资源厅"])
async def test_p3_something_else_was_passed_on(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-28 09:00", _leader_unbound)
    before = await _undelivered(city)
    await city.say(WANG, said)
    lacks(city.last(WANG), "由您转报")
    assert await _undelivered(city) == before
