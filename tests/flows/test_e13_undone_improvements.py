"""An improvement that was undone: letters wait again, and the week does not count it (rules D5, E13, H2, I1)."""

from __future__ import annotations

from .city import City, lacks, offers, says
from .conftest import OpenCity
from .told import PDF, about, confirm, one_about

GAOXIN_WANG = "王磊(高新区管委会)"


async def letters(city: City) -> list[str]:
    """States of the drafts about SG0012."""
    rows = await city.rows(
        "select d.state from documents d join light_cases c on c.id = d.subject_id and d.subject_kind = 'light_case' "
        "join projects p on p.id = c.project_id where p.code = 'SG0012' order by d.id"
    )
    return [row["state"] for row in rows]


async def test_e13_a_letter_draft_waits_again_after_the_undoing(open_city: OpenCity) -> None:
    city = await open_city("2026-10-20 10:00")
    before = await letters(city)
    assert before == ["草稿"]
    await city.say(GAOXIN_WANG, "SG0012 10月20日开工，累计0")
    city.mark()
    await city.say(GAOXIN_WANG, "确认")
    says(city.only("孙晓雯"), "提醒函草稿 SG0012 已自动撤回")
    assert await letters(city) == ["已撤回"]
    city.mark()
    await city.say(GAOXIN_WANG, "/撤销", at="2026-10-20 10:06")
    told = city.only("孙晓雯")
    says(told, "提醒函草稿 SG0012 已恢复")
    offers(told, "提醒函草稿 SG0012")
    assert await letters(city) == before
    city.mark()
    await city.press("孙晓雯", "提醒函草稿 SG0012")
    says(city.last("孙晓雯"), "提醒函草稿", "SG0012")
    await city.press("孙晓雯", "报签")
    says(city.last("陈立新"), "提醒函", "SG0012")


async def test_e13_outside_the_window_neither_is_told(open_city: OpenCity) -> None:
    city = await open_city("2026-10-20 10:00")
    await city.say(GAOXIN_WANG, "SG0012 10月20日开工，累计0", at="2026-10-20 19:00")
    await city.say(GAOXIN_WANG, "确认")
    await city.say(GAOXIN_WANG, "/撤销", at="2026-10-20 19:05")
    city.mark()
    await city.clock("2026-10-21 08:35")
    for message in city.heard("孙晓雯"):
        lacks(message, "SG0012")


async def test_e11_what_was_put_off_stays_put_off_after_the_undoing(open_city: OpenCity) -> None:
    """稍后 to 10-08: the undone improvement neither brings the reminder of 09-30 back nor loses that of 10-09."""
    city = await open_city("2026-09-28 10:00")
    await city.say("钱文海", "/稍后 ZD0108 3 个工作日 原因 正在现场调度")
    await city.say("李娜", "循环园累计完成9900万", at="2026-09-28 14:00")
    await city.say("李娜", "确认")
    await city.say("李娜", "/撤销", at="2026-09-28 14:05")
    city.mark()
    await city.clock("2026-10-09 08:29")
    assert not about(city, "钱文海", "已阅")
    assert len(about(city, "陈立新", "钱文海 2 个工作日未阅")) == 1
    await city.clock("2026-10-12 18:00")
    assert one_about(city, "钱文海", "应于 09-29 18:00 前已阅").when == "2026-10-09 08:30"


async def test_d5_the_week_does_not_count_an_undone_improvement(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 10:00")
    await city.say("张伟", "污水处理厂累计5500")
    await city.say("张伟", "确认")
    await city.say("张伟", "/撤销", at="2026-09-23 10:05")
    await city.clock("2026-09-24 09:00")
    city.mark()
    await city.say("周敏", "/小结")
    says(city.last("周敏"), "专项债券：本周无新增")
    lacks(city.last("周敏"), "ZX0031")


async def test_d5_the_week_counts_one_that_stands(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 10:00")
    await city.say("张伟", "污水处理厂累计5500")
    await city.say("张伟", "确认")
    await city.say("张伟", "/撤销", at="2026-09-23 10:05")
    await city.say("张伟", "污水处理厂累计5450", at="2026-09-23 10:10")
    await city.say("张伟", "确认")
    await city.clock("2026-09-24 09:00")
    city.mark()
    await city.say("周敏", "/小结")
    says(city.last("周敏"), "转绿 1", "ZX0031")


async def test_d5_the_week_counts_no_warning_that_was_a_mistake(open_city: OpenCity) -> None:
    """Green, wrongly red, green again: nothing has turned green."""
    city = await open_city("2026-09-22 10:00")
    await city.say("孙晓雯", "/更正 ZX0032 1000 原因 监理核减")
    await city.say("孙晓雯", "确认")
    await city.say("孙晓雯", "/撤销", at="2026-09-22 10:05")
    await city.clock("2026-09-24 09:00")
    says(city.last("周敏"), "专项债券：本周无新增")


async def test_e14_the_week_counts_progress_not_an_adjustment(open_city: OpenCity) -> None:
    """绿(调) is no project that turned green; one that its report turns green under it is."""
    city = await open_city("2026-09-22 10:00")
    paper = [("依据.pdf", PDF)]
    await city.say("陈立新", "/调灯 ZX0031 绿 至 2026-09-30 原因 设备款已付，等待到货", files=paper)
    await confirm(city, "陈立新")
    await city.say("周敏", "/小结", at="2026-09-22 18:00")
    lacks(city.last("周敏"), "转绿 1")
    await city.say("张伟", "污水处理厂累计5500", at="2026-09-23 10:00")
    await city.say("张伟", "确认")
    await city.clock("2026-09-24 09:00")
    says(city.last("周敏"), "转绿 1(ZX0031)")


async def test_d6_the_week_counts_no_light_that_has_lost_its_plan(open_city: OpenCity) -> None:
    """On 1 January the 投资灯 is gone until the new plan is in: nobody has caught up."""
    city = await open_city("2026-12-31 17:00")
    await city.say("张伟", "污水处理厂累计7000万")
    await city.say("张伟", "确认")
    assert (await city.project("ZX0031"))["light"] == "黄"
    await city.clock("2027-01-01 08:31")
    assert (await city.project("ZX0031"))["light"] == "绿"
    says(city.last("周敏"), "本周工作小结", "转绿 0、新增问题 0、办结 0、上报 1 个项目")
