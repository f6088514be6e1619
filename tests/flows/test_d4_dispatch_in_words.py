"""A 交办 as it is spoken: each person is the one named for it, and a name is no 推进措施 (rules B1, C4, D4)."""

from __future__ import annotations

import pytest

from .city import City, lacks, offers, says, silent
from .conftest import OpenCity
from .told import iso


async def _raised(city: City) -> None:
    await city.say("张伟", "实验中学占了点林地，手续没批下来，想请林业局国庆前给个说法")
    await city.say("张伟", "确认")


@pytest.mark.parametrize(
    "said",
    [
        "交办W0191 给林业局苏静，措施现场踏勘，马德胜盯着",
        "w0191交给林业局苏静办，措施现场踏勘，马德胜盯着",
        "W0191交办市林业局，苏静负责，推进措施现场踏勘，马德胜跟踪",
        "交办W0191 责任人苏静，措施现场踏勘，督办马德胜，时限9月30日",
        "W0191就转给苏静吧，措施现场踏勘，马德胜督办",
    ],
)
async def test_d4_one_sentence(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-23 09:20", _raised)
    await city.say("孙晓雯", said)
    card = city.last("孙晓雯")
    says(card, "推进措施：现场踏勘", "责任单位：市林业局 责任人：苏静", "督办专员：马德胜")
    offers(card, "确认交办")
    silent(city, "苏静", "马德胜")
    await city.say("孙晓雯", "确认交办")
    item = await city.item("W0191")
    assert (item["state"], item["person"], item["supervisor"]) == ("待签收", "苏静", "马德胜")
    assert (item["measures"], item["due_at"]) == ("现场踏勘", iso("2026-09-30 18:00"))


async def test_d4_another_person_of_the_unit(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:20", _raised)
    await city.say("孙晓雯", "W0191交办市林业局，谭勇负责，措施现场踏勘，马德胜督办")
    says(city.last("孙晓雯"), "责任单位：市林业局 责任人：谭勇")


@pytest.mark.parametrize(
    ("said", "unit", "person"), [("市住建局", "市住建局", "彭倩"), ("高原", "市生态环境局", "高原")]
)
async def test_d4_a_name_is_no_measure(open_city: OpenCity, said: str, unit: str, person: str) -> None:
    """Where only the 推进措施 are missing, a unit or person named alone changes who it is given to."""
    city = await open_city("2026-09-23 09:20", _raised)
    await city.say("孙晓雯", "交办W0191 责任人苏静，督办马德胜")
    says(city.last("孙晓雯"), "还缺：推进措施")
    await city.say("孙晓雯", f"改交办W0191 {said}")
    says(city.last("孙晓雯"), "还缺：推进措施", f"责任人 {person}")
    await city.say("孙晓雯", "现场踏勘")
    says(city.last("孙晓雯"), "推进措施：现场踏勘", f"责任单位：{unit} 责任人：{person}")


async def test_b10_only_the_hub_hands_out_in_a_sentence(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:20", _raised)
    city.mark()
    for who in ("张伟", "宋佳", "林芳"):
        await city.say(who, "W0191交给林业局苏静办，措施现场踏勘，马德胜盯着")
        lacks(city.last(who), "交办草稿", "还缺")
    silent(city, "苏静", "孙晓雯")
    assert (await city.item("W0191"))["state"] == "待甄别"


async def _second_filled_in(city: City) -> None:
    """Two drafts, W0191 and W0192; words without a number went to the later one."""
    await city.say("魏然", "ZY0007供电接不进来，请供电公司10月底前解决")
    await city.say("魏然", "确认")
    await city.say("孙晓雯", "交办W0191")
    await city.say("孙晓雯", "交办W0192")
    await city.say("孙晓雯", "措施现场勘查，责任人邵鹏，督办马德胜")


async def test_c4_several_drafts_at_once(open_city: OpenCity) -> None:
    """What is still missing goes to the draft of the number that is said, else to the only one that lacks something."""
    city = await open_city("2026-09-23 09:20", _raised)
    await _second_filled_in(city)
    says(city.last("孙晓雯"), "【交办草稿2】W0192", "责任人：邵鹏")
    await city.say("孙晓雯", "W0191 措施现场踏勘，责任人苏静，督办马德胜")
    says(city.last("孙晓雯"), "【交办草稿1】W0191", "推进措施：现场踏勘", "责任人：苏静")
    await city.say("孙晓雯", "确认1、2")
    assert [(await city.item(no))["person"] for no in ("W0191", "W0192")] == ["苏静", "邵鹏"]


async def test_c4_the_draft_that_lacks_something(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:20", _raised)
    await _second_filled_in(city)
    await city.say("孙晓雯", "措施现场踏勘，责任人苏静，督办马德胜")
    says(city.last("孙晓雯"), "【交办草稿1】W0191", "责任人：苏静")


@pytest.mark.parametrize(
    "said",
    [
        "交办W0191，苏静，马德胜督办，9月29日前，措施：现场踏勘",
        "W0191 措施现场踏勘，苏静，督办马德胜，于9月29日前办结",
    ],
)
async def test_d4_a_name_and_a_day_alone(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-23 09:20", _raised)
    await city.say("孙晓雯", said)
    says(
        city.last("孙晓雯"), "责任人：苏静", "办结时限：09-29 18:00", "督办专员：马德胜", "推进措施：现场踏勘"
    )


async def test_d4_changed_before_it_is_confirmed(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:20", _raised)
    await city.say("孙晓雯", "交办W0191 责任人苏静，措施现场踏勘，督办马德胜")
    await city.say("孙晓雯", "W0191改为高原负责")
    says(city.last("孙晓雯"), "责任单位：市生态环境局 责任人：高原")
    await city.say("孙晓雯", "W0191时限改到10月20日")
    says(city.last("孙晓雯"), "办结时限：10-20 18:00", "责任人：高原")


async def test_f1_what_is_lacking_is_no_question(open_city: OpenCity) -> None:
    """「退回补充，说清楚缺什么材料」 bids the other to say it (rules C16, F1)."""
    city = await open_city("2026-09-23 09:20", _raised)
    city.mark()
    await city.say("孙晓雯", "W0191退回补充，说清楚缺什么材料")
    says(city.last("张伟"), "W0191", "说清楚缺什么材料")
    await city.say("孙晓雯", "W0191退回补充了吗")
    lacks(city.last("孙晓雯"), "已退回")


async def test_c16_alike_is_not_merged_by_a_sentence(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:20", _raised)
    await city.say("孙晓雯", "W0191这个和W0186重复了吧")
    says(city.last("孙晓雯"), "合并 W0191 到 W0186")
    assert (await city.item("W0191"))["state"] == "待甄别"
