"""代理 (S63, rules B6 F8) and 交接 (S64, rule B7)."""

from __future__ import annotations

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .told import iso, on, one_about, person_id, report, told


async def _delegated(city: City) -> None:
    await city.say("马德胜", "/代理 孙晓雯 9月22日 至 9月23日")


async def test_s63_reviewed_for_the_principal(open_city: OpenCity) -> None:
    """S63: rule B6. The delegate gets the card; the reviewer is 「孙晓雯(代 马德胜)」."""
    city = await open_city("2026-09-22 09:00", _delegated)
    await city.clock("2026-09-23 09:00")
    city.mark()
    await city.say("苏静", "/办结 W0186 已批 文号 云林审〔2026〕88号")
    offers(one_about(city, "孙晓雯", "W0186", "待审核"), "通过")
    offers(one_about(city, "马德胜", "W0186", "待审核"), "通过")
    await city.press("孙晓雯", "通过", to="孙晓雯", contains="W0186")
    assert (await city.item("W0186"))["state"] == "待销号"
    rows = [row for row in await city.audit("item", "W0186") if row["new"] == "待销号"]
    assert [row["by_name"] for row in rows] == ["孙晓雯(代 马德胜)"]
    offers(city.last("孙晓雯"), "销号")


async def test_s63_the_right_ends(open_city: OpenCity) -> None:
    """S63: at 09-24 00:00 the right ends, also on cards sent before."""
    city = await open_city("2026-09-22 09:00", _delegated)
    await city.clock("2026-09-23 17:00")
    await city.say("苏静", "/办结 W0186 已批 文号 云林审〔2026〕88号")
    old = one_about(city, "孙晓雯", "W0186", "待审核")
    await city.clock("2026-09-24 00:00")
    city.mark()
    await city.press_on(old, "孙晓雯", "通过")
    says(city.only("孙晓雯"), "督办专员")
    assert (await city.item("W0186"))["state"] == "待审核"
    await city.say("孙晓雯", "/我的")
    lacks(city.last("孙晓雯"), "W0186")
    await city.press("马德胜", "通过", contains="W0186")
    assert (await city.item("W0186"))["state"] == "待销号"


async def test_s63_f8_nobody_reviews_what_they_submitted(open_city: OpenCity) -> None:
    """Rules F8 B6: who submitted it, for whomever, does not pass it; 综合专班负责人 gets the card."""
    city = await open_city("2026-09-22 09:00", _delegated)
    await city.say("苏静", "/代理 孙晓雯 9月22日 至 9月23日")
    city.mark()
    await city.say("孙晓雯", "/办结 W0186 已批 文号 云林审〔2026〕88号")
    assert (await city.item("W0186"))["state"] == "待审核"
    assert [one for one in city.heard("孙晓雯") if one.button("通过") is not None] == []
    offers(one_about(city, "陈立新", "W0186", "待审核"), "通过")
    card = one_about(city, "马德胜", "W0186", "待审核")
    await city.press_on(card, "孙晓雯", "通过")
    says(city.last("孙晓雯"), "不能审核自己或代理对象提交的办结", "马德胜")
    await city.say("孙晓雯", "/我的")
    lacks(city.last("孙晓雯"), "办结待审核")
    assert (await city.item("W0186"))["state"] == "待审核"
    await city.press_on(card, "陈立新", "通过")
    assert (await city.item("W0186"))["state"] == "待销号"


async def test_f8_nor_who_acts_for_the_submitter(open_city: OpenCity) -> None:
    """Rule F8: the delegate of who submitted it does not review it either, also in their own right."""
    city = await open_city("2026-09-22 09:00")
    await city.say("苏静", "/代理 马德胜 9月22日 至 9月23日")
    city.mark()
    await city.say("苏静", "/办结 W0186 已批 文号 云林审〔2026〕88号")
    card = one_about(city, "陈立新", "W0186", "待审核")
    silent(city, "马德胜")
    await city.press_on(card, "马德胜", "通过")
    says(city.last("马德胜"), "陈立新")
    assert (await city.item("W0186"))["state"] == "待审核"
    await city.say("苏静", "/问题 W0186")
    says(city.last("苏静"), "现由陈立新")


async def test_b6_no_notice_of_ones_own_act(open_city: OpenCity) -> None:
    """Rule B6: two who stand in for each other are not told what they have just done themselves."""
    city = await open_city("2026-09-22 09:00")
    await city.say("苏静", "/代理 马德胜 9月22日 至 9月23日")
    await city.say("马德胜", "/代理 苏静 9月22日 至 9月23日")
    await city.say("苏静", "/反馈 W0186 组卷材料补正中")
    city.mark()
    await city.press("苏静", "确认", to="苏静")
    assert [one.reason for one in city.heard("苏静")] == ["回复"]


# --- 交接


async def newcomer(city: City) -> None:
    """周航: new in 白石县, bound."""
    unit = (await city.rows("SELECT id, organisation_id AS o FROM units WHERE name = '白石县'"))[0]
    await city.change(
        "INSERT INTO people (organisation_id, name, unit_id, pinyin) VALUES (:o, '周航', :u, 'zhouhang')",
        o=unit["o"],
        u=unit["id"],
    )
    await city.change(
        "INSERT INTO accounts (platform, account, person_id) VALUES ('webchat', '周航', :p)",
        p=await person_id(city, "周航"),
    )
    await city.restart()


async def test_s64_everything_goes_over(open_city: OpenCity) -> None:
    """S64: rules B7 C2. Role, drafts, feedback duties, reminders; the predecessor is one without the role."""
    city = await open_city("2026-09-22 10:00", newcomer)
    await city.say("周航", "循环园累计9600万")
    says(city.last("周航"), "联络员")
    await city.say("李娜", "循环园累计9600万")
    old_card = city.last("李娜")
    city.mark()
    await city.say("张伟", "/交接 白石县联络员 李娜 → 周航")
    says(city.only("张伟"), "综合专班")
    await city.say("孙晓雯", "/交接 白石县联络员 李娜 → 王磊")
    says(city.last("孙晓雯"), "有2位", "王磊(临河区发改局)")
    await city.say("孙晓雯", "/交接 青禾县联络员 李娜 → 周航")
    says(city.last("孙晓雯"), "李娜没有青禾县联络员职责")
    city.mark()
    await city.say("孙晓雯", "/交接 白石县联络员 李娜 → 周航")
    says(city.only("孙晓雯"), "已交接", "白石县联络员", "李娜 → 周航", "W0186")
    says(city.only("周航"), "白石县联络员", "李娜", "W0186", "草稿 1 份")
    says(city.only("李娜"), "周航")

    city.mark()
    await city.press_on(old_card, "李娜", "确认")
    says(city.only("李娜"), "周航")
    assert (await city.project("ZD0108"))["ytd_wan"] == 8600
    await city.say("李娜", "循环园累计9700万")
    says(city.last("李娜"), "联络员")
    await city.say("李娜", "/重开 W0186 又停工")
    says(city.last("李娜"), "提出人")
    await city.press_on(old_card, "周航", "确认")
    assert (await city.project("ZD0108"))["ytd_wan"] == 9600
    rows = await city.audit("project", "ZD0108")
    assert rows[-1]["by_name"] == "周航"

    await city.say("苏静", "/办结 W0186 已批 文号 云林审〔2026〕88号")
    await city.press("马德胜", "通过", contains="W0186")
    city.mark()
    await city.press("孙晓雯", "销号", contains="W0186")
    says(one_about(city, "周航", "W0186"), "已办结销号")
    silent(city, "李娜")
    item = await city.item("W0186")
    assert item["raised_by"] == "李娜"
    await city.say("孙晓雯", "/问题 W0186")
    says(city.last("孙晓雯"), "李娜")


async def test_s64_light_duties_and_the_weekly_call(open_city: OpenCity) -> None:
    """S64: an open light feedback is the successor's; calls and reminders go to the successor alone."""
    city = await open_city("2026-09-28 09:00", newcomer)
    await city.say("孙晓雯", "交接 李娜 交给 周航")
    says(city.last("孙晓雯"), "没看懂")
    await city.say("孙晓雯", "/交接 李娜 交给 周航")
    says(city.last("孙晓雯"), "已交接", "ZD0108")
    city.mark()
    await city.say("周航", "/我的")
    says(city.last("周航"), "ZD0108 红灯反馈", on("10-08", "18:00"))
    offers(city.last("周航"), "反馈")
    await city.say("李娜", "/我的")
    says(city.last("李娜"), "没有待办")
    city.mark()
    await city.clock("2026-10-08 18:30")
    assert told(city, "ZD0108") >= {"周航"}
    silent(city, "李娜")
    city.mark()
    await report(city, "周航", "循环园累计15000万,1号道路完成水稳层")
    assert "李娜" not in told(city)


async def test_s64_supervisor(open_city: OpenCity) -> None:
    """Rule B7: 督办专员: supervised items, waiting reviews and what falls due go to the successor."""
    city = await open_city("2026-09-22 10:00", newcomer)
    await city.say("苏静", "/反馈 W0186 材料补正中")
    await city.press("苏静", "确认", to="苏静")
    await city.say("孙晓雯", "/交接 督办专员 马德胜 → 周航")
    says(city.last("孙晓雯"), "督办事项", "W0186", "W0190")
    item = await city.item("W0186")
    assert item["supervisor"] == "周航"
    await city.press("马德胜", "采纳", contains="W0186")
    says(city.last("马德胜"), "未找到，或您无权查看")
    await city.say("周航", "/我的")
    says(city.last("周航"), "W0186 反馈待审核")
    await city.press("周航", "采纳", to="周航")
    assert (await city.item("W0186"))["feedback_due_at"] == iso("2026-09-29 18:00")
    rows = [row for row in await city.audit("item", "W0186") if row["field"] == "supervisor_id"]
    assert "交接 马德胜 → 周航" in rows[-1]["reason"]


async def test_b6_notices_about_a_delegation_are_for_their_reader(open_city: OpenCity) -> None:
    """B6: who stands in for a delegate does not get what is said about that delegation."""
    city = await open_city("2026-09-22 09:00")
    await city.say("孙晓雯", "/代理 林芳 9月22日 至 9月25日")
    city.mark()
    await city.say("马德胜", "/代理 孙晓雯 9月22日 至 9月23日")
    says(city.last("孙晓雯"), "马德胜", "请您代理")
    silent(city, "林芳")
    await city.say("马德胜", "/代理 取消")
    silent(city, "林芳")
