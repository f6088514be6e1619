"""Views of the one record: 五尽 (S73), 流程 (S74), 台账 and categories (S75), 蓝 (S76), what is kept (S77)."""

from __future__ import annotations

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .told import on


async def test_s73_five_pairs_that_can_be_opened(open_city: OpenCity) -> None:
    """S73: rules D5 E3 B3. Numbers and lists come from the same records, inside the asker's scope."""
    city = await open_city("2026-10-08 09:30")
    await city.say("陈立新", "/查 五尽")
    shown = city.last("陈立新")
    says(shown, "应办尽办", "应保尽保 要素 0/1", "应报尽报", "应开尽开 开工 0/1", "能快尽快 绿灯")
    offers(shown, "看未完成")
    await city.press_on(shown, "陈立新", "看未完成")
    says(city.last("陈立新"), "SG0012", "未开工", "W0186", "ZD0108")
    await city.press_on(shown, "陈立新", "应开尽开 清单")
    says(city.last("陈立新"), "应开尽开 未完成 1 项", "SG0012")
    await city.say("张伟", "/查 五尽")
    lacks(city.last("张伟"), "要素 0/1", "开工 0/1")
    await city.say("张伟", "看未完成")
    lacks(city.last("张伟"), "SG0012", "W0186", "ZD0108")
    await city.say("苏静", "/办结 W0186 已批 文号 云林审〔2026〕88号")
    await city.press("马德胜", "通过", contains="W0186")
    await city.press("孙晓雯", "销号", contains="W0186")
    await city.say("陈立新", "/查 五尽")
    says(city.last("陈立新"), "应保尽保 要素 1/1")


async def test_s74_where_an_item_is_stuck(open_city: OpenCity) -> None:
    """S74: rules F1 G5. The chain with its dates, the level, one holder and one next date."""
    city = await open_city("2026-09-23 09:00")
    for who, text in (
        ("吴迪", "/查 W0190 流程"),
        ("吴迪", "W0190卡在哪了"),
        ("马德胜", "/查w0190卡在谁手里"),
    ):
        await city.say(who, text)
        shown = city.last(who)
        says(
            shown,
            "问题梳理 ✔09-15 → 转办交办 ✔09-16 → 督导督办",
            "定期反馈(下次 09-30)",
            "跟踪问效 → 办结销号",
            "县 → 【市攻坚办】 → 分管副市长 → 市政府 → 省",
            "当前待:吴迪 办理,截止 10-16",
        )
    await city.say("张伟", "/查 W0190 流程")
    says(city.last("张伟"), "未找到，或您无权查看")


async def test_s74_always_one_holder_and_one_date(open_city: OpenCity) -> None:
    """S74: in every state one person and one date; when it is over, what becomes of it."""
    city = await open_city("2026-09-22 10:00")
    await city.say("魏然", "ZY0007施工许可办不下来,请住建局10月15日前办结")
    await city.press("魏然", "确认", to="魏然")

    async def stands(*parts: str) -> None:
        await city.say("孙晓雯", "/查 W0191 流程")
        says(city.last("孙晓雯"), *parts)

    await stands("当前待:孙晓雯 甄别,截止 10-15", "转办交办(待甄别)")
    await city.say("孙晓雯", "/交办 W0191 措施 并联;责任人 彭倩;督办专员 马德胜")
    await city.press("孙晓雯", "确认交办", contains="W0191")
    await stands("转办交办 ✔09-22", "当前待:彭倩 签收,截止 09-23 18:00")
    await city.say("彭倩", "签收 W0191")
    await stands("当前待:彭倩 办理,截止 10-15 18:00", "下次 09-30")
    await city.say("彭倩", "/办结 W0191 已发证 文号 云建许〔2026〕3号")
    await stands("当前待:马德胜 审核办结,截止 10-15", "办结销号(待审核)")
    await city.say("马德胜", "通过")
    await stands("当前待:孙晓雯 销号,截止 10-15")
    await city.say("孙晓雯", "销号 W0191")
    await stands("办结销号 ✔09-22", "10-20 向魏然问效")
    lacks(city.last("孙晓雯"), "当前待")


async def test_s75_one_record_several_ledgers(open_city: OpenCity) -> None:
    """S75: rules D1 D3 D5 B10. A category more is one more view; the record and the totals stay one."""
    city = await open_city("2026-09-22 10:00")
    await city.say("孙晓雯", "/查 台账 ZX0031")
    says(
        city.last("孙晓雯"),
        "总账 ✔",
        "专项债券台账 ✔",
        "青禾县台账 ✔",
        "市政设施台账 ✔",
        "财政金融专班(类型牵头) ✔",
        "阶段 在建",
    )
    await city.say("李娜", "/查 台账 ZX0031")
    says(city.last("李娜"), "未找到，或您无权查看")
    await city.say("孙晓雯", "/查 台账")
    says(city.last("孙晓雯"), "总账(09-22)9 项", "省市重点 3 项", "专项债券 2 项")
    lacks(city.last("孙晓雯"), "重叠")

    await city.say("张伟", "ZX0031 增加类别 省市重点")
    says(city.last("张伟"), "综合专班")
    city.mark()
    await city.say("孙晓雯", "ZX0031 增加类别 省市重点")
    card = city.only("孙晓雯")
    says(card, "专项债券 → 省市重点、专项债券")
    assert (await city.project("ZX0031"))["categories"] == ["专项债券"]
    await city.press_on(card, "孙晓雯", "确认")
    assert sorted((await city.project("ZX0031"))["categories"]) == ["专项债券", "省市重点"]
    await city.say("孙晓雯", "/查 台账")
    says(city.last("孙晓雯"), "总账(09-22)9 项", "省市重点 4 项", "专项债券 2 项", "重叠", "多 1 项次")
    await city.say("孙晓雯", "/查 台账 ZX0031")
    says(city.last("孙晓雯"), "省市重点台账 ✔", "专项债券台账 ✔", "综合专班(类型牵头) ✔")
    rows = await city.audit("project", "ZX0031")
    assert (rows[-1]["field"], rows[-1]["by_name"]) == ("categories", "孙晓雯")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4700
    await city.say("孙晓雯", "ZX0032 去掉类别 专项债券")
    says(city.last("孙晓雯"), "至少要有一个类别")
    await city.say("孙晓雯", "ZX0031 增加类别 重点工程")
    says(city.last("孙晓雯"), "没有类别", "三个一批")
    await city.say("孙晓雯", "ZX0031去掉类别专项债券")
    await city.say("孙晓雯", "确认")
    assert (await city.project("ZX0031"))["categories"] == ["省市重点"]


async def test_s76_due_within_three_workdays(open_city: OpenCity) -> None:
    """S76: rules E15 A2. By due time; overdue apart; what is due later is not listed; 蓝 is no project's light."""
    city = await open_city("2026-09-22 09:00")
    await city.say("马德胜", "/亮灯 蓝")
    shown = city.last("马德胜")
    says(
        shown,
        "3个工作日内到期(至 09-28 18:00)",
        "ZX0031 黄灯反馈 09-28 18:00",
        "逾期",
        "W0186 定期反馈 应 09-21 18:00",
    )
    lacks(shown, "W0190")
    assert shown.text.index("ZX0031") < shown.text.index("W0186")
    await city.say("张伟", "蓝灯有哪些")
    says(city.last("张伟"), "ZX0031 黄灯反馈")
    lacks(city.last("张伟"), "W0186")
    await city.say("李娜", "／亮灯蓝", group="白石县")
    says(city.last("白石县"), "W0186")
    city.mark()
    await city.clock("2026-09-23 10:00")
    await city.say("苏静", "/反馈 W0186 材料补正中")
    await city.press("苏静", "确认", to="苏静")
    await city.say("马德胜", "/查 蓝灯")
    lacks(city.last("马德胜"), "W0186 定期反馈")
    silent(city, "白石县")


async def test_s77_what_is_kept_for_evaluation(open_city: OpenCity) -> None:
    """S77: rules F14 A7. /审计 shows exactly what the record keeps, after a return, a refusal and an extension."""
    city: City = await open_city("2026-09-21 17:58")
    await city.say("苏静", "/反馈 W0186 组卷材料已补正")
    await city.press("苏静", "确认", to="苏静")
    await city.clock("2026-09-23 11:00")
    await city.press("马德胜", "采纳", contains="W0186")
    await city.say("苏静", "/延期 W0186 10月26日 省局要求补正")
    await city.press("马德胜", "同意", contains="W0186")
    await city.say("苏静", "/办结 W0186 已批一期 文号 云林审〔2026〕88号")
    await city.press("马德胜", "不通过", input="二期未含", contains="W0186")
    await city.clock("2026-09-28 10:00")
    await city.say("苏静", "/办结 W0186 二期已批 文号 云林审〔2026〕91号")
    await city.clock("2026-10-09 10:00")
    await city.press("马德胜", "通过", contains="W0186")
    item = await city.item("W0186")
    assert (item["returns"], item["refusals"], item["extensions"]) == (0, 1, 1)
    assert (item["overdue_times"], item["overdue_workdays"]) == (0, 0)
    await city.say("马德胜", "/审计 W0186")
    says(city.last("马德胜"), "办理时长 9", "退回 0", "延期 1", "逾期 0", "审核不通过 1")
    assert not [one for one in city.heard("苏静") if "催办" in one.text]
    assert on("09-28").search(city.last("马德胜").text) is None
