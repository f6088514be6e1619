"""Workdays, deadlines, the push window, reporting weeks and months (rules A1, A2, A3, A5, A6).

Everything here is pure: the holiday table comes in as data, the time as an argument. Days are local days in
Asia/Shanghai; every datetime returned is aware. Counting and stepping are closed-form (a bisect over the
holiday table), so a call costs about a microsecond whatever the distance.
"""

import csv
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_DEADLINE = time(18, 0)
_FEWEST_WORKDAYS_OF_A_WEEK = 2
_KINDS = {"work": True, "off": False}
_MON_TO_FRI = 5
_WEEK = 7


def parse_calendar(csv_text: str) -> dict[date, bool]:
    """Read a holiday table: header ``date,kind,holiday``, kind ``work`` (True) or ``off`` (False).

    Only days that the notices name are listed; all others follow Monday to Friday. Blank lines and a byte
    order mark are ignored. Raises ValueError, naming the line, for a missing header, a malformed date, an
    unknown kind, or a day listed twice.
    """
    rows = csv.reader(csv_text.removeprefix("\ufeff").splitlines())
    header = [cell.strip().lower() for cell in next(rows, [])]
    if header[:2] != ["date", "kind"]:
        raise ValueError("第1行：表头应为 date,kind,holiday")
    days: dict[date, bool] = {}
    for row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        line = rows.line_num
        try:
            day = date.fromisoformat(cells[0])
        except ValueError:
            raise ValueError(f"第{line}行：日期「{cells[0]}」应写成 2026-10-01 的形式") from None
        kind = cells[1].lower() if len(cells) > 1 else ""
        if kind not in _KINDS:
            raise ValueError(f"第{line}行：类型「{kind}」应为 work（上班）或 off（放假）")
        if day in days:
            raise ValueError(f"第{line}行：日期 {day} 重复")
        days[day] = _KINDS[kind]
    return days


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked (rule A1). Build it with `Calendar.of`; instances are immutable and hashable."""

    years: frozenset[int]
    """Years for which the table has rows."""
    _flipped: frozenset[int]
    """Ordinals of days whose kind differs from plain Monday to Friday."""
    _turns: tuple[int, ...]
    """The same ordinals, ascending."""
    _balance: tuple[int, ...]
    """_balance[i]: workdays gained (+) or lost (-) through the first i turns."""
    _counts: tuple[int, ...]
    """_counts[i]: workdays since the beginning of time up to and including the i-th turn; ascending."""

    @classmethod
    def of(cls, days: Mapping[date, bool]) -> "Calendar":
        """Build from the named days: True is a workday, False a day off; others follow Monday to Friday."""
        turns = tuple(
            sorted(d.toordinal() for d, works in days.items() if works != (d.weekday() < _MON_TO_FRI))
        )
        balance = tuple(accumulate((1 if _weekend(turn) else -1 for turn in turns), initial=0))
        counts = tuple(
            _weekdays_until(turn) + gained for turn, gained in zip(turns, balance[1:], strict=True)
        )
        return cls(frozenset(day.year for day in days), frozenset(turns), turns, balance, counts)

    def covers(self, year: int) -> bool:
        """Whether the table knows this year. If not, Monday to Friday are workdays."""
        return year in self.years

    def is_workday(self, day: date) -> bool:
        return (day.weekday() < _MON_TO_FRI) != (day.toordinal() in self._flipped)

    def next_workday(self, day: date) -> date:
        """Return the first workday strictly after the day."""
        return self.add_workdays(day, 1)

    def workday_on_or_after(self, day: date) -> date:
        return day if self.is_workday(day) else self.add_workdays(day, 1)

    def workday_on_or_before(self, day: date) -> date:
        return day if self.is_workday(day) else self.subtract_workdays(day, 1)

    def add_workdays(self, day: date, n: int) -> date:
        """Return the n-th workday after the day, counting from the next workday (rule A2).

        n = 0 is the day itself. Raises ValueError if n is negative.
        """
        if n < 0:
            raise ValueError(f"workdays to add must not be negative: {n}")
        return day if n == 0 else self._nth(self._count(day.toordinal()) + n)

    def subtract_workdays(self, day: date, n: int) -> date:
        """Return the n-th workday before the day; n = 0 is the day itself. Raises ValueError if n < 0."""
        if n < 0:
            raise ValueError(f"workdays to subtract must not be negative: {n}")
        return day if n == 0 else self._nth(self._count(day.toordinal() - 1) - n + 1)

    def workdays_between(self, after: date, until: date) -> int:
        """Return the number of workdays d with after < d <= until; 0 if until is not later than after."""
        return max(0, self._count(until.toordinal()) - self._count(after.toordinal()))

    def last_workday_of_week(self, day: date) -> date:
        """Return the last workday of the Monday-to-Sunday week of the day (「本周内」, rule A2).

        It may lie before the day. A week without any workday gives the last workday of the next one that has.
        """
        monday = day - timedelta(days=day.weekday())
        while self._workdays_of_week(monday) == 0:
            monday += timedelta(days=_WEEK)
        return self.workday_on_or_before(monday + timedelta(days=_WEEK - 1))

    def last_workday_of_month(self, day: date) -> date:
        """Return the last workday of the calendar month of the day (「月底前」, rule A2).

        It may lie before the day.
        """
        return self.workday_on_or_before(day.replace(day=monthrange(day.year, day.month)[1]))

    def _workdays_of_week(self, monday: date) -> int:
        return self.workdays_between(monday - timedelta(days=1), monday + timedelta(days=_WEEK - 1))

    def _count(self, ordinal: int) -> int:
        return _weekdays_until(ordinal) + self._balance[bisect_right(self._turns, ordinal)]

    def _nth(self, n: int) -> date:
        """Return the day on which the count of workdays reaches n.

        Between two turns the calendar is plain, so the plain inverse holds; the only workday it cannot find
        is a make-up workday, which is the turn that closes the stretch and comes before the plain answer.
        """
        turn = bisect_left(self._counts, n)
        ordinal = _nth_weekday(n - self._balance[turn])
        if turn < len(self._turns):
            ordinal = min(ordinal, self._turns[turn])
        return date.fromordinal(ordinal)


def _weekend(ordinal: int) -> bool:
    return (ordinal - 1) % _WEEK >= _MON_TO_FRI


def _weekdays_until(ordinal: int) -> int:
    """Return the number of days Monday to Friday in 1..ordinal; ordinal 1 is a Monday."""
    weeks, days = divmod(ordinal, _WEEK)
    return weeks * _MON_TO_FRI + min(days, _MON_TO_FRI)


def _nth_weekday(n: int) -> int:
    weeks, days = divmod(n - 1, _MON_TO_FRI)
    return weeks * _WEEK + days + 1


# --- moments


def local(moment: datetime) -> datetime:
    """Return the moment in Asia/Shanghai. Raises ValueError for a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime: {moment.isoformat()}")
    return moment.astimezone(SHANGHAI)


def local_date(moment: datetime) -> date:
    """Return the calendar day in Asia/Shanghai on which the moment falls."""
    return local(moment).date()


def days_ahead(today: date, days: int) -> str:
    """A day to come as people write it, 10月9日: an example that is typed back as it stands must not be over."""
    day = today + timedelta(days=days)
    return f"{day.month}月{day.day}日"


def at(day: date, clock: str | time) -> datetime:
    """Return the moment of that local day at a clock time such as "18:00"."""
    wall = time.fromisoformat(clock) if isinstance(clock, str) else clock
    return datetime.combine(day, wall, tzinfo=SHANGHAI)


def deadline(day: date) -> datetime:
    """Return 18:00 local of the day: 「X日前」 includes X until then (rule A2)."""
    return at(day, _DEADLINE)


def workday_deadline(start: datetime | date, n: int, calendar: Calendar) -> datetime:
    """Return 18:00 on the n-th workday, counted from the next workday after the start (rule A2)."""
    day = local_date(start) if isinstance(start, datetime) else start
    return deadline(calendar.add_workdays(day, n))


# --- push window (rule A3)


@dataclass(frozen=True, slots=True)
class PushWindow:
    """When the bot may speak unasked: workdays from opens (included) to closes (excluded), local time."""

    opens: time = time(8, 30)
    closes: time = time(18, 30)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"push window opens at {self.opens} and closes at {self.closes}")


DEFAULT_PUSH_WINDOW = PushWindow()


def in_push_window(now: datetime, calendar: Calendar, window: PushWindow = DEFAULT_PUSH_WINDOW) -> bool:
    here = local(now)
    return window.opens <= here.time() < window.closes and calendar.is_workday(here.date())


def next_opening(now: datetime, calendar: Calendar, window: PushWindow = DEFAULT_PUSH_WINDOW) -> datetime:
    """Return now if it lies inside the window, else the next moment at which the window opens."""
    if in_push_window(now, calendar, window):
        return now
    here = local(now)
    early = calendar.is_workday(here.date()) and here.time() < window.opens
    return at(here.date() if early else calendar.next_workday(here.date()), window.opens)


def announced_at(expired: datetime, calendar: Calendar, window: PushWindow = DEFAULT_PUSH_WINDOW) -> datetime:
    """Return when something that ran out is announced: the opening of the next workday (rule A3)."""
    return at(calendar.next_workday(local_date(expired)), window.opens)


# --- reporting periods (rules A5, A6)


@dataclass(frozen=True, slots=True)
class Week:
    """A reporting period: whole weeks, Monday to Sunday, longer than one week if short weeks were merged."""

    first: date
    last: date
    feedback_due: datetime
    """反馈截止: last-but-one workday 18:00."""
    summary_due: datetime
    """小结截止: last workday 12:00."""
    digest_at: datetime
    """汇总通报: last workday 17:00."""

    @property
    def call_at(self) -> datetime:
        """When those who have not reported are asked (rule I1): 10:00 on the day of 反馈截止."""
        return at(self.feedback_due.date(), "10:00")

    @property
    def merged(self) -> bool:
        """Whether the period holds more than one calendar week; such a period must be named (rule A5)."""
        return (self.last - self.first).days >= _WEEK


def week_of(day: date, calendar: Calendar) -> Week:
    """Return the reporting period that contains the day (rule A5).

    A week with fewer than two workdays belongs to the period of the following week.
    """
    step = timedelta(days=_WEEK)
    first = day - timedelta(days=day.weekday())
    last = first
    while _short(first - step, calendar):
        first -= step
    while _short(last, calendar):
        last += step
    sunday = last + step - timedelta(days=1)
    final = calendar.workday_on_or_before(sunday)
    return Week(
        first=first,
        last=sunday,
        feedback_due=deadline(calendar.subtract_workdays(final, 1)),
        summary_due=at(final, "12:00"),
        digest_at=at(final, "17:00"),
    )


def _short(monday: date, calendar: Calendar) -> bool:
    return calendar._workdays_of_week(monday) < _FEWEST_WORKDAYS_OF_A_WEEK


def monthly_draft_day(month: date, calendar: Calendar) -> date:
    """Return the day on which the 通报 draft for a month is made, at 09:00 (rule A6).

    month: any day of the month reported on. The draft is made on the first workday on or after the 5th of the
    next month.
    """
    next_month = month.replace(day=1) + timedelta(days=31)
    return calendar.workday_on_or_after(next_month.replace(day=5))
