"""A figure that is corrected on a later day undoes what it had turned (rules C6, E12, E13)."""

from __future__ import annotations

from .city import City, lacks, says, turns
from .conftest import OpenCity
from .told import about, case, counted, iso, one_about, report, told


async def _correct(city: City, code: str, figure: int) -> None:
    """孙晓雯 puts the figure right; what others hear of it follows the mark."""
    await city.say("孙晓雯", f"/更正 {code} {figure} 原因 监理核减")
    city.mark()
    await city.say("孙晓雯", "确认")


async def test_e13_an_evening_report_corrected_in_the_morning(open_city: OpenCity) -> None:
    """Told at 08:30, wrong at 08:45: one line, no second warning, and the feedback is due when it was due."""
    city = await open_city("2026-09-22 18:40")
    await report(city, "张伟", "污水处理厂累计5500")
    await city.clock("2026-09-23 08:45")
    says(one_about(city, "赵永年", "ZX0031"), "差距 1.42 个百分点（09-23）（09-22 18:40 张伟）")
    await city.say("张伟", "/更正 ZX0031 4700 原因 多报")
    await city.say("张伟", "确认")
    city.mark()
    await city.press("孙晓雯", "同意", contains="ZX0031")
    for who in ("张伟", "赵永年", "青禾县", "市政设施专班"):
        says(one_about(city, who, "更正：ZX0031"), "绿灯已撤销", "现为黄灯", "反馈截止仍为 09-28 18:00")
        lacks(one_about(city, who, "更正：ZX0031"), "逾期")
    assert not told(city, turns("绿", "黄"))
    project = await city.project("ZX0031")
    assert len(project["light_cases"]) == 1
    assert case(project)["feedback_due_at"] == iso("2026-09-28 18:00")
    city.mark()
    await city.clock("2026-09-24 16:00")
    says(one_about(city, "张伟", "【提醒】ZX0031"), "09-28 18:00")


async def test_e12_red_days_do_not_begin_anew_by_a_wrong_figure(open_city: OpenCity) -> None:
    """Red on three workdays, better by a figure that is corrected on 10-09: 10-10 is the fourth, its dates the old."""
    city = await open_city("2026-09-30 10:00")
    await report(city, "李娜", "循环园累计完成10500万")
    assert (await city.project("ZD0108"))["light_state"]["red_days"] == 0
    await city.clock("2026-10-09 11:00")
    await _correct(city, "ZD0108", 8600)
    line = one_about(city, "李娜", "更正：ZD0108")
    says(line, "现为红灯", "反馈截止仍为 10-08 18:00，已逾期 1 个工作日，请尽快反馈")
    assert not told(city, turns("黄", "红"))
    await city.clock("2026-10-09 18:00")
    assert [message.text.count("【提醒】") for message in about(city, "李娜", "ZD0108", "催办")] == [0]
    project = await city.project("ZD0108")
    assert (project["light_state"]["red_days"], case(project)["state"]) == (3, "open")
    await city.clock("2026-10-10 23:00")
    assert (await city.project("ZD0108"))["light_state"]["red_days"] == 4


async def test_e13_a_wrong_warning_corrected_the_day_after(open_city: OpenCity) -> None:
    """The lower figure was the mistake: the warned hear that the red light is taken back, and nothing is due."""
    city = await open_city("2026-09-22 10:00")
    await _correct(city, "ZX0032", 1100)
    assert "赵永年" in told(city, turns("绿", "红"))
    await city.clock("2026-09-23 10:00")
    await _correct(city, "ZX0032", 1950)
    lines = counted(city, "更正：ZX0032", "红灯已撤销", "现为绿灯")
    assert lines == dict.fromkeys(("张伟", "赵永年", "青禾县", "市政设施专班"), 1)
    project = await city.project("ZX0032")
    assert (case(project)["outcome"], project["light_state"]["red_days"]) == ("更正撤销", 0)


async def test_e13_what_time_has_turned_since_is_a_new_transition(open_city: OpenCity) -> None:
    """With the right figure ZX0031 would have been green on 09-22 and is behind on 10-08: warned anew, due anew."""
    city = await open_city("2026-09-22 10:03")
    await report(city, "张伟", "污水处理厂累计6600")
    await city.clock("2026-10-08 10:00")
    await _correct(city, "ZX0031", 5100)
    says(one_about(city, "张伟", "ZX0031"), turns("绿", "黄"), "10-14 18:00")


async def test_e13_a_later_figure_is_another_one(open_city: OpenCity) -> None:
    """What turned the light was followed by a figure of its own; it is this one that is corrected."""
    city = await open_city("2026-09-22 10:03")
    await report(city, "张伟", "污水处理厂累计5500")
    await city.clock("2026-09-24 10:00")
    await report(city, "张伟", "污水处理厂累计5600")
    await city.clock("2026-09-28 10:00")
    await _correct(city, "ZX0031", 4700)
    says(one_about(city, "张伟", "ZX0031"), turns("绿", "黄"), "10-10 18:00")
