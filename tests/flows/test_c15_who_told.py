"""Who entered what is asked of a project in plain words; the question is no progress (rules B4, C15, D2)."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize(
    "said",
    ["昨天灌区谁改的", "灌区3300是谁报的？", "灌区的数是谁报的", "历史 灌区", "灌区的历史", "谁改的灌区"],
)
async def test_c15_a_question_is_no_progress(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    city.mark()
    await city.say("张伟", said)
    lacks(city.only("张伟"), "草稿", "已记下")
    await city.say("张伟", "/草稿")
    lacks(city.last("张伟"), "JJ0003")


@pytest.mark.parametrize("said", ["昨天灌区谁改的", "灌区是谁报的", "历史 灌区", "灌区的历史"])
async def test_d2_who_entered_it_is_shown(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("唐静", "灌区累计3520万")
    await city.say("唐静", "确认")
    city.mark()
    await city.say("张伟", said)
    says(city.only("张伟"), "JJ0003", "唐静", "3300 → 3520")


@pytest.mark.parametrize("said", ["循环园谁改的", "历史 循环园"])
async def test_b4_nothing_of_others_projects(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    city.mark()
    await city.say("张伟", said)
    lacks(city.only("张伟"), "ZD0108", "8600", "李娜")
