"""What timers do, one module a kind of record."""

from scheduler.schedule import TimerKind

TIMERS: dict[str, TimerKind] = {}
