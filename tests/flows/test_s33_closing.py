"""办结, 审核不通过, reported again, 销号: the whole way of an item to its end (S33)."""

from __future__ import annotations

import pytest

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .told import PDF, iso, one_about, told

# Whoever counts the item as open: its project, county, task force and 主办单位 (rule D5).
COUNTED = {
    "/问题 ZD0108": "在办问题 {}",
    "白石县有几个在办问题": "白石县：在办问题 {}",
    "要素保障专班有几个在办问题": "要素保障专班：在办问题 {}",
    "/查 市林业局": "市林业局：在办问题 {}",
}


async def _counts_are(city: City, count: int) -> None:
    for asked, heading in COUNTED.items():
        await city.say("陈立新", asked)
        says(city.last("陈立新"), heading.format(count))


async def test_s33_failed_once_then_closed(open_city: OpenCity) -> None:
    """S33: rules F1 F8 F9 F10 D5, 10-14 to 10-16."""
    city = await open_city("2026-10-14 10:00")
    before = await city.item("W0186")

    # Without the file or number that its type asks for it is not yet reported (rule F8).
    await city.say("苏静", "/办结 W0186 林地手续已批")
    says(city.last("苏静"), "请附批复文件或填写文号")
    silent(city, "马德胜", "孙晓雯", "李娜")
    assert (await city.item("W0186"))["state"] == before["state"]
    await city.say("苏静", "文号 云林审〔2026〕88号")
    card = one_about(city, "马德胜", "W0186", "待审核")
    says(card, "林地手续已批", "云林审〔2026〕88号")
    offers(card, "通过", "不通过")
    assert (await city.item("W0186"))["state"] == "待审核"

    city.mark()
    await city.press("马德胜", "不通过", input="只批了一期,二期道路未含", contains="W0186")
    says(one_about(city, "苏静", "审核不通过"), "只批了一期,二期道路未含", "办结时限仍为 10-20 18:00")
    silent(city, "孙晓雯", "李娜")
    item = await city.item("W0186")
    assert (item["state"], item["refusals"], item["due_at"]) == ("办理中", 1, iso("2026-10-20 18:00"))
    await _counts_are(city, 1)

    await city.clock("2026-10-16 10:00")
    city.mark()
    await city.say("苏静", "/办结 W0186 二期已补批 云林审〔2026〕91号", files=[("批复.pdf", PDF)])
    says(one_about(city, "马德胜", "W0186", "待审核"), "云林审〔2026〕91号")
    await city.press("马德胜", "通过", contains="W0186")
    offers(one_about(city, "孙晓雯", "W0186", "待销号"), "销号")
    silent(city, "李娜")
    await _counts_are(city, 1)  # 待销号 is still open

    city.mark()
    await city.press("孙晓雯", "销号", contains="W0186")
    says(one_about(city, "李娜", "W0186"), "您上报的 W0186 已办结销号", "30 日内可 /重开")
    item = await city.item("W0186")
    assert (item["state"], item["refusals"]) == ("已销号", 1)
    await _counts_are(city, 0)
    await city.say("陈立新", "/查 W0186")
    says(city.last("陈立新"), "已销号", "办理时长 19 个工作日", "审核不通过 1")
    assert "批复.pdf" in [
        row["name"] for row in await city.rows("SELECT name FROM attachments WHERE owner_kind = 'item'")
    ]
    states = [row["new"] for row in await city.audit("item", "W0186") if row["field"] == "state"]
    assert states[-5:] == ["待审核", "办理中", "待审核", "待销号", "已销号"]


async def test_s33_who_may_not(open_city: OpenCity) -> None:
    """Rule B10: 督办专员 alone rules, 综合专班 alone closes; a foreign unit does not learn that it is there."""
    city = await open_city("2026-10-14 10:00")
    await city.say("苏静", "/办结 W0186 林地手续已批 文号 云林审〔2026〕88号")
    city.mark()
    await city.say("李娜", "/审核 W0186 通过")
    says(city.last("李娜"), "督办专员")
    await city.say("苏静", "/销号 W0186")
    says(city.last("苏静"), "综合专班")
    for asked in ("/销号 W0186", "/销号 W9999"):
        await city.say("张伟", asked)
        says(city.last("张伟"), "未找到，或您无权查看")
        lacks(city.last("张伟"), "综合专班")
    await city.say("孙晓雯", "/销号 W0186")
    lacks(city.last("孙晓雯"), "已办结销号")
    assert (await city.item("W0186"))["state"] == "待审核"
    assert told(city) <= {"李娜", "苏静", "张伟", "孙晓雯"}


@pytest.mark.parametrize("said", ["同意销号W0186", "W0186同意销号", "W0186准予销号"])
async def test_s33_closed_as_it_is_said(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-10-14 10:00")
    await city.say("苏静", "/办结 W0186 林地手续已批 文号 云林审〔2026〕88号")
    await city.say("马德胜", "通过 W0186")
    await city.say("苏静", said)
    says(city.last("苏静"), "综合专班")
    assert (await city.item("W0186"))["state"] == "待销号"
    await city.say("孙晓雯", said)
    assert (await city.item("W0186"))["state"] == "已销号"
