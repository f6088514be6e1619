"""Where time comes from. Nothing else in the product reads the wall clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    simulated: bool

    def now(self) -> datetime:
        """The current time, aware, in UTC."""


class WallClock:
    simulated = False

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place that may


class SimulatedClock:
    """Stands still until it is moved; only forward."""

    simulated = True

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move(self, to: datetime) -> None:
        """Raises ValueError if to lies in the past."""
        if to < self._now:
            raise ValueError(f"the clock stands at {self._now.isoformat()} and moves forward only")
        self._now = to.astimezone(UTC)
