"""Who has a duty of their own and stands in for somebody with the same one has both (rules B6, C19, E10, I1)."""

from __future__ import annotations

import pytest

from .city import City, lacks, offers, says
from .conftest import OpenCity
from .told import about, person_id


async def _reports(city: City) -> dict[int, str]:
    return {
        int(row["author_id"]): str(row["text"])
        for row in await city.rows("SELECT author_id, text FROM weekly_reports")
    }


async def _delegated(city: City) -> None:
    await city.say("张伟", "/代理 李娜 9月22日至9月23日")


async def test_i1_a_delegate_is_asked_for_both_bodies(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00", _delegated)
    await city.clock("2026-09-23 10:00")
    asked = "\n".join(message.text for message in about(city, "李娜", "本周反馈"))
    assert "白石县" in asked
    assert "青禾县" in asked
    assert len(about(city, "张伟", "本周反馈", "青禾县")) == 1


async def test_c19_the_card_of_the_principal_gives_the_principals_week(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00", _delegated)
    zhang, li = await person_id(city, "张伟"), await person_id(city, "李娜")
    await city.press("李娜", "本周无变化 青禾县", at="2026-09-23 10:01")
    says(city.last("李娜"), "青禾县 本周无变化", "ZX0031", "ZX0032", "ZY0009", "JJ0003")
    lacks(city.last("李娜"), "ZD0108")
    assert await _reports(city) == {zhang: "本周无变化"}
    await city.say("李娜", "本周无变化")
    says(city.last("李娜"), "白石县 本周无变化", "ZD0108")
    assert set(await _reports(city)) == {zhang, li}


async def test_i1_a_body_named_in_words_is_the_principals(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00", _delegated)
    zhang = await person_id(city, "张伟")
    await city.say("李娜", "青禾县本周反馈：完成管网沟槽开挖", at="2026-09-23 10:01")
    assert await _reports(city) == {zhang: "完成管网沟槽开挖"}


async def test_b6_the_card_serves_nothing_else_after_the_delegation(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00", _delegated)
    await city.clock("2026-09-23 10:01")
    card = city.with_button("李娜", "本周无变化 青禾县")
    await city.clock("2026-09-24 00:00")
    await city.press_on(card, "李娜", "本周无变化 青禾县")
    says(city.last("李娜"), "对张伟的代理已结束")
    assert await _reports(city) == {}


async def test_i1_the_summary_of_the_principals_categories(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 10:00")
    await city.say("周敏", "/代理 孙晓雯 9月23日至9月24日")
    zhou = await person_id(city, "周敏")
    await city.clock("2026-09-24 08:31")
    [card] = about(city, "孙晓雯", "工作小结", "专项债券")
    await city.press_on(card, "孙晓雯", "提交小结")
    says(city.last("孙晓雯"), "专项债券 已提交")
    assert set(await _reports(city)) == {zhou}


async def test_e13_one_warning_for_a_liaison_who_stands_in_for_the_leader(open_city: OpenCity) -> None:
    """One project, one line; what the leader has to do is offered too (rule E10)."""
    city = await open_city("2026-09-27 10:00")
    await city.say("钱文海", "/代理 李娜 9月27日至9月28日")
    await city.clock("2026-09-28 08:30")
    [card] = about(city, "李娜", "ZD0108", "红灯")
    assert card.text.count("ZD0108") == 1
    says(card, "09-29 18:00 前点「已阅」")
    lacks(card, "2 个项目")
    offers(card, "已阅", "稍后", "反馈")
    assert card.actions.count("反馈") == 1


@pytest.mark.parametrize(("days", "stands_in"), [("9月25日 至 9月30日", True), ("9月23日 至 9月24日", False)])
async def test_b6_what_waits_overnight_is_for_who_stands_in_when_it_is_said(
    open_city: OpenCity, days: str, stands_in: bool
) -> None:
    """Sent back on 09-24 at 19:00, said on 09-28: to the delegate of that day, not to yesterday's."""
    city = await open_city("2026-09-23 15:00")
    await city.say("苏静", f"/代理 谭勇 {days}")
    await city.say("苏静", "/反馈 W0186 已报省局，组卷补正中", at="2026-09-24 15:00")
    await city.say("苏静", "确认")
    city.mark()
    await city.press("马德胜", "退回", input="没有日期", contains="W0186", at="2026-09-24 19:00")
    await city.clock("2026-09-28 09:00")
    assert len(about(city, "苏静", "W0186 反馈被马德胜退回")) == 1
    assert len(about(city, "谭勇", "W0186 反馈被马德胜退回")) == stands_in
