"""What going up asks for, and which steps there are (rules G2, G3)."""

from __future__ import annotations

import pytest

from models.rules.escalation import Asked, Statement, decider, refused_step, stated
from models.rules.levels import LevelChain
from models.types import Role


def test_labels_in_any_order_and_what_stands_before_them() -> None:
    """S39: what a county says in one message."""
    said = stated(
        "已协调3次未果;症结 进场道路需占用国有林场;责任部门 市林业局;路径 临时使用林地手续;时限 10月20日",
        tuple(Asked),
    )
    assert said == Statement(
        done="已协调3次未果",
        crux="进场道路需占用国有林场",
        unit="市林业局",
        path="临时使用林地手续",
        due="10月20日",
    )
    assert said.missing(0) == ()


def test_an_answer_without_labels_fills_the_first_gap() -> None:
    assert stated("10月12日", (Asked.DUE,)).due == "10月12日"
    assert stated("超过时限未批", ()).crux == "超过时限未批"
    assert stated("").missing(1) == (Asked.CRUX, Asked.UNIT, Asked.PATH, Asked.DUE)
    assert stated("").missing(0) == tuple(Asked)


@pytest.mark.parametrize(
    ("from_level", "to_level", "reason", "fits"),
    [
        (0, 1, "", True),
        (0, 2, "原因", False),
        (1, 2, "", True),
        (1, 3, "原因", False),
        (2, 3, "", True),
        (3, 4, "", True),
        (1, 4, "", False),
        (1, 4, "只能由省里定", True),
        (2, 4, "只能由省里定", True),
        (0, 4, "只能由省里定", False),
        (4, 5, "", False),
        (2, 2, "", False),
        (3, 2, "", False),
    ],
)
def test_steps(from_level: int, to_level: int, reason: str, fits: bool) -> None:
    assert (refused_step(from_level, to_level, LevelChain(), reason=reason) == "") is fits


def test_who_decides() -> None:
    assert [decider(level, LevelChain()) for level in (1, 2, 3, 4)] == [
        Role.HUB_HEAD, Role.HUB_HEAD, Role.OFFICE_HEAD, Role.OFFICE_HEAD,
    ]  # fmt: skip
