"""What a unit's own 带班领导 tells somebody to do about an item is not taken for its feedback (rules B10, C16)."""

from __future__ import annotations

from .city import says, silent
from .conftest import OpenCity
from .told import one_about

ORDER = "请苏静今天务必报反馈"


async def test_c16_which_it_is_must_be_said(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 09:01")
    city.mark()
    await city.say("谭勇", f"W0186{ORDER}")
    says(city.only("谭勇"), f"请回：批示 W0186 {ORDER}", f"请回：反馈 W0186 {ORDER}")
    silent(city, "苏静", "马德胜")
    await city.say("谭勇", f"批示 W0186 {ORDER}")
    says(one_about(city, "苏静", "谭勇批示"), ORDER)


async def test_c16_what_a_leader_tells_is_a_feedback(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 09:01")
    await city.say("谭勇", "W0186省林草局已受理，请综合专班再催一下")
    says(city.last("谭勇"), "反馈草稿", "省林草局已受理")
    await city.say("谭勇", "取消")
    await city.say("谭勇", "反馈 W0186 请综合专班协调省林草局加快批复")
    says(city.last("谭勇"), "反馈草稿", "请综合专班协调省林草局加快批复")


async def test_c16_who_works_on_it_asks_in_their_feedback(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 09:01")
    await city.say("苏静", "W0186请综合专班协调省林草局加快批复")
    says(city.last("苏静"), "反馈草稿")
