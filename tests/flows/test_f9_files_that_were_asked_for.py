"""The paper that a 办结 asks for may come alone or with a word beside it; no file is lost (rules F9, C4, C9)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says, silent
from .conftest import OpenCity
from .told import PDF, one_about

FILE = (("批复.pdf", PDF),)


async def _asked(city: City) -> None:
    await city.say("苏静", "/办结 W0186 二期已补批")


@pytest.mark.parametrize("beside", ["", "批复在这", "见附件", "这是批复文件，请查收"])
async def test_f9_the_file_answers_the_question(open_city: OpenCity, beside: str) -> None:
    city = await open_city("2026-10-14 09:00", _asked)
    city.mark()
    await city.say("苏静", beside, files=FILE)
    says(city.last("苏静"), "W0186 已报办结")
    card = one_about(city, "马德胜", "W0186")
    says(card, "待审核", "二期已补批", "批复.pdf")
    assert (await city.item("W0186"))["state"] == "待审核"


async def test_f9_the_words_after_the_file(open_city: OpenCity) -> None:
    city = await open_city("2026-10-14 09:00")
    await city.say("苏静", "/办结 W0186")
    city.mark()
    await city.say("苏静", "", files=FILE)
    says(city.last("苏静"), "W0186 文件已收到，请写明办结情况")
    silent(city, "马德胜")
    await city.say("苏静", "二期已补批")
    says(one_about(city, "马德胜", "W0186"), "待审核", "二期已补批", "批复.pdf")


async def test_f9_not_without_a_file(open_city: OpenCity) -> None:
    city = await open_city("2026-10-14 09:00", _asked)
    city.mark()
    await city.say("苏静", "批复在这")
    silent(city, "马德胜")
    assert (await city.item("W0186"))["state"] == "办理中"


async def test_c9_a_word_beside_the_photo_of_a_draft(open_city: OpenCity) -> None:
    """「照片在这」 with a photo is the photo: on the card of the draft, later on the entry."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "污水处理厂累计5350")
    city.mark()
    await city.say("张伟", "照片在这", files=(("a.pdf", PDF),))
    says(city.only("张伟"), "草稿1", "5350", "a.pdf")
    lacks(city.only("张伟"), "没看懂")
    await city.say("张伟", "确认")
    city.mark()
    await city.say("张伟", "再补一张", files=(("b.pdf", PDF),))
    says(city.only("张伟"), "ZX0031", "b.pdf")


async def test_c9_a_feedback_with_its_paper(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 09:00")
    await city.say("苏静", "W0186 组卷已报省局")
    await city.say("苏静", "附上受理通知", files=(("受理通知.pdf", PDF),))
    await city.say("苏静", "确认")
    rows = await city.rows("SELECT name, owner_kind FROM attachments")
    assert [(row["name"], row["owner_kind"]) for row in rows] == [("受理通知.pdf", "item")]
