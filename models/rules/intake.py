"""What one reported investment figure means for the ledger (rules C5, C6, C7). Pure; money is integer fen.

The ledger keeps year-to-date. A figure may speak of the year, of the project since its start, or of a period;
a bare 累计 may mean either of the first two. The verdict says which reading was taken and what has to happen
before the figure can be entered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

MOST_AT_ONCE = Fraction(30, 100)
"""C7: a report that adds more than this share of the annual plan carries 请核对单位."""

_SLIPS = (10, 100, 1000, 10000)


class Said(StrEnum):
    """Which figure the words name; the values are those of the understanding's basis."""

    SINCE_START = "since_start"
    YEAR_TO_DATE = "year_to_date"
    PERIOD = "period"
    CUMULATIVE = "cumulative"
    UNSAID = "unsaid"


class Reading(StrEnum):
    """How the figure was taken. YEAR and PROJECT are also the values of a project's kept basis."""

    YEAR = "year"
    PROJECT = "project"
    PERIOD = "period"


class VerdictKind(StrEnum):
    ACCEPTED = "accepted"
    LOWER_NEEDS_REASON = "lower_needs_reason"  # C6: a 更正 with a reason, decided by 综合专班
    CHECK_UNIT = "check_unit"  # C7: 请核对单位, needs 确认无误
    REFUSED_ABOVE_TOTAL = "refused_above_total"  # C7: above total investment
    ASK_BASIS = "ask_basis"  # C5: 累计完成 or 本月完成?
    ASK_YEAR_OR_PROJECT = "ask_year_or_project"  # C5: 今年累计 or 开工以来累计?
    ASK_YEAR_TO_DATE = "ask_year_to_date"  # a period said, but the figure before the period is not recorded
    ASK_LAST_YEAR = "ask_last_year"  # 开工以来 said, but 截至上年底累计 is missing or above the figure


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFigures:
    """What the ledger holds of the project, in fen.

    before_period: year-to-date at the end of the period before the one reported, for 本月完成 the end of last
    month; 0 for a period that begins on 1 January; None if the ledger has no figure of that time.
    last_year: 截至上年底累计, None if not recorded. A project that began this year has 0.
    basis: the reading somebody chose for this project's bare 累计 (year or project), None until then.
    None is not the same as year: a kept basis answers the question when both readings are plausible.
    annual_plan, total_investment: None or 0 if there is none.
    """

    year_to_date: int
    before_period: int | None
    last_year: int | None = None
    basis: str | None = None
    annual_plan: int | None = None
    total_investment: int | None = None


@dataclass(frozen=True, slots=True)
class FigureVerdict:
    """The verdict on one figure; amounts in fen, None where they are not known or not decided.

    reading: the reading taken, None while something has to be asked.
    year_to_date: the new year-to-date figure; for ASK_YEAR_OR_PROJECT the one of the year reading.
    since_start: 截至上年底累计 + year_to_date, None if the former is not recorded.
    other_year_to_date: what year-to-date becomes in the other reading of a bare 累计, for the switch on the
    card and for the question; None if there is no other reading.
    added: year_to_date minus the ledger's. added_share: the same as a share of the annual plan.
    exceeds_plan: year_to_date is above the annual plan.
    suggested: for REFUSED_ABOVE_TOTAL the figure that was likely meant, as it should have been reported.
    """

    kind: VerdictKind
    reading: Reading | None = None
    year_to_date: int | None = None
    since_start: int | None = None
    other_year_to_date: int | None = None
    added: int | None = None
    added_share: Fraction | None = None
    exceeds_plan: bool = False
    suggested: int | None = None


def judge_figure(
    said: str, amount: int, ledger: LedgerFigures, *, most_at_once: Fraction = MOST_AT_ONCE
) -> FigureVerdict:
    """Judge a figure of `amount` fen that the words call `said` (a value of Said).

    To judge the answer to a question, or the switch on a card, call again with the basis the person chose.
    Raises ValueError for an unknown `said` or a negative amount.
    """
    words = Said(said)
    if amount < 0:
        raise ValueError(f"a reported figure cannot be negative: {amount}")
    return _Judgement(words, amount, ledger, most_at_once).verdict()


@dataclass(frozen=True, slots=True)
class _Judgement:
    said: Said
    amount: int
    ledger: LedgerFigures
    most_at_once: Fraction

    def verdict(self) -> FigureVerdict:
        match self.said:
            case Said.UNSAID:
                return FigureVerdict(VerdictKind.ASK_BASIS)
            case Said.YEAR_TO_DATE:
                return self.taken_as(Reading.YEAR)
            case Said.PERIOD if self.ledger.before_period is None:
                return FigureVerdict(VerdictKind.ASK_YEAR_TO_DATE)
            case Said.PERIOD:
                return self.taken_as(Reading.PERIOD)
            case Said.SINCE_START:
                return self.since_start()
            case Said.CUMULATIVE:
                return self.bare()

    def since_start(self) -> FigureVerdict:
        if self.ledger.last_year is None and self._above_total(self.amount):
            return FigureVerdict(
                VerdictKind.REFUSED_ABOVE_TOTAL,
                Reading.PROJECT,
                since_start=self.amount,
                suggested=self.meant(),
            )
        if self.ledger.last_year is None or self.amount < self.ledger.last_year:
            return FigureVerdict(VerdictKind.ASK_LAST_YEAR, since_start=self.amount)
        return self.taken_as(Reading.PROJECT)

    def bare(self) -> FigureVerdict:
        """Read a bare 累计 (rule C5): the only plausible reading, else the kept basis, else ask.

        If neither reading is plausible the kept basis stands too, or else the year; a figure below
        截至上年底累计 can only be of the year.
        """
        last_year = self.ledger.last_year
        if not last_year:
            return self.taken_as(Reading.YEAR)
        plausible = [reading for reading in (Reading.YEAR, Reading.PROJECT) if self.is_plausible(reading)]
        if len(plausible) == 1:
            return self.taken_as(plausible[0])
        if self.ledger.basis is not None:
            kept = Reading(self.ledger.basis)
            return self.taken_as(kept if self.amount >= last_year else Reading.YEAR)
        if not plausible:
            return self.taken_as(Reading.YEAR)
        return FigureVerdict(
            VerdictKind.ASK_YEAR_OR_PROJECT,
            year_to_date=self.amount,
            other_year_to_date=self.year_to_date(Reading.PROJECT),
        )

    def taken_as(self, reading: Reading) -> FigureVerdict:
        """Apply C6 and C7 to one reading."""
        year_to_date = self.year_to_date(reading)
        last_year = self.ledger.last_year
        plan = self.ledger.annual_plan
        added = year_to_date - self.ledger.year_to_date
        kind = self.kind_of(reading)
        return FigureVerdict(
            kind=kind,
            reading=reading,
            year_to_date=year_to_date,
            since_start=None if last_year is None else last_year + year_to_date,
            other_year_to_date=self.other(reading),
            added=added,
            added_share=Fraction(added, plan) if plan else None,
            exceeds_plan=bool(plan) and year_to_date > (plan or 0),
            suggested=self.meant() if kind is VerdictKind.REFUSED_ABOVE_TOTAL else None,
        )

    def kind_of(self, reading: Reading) -> VerdictKind:
        year_to_date = self.year_to_date(reading)
        plan = self.ledger.annual_plan
        if self._above_total(year_to_date + (self.ledger.last_year or 0)):
            return VerdictKind.REFUSED_ABOVE_TOTAL
        if year_to_date < self.ledger.year_to_date:
            return VerdictKind.LOWER_NEEDS_REASON
        if plan and (
            year_to_date > plan or year_to_date - self.ledger.year_to_date > plan * self.most_at_once
        ):
            return VerdictKind.CHECK_UNIT
        return VerdictKind.ACCEPTED

    def is_plausible(self, reading: Reading) -> bool:
        """Whether C6 and C7 have nothing against the reading."""
        return self.kind_of(reading) is VerdictKind.ACCEPTED

    def year_to_date(self, reading: Reading) -> int:
        match reading:
            case Reading.YEAR:
                return self.amount
            case Reading.PROJECT:
                return self.amount - (self.ledger.last_year or 0)
            case Reading.PERIOD:
                return (self.ledger.before_period or 0) + self.amount

    def other(self, reading: Reading) -> int | None:
        """Return year-to-date in the other reading of a bare 累计, None where there is no sensible one."""
        if self.said is not Said.CUMULATIVE or not self.ledger.last_year:
            return None
        other = self.year_to_date(Reading.PROJECT if reading is Reading.YEAR else Reading.YEAR)
        return other if other >= 0 else None

    def meant(self) -> int | None:
        """Return the figure that a slip of the unit explains: the largest one that is plausible itself.

        If there is none, the largest that could be entered once its unit is checked.
        """
        smaller = [replace(self, amount=self.amount // slip) for slip in _SLIPS if self.amount % slip == 0]
        for one in smaller:
            if one.fits():
                return one.amount
        reading = Reading.PERIOD if self.said is Said.PERIOD else Reading.YEAR
        if self.said is Said.SINCE_START:
            reading = Reading.PROJECT
        for one in smaller:
            if one.year_to_date(reading) >= 0 and one.kind_of(reading) is VerdictKind.CHECK_UNIT:
                return one.amount
        return None

    def fits(self) -> bool:
        """Whether the figure is plausible in a reading that the words allow."""
        match self.said:
            case Said.PERIOD:
                return self.is_plausible(Reading.PERIOD)
            case Said.SINCE_START if self.ledger.last_year is None:
                # What was done in earlier years is unknown: only the bounds can be checked.
                return self.ledger.year_to_date <= self.amount and not self._above_total(self.amount)
            case Said.SINCE_START:
                return self.is_plausible(Reading.PROJECT)
            case Said.CUMULATIVE if self.is_plausible(Reading.PROJECT):
                return True
            case _:
                return self.is_plausible(Reading.YEAR)

    def _above_total(self, since_start: int) -> bool:
        return bool(self.ledger.total_investment) and since_start > (self.ledger.total_investment or 0)
