"""A sum of parts is taken for what its parts are of; the parts are named as not taken."""

from __future__ import annotations

import pytest

from handlers.understanding.reading import Basis
from tests.understanding.fixtures_city import facts, wan, zhang


@pytest.mark.parametrize(
    ("text", "sum_wan", "basis"),
    [
        ("污水处理厂本月土建完成1200万，设备300万，合计1500万", 1500, Basis.PERIOD),
        ("污水处理厂今年土建完成1200万，设备300万，合计完成1500万", 1500, Basis.YEAR_TO_DATE),
        ("污水处理厂土建1200万，设备300万，合计1500万", 1500, Basis.UNSAID),  # 合计 is no 累计: it is asked
    ],
)
def test_a_sum_is_of_what_its_parts_are_of(text: str, sum_wan: int, basis: Basis) -> None:
    (line,) = zhang(text).lines
    assert [(wan(one.amount.fen), one.basis) for one in line.figures] == [(sum_wan, basis)]
    assert {one.text for one in zhang(text).unread} == {"1200万", "300万"}


def test_the_sum_of_what_was_paid_is_paid() -> None:
    (line,) = zhang("污水处理厂支付土建800万、设备200万，共1000万").lines
    assert not line.figures
    assert facts(line)["funds"] == {"paid": 1000}


def test_a_later_day_and_no_less_goes_on_from_a_total() -> None:
    (line,) = zhang("污水处理厂8月末累计8600万，9月20日9400万").lines
    assert [(wan(one.amount.fen), one.basis) for one in line.figures] == [
        (8600, Basis.CUMULATIVE),
        (9400, Basis.CUMULATIVE),
    ]


def test_a_total_does_not_fall_without_a_word() -> None:
    reading = zhang("污水处理厂8月末累计8600万，9月20日1400万")
    assert [wan(one.amount.fen) for one in reading.lines[0].figures] == [8600]
    assert "1400万" in {one.text for one in reading.unread}


def test_the_number_of_a_payment_is_no_part_of_the_name() -> None:
    (line,) = zhang("污水处理厂首笔300万已拨付").lines
    assert line.mention == "污水处理厂"


@pytest.mark.parametrize(
    "text", ["污水处理厂9月报4100万", "污水处理厂上月报4100万，其中200万是重复的，实际应为3900万"]
)
def test_what_a_month_reported_is_asked_about(text: str) -> None:
    """A month's report holds totals as well as what the month brought."""
    (line,) = zhang(text).lines
    assert [one.basis for one in line.figures] == [Basis.UNSAID]


def test_a_threshold_is_a_hedge() -> None:
    """As 近, 超过 and 不到: the card shows the figure, whose author confirms or mends it."""
    (line,) = zhang("污水处理厂年累计突破1.2亿大关").lines
    assert [(wan(one.amount.fen), one.basis) for one in line.figures] == [(12000, Basis.YEAR_TO_DATE)]
