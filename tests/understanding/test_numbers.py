"""Money and percentages: what must be understood, what must be refused, and a second converter as referee."""

from __future__ import annotations

import cn2an
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.understanding import parse_amount, parse_percentage

WAN = 1_000_000


@pytest.mark.parametrize(
    ("text", "wan"),
    [
        ("3亿5000万", 35000),
        ("1亿2千万", 12000),
        ("1亿零500万", 10500),
        ("三亿二", 32000),
        ("一个半亿", 15000),
        ("三亿半", 35000),
        ("半个亿", 5000),
        ("三万半", 3.5),
        ("三个亿", 30000),
        ("壹佰万元整", 100),
        ("１．２亿元", 12000),
        ("1500余万元", 1500),
        ("1.5万亿", 150_000_000),
        ("5500w", 5500),
        ("5500W", 5500),
        ("一亿二", 12000),
        ("两亿零四百万", 20400),
        ("4亿6千万", 46000),
        ("八千六百万", 8600),
        ("1.98个亿", 19800),
        ("３，５００万元", 3500),
        ("7,480.5万元", 7480.5),
        ("两千三百万", 2300),
        ("一点二亿", 12000),
        ("5千5百万", 5500),
        ("3520", 3520),
        ("八千六", 8600),
        ("约3000万元左右", 3000),
        ("0", 0),
    ],
)
def test_amount_in_wan(text: str, wan: float) -> None:
    amount = parse_amount(text)
    assert amount is not None
    assert amount.fen == round(wan * WAN)


def test_yuan_jiao_fen_are_exact() -> None:
    amount = parse_amount("壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元玖角")
    assert amount is not None
    assert amount.fen == 1_234_567_890
    assert parse_amount("0.1元").fen == 10  # type: ignore[union-attr]  # understood


def test_unit_and_hedge_are_kept() -> None:
    bare, hedged = parse_amount("3520"), parse_amount("近2000万")
    assert bare is not None
    assert hedged is not None
    assert (bare.unit_said, bare.approximate) == (False, False)
    assert (hedged.unit_said, hedged.approximate) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        "3000-5000万元",
        "三亿二千",
        "1.2亿半",
        "两千万半",
        "大半个亿",
        "1亿5000",
        "五六百万",
        "几百万",
        "5500万吨",
        "12户",
        "",
        "万元",
        "5500万,还有",
        "1.2.3亿",
        "9" * 40,
    ],
)
def test_not_understood(text: str) -> None:
    assert parse_amount(text) is None


@settings(max_examples=300, deadline=None)
@given(st.integers(min_value=0, max_value=10**12 - 1))
@example(234_800_001_000)
def test_chinese_numerals_come_back_unchanged(yuan: int) -> None:
    for style in ("low", "up"):
        amount = parse_amount(cn2an.an2cn(str(yuan), style) + "元")
        if yuan >= 10**8 and 1000 <= yuan % 10**8 < 10**4:
            assert amount is None  # 「三亿一千」, written without 零, may mean 一千万
            continue
        assert amount is not None
        assert amount.fen == yuan * 100


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789.,零一二三十百千万亿元个多余w壹整 ", max_size=20))
def test_any_run_is_understood_whole_or_not_at_all(text: str) -> None:
    amount = parse_amount(text)
    assert amount is None or amount.fen >= 0


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("七成五", 75),
        ("六成半", 65),
        ("过半", 50),
        ("三分之二", 66.67),
        ("75％", 75),
        ("百分之七点五", 7.5),
        ("百分之二十八", 28),
        ("21.7%", 21.7),
        ("两成多", 20),
        ("百分之百", 100),
    ],
)
def test_percentage(text: str, percent: float) -> None:
    found = parse_percentage(text)
    assert found is not None
    assert found.basis_points == round(percent * 100)


@pytest.mark.parametrize("text", ["三分之四", "75", "5个百分点", "完成75%", ""])
def test_no_percentage(text: str) -> None:
    assert parse_percentage(text) is None
