"""Several 协办 units with a task each in one message: none is swallowed by another's task (rules F11, D4)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says
from .conftest import OpenCity
from .told import one_about

TASKS = [("市林业局", "现场林木移栽"), ("市水利局", "排水口审批")]


async def _raised(city: City) -> None:
    await city.say("魏然", "ZY0007施工许可办不下来，请住建局10月15日前解决")
    await city.say("魏然", "确认")


async def _assists(city: City) -> list[tuple[str, str]]:
    found = (await city.item("W0191"))["assists"]
    return [(one["unit_name"], one["task"]) for one in found]


@pytest.mark.parametrize(
    "said",
    [
        "协办 市林业局 现场林木移栽 协办 市水利局 排水口审批",
        "协办：市林业局 现场林木移栽，协办：市水利局 排水口审批",
        "协办 市林业局 现场林木移栽，市水利局 排水口审批",
        "协办单位 市林业局：现场林木移栽，市水利局：排水口审批",
        "市林业局协办现场林木移栽，市水利局协办排水口审批",
    ],
)
async def test_f11_each_assisting_unit_gets_its_own_task(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-22 09:20", _raised)
    await city.say("孙晓雯", f"交办 W0191 责任人 彭倩 督办专员 马德胜 措施 并联审查 {said}")
    says(
        city.last("孙晓雯"),
        *(f"{unit} {who}，{task}" for (unit, task), who in zip(TASKS, ("苏静", "唐静"), strict=True)),
    )
    city.mark()
    await city.say("孙晓雯", "确认交办")
    assert sorted(await _assists(city)) == sorted(TASKS)
    lacks(one_about(city, "苏静", "W0191"), "排水口")
    says(one_about(city, "唐静", "W0191"), "排水口审批", "完成协办")


async def test_f11_a_task_may_speak_of_others(open_city: OpenCity) -> None:
    """A comma, or the word 协办 within a task, begins no other unit's task."""
    city = await open_city("2026-09-22 09:20", _raised)
    said = "协办 市林业局 配合做好协办工作，与市水利局会商，移栽林木"
    await city.say("孙晓雯", f"交办 W0191 责任人 彭倩 督办专员 马德胜 措施 并联审查；{said}")
    await city.say("孙晓雯", "确认交办")
    assert await _assists(city) == [("市林业局", "配合做好协办工作，与市水利局会商，移栽林木")]


async def test_f11_several_are_added_by_the_command(open_city: OpenCity) -> None:
    city = await open_city("2026-09-22 09:20", _raised)
    await city.say("孙晓雯", "交办 W0191 责任人 彭倩 督办专员 马德胜 措施 并联审查")
    await city.say("孙晓雯", "确认交办")
    await city.say("孙晓雯", "/协办 W0191 市林业局 现场林木移栽，市水利局 排水口审批 时限 9月30日")
    assert sorted(await _assists(city)) == sorted(TASKS)
    await city.say("马德胜", "免除协办 W0191 市水利局 并入市政管网")
    says(city.last("唐静"), "市水利局", "免除", "并入市政管网")


async def test_f11_waived_by_the_short_name(open_city: OpenCity) -> None:
    """「免除协办 W0191 水利局 …」: the roster's short name is the unit's, and no part of the reason."""
    city = await open_city("2026-09-22 09:20", _raised)
    said = "协办 市林业局 现场林木移栽 协办 市水利局 排水口审批"
    await city.say("孙晓雯", f"交办 W0191 责任人 彭倩 督办专员 马德胜 措施 并联审查 {said}")
    await city.say("孙晓雯", "确认交办")
    await city.say("彭倩", "签收 W0191")
    await city.say("马德胜", "免除协办 W0191 水利局 排水口走既有管道")
    waived = {
        one["unit_name"]: (one["state"], one["reason"]) for one in (await city.item("W0191"))["assists"]
    }
    assert waived == {"市水利局": ("waived", "排水口走既有管道"), "市林业局": ("open", None)}
