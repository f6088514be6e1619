"""S42: a problem marked 紧急 in the night of a holiday (rules G7, A3)."""

from __future__ import annotations

import pytest

from .city import City, lacks, moment, offers, says, silent
from .conftest import OpenCity
from .told import one_about, told, utc

WORDS = "紧急:ZD0115跨铁路桥位发现地质灾害隐患,已全线停工撤人"


async def reported(open_city: OpenCity) -> City:
    """吴迪 has confirmed at 21:40 on 09-26; the mark stands before his 确认."""
    city = await open_city("2026-09-26 21:40")
    await city.say("吴迪", WORDS)
    city.mark()
    await city.press("吴迪", "确认", to="吴迪")
    return city


async def test_s42_reaches_the_head_alone_at_once(open_city: OpenCity) -> None:
    city = await reported(open_city)
    card = city.only("陈立新")
    says(card, "吴迪", "上报紧急问题", "W0191", "ZD0115", "地质灾害隐患", "停工撤人")
    offers(card, "定为特别重大", "按一般处理")
    assert card.when == "2026-09-26 21:40"
    says(city.only("吴迪"), "W0191", "陈立新")
    assert told(city) == {"吴迪", "陈立新"}
    assert (await city.item("W0191"))["level"] == 1


async def test_s42_grave_goes_straight_to_level_three(open_city: OpenCity) -> None:
    city = await reported(open_city)
    await city.clock("2026-09-26 21:46")
    city.mark()
    await city.press("陈立新", "定为特别重大", contains="W0191")
    for name in ("沈国栋", "郑海峰", "郭卫东"):
        message = city.only(name)
        says(message, "【紧急】", "W0191", "ZD0115", "地质灾害隐患", "陈立新")
        assert message.when == "2026-09-26 21:46"
    offers(city.only("沈国栋"), "批示")
    assert city.only("郭卫东").button("批示") is None
    says(city.only("吴迪"), "W0191", "特别重大", "陈立新")
    assert told(city) == {"陈立新", "沈国栋", "郑海峰", "郭卫东", "吴迪"}
    item = await city.item("W0191")
    assert (item["level"], item["state"]) == (3, "待甄别")
    [row] = [row for row in await city.audit("item", "W0191") if row["field"] == "level"]
    assert (row["old"], row["new"], row["by_name"], row["reason"]) == ("1", "3", "陈立新", "特别重大")
    assert utc(row["at"]) == moment("2026-09-26 21:46")

    city.mark()
    await city.press("陈立新", "按一般处理", contains="上报紧急问题")
    says(city.only("陈立新"), "已由陈立新于 09-26 21:46 定为特别重大")
    silent(city, "吴迪", "沈国栋")
    city.mark()
    await city.clock("2026-09-28 08:30")
    says(one_about(city, "孙晓雯", "W0191"), "待甄别")
    await city.press("孙晓雯", "交办", contains="W0191")
    says(city.last("孙晓雯"), "还缺")  # what is below is not held up (rule G5)


async def test_s42_an_ordinary_one_is_screened_like_others(open_city: OpenCity) -> None:
    city = await reported(open_city)
    city.mark()
    await city.say("陈立新", "按一般处理")
    says(city.only("吴迪"), "W0191", "按一般处理", "陈立新")
    assert told(city) == {"陈立新", "吴迪"}
    item = await city.item("W0191")
    assert (item["level"], item["state"], item["urgent"]) == (1, "待甄别", False)
    city.mark()
    await city.clock("2026-09-28 08:29")
    silent(city, "沈国栋", "郑海峰", "郭卫东")


async def test_s42_only_the_head_decides(open_city: OpenCity) -> None:
    city = await reported(open_city)
    card = city.with_button("陈立新", "定为特别重大", contains="W0191")
    city.mark()
    await city.press_on(card, "孙晓雯", "定为特别重大")
    says(city.only("孙晓雯"), "综合专班负责人")
    assert told(city) == {"孙晓雯"}
    assert (await city.item("W0191"))["level"] == 1


async def test_s42_waiting_messages_are_not_released_with_it(open_city: OpenCity) -> None:
    """Rule A3: what waits for 郭卫东 until Monday still waits."""
    city = await open_city("2026-09-26 21:00")
    await city.say("马德胜", "/退回 W0190")  # refused; nothing is caused
    await city.say("陈立新", "/批示 W0190 请交通局9月30日前报比选方案")
    assert "郭卫东" not in told(city)
    await city.clock("2026-09-26 21:40")
    await city.say("吴迪", WORDS)
    await city.press("吴迪", "确认", to="吴迪")
    city.mark()
    await city.press("陈立新", "定为特别重大", contains="地质灾害")
    lacks(city.only("郭卫东"), "比选方案")
    city.mark()
    await city.clock("2026-09-28 08:30")
    assert one_about(city, "郭卫东", "比选方案")


@pytest.mark.parametrize("words", ["ZD0115跨铁路桥位发现地质灾害隐患,已全线停工撤人"])
async def test_g7_without_the_word_nobody_is_woken(open_city: OpenCity, words: str) -> None:
    city = await open_city("2026-09-26 21:40")
    await city.say("吴迪", words)
    await city.press("吴迪", "确认", to="吴迪")
    assert told(city) == {"吴迪"}


async def test_g7_the_leader_instructs_at_level_three(open_city: OpenCity) -> None:
    """Rules G4 G6: 沈国栋 gives a 批示; it may be handed out beside it."""
    city = await reported(open_city)
    await city.press("陈立新", "定为特别重大", contains="W0191")
    city.mark()
    await city.press("沈国栋", "批示", input="请交通局9月28日前报处置方案", contains="W0191")
    [task] = await city.rows("SELECT number, level, due_at FROM items WHERE parent_id IS NOT NULL")
    assert (task["number"], task["level"]) == ("W0192", 3)
    assert utc(task["due_at"]) == moment("2026-09-28 18:00")
    await city.say("郑海峰", "/退回 W0191 不属市级")
    says(city.last("郑海峰"), "常务副市长")
    assert (await city.item("W0191"))["level"] == 3


async def test_urgent_words_of_any_kind_are_a_problem(open_city: OpenCity) -> None:
    """紧急 is said of a problem: no figure is asked for (rule G7); a plain figure stays a report."""
    city = await open_city("2026-09-26 21:40")
    await city.say("唐静", "紧急 JJ0003渠首闸出现管涌,险情严重")
    says(city.last("唐静"), "【问题草稿1】JJ0003", "问题：渠首闸出现管涌，险情严重", "紧急")
    await city.say("唐静", "确认")
    says(city.last("陈立新"), "唐静(市水利局)上报紧急问题 W0191")
    await city.say("唐静", "紧急:JJ0003累计3520")
    says(city.last("唐静"), "3300 → 3520 万元")


async def test_b10_others_hear_who_decides_on_grave(open_city: OpenCity) -> None:
    """Rules B10 G7: typed by somebody else it names 综合专班负责人; typed a second time it says what was decided."""
    city = await open_city("2026-10-03 22:40")
    await city.say("唐静", "紧急！JJ0003渠首闸基坑发生管涌，正在抢险，已撤人")
    await city.say("唐静", "确认")
    for name in ("孙晓雯", "罗平", "唐静"):
        await city.say(name, "定为特别重大W0191")
        says(city.last(name), "您不能决定是否特别重大，此事由综合专班负责人办理")
    await city.say("陈立新", "W0191定为特别重大")
    await city.say("陈立新", "定为特别重大 W0191")
    says(city.last("陈立新"), "已由陈立新于 10-03 22:40 定为特别重大")
    await city.say("郭卫东", "召开专项协调 W0191")
    says(city.last("郭卫东"), "未找到，或您无权查看")
    await city.say("罗平", "召开专项协调 W0191")
    says(city.last("罗平"), "您不能召开专项协调 W0191，此事由")


async def test_g4_whom_nobody_knows_is_left_out_of_an_instruction(open_city: OpenCity) -> None:
    """Rule C4: the answer to what was unclear may drop it; nothing is asked twice."""
    city = await open_city("2026-10-03 22:40")
    await city.say("唐静", "紧急！JJ0003渠首闸基坑发生管涌，正在抢险，已撤人")
    await city.say("唐静", "确认")
    await city.say("陈立新", "定为特别重大")
    await city.say("沈国栋", "批示W0191 请水利局、应急局立即抢险，10月5日前报险情处置情况；青禾县配合")
    says(city.last("沈国栋"), "没认出「应急局」")
    await city.say("沈国栋", "应急局不用了，请水利局10月5日前报，青禾县配合")
    says(city.last("沈国栋"), "批示已记录（W0191）", "市水利局 唐静", "10-05 18:00 前办结")


async def test_g7_the_card_is_looked_at_in_words(open_city: OpenCity) -> None:
    """查看 alone is the button; in front of a name it asks for the project (rules C18, D1)."""
    city = await reported(open_city)
    await city.say("陈立新", "查看")
    says(city.last("陈立新"), "W0191", "地质灾害隐患")
    city.mark()
    await city.say("陈立新", "查看ZD0115")
    says(city.last("陈立新"), "ZD0115 云川至白石快速通道工程", "总投资 240000 万元")


async def test_g7_orders_for_the_same_night_do_not_wait(open_city: OpenCity) -> None:
    """A task due before the next opening is told at once; one that is due after it waits (rules A3, G4, G7)."""
    city = await reported(open_city)
    await city.press("陈立新", "定为特别重大", contains="W0191")
    city.mark()
    await city.say("沈国栋", "批示 W0191 请交通局9月27日前排除险情，水利局9月29日前查清水源")
    task = one_about(city, "吴迪", "批示任务")
    says(task, "W0192", "09-27 18:00 前办结")
    assert task.when == "2026-09-26 21:40"
    silent(city, "唐静", "罗平", "马德胜")
    await city.say("吴迪", "W0191险情已经排除，没有人员伤亡")
    says(city.last("吴迪"), "由批示任务承办", "W0192 险情已经排除")
    await city.clock("2026-09-28 08:30")
    says(one_about(city, "唐静", "批示任务"), "W0193", "09-29 18:00 前办结")
    assert len([one for one in city.heard("吴迪") if "批示任务】" in one.text]) == 1
