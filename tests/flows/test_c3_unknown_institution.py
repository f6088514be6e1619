"""A school that nobody has in the ledger is not the one project of who reports on it (rules B4, C3)."""

from __future__ import annotations

from .city import lacks, says
from .conftest import OpenCity


async def test_it_is_not_found(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "洪门中学扩建教学楼封顶，今年投了8900万")
    says(city.last("李娜"), "未找到")
    lacks(city.last("李娜"), "ZD0108")
    assert not await city.rows("SELECT id FROM drafts WHERE kind = 'report' AND state = 'open'")


async def test_ones_own_is(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "实验中学扩建教学楼封顶，今年投了2600万")
    says(city.last("张伟"), "ZY0009", "2500 → 2600")
