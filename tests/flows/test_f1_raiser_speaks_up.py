"""Who raised an item urges, takes back, and reports a figure in the same breath (rules B10, C4, C16, F1)."""

from __future__ import annotations

import pytest

from .city import becomes, lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize(
    "said",
    [
        "W0186还没动静，急死了",
        "W0186急",
        "W0186一直没人管",
        "W0186 拖了太久",
        "W0186怎么还没办",
        "W0186没解决",
    ],
)
async def test_c16_who_complains_is_told_how_it_stands(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    city.mark()
    await city.say("李娜", said)
    says(city.only("李娜"), "W0186", "当前待：苏静")
    lacks(city.last("李娜"), "不能反馈")


async def test_c4_a_figure_beside_a_complaint_is_kept(open_city: OpenCity) -> None:
    """「W0186还没动静」 tells of the item: the site is not 未开工."""
    city = await open_city("2026-09-22 10:00")
    city.mark()
    await city.say("李娜", "循环园累计9100万，W0186还没动静，急死了")
    status, card = city.heard("李娜")
    says(status, "W0186", "苏静")
    says(card, "草稿1", becomes(8600, 9100))
    lacks(card, "未开工")


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("循环园累计9100万，W0186已报省局", "您不能反馈 W0186"),
        ("循环园累计9100万，W0190什么情况", "未找到，或您无权查看"),
    ],
)
async def test_c4_a_figure_beside_what_is_refused_is_kept(
    open_city: OpenCity, said: str, refused: str
) -> None:
    city = await open_city("2026-09-22 10:00")
    city.mark()
    await city.say("李娜", said)
    no, card = city.heard("李娜")
    says(no, refused)
    says(card, "草稿1", becomes(8600, 9100))


async def test_c16_a_bureau_that_does_not_move_is_no_state_of_the_site(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    city.mark()
    await city.say("李娜", "循环园累计9100万，林业局那边还没动静")
    assert not [one for one in city.heard("李娜") if "未开工" in one.text]


@pytest.mark.parametrize("said", ["取消W0191", "W0191 报错了，不要了", "撤回 W0191", "W0191不报了"])
async def test_f1_words_take_no_item_back(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "问题 循环园征地受阻，请自然资源局9月底前协调")
    await city.say("李娜", "确认")
    city.mark()
    await city.say("李娜", said)
    says(city.only("李娜"), "W0191", "综合专班")
    lacks(city.last("李娜"), "草稿")
    assert (await city.item("W0191"))["state"] == "待甄别"


async def test_f4_not_ours_after_signing_is_no_feedback(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    city.mark()
    await city.say("苏静", "W0186 这个不归我们管，应该是自然资源局")
    says(city.only("苏静"), "已签收", "不能再退回", "反馈 W0186 这个不归我们管")
    lacks(city.last("苏静"), "草稿")
    await city.say("苏静", "W0186 还没有批下来，省局在审")
    says(city.last("苏静"), "反馈草稿1", "还没有批下来")


async def test_f1_not_solved_though_closed(open_city: OpenCity) -> None:
    city = await open_city("2026-10-12 10:00")
    await city.say("苏静", "办结W0186 已批 文号 云林审〔2026〕88号")
    await city.say("马德胜", "通过 W0186")
    await city.say("孙晓雯", "销号 W0186")
    await city.say("李娜", "W0186没解决")
    says(city.last("李娜"), "已办结销号", "重开 W0186")
    assert (await city.item("W0186"))["state"] == "已销号"
