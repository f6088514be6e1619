"""When a job is due: a daily local time, on every day or on workdays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.operations.desk import Desk
from models.rules.calendar import Calendar, at, local_date


@dataclass(frozen=True, slots=True)
class Daily:
    """clock: local time, e.g. "07:00". workdays: only on workdays of the calendar (rule A1)."""

    clock: str
    workdays: bool = False

    def between(self, after: datetime, until: datetime, calendar: Calendar) -> Iterator[datetime]:
        """Due times t with after < t <= until, in order."""
        day: date = local_date(after)
        last = local_date(until)
        while day <= last:
            due = at(day, self.clock)
            if after < due <= until and (not self.workdays or calendar.is_workday(day)):
                yield due
            day += timedelta(days=1)

    def next_after(self, moment: datetime, calendar: Calendar) -> datetime:
        day = local_date(moment)
        while True:
            due = at(day, self.clock)
            if due > moment and (not self.workdays or calendar.is_workday(day)):
                return due
            day += timedelta(days=1)


JobResult = dict[str, int | str]


@dataclass(frozen=True, slots=True)
class Job:
    """One job: its name, when it is due, and what it does at a due time (the desk's now). title is for operators."""

    name: str
    title: str
    schedule: Daily
    run: Callable[[Desk], JobResult]


@dataclass(frozen=True, slots=True)
class TimerKind:
    """What a timer does when it comes. subject_id and body are those it was set with."""

    name: str
    title: str
    run: Callable[[Desk, int, dict[str, object]], str]
