"""Rules E9-E12, E14, F3, F5-F7: the dates and times of scenarios S19-S24, S27, S29, S31-S33, S77."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.calendar import Calendar, at, parse_calendar
from models.rules.ladder import (
    ITEM_LADDER,
    LadderPolicy,
    RedDayStep,
    Rung,
    RungName,
    Step,
    adjustment_allowed,
    adjustment_reminder,
    extension_workdays,
    light_feedback_due,
    missed_feedback_dues,
    next_feedback_due,
    overdue_workdays,
    receipt,
    red_day_step,
    reminder_after_snooze,
    resume,
    rungs,
    snoozed_until,
)
from models.types import Light

CHINA = Calendar.of(
    parse_calendar((Path(__file__).parents[2] / "models/data/calendar_cn.csv").read_text(encoding="utf-8"))
)
MOMENTS = st.builds(at, st.dates(date(2026, 8, 1), date(2026, 12, 1)), st.times())


def day(month: int, number: int) -> date:
    return date(2026, month, number)


def when(month: int, number: int, clock: str) -> datetime:
    return at(day(month, number), clock)


class TestLadder:
    def test_s31(self) -> None:
        assert rungs(when(9, 21, "18:00"), CHINA) == (
            Rung(RungName.REMIND, when(9, 20, "16:00")),
            Rung(RungName.URGE, when(9, 22, "09:00")),
            Rung(RungName.REMINDER_LETTER, when(9, 24, "09:00")),
            Rung(RungName.SUPERVISION_LETTER, when(9, 29, "09:00")),
            Rung(RungName.ESCALATION, when(10, 12, "09:00")),
        )

    def test_light_feedback_climbs_to_t_plus_5(self) -> None:
        """S01: the reminder for 09-28 would come on 09-24, T-1."""
        climbed = rungs(when(9, 28, "18:00"), CHINA, ITEM_LADDER.of_lights)
        assert [rung.name for rung in climbed] == [
            RungName.REMIND,
            RungName.URGE,
            RungName.REMINDER_LETTER,
            RungName.SUPERVISION_LETTER,
        ]
        assert climbed[0].at == when(9, 24, "16:00")
        assert climbed[3].at == when(10, 10, "09:00")

    def test_a_due_day_off(self) -> None:
        """「10月3日前」 stays 10-03; the workday before is 09-30, the one after 10-08."""
        assert [rung.at for rung in rungs(when(10, 3, "18:00"), CHINA)][:2] == [
            when(9, 30, "16:00"),
            when(10, 8, "09:00"),
        ]

    def test_s77_a_return_moves_what_is_left(self) -> None:
        left = rungs(when(9, 21, "18:00"), CHINA)[1:]
        moved = resume(left, when(9, 21, "17:58"), when(9, 23, "11:00"), CHINA)
        assert moved[:2] == (
            Rung(RungName.URGE, when(9, 24, "09:00")),
            Rung(RungName.REMINDER_LETTER, when(9, 29, "09:00")),
        )
        assert [rung.name for rung in moved] == [rung.name for rung in left]

    def test_a_return_on_the_same_day_moves_nothing(self) -> None:
        left = rungs(when(9, 21, "18:00"), CHINA)[2:]
        assert resume(left, when(9, 22, "08:50"), when(9, 22, "17:00"), CHINA) == left

    @given(due=MOMENTS, submitted=MOMENTS, hours=st.integers(0, 1000))
    def test_moved_rungs_keep_their_order_and_clock(
        self, due: datetime, submitted: datetime, hours: int
    ) -> None:
        left = rungs(due, CHINA)
        moved = resume(left, submitted, submitted + timedelta(hours=hours), CHINA)
        assert [rung.at for rung in moved] == sorted(rung.at for rung in moved)
        for before, after in zip(left, moved, strict=True):
            assert after.at >= before.at
            assert after.at.time() == before.at.time()
            assert CHINA.is_workday(after.at.date())

    def test_policy_in_json(self) -> None:
        assert LadderPolicy.from_json(ITEM_LADDER.to_json()) == ITEM_LADDER
        policy = LadderPolicy.from_json([{"name": "催办", "workdays": 2, "clock": "10:30"}])
        assert policy.steps == (Step(RungName.URGE, 2, time(10, 30)),)
        assert rungs(when(9, 21, "18:00"), CHINA, policy) == (Rung(RungName.URGE, when(9, 23, "10:30")),)

    def test_moved_rungs_keep_their_clock(self) -> None:
        moved = ITEM_LADDER.moved({"督办函": 4, "提醒": -2})
        assert [(step.name.value, step.workdays) for step in moved.steps] == [
            ("提醒", -2), ("催办", 1), ("提醒函", 3), ("督办函", 4), ("提级建议", 10),
        ]  # fmt: skip
        assert moved.steps[0].clock == time(16, 0)
        assert [step.name.value for step in moved.of_lights.steps] == ["提醒", "催办", "提醒函", "督办函"]
        assert ITEM_LADDER.moved({}) == ITEM_LADDER

    @pytest.mark.parametrize(
        ("data", "complaint"),
        [
            ({"督办函": 2}, "先后"),
            ({"督办函": 0}, "应在 1 到 60 之间"),
            ({"提醒": 1}, "应在 -60 到 -1 之间"),
            ({"催办": "三天"}, "应为整数"),
            ({"约谈": 3}, "不认识的字段 约谈"),
        ],
    )
    def test_a_rung_that_cannot_be_there(self, data: dict[str, object], complaint: str) -> None:
        with pytest.raises(ValueError, match=complaint):
            ITEM_LADDER.moved(data)

    @pytest.mark.parametrize(
        ("data", "complaint"),
        [
            (["催办"], "第1步：应有 name"),
            ([{"name": "催办", "workdays": 1}, {"name": "约谈", "workdays": 3}], "第2步：name"),
            ([{"name": "催办", "workdays": 1.5}], "workdays 应为整数"),
            ([{"name": "催办", "workdays": 1, "clock": "nine"}], "clock 应为"),
            ([{"name": "催办", "workdays": 1, "hour": 9}], "不认识的字段 hour"),
            ([{"name": "催办", "workdays": 1}, {"name": "催办", "workdays": 2}], "只能出现一次"),
            ([{"name": "催办", "workdays": 3}, {"name": "提醒函", "workdays": 1}], "先后"),
        ],
    )
    def test_a_wrong_policy_is_named(self, data: list[object], complaint: str) -> None:
        with pytest.raises(ValueError, match=complaint):
            LadderPolicy.from_json(data)


class TestItemFeedback:
    def test_first_due_counts_from_the_receipt(self) -> None:
        """W0186 signed 09-15 is due 09-21; W0190 signed 09-16 is due 09-22."""
        assert next_feedback_due(day(9, 15), when(9, 15, "10:00"), CHINA) == day(9, 21)
        assert next_feedback_due(day(9, 16), when(9, 16, "10:00"), CHINA) == day(9, 22)

    def test_s31_a_late_feedback_keeps_the_rhythm(self) -> None:
        assert next_feedback_due(day(9, 21), when(9, 22, "15:00"), CHINA) == day(9, 29)

    def test_an_early_feedback_covers_the_coming_date(self) -> None:
        """W0190: the feedback for 09-22 was accepted on 09-21, next due 09-30."""
        assert next_feedback_due(day(9, 22), when(9, 21, "11:00"), CHINA) == day(9, 30)
        assert next_feedback_due(day(9, 22), when(9, 22, "18:00"), CHINA) == day(9, 30)

    def test_a_very_late_feedback_covers_all_missed_dates_but_not_the_coming_one(self) -> None:
        assert next_feedback_due(day(9, 21), when(9, 29, "18:00"), CHINA) == day(9, 29)
        assert next_feedback_due(day(9, 21), when(9, 29, "18:01"), CHINA) == day(10, 12)
        assert missed_feedback_dues(day(9, 21), when(9, 29, "18:01"), CHINA) == (day(9, 21), day(9, 29))

    def test_nothing_is_missed_at_the_deadline_itself(self) -> None:
        assert missed_feedback_dues(day(9, 21), when(9, 21, "18:00"), CHINA) == ()
        assert missed_feedback_dues(day(9, 21), when(9, 21, "18:01"), CHINA) == (day(9, 21),)

    def test_the_rhythm_is_policy(self) -> None:
        assert next_feedback_due(day(9, 21), when(9, 21, "10:00"), CHINA, every=2) == day(9, 23)
        with pytest.raises(ValueError, match="every 0"):
            next_feedback_due(day(9, 21), when(9, 21, "10:00"), CHINA, every=0)

    @given(due=st.dates(day(8, 1), day(10, 1)), submitted=MOMENTS, every=st.integers(1, 10))
    def test_every_due_day_is_either_covered_or_still_to_come(
        self, due: date, submitted: datetime, every: int
    ) -> None:
        following = next_feedback_due(due, submitted, CHINA, every)
        missed = missed_feedback_dues(due, submitted, CHINA, every)
        covered = missed or (due,)
        assert following == CHINA.add_workdays(covered[-1], every)
        assert following > due
        assert at(following, "18:00") >= submitted

    def test_lateness_in_workdays(self) -> None:
        due = when(9, 21, "18:00")
        assert overdue_workdays(due, due, CHINA) == 0
        assert overdue_workdays(due, when(9, 21, "18:01"), CHINA) == 1
        assert overdue_workdays(due, when(9, 22, "15:00"), CHINA) == 1  # S31
        assert overdue_workdays(due, when(9, 29, "09:00"), CHINA) == 5  # S44
        assert overdue_workdays(when(9, 24, "18:00"), when(9, 26, "12:00"), CHINA) == 1

    def test_s32_extension(self) -> None:
        assert extension_workdays(day(10, 20), day(10, 30), CHINA) == 8


class TestReceipts:
    def test_s20_s21_acknowledging_a_red_light(self) -> None:
        expected = receipt(when(9, 28, "08:30"), CHINA)
        assert expected.due == when(9, 29, "18:00")
        assert expected.remind_at == when(9, 30, "08:30")
        assert expected.report_at == when(10, 8, "08:30")

    def test_s28_s29_receipt_of_an_item(self) -> None:
        expected = receipt(when(9, 22, "09:40"), CHINA)
        assert expected.due == when(9, 23, "18:00")
        assert expected.remind_at == when(9, 24, "08:30")
        assert expected.report_at == when(9, 28, "08:30")

    def test_other_terms(self) -> None:
        expected = receipt(when(9, 28, "08:30"), CHINA, within=2, report_after=3)
        assert (expected.due, expected.report_at) == (when(9, 30, "18:00"), when(10, 9, "08:30"))


class TestWarnings:
    def test_feedback_due(self) -> None:
        assert light_feedback_due(Light.YELLOW, when(9, 20, "08:30"), CHINA) == when(9, 28, "18:00")  # S19
        assert light_feedback_due(Light.RED, when(9, 28, "08:30"), CHINA) == when(10, 8, "18:00")  # S20
        assert light_feedback_due(Light.RED, when(9, 28, "08:30"), CHINA, red=2) == when(9, 30, "18:00")
        with pytest.raises(ValueError, match="green"):
            light_feedback_due(Light.GREEN, when(9, 28, "08:30"), CHINA)

    def test_s27_snooze(self) -> None:
        pressed = when(9, 28, "10:00")
        resumes = snoozed_until(pressed, 3, CHINA)
        assert resumes == day(10, 9)
        assert reminder_after_snooze(when(9, 30, "08:30"), pressed, resumes) == when(10, 9, "08:30")
        assert reminder_after_snooze(when(10, 9, "09:00"), pressed, resumes) == when(10, 9, "09:00")
        assert reminder_after_snooze(when(9, 28, "09:00"), pressed, resumes) == when(9, 28, "09:00")
        assert snoozed_until(pressed, 1, CHINA) == day(9, 30)

    @pytest.mark.parametrize("workdays", [0, 4])
    def test_snooze_has_bounds(self, workdays: int) -> None:
        with pytest.raises(ValueError, match="3 个工作日"):
            snoozed_until(when(9, 28, "10:00"), workdays, CHINA)

    def test_s20_s22_red_days(self) -> None:
        """Red since the holiday 09-25: 09-28 is red day 1, 10-08 day 4, 10-09 day 5, 10-15 day 10."""
        counts = {
            number: CHINA.workdays_between(day(9, 24), date(2026, 9, 24) + timedelta(days=number))
            for number in range(1, 36)
        }
        steps = {
            day(9, 24) + timedelta(days=number): step
            for number, count in counts.items()
            if (step := red_day_step(count)) is not None
            and CHINA.is_workday(day(9, 24) + timedelta(days=number))
        }
        assert steps == {
            day(10, 9): RedDayStep.SECOND_NOTICE,
            day(10, 15): RedDayStep.ESCALATION,
            day(10, 29): RedDayStep.MEETING_LIST,
        }

    def test_red_day_thresholds_are_policy(self) -> None:
        assert red_day_step(5) == 5
        assert red_day_step(10) == 10
        assert red_day_step(20) == 20
        assert red_day_step(0) is red_day_step(4) is red_day_step(21) is None
        assert red_day_step(3, notice=3, escalation=6, meeting=9) is RedDayStep.SECOND_NOTICE
        assert red_day_step(5, notice=3, escalation=6, meeting=9) is None

    def test_s24_adjusted_light(self) -> None:
        assert adjustment_allowed(day(10, 8), day(11, 6))
        assert adjustment_allowed(day(10, 8), day(11, 7))
        assert not adjustment_allowed(day(10, 8), day(11, 8))
        assert not adjustment_allowed(day(10, 8), day(10, 7))
        assert adjustment_reminder(day(11, 6), CHINA) == day(11, 3)
