"""Amounts and shares as text. Money is integer 分 (fen); 1 万元 = 1,000,000 分. Shares are exact Fractions.

Nothing here is a float: what is shown is rounded half away from zero from the exact value, and only shown,
never compared (rules C5, E1).
"""

from fractions import Fraction

FEN_PER_WAN = 1_000_000
_FEN_PER_HUNDREDTH = FEN_PER_WAN // 100


def wan(fen: int) -> str:
    """Return the amount in 万元 with at most two decimals, trailing zeros dropped: "4700", "1.5", "0.01"."""
    if fen % FEN_PER_WAN == 0:
        return str(fen // FEN_PER_WAN)
    text = wan_fixed(fen)
    return text.rstrip("0").rstrip(".")


def wan_fixed(fen: int) -> str:
    """Return the amount in 万元 with exactly two decimals: "4700.00". For columns that align."""
    return _hundredths(_half_up(fen, _FEN_PER_HUNDREDTH))


def percent(share: Fraction) -> str:
    """Return a share (1 is the whole) in percent with two decimals: Fraction(11, 16) gives "68.75"."""
    return _hundredths(_half_up(share.numerator * 10_000, share.denominator))


def points(difference: Fraction) -> str:
    """Return a difference of two shares in percentage points (百分点) with two decimals: "1.08", "-3.50"."""
    return percent(difference)


def _half_up(numerator: int, denominator: int) -> int:
    """Divide and round to the nearest integer, halves away from zero. denominator is positive."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def _hundredths(count: int) -> str:
    sign = "-" if count < 0 else ""
    whole, rest = divmod(abs(count), 100)
    return f"{sign}{whole}.{rest:02d}"
