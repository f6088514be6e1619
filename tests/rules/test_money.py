"""Rule C5 and E1: how amounts and shares are shown."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.money import FEN_PER_WAN, percent, points, wan, wan_fixed


@pytest.mark.parametrize(
    ("fen", "shown", "fixed"),
    [
        (4700 * FEN_PER_WAN, "4700", "4700.00"),
        (1_500_000, "1.5", "1.50"),
        (10_000, "0.01", "0.01"),
        (100 * FEN_PER_WAN, "100", "100.00"),
        (0, "0", "0.00"),
        (4_999, "0", "0.00"),
        (5_000, "0.01", "0.01"),
        (-300 * FEN_PER_WAN, "-300", "-300.00"),
        (-4_999, "0", "0.00"),
        (-5_000, "-0.01", "-0.01"),
    ],
)
def test_amounts_in_wan(fen: int, shown: str, fixed: str) -> None:
    assert wan(fen) == shown
    assert wan_fixed(fen) == fixed


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(5500, 8000), "68.75"),
        (Fraction(1, 3), "33.33"),
        (Fraction(2, 3), "66.67"),
        (Fraction(1, 1), "100.00"),
        (Fraction(1226, 1000), "122.60"),
        (Fraction(10005, 1_000_000), "1.00"),
        (Fraction(10050, 1_000_000), "1.01"),
        (Fraction(-1, 1_000_000), "0.00"),
        (Fraction(-138, 1000), "-13.80"),
    ],
)
def test_shares_in_percent(share: Fraction, shown: str) -> None:
    assert percent(share) == shown
    assert points(share) == shown


@given(st.integers(-(10**16), 10**16))
def test_half_up_as_decimal_does_it(fen: int) -> None:
    exact = (Decimal(fen) / FEN_PER_WAN).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert Decimal(wan_fixed(fen)) == exact
    assert Decimal(wan(fen)) == exact
    assert wan(fen) != "-0"
