"""Scores and ranks of a month (rule I3; the table of S47)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.rules.award_policy import AwardPolicy
from models.rules.ranking import Part, Ratio, Tally, praised, pressed, ranked, shown


def tally(name: str, *ratios: tuple[int, int]) -> Tally:
    return Tally(name, {part: Ratio(*ratio) for part, ratio in zip(Part, ratios, strict=False)})


S47 = [
    tally("白石县", (16400, 21800), (7, 9), (6, 9), (20, 24)),
    tally("高新区", (24300, 23000), (9, 10), (7, 7), (24, 24)),
    tally("青禾县", (18260, 18900), (11, 12), (9, 10), (24, 24)),
    tally("临河区", (15210, 15600), (8, 8), (10, 11), (23, 24)),
]
SHOWN = [
    ("高新区", "100.00", "90.00", "100.00", "100.00", "98.00", 1),
    ("临河区", "97.50", "100.00", "90.91", "95.83", "96.10", 2),
    ("青禾县", "96.61", "91.67", "90.00", "100.00", "94.48", 3),
    ("白石县", "75.23", "77.78", "66.67", "83.33", "74.81", 4),
]


def test_the_table_of_s47() -> None:
    assert [
        (one.tally.name, *(shown(one.tally.part(part).score) for part in Part), shown(one.score), one.rank)
        for one in ranked(S47)
    ] == SHOWN


def test_an_adopted_objection_of_s47() -> None:
    again = tally("白石县", (16400, 21800), (7, 9), (6, 9), (21, 24))
    assert shown(again.part(Part.REPORTS).score) == "87.50"
    assert shown(again.score()) == "75.44"
    assert ranked([again, *S47[1:]])[-1].rank == 4


def test_parts_with_nothing_due_are_left_out() -> None:
    """市林业局: items 3/4 and reports 9/10, nothing else."""
    forestry = tally("市林业局", (0, 0), (0, 0), (3, 4), (9, 10))
    assert shown(forestry.score()) == "80.63"
    assert shown(forestry.part(Part.INVESTMENT).score) == "—"
    assert tally("空").score() is None


def test_equal_scores_share_a_rank_and_the_next_is_skipped() -> None:
    places = ranked([tally("甲", (1, 3)), tally("乙", (2, 6)), tally("丙", (1, 4)), tally("丁")])
    assert [(one.tally.name, one.rank) for one in places] == [("乙", 1), ("甲", 1), ("丙", 3), ("丁", None)]


def test_order_is_by_the_unrounded_score() -> None:
    places = ranked([tally("甲", (333333, 1000000)), tally("乙", (333334, 1000000))])
    assert [(one.tally.name, one.rank, shown(one.score)) for one in places] == [
        ("乙", 1, "33.33"),
        ("甲", 2, "33.33"),
    ]


def test_praise_and_press() -> None:
    places = ranked(S47)
    assert [one.tally.name for one in praised(places)] == ["高新区"]
    assert [one.tally.name for one in pressed(places)] == ["白石县"]


def test_half_up_and_no_negative_figures() -> None:
    assert shown(Fraction(1, 200)) == "0.01"
    assert shown(Fraction(100)) == "100.00"
    with pytest.raises(ValueError, match="-1"):
        Ratio(-1, 3)


def test_i4_an_office_sets_its_own_marks() -> None:
    """I4: 表扬 and 督促 by the numbers of the policy; impossible ones are refused with the field's name."""
    places = ranked(S47)
    easy = AwardPolicy(praise_score=70, praise_one_in=1, press_below=10)
    assert len(praised(places, easy)) > 1
    assert pressed(places, AwardPolicy(praise_score=100, press_below=0)) == (places[-1],)
    assert AwardPolicy.from_json(easy.to_json()) == easy
    for wrong in ({"praise_score": 101}, {"praise_one_in": 0}, {"press_below": 95}, {"part_score": 91}):
        with pytest.raises(ValueError, match="考评规则"):
            AwardPolicy.from_json(wrong)
    with pytest.raises(ValueError, match="praise"):
        AwardPolicy.from_json({"praise": 1})
