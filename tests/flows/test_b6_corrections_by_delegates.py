"""Corrections asked for by a delegate, and decided late (rules A7, B6, C6, E7)."""

from __future__ import annotations

from .city import audited, becomes, says, silent
from .conftest import OpenCity

PLANT = "ZX0031"


async def test_b6_a_delegates_correction_names_both_and_both_hear(open_city: OpenCity) -> None:
    """赵永年 confirms 张伟's draft; the decision comes when the delegation is over, and 张伟 hears it too."""
    city = await open_city("2026-09-22 18:40")
    await city.say("张伟", "/代理 赵永年 9月23日 至 9月23日", at="2026-09-23 09:00")
    await city.say("张伟", "污水厂累计4500")
    await city.say("张伟", "8月把预付款算进去了")
    city.mark()
    await city.say("赵永年", "确认")
    says(city.only("孙晓雯"), "更正待核", becomes(4700, 4500), "赵永年(代 张伟) 申请", "预付款")
    await city.clock("2026-09-24 09:00")
    city.mark()
    await city.say("孙晓雯", "同意 ZX0031")
    for who in ("张伟", "赵永年"):
        says(city.only(who), "更正已生效", becomes(4700, 4500), "孙晓雯")
    audited(await city.audit("project", PLANT), 4700, 4500, by="孙晓雯", reason="赵永年(代 张伟)申请")


async def test_b6_an_administrators_delegate_decides_only_in_their_time(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("孙晓雯", "/代理 马德胜 9月22日 至 9月22日")
    for code, figure in (("ZX0031", 4500), ("JJ0003", 3200)):
        await city.say("张伟", f"{code}累计{figure}")
        await city.say("张伟", "统计口径算错")
        await city.say("张伟", "确认")
    city.mark()
    await city.say("马德胜", "同意 ZX0031")
    says(city.only("张伟"), "更正已生效", "马德胜(代 孙晓雯)")
    await city.clock("2026-09-23 09:00")
    city.mark()
    await city.say("马德胜", "同意 JJ0003")
    says(city.only("马德胜"), "台账管理员")
    silent(city, "张伟")
    assert (await city.project("JJ0003"))["ytd_wan"] == 3300


async def test_a7_a_correction_was_reported_when_it_was_handed_in(open_city: OpenCity) -> None:
    """E7 counts from the submission, not from the day of the decision."""
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "污水厂累计4500")
    await city.say("张伟", "8月多报200万")
    await city.say("张伟", "确认")
    await city.clock("2026-09-28 09:00")
    await city.say("孙晓雯", "同意 ZX0031")
    found = await city.project(PLANT)
    assert (found["ytd_wan"], found["last_report_on"], found["ytd_as_of"]) == (
        4500,
        "2026-09-22",
        "2026-09-22",
    )


async def test_b6_a_delegate_with_drafts_of_the_same_number(open_city: OpenCity) -> None:
    """钱文海's own draft 1 and 李娜's draft 1: the list says whose, and either can be confirmed in words."""
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "循环园累计9850")
    await city.say("李娜", "/代理 钱文海 9月22日至9月23日")
    await city.say("钱文海", "循环园累计9700")
    city.mark()
    await city.say("钱文海", "/草稿")
    says(city.only("钱文海"), "2 条未确认", "9700", "9850", "代 李娜", "确认 李娜 1")
    city.mark()
    await city.say("钱文海", "确认")
    says(city.only("钱文海"), "请指明编号", "代 李娜", "确认 李娜 1")
    city.mark()
    await city.say("钱文海", "确认 李娜 1")
    says(city.only("钱文海"), "已入账", becomes(8600, 9850))
    audited(await city.audit("project", "ZD0108"), 8600, 9850, by="钱文海(代 李娜)")
    await city.say("钱文海", "取消")
    says(city.last("钱文海"), "草稿1 已取消")


async def test_b6_a_delegate_changes_a_draft_in_words_as_by_its_button(open_city: OpenCity) -> None:
    """Whoever may confirm it may change it; a draft of their own goes first."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/代理 赵永年 9月22日 至 9月23日")
    await city.say("张伟", "污水厂累计4800")
    city.mark()
    await city.say("赵永年", "改成4900")
    says(city.only("赵永年"), PLANT, becomes(4700, 4900))
    await city.say("赵永年", "草稿1改成4950")
    says(city.last("赵永年"), becomes(4700, 4950))
    await city.say("赵永年", "确认")
    audited(await city.audit("project", PLANT), 4700, 4950, by="赵永年")


async def test_c6_who_asked_for_a_correction_does_not_settle_it_for_the_administrator(
    open_city: OpenCity,
) -> None:
    city = await open_city("2026-09-22 09:00")
    await city.say("孙晓雯", "/代理 张伟 9月22日 至 9月23日")
    await city.say("张伟", "ZX0031累计4500")
    await city.say("张伟", "统计口径算错")
    await city.say("张伟", "确认")
    city.mark()
    await city.say("张伟", "同意 ZX0031")
    says(city.only("张伟"), "您不能", "核定自己申请的更正", "孙晓雯")
    assert (await city.project(PLANT))["ytd_wan"] == 4700
    city.mark()
    await city.say("孙晓雯", "同意 ZX0031")
    says(city.only("张伟"), "更正已生效", becomes(4700, 4500), "孙晓雯")
    assert (await city.project(PLANT))["ytd_wan"] == 4500
