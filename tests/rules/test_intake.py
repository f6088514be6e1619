"""Rules C5, C6, C7 for one figure; scenarios S01-S07."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.understanding.reading import Basis
from models.rules.intake import FigureVerdict, LedgerFigures, Reading, Said, VerdictKind, judge_figure
from models.rules.money import percent

from .baseline import wan

ZX0031 = LedgerFigures(
    year_to_date=wan(4700), before_period=wan(4700), annual_plan=wan(8000), total_investment=wan(15600)
)
ZX0032 = LedgerFigures(
    year_to_date=wan(1950), before_period=wan(1950), annual_plan=wan(3000), total_investment=wan(6200)
)
ZY0009 = LedgerFigures(
    year_to_date=wan(2500), before_period=wan(2500), annual_plan=wan(3600), total_investment=wan(9000)
)


def zd0115(basis: str | None = None) -> LedgerFigures:
    return LedgerFigures(
        year_to_date=wan(46000),
        before_period=wan(46000),
        last_year=wan(100000),
        basis=basis,
        annual_plan=wan(60000),
        total_investment=wan(240000),
    )


def jj0003(basis: str | None = None) -> LedgerFigures:
    return LedgerFigures(
        year_to_date=wan(3300),
        before_period=wan(3300),
        last_year=wan(200),
        basis=basis,
        annual_plan=wan(4800),
        total_investment=wan(13200),
    )


def test_the_words_are_those_of_the_understanding() -> None:
    assert {said.value for said in Said} == {basis.value for basis in Basis}


class TestPlainFigures:
    def test_s01_a_bare_cumulative_figure_is_of_the_year(self) -> None:
        verdict = judge_figure("cumulative", wan(5500), ZX0031)
        assert verdict == FigureVerdict(
            VerdictKind.ACCEPTED,
            Reading.YEAR,
            year_to_date=wan(5500),
            added=wan(800),
            added_share=Fraction(1, 10),
        )

    def test_s06_this_month_is_added_to_the_end_of_last_month(self) -> None:
        ledger = LedgerFigures(
            year_to_date=wan(2600), before_period=wan(2500), annual_plan=wan(3600), total_investment=wan(9000)
        )
        verdict = judge_figure("period", wan(150), ledger)
        assert (verdict.kind, verdict.reading) == (VerdictKind.ACCEPTED, Reading.PERIOD)
        assert verdict.year_to_date == wan(2650)
        assert verdict.added == wan(50)

    def test_s06_a_figure_without_words_is_never_guessed(self) -> None:
        assert judge_figure("unsaid", wan(2650), ZY0009) == FigureVerdict(VerdictKind.ASK_BASIS)

    def test_a_figure_of_the_year_shows_the_other_figure_without_a_switch(self) -> None:
        verdict = judge_figure("year_to_date", wan(3520), jj0003())
        assert (verdict.kind, verdict.reading) == (VerdictKind.ACCEPTED, Reading.YEAR)
        assert (verdict.year_to_date, verdict.since_start) == (wan(3520), wan(3720))
        assert verdict.other_year_to_date is None

    def test_since_the_start_is_turned_into_the_year(self) -> None:
        verdict = judge_figure("since_start", wan(3720), jj0003("year"))
        assert (verdict.kind, verdict.reading) == (VerdictKind.ACCEPTED, Reading.PROJECT)
        assert (verdict.year_to_date, verdict.since_start) == (wan(3520), wan(3720))

    def test_since_the_start_cannot_be_turned_without_last_years_figure(self) -> None:
        verdict = judge_figure("since_start", wan(5500), ZX0031)
        assert verdict == FigureVerdict(VerdictKind.ASK_LAST_YEAR, since_start=wan(5500))
        assert judge_figure("since_start", wan(99000), zd0115()).kind is VerdictKind.ASK_LAST_YEAR

    def test_an_unchanged_figure_is_no_correction(self) -> None:
        assert judge_figure("cumulative", wan(4700), ZX0031).kind is VerdictKind.ACCEPTED

    @pytest.mark.parametrize(("said", "amount"), [("sometime", 1), ("cumulative", -1)])
    def test_what_cannot_be_judged(self, said: str, amount: int) -> None:
        with pytest.raises(ValueError, match=f"{said}|{amount}"):
            judge_figure(said, amount, ZX0031)


class TestLowerFigures:
    def test_s04(self) -> None:
        verdict = judge_figure("cumulative", wan(4400), ZX0031)
        assert verdict.kind is VerdictKind.LOWER_NEEDS_REASON
        assert (verdict.year_to_date, verdict.added) == (wan(4400), wan(-300))

    def test_a_month_that_undoes_what_was_reported_within_it(self) -> None:
        ledger = LedgerFigures(year_to_date=wan(2600), before_period=wan(2500), annual_plan=wan(3600))
        assert judge_figure("period", wan(50), ledger).kind is VerdictKind.LOWER_NEEDS_REASON


class TestUnitSlips:
    def test_s05_above_total_investment(self) -> None:
        verdict = judge_figure("cumulative", wan(55000), ZX0031)
        assert verdict.kind is VerdictKind.REFUSED_ABOVE_TOTAL
        assert verdict.suggested == wan(5500)

    def test_s05_more_than_thirty_percent_at_once(self) -> None:
        verdict = judge_figure("cumulative", wan(2900), ZX0032)
        assert verdict.kind is VerdictKind.CHECK_UNIT
        assert verdict.added_share is not None
        assert percent(verdict.added_share) == "31.67"
        assert not verdict.exceeds_plan

    def test_exactly_thirty_percent_passes(self) -> None:
        assert judge_figure("cumulative", wan(1950 + 900), ZX0032).kind is VerdictKind.ACCEPTED
        assert judge_figure("cumulative", wan(1950 + 900) + 1, ZX0032).kind is VerdictKind.CHECK_UNIT

    def test_above_the_annual_plan(self) -> None:
        ledger = LedgerFigures(year_to_date=wan(2900), before_period=wan(2900), annual_plan=wan(3000))
        assert judge_figure("cumulative", wan(3000), ledger).kind is VerdictKind.ACCEPTED
        verdict = judge_figure("cumulative", wan(3001), ledger)
        assert verdict.kind is VerdictKind.CHECK_UNIT
        assert verdict.exceeds_plan

    def test_total_investment_counts_from_the_start(self) -> None:
        ledger = LedgerFigures(
            year_to_date=wan(46000),
            before_period=wan(46000),
            last_year=wan(100000),
            annual_plan=wan(60000),
            total_investment=wan(150000),
        )
        verdict = judge_figure("year_to_date", wan(50001), ledger)
        assert verdict.kind is VerdictKind.REFUSED_ABOVE_TOTAL
        assert verdict.suggested is None
        assert judge_figure("year_to_date", wan(50000), ledger).kind is VerdictKind.ACCEPTED

    @pytest.mark.parametrize(("factor", "exponent"), [(10, 1), (100, 2), (1000, 3), (10000, 4)])
    def test_each_factor_explains_a_slip(self, factor: int, exponent: int) -> None:
        assert factor == 10**exponent
        assert judge_figure("cumulative", wan(5500) * factor, ZX0031).suggested == wan(5500)

    def test_a_suggestion_must_be_plausible_itself(self) -> None:
        assert (
            judge_figure("cumulative", wan(20000), ZX0031).suggested is None
        )  # 2000 is below the ledger's 4700

    def test_what_is_suggested_may_still_need_a_check(self) -> None:
        """7900 adds 40 percent at once: entered only with 确认无误, but what 79000 was meant to be."""
        assert judge_figure("cumulative", wan(79000), ZX0031).suggested == wan(7900)
        assert judge_figure("year_to_date", wan(7900), ZX0031).kind is VerdictKind.CHECK_UNIT
        # One that needs no check goes first: 550 000 was 5500 (by 100), not 55 000 or 550.
        assert judge_figure("cumulative", wan(550000), ZX0031).suggested == wan(5500)

    def test_a_slip_in_a_period_figure(self) -> None:
        verdict = judge_figure("period", wan(15000), ZY0009)
        assert verdict.kind is VerdictKind.REFUSED_ABOVE_TOTAL
        assert verdict.suggested == wan(150)

    def test_a_slip_in_a_figure_since_the_start(self) -> None:
        assert judge_figure("since_start", wan(1490000), zd0115()).suggested == wan(149000)
        verdict = judge_figure("since_start", wan(120000), ZX0031)
        assert verdict.kind is VerdictKind.REFUSED_ABOVE_TOTAL
        assert verdict.suggested == wan(12000)

    def test_without_plan_or_total_nothing_can_be_said_against_a_figure(self) -> None:
        for nothing in (None, 0):
            ledger = LedgerFigures(
                year_to_date=0, before_period=0, annual_plan=nothing, total_investment=nothing
            )
            verdict = judge_figure("cumulative", wan(900000), ledger)
            assert verdict.kind is VerdictKind.ACCEPTED
            assert verdict.added_share is None

    def test_the_jump_is_policy(self) -> None:
        verdict = judge_figure("cumulative", wan(2900), ZX0032, most_at_once=Fraction(1, 2))
        assert verdict.kind is VerdictKind.ACCEPTED


class TestBareCumulative:
    """The last half of C5; 截至上年底累计 is 100000 for ZD0115 and 200 for JJ0003."""

    def test_s06_plausible_only_since_the_start(self) -> None:
        verdict = judge_figure("cumulative", wan(149000), zd0115())
        assert (verdict.kind, verdict.reading) == (VerdictKind.ACCEPTED, Reading.PROJECT)
        assert (verdict.year_to_date, verdict.since_start) == (wan(49000), wan(149000))
        assert verdict.other_year_to_date == wan(149000)  # [改为今年累计]

    def test_plausible_only_in_the_year(self) -> None:
        verdict = judge_figure("cumulative", wan(49000), zd0115())
        assert (verdict.kind, verdict.reading) == (VerdictKind.ACCEPTED, Reading.YEAR)
        assert (verdict.year_to_date, verdict.since_start) == (wan(49000), wan(149000))
        assert verdict.other_year_to_date is None  # since the start it would be below last year's figure

    def test_s06_both_plausible(self) -> None:
        verdict = judge_figure("cumulative", wan(3520), jj0003())
        assert verdict == FigureVerdict(
            VerdictKind.ASK_YEAR_OR_PROJECT, year_to_date=wan(3520), other_year_to_date=wan(3320)
        )

    def test_a_kept_answer_is_not_asked_again(self) -> None:
        assert judge_figure("cumulative", wan(3520), jj0003("year")).year_to_date == wan(3520)
        verdict = judge_figure("cumulative", wan(3520), jj0003("project"))
        assert (verdict.kind, verdict.reading) == (VerdictKind.ACCEPTED, Reading.PROJECT)
        assert (verdict.year_to_date, verdict.other_year_to_date) == (wan(3320), wan(3520))

    def test_a_kept_answer_gives_way_to_the_only_plausible_reading(self) -> None:
        assert judge_figure("cumulative", wan(49000), zd0115("project")).reading is Reading.YEAR
        assert judge_figure("cumulative", wan(149000), zd0115("year")).reading is Reading.PROJECT

    def test_neither_plausible_applies_c6_and_c7_to_the_year(self) -> None:
        lower = judge_figure("cumulative", wan(45000), zd0115())
        assert (lower.kind, lower.reading) == (VerdictKind.LOWER_NEEDS_REASON, Reading.YEAR)
        above = judge_figure("cumulative", wan(61000), zd0115())
        assert (above.kind, above.reading) == (VerdictKind.CHECK_UNIT, Reading.YEAR)

    def test_neither_plausible_stays_with_a_kept_basis(self) -> None:
        verdict = judge_figure("cumulative", wan(145000), zd0115("project"))
        assert (verdict.kind, verdict.reading) == (VerdictKind.LOWER_NEEDS_REASON, Reading.PROJECT)
        assert verdict.year_to_date == wan(45000)

    def test_a_slip_is_explained_in_either_reading(self) -> None:
        verdict = judge_figure("cumulative", wan(1490000), zd0115())
        assert (verdict.kind, verdict.suggested) == (VerdictKind.REFUSED_ABOVE_TOTAL, wan(149000))

    def test_zero_last_year_leaves_one_reading(self) -> None:
        ledger = LedgerFigures(
            year_to_date=wan(3300), before_period=wan(3300), last_year=0, annual_plan=wan(4800)
        )
        verdict = judge_figure("cumulative", wan(3520), ledger)
        assert (verdict.kind, verdict.since_start, verdict.other_year_to_date) == (
            VerdictKind.ACCEPTED,
            wan(3520),
            None,
        )


fen = st.integers(0, 400)


@given(
    said=st.sampled_from(Said),
    amount=st.integers(0, 4000),
    year_to_date=fen,
    before_period=fen,
    last_year=st.none() | fen,
    basis=st.sampled_from([None, "year", "project"]),
    plan=st.none() | fen,
    total=st.none() | st.integers(0, 900),
)
def test_every_verdict_holds_together(
    *,
    said: Said,
    amount: int,
    year_to_date: int,
    before_period: int,
    last_year: int | None,
    basis: str | None,
    plan: int | None,
    total: int | None,
) -> None:
    ledger = LedgerFigures(
        year_to_date=year_to_date,
        before_period=before_period,
        last_year=last_year,
        basis=basis,
        annual_plan=plan,
        total_investment=total,
    )
    verdict = judge_figure(said, amount, ledger)
    new = verdict.year_to_date
    if verdict.kind in (VerdictKind.ACCEPTED, VerdictKind.CHECK_UNIT, VerdictKind.LOWER_NEEDS_REASON):
        assert new is not None
        assert new >= 0
        assert verdict.added == new - year_to_date
        assert not total or new + (last_year or 0) <= total
        lower = new < year_to_date
        big = bool(plan) and (new > plan or (new - year_to_date) * 10 > plan * 3)
        assert verdict.kind is (
            VerdictKind.LOWER_NEEDS_REASON
            if lower
            else VerdictKind.CHECK_UNIT
            if big
            else VerdictKind.ACCEPTED
        )
    if verdict.suggested is not None:
        assert verdict.kind is VerdictKind.REFUSED_ABOVE_TOTAL
        assert amount // verdict.suggested in (10, 100, 1000, 10000) if verdict.suggested else amount == 0
        again = judge_figure(said, verdict.suggested, ledger).kind
        smaller = [amount // slip for slip in (10, 100, 1000, 10000) if amount % slip == 0]
        if again is VerdictKind.CHECK_UNIT:  # only where none is free of doubt
            kinds = {judge_figure(said, one, ledger).kind for one in smaller}
            assert VerdictKind.ACCEPTED not in kinds
        else:
            assert again in (
                VerdictKind.ACCEPTED,
                VerdictKind.ASK_YEAR_OR_PROJECT,
                VerdictKind.ASK_LAST_YEAR,
            )
    assert (verdict.kind is VerdictKind.ASK_BASIS) == (said is Said.UNSAID)
