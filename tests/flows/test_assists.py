"""退回 twice and the ruling (S29), 主办 and 协办 (S30)."""

from __future__ import annotations

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .told import PDF, iso, on, one_about, told

LINHE = "王磊(临河区发改局)"


async def _dispatched(city: City) -> None:
    await city.say("魏然", "ZY0007施工许可办不下来,卡在消防设计审查,请协调")
    await city.say("魏然", "请住建局牵头,10月15日前完成消防设计审查")
    await city.press("魏然", "确认", to="魏然")
    await city.press("孙晓雯", "交办", contains="W0191")
    await city.say("孙晓雯", "措施 开辟绿色通道并联审查;责任人 彭倩;督办专员 马德胜")
    await city.press("孙晓雯", "确认交办", contains="W0191")


async def _returned_twice(city: City) -> None:
    await _dispatched(city)
    await city.say("彭倩", "/退回 W0191 消防设计审查权限在区住建局 建议 临河区住建局")
    await city.press("孙晓雯", "改交办", input="临河区住建局, 责任人 王磊(临河区发改局)", contains="W0191")
    await city.say(LINHE, "/退回 W0191 项目属市级审查范围 建议 市住建局")


async def _ruled(city: City) -> None:
    await _returned_twice(city)
    await city.press(
        "陈立新",
        "裁定",
        input="市住建局主办,临河区住建局协办;协办 临河区住建局 现场消防水源整改",
        contains="W0191",
    )
    await city.press("彭倩", "签收", contains="W0191")


async def test_s29_returned_ruled_final(open_city: OpenCity) -> None:
    """S29: rules F3 F4 B10. Each return names reason and unit; the ruling is 综合专班负责人's and final."""
    city = await open_city("2026-09-22 09:20", _dispatched)
    due_at = (await city.item("W0191"))["due_at"]
    await city.say("彭倩", "/退回 W0191 消防设计审查权限在区住建局")
    says(city.last("彭倩"), "建议承办单位")
    await city.say("彭倩", "/退回 W0191 建议 临河区住建局")
    says(city.last("彭倩"), "原因")
    city.mark()
    await city.say("彭倩", "/退回 W0191 消防设计审查权限在区住建局 建议 临河区住建局")
    card = one_about(city, "孙晓雯", "W0191")
    says(card, "消防设计审查权限在区住建局", "建议 临河区住建局", "市住建局")
    offers(card, "改交办")
    assert (await city.item("W0191"))["state"] == "待甄别"

    city.mark()
    await city.press_on(card, "孙晓雯", "改交办", input="临河区住建局, 责任人 王磊(临河区发改局)")
    says(one_about(city, LINHE, "W0191"), on("10-15", "18:00"), on("09-23", "18:00"))
    offers(one_about(city, LINHE, "W0191"), "签收", "退回")
    item = await city.item("W0191")
    assert (item["state"], item["due_at"], item["returns"]) == ("待签收", due_at, 1)

    city.mark()
    await city.say(LINHE, "/退回 W0191 项目属市级审查范围 建议 市住建局")
    ruling = one_about(city, "陈立新", "W0191")
    says(ruling, "第二次退回", "请裁定", "项目属市级审查范围", "建议 市住建局")
    offers(ruling, "裁定")
    silent(city, "孙晓雯", "彭倩")
    await city.say("孙晓雯", "/交办 W0191 市住建局主办")
    says(city.last("孙晓雯"), "综合专班负责人")

    city.mark()
    await city.press_on(ruling, "陈立新", "裁定", input="市住建局主办,临河区住建局协办")
    card = one_about(city, "彭倩", "W0191")
    says(card, "陈立新裁定由你单位主办", "不再接受退回", "临河区住建局")
    offers(card, "签收")
    assert card.button("退回") is None
    helper = one_about(city, LINHE, "W0191")
    says(helper, "协办", "临河区住建局", "彭倩", on("10-15", "18:00"))
    offers(helper, "完成协办")
    item = await city.item("W0191")
    assert (item["state"], item["unit"], item["person"]) == ("待签收", "市住建局", "彭倩")
    assert (item["returns"], item["due_at"]) == (2, due_at)
    assert [(one["unit_name"], one["state"]) for one in item["assists"]] == [("临河区住建局", "open")]
    city.mark()
    await city.say("彭倩", "/退回 W0191 还是不归我们 建议 临河区住建局")
    says(city.only("彭倩"), "已由综合专班负责人裁定")
    assert (await city.item("W0191"))["returns"] == 2
    rows = [row for row in await city.audit("item", "W0191") if row["field"] == "returns"]
    assert [(row["new"], row["by_name"]) for row in rows] == [("1", "彭倩"), ("2", LINHE)]


async def test_s29_no_receipt_after_a_new_dispatch(open_city: OpenCity) -> None:
    """S29 variant, rule F3: 签收 counts from the new 交办; the old receipt is chased no longer."""
    city = await open_city("2026-09-22 09:20", _dispatched)
    await city.clock("2026-09-23 10:00")
    await city.say("彭倩", "/退回 W0191 消防设计审查权限在区住建局 建议 临河区住建局")
    await city.press("孙晓雯", "改交办", input="临河区住建局", contains="W0191")
    assert (await city.item("W0191"))["person"] == "王磊"
    city.mark()
    await city.clock("2026-09-28 08:29")
    assert not told(city, "W0191")
    await city.clock("2026-09-28 08:30")
    assert told(city, "W0191", "签收", at="2026-09-28 08:30") == {LINHE}
    city.mark()
    await city.clock("2026-09-29 08:30")
    says(one_about(city, "孟庆云", "W0191"), "签收", "王磊")


async def test_f4_ruling_is_reminded_once(open_city: OpenCity) -> None:
    """Rule F4: 综合专班负责人 rules within 1 workday, else one reminder."""
    city = await open_city("2026-09-22 09:20", _returned_twice)
    await city.clock("2026-09-24 08:29")
    city.mark()
    await city.clock("2026-09-24 08:30")
    says(one_about(city, "陈立新", "W0191"), "裁定")
    city.mark()
    await city.clock("2026-09-30 18:00")
    assert not told(city, "W0191", "裁定")


async def test_f4_ruling_can_change_the_due_date(open_city: OpenCity) -> None:
    """Rule F4: 办结时限 stays unless the ruling changes it; values typed without 修改 are taken into the card."""
    city = await open_city("2026-09-22 09:20", _returned_twice)
    city.mark()
    await city.press("陈立新", "裁定", contains="W0191")
    says(city.only("陈立新"), "交办草稿", "市住建局", "彭倩")
    await city.say("陈立新", "市住建局主办,临河区住建局协办现场消防水源整改")
    says(city.last("陈立新"), "彭倩", "现场消防水源整改", "临河区住建局")
    await city.say("陈立新", "措施 专人驻点,每周调度")
    says(city.last("陈立新"), "专人驻点")
    await city.say("陈立新", "时限 10月20日")
    card = city.last("陈立新")
    says(card, on("10-20", "18:00"), "现场消防水源整改")
    silent(city, "彭倩")
    await city.press_on(card, "陈立新", "确认交办")
    item = await city.item("W0191")
    assert (item["due_at"], item["unit"]) == (iso("2026-10-20 18:00"), "市住建局")
    assert item["measures"] == "专人驻点,每周调度"
    assert [one["task"] for one in item["assists"]] == ["现场消防水源整改"]


async def test_s30_closing_waits_for_the_helper(open_city: OpenCity) -> None:
    """S30: rule F11 B10. 报办结 waits; 督办专员 waives with a reason; what was said is submitted then."""
    city = await open_city("2026-09-22 09:20", _ruled)
    city.mark()
    await city.say("彭倩", "/办结 W0191 审查意见已出,许可证号 (2026)0921", files=[("许可证.pdf", PDF)])
    says(
        city.only("彭倩"),
        "协办 临河区住建局 的任务「现场消防水源整改」未完成",
        "暂不能报办结",
        "督办专员",
        "免除",
    )
    held = one_about(city, "马德胜", "W0191")
    says(held, "现场消防水源整改", "彭倩", "审查意见已出")
    offers(held, "免除协办")
    assert (await city.item("W0191"))["state"] == "办理中"

    city.mark()
    await city.press_on(held, "彭倩", "免除协办", input="来不及了")
    says(city.only("彭倩"), "督办专员")
    await city.press_on(held, "马德胜", "免除协办")
    says(city.last("马德胜"), "原因")
    assert [one["state"] for one in (await city.item("W0191"))["assists"]] == ["open"]
    city.mark()
    await city.press_on(held, "马德胜", "免除协办", input="原因 水源整改并入竣工验收")
    ready = one_about(city, "彭倩", "W0191")
    says(ready, "可以报办结了", "审查意见已出", "许可证.pdf")
    offers(ready, "提交")
    says(one_about(city, LINHE, "W0191"), "免除", "水源整改并入竣工验收")
    rows = [row for row in await city.audit("item", "W0191") if row["field"] == "assist"]
    assert (rows[-1]["by_name"], rows[-1]["reason"]) == ("马德胜", "水源整改并入竣工验收")

    city.mark()
    await city.press_on(ready, "彭倩", "提交")
    card = one_about(city, "马德胜", "W0191", "待审核")
    says(card, "(2026)0921", "许可证.pdf")
    assert [name for name, _ in card.files] == ["许可证.pdf"]
    item = await city.item("W0191")
    assert item["state"] == "待审核"
    assert [one["name"] for one in item["attachments"]] == ["许可证.pdf"]
    city.mark()
    await city.press_on(held, "马德胜", "免除协办", input="再免一次")
    says(city.only("马德胜"), "待审核")


async def test_s30_the_helper_finishes(open_city: OpenCity) -> None:
    """Rule F11: the 协办 unit reports its task done, by button or /办结; who holds the item is told."""
    city = await open_city("2026-09-22 09:20", _ruled)
    city.mark()
    await city.say(LINHE, "/我的")
    says(city.only(LINHE), "W0191 协办 现场消防水源整改", on("10-15"))
    await city.say("张伟", "完成协办 W0191 已整改")
    says(city.last("张伟"), "未找到，或您无权查看")
    await city.say("彭倩", "完成协办 W0191 已整改")
    says(city.last("彭倩"), "协办单位")
    city.mark()
    await city.say(LINHE, "/办结 W0191 水源已整改到位")
    says(city.only(LINHE), "现场消防水源整改", "已完成", "水源已整改到位")
    says(city.heard("彭倩")[-1], "可以报办结了")
    offers(city.heard("彭倩")[-1], "办结")
    says(one_about(city, "马德胜", "W0191"), "水源已整改到位", LINHE)
    assert [one["state"] for one in (await city.item("W0191"))["assists"]] == ["done"]
    city.mark()
    await city.say("彭倩", "/办结 W0191 审查意见已出 文号 云建审〔2026〕12号")
    assert (await city.item("W0191"))["state"] == "待审核"
    await city.say(LINHE, "完成协办 W0191 又改了一处")
    says(city.last(LINHE), "待审核")


async def test_f11_added_later_and_reminded(open_city: OpenCity) -> None:
    """Rules F11 B10: 综合专班 names a 协办 unit later, with a date of its own; 提醒 and 催办 once each."""
    city = await open_city("2026-09-22 10:00")
    await city.say("苏静", "/协办 W0186 市自然资源局 提供界址坐标")
    says(city.last("苏静"), "综合专班")
    city.mark()
    await city.say("孙晓雯", "/协办 W0186 市自然资源局 提供二期界址坐标 时限 9月29日")
    says(city.only("孙晓雯"), "市自然资源局", "林芳")
    card = one_about(city, "林芳", "W0186")
    says(card, "提供二期界址坐标", on("09-29", "18:00"), "苏静")
    lacks(card, "时限 9月29日")
    await city.say("林芳", "/问题 W0186")
    says(city.last("林芳"), "提供二期界址坐标", "未完成")
    offers(city.last("林芳"), "完成协办")
    await city.clock("2026-09-28 15:59")
    city.mark()
    await city.clock("2026-09-28 16:00")
    says(one_about(city, "林芳", "W0186"), "提醒", "提供二期界址坐标")
    await city.clock("2026-09-30 08:59")
    city.mark()
    await city.clock("2026-09-30 09:00")
    says(one_about(city, "林芳", "W0186"), "催办", "逾期1个工作日")
    await city.say("林芳", "完成协办")
    says(city.last("林芳"), "已完成")
    city.mark()
    await city.clock("2026-10-09 10:00")
    assert not told(city, "W0186", "协办")
