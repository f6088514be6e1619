"""A new date said of the letter that waits for signing is taken into it before it is signed (rules C16, H2)."""

from __future__ import annotations

import pytest

from .city import says, silent
from .conftest import OpenCity
from .told import on


@pytest.mark.parametrize("said", ["督办函时间改到10月9号", "督办函的反馈限期改为10月9日", "限期改到10月9日"])
async def test_h2_the_date_of_the_letter_that_waits(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-29 09:05")
    city.mark()
    await city.say("陈立新", said)
    says(city.only("陈立新"), "督办函草稿", on("10-09", "18:00"))
    silent(city, "苏静", "谭勇")
    await city.say("陈立新", "签发")
    says(city.last("苏静"), "云攻坚督〔2026〕12号", on("10-09", "18:00"))


async def test_h2_who_has_no_letter_changes_none(open_city: OpenCity) -> None:
    city = await open_city("2026-09-29 09:05")
    city.mark()
    await city.say("苏静", "督办函时间改到10月9号")
    silent(city, "陈立新")
    await city.say("陈立新", "简报时间改到10月9号")
    await city.say("陈立新", "签发")
    says(city.last("苏静"), "云攻坚督〔2026〕12号", on("10-10", "18:00"))


async def test_h2_two_drafts_of_one_name(open_city: OpenCity) -> None:
    """A 提醒函 for the feedback and one for the 办结: told apart by what they press for."""
    city = await open_city("2026-10-23 09:05")
    await city.say("陈立新", "W0186提醒函签发")
    says(city.last("陈立新"), "提醒函 W0186 反馈", "提醒函 W0186 办结")
    city.mark()
    await city.say("陈立新", "/签发 提醒函 W0186 办结")
    says(city.last("陈立新"), "已签发 云攻坚提〔2026〕24号")
    signed = await city.rows(
        "SELECT what FROM documents WHERE kind = '提醒函' AND state = '已签发' AND number = 24"
    )
    assert [row["what"] for row in signed] == ["办结"]
    await city.say("陈立新", "W0186提醒函签发")
    says(city.last("陈立新"), "限期 09-30 18:00 已过", "修改 限期改为")


async def test_h2_told_of_a_letter_signs_none(open_city: OpenCity) -> None:
    city = await open_city("2026-09-24 09:05")
    city.mark()
    await city.say("陈立新", "提醒函 W0186")
    await city.say("陈立新", "W0186提醒函先别签发")
    silent(city, "苏静", "谭勇")
