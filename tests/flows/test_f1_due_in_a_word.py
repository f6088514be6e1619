"""A day alone answers the card that asks for a new 办结时限; what is due is asked for in words (rules C4, E15, F1)."""

from __future__ import annotations

import pytest

from .city import City, lacks, offers, says
from .conftest import OpenCity
from .told import iso, on


async def _reopened(city: City) -> None:
    await city.say("苏静", "/办结 W0186 一期二期都批了 文号 云林审〔2026〕91号")
    await city.say("马德胜", "通过 W0186")
    await city.say("孙晓雯", "销号 W0186")
    await city.say("李娜", "重开W0186 现场又停工了")


@pytest.mark.parametrize(
    "said", ["10月30日", "时限10月30日前", "定到10月30日吧", "2026-10-30", "W0186新时限10月30日"]
)
async def test_f1_a_day_alone(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 09:00", _reopened)
    offers(city.last("马德胜") if city.heard("马德胜") else city.with_button("马德胜", "定时限"), "定时限")
    await city.say("马德胜", said)
    says(city.last("苏静"), "W0186", on("10-30", "18:00"))
    assert (await city.item("W0186"))["due_at"] == iso("2026-10-30 18:00")


async def test_f1_the_verb_asks_for_the_day(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00", _reopened)
    await city.say("马德胜", "定时限")
    says(city.last("马德胜"), "新的办结时限")
    await city.say("马德胜", "10月30日")
    assert (await city.item("W0186"))["due_at"] == iso("2026-10-30 18:00")


async def test_f1_nobody_else_and_nothing_else(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00", _reopened)
    for who in ("苏静", "李娜", "吴迪"):
        await city.say(who, "10月30日")
    assert (await city.item("W0186"))["due_at"] is None
    await city.say("马德胜", "10月30日")
    city.mark()
    await city.say("马德胜", "11月3日")
    assert (await city.item("W0186"))["due_at"] == iso("2026-10-30 18:00")


@pytest.mark.parametrize(
    "asked", ["有哪些快到期了", "这周到期的事项", "逾期的有哪些", "我还有哪些事项要到期", "临期清单"]
)
async def test_e15_what_is_due_soon(open_city: OpenCity, asked: str) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("马德胜", asked)
    says(city.only("马德胜"), "3个工作日内到期", "ZX0031", "逾期另列", "W0186")
    lacks(city.only("马德胜"), "W0190")
