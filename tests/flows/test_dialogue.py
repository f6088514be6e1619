"""Short answers inside an open question: 第二个, 对, 不是，是…那个, 改成… (rules C3, C4, C7)."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity

ASKS_WHICH = "城南污水这个项目累计完成2100万"


@pytest.mark.parametrize(
    "answer", ["第二个", "2", "②", "选第二个", "第2个吧", "是第二个项目", "管网那个", "管网", "ZX0032"]
)
async def test_c3_one_of_two_is_chosen_in_many_words(open_city: OpenCity, answer: str) -> None:
    city = await open_city("2026-09-22 10:10")
    await city.say("张伟", ASKS_WHICH)
    says(city.last("张伟"), "ZX0031", "ZX0032", "0 都不是")
    city.mark()
    await city.say("张伟", answer)
    says(city.only("张伟"), "草稿", "ZX0032", "2100")
    lacks(city.only("张伟"), "ZX0031")


@pytest.mark.parametrize("answer", ["不是，是管网那个", "不对，管网改造那个"])
async def test_c4_the_project_of_a_draft_is_put_right_before_confirming(
    open_city: OpenCity, answer: str
) -> None:
    city = await open_city("2026-09-22 10:10")
    await city.say("张伟", "污水处理厂累计完成5300万")
    says(city.last("张伟"), "草稿1", "ZX0031")
    city.mark()
    await city.say("张伟", answer)
    assert any("ZX0032" in one.text for one in city.heard("张伟")), [one.text for one in city.heard("张伟")]
    assert await city.rows("SELECT id FROM entries WHERE at > '2026-09-22'") == []


@pytest.mark.parametrize("answer", ["改成5280", "不对，应该是5280万元"])
async def test_c4_the_figure_of_a_draft_is_put_right_before_confirming(
    open_city: OpenCity, answer: str
) -> None:
    city = await open_city("2026-09-22 10:10")
    await city.say("张伟", "污水处理厂累计完成5300万")
    city.mark()
    await city.say("张伟", answer)
    says(city.last("张伟"), "ZX0031", "4700", "5280")
    await city.say("张伟", "确认")
    found = await city.rows("SELECT ytd_fen FROM projects WHERE code = 'ZX0031'")
    assert found[0]["ytd_fen"] == 5280 * 1_000_000


@pytest.mark.parametrize("answer", ["对", "是的，5500万"])
async def test_c7_yes_to_the_suggested_figure(open_city: OpenCity, answer: str) -> None:
    city = await open_city("2026-09-22 11:00")
    await city.say("张伟", "污水处理厂累计完成5.5亿")
    says(city.last("张伟"), "是否应为 5500 万元")
    city.mark()
    await city.say("张伟", answer)
    says(city.only("张伟"), "草稿", "ZX0031", "4700", "5500")
