"""Who may act after a handover is named, 交接 without the slash, a year's first month (rules B6, B7, B10, C5, D6)."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize("said", ["/交接 青禾县联络员 张伟 → 宋佳", "交接 青禾县联络员 张伟→宋佳"])
async def test_b7_a_delegate_of_the_predecessor_is_sent_to_the_successor(
    open_city: OpenCity, said: str
) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "/代理 李娜 9月22日 至 9月30日")
    await city.say("李娜", "污水厂累计5500")
    await city.say("孙晓雯", said)
    says(city.last("宋佳"), "青禾县联络员", "即时生效")
    await city.say("李娜", "确认")
    says(city.last("李娜"), "您不能确认草稿1", "代理已结束", "宋佳")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4700


async def test_c5_the_first_month_starts_from_nothing(open_city: OpenCity) -> None:
    city = await open_city("2027-01-04 10:00")
    await city.say("张伟", "管网1月完成30")
    says(city.only("张伟"), "1月完成 30，年初累计 0", "0 → 30")
    lacks(city.only("张伟"), "12月末")
    await city.say("张伟", "取消")
    await city.say("张伟", "管网12月完成30")
    says(city.last("张伟"), "2026年12月完成 30", "计入 2026 年")


async def test_b10_a_word_more_is_the_same_word(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("程凯", "采纳吧")
    says(city.only("程凯"), "现在没有等您「采纳」的事项")
