"""Problems asked for by their state, as one's own, and pressed for in words (rules B3, C16, F1)."""

from __future__ import annotations

from .city import lacks, says, silent
from .conftest import OpenCity


async def test_f1_problems_by_their_state(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "污水厂二期用地还没批，卡在市自然资源局，请市里协调，国庆前解决")
    await city.say("张伟", "确认")
    for asked in ("还有几个待甄别", "/查 待甄别", "待甄别的有哪些"):
        city.mark()
        await city.say("孙晓雯", asked)
        found = city.only("孙晓雯")
        says(found, "待甄别", "W0191")
        lacks(found, "W0186", "W0190")
    city.mark()
    await city.say("孙晓雯", "现在一共几个问题在办")
    says(city.only("孙晓雯"), "W0186", "W0190", "W0191")
    city.mark()
    await city.say("李娜", "还有几个待甄别")  # another county's is not hers to see
    lacks(city.only("李娜"), "W0191", "用地")


async def test_c16_pressing_shows_where_a_problem_is_and_raises_none(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "污水厂二期用地还没批，卡在市自然资源局，请市里协调，国庆前解决")
    await city.say("张伟", "确认")
    for pressed in ("麻烦催一下用地那个问题", "能不能催一下", "我报的那个用地问题怎么样了"):
        city.mark()
        await city.say("张伟", pressed)
        says(city.only("张伟"), "W0191", "当前待：孙晓雯 甄别")
        silent(city, "孙晓雯")
    city.mark()
    await city.say("李娜", "麻烦催一下用地那个问题")
    lacks(city.only("李娜"), "W0191")
