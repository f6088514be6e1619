"""The week's feedback in the words of who gives it: nothing new, what was done, by the leader (rules I1, I2, B10)."""

from __future__ import annotations

import pytest

from .city import City, lacks, says, silent
from .conftest import OpenCity
from .told import about, one_about

WANG = "王磊(临河区发改局)"


async def _weekly(city: City) -> dict[str, tuple[str, bool]]:
    rows = await city.rows(
        "SELECT people.name AS name, text, unchanged FROM weekly_reports "
        "JOIN people ON people.id = weekly_reports.author_id"
    )
    return {row["name"]: (row["text"], bool(row["unchanged"])) for row in rows}


@pytest.mark.parametrize(
    "said", ["本周无新增", "本周没有新情况", "这周没什么进展", "本周暂无新增内容。", "本周没有要报的事项"]
)
async def test_i2_nothing_new_is_a_feedback(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-23 10:30")
    await city.say("唐静", said)
    says(city.last("唐静"), "水利专班", "本周无变化")
    assert (await _weekly(city))["唐静"] == ("本周无变化", True)


@pytest.mark.parametrize(
    ("who", "said", "text"),
    [
        ("林芳", "本周完成林地组卷2宗，下周报省局", "完成林地组卷2宗，下周报省局"),
        ("程凯", "本周：完成变电站基础2处", "完成变电站基础2处"),
        ("吴迪", "本周交通专班：桥梁方案已送铁路局，专家会已约", "桥梁方案已送铁路局，专家会已约"),
        ("唐静", "水利专班本周情况：防汛预案已备案", "防汛预案已备案"),
        ("彭倩", "本周市政设施专班：管网改造设计完成", "管网改造设计完成"),
        ("吴迪", "本周云白快速完成墩柱6根，下周计划架梁", "云白快速完成墩柱6根，下周计划架梁"),
    ],
)
async def test_i1_the_week_told_without_a_heading(
    open_city: OpenCity, who: str, said: str, text: str
) -> None:
    city = await open_city("2026-09-23 10:30")
    await city.say(who, said)
    says(city.last(who), "本周", text)
    assert (await _weekly(city))[who] == (text, False)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("李娜", "本周循环园完成水稳层，下周铺油面"),
        ("李娜", "本周完成投资300万"),
        ("林芳", "本周五下午3点开会"),
        ("林芳", "本周辛苦了"),
        ("林芳", "本周内能不能组织协调一次"),
        ("林芳", "本周什么时候召开协调会"),
        ("高原", "本周完成环评审批2件"),
        ("李娜", "本周林地手续没批下来，请林业局协调"),
    ],
)
async def test_i1_a_report_or_a_problem_is_none(open_city: OpenCity, who: str, said: str) -> None:
    city = await open_city("2026-09-23 10:30")
    await city.say(who, said)
    assert await _weekly(city) == {}


async def test_b10_the_leader_gives_it_too(open_city: OpenCity) -> None:
    """B10: 带班领导 the same; what the 联络员 has given is not replaced."""
    city = await open_city("2026-09-23 10:30")
    await city.say("钱文海", "本周无变化")
    says(city.last("钱文海"), "白石县", "ZD0108")
    assert (await _weekly(city))["钱文海"] == ("本周无变化", True)
    await city.say("张伟", "本周反馈：完成征地2宗")
    city.mark()
    await city.say("赵永年", "本周无变化")
    says(city.only("赵永年"), "青禾县", "已由张伟", "09-23 10:30")
    assert (await _weekly(city))["张伟"] == ("完成征地2宗", False)
    assert "赵永年" not in await _weekly(city)
    city.mark()
    await city.clock("2026-09-24 08:30")
    missing = one_about(city, "孙晓雯", "未反馈")
    lacks(missing, "白石县", "青禾县")
    says(missing, "临河区")


async def test_i1_the_liaison_is_not_asked_for_what_the_leader_gave(open_city: OpenCity) -> None:
    city = await open_city("2026-09-23 09:00")
    await city.say("孟庆云", "本周无变化")
    city.mark()
    await city.clock("2026-09-23 10:00")
    assert not about(city, WANG, "本周反馈")
    silent(city, "孟庆云")


@pytest.mark.parametrize("said", ["下周计划 完成专家评审", "下周计划：完成专家评审"])
async def test_i1_a_plan_has_its_label_once(open_city: OpenCity, said: str) -> None:
    city = await open_city("2026-09-23 10:30")
    await city.press("吴迪", "从台账生成")
    await city.say("吴迪", said)
    says(city.last("吴迪"), "下周计划：完成专家评审")
    assert city.last("吴迪").text.count("下周计划") == 1
