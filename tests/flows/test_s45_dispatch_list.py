"""交办清单 and its delivery on paper (S45; rules G1, H1, H2, H5, H6, B4, B8, B10)."""

from __future__ import annotations

import re
from io import BytesIO

import docx

from .city import City, Json, lacks, offers, says
from .conftest import OpenCity
from .samples import png
from .told import one_about, told

NUMBER = "云攻坚交〔2026〕09号"
ITEMS = (
    ("王磊(高新区管委会)", "SG0012 临时用电没有落实,请供电公司10月12日前解决", "邵鹏", "措施 架设临时线路"),
    ("李娜", "ZD0108 二期用地手续未批,请市自然资源局10月15日前办理", "林芳", "措施 专人跟办"),
    ("张伟", "JJ0003 取水许可未批,请市水利局10月16日前办理", "唐静", "措施 并联审查"),
)


async def handed_out(city: City) -> None:
    """Three items of this week are handed out; W0186 and W0190 were in the week before."""
    for place, (who, text, person, measures) in enumerate(ITEMS):
        await city.say(who, text)
        await city.press(who, "确认", to=who)
        await city.say("孙晓雯", f"/交办 W{191 + place:04d} 责任人 {person};{measures};督办专员 马德胜")
        await city.press("孙晓雯", "确认交办", contains=f"W{191 + place:04d}")


async def listed(open_city: OpenCity) -> City:
    city = await open_city("2026-09-23 15:00", handed_out)
    city.mark()
    await city.say("孙晓雯", "/交办 清单 9月第4周")
    return city


async def issued(open_city: OpenCity) -> City:
    city = await listed(open_city)
    await city.press("孙晓雯", "报签")
    city.mark()
    await city.press("陈立新", "签发", contains="交办清单")
    return city


async def document(city: City) -> Json:
    rows = await city.rows("SELECT * FROM documents WHERE kind = '交办清单'")
    assert len(rows) == 1
    return rows[0]


async def test_s45_the_draft(open_city: OpenCity) -> None:
    """S45: what was handed out this week, by 责任单位; [导出docx] and [报签]; no number, nobody else told."""
    city = await listed(open_city)
    card = city.only("孙晓雯")
    says(
        card,
        "交办清单草稿 3 项",
        "按责任单位",
        "9月第4周",
        "云川供电公司",
        "市自然资源局",
        "市水利局",
        "W0191",
    )
    lacks(card, "W0186", "云攻坚交")
    offers(card, "导出docx", "报签")
    assert told(city) == {"孙晓雯"}
    await city.press("孙晓雯", "导出docx")
    exported = city.last("孙晓雯")
    says(exported, "未编号")
    assert exported.files[0][0].endswith(".docx")
    city.mark()
    await city.press("孙晓雯", "报签")
    signing = city.only("陈立新")
    says(signing, "孙晓雯", "交办清单草稿 3 项")
    offers(signing, "签发")


async def test_s45_issued_each_unit_gets_its_own(open_city: OpenCity) -> None:
    """S45 H5 B4: number 09; the file of a unit lists only its items; groups get one line."""
    city = await issued(open_city)
    says(one_about(city, "陈立新", NUMBER), "云川供电公司")
    says(one_about(city, "孙晓雯", NUMBER))
    for name in ("邵鹏", "林芳", "韩志刚", "唐静", "罗平"):
        offers(one_about(city, name, NUMBER), "签收")
    says(one_about(city, "能源专班", NUMBER), "已向云川供电公司印发")
    sent = one_about(city, "邵鹏", NUMBER)
    async with city.client.get(f"{city.base}{sent.files[0][1]}") as response:
        paper = docx.Document(BytesIO(await response.read()))
    cells = "\n".join(cell.text for row in paper.tables[0].rows for cell in row.cells)
    assert "W0191" in cells
    assert "W0192" not in cells
    assert "W0193" not in cells
    rows = await city.rows("SELECT unit_id FROM document_receipts")
    assert len(rows) == 3


async def test_s45_paper_delivery(open_city: OpenCity) -> None:
    """S45 H6: receiver, time, 经办 and photo; counts as receipt; the items stay 待签收, marked 已线下送达."""
    city = await issued(open_city)
    await city.clock("2026-09-23 15:20")
    await city.say("张伟", "/送达 交09 线下 接收人 邵鹏", files=[("签收单.jpg", png())])
    says(city.last("张伟"), "未找到,或您无权查看")
    await city.say("孙晓雯", "/送达 交09 线下 接收人 邵鹏")
    says(city.last("孙晓雯"), "照片")
    await city.say("孙晓雯", "/送达 交09 线下", files=[("签收单.jpg", png())])
    says(city.last("孙晓雯"), "接收人")
    await city.say("孙晓雯", "/送达 交09 线下 接收人 邵鹏", files=[("签收单.jpg", png())])
    says(city.last("孙晓雯"), NUMBER, "线下", "云川供电公司", "邵鹏", "09-23 15:20", "经办 孙晓雯", "W0191")
    receipts = await city.rows(
        "SELECT r.*, u.name FROM document_receipts r JOIN units u ON u.id = r.unit_id ORDER BY r.id"
    )
    mine = next(row for row in receipts if row["name"] == "云川供电公司")
    assert bool(mine["on_paper"])
    assert mine["receiver"] == "邵鹏"
    assert [row["received_at"] for row in receipts if row["name"] != "云川供电公司"] == [None, None]
    item = await city.item("W0191")
    assert item["state"] == "待签收"
    assert item["paper_delivered_at"] == "2026-09-23T15:20:00+08:00"
    assert any("已线下送达" in (row["reason"] or "") for row in await city.audit("item", "W0191"))
    number = (await document(city))["id"]
    said = " ".join(str(row["new"]) for row in await city.audit("document", str(number)))
    assert "线下，09-23 15:20" in said
    assert "经办 孙晓雯" in said
    await city.say("孙晓雯", "/送达 交09 线下 接收人 邵鹏", files=[("签收单.jpg", png())])
    says(city.last("孙晓雯"), "已于", "线下签收")
    city.mark()
    await city.clock("2026-09-28 09:00")
    assert "邵鹏" not in told(city, NUMBER)
    assert {"林芳", "唐静"} <= told(city, NUMBER)


async def test_s45_who_may_and_empty_periods(open_city: OpenCity) -> None:
    """B10: 综合专班 makes lists, 陈立新 signs; an empty period gives no paper."""
    city = await open_city("2026-09-23 15:00", handed_out)
    await city.say("魏然", "/交办 清单 9月第4周")
    says(city.last("魏然"), "综合专班联络员")
    await city.say("孙晓雯", "/交办 清单 9月第5周")
    says(city.last("孙晓雯"), "没有可列入清单")
    await city.say("孙晓雯", "/交办 清单 9月第9周")
    says(city.last("孙晓雯"), "没有9月第9周")
    await city.say("孙晓雯", "/交办 清单 W0192")
    says(city.last("孙晓雯"), "交办清单草稿 1 项", "W0192")
    await city.say("孙晓雯", "/签发 交办清单")
    says(city.last("孙晓雯"), "综合专班负责人", "陈立新")


async def test_h2_items_are_taken_off_the_draft_and_put_on_it(open_city: OpenCity) -> None:
    """Rules H1 H2: 「去掉W0192」 changes the draft list, 「修改 加上 W0192」 changes it back; never empty."""
    city = await open_city("2026-09-23 15:00", handed_out)
    await city.say("孙晓雯", "/交办 清单 9月第4周")
    card = city.last("孙晓雯")
    numbers = sorted(set(re.findall(r"W\d{4}", card.text)))
    assert len(numbers) > 1
    city.mark()
    await city.say("孙晓雯", f"去掉{numbers[0]}")
    says(city.only("孙晓雯"), f"交办清单草稿 {len(numbers) - 1} 项")
    lacks(city.only("孙晓雯"), numbers[0], "不能反馈")
    city.mark()
    await city.say("孙晓雯", f"修改 加上 {numbers[0]}")
    says(city.only("孙晓雯"), f"交办清单草稿 {len(numbers)} 项", numbers[0])
    await city.say("孙晓雯", "修改 去掉 W0999")
    says(city.last("孙晓雯"), "清单里没有 W0999")
    await city.say("孙晓雯", f"修改 去掉 {'、'.join(numbers)}")
    says(city.last("孙晓雯"), "清单不能是空的")


async def test_b10_without_a_list_the_words_are_none_of_it(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 15:00")
    await city.say("孙晓雯", "去掉W0186")
    lacks(city.last("孙晓雯"), "清单")
    assert (await city.item("W0186"))["state"] == "办理中"
