"""A reason that holds a question word is a reason all the same: 「卡在哪一步没有说清楚」 (rules C4, C16, F1)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says, silent
from .conftest import OpenCity
from .told import one_about


async def _raised(city: City) -> None:
    await city.say("魏然", "ZY0007施工许可办不下来，请住建局10月15日前解决")
    await city.say("魏然", "确认")


REASONS = ("卡在哪一步没有说清楚", "请写明需要谁做什么", "由哪个单位牵头不明确")


@pytest.mark.parametrize("reason", REASONS)
async def test_c4_the_reason_answers_the_question_for_it(open_city: OpenCity, reason: str) -> None:
    city = await open_city("2026-09-22 09:20", _raised)
    await city.say("孙晓雯", "退回补充 W0191")
    says(city.last("孙晓雯"), "原因")
    city.mark()
    await city.say("孙晓雯", reason)
    says(one_about(city, "魏然", "W0191"), reason)


@pytest.mark.parametrize("reason", REASONS)
async def test_c4_the_reason_is_said_with_the_verb(open_city: OpenCity, reason: str) -> None:
    city = await open_city("2026-09-22 09:20", _raised)
    city.mark()
    await city.say("孙晓雯", f"退回补充 W0191 {reason}")
    says(one_about(city, "魏然", "W0191"), reason)


@pytest.mark.parametrize(
    "asked", ["W0191 不予受理 行不行呢", "不予受理 W0191 要写明什么吗？", "退回补充 W0191 该由谁说明？"]
)
async def test_c16_a_question_decides_nothing(open_city: OpenCity, asked: str) -> None:
    city = await open_city("2026-09-22 09:20", _raised)
    city.mark()
    await city.say("孙晓雯", asked)
    silent(city, "魏然")
    lacks(city.last("孙晓雯"), "已")
    assert (await city.item("W0191"))["state"] == "待甄别"
