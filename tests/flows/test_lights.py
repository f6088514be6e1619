"""Lights: warnings, audience, feedback, 已阅, 批示, 稍后, 调灯, red days (S19–S27, rules E1–E14)."""

from __future__ import annotations

import re

import pytest

from .city import (
    City,
    Json,
    Message,
    amount,
    becomes,
    labelled,
    lacks,
    mentions,
    moment,
    offers,
    says,
    silent,
    turns,
)
from .conftest import OpenCity
from .told import (
    PDF,
    about,
    add_project,
    case,
    confirm,
    counted,
    feed_back,
    has_figure,
    in_record,
    iso,
    on,
    one_about,
    people,
    person_id,
    report,
    told,
    utc,
    workdays,
)

GAOXIN_WANG = "王磊(高新区管委会)"
LINHE_WANG = "王磊(临河区发改局)"


async def red_city(open_city: OpenCity, at: str = "2026-09-28 08:30") -> City:
    """ZD0108 has turned red over the holiday; the mark stands before the push of 09-28 08:30 (S20)."""
    city = await open_city("2026-09-28 08:29")
    await city.clock(at)
    return city


def shown(project: Json) -> str:
    light: str = project["light"]
    return light


def proposals(project: Json) -> list[Json]:
    """提级建议 for the red light, apart from those for items of the project."""
    return [one for one in project["escalation_drafts"] if one["subject_kind"] == "light_case"]


# --- S19


async def test_s19_turns_yellow_on_saturday_and_is_pushed_on_the_make_up_sunday(open_city: OpenCity) -> None:
    """S19: rules A1 A3 E1 E6 E8 E9 E13."""
    city = await open_city("2026-09-18 12:00")
    assert shown(await city.project("ZX0031")) == "绿"
    await city.clock("2026-09-18 23:59")
    city.mark()

    await city.clock("2026-09-19 06:59")
    assert shown(await city.project("ZX0031")) == "绿"
    await city.clock("2026-09-19 23:59")
    silent(city)
    project = await city.project("ZX0031")
    change = project["light_changes"][-1]
    assert shown(project) == "黄"
    assert change["at"] == iso("2026-09-19 07:00")
    assert (change["old_shown"], change["shown"]) == ("绿", "黄")
    assert in_record(change["reasons"], "投资")
    assert has_figure([change["figures"], change["reasons"]], "10.08")
    assert project["ytd_wan"] == 4700

    await city.clock("2026-09-20 08:29")
    silent(city)
    await city.clock("2026-09-20 08:30")
    audience = {"市政设施专班", "青禾县", "张伟", "赵永年"}
    assert counted(city, "ZX0031") == dict.fromkeys(audience | {"综合专班"}, 1)
    for name in audience:
        message = one_about(city, name, "ZX0031")
        assert message.when == "2026-09-20 08:30"
        says(message, "黄", labelled("差距", "10.42"), on("09-28", "18:00"))
        lacks(message, amount("10.08"))
        assert message.text.count("差距") == 1
    offers(one_about(city, "张伟", "ZX0031"), "反馈")
    digest = one_about(city, "综合专班", "ZX0031")
    assert len([line for line in digest.text.split("\n") if "ZX0031" in line]) == 1
    says(digest, "差距 10.42 个百分点（09-19 07:00 变化，数字按 09-20）")

    opened = case(await city.project("ZX0031"))
    assert opened["light"] == "黄"
    assert opened["pushed_at"] == iso("2026-09-20 08:30")
    assert opened["feedback_due_at"] == iso("2026-09-28 18:00")
    assert opened["state"] == "open"


async def test_s19_one_push_per_transition(open_city: OpenCity) -> None:
    """S19, rule E13: neither later sweeps nor a restart push the same transition again."""
    city = await open_city("2026-09-20 08:30")
    city.mark()
    await city.restart()
    await city.clock("2026-09-21 15:00")
    assert not told(city, "ZX0031", turns("绿", "黄"))
    assert len((await city.project("ZX0031"))["light_cases"]) == 1


# --- S20


async def test_s20_exactly_thirty_points_is_yellow(open_city: OpenCity) -> None:
    """S20: rule E2; binary floating point must not turn 30.00 into red."""
    city = await open_city("2026-09-24 07:00")
    assert shown(await city.project("ZD0108")) == "黄"
    await city.clock("2026-09-24 10:00")
    city.mark()
    await city.say("李娜", "/查 ZD0108")
    says(city.only("李娜"), labelled("差距", "30.00"), labelled("时序", "73.00"), "黄灯")
    assert shown(await city.project("ZD0108")) == "黄"


async def test_s20_turns_red_on_a_holiday_and_is_pushed_after_it(open_city: OpenCity) -> None:
    """S20: rules E1 E2 A2 A3 E8 E9 E10."""
    city = await open_city("2026-09-24 23:59")
    await city.clock("2026-09-25 06:59")
    assert shown(await city.project("ZD0108")) == "黄"
    await city.clock("2026-09-25 07:00")
    project = await city.project("ZD0108")
    assert shown(project) == "红"
    change = project["light_changes"][-1]
    assert change["at"] == iso("2026-09-25 07:00")
    assert (change["old_shown"], change["shown"]) == ("黄", "红")
    assert has_figure([change["figures"], change["reasons"]], "30.33")
    await city.clock("2026-09-28 08:29")
    silent(city)

    await city.clock("2026-09-28 08:30")
    audience = {"综合专班", "白石县", "李娜", "钱文海"}
    assert counted(city, "ZD0108", "红") == dict.fromkeys(audience, 1)
    for name in audience:
        message = one_about(city, name, "ZD0108", "红")
        says(message, labelled("差距", "31.33"), on("10-08", "18:00"))
        lacks(message, amount("30.33"))
    leader = one_about(city, "钱文海", "ZD0108")
    says(leader, "已阅", on("09-29", "18:00"))
    offers(leader, "已阅", "稍后")
    offers(one_about(city, "李娜", "ZD0108"), "反馈")
    opened = case(await city.project("ZD0108"))
    assert opened["light"] == "红"
    assert opened["pushed_at"] == iso("2026-09-28 08:30")
    assert opened["feedback_due_at"] == iso("2026-10-08 18:00")
    # One message per recipient at the opening, whatever else waited (rules A3, E13).
    assert counted(city, at="2026-09-28 08:30") == dict.fromkeys(told(city, at="2026-09-28 08:30"), 1)


async def test_s20_red_days_count_workdays_only(open_city: OpenCity) -> None:
    """S20, rule E12: 09-28 is day 1, 10-08 day 4, 10-09 day 5, 10-15 day 10; holidays do not count."""
    city = await open_city("2026-09-27 23:59")
    counts = {}
    for day in ("09-27", "09-28", "09-29", "09-30", "10-04", "10-08", "10-09", "10-10", "10-11", "10-12"):
        await city.clock(f"2026-{day} 23:59")
        counts[day] = (await city.project("ZD0108"))["light_state"]["red_days"]
    await city.clock("2026-10-15 07:00")
    counts["10-15"] = (await city.project("ZD0108"))["light_state"]["red_days"]
    assert counts == {
        "09-27": 0, "09-28": 1, "09-29": 2, "09-30": 3, "10-04": 3, "10-08": 4, "10-09": 5, "10-10": 6,
        "10-11": 6, "10-12": 7, "10-15": 10,
    }  # fmt: skip


# --- S21


async def test_s21_leader_reads_and_instructs(open_city: OpenCity) -> None:
    """S21: rule E10. 已阅 is no feedback; 批示 is stored and goes to 联络员 and 责任人 in one message."""
    city = await red_city(open_city)
    await city.clock("2026-09-28 14:10")
    city.mark()
    await city.press("钱文海", "已阅", contains="ZD0108")
    says(city.only("钱文海"), "批示")
    assert told(city) == {"钱文海"}
    opened = case(await city.project("ZD0108"))
    assert opened["acknowledged_at"] == iso("2026-09-28 14:10")
    assert opened["acknowledged_by_id"] == await person_id(city, "钱文海")
    assert (opened["state"], opened["feedback_due_at"]) == ("open", iso("2026-10-08 18:00"))

    city.mark()
    words = "请集聚区9月30日前拿出赶工方案,我10月8日到现场"
    await city.say("钱文海", f"批示 {words}")
    await confirm(city, "钱文海")
    says(city.only("李娜"), "钱文海", "批示", "ZD0108", words)
    assert told(city) <= {"李娜", "钱文海"}
    project = await city.project("ZD0108")
    [stored] = project["instructions"]
    assert in_record(stored["text"], words)
    assert stored["by_id"] == await person_id(city, "钱文海")
    assert shown(project) == "红"
    assert case(project)["feedback_due_at"] == iso("2026-10-08 18:00")
    assert case(project)["state"] == "open"
    assert not case(project)["feedbacks"]

    city.mark()
    await city.clock("2026-10-08 08:59")
    assert not about(city, "钱文海", "未阅")
    assert not about(city, "钱文海", "已阅")
    assert not about(city, "陈立新", "钱文海")


async def test_s21_variant_not_read_is_reminded_once_and_reported(open_city: OpenCity) -> None:
    """S21, rule E10: one reminder on 09-30 08:30, 综合专班负责人 told on 10-08 08:30, nothing more."""
    city = await red_city(open_city)
    await city.clock("2026-09-29 18:00")
    city.mark()
    await city.clock("2026-09-30 08:29")
    silent(city, "钱文海", "陈立新")
    await city.clock("2026-09-30 08:30")
    reminder = one_about(city, "钱文海", "ZD0108")
    says(reminder, "已阅")
    offers(reminder, "已阅")
    assert not about(city, "陈立新", "钱文海")
    await city.clock("2026-10-08 08:29")
    assert len(about(city, "钱文海", "ZD0108")) == 1
    assert not about(city, "陈立新", "钱文海")
    city.mark()
    await city.clock("2026-10-08 08:30")
    says(one_about(city, "陈立新", "钱文海"), "ZD0108", "未阅", workdays(2))
    assert not about(city, "钱文海", "ZD0108")
    assert "钱文海" not in told(city, "未阅") - {"陈立新"}
    city.mark()
    await city.clock("2026-10-08 23:00")
    assert not told(city, "未阅")


async def test_s21_variant_read_after_the_reminder_is_not_reported(open_city: OpenCity) -> None:
    """Rule E10: 已阅 on the second workday ends it; typed with the verb as on a channel without buttons."""
    city = await red_city(open_city)
    await city.clock("2026-09-30 10:00")
    await city.say("钱文海", "/已阅 ZD0108")
    assert case(await city.project("ZD0108"))["acknowledged_at"] == iso("2026-09-30 10:00")
    city.mark()
    await city.clock("2026-10-08 18:00")
    assert not told(city, "未阅")


async def test_s21_only_the_leader_can_read_for_the_unit(open_city: OpenCity) -> None:
    """Rules B10 E10: a 联络员 cannot press 已阅; the refusal says who may."""
    city = await red_city(open_city)
    city.mark()
    await city.say("李娜", "/已阅 ZD0108")
    says(city.only("李娜"), "带班领导")
    assert case(await city.project("ZD0108"))["acknowledged_at"] is None
    assert told(city) == {"李娜"}


# --- S22


async def test_s22_fifth_red_day(open_city: OpenCity) -> None:
    """S22, rule E12: on 10-09 08:30 the second notice, with the red history, to 钱文海 and 陈立新."""
    city = await red_city(open_city)
    await city.clock("2026-10-09 08:29")
    city.mark()
    await city.clock("2026-10-09 08:30")
    named = told(city, "ZD0108")
    assert people(city, named) == {"钱文海", "陈立新"}
    assert "白石县" not in named
    for name in ("钱文海", "陈立新"):
        says(one_about(city, name, "ZD0108"), "红", workdays(5), on("09-28"))


FEEDBACK = "症结 园区道路林地手续未批;责任部门 市林业局;化解路径 并联组卷上报;建议时限 10月25日"


async def red_for_ten_days(open_city: OpenCity) -> City:
    """S22 at 10-15 08:30 with the draft for 陈立新 just made; the mark stands before it."""
    city = await red_city(open_city)
    await city.clock("2026-10-08 10:00")
    await feed_back(city, "李娜", f"/反馈 ZD0108 {FEEDBACK}")
    await city.press("孙晓雯", "采纳", contains="ZD0108")
    await city.clock("2026-10-15 08:29")
    assert not [message for message in city.ever() if message.to == "郑海峰"]
    city.mark()
    await city.clock("2026-10-15 08:30")
    return city


async def test_s22_tenth_red_day_is_proposed_decided_and_becomes_tasks(open_city: OpenCity) -> None:
    """S22: rules E12 G2 G4 H3. 提级建议 is drafted, a person decides, 批示 becomes tasks."""
    city = await red_for_ten_days(open_city)
    draft = one_about(city, "陈立新", "ZD0108")
    says(draft, "症结", "责任部门", "路径", "时限", "林地手续", "市林业局", "组卷", on("10-25"))
    says(draft, workdays(10))
    offers(draft, "修改症结", "同意提级")
    assert people(city, told(city, "ZD0108")) == {"陈立新"}
    [proposal] = proposals(await city.project("ZD0108"))
    assert (proposal["state"], proposal["to_level"]) == ("draft", 2)
    assert "W0191" not in (await city.project("ZD0108"))["items"]
    silent(city, "郑海峰")

    await city.press("陈立新", "修改症结", input="园区道路林地手续未批,两个作业面停工", contains="ZD0108")
    silent(city, "郑海峰")
    city.mark()
    await city.press("陈立新", "同意提级", contains="ZD0108")
    card = city.only("郑海峰")
    says(card, "ZD0108", "红", workdays(10), "两个作业面停工", "市林业局", "组卷")
    offers(card, "召开专项协调", "批示", "退回综合专班")
    assert told(city) <= {"郑海峰", "陈立新"}
    item = await city.item("W0191")
    assert (item["project"], item["source"], item["level"]) == ("ZD0108", "亮灯", 2)
    [proposal] = proposals(await city.project("ZD0108"))
    assert proposal["state"] == "agreed"
    assert proposal["decided_by_id"] == await person_id(city, "陈立新")

    city.mark()
    words = "请自然资源局、林业局、白石县三方10月20日上午现场办公,22日前报结果"
    await city.press("郑海峰", "批示", input=words, contains="ZD0108")
    await confirm(city, "郑海峰")
    stored = await city.rows(
        "SELECT text FROM instructions WHERE by_id = :who", who=await person_id(city, "郑海峰")
    )
    assert len(stored) == 1
    assert in_record(stored[0]["text"], words)
    tasks = await city.rows(
        "SELECT items.due_at, people.name AS person FROM items JOIN people ON people.id = items.person_id "
        "WHERE items.state = '待签收'"
    )
    due = [task["person"] for task in tasks if utc(task["due_at"]) == moment("2026-10-22 18:00")]
    assert sorted(due) == sorted(["林芳", "苏静", "李娜"])
    for name in ("林芳", "苏静", "李娜"):
        message = one_about(city, name, "郑海峰", on("10-22", "18:00"))
        offers(message, "签收")
    assert not told(city) & {"张伟", "彭倩", "吴迪", "沈国栋", "青禾县", "市政设施专班"}
    project = await city.project("ZD0108")
    assert shown(project) == "红"
    await city.clock("2026-10-16 07:00")
    assert (await city.project("ZD0108"))["light_state"]["red_days"] == 11


async def test_s22_without_feedback_the_county_is_still_pressed(open_city: OpenCity) -> None:
    """S22, rules E9 F6 G5: an overdue red feedback climbs to T+5; the proposal of day 10 does not stop it."""
    city = await red_city(open_city)
    steps: dict[str, set[str]] = {}
    for before, at in (
        ("2026-09-30 15:59", "2026-09-30 16:00"),
        ("2026-10-09 08:59", "2026-10-09 09:00"),
        ("2026-10-12 08:59", "2026-10-12 09:00"),
        ("2026-10-14 08:59", "2026-10-14 09:00"),
    ):
        await city.clock(before)
        city.mark()
        await city.clock(at)
        steps[at] = told(city, "ZD0108") - told(city, "W0186")
    assert steps == {
        "2026-09-30 16:00": {"李娜"},
        "2026-10-09 09:00": {"李娜"},
        "2026-10-12 09:00": {"孙晓雯", "钱文海"},
        "2026-10-14 09:00": {"陈立新"},
    }
    await city.clock("2026-10-15 08:30")
    offers(one_about(city, "陈立新", "ZD0108", workdays(10)), "同意提级")
    silent(city, "郑海峰")


async def test_s22_undecided_proposal_is_withdrawn_when_the_light_leaves_red(open_city: OpenCity) -> None:
    """Rule E12: what has not been decided when the light leaves 红 is withdrawn with that reason."""
    city = await red_for_ten_days(open_city)
    old_card = one_about(city, "陈立新", "ZD0108")
    await city.clock("2026-10-15 10:00")
    await report(city, "李娜", "循环园累计完成12500万")
    project = await city.project("ZD0108")
    assert shown(project) == "黄"
    assert project["light_state"]["red_days"] == 0
    [proposal] = proposals(project)
    assert proposal["state"] == "withdrawn"
    assert in_record(proposal["outcome"], "红")
    city.mark()
    await city.press_on(old_card, "陈立新", "同意提级")
    assert told(city) == {"陈立新"}
    assert [item for item in (await city.project("ZD0108"))["items"] if item != "W0186"] == []


# --- S23


async def test_s23_feedback_returned_then_accepted(open_city: OpenCity) -> None:
    """S23: rules E9 E13. Two versions are kept; the light stays 黄 until the figures say otherwise."""
    city = await open_city("2026-09-22 10:00")
    await feed_back(city, "张伟", "/反馈 ZX0031 设备采购晚到,已与厂家签补充协议,9月底前完成安装,10月中旬追平")
    card = one_about(city, "彭倩", "ZX0031")
    says(card, "反馈", "补充协议")
    offers(card, "采纳", "退回")
    assert told(city) <= {"张伟", "彭倩"}

    await city.clock("2026-09-22 11:00")
    city.mark()
    await city.press("彭倩", "退回", input="没有每周追赶目标", contains="ZX0031")
    says(city.only("张伟"), "彭倩", "没有每周追赶目标", on("09-28", "18:00"))
    assert told(city) <= {"张伟", "彭倩"}

    await city.clock("2026-09-23 09:00")
    city.mark()
    await feed_back(city, "张伟", "/反馈 ZX0031 9月27日累计5200,10月11日5900,10月18日追平")
    says(one_about(city, "彭倩", "ZX0031"), amount(5200), amount(5900))
    await city.press("彭倩", "采纳", contains="ZX0031")
    assert about(city, "张伟", "采纳")
    assert told(city) <= {"张伟", "彭倩"}

    project = await city.project("ZX0031")
    opened = case(project)
    first, second = opened["feedbacks"]
    assert (first["state"], second["state"]) == ("returned", "accepted")
    assert in_record(first["review_reason"], "没有每周追赶目标")
    assert first["author_id"] == second["author_id"] == await person_id(city, "张伟")
    assert second["reviewed_by_id"] == await person_id(city, "彭倩")
    assert opened["state"] == "accepted"
    assert shown(project) == "黄"
    assert project["ytd_wan"] == 4700
    promised = [(point["due_on"], point.get("wan")) for point in project["checkpoints"]]
    assert promised[:2] == [("2026-09-27", 5200), ("2026-10-11", 5900)]
    assert [due for due, _ in promised] == ["2026-09-27", "2026-10-11", "2026-10-18"]

    # Accepted: no reminder, no ladder.
    city.mark()
    await city.clock("2026-09-27 23:59")
    assert not about(city, "张伟", "ZX0031", "反馈")
    assert shown(await city.project("ZX0031")) == "黄"


async def accepted_promise(open_city: OpenCity) -> City:
    city = await open_city("2026-09-22 10:00")
    await feed_back(city, "张伟", "/反馈 ZX0031 9月27日累计5200,10月11日5900,10月18日追平")
    await city.press("彭倩", "采纳", contains="ZX0031")
    return city


async def test_s23_missed_checkpoint_is_told_to_both_sides_on_the_next_workday(open_city: OpenCity) -> None:
    """S23, rule E9: 09-27 is a holiday, so the miss is told on 09-28; 10-11 on 10-12; once each."""
    city = await accepted_promise(open_city)
    await city.clock("2026-09-27 23:59")
    city.mark()
    await city.clock("2026-09-28 18:30")
    assert counted(city, "ZX0031", amount(5200)) == {"张伟": 1, "彭倩": 1}
    for name in ("张伟", "彭倩"):
        says(one_about(city, name, "ZX0031", amount(5200)), on("09-27"), amount(4700))
    assert (await city.project("ZX0031"))["checkpoints"][0]["state"] == "missed"
    city.mark()
    await city.clock("2026-10-12 18:30")
    assert not told(city, "ZX0031", amount(5200))
    assert counted(city, "ZX0031", amount(5900)) == {"张伟": 1, "彭倩": 1}
    assert {message.when[:10] for message in about(city, "张伟", amount(5900))} == {"2026-10-12"}


async def test_s23_met_checkpoint_is_not_told(open_city: OpenCity) -> None:
    """Rule E9: a promise kept is silent."""
    city = await accepted_promise(open_city)
    await city.clock("2026-09-24 10:00")
    await report(city, "张伟", "污水处理厂累计完成5250万")
    city.mark()
    await city.clock("2026-09-28 18:30")
    assert not told(city, "ZX0031", amount(5200))
    assert (await city.project("ZX0031"))["checkpoints"][0]["state"] == "met"


async def test_e9_overdue_yellow_feedback_climbs_to_t_plus_five(open_city: OpenCity) -> None:
    """Rules E9 F6: T is 09-28; T−1, T+1 责任人, T+3 sector 联络员 and leader, T+5 综合专班负责人."""
    city = await open_city("2026-09-24 15:59")
    steps: dict[str, set[str]] = {}
    for before, at in (
        ("2026-09-24 15:59", "2026-09-24 16:00"),
        ("2026-09-29 08:59", "2026-09-29 09:00"),
        ("2026-10-08 08:59", "2026-10-08 09:00"),
        ("2026-10-10 08:59", "2026-10-10 09:00"),
        ("2026-10-16 08:59", "2026-10-16 09:00"),
    ):
        await city.clock(before)
        city.mark()
        await city.clock(at)
        steps[at] = told(city, "ZX0031")
        for name in steps[at]:
            says(one_about(city, name, "ZX0031"), on("09-28"))
        if at.startswith("2026-10-08"):
            says(one_about(city, "彭倩", "ZX0031"), "提醒函")
            lacks(one_about(city, "彭倩", "ZX0031"), "〔2026〕")
        if at.startswith("2026-10-10"):
            says(one_about(city, "陈立新", "ZX0031"), "督办函")
            lacks(one_about(city, "陈立新", "ZX0031"), "〔2026〕")
    assert steps == {
        "2026-09-24 16:00": {"张伟"},
        "2026-09-29 09:00": {"张伟"},
        "2026-10-08 09:00": {"彭倩", "赵永年"},
        "2026-10-10 09:00": {"陈立新"},
        "2026-10-16 09:00": set(),
    }
    letters = await city.rows(
        "SELECT documents.kind, people.name FROM documents JOIN people ON people.id = for_person_id "
        "WHERE subject_kind = 'light_case' ORDER BY documents.id"
    )
    assert [(letter["kind"], letter["name"]) for letter in letters if letter["name"] in ("彭倩", "陈立新")][
        :2
    ] == [
        ("提醒函", "彭倩"),
        ("督办函", "陈立新"),
    ]


async def test_e9_feedback_under_review_pauses_the_ladder(open_city: OpenCity) -> None:
    """Rules A7 E9 F6: returned 2 workdays after submission, the rungs left move back by 2."""
    city = await open_city("2026-09-24 10:00")
    await feed_back(city, "张伟", "/反馈 ZX0031 设备已到货,正在抓紧安装")
    city.mark()
    await city.clock("2026-09-29 10:00")
    assert not about(city, "张伟", "ZX0031"), "neither T−1 nor T+1 while 彭倩 reviews"
    await city.press("彭倩", "退回", input="没有目标", contains="ZX0031")
    says(one_about(city, "张伟", "没有目标"), "截止 09-28 18:00，已逾期 1 个工作日，请尽快补充后重新反馈")
    await city.clock("2026-09-29 15:59")
    city.mark()
    # T−1 (09-24 16:00) and T+1 (09-29 09:00) move by 2 workdays (09-28, 09-29).
    await city.clock("2026-10-08 08:59")
    assert {message.when for message in about(city, "张伟", "ZX0031")} <= {"2026-09-29 16:00"}
    city.mark()
    await city.clock("2026-10-08 09:00")
    says(one_about(city, "张伟", "ZX0031"), on("09-28"))
    assert told(city, "ZX0031") == {"张伟"}
    city.mark()
    await city.clock("2026-10-10 08:59")
    assert not about(city, "彭倩", "ZX0031")
    await city.clock("2026-10-10 09:00")
    assert told(city, "ZX0031") == {"彭倩", "赵永年"}
    says(one_about(city, "彭倩", "ZX0031"), "提醒函")


async def test_e9_returned_feedback_counts_as_late_only_when_not_accepted(open_city: OpenCity) -> None:
    """Rule A7: accepted after T but submitted before it is on time."""
    city = await open_city("2026-09-28 17:30")
    await feed_back(city, "张伟", "/反馈 ZX0031 设备已到货,10月11日累计5900")
    await city.clock("2026-09-30 10:00")
    await city.press("彭倩", "采纳", contains="ZX0031")
    [feedback] = case(await city.project("ZX0031"))["feedbacks"]
    assert (feedback["state"], feedback["overdue_workdays"]) == ("accepted", 0)
    city.mark()
    await city.clock("2026-10-10 12:00")
    assert not told(city, "ZX0031", "提醒函")
    assert not told(city, "ZX0031", "催办")


# --- E13: undone transitions


async def test_e13_transition_undone_before_its_push_is_not_pushed(open_city: OpenCity) -> None:
    """Rules E13 C10: turned green and undone in the evening; the opening says nothing."""
    city = await open_city("2026-09-22 19:00")
    await report(city, "张伟", "城南污水处理厂累计完成投资5500万")
    assert shown(await city.project("ZX0031")) == "绿"
    assert told(city) == {"张伟"}
    await city.clock("2026-09-22 19:05")
    await city.say("张伟", "/撤销")
    project = await city.project("ZX0031")
    assert (shown(project), project["ytd_wan"]) == ("黄", 4700)
    city.mark()
    await city.clock("2026-09-23 08:30")
    assert not told(city, "ZX0031", "绿")
    assert not told(city, "ZX0031", turns("绿", "黄"))
    assert not told(city, "ZX0031") & {"市政设施专班", "青禾县", "赵永年"}
    opened = case(await city.project("ZX0031"))
    assert (opened["state"], opened["feedback_due_at"]) == ("open", iso("2026-09-28 18:00"))
    await city.clock("2026-09-24 15:59")
    city.mark()
    await city.clock("2026-09-24 16:00")
    says(one_about(city, "张伟", "ZX0031"), on("09-28", "18:00"))


async def test_e13_transition_undone_after_its_push_is_corrected_in_one_line(open_city: OpenCity) -> None:
    """Rules E13 E9 C10: one correcting line to the same audience; what had ended is open again."""
    city = await open_city("2026-09-22 10:03")
    await report(city, "张伟", "城南污水处理厂累计完成投资5500万")
    audience = {"市政设施专班", "青禾县", "赵永年"}
    assert told(city, "ZX0031", turns("黄", "绿")) - {"张伟"} == audience
    ended = case(await city.project("ZX0031"))
    assert ended["state"] == "ended"
    assert in_record(ended["outcome"], "已转绿")
    await city.clock("2026-09-22 10:06")
    city.mark()
    await city.say("张伟", "/撤销")
    assert counted(city, "ZX0031") == dict.fromkeys(audience | {"张伟"}, 1)
    for name in audience:
        says(one_about(city, name, "ZX0031"), "黄")
    opened = case(await city.project("ZX0031"))
    assert (opened["state"], opened["feedback_due_at"]) == ("open", iso("2026-09-28 18:00"))
    assert opened["pushed_at"] == iso("2026-09-20 08:30")
    assert len((await city.project("ZX0031"))["light_cases"]) == 1
    await city.clock("2026-09-24 15:59")
    city.mark()
    await city.clock("2026-09-24 16:00")
    assert told(city, "ZX0031", on("09-28", "18:00")) == {"张伟"}


async def test_e13_red_days_go_on_after_an_undone_improvement(open_city: OpenCity) -> None:
    """Rules E12 E13: an undone improvement gives the red days back, and the day in between counts."""
    city = await red_city(open_city)
    await city.clock("2026-09-29 10:00")
    await report(city, "李娜", "循环园累计完成11000万")
    project = await city.project("ZD0108")
    assert (shown(project), project["light_state"]["red_days"]) == ("黄", 0)
    await city.clock("2026-09-29 10:05")
    await city.say("李娜", "/撤销")
    project = await city.project("ZD0108")
    assert (shown(project), project["light_state"]["red_days"]) == ("红", 2)
    assert case(project)["feedback_due_at"] == iso("2026-10-08 18:00")
    assert case(project)["state"] == "open"
    await city.clock("2026-09-30 07:00")
    assert (await city.project("ZD0108"))["light_state"]["red_days"] == 3


async def test_e13_improvement_spares_the_person_who_caused_it(open_city: OpenCity) -> None:
    """S01, rule E13: the audience of the warning without the author; then the digest."""
    city = await open_city("2026-09-22 10:03")
    await report(city, "张伟", "城南污水处理厂累计完成投资5500万")
    says(one_about(city, "赵永年", "ZX0031"), "差距 1.08 个百分点（09-22 10:03 张伟）")
    await city.clock("2026-09-22 18:00")
    improved = counted(city, "ZX0031", turns("黄", "绿"))
    assert {name: improved[name] for name in improved if name != "张伟"} == {
        "市政设施专班": 1,
        "青禾县": 1,
        "赵永年": 1,
    }
    city.mark()
    await city.clock("2026-09-23 08:30")
    assert told(city, "ZX0031", "绿") == {"综合专班"}
    city.mark()
    await city.clock("2026-09-30 18:00")
    assert not about(city, "张伟", "ZX0031", "反馈")


# --- S24


async def not_started(open_city: OpenCity, at: str = "2026-10-08 08:30") -> City:
    city = await open_city("2026-10-08 08:29")
    await city.clock(at)
    return city


async def test_s24_not_started_in_the_planned_month(open_city: OpenCity) -> None:
    """S24: rules E3 E5 E8. 黄 from 10-01 07:00, pushed on 10-08 08:30 with the reason."""
    city = await open_city("2026-10-01 06:59")
    assert shown(await city.project("SG0012")) == "绿"
    await city.clock("2026-10-01 07:00")
    project = await city.project("SG0012")
    assert shown(project) == "黄"
    assert project["light_changes"][-1]["at"] == iso("2026-10-01 07:00")
    assert in_record(project["light_changes"][-1]["reasons"], "开工")
    await city.clock("2026-10-08 08:29")
    silent(city)
    await city.clock("2026-10-08 08:30")
    audience = {"综合专班", "高新区", GAOXIN_WANG, "蒋涛"}
    assert counted(city, "SG0012") == dict.fromkeys(audience, 1)
    for name in audience:
        says(one_about(city, name, "SG0012"), "计划9月开工,未开工", "黄")
    says(one_about(city, GAOXIN_WANG, "SG0012"), on("10-14", "18:00"))


async def test_s24_adjusted_light(open_city: OpenCity) -> None:
    """S24: rule E14. Shown 绿(调) with the computed light kept; 黄 again after it; 红 in December."""
    city = await not_started(open_city)
    await city.clock("2026-10-08 10:00")
    city.mark()
    await city.say(GAOXIN_WANG, "SG0012因土地组卷省里未批,申请暂缓亮灯")
    says(city.last(GAOXIN_WANG), "综合专班负责人", "陈立新")
    says(city.only("陈立新"), "SG0012", "王磊(高新区管委会)", "土地组卷")
    assert told(city) == {GAOXIN_WANG, "陈立新"}
    assert shown(await city.project("SG0012")) == "黄"

    city.mark()
    await city.say(
        "陈立新",
        "/调灯 SG0012 绿 至 2026-11-06 原因 省级用地批复流程中,批次已受理",
        files=[("受理通知.pdf", PDF)],
    )
    await confirm(city, "陈立新")
    project = await city.project("SG0012")
    [adjustment] = project["adjustments"]
    assert (adjustment["light"], adjustment["until"]) == ("绿", "2026-11-06")
    assert in_record(adjustment["reason"], "省级用地批复流程中,批次已受理")
    assert adjustment["by_id"] == await person_id(city, "陈立新")
    assert (project["light_state"]["computed"], project["light_state"]["shown"]) == ("黄", "绿")
    evidence = await city.rows(
        "SELECT attachments.name FROM attachments WHERE owner_kind = 'adjustment' AND owner_id = :id",
        id=adjustment["id"],
    )
    assert [row["name"] for row in evidence] == ["受理通知.pdf"]
    assert told(city) <= {"陈立新", "综合专班", "高新区", GAOXIN_WANG, "蒋涛"}
    await city.say(GAOXIN_WANG, "/查 SG0012")
    says(city.last(GAOXIN_WANG), "绿(调)")

    await city.clock("2026-11-03 08:29")
    city.mark()
    await city.clock("2026-11-03 18:30")
    reminder = one_about(city, "陈立新", "SG0012")
    says(reminder, "调", on("11-06"))
    assert people(city, told(city, "SG0012", on("11-06"))) == {"陈立新"}
    await city.clock("2026-11-06 23:59")
    assert shown(await city.project("SG0012")) == "绿"
    await city.clock("2026-11-07 07:00")
    project = await city.project("SG0012")
    assert (shown(project), project["light_state"]["computed"]) == ("黄", "黄")
    city.mark()
    await city.say(GAOXIN_WANG, "/查 SG0012")
    lacks(city.last(GAOXIN_WANG), "(调)")
    city.mark()
    await city.clock("2026-11-09 08:29")
    assert not told(city, "SG0012")
    await city.clock("2026-11-09 08:30")
    assert told(city, "SG0012", "黄") >= {"综合专班", "高新区", GAOXIN_WANG, "蒋涛"}

    await city.clock("2026-11-30 23:59")
    assert shown(await city.project("SG0012")) == "黄"
    await city.clock("2026-12-01 07:00")
    assert shown(await city.project("SG0012")) == "红"
    city.mark()
    await city.clock("2026-12-01 08:30")
    assert told(city, "SG0012", "红") == {"综合专班", "高新区", GAOXIN_WANG, "蒋涛"}


@pytest.mark.parametrize(
    ("who", "text", "evidence", "names"),
    [
        ("陈立新", "/调灯 SG0012 绿 至 2026-11-08 原因 省级用地批复流程中", True, "30"),
        ("陈立新", "/调灯 SG0012 绿 至 2026-11-06", True, "原因"),
        ("陈立新", "/调灯 SG0012 绿 至 2026-11-06 原因 省级用地批复流程中", False, "附|依据|证明"),
        ("陈立新", "/调灯 SG0012 绿 至 2026-10-07 原因 省级用地批复流程中", True, ""),
        ("孙晓雯", "/调灯 SG0012 绿 至 2026-11-06 原因 省级用地批复流程中", True, "综合专班负责人"),
        ("蒋涛", "/调灯 SG0012 绿 至 2026-11-06 原因 省级用地批复流程中", True, "综合专班负责人"),
    ],
)
async def test_s24_adjustment_that_is_refused(
    open_city: OpenCity, who: str, text: str, evidence: bool, names: str
) -> None:
    """S24, rules E14 B10: end at most 30 days ahead, with reason and evidence, only 综合专班负责人."""
    city = await not_started(open_city)
    await city.clock("2026-10-08 10:00")
    city.mark()
    await city.say(who, text, files=[("受理通知.pdf", PDF)] if evidence else [])
    says(city.last(who), re.compile(names))
    assert city.last(who).button("确认") is None
    project = await city.project("SG0012")
    assert shown(project) == "黄"
    assert project["adjustments"] == []
    assert told(city) == {who}


async def test_s24_adjustment_of_thirty_days_is_taken(open_city: OpenCity) -> None:
    """Rule E14: 30 days ahead is still allowed."""
    city = await not_started(open_city)
    await city.clock("2026-10-08 10:00")
    await city.say(
        "陈立新", "/调灯 SG0012 绿 至 2026-11-07 原因 省级用地批复流程中", files=[("受理通知.pdf", PDF)]
    )
    await confirm(city, "陈立新")
    assert [one["until"] for one in (await city.project("SG0012"))["adjustments"]] == ["2026-11-07"]


async def test_e14_red_count_goes_on_where_it_stood(open_city: OpenCity) -> None:
    """Rules E12 E14: adjusted days do not count; when the adjustment ends on red the count goes on."""
    city = await red_city(open_city)
    await city.clock("2026-10-09 10:00")
    assert (await city.project("ZD0108"))["light_state"]["red_days"] == 5
    await city.say(
        "陈立新", "/调灯 ZD0108 黄 至 2026-10-13 原因 赶工方案已报,等待核验", files=[("赶工方案.pdf", PDF)]
    )
    await confirm(city, "陈立新")
    project = await city.project("ZD0108")
    assert (project["light_state"]["computed"], shown(project)) == ("红", "黄")
    await city.clock("2026-10-13 23:59")
    assert shown(await city.project("ZD0108")) == "黄"
    city.mark()
    await city.clock("2026-10-14 08:30")
    project = await city.project("ZD0108")
    assert (shown(project), project["light_state"]["red_days"]) == ("红", 6)
    assert told(city, "ZD0108", "红") >= {"综合专班", "白石县", "李娜", "钱文海"}
    city.mark()
    await city.clock("2026-10-19 18:30")
    assert (await city.project("ZD0108"))["light_state"]["red_days"] == 9
    assert proposals(await city.project("ZD0108")) == []
    await city.clock("2026-10-20 08:30")
    assert len(proposals(await city.project("ZD0108"))) == 1


async def test_e14_the_notice_after_an_adjustment_counts_both_stretches(open_city: OpenCity) -> None:
    """Rules E12 E14: 5 red days of which 3 lie before the 调灯: 累计, and since when the light is red again."""
    city = await red_city(open_city)
    await city.clock("2026-09-30 10:00")
    assert (await city.project("ZD0108"))["light_state"]["red_days"] == 3
    await city.say(
        "陈立新", "/调灯 ZD0108 黄 至 2026-10-09 原因 赶工方案已报,等待核验", files=[("赶工方案.pdf", PDF)]
    )
    await confirm(city, "陈立新")
    await city.clock("2026-10-12 07:30")
    city.mark()
    await city.clock("2026-10-12 18:00")
    found = next(one for one in city.heard("钱文海") if "累计红灯" in one.text)
    assert "（含调灯前）\n" in found.text
    says(found, "累计红灯 5 个工作日（含调灯前）", "调灯期满，恢复红灯")
    lacks(found, "连续红灯")


async def test_e14_the_reason_behind_the_date_needs_no_label(open_city: OpenCity) -> None:
    """Rule E14: what stands behind the end date is the reason; a document's number alone is evidence and none."""
    city = await not_started(open_city)
    await city.clock("2026-10-08 10:00")
    await city.say("陈立新", "调灯SG0012 绿 到10月30日 云攻坚〔2026〕30号")
    says(city.last("陈立新"), "原因")
    await city.say("陈立新", "调灯SG0012 绿 到10月30日 用地批复流程中，云攻坚〔2026〕30号")
    assert len((await city.project("SG0012"))["adjustments"]) == 1


async def test_e9_a_promise_however_it_is_put(open_city: OpenCity) -> None:
    """Rule E9: 「累计到6600万」 with a date is a checkpoint."""
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "/反馈 ZX0031 原因设备到货晚，措施增加班组，10月31日前累计到6600万")
    says(city.last("张伟"), "10-31 累计 6600 万元")
    city = await open_city("2026-09-22 09:00")
    await city.say("张伟", "ZX0031黄灯反馈：原因设备到货晚，措施增加班组，10月31日前累计达到6600万")
    await city.say("张伟", "确认")
    says(city.last("彭倩"), "10-31 累计 6600 万元")


# --- S25


async def test_s25_stale_data(open_city: OpenCity) -> None:
    """S25: rules E7 E8. 36 days without a report: 黄 though the figures alone would be 绿."""
    city = await open_city("2026-10-20 23:59")
    assert shown(await city.project("ZD0115")) == "绿"
    await city.clock("2026-10-21 07:00")
    project = await city.project("ZD0115")
    assert shown(project) == "黄"
    assert in_record(project["light_changes"][-1]["reasons"], "未更新")
    await city.clock("2026-10-21 08:29")
    silent(city)
    await city.clock("2026-10-21 08:30")
    audience = {"吴迪", "郭卫东", "交通专班"}
    assert counted(city, "ZD0115", "未更新") == dict.fromkeys(audience | {"综合专班"}, 1)
    for name in audience:
        says(one_about(city, name, "ZD0115", "未更新"), amount(36))
    warned = one_about(city, "吴迪", "ZD0115", "未更新")
    assert [label for label in warned.actions if label.startswith("上报")], warned.actions
    assert [label for label in warned.actions if label.startswith("本周无变化")], warned.actions
    city.mark()
    await city.say("吴迪", "/查 ZD0115")
    says(city.last("吴迪"), "未更新", labelled("差距", "3.98"))


async def test_s25_unchanged_makes_the_light_normal_again(open_city: OpenCity) -> None:
    """S25, rules C19 E7 E13: 本周无变化 changes no figure but the last-report time, and the light at once."""
    city = await open_city("2026-10-21 08:30")
    await city.clock("2026-10-21 09:00")
    city.mark()
    await city.say("吴迪", "ZD0115 本周无变化")
    await confirm(city, "吴迪")
    project = await city.project("ZD0115")
    assert shown(project) == "绿"
    assert project["ytd_wan"] == 46000
    assert project["ytd_as_of"] == "2026-09-15"
    assert project["last_report_on"] == "2026-10-21"
    assert told(city, "ZD0115", "绿") - {"吴迪"} == {"郭卫东", "交通专班"}
    city.mark()
    await city.clock("2026-10-22 08:30")
    assert "郭卫东" not in told(city, "未更新")
    assert "交通专班" not in told(city, "ZD0115", "未更新")


async def test_s25_a_report_makes_the_light_normal_again(open_city: OpenCity) -> None:
    """S25, rule E7: so does a confirmed report; stale again 36 days later."""
    city = await open_city("2026-10-21 09:00")
    await report(city, "吴迪", "云白快速累计完成48500万")
    project = await city.project("ZD0115")
    assert (shown(project), project["ytd_wan"]) == ("绿", 48500)
    assert project["last_report_on"] == "2026-10-21"


async def test_s25_button_for_no_change(open_city: OpenCity) -> None:
    """S25: [本周无变化] on the warning itself does it."""
    city = await open_city("2026-10-21 08:30")
    warned = one_about_ever(city, "吴迪", "ZD0115")
    label = next(one for one in warned.actions if one.startswith("本周无变化"))
    await city.press_on(warned, "吴迪", label)
    await confirm(city, "吴迪")
    assert shown(await city.project("ZD0115")) == "绿"
    assert (await city.project("ZD0115"))["last_report_on"] == "2026-10-21"


def one_about_ever(city: City, name: str, code: str) -> Message:
    """The latest message with 未更新 to a person, marks apart."""
    return [message for message in city.ever() if message.to == name and mentions(message, code, "未更新")][
        -1
    ]


# --- S26


async def test_s26_many_projects_in_one_morning(open_city: OpenCity) -> None:
    """S26: rules E13 P2. As many messages as recipients; every project keeps its deadline and its button."""
    city = await open_city("2026-09-29 18:31")
    codes: dict[str, list[str]] = {"住建": [], "临河": [], "白石": []}
    places = (
        [("住建", "市住建局", "市政设施", None)] * 5
        + [("临河", "临河区卫健委", "社会事业", "临河区")] * 3
        + [("白石", "白石县产业集聚区", "水利", "白石县")] * 2
    )
    for number, (place, unit, force, region) in enumerate(places, start=1):
        code = f"CS{number:04d}"
        codes[place].append(code)
        await add_project(
            city, code, name=f"试验{place}第{number}号工程", unit=unit, task_force=force, region=region,
            plan_wan=3000, ytd_fen=1950_000_000, next_change_on="2026-09-30",
        )  # fmt: skip
    await city.restart()
    await city.clock("2026-09-30 07:00")
    everything = {"ZX0032", "ZY0007"}.union(*codes.values())
    for code in everything:
        assert shown(await city.project(code)) == "黄", code
    await city.clock("2026-09-30 08:29")
    silent(city)
    await city.clock("2026-09-30 08:30")

    listed = {
        "市政设施专班": {"ZX0032", *codes["住建"]},
        "青禾县": {"ZX0032"},
        "张伟": {"ZX0032"},
        "赵永年": {"ZX0032"},
        "社会事业专班": {"ZY0007", *codes["临河"]},
        "临河区": {"ZY0007", *codes["临河"]},
        LINHE_WANG: {"ZY0007", *codes["临河"]},
        "孟庆云": {"ZY0007", *codes["临河"]},
        "水利专班": set(codes["白石"]),
        "白石县": set(codes["白石"]),
        "李娜": set(codes["白石"]),
        "钱文海": set(codes["白石"]),
        "彭倩": set(codes["住建"]),
        "冯国强": set(codes["住建"]),
    }
    got: dict[str, set[str]] = {}
    for message in city.heard_by_anyone():
        found = {code for code in everything if mentions(message, code)}
        if found:
            name = message.to.strip("【】")
            assert name not in got, f"{name} got more than one message"
            got[name] = found
    assert got.pop("综合专班") == everything
    assert got == listed
    assert counted(city, "灯") == dict.fromkeys(told(city, "灯"), 1)  # the last workday also asks for 小结

    for name in ("彭倩", LINHE_WANG):
        message = city.only(name)
        for code in listed[name]:
            assert [label for label in message.actions if code in label], (code, message.actions)
    for code in everything:
        opened = case(await city.project(code))
        assert opened["feedback_due_at"] == iso("2026-10-13 18:00"), code
    says(city.only("冯国强"), on("10-13", "18:00"), "时序按 09-30", "差距 10.00 个百分点（8月末数据）")


async def test_s26_gap_of_exactly_ten_points_is_yellow(open_city: OpenCity) -> None:
    """S26, rule E2: 10.00 is 黄, the day before 绿."""
    city = await open_city("2026-09-29 23:59")
    assert shown(await city.project("ZX0032")) == "绿"
    await city.clock("2026-09-30 08:30")
    says(one_about(city, "张伟", "ZX0032"), labelled("差距", "10.00"))


# --- S27


async def test_s27_leader_snoozes_once(open_city: OpenCity) -> None:
    """S27: rule E11. Reminders wait until 10-09; deadlines, red days and the second notice do not."""
    city = await red_city(open_city)
    await city.clock("2026-09-28 10:00")
    city.mark()
    await city.press("钱文海", "稍后", input="3 个工作日 原因 正在现场调度,9月30日报方案", contains="ZD0108")
    says(city.only("钱文海"), on("10-09"), on("10-08", "18:00"))
    assert told(city) == {"钱文海"}
    opened = case(await city.project("ZD0108"))
    assert opened["feedback_due_at"] == iso("2026-10-08 18:00")
    assert in_record(opened["snooze_reason"], "正在现场调度,9月30日报方案")
    city.mark()
    await city.clock("2026-10-09 08:29")
    assert not about(city, "钱文海", "ZD0108"), "no reminder before 10-09"
    assert (await city.project("ZD0108"))["light_state"]["red_days"] == 5
    city.mark()
    await city.clock("2026-10-09 08:30")
    says(one_about(city, "钱文海", "ZD0108"), workdays(5))
    says(one_about(city, "陈立新", "ZD0108"), workdays(5))
    await city.clock("2026-10-09 10:00")
    city.mark()
    await city.press("钱文海", "稍后", input="1 个工作日 原因 再等一天", contains="ZD0108")
    says(city.only("钱文海"), "已用过", "稍后")
    assert case(await city.project("ZD0108"))["snooze_reason"] == opened["snooze_reason"]


@pytest.mark.parametrize(
    ("text", "names"),
    [("4 个工作日 原因 正在现场调度", "3"), ("2 个工作日", "原因")],
)
async def test_s27_snooze_limits(open_city: OpenCity, text: str, names: str) -> None:
    """Rule E11: at most 3 workdays and a reason; a refused 稍后 does not use up the one allowed."""
    city = await red_city(open_city)
    await city.clock("2026-09-28 10:00")
    city.mark()
    await city.press("钱文海", "稍后", input=text, contains="ZD0108")
    says(city.only("钱文海"), names)
    assert case(await city.project("ZD0108"))["snoozed_until"] is None
    await city.say("钱文海", "/稍后 ZD0108 1 个工作日 原因 正在现场调度")
    opened = case(await city.project("ZD0108"))
    assert opened["snoozed_until"] is not None
    assert in_record(opened["snooze_reason"], "正在现场调度")


async def test_s27_only_the_leader_may_snooze(open_city: OpenCity) -> None:
    """Rules B10 E11: a 联络员 is refused, and the answer names who may."""
    city = await red_city(open_city)
    city.mark()
    await city.say("李娜", "/稍后 ZD0108 2 个工作日 原因 正在现场调度")
    says(city.only("李娜"), "带班领导")
    assert case(await city.project("ZD0108"))["snoozed_until"] is None


async def test_s27_snooze_of_one_day_delays_the_reading_reminder(open_city: OpenCity) -> None:
    """Rules E10 E11: 稍后 1 workday resumes on 09-30; the reminder of that morning comes."""
    city = await red_city(open_city)
    await city.clock("2026-09-28 10:00")
    await city.press("钱文海", "稍后", input="1 个工作日 原因 正在现场调度", contains="ZD0108")
    city.mark()
    await city.clock("2026-09-29 23:59")
    assert not about(city, "钱文海", "ZD0108")
    await city.clock("2026-09-30 18:00")
    assert len(about(city, "钱文海", "ZD0108", "已阅")) == 1


# --- who is asked for what


async def test_e9_only_the_sector_liaison_rules_on_feedback(open_city: OpenCity) -> None:
    """Rules B10 E9: 彭倩 rules; 孙晓雯 gets no card, 张伟 cannot accept his own."""
    city = await open_city("2026-09-22 10:00")
    await feed_back(city, "张伟", "/反馈 ZX0031 9月27日累计5200")
    card = one_about(city, "彭倩", "ZX0031")
    assert told(city, "ZX0031") <= {"张伟", "彭倩"}
    city.mark()
    await city.press_on(card, "张伟", "采纳")
    [feedback] = case(await city.project("ZX0031"))["feedbacks"]
    assert feedback["state"] == "submitted"
    silent(city, "彭倩")


async def test_e9_feedback_from_another_county_is_not_found(open_city: OpenCity) -> None:
    """Rules B4 E9: outside the scope it is the same as not there."""
    city = await open_city("2026-09-22 10:00")
    await city.say("李娜", "/反馈 ZX0031 我来反馈")
    says(city.only("李娜"), "未找到,或您无权查看")
    assert case(await city.project("ZX0031"))["feedbacks"] == []
    assert told(city) == {"李娜"}


async def test_e8_no_county_group_for_a_city_project(open_city: OpenCity) -> None:
    """Rule E8: a project of 市本级 warns its sector group, 联络员 and leader, and no county."""
    city = await open_city("2026-10-21 08:30")
    told_of = {
        message.to.strip("【】")
        for message in city.ever()
        if message.when == "2026-10-21 08:30" and mentions(message, "ZD0115", "未更新")
    }
    assert not told_of & {"青禾县", "白石县", "临河区", "高新区"}


async def test_e8_who_leads_and_liaises_gets_one_message(open_city: OpenCity) -> None:
    """Rules E8 E10 B7: both posts are 李娜's: she is asked for the feedback and for 已阅, not to press herself."""
    city = await open_city("2026-09-25 10:00")
    await city.say("孙晓雯", "/交接 白石县带班领导 钱文海 → 李娜")
    city.mark()
    await city.clock("2026-09-28 08:30")
    warned = one_about(city, "李娜", "ZD0108", "红")
    says(warned, "请于 10-08 18:00 前反馈原因、措施和追赶目标", "请于 09-29 18:00 前点「已阅」")
    lacks(warned, "督促")
    offers(warned, "已阅", "稍后", "反馈")


async def test_e6_a_report_that_worsens_nothing_pushes_nothing(open_city: OpenCity) -> None:
    """Rules E6 E13: recalculated at once; still 黄, so nobody but the author hears of it."""
    city = await open_city("2026-09-22 10:00")
    await report(city, "张伟", "污水处理厂累计完成4750万")
    project = await city.project("ZX0031")
    assert (shown(project), project["ytd_wan"]) == ("黄", 4750)
    assert told(city) == {"张伟"}
    assert about(city, "张伟", becomes(4700, 4750))
