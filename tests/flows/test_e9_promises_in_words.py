"""What a feedback promises becomes a checkpoint, however it is written (rules A2, E9)."""

from __future__ import annotations

import pytest

from .city import lacks, says
from .conftest import OpenCity


@pytest.mark.parametrize(
    ("said", "promises"),
    [
        ("补充措施：增加一个班组，9月30日累计5200", "09-30 累计 5200 万元。"),
        ("我们保证10月15日累计5900万", "10-15 累计 5900 万元。"),
        ("9月末累计完成投资不低于5300万元", "09-30 累计 5300 万元。"),
        ("三班倒，9/30累计5200，10/18追平", "09-30 累计 5200 万元；10-18 追平。"),
        (
            "目标9月27日5200万、10月11日5900万、10月18日追平",
            "09-27 累计 5200 万元；10-11 累计 5900 万元；10-18 追平。",
        ),
        ("9月27日：5200；10月18日：追平", "09-27 累计 5200 万元；10-18 追平。"),
        ("设备晚到，到10月18日消除差距", "10-18 追平。"),
        ("每周完成300万元，9月27日累计5000、10月4日累计5300", "09-27 累计 5000 万元；10-04 累计 5300 万元。"),
    ],
)
async def test_e9_promised_days_and_totals(open_city: OpenCity, said: str, promises: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", f"/反馈 ZX0031 {said}")
    says(city.last("张伟"), f"已识别承诺：{promises}")
    await city.press("彭倩", "采纳")
    stored = await city.rows("SELECT text FROM checkpoints ORDER BY due_on")
    assert "；".join(one["text"] for one in stored) == promises.strip("。")


@pytest.mark.parametrize(
    ("said", "day"),
    [("本周内累计5000", "09-24"), ("10月底前累计6600万", "10-30"), ("下周三前累计5100", "09-30")],
)
async def test_a2_the_end_of_a_period_is_its_last_workday(open_city: OpenCity, said: str, day: str) -> None:
    """09-25 is a holiday, 10-31 a Saturday."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", f"/反馈 ZX0031 {said}")
    says(city.last("张伟"), f"已识别承诺：{day}")


async def test_e9_a_months_amount_is_no_total(open_city: OpenCity) -> None:
    """4700 are done; 1000 in October would be kept whatever happens."""
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/反馈 ZX0031 10月份完成1000万，10月31日追平")
    says(city.last("张伟"), "已识别承诺：10-31 追平。")
    lacks(city.last("张伟"), "累计 1000")


async def test_e9_a_leader_answers_what_was_sent_back_to_him(open_city: OpenCity) -> None:
    """带班领导 may feed back as well (B10): his answer names no project, and /我的 has it (C4)."""
    city = await open_city("2026-09-22 10:00")
    await city.say("赵永年", "/反馈 ZX0031 设备晚到，10月18日追平")
    await city.say("彭倩", "退回 没有每周目标")
    await city.say("赵永年", "/我的")
    says(city.last("赵永年"), "ZX0031 黄灯反馈", "09-28 18:00")
    await city.say("赵永年", "9月27日累计5200，10月18日追平")
    says(city.last("赵永年"), "【反馈草稿", "ZX0031", "09-27 累计 5200")
    await city.say("赵永年", "确认")
    says(city.last("彭倩"), "赵永年", "09-27 累计 5200")


@pytest.mark.parametrize(
    "said",
    [
        "/反馈 ZX0031 设备晚到，10月18日追平；ZX0032 管材没到，10月20日追平",
        "反馈 ZX0031 设备晚到，10月18日追平\nZX0032：管材没到，10月20日追平",
    ],
)
async def test_e9_each_project_keeps_its_own_promise(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-30 09:00")
    city.mark()
    await city.say("张伟", said)
    plant, pipes = city.heard("张伟")
    says(plant, "ZX0031", "已识别承诺：10-18 追平。")
    says(pipes, "ZX0032", "已识别承诺：10-20 追平。")


async def test_e9_several_projects_in_one_sentence(open_city: OpenCity) -> None:
    """No progress report, and no promise of one with the other."""
    city = await open_city("2026-09-30 09:00")
    city.mark()
    await city.say("张伟", "ZX0031、ZX0032 黄灯原因都是设备晚到，10月18日追平")
    for card, code in zip(city.heard("张伟"), ("ZX0031", "ZX0032"), strict=True):
        says(card, "【反馈草稿", code, "内容：黄灯原因都是设备晚到", "10-18 追平")
    await city.say("张伟", "取消 1、2")
    city.mark()
    await city.say("张伟", "污水厂黄灯原因：设备晚到，10月18日追平；管网黄灯原因：管材没到，10月20日追平")
    plant, pipes = city.heard("张伟")
    says(plant, "ZX0031", "10-18 追平")
    lacks(plant, "10-20", "管材")
    says(pipes, "ZX0032", "10-20 追平")
    city.mark()
    await city.say("张伟", "管网黄灯主要原因是管材没到，10月20日追平")
    says(city.only("张伟"), "【反馈草稿", "ZX0032", "10-20 追平")


@pytest.mark.parametrize("said", ["采纳 ZX0031 反馈", "ZX0031的反馈予以采纳", "采纳ZX0031的反馈"])
async def test_c18_what_is_accepted_may_be_named_behind(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/反馈 ZX0031 设备晚到，10月18日追平")
    city.mark()
    await city.say("陈立新", said)
    says(city.only("陈立新"), "已采纳 ZX0031")
    says(city.only("张伟"), "陈立新已采纳")


@pytest.mark.parametrize("said", ["撤回反馈", "撤回 ZX0031 的反馈", "/撤销 反馈"])
async def test_e9_how_to_replace_a_feedback(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say("张伟", "/反馈 ZX0031 设备晚到，10月18日追平")
    city.mark()
    await city.say("张伟", said)
    says(city.only("张伟"), "不能撤回", "/反馈")


@pytest.mark.parametrize(
    ("who", "said", "answer"),
    [
        ("李娜", "循环园滞后主要是因为征地没完成，10月底前能追上", "ZD0108 黄灯的反馈已报过，这句没有记下"),
        ("张伟", "管网10月底前能追上", "ZX0032 没有等反馈的亮灯，这句没有记下"),
    ],
)
async def test_c4_a_promise_that_nothing_waits_for_is_not_dropped_unsaid(
    open_city: OpenCity, who: str, said: str, answer: str
) -> None:
    city = await open_city("2026-09-22 10:00")
    await city.say(who, said)
    says(city.only(who), answer)


async def test_b4_a_promise_for_a_foreign_project_is_answered_as_for_none(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 10:00")
    heard = []
    for said in ("城南污水处理厂10月底前能追上", "城北大桥10月底前能追上"):
        await city.say("李娜", said)
        heard.append(city.last("李娜").text)
    assert heard[0] == heard[1]
