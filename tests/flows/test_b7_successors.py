"""After a 交接 what is decided on the predecessor's submissions goes to the successor (rules B6, B7, C6, F5, F7)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says, silent
from .conftest import OpenCity
from .test_standing_in import newcomer
from .told import one_about


async def submitted(city: City) -> None:
    await newcomer(city)
    await city.say("苏静", "/反馈 W0186 已报省林草局，预计10月10日批复")
    await city.say("苏静", "确认")


async def handed_over(city: City) -> None:
    await submitted(city)
    await city.say("孙晓雯", "/交接 市林业局联络员 苏静 → 周航")


@pytest.mark.parametrize(
    ("act", "words", "told"),
    [("采纳", "", "采纳"), ("退回", "没有写时间", "没有写时间")],
)
async def test_b7_the_review_of_a_feedback(open_city: OpenCity, act: str, words: str, told: str) -> None:
    city = await open_city("2026-09-22 10:00", handed_over)
    city.mark()
    await city.press("马德胜", act, contains="W0186", input=words)
    says(one_about(city, "周航", "W0186"), told)
    silent(city, "苏静")


async def test_b7_the_decision_on_an_extension(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00", submitted)
    await city.say("苏静", "/延期 W0186 到 10月28日 专家评审推迟")
    await city.say("孙晓雯", "/交接 市林业局联络员 苏静 → 周航")
    city.mark()
    await city.press("马德胜", "同意", contains="延期")
    says(one_about(city, "周航", "W0186"), "10-28")
    silent(city, "苏静")


async def test_b7_a_closing_that_fails(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00", newcomer)
    await city.say("苏静", "/办结 W0186 已批 文号 云林审〔2026〕88号")
    await city.say("孙晓雯", "/交接 市林业局联络员 苏静 → 周航")
    city.mark()
    await city.press("马德胜", "不通过", contains="W0186", input="文号查无此件")
    says(one_about(city, "周航", "W0186"), "文号查无此件")
    silent(city, "苏静")


async def test_b7_the_decision_on_a_correction(open_city: OpenCity) -> None:
    """C6 B7: both sides are told; the author's side is the successor."""
    city = await open_city("2026-09-22 10:00", newcomer)
    await city.say("李娜", "循环园累计完成8000万")
    await city.say("李娜", "8月把预付款算进去了，多报600万")
    await city.say("李娜", "确认")
    await city.say("孙晓雯", "/交接 白石县联络员 李娜 → 周航")
    city.mark()
    await city.press("孙晓雯", "同意", contains="ZD0108")
    says(one_about(city, "周航", "更正已生效"), "ZD0108")
    silent(city, "李娜")


async def test_b7_duties_that_come_back_are_told_to_who_has_them(open_city: OpenCity) -> None:
    """Whoever gets a post again gets the messages again."""
    city = await open_city("2026-09-22 10:00", handed_over)
    await city.say("孙晓雯", "/交接 市林业局联络员 周航 → 苏静")
    city.mark()
    await city.press("马德胜", "采纳", contains="W0186")
    says(one_about(city, "苏静", "W0186"), "采纳")
    silent(city, "周航")


async def test_b7_what_is_said_to_the_predecessor_themselves(open_city: OpenCity) -> None:
    """Named as a delegate, and given the post back: that goes to nobody else (rules B6, B7)."""
    city = await open_city("2026-09-22 10:00", handed_over)
    city.mark()
    await city.say("周航", "/代理 苏静 9月22日 至 9月24日")
    says(one_about(city, "苏静", "请您代理"), "周航 请您代理")
    await city.say("苏静", "W0186 反馈已报省局")
    await city.say("周航", "/代理 取消")
    says(city.last("苏静"), "代理", "周航")
    city.mark()
    await city.say("孙晓雯", "/交接 市林业局联络员 周航 → 苏静")
    says(one_about(city, "苏静", "【交接】"), "已交接给您", "W0186")
    says(one_about(city, "周航", "【交接】"), "已交接给 苏静")


async def test_b7_a_code_goes_to_whom_it_is_issued(open_city: OpenCity) -> None:
    """B1: a binding code of somebody who handed over is not sent to the successor."""
    city = await open_city("2026-09-22 10:00", handed_over)
    city.mark()
    await city.say("孙晓雯", "/绑定 发码 苏静")
    silent(city, "周航")


async def _county_item(city: City) -> None:
    await newcomer(city)
    await city.say("张伟", "污水处理厂进场道路被村民堵了，请城关镇3天内协调好")
    await city.say("张伟", "确认")
    await city.say("张伟", "交办县W0045 责任人张伟 督办赵永年 措施上门做工作")
    await city.say("张伟", "确认交办")
    await city.say("张伟", "签收县W0045")


async def test_b7_q3_the_posts_in_the_county_go_along(open_city: OpenCity) -> None:
    """Who takes over a county's items can see and close them; the predecessor loses the county too (rules B7, Q3)."""
    city = await open_city("2026-09-22 09:20", _county_item)
    await city.say(
        "张伟",
        "/提级 县W0045 已采取措施 协调3次；症结 占用国有林场；责任部门 市林业局；路径 临时用地；时限 10月20日",
    )
    city.mark()
    await city.say("孙晓雯", "/交接 青禾县联络员 张伟 → 周航")
    says(one_about(city, "周航", "【交接】"), "县W0045", "综合专班联络员", "城关镇联络员")
    await city.say("陈立新", "退回县级 县W0045 材料不全")
    says(one_about(city, "周航", "由县级办理"), "材料不全")
    await city.say("张伟", "/查 县W0045")
    says(city.last("张伟"), "未找到，或您无权查看")
    await city.say("周航", "县W0045村民同意了，办结，文号 青办〔2026〕5号")
    await city.say("赵永年", "通过县W0045")
    await city.say("周航", "销号县W0045")
    assert (await city.item("县W0045"))["state"] == "已销号"
    await city.say("陈立新", "/查 问题")
    assert "青禾县 1 件" not in city.last("陈立新").text


async def test_b7_the_hub_hands_over_its_ledger_too(open_city: OpenCity) -> None:
    """B10: 甄别, 更正 and the rest belong to 综合专班联络员: none of it stays with the predecessor."""
    city = await open_city("2026-09-22 09:20")
    city.mark()
    await city.say("陈立新", "/交接 综合专班联络员 孙晓雯 → 宋佳")
    says(one_about(city, "宋佳", "【交接】"), "综合专班联络员", "台账管理员")
    await city.say("魏然", "ZY0007施工许可办不下来，请住建局10月15日前完成")
    await city.say("魏然", "确认")
    says(one_about(city, "宋佳", "W0191"), "待甄别")
    silent_since = [one for one in city.heard("孙晓雯") if "W0191" in one.text]
    assert silent_since == []
    await city.say("孙晓雯", "不予受理W0191 重复")
    assert (await city.item("W0191"))["state"] == "待甄别"
    await city.say("宋佳", "不予受理W0191 材料不全")
    assert (await city.item("W0191"))["state"] == "不予受理"


async def test_b8_who_hands_over_hears_of_no_restricted_item(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("周敏", "/问题 受限 ZX0032 专项债资金疑似超范围支出，待审计核")
    await city.say("周敏", "确认")
    city.mark()
    await city.say("孙晓雯", "/交接 市财政局联络员 周敏 → 何涛")
    lacks(city.only("孙晓雯"), "W0191", "提出的问题")
    says(one_about(city, "何涛", "【交接】"), "W0191")
    await city.say("何涛", "/查 W0191")
    says(city.last("何涛"), "超范围支出", "受限")


async def test_b7_the_liaison_of_a_task_force_is_that_of_its_lead_unit(open_city: OpenCity) -> None:
    """E9: feedback is ruled on by the sector 专班 联络员; what waits for the ruling is named to the successor."""
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "/反馈 ZX0031 设备晚到，10月18日追平")
    city.mark()
    await city.say("孙晓雯", "/交接 市政设施专班联络员 彭倩 → 冯国强")
    says(city.only("孙晓雯"), "已交接：市住建局联络员 彭倩 → 冯国强")
    says(city.only("冯国强"), "亮灯反馈：ZX0031（待审核）")
    await city.say("冯国强", "采纳 ZX0031")
    says(city.last("张伟"), "冯国强已采纳")
    city.mark()
    await city.say("孙晓雯", "/交接 水利专班联络员 冯国强 → 唐静")
    says(city.only("孙晓雯"), "冯国强没有水利专班联络员职责")


async def test_b7_a_red_light_not_read_goes_to_the_new_leader(open_city: OpenCity) -> None:
    city = await open_city("2026-09-28 09:00")
    city.mark()
    await city.say("孙晓雯", "/交接 白石县带班领导 钱文海 → 李娜")
    says(city.only("李娜"), "ZD0108（待已阅）")
    await city.clock("2026-09-30 08:31")
    says(city.last("李娜"), "应于 09-29 18:00 前已阅")
