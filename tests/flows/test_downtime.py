"""After downtime: everything due is done once, nothing is lost, no unit is late for it (S66; rule A4)."""

from __future__ import annotations

import re
from typing import Final

import pytest

from .city import City, Json, amount, labelled, lacks, mentions, says, silent, turns
from .conftest import OpenCity
from .told import (
    about,
    add_project,
    case,
    confirm,
    counted,
    feed_back,
    has_figure,
    iso,
    on,
    one_about,
    report,
    told,
    ytd,
)

DOWN: Final = "2026-09-22 08:00"
UP: Final = "2026-09-24 10:00"
LINHE_WANG: Final = "王磊(临河区发改局)"
GAOXIN_WANG: Final = "王磊(高新区管委会)"
LIAISONS: Final = {
    "孙晓雯", "林芳", "周敏", "吴迪", "唐静", "程凯", "彭倩", "魏然", "张伟", "李娜", LINHE_WANG, GAOXIN_WANG,
}  # fmt: skip
DOWNTIME: Final = re.compile("停机|中断|停运|未运行|停止运行|宕机|停服")


async def after_downtime(open_city: OpenCity, *, killed: bool = False) -> City:
    """S66: down from 09-22 08:00 to 09-24 10:00; the mark stands before the restart.

    Two projects more than the baseline: TJ0001 turns red on 09-23, TJ0002 yellow on 09-24.
    """
    city = await open_city("2026-09-21 18:00")
    await add_project(
        city, "TJ0001", name="试验灌渠改造工程", unit="白石县产业集聚区", task_force="水利", region="白石县",
        plan_wan=36000, ytd_fen=15_450_000_000, light="黄", next_change_on="2026-09-23",
    )  # fmt: skip
    await add_project(
        city, "TJ0002", name="试验病房楼工程", unit="临河区卫健委", task_force="社会事业", region="临河区",
        plan_wan=36000, ytd_fen=22_760_000_000, next_change_on="2026-09-24",
    )  # fmt: skip
    await city.restart()
    await city.clock(DOWN)
    assert (await city.project("TJ0001"))["light"] == "黄"
    city.mark()
    await (city.kill(UP) if killed else city.restart(UP))
    return city


def to_hub(city: City, *parts: str | re.Pattern[str]) -> list[str]:
    """Texts with these parts to 综合专班: the group, its 联络员 or its head."""
    return [
        message.text for name in ("综合专班", "孙晓雯", "陈立新") for message in about(city, name, *parts)
    ]


def called(city: City) -> dict[str, int]:
    """Who was asked for the weekly feedback, and how often."""
    counts: dict[str, int] = {}
    for message in city.heard_by_anyone():
        if message.button("从台账生成") is not None:
            counts[message.to] = counts.get(message.to, 0) + 1
    return counts


def either(*patterns: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern in patterns))


def last_change(project: Json) -> Json:
    found: Json = project["light_changes"][-1]
    return found


# --- S66


async def test_s66_lights_of_the_missed_days(open_city: OpenCity) -> None:
    """S66: rules A4 E1 E12. Each day's light with that day's 时序; due and processed time are both kept."""
    city = await after_downtime(open_city)
    red = await city.project("TJ0001")
    assert red["light"] == "红"
    assert (last_change(red)["old_shown"], last_change(red)["shown"]) == ("黄", "红")
    assert last_change(red)["at"] == iso("2026-09-23 07:00")
    assert last_change(red)["processed_at"] == iso(UP)
    assert has_figure([last_change(red)["figures"], last_change(red)["reasons"]], "30.14")
    assert red["light_state"]["red_days"] == 2
    yellow = await city.project("TJ0002")
    assert yellow["light"] == "黄"
    assert last_change(yellow)["at"] == iso("2026-09-24 07:00")
    assert last_change(yellow)["processed_at"] == iso(UP)
    assert has_figure([last_change(yellow)["figures"], last_change(yellow)["reasons"]], "10.11")
    # The pushes go now, with deadlines counted from today; the figures are those of the due day or of today.
    assert counted(city, "TJ0001", "红") == dict.fromkeys(
        {"水利专班", "白石县", "李娜", "钱文海", "综合专班"}, 1
    )
    pushed = one_about(city, "李娜", "TJ0001", "红")
    says(pushed, either(labelled("差距", "30.14"), labelled("差距", "30.42")), on("09-30", "18:00"))
    assert case(red)["pushed_at"] == iso(UP)
    assert case(red)["feedback_due_at"] == iso("2026-09-30 18:00")
    assert counted(city, "TJ0002") == dict.fromkeys(
        {"社会事业专班", "临河区", LINHE_WANG, "孟庆云", "综合专班"}, 1
    )
    assert case(yellow)["feedback_due_at"] == iso("2026-10-09 18:00")
    await city.clock("2026-09-28 07:00")
    assert (await city.project("TJ0001"))["light_state"]["red_days"] == 3


async def test_s66_rungs_of_the_missed_days(open_city: OpenCity) -> None:
    """S66: rules A4 F6. One 催办 naming its day, one 提醒函 draft, one notice; then the next rung."""
    city = await after_downtime(open_city)
    assert counted(city, "W0186") == {"苏静": 1, "马德胜": 1, "谭勇": 1}
    urged = one_about(city, "苏静", "W0186")
    says(urged, "催办", on("09-22"))
    assert urged.when == UP
    says(one_about(city, "马德胜", "W0186"), "提醒函")
    letters = await city.rows("SELECT kind FROM documents WHERE subject_kind = 'item'")
    assert [letter["kind"] for letter in letters] == ["提醒函"]
    city.mark()
    await city.clock("2026-09-29 08:59")
    assert not told(city, "W0186") & {"苏静", "谭勇", "陈立新"}
    await city.clock("2026-09-29 09:00")
    says(one_about(city, "陈立新", "W0186"), "督办函")


async def test_s66_weekly_call_is_made_at_once(open_city: OpenCity) -> None:
    """S66: rules A4 A5 I1. The call of 09-23 10:00 goes out now; 综合专班 is told why it was late."""
    city = await after_downtime(open_city)
    assert called(city) == dict.fromkeys(LIAISONS, 1)
    for name in LIAISONS:
        [message] = [one for one in city.heard(name) if one.button("从台账生成") is not None]
        says(message, "18:00")
        assert message.button("本周无变化") is not None
        assert message.when == UP
    assert len(to_hub(city, DOWNTIME, "反馈")) == 1
    assert not told(city, "未反馈"), "nobody is late yet"


async def test_s66_the_summary_lists_the_missing_as_postponed(open_city: OpenCity) -> None:
    """S66: rules A4 A5 I1. At 17:00 those missing read 顺延至18:00; who reports by 18:00 is not late."""
    city = await after_downtime(open_city)
    await city.clock("2026-09-24 10:30")
    await city.press("吴迪", "本周无变化", to="吴迪")
    await confirm(city, "吴迪")
    await city.clock("2026-09-24 16:59")
    assert not told(city, "未反馈")
    city.mark()
    await city.clock("2026-09-24 17:00")
    [summary] = [message for message in city.heard_by_anyone() if mentions(message, "顺延至18:00", "能源")]
    assert summary.to.strip("【】") in ("孙晓雯", "综合专班")
    says(summary, "水利")
    lacks(summary, "未反馈")
    assert not told(city, "未反馈")
    postponed = re.compile(r"交通(?:专班)?[^\n]{0,12}顺延|顺延至18:00[^\n]*交通")
    lacks(summary, postponed)

    await city.clock("2026-09-24 17:30")
    await city.press("程凯", "本周无变化", to="程凯")
    await confirm(city, "程凯")
    city.mark()
    await city.clock("2026-09-28 08:30")
    late = to_hub(city, "未反馈")
    assert len(late) >= 1
    line = "\n".join(line for text in late for line in text.split("\n") if "未反馈" in line)
    whole = "\n".join(late)
    assert "水利" in whole
    assert "程凯" not in whole
    assert "能源" not in line
    assert "吴迪" not in whole


async def test_s66_digests_and_repeats(open_city: OpenCity) -> None:
    """S66, Not: two daily digests in one minute; anything again on the next restart."""
    city = await after_downtime(open_city)
    hub = [message for message in city.heard("综合专班") if message.when == UP]
    assert 1 <= len(hub) <= 2
    assert len({message.text for message in hub}) == len(hub)
    assert len([message for message in hub if mentions(message, "TJ0001")]) == 1
    runs = await city.rows(
        "SELECT job, due_at, count(*) AS n FROM job_runs GROUP BY job, due_at HAVING count(*) > 1"
    )
    assert runs == []

    city.mark()
    await city.restart()
    silent(city)
    await city.restart("2026-09-24 10:05")
    silent(city)
    await city.clock("2026-09-24 11:59")
    silent(city)
    assert (await city.project("TJ0001"))["light_state"]["red_days"] == 2


async def test_s66_after_a_power_cut(open_city: OpenCity) -> None:
    """S66 with a process that died instead of ending: the same messages, once."""
    city = await after_downtime(open_city, killed=True)
    assert counted(city, "W0186") == {"苏静": 1, "马德胜": 1, "谭勇": 1}
    assert called(city) == dict.fromkeys(LIAISONS, 1)
    assert (await city.project("TJ0001"))["light_state"]["red_days"] == 2


# --- more of rule A4


async def test_a4_several_rungs_missed_fire_once_each(open_city: OpenCity) -> None:
    """A4 F6 E12: down over T+1, T+3 and T+5 and over a red push; each once, red days counted by day."""
    city = await open_city(DOWN)
    await city.restart("2026-09-30 10:00")
    for name, word in (("苏静", "催办"), ("马德胜", "提醒函"), ("谭勇", "W0186"), ("陈立新", "督办函")):
        says(one_about(city, name, "W0186"), word)
    red = await city.project("ZD0108")
    assert red["light"] == "红"
    assert red["light_changes"][-1]["at"] == iso("2026-09-25 07:00")
    assert red["light_state"]["red_days"] == 3
    gap = either(labelled("差距", "31.33"), labelled("差距", "32"))
    assert counted(city, "ZD0108", turns("黄", "红"), gap) == dict.fromkeys(
        {"综合专班", "白石县", "李娜", "钱文海"}, 1
    )
    assert case(red)["feedback_due_at"] == iso("2026-10-10 18:00")
    says(one_about(city, "钱文海", "ZD0108"), "已阅", on("10-08", "18:00"))
    city.mark()
    await city.restart("2026-09-30 10:10")
    silent(city)


@pytest.mark.parametrize(
    ("up", "reported"),
    [
        ("2026-10-08 10:00", "2026-10-08 15:00"),
        ("2026-10-03 12:00", "2026-10-08 15:00"),  # restarted on a day off: the next workday counts
    ],
)
async def test_a4_lateness_of_the_downtime_is_not_the_units(
    open_city: OpenCity, up: str, reported: str
) -> None:
    """A4: W0190 was due while the bot was down; by 18:00 of the first workday it is on time."""
    city = await open_city("2026-09-30 08:00")
    await city.restart(up)
    if up.startswith("2026-10-03"):
        silent(city)
    await city.clock(reported)
    await feed_back(city, "吴迪", "/反馈 W0190 已赴铁路局对接,方案10月12日前复核")
    await city.clock("2026-10-09 10:00")
    await city.press("马德胜", "采纳", contains="W0190")
    item = await city.item("W0190")
    assert item["feedbacks"][-1]["state"] == "accepted"
    assert item["feedbacks"][-1]["overdue_workdays"] == 0
    assert (item["overdue_times"], item["overdue_workdays"]) == (0, 0)


async def test_a4_lateness_beyond_the_workday_of_the_restart_counts(open_city: OpenCity) -> None:
    """A4: the grace ends at 18:00 of the workday of the restart."""
    city = await open_city("2026-09-30 08:00")
    await city.restart("2026-10-08 10:00")
    await city.clock("2026-10-09 11:00")
    await feed_back(city, "吴迪", "/反馈 W0190 已赴铁路局对接,方案10月12日前复核")
    await city.press("马德胜", "采纳", contains="W0190")
    item = await city.item("W0190")
    assert item["overdue_times"] == 1
    assert item["feedbacks"][-1]["overdue_workdays"] >= 1


async def test_a4_what_waited_for_the_window_is_sent_after_the_restart(open_city: OpenCity) -> None:
    """A4 P1: written in the evening, down until 10:00: sent then, once, with the original time."""
    city = await open_city("2026-09-22 19:00")
    await report(city, "张伟", "城南污水处理厂累计完成投资5500万")
    city.mark()
    await city.restart("2026-09-23 10:00")
    improved = counted(city, "ZX0031", "绿")
    assert improved == dict.fromkeys({"市政设施专班", "青禾县", "赵永年", "综合专班"}, 1)
    assert (await city.project("ZX0031"))["light_changes"][-1]["at"] == iso("2026-09-22 19:00")
    city.mark()
    await city.restart("2026-09-23 10:01")
    silent(city)


async def test_a4_restart_on_a_day_off_sends_nothing_before_the_window(open_city: OpenCity) -> None:
    """A3 A4: back on 09-26 (中秋): the reminder of 09-24 16:00 waits for 09-28 08:30 and comes once."""
    city = await open_city("2026-09-24 12:00")
    await city.restart("2026-09-26 12:00")
    silent(city)
    await city.clock("2026-09-28 08:29")
    silent(city)
    await city.clock("2026-09-28 08:30")
    assert counted(city)["张伟"] == 1
    says(one_about(city, "张伟", "ZX0031"), on("09-28", "18:00"))
    red = await city.project("ZD0108")
    assert red["light_changes"][-1]["at"] == iso("2026-09-25 07:00")
    assert red["light_state"]["red_days"] == 1
    says(
        one_about(city, "李娜", "ZD0108", "红"), either(labelled("差距", "30.33"), labelled("差距", "31.33"))
    )
    assert counted(city) == dict.fromkeys(told(city), 1)


async def test_a4_a_checkpoint_missed_in_the_downtime_is_told_once(open_city: OpenCity) -> None:
    """A4 E9: the promise for 09-27 is judged at the restart; both sides hear of it once."""
    city = await open_city("2026-09-22 10:00")
    await feed_back(city, "张伟", "/反馈 ZX0031 9月27日累计5200,10月11日5900")
    await city.press("彭倩", "采纳", contains="ZX0031")
    city.mark()
    await city.restart("2026-09-30 10:00")
    assert counted(city, "ZX0031", amount(5200)) == {"张伟": 1, "彭倩": 1}
    says(one_about(city, "彭倩", "ZX0031", amount(5200)), on("09-27"))
    city.mark()
    await city.restart("2026-09-30 10:05")
    silent(city)


async def test_c11_a_draft_that_ran_out_in_the_downtime_is_told_of(open_city: OpenCity) -> None:
    """A4 C11: reminder 09-23 16:30 and end 18:00 both missed: the author hears once that nothing was entered."""
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "循环园累计完成投资12000万")
    city.mark()
    await city.restart("2026-09-24 10:00")
    lapsed = one_about(city, "李娜", "草稿1")
    says(lapsed, "ZD0108", on("09-23", "18:00"), "没有入账", "请重新上报")
    lacks(lapsed, "请确认")
    await city.press("李娜", "确认", contains="草稿1")
    says(city.last("李娜"), "到期", "请重新上报")
    assert await ytd(city, "ZD0108") == 8600


async def test_c11_a_draft_that_was_reminded_ends_in_silence(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "循环园累计完成投资12000万")
    await city.clock("2026-09-23 16:30")
    says(one_about(city, "李娜", "草稿1", "到期"), "请确认或取消")
    city.mark()
    await city.restart("2026-09-23 18:30")
    assert not about(city, "李娜", "草稿1")
