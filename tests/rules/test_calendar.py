"""Rules A1–A3, A5, A6: workdays, deadlines, push window, reporting periods."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.calendar import (
    SHANGHAI,
    Calendar,
    PushWindow,
    announced_at,
    at,
    deadline,
    in_push_window,
    local,
    local_date,
    monthly_draft_day,
    next_opening,
    parse_calendar,
    week_of,
    workday_deadline,
)

TABLE = parse_calendar(
    (Path(__file__).parents[2] / "models/data/calendar_cn.csv").read_text(encoding="utf-8")
)
CHINA = Calendar.of(TABLE)
PLAIN = Calendar.of({})


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


# The 2026 table of rule A1, written out here on purpose: the file must agree with it.
HOLIDAYS_2026 = [
    *days(day(1, 1), day(1, 3)),
    *days(day(2, 15), day(2, 23)),
    *days(day(4, 4), day(4, 6)),
    *days(day(5, 1), day(5, 5)),
    *days(day(6, 19), day(6, 21)),
    *days(day(9, 25), day(9, 27)),
    *days(day(10, 1), day(10, 7)),
]
MAKE_UP_2026 = [day(1, 4), day(2, 14), day(2, 28), day(5, 9), day(9, 20), day(10, 10)]


class TestTable:
    def test_the_year_2026_is_as_rule_a1_lists_it(self) -> None:
        expected = dict.fromkeys(HOLIDAYS_2026, False) | dict.fromkeys(MAKE_UP_2026, True)
        assert {d: works for d, works in TABLE.items() if d.year == 2026} == expected

    def test_every_day_of_2026(self) -> None:
        for one in days(day(1, 1), day(12, 31)):
            works = one in MAKE_UP_2026 or (one.weekday() < 5 and one not in HOLIDAYS_2026)
            assert CHINA.is_workday(one) is works, one

    def test_a_year_outside_the_table_is_plain_and_says_so(self) -> None:
        assert CHINA.covers(2026)
        assert not CHINA.covers(2027)
        assert CHINA.is_workday(day(1, 1, 2027))  # a Friday
        assert not CHINA.is_workday(day(1, 2, 2027))

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("", "第1行"),
            ("day,kind\n", "第1行"),
            ("date,kind,holiday\n2026-10-01,off,国庆节\n2026-13-01,off,国庆节\n", "第3行.*2026-13-01"),
            ("date,kind,holiday\n\n2026-10-01,closed,国庆节\n", "第3行.*closed"),
            ("date,kind,holiday\n2026-10-01\n", "第2行"),
            ("date,kind,holiday\n2026-10-01,off,\n2026-10-01,work,\n", "第3行.*重复"),
        ],
    )
    def test_a_bad_table_names_the_line(self, text: str, complaint: str) -> None:
        with pytest.raises(ValueError, match=complaint):
            parse_calendar(text)

    def test_byte_order_mark_windows_line_ends_and_spaces_are_taken(self) -> None:
        text = "\ufeffdate,kind,holiday\r\n 2027-01-01 , OFF ,元旦\r\n\r\n2027-01-09,work,元旦\r\n"
        assert parse_calendar(text) == {day(1, 1, 2027): False, day(1, 9, 2027): True}


class TestCounting:
    def test_n_workdays_counts_from_the_next_workday(self) -> None:
        """S19: pushed 09-20, five workdays are 09-21, 22, 23, 24, 28."""
        assert [CHINA.add_workdays(day(9, 20), n) for n in range(1, 6)] == [
            day(9, 21),
            day(9, 22),
            day(9, 23),
            day(9, 24),
            day(9, 28),
        ]

    def test_over_the_national_holiday(self) -> None:
        """S20: three workdays after 09-28 are 09-29, 09-30, 10-08; S31: T+10 of 09-21 is 10-12."""
        assert CHINA.add_workdays(day(9, 28), 3) == day(10, 8)
        assert CHINA.add_workdays(day(9, 21), 10) == day(10, 12)

    def test_from_a_day_off_the_next_workday_is_the_first(self) -> None:
        assert CHINA.add_workdays(day(10, 3), 1) == day(10, 8)
        assert CHINA.subtract_workdays(day(10, 3), 1) == day(9, 30)

    def test_zero_is_the_day_itself(self) -> None:
        assert CHINA.add_workdays(day(10, 3), 0) == day(10, 3)
        assert CHINA.subtract_workdays(day(10, 3), 0) == day(10, 3)

    def test_backwards(self) -> None:
        """S31: before 09-21 comes a make-up Sunday; S51: T-3 and T-1 of 10-12; S24: 3 before 11-06."""
        assert CHINA.subtract_workdays(day(9, 21), 1) == day(9, 20)
        assert CHINA.subtract_workdays(day(10, 12), 3) == day(10, 8)
        assert CHINA.subtract_workdays(day(10, 12), 1) == day(10, 10)
        assert CHINA.subtract_workdays(day(11, 6), 3) == day(11, 3)

    def test_fifteen_workdays_after_the_promise(self) -> None:
        """S51: 15 workdays after 10-12 is 11-02. S34: 15 workdays after 10-16 is 11-06."""
        assert CHINA.add_workdays(day(10, 12), 15) == day(11, 2)
        assert CHINA.add_workdays(day(10, 16), 15) == day(11, 6)

    def test_between_counts_after_until(self) -> None:
        assert CHINA.workdays_between(day(9, 21), day(9, 23)) == 2  # S77
        assert CHINA.workdays_between(day(9, 15), day(10, 16)) == 19  # S33
        assert CHINA.workdays_between(day(10, 20), day(10, 30)) == 8  # S32
        assert CHINA.workdays_between(day(9, 24), day(9, 27)) == 0
        assert CHINA.workdays_between(day(9, 23), day(9, 21)) == 0

    def test_negative_counts_are_refused(self) -> None:
        with pytest.raises(ValueError, match="-1"):
            CHINA.add_workdays(day(9, 21), -1)
        with pytest.raises(ValueError, match="-1"):
            CHINA.subtract_workdays(day(9, 21), -1)

    def test_nearest_workdays(self) -> None:
        assert CHINA.workday_on_or_after(day(10, 3)) == day(10, 8)
        assert CHINA.workday_on_or_before(day(10, 3)) == day(9, 30)
        assert CHINA.workday_on_or_after(day(9, 20)) == CHINA.workday_on_or_before(day(9, 20)) == day(9, 20)
        assert CHINA.next_workday(day(9, 20)) == day(9, 21)

    def test_last_workday_of_week_and_month(self) -> None:
        assert CHINA.last_workday_of_week(day(9, 23)) == day(9, 24)  # S40: 本周内
        assert CHINA.last_workday_of_week(day(9, 14)) == day(9, 20)  # the make-up Sunday ends that week
        assert CHINA.last_workday_of_month(day(9, 22)) == day(9, 30)
        assert CHINA.last_workday_of_month(day(1, 5, 2027)) == day(1, 29, 2027)

    def test_a_week_without_workdays_ends_with_the_next(self) -> None:
        assert CHINA.last_workday_of_week(day(2, 18)) == day(
            2, 28
        )  # Spring Festival; 02-28 is a make-up Saturday

    @given(
        named=st.dictionaries(st.dates(day(1, 1), day(6, 30)), st.booleans(), max_size=60),
        start=st.dates(day(12, 1, 2025), day(7, 31)),
        n=st.integers(0, 40),
    )
    def test_agrees_with_walking_day_by_day(self, named: dict[date, bool], start: date, n: int) -> None:
        calendar = Calendar.of(named)

        def walked(step: int) -> date:
            here, left = start, n
            while left:
                here += timedelta(days=step)
                left -= named.get(here, here.weekday() < 5)
            return here

        assert calendar.add_workdays(start, n) == walked(1)
        assert calendar.subtract_workdays(start, n) == walked(-1)
        assert calendar.workdays_between(start, calendar.add_workdays(start, n)) == n

    def test_equal_tables_make_equal_calendars(self) -> None:
        assert Calendar.of(TABLE) == CHINA
        assert hash(Calendar.of(TABLE)) == hash(CHINA)
        assert PLAIN != CHINA


class TestMoments:
    def test_local_time_is_shanghai(self) -> None:
        evening = datetime(2026, 9, 21, 16, 30, tzinfo=UTC)
        assert local(evening).isoformat() == "2026-09-22T00:30:00+08:00"
        assert local_date(evening) == day(9, 22)

    def test_naive_time_is_refused(self) -> None:
        with pytest.raises(ValueError, match="naive"):
            local_date(datetime(2026, 9, 21, 16, 30))  # noqa: DTZ001 - the refusal is the subject

    def test_clock_times_of_a_day(self) -> None:
        assert at(day(9, 20), "08:30") == datetime(2026, 9, 20, 0, 30, tzinfo=UTC)
        assert deadline(day(9, 28)) == datetime(2026, 9, 28, 18, 0, tzinfo=SHANGHAI)

    def test_workday_deadline(self) -> None:
        assert workday_deadline(day(9, 20), 5, CHINA) == at(day(9, 28), "18:00")
        late_on_the_20th_in_utc = datetime(2026, 9, 19, 23, 59, tzinfo=UTC)
        assert workday_deadline(late_on_the_20th_in_utc, 5, CHINA) == at(day(9, 28), "18:00")


class TestPushWindow:
    @pytest.mark.parametrize(
        ("now", "inside"),
        [
            (at(day(9, 22), "08:29"), False),
            (at(day(9, 22), "08:30"), True),
            (at(day(9, 22), "18:29"), True),
            (at(day(9, 22), "18:30"), False),
            (at(day(9, 20), "12:00"), True),  # a Sunday that is worked
            (at(day(9, 25), "12:00"), False),  # a Friday off
        ],
    )
    def test_workdays_half_past_eight_to_half_past_six(self, now: datetime, inside: bool) -> None:
        assert in_push_window(now, CHINA) is inside

    @pytest.mark.parametrize(
        ("now", "opening"),
        [
            (at(day(9, 22), "10:02"), at(day(9, 22), "10:02")),
            (at(day(9, 22), "06:00"), at(day(9, 22), "08:30")),
            (at(day(9, 22), "20:10"), at(day(9, 23), "08:30")),
            (at(day(9, 19), "07:00"), at(day(9, 20), "08:30")),  # S19
            (at(day(9, 25), "07:00"), at(day(9, 28), "08:30")),  # S20
            (at(day(10, 1), "07:00"), at(day(10, 8), "08:30")),  # S24
        ],
    )
    def test_what_waits_goes_out_at_the_next_opening(self, now: datetime, opening: datetime) -> None:
        assert next_opening(now, CHINA) == opening

    def test_the_window_is_policy(self) -> None:
        window = PushWindow(at(day(1, 1), "09:00").time(), at(day(1, 1), "12:00").time())
        assert next_opening(at(day(9, 22), "12:00"), CHINA, window) == at(day(9, 23), "09:00")
        with pytest.raises(ValueError, match="opens"):
            PushWindow(window.closes, window.opens)

    def test_what_ran_out_is_announced_on_the_next_workday(self) -> None:
        """S29: 09-23 18:00 is told on 09-24; 09-24 18:00 on 09-28 08:30."""
        assert announced_at(at(day(9, 23), "18:00"), CHINA) == at(day(9, 24), "08:30")
        assert announced_at(at(day(9, 24), "18:00"), CHINA) == at(day(9, 28), "08:30")


class TestPeriods:
    def test_the_week_of_s46(self) -> None:
        week = week_of(day(9, 23), CHINA)
        assert (week.first, week.last) == (day(9, 21), day(9, 27))
        assert week.feedback_due == at(day(9, 23), "18:00")
        assert week.call_at == at(day(9, 23), "10:00")
        assert week.summary_due == at(day(9, 24), "12:00")
        assert week.digest_at == at(day(9, 24), "17:00")
        assert not week.merged

    def test_a_plain_week_ends_on_friday(self) -> None:
        week = week_of(day(11, 15), CHINA)  # a Sunday
        assert (week.first, week.last) == (day(11, 9), day(11, 15))
        assert week.feedback_due == at(day(11, 12), "18:00")
        assert week.digest_at == at(day(11, 13), "17:00")

    def test_a_week_without_workdays_joins_the_following(self) -> None:
        """Spring Festival 2026: 02-16 to 02-22 has no workday, 02-24 to 02-28 follow."""
        for one in days(day(2, 16), day(3, 1)):
            week = week_of(one, CHINA)
            assert (week.first, week.last, week.merged) == (day(2, 16), day(3, 1), True)
            assert week.feedback_due == at(day(2, 27), "18:00")
            assert week.digest_at == at(day(2, 28), "17:00")
        assert week_of(day(2, 15), CHINA).last == day(2, 15)

    def test_one_workday_is_too_few_and_two_are_enough(self) -> None:
        one_left = Calendar.of(dict.fromkeys(days(day(11, 10), day(11, 13)), False))
        assert week_of(day(11, 9), one_left).last == day(11, 22)
        two_left = Calendar.of(dict.fromkeys(days(day(11, 11), day(11, 13)), False))
        assert week_of(day(11, 9), two_left).last == day(11, 15)

    def test_two_short_weeks_join_the_third(self) -> None:
        closed = Calendar.of(dict.fromkeys(days(day(11, 10), day(11, 20)), False))
        assert {(w.first, w.last) for w in (week_of(d, closed) for d in days(day(11, 9), day(11, 29)))} == {
            (day(11, 9), day(11, 29))
        }

    @given(st.dates(day(1, 1, 2024), day(12, 31, 2026)))
    def test_periods_partition_the_days(self, one: date) -> None:
        week = week_of(one, CHINA)
        assert week.first <= one <= week.last
        assert week_of(week.last + timedelta(days=1), CHINA).first == week.last + timedelta(days=1)
        assert week_of(week.first, CHINA) == week_of(week.last, CHINA) == week
        assert week.first <= week.feedback_due.date() < week.digest_at.date() <= week.last

    def test_the_monthly_draft(self) -> None:
        """S47: September's draft is made on 10-08, the first workday on or after the 5th."""
        assert monthly_draft_day(day(9, 30), CHINA) == day(10, 8)
        assert monthly_draft_day(day(10, 1), CHINA) == day(11, 5)
        assert monthly_draft_day(day(12, 31), CHINA) == day(1, 5, 2027)
