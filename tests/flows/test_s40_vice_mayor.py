"""S40: a problem goes up to 分管副市长, his 批示 becomes a task, duties below go on (rules B10, F6, G2–G6)."""

from __future__ import annotations

import pytest

from .city import City, Json, lacks, moment, offers, says, silent
from .conftest import OpenCity
from .told import about, iso, on, one_about, person_id, told, utc

WORDS = "交通局本周内赴铁路局对接,我参加"


async def raised(open_city: OpenCity) -> City:
    """W0190 has been put to 郑海峰 on 09-23; the mark stands before it."""
    city = await open_city("2026-09-23 10:00")
    await city.say("陈立新", "/提级 W0190 2级")
    return city


async def tasks(city: City, parent: str = "W0190") -> list[Json]:
    return await city.rows(
        "SELECT items.number, items.state, items.due_at, items.level, units.name AS unit, people.name AS person "
        "FROM items JOIN units ON units.id = items.unit_id JOIN people ON people.id = items.person_id "
        "JOIN items AS up ON up.id = items.parent_id WHERE up.number = :parent ORDER BY items.id",
        parent=parent,
    )


async def test_s40_raised_by_who_decides(open_city: OpenCity) -> None:
    """What the item says fills what G2 asks for; only 郑海峰 is told; its duties go on (rule G5)."""
    city = await raised(open_city)
    card = city.only("郑海峰")
    says(card, "提请专项协调", "W0190", "涉铁", "ZD0115", "跨既有铁路桥梁方案未获铁路部门批复")
    says(card, "责任部门：市交通运输局", "与铁路部门会商", on("10-16"), "吴迪", "陈立新")
    offers(card, "批示", "召开专项协调", "退回综合专班")
    says(city.only("陈立新"), "已提级", "W0190", "郑海峰")
    assert told(city) == {"陈立新", "郑海峰"}
    item = await city.item("W0190")
    assert (item["level"], item["state"], item["person"]) == (2, "办理中", "吴迪")
    assert item["feedback_due_at"] == iso("2026-09-30 18:00")
    [row] = [row for row in await city.audit("item", "W0190") if row["field"] == "level"]
    assert (row["old"], row["new"], row["by_name"]) == ("1", "2", "陈立新")
    assert row["reason"]
    await city.say("吴迪", "/查 W0190")
    says(city.last("吴迪"), "层级：分管副市长", "办理中", "吴迪")
    await city.clock("2026-09-29 15:59")
    city.mark()
    await city.clock("2026-09-29 16:00")
    assert about(city, "吴迪", "W0190", on("09-30", "18:00"))


async def test_s40_instruction_becomes_a_task_with_the_last_workday_of_the_week(open_city: OpenCity) -> None:
    """Rules A2 G4: 本周内 is 09-24, shown to 陈立新 to confirm; the unit's 联络员 is 责任人."""
    city = await raised(open_city)
    city.mark()
    await city.press("郑海峰", "批示", input=WORDS, contains="W0190")
    [task] = await tasks(city)
    assert (task["number"], task["state"], task["unit"], task["person"], task["level"]) == (
        "W0191", "待签收", "市交通运输局", "吴迪", 2,
    )  # fmt: skip
    assert utc(task["due_at"]) == moment("2026-09-24 18:00")
    says(city.only("郑海峰"), "W0191", on("09-24", "18:00"))
    card = city.only("陈立新")
    says(card, "郑海峰", WORDS, "「本周内」", on("09-24", "18:00"), "请确认时限")
    offers(card, "确认时限", "改时限")
    says(city.only("吴迪"), "批示任务", "W0191", "W0190", on("09-24", "18:00"))
    assert told(city) == {"郑海峰", "陈立新", "吴迪", "郭卫东", "马德胜"}
    lacks(city.only("马德胜"), "请确认时限")
    assert city.only("马德胜").button("确认时限") is None
    rows = await city.rows(
        "SELECT text FROM instructions WHERE by_id = :who", who=await person_id(city, "郑海峰")
    )
    assert [row["text"] for row in rows] == [WORDS]
    city.mark()
    await city.press("陈立新", "确认时限", contains="W0191")
    says(city.only("陈立新"), "W0191", on("09-24", "18:00"))
    assert told(city) == {"陈立新"}
    assert (await city.item("W0190"))["state"] == "办理中"
    await city.say("李娜", "/查 W0190")
    says(city.last("李娜"), "未找到，或您无权查看")


async def test_s40_another_due_time_is_set_by_the_head_alone(open_city: OpenCity) -> None:
    city = await raised(open_city)
    await city.press("郑海峰", "批示", input=WORDS, contains="W0190")
    card = city.with_button("陈立新", "改时限", contains="W0191")
    city.mark()
    await city.press_on(card, "马德胜", "改时限", input="9月28日")
    says(city.only("马德胜"), "综合专班负责人")
    await city.press_on(card, "陈立新", "改时限")
    await city.say("陈立新", "9月28日")
    [task] = await tasks(city)
    assert utc(task["due_at"]) == moment("2026-09-28 18:00")
    says(one_about(city, "吴迪", "W0191"), "陈立新", on("09-28", "18:00"))
    city.mark()
    await city.say("陈立新", "改时限 W0191 9月10日")
    says(city.only("陈立新"), "已过")
    assert utc((await tasks(city))[0]["due_at"]) == moment("2026-09-28 18:00")


@pytest.mark.parametrize(
    ("order", "says_what"),
    [
        ("/提级 W0190 3级", "一次一级"),
        ("/提级 W0190 1级", "当前已是市攻坚办"),
        ("/提级 W0190 4级", "只能由省里决定"),
        ("/提级 W0190 7级", "最高"),
        ("/提级 W0999 2级", "未找到，或您无权查看"),
        ("/提级", "/提级 W0190 2级"),
    ],
)
async def test_g2_one_level_at_a_time(open_city: OpenCity, order: str, says_what: str) -> None:
    city = await open_city("2026-09-23 10:00")
    await city.say("陈立新", order)
    says(city.only("陈立新"), says_what)
    assert told(city) == {"陈立新"}
    assert (await city.item("W0190"))["level"] == 1


async def test_g2_others_propose_and_the_head_decides(open_city: OpenCity) -> None:
    """Rules B10 G2: 责任单位 proposes; nothing goes up before 陈立新 agrees; the author hears it."""
    city = await open_city("2026-09-23 10:00")
    await city.say("吴迪", "/提级 W0190 2级 症结 铁路部门不同意现跨径;路径 请市领导带队对接")
    says(city.only("吴迪"), "W0190", "陈立新", "决定")
    card = city.only("陈立新")
    says(
        card,
        "提级建议",
        "W0190",
        "吴迪",
        "铁路部门不同意现跨径",
        "请市领导带队对接",
        "市交通运输局",
        on("10-16"),
    )
    offers(card, "同意提级", "修改症结", "不提级")
    assert told(city) == {"吴迪", "陈立新"}
    assert (await city.item("W0190"))["level"] == 1
    await city.say("陈立新", "/我的")
    says(city.last("陈立新"), "W0190", "提级建议待决定")
    city.mark()
    await city.say("吴迪", "/提级 W0190 2级")
    says(city.only("吴迪"), "已在等待决定")
    await city.press_on(card, "吴迪", "同意提级")
    says(city.last("吴迪"), "综合专班负责人")
    city.mark()
    await city.press_on(card, "陈立新", "修改症结…", input="时限 10月20日")
    says(city.only("陈立新"), "已修改", on("10-20"))
    city.mark()
    await city.press_on(card, "陈立新", "同意提级")
    says(city.only("郑海峰"), "W0190", "铁路部门不同意现跨径", on("10-20"))
    says(city.only("吴迪"), "陈立新同意提级", "W0190")
    assert (await city.item("W0190"))["level"] == 2
    city.mark()
    await city.press_on(card, "陈立新", "不提级", input="再等等")
    says(city.only("陈立新"), "已同意")
    assert (await city.item("W0190"))["level"] == 2
    silent(city, "吴迪", "郑海峰")


async def test_g2_one_proposal_waits_for_a_step(open_city: OpenCity) -> None:
    """Rules F6 G2: what 责任单位 states takes the place of what T+10 had drafted; the old card says so."""
    city = await open_city("2026-10-12 10:00")
    drafted = city.with_button("陈立新", "同意提级", contains="W0186")
    said = "/提级 W0186 症结 专家论证未过;路径 请分管副市长协调省林草局;时限 10月30日"
    await city.say("苏静", said)
    await city.say("苏静", said)
    says(city.last("苏静"), "已在等待决定")
    await city.say("陈立新", "/我的")
    assert city.last("陈立新").text.count("W0186 提级建议待决定") == 1
    await city.press_on(drafted, "陈立新", "同意提级")
    says(city.last("陈立新"), "苏静已重新提请")
    assert (await city.item("W0186"))["level"] == 1
    city.mark()
    await city.say("陈立新", "同意提级 W0186")
    says(city.only("郑海峰"), "W0186", "专家论证未过", on("10-30"))


async def test_g2_not_raised_with_a_reason(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 10:00")
    await city.say("马德胜", "/提级 W0190")
    city.mark()
    await city.press("陈立新", "不提级", contains="W0190")
    says(city.only("陈立新"), "原因")
    await city.say("陈立新", "先由交通专班再会商一次")
    says(city.only("马德胜"), "暂不提级", "先由交通专班再会商一次")
    silent(city, "郑海峰")
    assert (await city.item("W0190"))["level"] == 1


@pytest.mark.parametrize("who", ["李娜", "张伟", "周敏"])
async def test_g2_who_has_nothing_to_do_with_it_proposes_nothing(open_city: OpenCity, who: str) -> None:
    """Rules B4 B10."""
    city = await open_city("2026-09-23 10:00")
    await city.say(who, "/提级 W0186 2级")
    [answer] = city.heard(who)
    assert "未找到" in answer.text or "责任单位" in answer.text
    assert told(city) == {who}
    assert (await city.item("W0186"))["level"] == 1


async def test_g2_what_is_missing_is_asked_in_one_question(open_city: OpenCity) -> None:
    """Rules C4 G2: an item just raised says neither unit nor way; asked once, nothing is written before."""
    city = await open_city("2026-09-23 10:00")
    await city.say("魏然", "/问题 ZY0007 消防设计审查卡住,施工许可办不下来")
    await city.press("魏然", "确认", to="魏然")
    city.mark()
    await city.say("陈立新", "/提级 W0191 2级")
    asked = city.only("陈立新")
    says(asked, "请补", "责任部门", "化解路径", "建议时限")
    lacks(asked, "问题症结", "已采取措施")
    silent(city, "郑海峰")
    await city.say("陈立新", "责任部门 住建局;路径 请分管领导牵头会商;时限 9月10日")
    says(city.last("陈立新"), on("09-10"), "已过")
    lacks(city.last("陈立新"), "化解路径")
    assert (await city.item("W0191"))["level"] == 1
    await city.say("陈立新", "10月12日")
    says(city.only("郑海峰"), "W0191", "市住建局", "请分管领导牵头会商", on("10-12"))
    assert (await city.item("W0191"))["level"] == 2


async def test_g2_a_question_can_be_dropped(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 10:00")
    await city.say("魏然", "/问题 ZY0007 消防设计审查卡住,施工许可办不下来")
    await city.press("魏然", "确认", to="魏然")
    await city.say("陈立新", "/提级 W0191 2级")
    await city.say("陈立新", "取消")
    city.mark()
    await city.say("陈立新", "责任部门 住建局;路径 会商;时限 10月12日")
    silent(city, "郑海峰")
    assert (await city.item("W0191"))["level"] == 1


async def test_f6_the_last_rung_is_a_card_with_buttons(open_city: OpenCity) -> None:
    """Rules F6 G2: T+10 proposes, 陈立新 decides."""
    city = await open_city("2026-10-12 08:59")
    city.mark()
    await city.clock("2026-10-12 09:00")
    card = one_about(city, "陈立新", "W0186", "提级")
    says(card, "市林业局", "逾期", on("10-20"))
    offers(card, "同意提级", "修改症结", "不提级")
    silent(city, "郑海峰")
    city.mark()
    await city.press_on(card, "陈立新", "同意提级")
    says(city.only("郑海峰"), "W0186", "ZD0108", "市林业局")
    item = await city.item("W0186")
    assert (item["level"], item["state"]) == (2, "办理中")


async def test_g6_sent_back_to_where_it_came_from(open_city: OpenCity) -> None:
    """Rules G5 G6: with a reason, by button or typed; 吴迪's duties were never suspended."""
    city = await raised(open_city)
    city.mark()
    await city.say("郑海峰", "/退回 W0190")
    says(city.only("郑海峰"), "原因")
    await city.say("郑海峰", "先由市攻坚办协调一次")
    says(one_about(city, "陈立新", "W0190"), "郑海峰", "先由市攻坚办协调一次", "继续办理")
    item = await city.item("W0190")
    assert (item["level"], item["state"], item["person"]) == (1, "办理中", "吴迪")
    [row] = [r for r in await city.audit("item", "W0190") if r["field"] == "level" and r["new"] == "1"]
    assert (row["by_name"], row["reason"]) == ("郑海峰", "先由市攻坚办协调一次")
    city.mark()
    await city.press("郑海峰", "退回综合专班", input="再退", contains="W0190")
    says(city.only("郑海峰"), "W0190")
    assert (await city.item("W0190"))["level"] == 1


async def test_g6_the_level_below_does_not_send_back(open_city: OpenCity) -> None:
    city = await raised(open_city)
    card = city.with_button("郑海峰", "退回综合专班", contains="W0190")
    city.mark()
    await city.press_on(card, "陈立新", "退回综合专班", input="试试")
    says(city.only("陈立新"), "市领导")
    assert (await city.item("W0190"))["level"] == 2


async def test_b10_the_hub_enters_what_was_decided_above(open_city: OpenCity) -> None:
    """Rule B10: 孙晓雯 enters 郑海峰's 批示; it is his, with her name; without a leader's name it is refused."""
    city = await raised(open_city)
    city.mark()
    await city.say("孙晓雯", f"/批示 W0190 {WORDS}")
    says(city.only("孙晓雯"), "哪位市领导")
    assert await tasks(city) == []
    city.mark()
    await city.say("孙晓雯", "/批示 W0190 郑海峰批示：交通局9月28日前报对接结果")
    [task] = await tasks(city)
    assert utc(task["due_at"]) == moment("2026-09-28 18:00")
    says(one_about(city, "吴迪", "W0191"), "郑海峰（孙晓雯录入）", "报对接结果")
    assert about(city, "郑海峰", "W0190", "报对接结果")
    rows = await city.rows("SELECT by_id, text FROM instructions ORDER BY id")
    assert [(row["by_id"], row["text"]) for row in rows] == [
        (await person_id(city, "郑海峰"), "交通局9月28日前报对接结果")
    ]
    [entered] = [row for row in await city.audit("item", "W0190") if row["field"] == "instruction"]
    assert entered["by_name"] == "孙晓雯"


async def test_g4_the_head_instructs_at_his_own_level(open_city: OpenCity) -> None:
    """Rules G1 G4: level 1 is 市攻坚办's; a unit's own 带班领导 writes words that are forwarded (rule B10)."""
    city = await open_city("2026-09-23 10:00")
    await city.say("陈立新", "/批示 W0190 请交通局9月28日前提出两套比选方案")
    [task] = await tasks(city)
    assert (task["unit"], utc(task["due_at"])) == ("市交通运输局", moment("2026-09-28 18:00"))
    city.mark()
    await city.say("郭卫东", "/批示 W0190 抓紧与铁路局对接,每周报我一次")
    says(city.only("郭卫东"), "吴迪")
    says(city.only("吴迪"), "郭卫东", "每周报我一次")
    assert len(await tasks(city)) == 1
    city.mark()
    await city.say("钱文海", "/批示 W0186 请抓紧")
    says(city.only("钱文海"), "市领导")
