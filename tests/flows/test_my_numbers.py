"""/我的: the 文号 of 报省材料 that is to be entered by hand (rules B8, B10, G1)."""

from __future__ import annotations

from .city import lacks, says
from .conftest import OpenCity
from .test_s43_province import SENT, at_four
from .told import person_id


async def test_g1_a_number_to_be_entered_waits_with_the_hub(open_city: OpenCity) -> None:
    """Until it is entered, with a button; then no more; nobody else has it."""
    city = await at_four(open_city)
    for name in ("孙晓雯", "陈立新"):
        await city.say(name, "/我的")
        says(city.last(name), "W0190 报省待回填文号 跨既有铁路桥梁方案未获铁路部门批复")
    for name in ("马德胜", "吴迪"):
        await city.say(name, "/我的")
        lacks(city.last(name), "回填文号")
    await city.press("孙晓雯", "回填文号", contains="报省待回填文号", input="云攻坚〔2026〕41号")
    for name in ("孙晓雯", "陈立新"):
        await city.say(name, "/我的")
        lacks(city.last(name), "回填文号")


async def test_g6_sent_back_down_nothing_is_to_be_entered(open_city: OpenCity) -> None:
    city = await at_four(open_city)
    await city.say("陈立新", "/退回 W0190 请先与铁路局会商")
    await city.say("孙晓雯", "/我的")
    lacks(city.last("孙晓雯"), "回填文号")


async def test_b8_of_a_restricted_item_only_who_sees_it_has_it(open_city: OpenCity) -> None:
    city = await at_four(open_city)
    head = await person_id(city, "陈立新")
    await city.change(f"UPDATE items SET restricted = true, visible_to = '[{head}]' WHERE number = 'W0190'")
    await city.say("孙晓雯", "/我的")
    lacks(city.last("孙晓雯"), "W0190")
    await city.say("陈立新", "/我的")
    says(city.last("陈立新"), "W0190 报省待回填文号")
    await city.say("陈立新", SENT)
    await city.say("陈立新", "/我的")
    lacks(city.last("陈立新"), "回填文号")
