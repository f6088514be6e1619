"""审计 and 导出 (S69, rules Q2 B3 B8)."""

from __future__ import annotations

from bot.spreadsheets import read_table

from .city import City, Message, lacks, offers, says
from .conftest import OpenCity
from .told import report


async def _table(city: City, message: Message) -> list[list[str]]:
    [(name, url)] = message.files
    assert name.endswith(".xlsx")
    async with city.client.get(f"{city.base}{url}") as response:
        assert response.status == 200
        return read_table(await response.read())


async def test_s69_export_cut_to_the_scope(open_city: OpenCity) -> None:
    """S69: rules B3 Q2. The file holds what the asker may see; who, when, scope and rows are kept."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/导出 总账")
    answer = city.last("张伟")
    says(answer, "青禾县台账(4 项)", "xlsx", "审计")
    rows = await _table(city, answer)
    codes = rows[0].index("项目编号")
    assert sorted(row[codes] for row in rows[1:]) == ["JJ0003", "ZX0031", "ZX0032", "ZY0009"]
    kept = await city.audit("export", "1")
    assert {row["field"]: row["new"] for row in kept} == {
        "what": "总账",
        "scope": "青禾县",
        "rows": "4",
        "name": "青禾县台账20260922.xlsx",
    }
    assert {row["by_name"] for row in kept} == {"张伟"}
    city.mark()
    await city.say("孙晓雯", "／导出总账", group="青禾县")
    assert not [one for one in city.heard("青禾县") if one.files]
    says(city.last("孙晓雯"), "总账(9 项)")
    assert len(await _table(city, city.last("孙晓雯"))) == 10
    await city.say("刘洋", "/导出 总账")
    says(city.last("刘洋"), "未找到，或您无权查看")
    await city.say("孙晓雯", "/审计 导出")
    says(city.last("孙晓雯"), "张伟 总账(青禾县,4 行)", "孙晓雯 总账(全部,9 行)")
    await city.say("刘洋", "/审计 导出")
    says(city.last("刘洋"), "张伟")
    await city.say("张伟", "/审计 导出")
    says(city.last("张伟"), "审计、综合专班负责人")


async def test_s69_items_without_restricted_ones(open_city: OpenCity) -> None:
    """Rules B8 Q2: no restricted item is in a file, not even in its author's."""
    city = await open_city("2026-09-22 10:00")
    await city.say("周敏", "/问题 受限 ZX0032 专项债资金疑似超范围支出,待审计核")
    await city.press("周敏", "确认", to="周敏")
    for name, numbers in (("孙晓雯", ["W0186", "W0190"]), ("苏静", ["W0186"]), ("周敏", [])):
        await city.say(name, "/导出 问题")
        rows = await _table(city, city.last(name))
        assert [row[0] for row in rows[1:]] == numbers


async def test_s69_history_of_a_record(open_city: OpenCity) -> None:
    """S69: the last ten lines, older ones by [更多], all of them by [导出]; names instead of row ids."""
    city = await open_city("2026-09-22 10:00")
    for figure in (5000, 5100, 5200, 5300, 5400):
        await report(city, "张伟", f"ZX0031累计{figure}万,完成第{figure}段")
    await city.say("孙晓雯", "/审计 ZX0031")
    shown = city.last("孙晓雯")
    says(shown, "近 10 条", "5400")
    offers(shown, "更多", "导出")
    await city.press_on(shown, "孙晓雯", "更多")
    older = city.last("孙晓雯")
    says(older, "第 11–")
    lacks(older, "发出的消息")
    await city.press_on(shown, "李娜", "更多")
    says(city.last("李娜"), "未找到，或您无权查看")
    await city.press_on(shown, "孙晓雯", "导出")
    rows = await _table(city, city.last("孙晓雯"))
    assert rows[0][:3] == ["时间", "谁", "事项"]
    assert len(rows) - 1 == len(await city.audit("project", "ZX0031"))
    await city.say("孙晓雯", "/交接 督办专员 马德胜 → 孙晓雯")
    await city.say("孙晓雯", "/审计 W0186")
    found = [one for one in city.heard("孙晓雯") if "督办专员" in one.text]
    assert any("马德胜 → 孙晓雯" in one.text for one in found)
