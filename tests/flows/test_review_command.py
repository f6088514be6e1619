"""/审核: what waits for a ruling, and the ruling, by word (rules B4, B10, E9, F5, F8)."""

from __future__ import annotations

from .city import lacks, offers, says, silent
from .conftest import OpenCity
from .told import one_about


async def test_f5_a_feedback_is_ruled_on_by_command(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("马德胜", "/审核")
    says(city.last("马德胜"), "没有等您审核的事项", "/我的")
    await city.say("马德胜", "/审核 W0186")
    says(city.last("马德胜"), "W0186", "办理中", "不能")
    await city.say("苏静", "/反馈 W0186 已报省林草局，预计10月10日批复")
    await city.say("苏静", "确认")
    await city.say("马德胜", "/审核")
    says(city.last("马德胜"), "W0186 反馈待审核")
    await city.say("马德胜", "/审核 W0186")
    offers(city.last("马德胜"), "采纳", "退回")
    await city.say("马德胜", "/审核 W0186 退回")
    says(city.last("马德胜"), "退回要写明缺什么", "请直接回复")
    city.mark()
    await city.say("马德胜", "/审核 W0186 退回 没有写每周目标")
    says(one_about(city, "苏静", "W0186"), "没有写每周目标")
    await city.say("苏静", "/反馈 W0186 已报省林草局，每周三报进度")
    await city.say("苏静", "确认")
    await city.say("马德胜", "／审核W0186 采纳")
    says(city.last("马德胜"), "W0186", "采纳")
    await city.say("马德胜", "/审核 W0186 采纳")
    says(city.last("马德胜"), "不能")


async def test_f8_a_closing_is_ruled_on_by_command(open_city: OpenCity) -> None:
    """B10: only who may; a refusal names them; F8: not who submitted it."""
    city = await open_city("2026-09-22 10:00")
    await city.say("苏静", "/办结 W0186 已批 文号 云林审〔2026〕88号")
    for who in ("苏静", "孙晓雯"):
        await city.say(who, "/审核 W0186 通过")
        says(city.last(who), "督办专员")
    await city.say("张伟", "/审核 W0186 通过")
    says(city.last("张伟"), "未找到，或您无权查看")
    await city.say("张伟", "/审核")
    says(city.last("张伟"), "督办专员")
    await city.say("马德胜", "/审核 W0186 再看看")
    says(city.last("马德胜"), "/审核 W0186 通过")
    assert (await city.item("W0186"))["state"] == "待审核"
    await city.say("马德胜", "/审核 W0186 不通过 文号查无此件")
    assert (await city.item("W0186"))["state"] == "办理中"
    await city.say("苏静", "/办结 W0186 已批 文号 云林审〔2026〕89号")
    city.mark()
    await city.say("马德胜", "/审核 W0186 通过")
    assert (await city.item("W0186"))["state"] == "待销号"
    offers(one_about(city, "孙晓雯", "W0186"), "销号")


async def test_e9_a_feedback_on_a_light_is_ruled_on_by_command(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("彭倩", "/审核 ZX0031 采纳")
    says(city.last("彭倩"), "没有待审核的亮灯反馈")
    await city.say("张伟", "/反馈 ZX0031 黄灯 设备到货晚,10月18日追平")
    await city.say("张伟", "确认")
    await city.say("彭倩", "/审核")
    says(city.last("彭倩"), "ZX0031 黄灯反馈待审核")
    city.mark()
    await city.say("彭倩", "/审核 ZX0031 采纳")
    says(one_about(city, "张伟", "ZX0031"), "采纳")
    await city.say("苏静", "/审核 ZX0031 采纳")
    says(city.last("苏静"), "未找到")


async def test_h2_what_became_of_a_paper_is_told_to_who_comes_second(open_city: OpenCity) -> None:
    """H2: an old button says who did what and when; before the due date nothing is overdue by 0 days."""
    city = await open_city("2026-09-22 10:00")
    await city.say("马德胜", "/督办函 W0190")
    lacks(city.last("马德胜"), "逾期0", "仍未完成")
    await city.say("马德胜", "修改 限期改为 下周五")
    says(city.last("马德胜"), "限 10-02 18:00")
    await city.press("马德胜", "报签", contains="督办函草稿")
    await city.press("马德胜", "不发", contains="督办函草稿", input="先电话催办")
    city.mark()
    await city.press("陈立新", "签发", contains="督办函草稿")
    says(city.only("陈立新"), "已定不发（马德胜 09-22 10:00：先电话催办）", "不能签发")
    await city.say("陈立新", "/签发 会议纪要")
    says(city.last("陈立新"), "/会议纪要 9月22日协调会")
    await city.say("孙晓雯", "/通报 8月")
    says(city.last("孙晓雯"), "还没有2026年8月排名通报", "09:00")
    silent(city, "吴迪")
