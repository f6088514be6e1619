"""年度激励倾斜建议 (S49; rules A6, I6)."""

from __future__ import annotations

from .city import City, offers, says
from .conftest import OpenCity
from .told import one_about, told


async def december(city: City) -> None:
    await city.clock("2027-01-05 09:00")
    await city.press("陈立新", "签发", contains="2026年12月")
    await city.clock("2027-01-06 08:59")


async def test_s49_drafted_for_a_person_who_decides(open_city: OpenCity) -> None:
    """S49: 2027-01-06 09:00 to 陈立新 alone; decision and reasons stored; nothing to units before or by itself."""
    city = await open_city("2027-01-04 08:00", december)
    city.mark()
    await city.clock("2027-01-06 09:00")
    card = one_about(city, "陈立新", "激励倾斜建议")
    says(card, "2026年", "青禾县", "白石县", "临河区", "高新区", "表扬", "逾期", "红灯", "市林业局")
    offers(card, "同意", "不同意")
    assert told(city, "激励倾斜建议") == {"陈立新"}
    await city.press("陈立新", "同意")
    says(city.last("陈立新"), "理由")
    city.mark()
    await city.press("陈立新", "同意", input="青禾县、临河区给予土地指标,理由是全年无红灯")
    says(one_about(city, "陈立新", "云攻坚建〔2027〕01号"), "激励倾斜")
    assert told(city, "激励倾斜") == {"陈立新"}
    rows = await city.rows("SELECT state, facts FROM documents WHERE template = '激励倾斜建议'")
    assert len(rows) == 1
    assert rows[0]["state"] == "已签发"
    assert "全年无红灯" in str(rows[0]["facts"]) or "\\u5168" in str(rows[0]["facts"])
