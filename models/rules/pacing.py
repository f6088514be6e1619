"""How quickly notices that are not urgent may follow each other into one channel (rule P1).

A channel takes so many messages a minute and no more. If everything that waits were sent at once, an urgent notice
that comes a moment later would find the minute used up; so what is not urgent begins with a short burst and then keeps
a steady pace, and a part of every minute stays free.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

BURST: Final = 5
"""Messages that may go at once; also how many of every minute stay free for what is urgent."""
LEAST_SHARE: Final = 4
"""A channel that takes few messages keeps no more than one in four free."""


@dataclass(frozen=True, slots=True)
class Room:
    """messages: how many may go now. next_at: when one more may, if none may now."""

    messages: int
    next_at: datetime | None = None


def room(per_minute: int, *, sent: int, last_at: datetime | None, now: datetime) -> Room:
    """Return how many messages that are not urgent may go now.

    per_minute: what the channel takes, at least 1. sent: such messages within the last minute; last_at: the last one.
    """
    burst = max(1, min(BURST, per_minute // LEAST_SHARE))
    if sent < burst or last_at is None:
        return Room(burst - sent)
    next_at = last_at + timedelta(minutes=1) / max(1, per_minute - burst)
    return Room(1) if next_at <= now else Room(0, next_at)
