"""Which project a mention means (rule C3), and that hidden projects have no influence (rule B4)."""

from __future__ import annotations

import random
import time

import pytest

from handlers.understanding import Names, ProjectName
from handlers.understanding.reading import Match
from tests.understanding.fixtures_city import CODES, NAMES, PROJECTS, QINGHE


@pytest.mark.parametrize(
    ("mention", "code"),
    [
        ("城南污水处理厂", "ZX0031"),
        ("污水处理厂", "ZX0031"),
        ("管网", "ZX0032"),
        ("青禾灌区", "JJ0003"),
        ("实验中学", "ZY0009"),
        ("ＺＸ００３１", "ZX0031"),
        ("青禾县城南污水处理厂扩建工程", "ZX0031"),
        ("青禾实中", "ZY0009"),
    ],
)
def test_unique_for_a_liaison(mention: str, code: str) -> None:
    result = NAMES.match(mention, visible=QINGHE, place="青禾县")
    assert result.match is Match.UNIQUE
    assert CODES[result.project_id or 0] == code


@pytest.mark.parametrize(
    "mention", ["幼儿园", "循环园", "ZD0108", "青禾县", "扩建工程", "项目", "", "城北中学"]
)
def test_nothing_for_a_liaison(mention: str) -> None:
    assert NAMES.match(mention, visible=QINGHE, place="青禾县").match is Match.NONE


def test_near_duplicates_are_a_question() -> None:
    result = NAMES.match("城南污水这个项目", visible=QINGHE, place="青禾县")
    assert result.match is Match.AMBIGUOUS
    assert [CODES[one] for one in result.candidates] == ["ZX0031", "ZX0032"]


@pytest.mark.parametrize(
    ("mention", "code"),
    [
        ("循环园", "ZD0108"),
        ("云白快速", "ZD0115"),
        ("三院", "ZY0007"),
        ("电池产业园", "SG0012"),
        ("平原输变电", "ZD0120"),
    ],
)
def test_unique_for_the_city(mention: str, code: str) -> None:
    result = NAMES.match(mention)
    assert result.project_id is not None
    assert CODES[result.project_id] == code


@pytest.mark.parametrize("mention", ["第一人民医院", "电池产业园二期", "ZX9999", "G32"])
def test_another_number_is_another_project(mention: str) -> None:
    assert NAMES.match(mention).match is Match.NONE


def test_phases_and_the_senders_county_decide() -> None:
    names = Names.of(
        [
            ProjectName(1, "A1", "延津县建文100万吨洗涤剂项目", (), "延津县"),
            ProjectName(2, "A2", "建文洗涤二期项目", (), "延津县"),
            ProjectName(3, "A3", "白石县城区快速通道工程", (), "白石县"),
            ProjectName(4, "A4", "青禾县快速通道改建工程", (), "青禾县"),
        ]
    )
    assert names.match("建文二期").project_id == 2
    assert names.match("建文一期").project_id == 1
    assert names.match("建文").match is Match.AMBIGUOUS
    assert names.match("快速通道").match is Match.AMBIGUOUS
    assert names.match("快速通道", place="白石县").project_id == 3


def test_hidden_projects_change_nothing() -> None:
    alone = Names.of([one for one in PROJECTS if one.id in QINGHE])
    for mention in (
        "城南污水",
        "污水",
        "实验中学",
        "灌区",
        "产业园",
        "第三人民医院",
        "快速",
        "ZD0108",
        "循环园",
    ):
        assert NAMES.match(mention, visible=QINGHE) == alone.match(mention)


def _many(count: int) -> list[ProjectName]:
    dice = random.Random(7)
    places = [a + b + "县" for a in "东西南北中" for b in "河山原城"]
    sites = ["城南", "城北", "老城", "新城", "滨河", "龙湖", "凤凰", "石桥", "王庄", "李村"]
    kinds = [
        "污水处理厂",
        "供水管网",
        "中学",
        "人民医院",
        "产业园",
        "快速通道",
        "水库",
        "标准化厂房",
        "安置区",
    ]
    ends = ["扩建工程", "改造工程", "新建项目", "一期项目", "二期项目"]
    firms = "天润石华兰金达远航格林鼎力瑞丰宏泰凯翔中誉拙新"
    return [
        ProjectName(
            number,
            f"XM{number:06d}",
            dice.choice(places)
            + dice.choice(sites)
            + "".join(dice.sample(firms, 3))
            + dice.choice(kinds)
            + dice.choice(ends),
            (),
            None,
        )
        for number in range(count)
    ]


@pytest.mark.slow
def test_fifty_thousand_names() -> None:
    projects = _many(50_000)
    names = Names.of(projects)
    mentions = [one.name[3:-4] for one in projects[:50]]
    begin = time.process_time()
    found = [names.match(mention) for mention in mentions]
    each = (time.process_time() - begin) / len(mentions)
    assert each < 0.02
    assert all(
        result.project_id == project.id or project.id in result.candidates
        for result, project in zip(found, projects, strict=False)
    )
