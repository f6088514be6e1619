"""What is not urgent leaves room for what is (rule P1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import pacing
from models.rules.pacing import Room

NOW = datetime(2026, 9, 22, 2, 0, tzinfo=UTC)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("per_minute", "sent", "last", "expected"),
    [
        (20, 0, None, Room(5)),
        (20, 3, 1, Room(2)),
        (20, 5, 4, Room(1)),  # fifteen a minute after the burst
        (20, 5, 3, Room(0, NOW + timedelta(seconds=1))),
        (20, 15, 4, Room(1)),
        (4, 0, None, Room(1)),
        (4, 1, 19, Room(0, NOW + timedelta(seconds=1))),
        (1, 1, 59, Room(0, NOW + timedelta(seconds=1))),
    ],
)
def test_burst_then_pace(per_minute: int, sent: int, last: float | None, expected: Room) -> None:
    assert (
        pacing.room(per_minute, sent=sent, last_at=None if last is None else ago(last), now=NOW) == expected
    )


@given(st.integers(1, 200), st.integers(1, 300))
def test_a_channel_that_always_has_something_keeps_its_limit(per_minute: int, seconds: int) -> None:
    """From the second minute on a part of every minute is free, where the limit leaves one."""
    times: list[datetime] = []
    for second in range(seconds):
        now = NOW + timedelta(seconds=second)
        minute = [at for at in times if at > now - timedelta(minutes=1)]
        found = pacing.room(per_minute, sent=len(minute), last_at=minute[-1] if minute else None, now=now)
        times += [now] * found.messages
        minute = [at for at in times if at > now - timedelta(minutes=1)]
        assert len(minute) <= max(per_minute, 2)
        if second >= 60 and per_minute > 4:
            assert len(minute) <= per_minute - min(pacing.BURST, per_minute // pacing.LEAST_SHARE) + 1
