"""Short answers inside an open question."""

from __future__ import annotations

import pytest

from handlers.understanding import (
    is_unchanged,
    parse_bare_amount,
    parse_choice,
    parse_confirmation,
    parse_yes_no,
)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("2", 2),
        ("２", 2),
        ("第二个", 2),
        ("前者", 1),
        ("后者吧", 2),
        ("头一个", 1),
        ("②", 2),
        ("选2", 2),
        ("0 都不是", 0),
        ("都不是", 0),
        ("0", 0),
        ("第1项", 1),
    ],
)
def test_choice(text: str, choice: int) -> None:
    assert parse_choice(text) == choice


@pytest.mark.parametrize("text", ["2100万", "污水处理厂", "确认 2", "", "第二个项目累计5300"])
def test_no_choice(text: str) -> None:
    assert parse_choice(text) is None


@pytest.mark.parametrize(
    ("text", "kind", "numbers", "lines"),
    [
        ("确认", "confirm", (), ()),
        ("确认。", "confirm", (), ()),
        ("确认 2", "confirm", (2,), ()),
        ("确认２", "confirm", (2,), ()),
        ("确认无误", "confirm_checked", (), ()),
        ("确认无误2", "confirm_checked", (2,), ()),
        ("确认无误 2", "confirm_checked", (2,), ()),
        ("全部确认", "confirm_all", (), ()),
        ("全部确认①②", "confirm_all", (), (1, 2)),
        ("确认 1、2", "confirm", (1, 2), ()),
        ("确认 ①③", "confirm", (), (1, 3)),
        ("确认 11 ①", "confirm", (11,), (1,)),
        ("取消", "cancel", (), ()),
        ("取消3", "cancel", (3,), ()),
        ("修改③", "edit", (), (3,)),
        ("逐条", "one_by_one", (), ()),
    ],
)
def test_confirmation(text: str, kind: str, numbers: tuple[int, ...], lines: tuple[int, ...]) -> None:
    found = parse_confirmation(text)
    assert found is not None
    assert (found.kind.value, found.numbers, found.lines) == (kind, numbers, lines)


@pytest.mark.parametrize(
    "text", ["确认一下数据", "取消这个项目吧", "改成5500万", "确认污水处理厂累计5500", "提交材料", ""]
)
def test_no_confirmation(text: str) -> None:
    assert parse_confirmation(text) is None


@pytest.mark.parametrize(
    ("text", "wan", "unit_said"),
    [
        ("3520", 3520, False),
        ("是,5500万", 5500, True),
        ("是，5500万", 5500, True),
        ("3520万元", 3520, True),
        ("累计3520", 3520, False),
    ],
)
def test_bare_amount(text: str, wan: int, *, unit_said: bool) -> None:
    amount = parse_bare_amount(text)
    assert amount is not None
    assert (amount.fen, amount.unit_said) == (wan * 1_000_000, unit_said)


@pytest.mark.parametrize("text", ["对了下午几点开会来着", "是", "3000-5000万", "污水处理厂5300", "5300吨"])
def test_no_bare_amount(text: str) -> None:
    assert parse_bare_amount(text) is None


@pytest.mark.parametrize(
    ("text", "yes"),
    [("是", True), ("对", True), ("没错", True), ("不是", False), ("不对", False), ("收到", None)],
)
def test_yes_no(text: str, yes: bool | None) -> None:
    assert parse_yes_no(text) is yes


@pytest.mark.parametrize("text", ["无变化", "没有变化", "本周无变化", "同上周"])
def test_unchanged(text: str) -> None:
    assert is_unchanged(text)


@pytest.mark.parametrize("text", ["污水处理厂本周无变化,累计5300", "有变化", "变化不大"])
def test_not_unchanged(text: str) -> None:
    assert not is_unchanged(text)
