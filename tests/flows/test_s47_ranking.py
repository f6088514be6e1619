"""The monthly 排名通报: draft, own lines, objection, recomputation, 签发 (S47; rules A6, B10, H3, H4, I3, I4)."""

from __future__ import annotations

import json
from typing import Any

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .samples import png
from .told import about, on, one_about, told

S47 = {
    "高新区": ((24300, 23000), (9, 10), (7, 7), (24, 24)),
    "临河区": ((15210, 15600), (8, 8), (10, 11), (23, 24)),
    "青禾县": ((18260, 18900), (11, 12), (9, 10), (24, 24)),
    "白石县": ((16400, 21800), (7, 9), (6, 9), (20, 24)),
}
FORESTRY = ((0, 0), (0, 0), (3, 4), (9, 10))
PARTS = ("INVESTMENT", "STARTS", "ITEMS", "REPORTS")
NUMBER = "云攻坚通〔2026〕01号"
REGIONS = ("青禾县", "白石县", "临河区", "高新区")


async def drafted(city: City) -> None:
    await city.clock("2026-10-08 09:00")


async def body(city: City) -> dict[str, Any]:
    rows = await city.rows("SELECT body FROM documents WHERE template = '排名通报'")
    assert len(rows) == 1
    found: dict[str, Any] = (
        rows[0]["body"] if isinstance(rows[0]["body"], dict) else json.loads(rows[0]["body"])
    )
    return found


async def larger_data(city: City) -> City:
    """The figures of S47 stand for a larger data set."""
    now = await body(city)
    by_name = {data["name"]: data for data in now["tallies"].values()}
    for name, ratios in (*S47.items(), ("市林业局", FORESTRY)):
        parts = {part: list(pair) for part, pair in zip(PARTS, ratios, strict=True)}
        parts["INVESTMENT"] = [number * 1_000_000 for number in parts["INVESTMENT"]]
        by_name[name]["parts"] = parts
    await city.change(
        "UPDATE documents SET body = :body WHERE template = '排名通报'",
        body=json.dumps(now, ensure_ascii=False),
    )
    city.mark()
    return city


async def test_s47_the_draft_is_counted_from_the_ledger(open_city: OpenCity) -> None:
    """A6 I3 I4: 10-08 09:00, to 综合专班; every unit sees its own line only; nothing is published."""
    city = await open_city("2026-10-08 08:59")
    city.mark()
    await city.clock("2026-10-08 09:00")
    for name in ("孙晓雯", "陈立新"):
        card = one_about(city, name, "排名通报草稿")
        says(card, "2026年9月", "高新区", "白石县", "市林业局", "14000/15750", on("10-09", "18:00"))
        lacks(card, "〔2026〕")
    offers(one_about(city, "陈立新", "排名通报草稿"), "签发")
    offers(one_about(city, "孙晓雯", "排名通报草稿"), "报签")
    own = one_about(city, "王磊(高新区管委会)", "考评初稿")
    # 14000/15750, no start of 1, nothing due to close, no weekly report of 2: (40 × 88.89) / 75.
    says(
        own,
        "高新区9月考评初稿",
        "得分 47.41",
        "14000/15750",
        "88.89",
        "0/1",
        "0/2",
        "可于 10-09 18:00 前提出异议",
    )
    offers(own, "异议")
    for name, region in (("李娜", "白石县"), ("张伟", "青禾县"), ("王磊(临河区发改局)", "临河区")):
        mine = one_about(city, name, "考评初稿")
        says(mine, f"{region}9月考评初稿")
        for other in REGIONS:
            if other != region:
                lacks(mine, other)
    says(one_about(city, "苏静", "考评初稿"), "市林业局9月考评初稿")
    assert not told(city, "考评初稿") & {"陈立新", "综合专班", "白石县", "罗平"}
    await city.clock("2026-10-13 09:00")
    assert not about(city, "白石县", "通报")


async def test_s47_objection_recomputed_signed(open_city: OpenCity) -> None:
    """S47: the objection with its file, 采纳 报送 21/24, 名次不变, then 签发 to all groups; numbers stay."""
    city = await larger_data(await open_city("2026-10-08 08:59", drafted))
    await city.say("孙晓雯", "/通报 9月")
    says(city.last("孙晓雯"), "第4 白石县 74.81", "第1 高新区 98.00", "第2 临河区 96.10", "第3 青禾县 94.48")
    says(city.last("孙晓雯"), "市林业局 80.63")
    await city.say("李娜", "", files=[("截图.png", png())])
    city.mark()
    await city.press("李娜", "异议", input="9月22日报送系统故障,应计及时")
    says(city.last("李娜"), "已提交")
    objection = one_about(city, "孙晓雯", "考评异议")
    says(objection, "白石县", "李娜", "9月22日报送系统故障", "20/24")
    offers(objection, "采纳", "不采纳")
    assert len(objection.files) == 1
    await city.press("陈立新", "签发", contains="排名通报草稿")
    says(city.last("陈立新"), "异议没有处理")
    city.mark()
    await city.press("孙晓雯", "采纳", input="报送 21/24", contains="考评异议")
    says(one_about(city, "孙晓雯", "重算"), "重算: 白石县", "报送分 87.50", "得分 75.44", "名次不变")
    says(one_about(city, "李娜", "已采纳"), "75.44", "第4")
    again = one_about(city, "陈立新", "排名通报草稿")
    says(again, "已重算", "白石县 75.44")
    assert not told(city, "考评") & {"张伟", "王磊(临河区发改局)", "王磊(高新区管委会)"}
    city.mark()
    await city.press("孙晓雯", "采纳", input="报送 22/24", contains="考评异议")
    says(city.last("孙晓雯"), "已采纳")
    await city.say("孙晓雯", "/签发 通报")
    says(city.last("孙晓雯"), "综合专班负责人", "陈立新")
    await city.clock("2026-10-09 18:01")
    city.mark()
    await city.press("陈立新", "签发", contains="排名通报草稿")
    says(one_about(city, "陈立新", NUMBER), "13 个群")
    for name in ("青禾县", "综合专班", "市攻坚办", "交通专班"):
        published = one_about(city, name, NUMBER)
        says(published, "表扬：高新区", "督促：白石县", "第4 白石县 75.44", "市直部门", "市林业局 80.63")
        assert len(published.files) == 1
    frozen = await city.rows("SELECT sha256, facts FROM documents WHERE template = '排名通报'")
    await city.say("李娜", "循环园累计完成投资12000万")
    await city.press("李娜", "确认", to="李娜")
    assert await city.rows("SELECT sha256, facts FROM documents WHERE template = '排名通报'") == frozen
    city.mark()
    await city.press("李娜", "异议", input="还有一处不对")
    says(city.last("李娜"), "已签发")


async def test_i4_a_moved_place_is_told_and_refusals_have_reasons(open_city: OpenCity) -> None:
    """I4 B4 B10: whose rank moves hears of it; only the unit objects, only 综合专班 rules, only in time."""
    city = await larger_data(await open_city("2026-10-08 08:59", drafted))
    await city.press("张伟", "异议", input="报送和办结有误")
    city.mark()
    await city.press("孙晓雯", "采纳", input="投资 19000/18900 办结 10/10", contains="青禾县")
    says(one_about(city, "孙晓雯", "重算"), "名次由第3变为第1", "高新区", "临河区")
    says(one_about(city, "王磊(高新区管委会)", "考评重算"), "名次由第1变为第2")
    assert not about(city, "李娜", "考评重算")
    shown = city.with_button("李娜", "异议", to="李娜")
    await city.press_on(shown, "张伟", "异议", input="替白石县说一句")
    says(city.last("张伟"), "白石县的联络员")
    await city.press("李娜", "异议", input="投资少计")
    await city.press("孙晓雯", "采纳", input="报送 25/24", contains="白石县")
    says(city.last("孙晓雯"), "不能大于")
    await city.press("孙晓雯", "不采纳", contains="白石县")
    says(city.last("孙晓雯"), "理由")
    city.mark()
    await city.press("孙晓雯", "不采纳", input="台账与统计一致", contains="考评异议】白石县")
    says(one_about(city, "李娜", "未采纳"), "台账与统计一致")
    await city.clock("2026-10-09 18:01")
    city.mark()
    await city.press("李娜", "异议", input="再提一次")
    says(city.last("李娜"), "截止")
    silent(city, "孙晓雯")


async def test_i4_signing_early_is_the_signers_decision(open_city: OpenCity) -> None:
    """I4: the card names who may still object; what is signed takes no objection any more."""
    city = await larger_data(await open_city("2026-10-08 08:59", drafted))
    says(city.with_button("陈立新", "签发", contains="排名通报草稿"), "10-09 18:00 前可提异议")
    await city.press("陈立新", "签发", contains="排名通报草稿")
    says(one_about(city, "陈立新", NUMBER), "13 个群")
    await city.press("李娜", "异议", input="投资少计")
    says(city.last("李娜"), "已签发")


async def test_i4_all_units_may_waive(open_city: OpenCity) -> None:
    """I4: the card says who has not spoken yet; a unit speaks only for itself."""
    city = await larger_data(await open_city("2026-10-08 08:59", drafted))
    ranked = {message.to for message in city.ever() if "考评初稿" in message.text}
    shown = city.with_button("李娜", "无异议", to="李娜")
    await city.press_on(shown, "张伟", "无异议")
    says(city.last("张伟"), "白石县的联络员")
    await city.say("张伟", "无异议")
    says(city.last("张伟"), "青禾县", "无异议", "10-09 18:00")
    for name in sorted(ranked - {"张伟", "李娜"}):
        await city.press(name, "无异议", to=name)
    await city.press("李娜", "异议", input="报送少计一次")
    await city.press("李娜", "无异议", to="李娜")
    says(city.last("李娜"), "已提异议")
    await city.press("孙晓雯", "不采纳", input="台账与统计一致", contains="考评异议】白石县")
    await city.press("李娜", "无异议", to="李娜")
    says(city.last("李娜"), "各单位均无异议")
    await city.press("孙晓雯", "报签", contains="排名通报草稿")
    says(city.last("陈立新"), "待处理异议 0 件")
    lacks(city.last("陈立新"), "还可以提异议")
    city.mark()
    await city.press("陈立新", "签发", to="陈立新")
    says(one_about(city, "陈立新", NUMBER), "13 个群")


async def test_i4_new_figures_ask_again(open_city: OpenCity) -> None:
    """I4: who said 无异议 to a place that has moved since is asked again."""
    city = await larger_data(await open_city("2026-10-08 08:59", drafted))
    await city.press("王磊(高新区管委会)", "无异议", to="王磊(高新区管委会)")
    await city.press("张伟", "异议", input="投资和办结有误")
    await city.press("孙晓雯", "采纳", input="投资 19000/18900 办结 10/10", contains="青禾县")
    offers(city.last("王磊(高新区管委会)"), "无异议")
    assert (await body(city))["waived"] == []


async def test_i4_a_refused_objection_leaves_the_signers_card_as_it_is(open_city: OpenCity) -> None:
    """H3 I4: only changed words make a card old: after 不采纳 the one that lies with the signer still signs."""
    city = await larger_data(await open_city("2026-10-08 08:59", drafted))
    await city.press("李娜", "异议", input="9月开工数有误", contains="9月考评初稿")
    await city.press("孙晓雯", "报签", contains="排名通报草稿")
    card = city.with_button("陈立新", "签发", to="陈立新")
    before = (await city.rows("SELECT version FROM documents WHERE template = '排名通报'"))[0]["version"]
    await city.press("孙晓雯", "不采纳", input="台账与统计一致", contains="考评异议】白石县")
    after = (await city.rows("SELECT version FROM documents WHERE template = '排名通报'"))[0]["version"]
    assert after == before
    city.mark()
    await city.press_on(card, "陈立新", "签发")
    says(city.last("陈立新"), NUMBER)
    assert (await city.rows("SELECT state FROM documents WHERE template = '排名通报'"))[0][
        "state"
    ] == "已签发"


async def test_i4_objection_in_words_names_who_may(open_city: OpenCity) -> None:
    """Who speaks for no ranked unit is refused; no figure of a project is asked for (rules B10, I4)."""
    city = await open_city("2026-10-08 08:59")
    await drafted(city)
    await city.say("宋佳", "异议 开工率不对，SG0012已开工")
    says(city.last("宋佳"), "您不能提考评异议，此事由")
    await city.say("蒋涛", "有异议：开工率不对")
    says(city.last("孙晓雯"), "【考评异议】高新区", "开工率不对")


async def test_i4_several_objections_are_told_apart(open_city: OpenCity) -> None:
    """Rules I4 B10: two units object; 综合专班 names the one it rules on, finds both in /我的, none twice."""
    city = await open_city("2026-10-08 09:05")
    await city.say("李娜", "白石县9月报送有异议，9月22日系统故障报不上")
    says(city.last("李娜"), "白石县2026年9月考评异议已提交")
    await city.say("苏静", "异议 W0186那次反馈系统坏了")
    says(city.last("苏静"), "市林业局2026年9月考评异议已提交综合专班：W0186那次反馈系统坏了")
    await city.say("孙晓雯", "采纳 报送 1/2")
    says(city.last("孙晓雯"), "有 2 件可「采纳」：", "白石县", "市林业局")
    await city.say("孙晓雯", "/我的")
    says(city.last("孙晓雯"), "白石县 2026年9月考评异议待处理", "市林业局 2026年9月考评异议待处理")
    await city.say("孙晓雯", "采纳 白石县 报送 2/3")
    says(city.last("孙晓雯"), "重算: 白石县 报送分 66.67")
    await city.say("孙晓雯", "不采纳 台账为准")
    says(city.last("苏静"), "市林业局", "台账为准")
    await city.say("孙晓雯", "/我的")
    lacks(city.last("孙晓雯"), "异议待处理")
