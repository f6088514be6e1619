"""A restricted item is in no paper that others get: lists, 简报, 汇总, ranking, letters (rule B8)."""

from __future__ import annotations

import json

from .city import City, lacks, says
from .conftest import OpenCity
from .test_s45_dispatch_list import handed_out
from .told import told

NUMBER, TITLE = "W0192", "用地手续"
CIRCLE = ("李娜", "陈立新", "林芳")


async def _restrict(city: City, number: str = NUMBER, names: tuple[str, ...] = CIRCLE) -> None:
    rows = await city.rows("SELECT id, name FROM people")
    circle = [row["id"] for row in rows if row["name"] in names]
    changed = await city.change(
        "UPDATE items SET restricted = true, visible_to = :who WHERE number = :number",
        who=json.dumps(circle),
        number=number,
    )
    assert changed == 1


async def test_b8_not_on_a_dispatch_list(open_city: OpenCity) -> None:
    """B8 H1: neither by period nor by number, nor on a draft of before: its count, text, file, unit and group."""
    city = await open_city("2026-09-23 15:00", handed_out)
    await city.say("孙晓雯", "/交办 清单 9月第4周")
    says(city.last("孙晓雯"), "清单草稿 3 项")
    await _restrict(city)
    city.mark()
    await city.press("孙晓雯", "报签")
    card = city.last("陈立新")
    says(card, "清单草稿 2 项")
    await city.press("陈立新", "签发", contains="交办清单")
    await city.say("孙晓雯", "/交办 清单 9月第4周")
    says(city.last("孙晓雯"), "清单草稿 2 项")
    await city.say("陈立新", f"/交办 清单 {NUMBER}")
    says(city.last("陈立新"), "没有可列入清单")
    assert told(city, NUMBER) == set()
    assert told(city, TITLE) == set()
    rows = await city.rows(
        "SELECT facts, lines FROM documents WHERE kind = '交办清单' AND number IS NOT NULL"
    )
    issued = [row for row in rows if "二期" in str(row)]
    assert issued == []
    units = await city.rows(
        "SELECT u.name FROM document_receipts r JOIN units u ON u.id = r.unit_id "
        "JOIN documents d ON d.id = r.document_id WHERE d.kind = '交办清单'"
    )
    assert "市自然资源局" not in {row["name"] for row in units}


async def test_b8_not_in_a_brief_nor_the_weekly_summary(open_city: OpenCity) -> None:
    """B8 I1 I5: neither named nor counted."""
    city = await open_city("2026-09-23 15:00", handed_out)
    await city.say("孙晓雯", "/简报 第38期")
    says(city.last("孙晓雯"), "在办问题5件", NUMBER)
    await _restrict(city)
    await city.say("孙晓雯", "/简报")
    says(city.last("孙晓雯"), "在办问题4件")
    lacks(city.last("孙晓雯"), NUMBER, TITLE)
    city.mark()
    await city.clock("2026-09-24 18:30")
    summaries = [one for one in city.heard_by_anyone() if "小结" in one.text or "汇总" in one.text]
    assert summaries
    for one in summaries:
        if one.to not in CIRCLE:
            lacks(one, NUMBER, "二期用地")


async def test_b8_letters_reach_the_circle_alone(open_city: OpenCity) -> None:
    """B8 H5: draft, 签发, delivery, 作废 of a letter about it, and /我的 of a delegate."""
    city = await open_city("2026-09-23 15:00", handed_out)
    await _restrict(city)
    await city.say("林芳", "/代理 苏静 9月23日 至 9月30日")
    city.mark()
    for kind in ("提醒函", "督办函", "通报"):
        await city.say("孙晓雯", f"/{kind} {NUMBER}")
        says(city.last("孙晓雯"), "未找到")
        await city.say("陈立新", f"/{kind} {NUMBER}")
        says(city.last("陈立新"), f"{kind}草稿")
    await city.say("陈立新", "/代理 孙晓雯 9月23日 至 9月24日")
    await city.say("孙晓雯", "/我的")
    lacks(city.last("孙晓雯"), NUMBER)
    await city.say("孙晓雯", f"/签发 提醒函 {NUMBER}")
    lacks(city.last("孙晓雯"), TITLE)
    for kind in ("提醒函", "督办函", "通报"):
        await city.say("陈立新", f"/签发 {kind} {NUMBER}")
        says(city.last("陈立新"), "已签发")
    await city.say("陈立新", "/作废 督12 事实有误")
    await city.clock("2026-09-28 09:00")
    assert told(city, TITLE) <= set(CIRCLE)
    assert told(city, NUMBER) - {"孙晓雯"} <= set(CIRCLE)


async def test_b8_not_in_the_ranking(open_city: OpenCity) -> None:
    """B8 I3: the feedback that W0186 owed counts for nobody once it is restricted."""

    async def forestry(city: City) -> dict[str, list[int]] | None:
        await city.clock("2026-10-08 09:00")
        rows = await city.rows("SELECT body FROM documents WHERE template = '排名通报'")
        body = rows[0]["body"] if isinstance(rows[0]["body"], dict) else json.loads(rows[0]["body"])
        return next((data["parts"] for data in body["tallies"].values() if data["name"] == "市林业局"), None)

    seen = await forestry(await open_city("2026-10-08 08:59"))
    assert seen is not None
    assert seen["REPORTS"][1] > 0
    city = await open_city("2026-10-08 08:59")
    await _restrict(city, "W0186", ("李娜", "陈立新"))
    assert await forestry(city) is None  # it owed nothing else in the month
    assert "考评" not in str([one.text for one in city.heard("苏静")])
