"""交接 of official papers: drafts and receipts go to the successor (rules B7, H3, H5)."""

from __future__ import annotations

from .city import City, lacks, says
from .conftest import OpenCity
from .test_s44_supervision_letter import NUMBER, document, pressed, with_reminder
from .test_standing_in import newcomer
from .told import mine, one_about, told


async def _with_newcomer(city: City) -> None:
    await newcomer(city)
    await with_reminder(city)


async def test_b7_drafts_go_to_who_signs_now(open_city: OpenCity) -> None:
    """B7 H3: the draft waits for the successor; the predecessor's card signs nothing; the audit names both."""
    city = await pressed(open_city)
    await city.say("孙晓雯", "/提醒函 W0190")
    old = one_about(city, "陈立新", "督办函草稿")
    city.mark()
    await city.say("孙晓雯", "/交接 综合专班负责人 陈立新 → 马德胜")
    says(one_about(city, "孙晓雯", "已交接"), "督办函草稿 W0186")
    says(one_about(city, "马德胜", "【交接】"), "督办函草稿 W0186")
    lacks(one_about(city, "马德胜", "【交接】"), "W0190")
    await city.press_on(old, "陈立新", "签发")
    lacks(city.last("陈立新"), NUMBER)
    assert (await document(city))["serial"] is None
    assert "待签发" not in await mine(city, "陈立新")
    assert "督办函草稿 W0186 待签发" in await mine(city, "马德胜")
    await city.press_on(old, "马德胜", "签发")
    row = await document(city)
    assert (row["serial"], row["state"]) == (NUMBER, "已签发")
    audit = await city.rows(
        "SELECT reason FROM audit WHERE record_kind = 'document' AND field = 'for_person_id' ORDER BY id"
    )
    assert "交接 陈立新 → 马德胜" in audit[-1]["reason"]


async def test_b7_receipts_go_with_the_unit(open_city: OpenCity) -> None:
    """B7 H5: the successor has the paper to sign for and is reminded; the predecessor's old button is dead."""
    city = await open_city("2026-09-22 08:00", _with_newcomer)
    await city.clock("2026-09-29 09:00")
    await city.press("陈立新", "签发", contains="W0186")
    old = one_about(city, "苏静", NUMBER)
    await city.say("孙晓雯", "/交接 市林业局联络员 苏静 → 周航")
    await city.press_on(old, "苏静", "签收")
    assert (await document(city))["receipts"][0]["received_at"] is None
    assert NUMBER not in await mine(city, "苏静")
    assert f"{NUMBER} 待签收" in await mine(city, "周航")
    city.mark()
    await city.clock("2026-10-08 08:30")
    assert told(city, NUMBER) == {"周航"}
    await city.press("周航", "签收", to="周航", contains=NUMBER)
    receipt = (await document(city))["receipts"][0]
    assert receipt["receiver"] == "周航"
