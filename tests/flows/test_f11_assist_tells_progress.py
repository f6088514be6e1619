"""A 协办 unit that tells of its task is told how to report it, not that it may not (rules B10, F11)."""

from __future__ import annotations

from .city import City, says, silent
from .conftest import OpenCity


async def _with_assist(city: City) -> None:
    await city.say("魏然", "ZY0007施工许可办不下来，请住建局10月15日前解决")
    await city.say("魏然", "确认")
    await city.say(
        "孙晓雯", "交办 W0191 责任人 彭倩 督办专员 马德胜 措施 并联审查 协办 市林业局 现场林木移栽"
    )
    await city.say("孙晓雯", "确认交办")
    await city.say("彭倩", "签收 W0191")


async def test_f11_the_answer_is_the_verb_with_their_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:20", _with_assist)
    city.mark()
    await city.say("苏静", "W0191 林木已移栽完")
    says(city.last("苏静"), "协办", "完成协办 W0191 林木已移栽完")
    silent(city, "马德胜", "彭倩")
    await city.say("苏静", "完成协办 W0191 林木已移栽完")
    says(city.last("彭倩"), "可以报办结")
    assert [one["state"] for one in (await city.item("W0191"))["assists"]] == ["done"]


async def test_f11_a_task_said_to_be_done_is_done(open_city: OpenCity) -> None:
    """「协办任务已完成，…」 says what the verb says; a question asks."""
    city = await open_city("2026-09-22 09:20", _with_assist)
    city.mark()
    await city.say("苏静", "W0191协办任务完成了吗")
    assert [one["state"] for one in (await city.item("W0191"))["assists"]] == ["open"]
    await city.say("苏静", "W0191协办任务已完成，林木已移栽")
    says(city.last("苏静"), "「现场林木移栽」已完成（苏静）：林木已移栽")
    says(city.last("彭倩"), "可以报办结")


async def test_f11_who_answers_for_the_item_feeds_back(open_city: OpenCity) -> None:
    """The same words of 主办 are their feedback."""
    city = await open_city("2026-09-22 09:20", _with_assist)
    await city.say("彭倩", "W0191协办任务已完成，许可证下周发")
    says(city.last("彭倩"), "反馈草稿", "W0191", "许可证下周发")
    assert [one["state"] for one in (await city.item("W0191"))["assists"]] == ["open"]


async def test_f11_waived_with_the_number_between_the_words(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:20", _with_assist)
    city.mark()
    await city.say("马德胜", "免除W0191的协办，林业局的移栽并入竣工验收")
    says(city.last("马德胜"), "「现场林木移栽」马德胜已免除：移栽并入竣工验收")
    says(city.last("彭倩"), "可以报办结")
