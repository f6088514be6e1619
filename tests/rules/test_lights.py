"""Rules E1-E5, E7, the day tables of the scenarios, and the policies other places use."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.lights import (
    FundsFacts,
    LightMode,
    LightPolicy,
    ProjectFacts,
    ReasonKind,
    ScheduleKind,
    YearPlan,
    completion,
    completion_light,
    evaluate,
    funds_light,
    gap,
    investment_light,
    next_change_day,
    scheduled_share,
    stale,
    start_light,
    worst,
)
from models.rules.money import percent, points
from models.types import Light

from . import baseline
from .baseline import even, wan


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


def kinds(facts: ProjectFacts, today: date) -> list[ReasonKind]:
    return [reason.kind for reason in evaluate(facts, today).reasons]


class TestInvestment:
    @pytest.mark.parametrize(
        ("code", "today", "behind", "light"),
        [
            ("ZX0031", day(9, 18), "9.75", Light.GREEN),  # S19
            ("ZX0031", day(9, 19), "10.08", Light.YELLOW),
            ("ZX0031", day(9, 20), "10.42", Light.YELLOW),
            ("ZX0031", day(9, 22), "11.08", Light.YELLOW),  # S16
            ("ZD0108", day(9, 24), "30.00", Light.YELLOW),  # S20: exactly 30 is not red
            ("ZD0108", day(9, 25), "30.33", Light.RED),
            ("ZD0108", day(9, 28), "31.33", Light.RED),
            ("ZD0108", day(10, 8), "34.58", Light.RED),  # S72
            ("ZX0032", day(9, 29), "9.72", Light.GREEN),
            ("ZX0032", day(9, 30), "10.00", Light.YELLOW),  # S26: exactly 10 is yellow
            ("ZY0007", day(9, 30), "10.00", Light.YELLOW),
        ],
    )
    def test_day_tables(self, code: str, today: date, behind: str, light: Light) -> None:
        result = evaluate(baseline.ALL[code], today)
        assert result.gap is not None
        assert points(result.gap) == behind
        assert result.light is light

    @pytest.mark.parametrize(
        ("code", "reported", "done", "scheduled", "behind"),
        [
            ("ZX0031", 5500, "68.75", "69.83", "1.08"),  # S01
            ("ZX0031", 5300, "66.25", "69.83", "3.58"),  # S07
            ("ZX0032", 2100, "70.00", "72.78", "2.78"),  # S02, S07
            ("JJ0003", 3520, "73.33", "72.78", "-0.56"),  # S03
            ("ZY0009", 2650, "73.61", "72.78", "-0.83"),  # S06
            ("ZD0115", 49000, "81.67", "72.78", "-8.89"),
        ],
    )
    def test_what_the_cards_of_0922_show(
        self, code: str, reported: int, done: str, scheduled: str, behind: str
    ) -> None:
        result = evaluate(replace(baseline.ALL[code], year_to_date=wan(reported)), day(9, 22))
        assert result.completion is not None
        assert result.scheduled is not None
        assert result.gap is not None
        assert (percent(result.completion), percent(result.scheduled), points(result.gap)) == (
            done,
            scheduled,
            behind,
        )
        assert result.light is Light.GREEN

    def test_the_correction_of_s04(self) -> None:
        result = evaluate(replace(baseline.ZX0031, year_to_date=wan(4400)), day(9, 23))
        assert result.gap is not None
        assert points(result.gap) == "15.17"
        assert result.light is Light.YELLOW

    def test_lights_of_the_baseline(self) -> None:
        lights = {code: evaluate(facts, day(9, 21)).light for code, facts in baseline.ALL.items()}
        assert {code for code, light in lights.items() if light is Light.YELLOW} == {"ZX0031", "ZD0108"}
        assert Light.RED not in lights.values()

    def test_the_reason_carries_its_numbers(self) -> None:
        (reason,) = evaluate(baseline.ZX0031, day(9, 22)).reasons
        assert (reason.kind, reason.light) == (ReasonKind.INVESTMENT, Light.YELLOW)
        assert reason.actual == Fraction(4700, 8000)
        assert reason.scheduled == (5000 + Fraction(800 * 22, 30)) / 8000
        assert reason.gap == reason.scheduled - reason.actual

    def test_without_a_plan_there_is_no_investment_light(self) -> None:
        for facts in (ProjectFacts(), ProjectFacts(plan=YearPlan(2026, 0))):
            result = evaluate(facts, day(12, 31))
            assert result == evaluate(ProjectFacts(), day(1, 1))
            assert result.light is Light.GREEN
            assert result.completion is result.scheduled is result.gap is None

    def test_a_plan_speaks_of_its_own_year_only(self) -> None:
        """S67: since 1 January a project without a new plan has no 投资灯."""
        late = replace(baseline.ZD0108, last_report_on=None)
        assert evaluate(late, day(12, 31)).light is Light.RED
        assert evaluate(late, day(1, 1, 2027)).light is Light.GREEN
        assert evaluate(late, day(12, 31, 2025)).gap is None

    def test_a_curve_needs_twelve_months(self) -> None:
        with pytest.raises(ValueError, match="12"):
            scheduled_share([1, 2, 3], 12, day(1, 1))
        with pytest.raises(ValueError, match="12"):
            YearPlan(2026, 100, (1,) * 11)
        with pytest.raises(ValueError, match="plan"):
            scheduled_share([0] * 12, 0, day(1, 1))
        with pytest.raises(ValueError, match="plan"):
            completion(1, 0)
        with pytest.raises(ValueError, match="negative"):
            YearPlan(2026, -1)

    def test_an_empty_curve_is_even(self) -> None:
        assert scheduled_share([], wan(3000), day(9, 22)) == Fraction(8 * 30 + 22, 12 * 30)
        assert scheduled_share([], 1, day(12, 31)) == 1

    @given(
        steps=st.lists(st.integers(0, 10**12), min_size=12, max_size=12),
        plan=st.integers(1, 10**13),
        done=st.integers(0, 10**13),
        today=st.dates(day(1, 1), day(12, 31)),
    )
    def test_as_the_rule_is_written(self, steps: list[int], plan: int, done: int, today: date) -> None:
        curve = [sum(steps[:month]) for month in range(1, 13)]
        length = ((today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day
        before = curve[today.month - 2] if today.month > 1 else 0
        share = (before + Fraction((curve[today.month - 1] - before) * today.day, length)) / plan
        assert scheduled_share(curve, plan, today) == share
        behind = (share - Fraction(done, plan)) * 100
        expected = Light.GREEN if behind < 10 else Light.YELLOW if behind <= 30 else Light.RED
        assert investment_light(share, Fraction(done, plan)) is expected
        facts = ProjectFacts(plan=YearPlan(2026, plan, tuple(curve)), year_to_date=done)
        assert evaluate(facts, today).light is expected


class TestStartAndCompletion:
    @pytest.mark.parametrize(
        ("today", "light"),
        [
            (day(9, 30), Light.GREEN),
            (day(10, 1), Light.YELLOW),
            (day(11, 30), Light.YELLOW),
            (day(12, 1), Light.RED),
        ],
    )
    def test_s24(self, today: date, light: Light) -> None:
        assert start_light(day(9, 15), None, today) is light
        assert evaluate(replace(baseline.SG0012, last_report_on=None), today).light is light

    def test_the_reason_names_the_planned_month(self) -> None:
        (reason,) = evaluate(replace(baseline.SG0012, planned_start=day(9, 30)), day(10, 8)).reasons
        assert (reason.kind, reason.planned) == (ReasonKind.START, day(9, 1))

    def test_over_the_turn_of_the_year(self) -> None:
        assert start_light(day(12, 1), None, day(12, 31)) is Light.GREEN
        assert start_light(day(12, 1), None, day(1, 1, 2027)) is Light.YELLOW
        assert start_light(day(11, 1), None, day(1, 31, 2027)) is Light.YELLOW
        assert start_light(day(11, 1), None, day(2, 1, 2027)) is Light.RED

    def test_a_start_ends_it_from_its_day_on(self) -> None:
        assert start_light(day(9, 1), day(10, 20), day(10, 19)) is Light.YELLOW
        assert start_light(day(9, 1), day(10, 20), day(10, 20)) is Light.GREEN
        assert start_light(None, None, day(10, 20)) is Light.GREEN
        assert kinds(replace(baseline.SG0012, started=True), day(10, 9)) == []
        assert kinds(replace(baseline.SG0012, finished_on=day(10, 9)), day(10, 9)) == []

    def test_sixty_days_past_completion_are_yellow_sixty_one_red(self) -> None:
        due = day(10, 31)
        assert completion_light(due, None, due) is Light.GREEN
        assert completion_light(due, None, day(11, 1)) is Light.YELLOW
        assert completion_light(due, None, day(12, 30)) is Light.YELLOW
        assert completion_light(due, None, day(12, 31)) is Light.RED
        assert completion_light(due, day(12, 31), day(12, 31)) is Light.GREEN
        assert completion_light(None, None, day(12, 31)) is Light.GREEN

    def test_the_completion_reason_counts_the_days(self) -> None:
        facts = replace(baseline.ZD0120, year_to_date=wan(21000), last_report_on=None)
        (reason,) = evaluate(facts, day(11, 3)).reasons
        assert (reason.kind, reason.days, reason.planned) == (ReasonKind.COMPLETION, 3, day(10, 31))


class TestFunds:
    FUNDS = FundsFacts(even(6000), wan(3200), source="专项债券")

    def test_s54_variant(self) -> None:
        result = evaluate(replace(baseline.ZX0031, funds=(self.FUNDS,)), day(9, 22))
        assert result.light is Light.YELLOW
        assert [reason.kind for reason in result.reasons] == [ReasonKind.INVESTMENT, ReasonKind.FUNDS]
        funds = result.reasons[1]
        assert funds.source == "专项债券"
        assert funds.actual is not None
        assert funds.scheduled is not None
        assert funds.gap is not None
        assert (percent(funds.actual), percent(funds.scheduled), points(funds.gap)) == (
            "53.33",
            "72.78",
            "19.44",
        )

    def test_each_source_counts_and_the_worst_comes_first(self) -> None:
        central = FundsFacts(even(1200), 0, source="中央预算内")
        result = evaluate(replace(baseline.ZX0032, funds=(self.FUNDS, central)), day(9, 22))
        assert result.light is Light.RED
        assert [reason.source for reason in result.reasons] == ["中央预算内", "专项债券"]

    def test_thresholds_are_those_of_investment(self) -> None:
        for behind, light in ((9, Light.GREEN), (10, Light.YELLOW), (30, Light.YELLOW), (31, Light.RED)):
            assert funds_light(Fraction(1, 2), Fraction(50 - behind, 100)) is light

    def test_no_light_outside_the_year_or_without_a_total(self) -> None:
        for plan in (even(1200, year=2025), YearPlan(2026, 0)):
            facts = ProjectFacts(funds=(FundsFacts(plan, 0),))
            assert evaluate(facts, day(12, 31)).reasons == ()
            assert next_change_day(facts, day(6, 1)) is None


class TestStale:
    def test_s25(self) -> None:
        """ZD0115, last report 09-15: on 10-21, after 36 days, yellow although the gap alone is green."""
        assert evaluate(baseline.ZD0115, day(10, 20)).light is Light.GREEN
        result = evaluate(baseline.ZD0115, day(10, 21))
        assert result.gap is not None
        assert points(result.gap) == "3.98"
        assert result.light is Light.YELLOW
        assert result.is_stale
        (reason,) = result.reasons
        assert (reason.kind, reason.days) == (ReasonKind.STALE, 36)
        assert not evaluate(replace(baseline.ZD0115, last_report_on=day(10, 21)), day(10, 21)).is_stale

    def test_it_does_not_soften_a_red_light(self) -> None:
        result = evaluate(baseline.ZD0108, day(10, 8))
        assert result.light is Light.RED
        assert [reason.kind for reason in result.reasons] == [ReasonKind.INVESTMENT, ReasonKind.STALE]

    def test_finished_and_unreported_projects(self) -> None:
        assert stale(day(9, 1), day(10, 7))
        assert not stale(day(9, 1), day(10, 6))
        assert not stale(day(9, 1), day(12, 31), finished=True)
        assert not stale(None, day(12, 31))
        assert not stale(day(9, 1), day(12, 31), policy=LightPolicy(stale_after_days=None))


def test_the_worst_light_wins() -> None:
    assert worst([]) is Light.GREEN
    assert worst([Light.YELLOW, Light.GREEN]) is Light.YELLOW
    assert worst([Light.YELLOW, Light.RED, Light.GREEN]) is Light.RED


class TestOtherPolicies:
    """Plan 22,000, May, linear schedule: the same project under the rule sets of several places."""

    TODAY = day(5, 31)
    LINEAR = LightPolicy(schedule=ScheduleKind.LINEAR)
    WUHAN = LightPolicy(schedule=ScheduleKind.LINEAR, mode=LightMode.RATIO)
    SANYA = replace(WUHAN, ratio_yellow_below=Fraction(100), ratio_red_below=Fraction(50))

    def light(self, done: int, policy: LightPolicy) -> Light:
        facts = ProjectFacts(plan=baseline.plan(22000, *[0] * 11, 22000), year_to_date=wan(done))
        return evaluate(facts, self.TODAY, policy).light

    @pytest.mark.parametrize(
        ("done", "by_points", "wuhan", "sanya"),
        [
            (6900, Light.YELLOW, Light.YELLOW, Light.YELLOW),
            (8000, Light.GREEN, Light.GREEN, Light.YELLOW),
            (2400, Light.RED, Light.RED, Light.RED),
        ],
    )
    def test_points_and_ratios_differ(self, done: int, by_points: Light, wuhan: Light, sanya: Light) -> None:
        assert self.light(done, self.LINEAR) is by_points
        assert self.light(done, self.WUHAN) is wuhan
        assert self.light(done, self.SANYA) is sanya

    def test_a_ratio_on_the_threshold_is_still_good(self) -> None:
        for share, light in ((80, Light.GREEN), (79, Light.YELLOW), (60, Light.YELLOW), (59, Light.RED)):
            assert investment_light(Fraction(1, 2), Fraction(share, 200), self.WUHAN) is light

    def test_nothing_scheduled_is_green_by_any_measure(self) -> None:
        for policy in (self.LINEAR, self.WUHAN, self.SANYA):
            assert investment_light(Fraction(0), Fraction(0), policy) is Light.GREEN

    def test_a_table_that_expects_less_in_spring(self) -> None:
        shares = tuple(Fraction(n) for n in (4, 9, 16, 25, 32, 45, 55, 65, 75, 85, 93, 100))
        policy = LightPolicy(schedule=ScheduleKind.TABLE, table=shares)
        assert self.light(6900, policy) is Light.GREEN
        result = evaluate(ProjectFacts(plan=baseline.plan(100)), day(5, 31), policy)
        assert result.scheduled == Fraction(32, 100)
        assert evaluate(ProjectFacts(plan=baseline.plan(100)), day(4, 15), policy).scheduled == Fraction(
            205, 1000
        )

    def test_closed_months_only(self) -> None:
        policy = replace(self.LINEAR, closed_months_only=True)
        facts = ProjectFacts(plan=baseline.plan(22000), year_to_date=wan(6900))
        assert evaluate(facts, day(5, 31), policy).scheduled == Fraction(4, 12)
        assert evaluate(facts, day(6, 1), policy).scheduled == Fraction(5, 12)
        assert evaluate(facts, day(5, 31), policy).light is Light.GREEN
        assert evaluate(facts, day(6, 1), policy).light is Light.YELLOW
        assert next_change_day(facts, day(5, 2), policy) == day(6, 1)

    def test_from_the_planned_start(self) -> None:
        """A project to start in August is not judged in May; the rest of the year carries the plan."""
        policy = replace(self.LINEAR, from_planned_start=True)
        facts = ProjectFacts(plan=baseline.plan(22000), planned_start=day(8, 1), started=True)
        assert evaluate(facts, day(7, 31), policy).scheduled == 0
        assert evaluate(facts, day(8, 31), policy).scheduled == Fraction(1, 5)
        assert evaluate(facts, day(12, 31), policy).scheduled == 1
        assert evaluate(facts, day(7, 31), self.LINEAR).scheduled == Fraction(7, 12)
        earlier = replace(facts, planned_start=day(8, 1, 2025))
        assert evaluate(earlier, day(6, 30), policy).scheduled == Fraction(1, 2)
        later = replace(facts, planned_start=day(3, 1, 2027))
        assert evaluate(later, day(12, 31), policy).scheduled == 0

    def test_from_the_planned_start_keeps_a_projects_own_curve(self) -> None:
        policy = LightPolicy(from_planned_start=True)
        facts = replace(baseline.ZX0031, planned_start=day(8, 1))
        assert evaluate(facts, day(7, 31), policy).scheduled == 0
        assert evaluate(facts, day(8, 31), policy).scheduled == Fraction(5000, 8000)
        assert evaluate(facts, day(9, 30), policy).scheduled == Fraction(5800, 8000)

    def test_other_start_and_completion_terms(self) -> None:
        policy = LightPolicy(
            start_yellow_after_months=2, start_red_after_months=4, completion_red_after_days=30
        )
        assert start_light(day(9, 1), None, day(10, 31), policy) is Light.GREEN
        assert start_light(day(9, 1), None, day(11, 1), policy) is Light.YELLOW
        assert start_light(day(9, 1), None, day(1, 1, 2027), policy) is Light.RED
        assert completion_light(day(10, 31), None, day(12, 1), policy) is Light.RED


class TestPolicyJson:
    def test_the_default_in_json(self) -> None:
        data = LightPolicy().to_json()
        assert data["yellow_at"] == 10
        assert data["mode"] == "points"
        assert LightPolicy.from_json(data) == LightPolicy.from_json({}) == LightPolicy()

    def test_numbers_are_exact(self) -> None:
        policy = LightPolicy.from_json({"yellow_at": 0.1, "red_above": "12.50", "stale_after_days": None})
        assert policy.yellow_at == Fraction(1, 10)
        assert policy.red_above == Fraction(25, 2)
        assert policy.stale_after_days is None
        assert policy.to_json()["red_above"] == "12.5"

    @pytest.mark.parametrize(
        ("data", "complaint"),
        [
            ({"yelow_at": 10}, "yelow_at"),
            ({"yellow_at": "ten"}, "yellow_at 应为数字"),
            ({"yellow_at": True}, "yellow_at 应为数字"),
            ({"yellow_at": "NaN"}, "yellow_at 应为数字"),
            ({"yellow_at": "1e999999999"}, "yellow_at 应为数字"),
            ({"yellow_at": -1}, "yellow_at 不能为负"),
            ({"yellow_at": 31}, "yellow_at 不能大于 red_above"),
            ({"ratio_red_below": 90}, "ratio_red_below 不能大于"),
            ({"start_red_after_months": 0}, "start_yellow_after_months 不能大于"),
            ({"start_red_after_months": 2.5}, "start_red_after_months 应为整数"),
            ({"completion_red_after_days": -1}, "completion_yellow_after_days 不能大于"),
            ({"stale_after_days": -1}, "stale_after_days 不能为负"),
            ({"stale_after_days": "35"}, "stale_after_days 应为整数"),
            ({"mode": "percent"}, "mode 应为points、ratio 之一"),
            ({"closed_months_only": 1}, "closed_months_only 应为true 或 false"),
            ({"schedule": "table"}, "应给出 table"),
            ({"schedule": "table", "table": [1, 2, 3]}, "12 个月"),
            ({"schedule": "table", "table": [5, 4, *[6] * 10]}, "逐月减少"),
            ({"table": "1,2"}, "table 应为数组"),
            ({"table": [1, "x"]}, r"table\[2\] 应为数字"),
        ],
    )
    def test_what_is_wrong_is_named(self, data: dict[str, object], complaint: str) -> None:
        with pytest.raises(ValueError, match=complaint):
            LightPolicy.from_json(data)

    def test_a_number_without_a_decimal_form_is_not_written_wrong(self) -> None:
        with pytest.raises(ValueError, match="1/3"):
            LightPolicy(yellow_at=Fraction(1, 3)).to_json()


class TestNextChange:
    def test_s19_s20_s24_s25_s26(self) -> None:
        assert next_change_day(baseline.ZX0031, day(9, 10)) == day(9, 19)
        assert next_change_day(baseline.ZD0108, day(9, 21)) == day(9, 25)
        assert next_change_day(baseline.SG0012, day(9, 21)) == day(10, 1)
        assert next_change_day(baseline.SG0012, day(10, 1)) == day(12, 1)
        assert next_change_day(baseline.ZD0115, day(9, 21)) == day(10, 21)
        assert next_change_day(baseline.ZX0032, day(9, 21)) == day(9, 30)

    def test_nothing_to_come(self) -> None:
        assert next_change_day(ProjectFacts(), day(9, 21)) is None
        assert next_change_day(replace(baseline.ZD0115, finished=True), day(11, 1)) == day(11, 12)
        done = ProjectFacts(plan=even(3600), year_to_date=wan(3600), finished=True)
        assert next_change_day(done, day(9, 21)) is None

    def test_two_thresholds_on_one_day(self) -> None:
        """Yellow and red at once is red from that day on, so nothing changes when the plan's year ends."""
        policy = replace(
            LightPolicy(),
            yellow_at=Fraction(0), red_above=Fraction(0), completion_yellow_after_days=0, completion_red_after_days=0,
        )  # fmt: skip
        facts = ProjectFacts(plan=YearPlan(2026, 1, ()), planned_finish=day(1, 1))
        assert evaluate(facts, day(1, 1), policy).light is Light.RED
        assert next_change_day(facts, day(1, 1), policy) is None

    @settings(max_examples=150)
    @given(data=st.data())
    def test_agrees_with_every_single_day(self, data: st.DataObject) -> None:
        facts = data.draw(project_facts())
        policy = data.draw(policies())
        today = data.draw(st.dates(day(11, 1, 2025), day(12, 31)))
        now = evaluate(facts, today, policy).light
        horizon = [today + timedelta(days=ahead) for ahead in range(1, 401)]
        brute = next((d for d in horizon if evaluate(facts, d, policy).light is not now), None)
        quick = next_change_day(facts, today, policy)
        assert quick == brute or (brute is None and quick is not None and quick > horizon[-1])

    @settings(max_examples=40)
    @given(data=st.data())
    def test_a_chain_of_changes_tells_the_whole_year(self, data: st.DataObject) -> None:
        facts = data.draw(project_facts())
        policy = data.draw(policies())
        here, light = day(1, 1), evaluate(facts, day(1, 1), policy).light
        changes = {}
        while (following := next_change_day(facts, here, policy)) is not None and following.year == 2026:
            here = following
            changes[here] = evaluate(facts, here, policy).light
        for ahead in range(365):
            today = day(1, 1) + timedelta(days=ahead)
            light = changes.get(today, light)
            assert evaluate(facts, today, policy).light is light


amounts = st.integers(0, 130)


@st.composite
def year_plans(draw: st.DrawFn) -> YearPlan:
    total = draw(st.integers(0, 120))
    curve: list[int] = draw(
        st.one_of(
            st.just([]),
            st.lists(amounts, min_size=12, max_size=12).map(sorted),
            st.lists(
                amounts, min_size=12, max_size=12
            ),  # not even ascending: a bad row must not upset the sweep
        )
    )
    return YearPlan(draw(st.sampled_from([2026, 2026, 2026, 2025, 2027])), total, tuple(curve))


def days_or_none(first: date, last: date) -> st.SearchStrategy[date | None]:
    return st.none() | st.dates(first, last)


@st.composite
def project_facts(draw: st.DrawFn) -> ProjectFacts:
    return ProjectFacts(
        plan=draw(st.none() | year_plans()),
        year_to_date=draw(amounts),
        planned_start=draw(days_or_none(day(6, 1, 2025), day(3, 31, 2027))),
        started_on=draw(days_or_none(day(6, 1, 2025), day(3, 31, 2027))),
        started=draw(st.booleans()),
        planned_finish=draw(days_or_none(day(6, 1, 2025), day(3, 31, 2027))),
        finished_on=draw(days_or_none(day(6, 1, 2025), day(3, 31, 2027))),
        finished=draw(st.sampled_from([False, False, False, True])),
        last_report_on=draw(days_or_none(day(6, 1, 2025), day(12, 31))),
        funds=tuple(FundsFacts(plan, draw(amounts)) for plan in draw(st.lists(year_plans(), max_size=2))),
    )


@st.composite
def policies(draw: st.DrawFn) -> LightPolicy:
    low, high = sorted(draw(st.tuples(st.integers(0, 40), st.integers(0, 60))))
    red, yellow = sorted(draw(st.tuples(st.integers(0, 100), st.integers(0, 120))))
    months = sorted(draw(st.tuples(st.integers(0, 4), st.integers(0, 6))))
    overdue = sorted(draw(st.tuples(st.integers(0, 30), st.integers(0, 90))))
    table = draw(st.lists(st.integers(0, 100), min_size=12, max_size=12).map(sorted))
    return LightPolicy(
        mode=draw(st.sampled_from(LightMode)),
        yellow_at=Fraction(low, 2),
        red_above=Fraction(high, 2),
        ratio_yellow_below=Fraction(yellow),
        ratio_red_below=Fraction(red),
        schedule=draw(st.sampled_from(ScheduleKind)),
        table=tuple(Fraction(share) for share in table),
        closed_months_only=draw(st.booleans()),
        from_planned_start=draw(st.booleans()),
        start_yellow_after_months=months[0],
        start_red_after_months=months[1],
        completion_yellow_after_days=overdue[0],
        completion_red_after_days=overdue[1],
        stale_after_days=draw(st.none() | st.integers(0, 60)),
    )


@given(policies())
def test_every_policy_survives_json(policy: LightPolicy) -> None:
    assert LightPolicy.from_json(policy.to_json()) == policy


def test_gap_is_negative_when_ahead() -> None:
    assert gap(Fraction(1, 2), Fraction(3, 4)) == Fraction(-1, 4)
