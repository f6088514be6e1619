"""The projects of the acceptance baseline (scenarios, part 2), as facts for the rules."""

from datetime import date

from models.rules.lights import ProjectFacts, YearPlan
from models.rules.money import FEN_PER_WAN


def wan(amount: float) -> int:
    fen = round(amount * 100) * (FEN_PER_WAN // 100)
    assert fen == amount * FEN_PER_WAN
    return fen


def plan(total: float, *curve: float, year: int = 2026) -> YearPlan:
    return YearPlan(year, wan(total), tuple(wan(mark) for mark in curve))


def even(total: float, *, year: int = 2026) -> YearPlan:
    """An even curve written out month by month, as the ledger holds it."""
    fen = wan(total)
    assert fen % 12 == 0
    return YearPlan(year, fen, tuple(fen // 12 * month for month in range(1, 13)))


def facts(plan: YearPlan, year_to_date: float, as_of: date) -> ProjectFacts:
    return ProjectFacts(plan=plan, year_to_date=wan(year_to_date), last_report_on=as_of, started=True)


AUGUST_END = date(2026, 8, 31)

ZX0031 = facts(
    plan(8000, 200, 400, 1000, 1800, 2600, 3400, 4200, 5000, 5800, 6600, 7400, 8000), 4700, AUGUST_END
)
ZX0032 = facts(even(3000), 1950, AUGUST_END)
ZD0108 = facts(
    plan(20000, 500, 1000, 2500, 4500, 6500, 9000, 11000, 13000, 15000, 17000, 18500, 20000), 8600, AUGUST_END
)
ZD0115 = facts(even(60000), 46000, date(2026, 9, 15))
ZY0007 = facts(even(6000), 3900, AUGUST_END)
ZY0009 = facts(even(3600), 2500, AUGUST_END)
SG0012 = ProjectFacts(
    plan=plan(1000, *[0] * 11, 1000),
    planned_start=date(2026, 9, 1),
    last_report_on=date(2026, 9, 15),
)
JJ0003 = facts(even(4800), 3300, date(2026, 9, 10))
ZD0120 = ProjectFacts(
    plan=even(21000),
    year_to_date=wan(14000),
    started=True,
    planned_finish=date(2026, 10, 31),
    last_report_on=AUGUST_END,
)
ALL = {
    "ZX0031": ZX0031,
    "ZX0032": ZX0032,
    "ZD0108": ZD0108,
    "ZD0115": ZD0115,
    "ZY0007": ZY0007,
    "ZY0009": ZY0009,
    "SG0012": SG0012,
    "JJ0003": JJ0003,
    "ZD0120": ZD0120,
}
