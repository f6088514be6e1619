"""Lines of a card by their number, in the words people use; a card whose ledger moved on (rules C2, C6, C8, C14)."""

from __future__ import annotations

from .city import lacks, says
from .conftest import OpenCity


async def test_lines_are_named_before_or_after_the_verb(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("魏然", "ZY0007 累计3950 ZY0009 累计2700")
    await city.say("魏然", "修改② 2750")
    says(city.last("魏然"), "② ZY0009", "2500 → 2750 万元")
    await city.say("魏然", "① 确认")
    says(city.last("魏然"), "① ZY0007 3900 → 3950 万元", "② ZY0009 待确认")
    assert (await city.project("ZY0009"))["ytd_wan"] == 2500
    await city.say("魏然", "第二条确认")
    assert (await city.project("ZY0009"))["ytd_wan"] == 2750


async def test_a_figure_overtaken_by_the_ledger_names_who_did_and_asks_why(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("程凯", "ZD0120累计14500")
    await city.say("邵鹏", "ZD0120累计15000")
    await city.say("邵鹏", "确认")
    city.mark()
    await city.say("程凯", "确认")
    says(city.heard("程凯")[0], "台账已由邵鹏 10:02 改为 15000", "15000 → 14500")
    says(city.last("程凯"), "比台账 15000 少 500 万元，请说明原因")
    await city.say("程凯", "8月重复统计")
    await city.say("程凯", "确认")
    says(city.last("孙晓雯"), "更正待核 ZD0120", "15000 → 14500 万元")
    assert (await city.project("ZD0120"))["ytd_wan"] == 15000


async def test_a_figure_without_a_project_asks_which_of_ones_own(open_city: OpenCity) -> None:
    """Rules C3, C4: the only one is used, of a few one chooses; nothing of others is named (B4)."""
    city = await open_city("2026-09-22 10:02")
    await city.say("李娜", "累计完成9600万")
    says(city.last("李娜"), "【草稿1】ZD0108", "8600 → 9600 万元")
    await city.say("魏然", "累计完成3950万")
    says(city.last("魏然"), "1 ZY0007", "2 ZY0009", "0 都不是")
    await city.say("魏然", "1")
    says(city.last("魏然"), "【草稿1】ZY0007", "3900 → 3950 万元")
    await city.say("苏静", "累计完成3950万")
    says(city.last("苏静"), "没有写是哪个项目")


async def test_c14_one_line_that_moved_does_not_hold_up_the_others(open_city: OpenCity) -> None:
    """Rule C8: 「确认」 enters every clear line; the one whose baseline changed is asked once more."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "污水处理厂累计5300，管网累计2100，实验中学累计2650")
    await city.say("彭倩", "污水处理厂累计5000，管网累计2000")
    await city.say("彭倩", "确认")
    city.mark()
    await city.say("张伟", "确认")
    receipt, *again = city.heard("张伟")
    says(receipt, "③ 已入账", "① ZX0031 待确认", "② ZX0032 待确认")
    says(again[0], "台账已由彭倩 10:02 改为 5000", "5000 → 5300", "是否确认")
    says(again[1], "台账已由彭倩 10:02 改为 2000", "2000 → 2100")
    assert [(await city.project(code))["ytd_wan"] for code in ("ZX0031", "ZX0032", "ZY0009")] == [
        5000,
        2000,
        2650,
    ]
    await city.say("张伟", "确认")
    assert [(await city.project(code))["ytd_wan"] for code in ("ZX0031", "ZX0032")] == [5300, 2100]


async def test_c7_the_new_baseline_makes_it_a_leap(open_city: OpenCity) -> None:
    """The card shown again says so and needs 确认无误: not 「确认」 first and then a refusal."""
    city = await open_city("2026-09-22 10:02")
    await city.say("张伟", "管网累计2500")
    await city.say("孙晓雯", "/更正 管网 累计1500 原因 重复计入")
    await city.say("孙晓雯", "确认")
    city.mark()
    await city.say("张伟", "确认")
    again = city.only("张伟")
    says(again, "1500 → 2500", "33.33%", "「请核对单位」", "「确认无误」")
    assert again.actions == ("确认无误", "取消")
    await city.press_on(again, "张伟", "确认无误")
    assert (await city.project("ZX0032"))["ytd_wan"] == 2500


async def test_c6_who_decides_on_corrections_is_told_that_none_is_asked(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:02")
    await city.say("孙晓雯", "ZX0031累计4400，核减预付款")
    says(city.last("孙晓雯"), "4700 → 4400", "原因:核减预付款", "确认后入账,原因记入台账")
    lacks(city.last("孙晓雯"), "报综合专班核")
    await city.say("孙晓雯", "确认")
    assert (await city.project("ZX0031"))["ytd_wan"] == 4400
