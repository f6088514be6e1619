"""激励倾斜建议 of a year, from the job to the decision (S49; rules A6, B10, H2, H3, I6)."""

from __future__ import annotations

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .told import about, one_about, told

NUMBER = "云攻坚建〔2027〕01号"
REASONS = "按建议办理，理由是全年考评靠前、储备项目扎实"


async def proposed(open_city: OpenCity) -> City:
    """The circulars of September to November lie as drafts; December's has come on 01-05."""
    city = await open_city("2027-01-05 10:00")
    city.mark()
    await city.clock("2027-01-06 09:00")
    return city


async def test_s49_the_draft_waits_for_who_decides(open_city: OpenCity) -> None:
    """2027-01-06 09:00, to 陈立新 alone; every region and unit with score, 表扬, 逾期, 红灯; nothing to units."""
    city = await proposed(open_city)
    card = one_about(city, "陈立新", "激励倾斜建议")
    assert card.when == "2027-01-06 09:00"
    says(card, "2026年", "青禾县", "白石县", "临河区", "高新区", "市林业局", "表扬", "逾期", "红灯")
    says(card, "项目资金申报", "土地指标", "能源容量", "环境容量")
    lacks(card, NUMBER)
    assert told(city, "激励倾斜") == {"陈立新"}
    assert told(city, "倾斜建议") == {"陈立新"}
    offers(card, "同意", "不同意", "导出docx")
    rows = await city.rows("SELECT state, serial FROM documents WHERE template = '激励倾斜建议'")
    assert rows == [{"state": "草稿", "serial": None}]
    await city.say("陈立新", "/我的")
    says(city.last("陈立新"), "激励倾斜建议")
    city.mark()
    await city.clock("2027-01-07 09:30")
    assert told(city, "激励倾斜") == set()


async def test_s49_decision_and_reasons_are_stored(open_city: OpenCity) -> None:
    """Without reasons nothing is decided; with them they stand in the frozen paper; nobody else is told."""
    city = await proposed(open_city)
    await city.press("陈立新", "同意", contains="激励倾斜建议")
    says(city.last("陈立新"), "理由")
    city.mark()
    await city.press("陈立新", "同意", contains="激励倾斜建议", input=REASONS)
    says(city.last("陈立新"), NUMBER)
    assert told(city, "倾斜") == {"陈立新"}
    [row] = await city.rows("SELECT * FROM documents WHERE template = '激励倾斜建议'")
    assert (row["state"], row["serial"]) == ("已签发", NUMBER)
    assert REASONS in str(row["facts"])
    audit = await city.audit("document", str(row["id"]))
    assert any(REASONS in str(one["new"]) for one in audit)
    city.mark()
    await city.press("陈立新", "同意", contains="激励倾斜建议", input="再来一次")
    says(city.last("陈立新"), "已签发")
    silent(city, "青禾县", "白石县", "张伟", "李娜", "苏静")


async def test_s49_only_who_decides_and_refused_with_reason(open_city: OpenCity) -> None:
    """B10: nobody else; 不同意 ends it with its reason and no number is used."""
    city = await proposed(open_city)
    card = one_about(city, "陈立新", "激励倾斜建议")
    await city.press_on(card, "孙晓雯", "同意", input=REASONS)
    says(city.last("孙晓雯"), "陈立新")
    await city.press_on(card, "张伟", "同意", input=REASONS)
    lacks(city.last("张伟"), "倾斜")
    await city.say("陈立新", "不同意")
    says(city.last("陈立新"), "理由")
    await city.press("陈立新", "不同意", contains="激励倾斜建议", input="数据还要核对")
    [row] = await city.rows("SELECT state, serial, end_reason FROM documents WHERE template = '激励倾斜建议'")
    assert row == {"state": "不发", "serial": None, "end_reason": "数据还要核对"}
    assert not about(city, "张伟", "激励倾斜")


async def test_i6_what_became_overdue_in_the_year(open_city: OpenCity) -> None:
    """「数据截至2026年12月31日」: what was missed in January is next year's, whenever the item was handed out."""
    city = await proposed(open_city)
    missed = [
        (row["at"][:4], int(row["new"] or 0) - int(row["old"] or 0))
        for row in await city.audit("item", "W0190")
        if row["field"] == "overdue_times"
    ]
    of_year = sum(count for year, count in missed if year == "2026")
    assert of_year < (await city.item("W0190"))["overdue_times"]  # one more was due on 01-05 at the latest
    says(one_about(city, "陈立新", "激励倾斜建议"), f"市交通运输局 51.42，表扬 0 次，逾期 {of_year} 次")
