"""Which projects are marked 未更新, asked for by command and in words (rules B4, B5, D1, E7)."""

from __future__ import annotations

from .city import says
from .conftest import OpenCity


async def test_e7_the_list_of_what_is_not_up_to_date(open_city: OpenCity) -> None:
    """Last reports of August: on 10-08 more than 35 days ago; who reports leaves the list."""
    city = await open_city("2026-10-08 09:00")
    for asked in ("/查 未更新", "哪些项目没报", "还有几个项目一直没更新？"):
        city.mark()
        await city.say("张伟", asked)
        found = city.only("张伟")
        says(found, "未更新项目 3 项", "ZX0031", "ZX0032", "ZY0009", "未更新")
        assert "ZD0108" not in found.text  # another county's
        assert "JJ0003" not in found.text  # told on 09-10
    await city.say("张伟", "污水管网累计2100")
    await city.say("张伟", "确认")
    city.mark()
    await city.say("张伟", "青禾县有哪些项目没上报进度")
    found = city.only("张伟")
    says(found, "青禾县未更新项目 2 项", "ZX0031", "ZY0009")
    assert "ZX0032" not in found.text


async def test_d1_ones_own_projects_asked_for_without_a_word_that_asks(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    for asked in ("我的项目", "我负责的项目有哪些", "列一下我们单位的项目"):
        city.mark()
        await city.say("张伟", asked)
        says(city.only("张伟"), "您可查看的项目 4 项", "ZX0031", "ZX0032", "JJ0003", "ZY0009")


async def test_e7_what_was_not_told_this_week_or_month(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 09:00")
    await city.say("张伟", "污水管网累计2100")
    await city.say("张伟", "确认")
    for asked, codes in (
        ("本周哪些项目没报", {"ZX0031", "JJ0003", "ZY0009"}),
        ("/查 本周未报", {"ZX0031", "JJ0003", "ZY0009"}),
        ("这个月我们县还有哪些项目没报数", {"ZX0031", "ZY0009"}),  # JJ0003 on 09-10
        ("今天哪些项目没报", {"ZX0031", "JJ0003", "ZY0009"}),
    ):
        city.mark()
        await city.say("张伟", asked)
        found = city.only("张伟").text
        assert {code for code in ("ZX0031", "ZX0032", "JJ0003", "ZY0009") if code in found} == codes
        assert "未报项目" in found
        assert "ZD0108" not in found
