"""What earlier words of a message still say about the figures after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from handlers.understanding.reading import Amount, Basis, Figure, Period
from handlers.understanding.values.dates import WorkCalendar


@dataclass(frozen=True, slots=True)
class Lead:
    """A stretch at the head of a sentence that holds for the figures after it.

    loosely: it stands with works (「这周封顶2栋，投资1900万」), so it holds for plain spending words only.
    """

    sentence: int
    basis: Basis
    period: Period | None
    as_of: date | None
    loosely: bool = False
    planned: bool = False  # 「8月底前甲完成…，乙完成…」
    expected: bool = False  # 「1-9月预计，甲完成…，占年度计划…」: neither the amount nor its share


@dataclass(slots=True)
class Context:
    """What earlier words still say: a heading's period or cut-off, a plan, the base of percentages."""

    today: date
    calendar: WorkCalendar
    as_of: date | None = None
    basis: Basis | None = None
    period: Period | None = None
    percent_of: str | None = None
    annual_plan: bool = False  # a plan for the year was told before, so 「已完成」 means of it
    heading: Basis | None = None  # 「1—8月投资完成情况：」 over a list
    lead: Lead | None = None  # 「上半年甲完成…，乙完成…」
    ahead: tuple[int, date] | None = (
        None  # 「截至11月底，累计5300万」 said in September: the sentence and the day
    )
    forecast: bool = False  # the clause before told an expected amount
    wan_unit: int = 1  # 10_000 under 「单位：亿元」
    corrects: bool = False  # the message takes back what was reported earlier
    planned: tuple[Period, date | None] | None = (
        None  # of a plan told before: 「本月计划1000万，已完成800万」
    )
    month_plan: int = -1  # the sentence that told the plan of a shorter stretch: 「8月计划800万，完成75%」
    after_works: bool = False  # the clause before told works by number: 「铺设15.6公里，占68%」
    told_total: int = -1  # the sentence that told a figure since the start: 「开工以来5.4亿，年内1.35亿」
    up_to: Figure | None = None  # what that sentence told up to a day: 「8月末累计8600万，9月20日9400万」
    expected: int = -1  # the sentence that told an amount still to come: 「确保5000万，占计划的80%」
    told_funds: int = -1  # the clause that last told funds: 「拨付8600万（其中本月1200万）」
    fund: tuple[int, str] | None = (
        None  # the sentence that told funds and which: 「付土建800万、设备200万，共1000万」
    )
    figure_end: int = -1  # where the last figure ends: 「年累9100万，82.7%」
    rate_told: int = -1  # the sentence that just told a 支付率: 「天然渠支付率58%，共渠62%」
    plan_put_right: int = -1  # the sentence that took back a planned amount: 「计划5000万少报了，实际6000万」
    wrong_rate: int = -1  # the sentence that took back a percentage: 「进度写成56，实际是65」
    formerly: int = -1  # the sentence that told what was reported before: 「上月报的4800万，这个月报5200万」
    told_month: date | None = None  # the first day of the month told last: 「8月500万，上月480万」 is July
    told_period: int = -1  # the sentence that told a figure of a month or week: 「4月6800万，年内2.45亿」
    replaced: tuple[Period | None, date | None] | None = None  # the stretch of a figure that was taken back
    wrong: tuple[Amount, int] | None = None  # an amount that was taken back, and its sentence
    beside: tuple[int, Figure] | None = (
        None  # the clause of a project and its one figure: 「甲5月投2600万，乙780万」
    )
    planned_beside: int = -1  # the clause that told one project's plan: 「甲5月计划2600万，乙780万」
    parts: tuple[int, Basis | None, Period | None, date | None] | None = (
        None  # amounts of parts, their sentence, and what they are of: 「本月土建1200万，设备300万，合计1500万」
    )
    after_gap: bool = False  # the clause before told money that is missing: 「欠两个月了 2400万」
