"""What 分管副市长 decides on a raised problem: 批示 with tasks, 专项协调, sent back (S22, rules G2–G6)."""

from __future__ import annotations

import pytest

from .city import City, Json, lacks, moment, offers, says, silent
from .conftest import OpenCity
from .told import about, on, one_about, people, person_id, told, utc

WORDS = "请自然资源局、林业局、白石县三方10月20日上午现场办公,22日前报结果"


async def raised(open_city: OpenCity) -> City:
    """W0191 has been put to 郑海峰 on 10-15; the mark stands behind it."""
    return await open_city("2026-09-28 08:30", proposed_and_agreed)


async def proposed_and_agreed(city: City) -> None:
    await city.clock("2026-10-08 10:00")
    await city.say(
        "李娜",
        "/反馈 ZD0108 症结 园区道路林地手续未批;责任部门 市林业局;化解路径 并联组卷上报;建议时限 10月25日",
    )
    await city.clock("2026-10-15 09:00")
    await city.press("陈立新", "同意提级", contains="ZD0108")


async def tasks(city: City) -> list[Json]:
    return await city.rows(
        "SELECT items.number, items.state, items.due_at, units.name AS unit, people.name AS person FROM items "
        "JOIN units ON units.id = items.unit_id JOIN people ON people.id = items.person_id "
        "WHERE items.parent_id IS NOT NULL ORDER BY items.id"
    )


async def instructions(city: City) -> list[str]:
    rows = await city.rows(
        "SELECT text FROM instructions WHERE by_id = :who ORDER BY id", who=await person_id(city, "郑海峰")
    )
    return [row["text"] for row in rows]


async def test_g4_raised_item_waits_for_the_leader_alone(open_city: OpenCity) -> None:
    """Rules G2 G4 B10: nobody else decides on it meanwhile; he finds it in /我的 and in /查."""
    city = await raised(open_city)
    await city.say("郑海峰", "/我的")
    says(city.last("郑海峰"), "W0191", "待批示")
    offers(city.last("郑海峰"), "批示", "召开专项协调", "退回综合专班")
    await city.say("孙晓雯", "/我的")
    lacks(city.last("孙晓雯"), "W0191")
    await city.say("孙晓雯", "/交办 W0191 责任人 苏静")
    says(city.last("孙晓雯"), "待批示")
    await city.say("李娜", "/查 W0191")
    says(city.last("李娜"), "分管副市长", "郑海峰", "批示")
    city.mark()
    await city.say("钱文海", f"/批示 W0191 {WORDS}")
    says(city.only("钱文海"), "市领导")
    assert await tasks(city) == []


async def test_g4_instruction_as_the_next_message_and_the_life_of_its_tasks(open_city: OpenCity) -> None:
    """Rules G4 F3 F5 D5: typed after the button; tasks are received, closed, and end the problem's wait."""
    city = await raised(open_city)
    await city.press("郑海峰", "批示", contains="ZD0108")
    says(city.only("郑海峰"), "批示内容")
    await city.say("郑海峰", "请林业局10月22日前报结果")
    [task] = await tasks(city)
    assert (task["number"], task["state"], task["unit"], task["person"]) == (
        "W0192", "待签收", "市林业局", "苏静",
    )  # fmt: skip
    assert utc(task["due_at"]) == moment("2026-10-22 18:00")
    says(city.last("郑海峰"), "W0191", "W0192", "苏静", on("10-22", "18:00"))
    says(one_about(city, "陈立新", "郑海峰"), "W0192", "市林业局", "苏静")
    assert people(city, told(city)) == {"郑海峰", "陈立新", "马德胜", "苏静", "谭勇"}
    await city.say("李娜", "/查 ZD0108")
    says(city.last("李娜"), "在办问题 2")  # W0186 and W0191; a task is no problem of its own
    await city.say("李娜", "/查 W0191")
    says(city.last("李娜"), "任务 W0192", "苏静", "待签收", "郑海峰", "请林业局")
    await city.say("苏静", "/我的")
    says(city.last("苏静"), "W0192", "待签收", on("10-16", "18:00"))
    await city.press("苏静", "签收", contains="W0192")
    assert (await city.item("W0192"))["state"] == "办理中"
    await city.clock("2026-10-21 10:00")
    await city.say("苏静", "/办结 W0192 已现场办公,文号 云林审〔2026〕91号")
    await city.press("马德胜", "通过", contains="W0192")
    city.mark()
    await city.press("孙晓雯", "销号", contains="W0192")
    says(city.only("郑海峰"), "W0192", "您批示的任务", "已办结")
    says(one_about(city, "孙晓雯", "W0191"), "待销号", "W0192")
    assert (await city.item("W0191"))["state"] == "待销号"
    await city.press("孙晓雯", "销号", contains="W0191")
    assert (await city.item("W0191"))["state"] == "已销号"


@pytest.mark.parametrize(
    ("first", "asks", "answer", "units"),
    [
        ("请抓紧办理", ("承办单位", "完成日期"), "林业局,10月22日前", ["市林业局"]),
        ("请林业局牵头研究", ("完成日期",), "10月22日", ["市林业局"]),
        ("请10月22日前报结果", ("承办单位",), "林业局和白石县", ["市林业局", "白石县"]),
        ("请林业局、铁路局10月22日前报结果", ("铁路局",), "交通局", ["市林业局", "市交通运输局"]),
        ("请林业局10月10日前报结果", ("10-10", "已过"), "10月22日前", ["市林业局"]),
    ],
)
async def test_g4_what_is_unclear_is_asked_and_nothing_is_written(
    open_city: OpenCity, first: str, asks: tuple[str, ...], answer: str, units: list[str]
) -> None:
    """Rules C4 G4: no 批示 without a known unit and a coming date; one question names all that is missing."""
    city = await raised(open_city)
    await city.say("郑海峰", f"/批示 W0191 {first}")
    says(city.only("郑海峰"), "尚未记录", *asks)
    assert told(city) == {"郑海峰"}
    assert await instructions(city) == []
    assert await tasks(city) == []
    await city.say("郑海峰", answer)
    assert [task["unit"] for task in await tasks(city)] == units
    assert {utc(task["due_at"]) for task in await tasks(city)} == {moment("2026-10-22 18:00")}
    [text] = await instructions(city)
    assert first in text
    assert answer in text


async def test_g4_a_question_can_be_dropped(open_city: OpenCity) -> None:
    city = await raised(open_city)
    await city.say("郑海峰", "批示 请抓紧办理")  # the only item that waits for him is meant
    says(city.only("郑海峰"), "W0191", "承办单位")
    await city.say("郑海峰", "取消")
    await city.say("郑海峰", "林业局,10月22日前")
    assert await tasks(city) == []
    assert await instructions(city) == []


async def test_g4_named_person_and_place_of_the_meeting(open_city: OpenCity) -> None:
    """Rule G4: a named person is 责任人; where people go, and to whom they report, is no unit with a task."""
    city = await raised(open_city)
    await city.say(
        "郑海峰", "/批示 W0191 请林业局谭勇带队10月20日到白石县产业集聚区现场办公，22日前将结果报市发改委"
    )
    found = await tasks(city)
    assert [(task["unit"], task["person"]) for task in found] == [("市林业局", "谭勇")]
    assert utc(found[0]["due_at"]) == moment("2026-10-22 18:00")


async def test_g6_sent_back_with_a_reason(open_city: OpenCity) -> None:
    """Rules G6 B10: needs a reason; back at level 1 it is 综合专班's to decide on."""
    city = await raised(open_city)
    await city.press("郑海峰", "退回综合专班", contains="ZD0108")
    says(city.only("郑海峰"), "原因")
    await city.say("郑海峰", "先由市攻坚办协调一次")
    item = await city.item("W0191")
    assert (item["level"], item["state"]) == (1, "待甄别")
    says(one_about(city, "陈立新", "W0191"), "郑海峰", "先由市攻坚办协调一次")
    offers(one_about(city, "陈立新", "W0191"), "交办")
    assert told(city) == {"郑海峰", "陈立新"}
    city.mark()
    await city.press("郑海峰", "批示", input=WORDS, contains="ZD0108")  # the old card: he may still instruct
    assert len(await tasks(city)) == 3
    await city.press("郑海峰", "退回综合专班", input="再退一次", contains="提请专项协调")
    says(city.last("郑海峰"), "W0191")
    assert (await city.item("W0191"))["level"] == 1


async def test_g4_special_meeting_is_recorded_once(open_city: OpenCity) -> None:
    """Rule G4: 召开专项协调 is stored and told to 陈立新; the item still waits for its 批示."""
    city = await raised(open_city)
    await city.press("郑海峰", "召开专项协调", contains="ZD0108")
    says(city.only("郑海峰"), "已记录", "陈立新")
    says(city.only("陈立新"), "郑海峰", "W0191", "召开专项协调")
    assert told(city) == {"郑海峰", "陈立新"}
    assert await instructions(city) == ["召开专项协调"]
    city.mark()
    await city.press("郑海峰", "召开专项协调", contains="ZD0108")
    says(city.only("郑海峰"), "已决定召开专项协调")
    silent(city, "陈立新")
    assert await instructions(city) == ["召开专项协调"]
    await city.press("郑海峰", "批示", input=WORDS, contains="ZD0108")
    assert len(await tasks(city)) == 3
    assert (await city.item("W0191"))["state"] == "办理中"


async def test_f3_task_not_received_is_reminded_and_its_leader_told(open_city: OpenCity) -> None:
    """Rules F3 G4: tasks follow the same receipt rules as other items; those of the county go on beside it."""
    city = await raised(open_city)
    await city.press("郑海峰", "批示", input=WORDS, contains="ZD0108")
    city.mark()
    await city.clock("2026-10-19 08:29")
    assert not about(city, "林芳", "W0192")
    await city.clock("2026-10-19 08:30")
    assert about(city, "林芳", "签收", "W0192")
    await city.clock("2026-10-20 08:30")
    assert about(city, "韩志刚", "W0192", "签收")
    assert (await city.project("ZD0108"))["light_state"]["red_days"] == 13
