"""A further account bound as somebody who has one: they hear of it where they were before (rules B1, B2)."""

from __future__ import annotations

import re

from .city import City, lacks, says, silent
from .conftest import OpenCity
from .told import unbind


async def _bound(city: City, issuer: str, name: str, account: str) -> None:
    await city.say(issuer, f"/绑定 发码 {name}")
    found = re.search(r"绑定码[：:]\s*(\w{6})", city.last(issuer).text)
    assert found is not None
    await city.say(account, f"/绑定 {found[1]}")
    says(city.last(account), f"已绑定：{name}")


async def test_b1_the_account_there_was_is_told(open_city: OpenCity) -> None:
    """张伟 issues a code for his 带班领导; whoever uses it, 赵永年 knows."""
    city = await open_city("2026-09-22 10:05")
    await _bound(city, "张伟", "赵永年", "路人乙")
    await city.clock("2026-09-22 10:06")
    says(city.only("赵永年"), "新绑定了", "路人乙", "如不是您本人", "/绑定 解除 赵永年")
    for message in city.heard("路人乙"):
        lacks(message, "如不是您本人")


async def test_b2_at_night_too(open_city: OpenCity) -> None:
    """In the morning, and before anybody could have taken the old account away with a code."""
    city = await open_city("2026-09-22 20:05")
    await _bound(city, "张伟", "赵永年", "路人乙")
    silent(city, "赵永年")
    await city.clock("2026-09-23 08:31")
    assert any("路人乙" in message.text for message in city.heard("赵永年"))


async def test_b1_the_first_account_is_nobodys_surprise(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:05")
    await unbind(city, "赵永年")
    city.mark()
    await _bound(city, "张伟", "赵永年", "赵永年")
    await city.clock("2026-09-22 10:06")
    lacks(city.last("赵永年"), "如不是您本人")
