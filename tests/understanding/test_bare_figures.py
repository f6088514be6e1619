"""Numbers beside a project's name, without a word for what they are: pure, with a lookup of names."""

from __future__ import annotations

from handlers.understanding.figures.bare_figures import Known, completed
from handlers.understanding.reading import Basis, Match, Reading
from tests.understanding.fixtures_city import NAMES, QINGHE, wan, zhang

KNOWN = Known(NAMES, QINGHE, "青禾县")


def _completed(text: str) -> Reading:
    return completed(zhang(text), text, KNOWN, zhang).reading


def test_each_number_becomes_a_figure_whose_basis_is_asked_for() -> None:
    lines = _completed("污水处理厂5300，管网2100").lines
    assert [(line.project_id, wan(line.figures[0].amount.fen)) for line in lines] == [(31, 5300), (32, 2100)]
    assert {line.figures[0].basis for line in lines} == {Basis.UNSAID}


def test_a_name_that_the_author_may_not_see_stays_unknown() -> None:
    """B4: what is outside the scope reads like what does not exist."""
    lines = _completed("污水处理厂5300，云白快速2100").lines
    assert [line.match for line in lines] == [Match.UNIQUE, Match.NONE]


def test_a_plan_or_a_telephone_number_is_no_figure() -> None:
    assert not any(line.figures for line in _completed("污水处理厂计划5300").lines)
    assert not any(line.figures for line in _completed("污水处理厂 电话13812345678").lines)


def test_what_is_shared_out_among_an_unknown_name_too_is_nobodys() -> None:
    """Three names and two amounts: the last amount is as likely another one's."""
    assert not any(
        line.figures for line in _completed("污水处理厂、孟家湾大道、河湾渠年累计分别为3.1亿、1.4亿").lines
    )
