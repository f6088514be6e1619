"""简报 (S48; rules B8, B10, C10, H3, H4, I5)."""

from __future__ import annotations

from io import BytesIO

import docx

from .city import City, lacks, offers, says
from .conftest import OpenCity
from .told import one_about, told


async def begun(city: City) -> None:
    await city.say("周敏", "/问题 受限 ZX0032 专项债资金疑似超范围支出,待审计核")
    await city.press("周敏", "确认", to="周敏")
    await city.clock("2026-09-24 15:00")
    await city.say("孙晓雯", "/简报 第38期")


async def test_s48_the_draft(open_city: OpenCity) -> None:
    """S48: five parts, 典型做法 to be filled, two charts; figures with cut-off; nothing of restricted items."""
    city = await open_city("2026-09-22 10:02", begun)
    card = [one for one in city.ever() if one.to == "孙晓雯" and "简报草稿" in one.text][-1]
    says(card, "总体进度", "亮灯变化", "协调事项", "典型做法（待填）", "下步计划", "图表 2 张", "第38期")
    says(card, "截至2026年9月24日15时", "W0186", "W0190")
    lacks(card, "超范围", "W0191", "受限")
    offers(card, "编辑", "导出docx", "报签")
    await city.press("孙晓雯", "报签", contains="简报草稿")
    says(city.last("孙晓雯"), "还没填：典型做法")
    await city.say("张伟", "/简报 第39期")
    says(city.last("张伟"), "综合专班联络员")


async def test_s48_issued_to_the_leaders_and_copied(open_city: OpenCity) -> None:
    """S48 I5: after 签发 to 市政府领导, copied to the named units; 期号 fixed; the next is 39."""
    city = await open_city("2026-09-22 10:02", begun)
    await city.say("孙晓雯", "修改 典型做法 高新区专班驻点服务，问题当日办结")
    await city.say("孙晓雯", "修改 抄送 市林业局、白石县")
    says(city.last("孙晓雯"), "抄送：市林业局、白石县", "专班驻点服务")
    await city.press("孙晓雯", "报签", contains="简报草稿")
    city.mark()
    await city.press("陈立新", "签发", contains="简报草稿")
    says(one_about(city, "陈立新", "第38期"), "市政府领导 2 人", "抄送 2 个单位")
    for name in ("郑海峰", "沈国栋"):
        says(one_about(city, name, "第38期"), "报", "09-24 15:00")
    for name in ("苏静", "谭勇", "李娜", "钱文海"):
        says(one_about(city, name, "第38期"), "抄送")
    assert told(city, "第38期") == {
        "陈立新", "孙晓雯", "郑海峰", "沈国栋", "苏静", "谭勇", "李娜", "钱文海",
    }  # fmt: skip
    sent = one_about(city, "郑海峰", "第38期")
    async with city.client.get(f"{city.base}{sent.files[0][1]}") as response:
        paper = docx.Document(BytesIO(await response.read()))
    text = "\n".join(one.text for one in paper.paragraphs)
    assert "第38期" in text
    assert "专班驻点服务" in text
    whole = [part.text for part in paper.element.iter() if part.text]  # with the 版记 in its box
    assert "送：市林业局、白石县。" in whole
    assert not any("抄送" in part for part in whole)
    assert "超范围" not in text
    assert len(paper.tables) == 2
    assert len(paper.inline_shapes) >= 5
    await city.say("孙晓雯", "/简报")
    says(city.last("孙晓雯"), "第39期")


async def test_c10_what_a_paper_quotes_cannot_be_undone(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02", begun)
    await city.say("孙晓雯", "修改 典型做法 驻点服务")
    await city.say("张伟", "城南污水处理厂累计完成投资5500万")
    await city.press("张伟", "确认", to="张伟")
    await city.press("孙晓雯", "报签", contains="简报草稿")
    await city.press("陈立新", "签发", contains="简报草稿")
    await city.say("张伟", "/撤销")
    says(city.last("张伟"), "第38期")
    assert (await city.project("ZX0031"))["ytd_wan"] == 5500
