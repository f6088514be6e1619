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


async def test_q2_a_view_of_the_ledger_is_exported_by_its_name(open_city: OpenCity) -> None:
    """D1, Q2: a place, a category, a project, cut to the asker's scope; what lies outside answers as what is not."""
    city = await open_city("2026-09-22 10:00")
    for who, view, codes in (
        ("孙晓雯", "青禾县", ["JJ0003", "ZX0031", "ZX0032", "ZY0009"]),
        ("孙晓雯", "专项债券台账", ["ZX0031", "ZX0032"]),
        ("孙晓雯", "黄灯", ["ZD0108", "ZX0031"]),
        ("张伟", "专项债券", ["ZX0031", "ZX0032"]),
        ("张伟", "城南污水处理厂", ["ZX0031"]),
    ):
        await city.say(who, f"/导出 {view}")
        table = await _table(city, city.last(who))
        assert sorted(str(row[0]) for row in table[1:]) == codes, view
    for unseen in ("白石县", "火星县", "ZD0108", "ZX9999"):
        city.mark()
        await city.say("张伟", f"/导出 {unseen}")
        says(city.only("张伟"), "未找到,或您无权查看")
        assert not city.only("张伟").files
    await city.say("孙晓雯", "/审计 导出")
    says(city.last("孙晓雯"), "张伟 总账(青禾县：专项债券,2 行)")


async def test_b10_a_refused_report_names_who_reports(open_city: OpenCity) -> None:
    """王磊(高新区管委会) is no 联络员 of 云川供电公司: its own 联络员 and the sector's are named."""
    city = await open_city("2026-09-22 10:00")
    await city.say("王磊(高新区管委会)", "平原输变电累计15000")
    says(city.only("王磊(高新区管委会)"), "云川供电公司邵鹏", "能源专班联络员程凯")
    city.mark()
    await city.say("马德胜", "灌区累计3400")
    says(city.only("马德胜"), "青禾县水利局张伟", "水利专班联络员唐静")


async def test_q2_an_export_for_a_principal_too_says_so(open_city: OpenCity) -> None:
    """B6 Q2: what 李娜 exports while she stands in for 张伟 holds both counties, in its name and in the record."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/代理 李娜 9月22日 至 9月23日")
    await city.say("李娜", "/导出 总账")
    says(city.last("李娜"), "白石县、青禾县台账(5 项)")
    kept = {row["field"]: row["new"] for row in await city.audit("export", "1")}
    assert (kept["scope"], kept["rows"]) == ("白石县、青禾县", "5")
    await city.clock("2026-09-24 09:00")
    await city.say("李娜", "/导出 总账")
    says(city.last("李娜"), "白石县台账(1 项)")
