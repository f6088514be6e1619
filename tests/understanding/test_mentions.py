"""Where a message names a project: how far the words belong to its name, and what only looks like one."""

from __future__ import annotations

import pytest

from handlers.understanding import Names, ProjectName, read
from handlers.understanding.reading import Match, Reading
from tests.understanding.fixtures_city import CALENDAR, CODES, TODAY, anyone, zhang

HUOCHENG = Names.of(
    [
        ProjectName(1, "A1", "霍城县城区老旧小区改造配套基础设施项目三期", (), "霍城县"),
        ProjectName(2, "A2", "霍城县标准化厂房建设项目（城关）", ("地下管网（飞地）",), "霍城县"),
        ProjectName(3, "A3", "白石县建文洗涤二期项目", (), "白石县"),
        ProjectName(4, "A4", "云川市城市书房二期工程", (), None),
    ]
)


def told(text: str, place: str | None = None) -> Reading:
    return read(text, HUOCHENG, TODAY, calendar=CALENDAR, place=place)


@pytest.mark.parametrize(
    ("text", "mention", "told_of_it"),
    [
        ("老旧小区三期同盟小区违建拆除完毕", "老旧小区三期", "同盟小区违建拆除完毕"),
        ("地下管网（飞地）主体封顶", "地下管网（飞地）", "主体封顶"),
        ("标准化厂房（城关）主体封顶", "标准化厂房（城关）", "主体封顶"),
    ],
)
def test_how_far_a_name_goes(text: str, mention: str, told_of_it: str) -> None:
    """A word of the name said again behind it is of something else; a bracket in it is closed."""
    (line,) = told(text).lines
    assert (line.match, line.mention, line.image_progress) == (Match.UNIQUE, mention, told_of_it)


@pytest.mark.parametrize(
    ("text", "place", "projects"),
    [
        ("二期项目厂房封顶了", None, (3, 4)),
        ("二期项目厂房封顶了", "白石县", (3,)),
        ("二期办公楼外墙刷完了", "白石县", (3,)),
        ("三期项目道路铺完了", None, (1,)),
    ],
)
def test_a_phase_alone_is_of_those_that_have_it(
    text: str, place: str | None, projects: tuple[int, ...]
) -> None:
    """Rule C3: one such project is meant, several are a question; what the words are like decides nothing."""
    (line,) = told(text, place).lines
    assert (line.candidates or (line.project_id,)) == projects


PARKS = Names.of(
    [
        ProjectName(1, "B1", "霍城县标准化厂房（二期）项目", (), "霍城县"),
        ProjectName(2, "B2", "云川企业城三期项目", (), "云川市"),
        ProjectName(3, "B3", "云海公司高性能动力电池正极材料项目", (), "云川市"),
    ]
)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("云川企业城三期现在标准厂房封顶了，累计4.5亿", [(2, 45000)]),
        ("云川企业城三期，标准厂房都封顶了，累计4.5亿", [(2, 45000)]),
        ("云川企业城三期动力中心设备调试，累计4.5亿", [(2, 45000)]),
        ("云川企业城三期外墙完成60%，动力中心设备调试，累计4.5亿", [(2, 45000)]),
        # With money of its own it is told of beside the other, not as a part of it.
        ("云川企业城三期累计4.5亿，标准厂房累计1.2亿", [(2, 45000), (1, 12000)]),
    ],
)
def test_buildings_that_every_park_has_take_no_figure_of_it(
    text: str, amounts: list[tuple[int, int]]
) -> None:
    """「标准厂房」 and 「动力中心」 amid what is told of a park are its own, and so is the money behind them."""
    lines = read(text, PARKS, TODAY, calendar=CALENDAR, place=None).lines
    assert [
        (one.project_id, figure.amount.fen // 1_000_000) for one in lines for figure in one.figures
    ] == amounts


@pytest.mark.parametrize("more", ["实验楼砌体干了一半", "实验楼砌体干了一半，还差2000万"])
def test_a_part_is_no_other_project(more: str) -> None:
    """「实验楼」 beside another project is a part of that, not the 实验中学."""
    lines = anyone(f"循环园今年累计完成3000万。{more}").lines
    assert [CODES[one.project_id or 0] for one in lines] == ["ZD0108"]


@pytest.mark.parametrize("text", ["城北污水处理厂主体封顶", "城东污水处理厂累计5300万", "东区污水处理厂封顶"])
def test_another_side_of_the_town_is_another_project(text: str) -> None:
    assert all(line.project_id is None for line in zhang(text).lines)
