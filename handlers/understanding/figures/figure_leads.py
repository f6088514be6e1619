"""A stretch at the head of a sentence that holds for the figures after it: 「上半年甲完成…，乙完成…」."""

from __future__ import annotations

import re
from datetime import date

from handlers.understanding.clauses import Clause
from handlers.understanding.figures.figure_context import Context, Lead
from handlers.understanding.phrases.money import A_PERIOD, CUMULATIVE, SINCE_START
from handlers.understanding.reading import Basis, Period
from handlers.understanding.values.dates import as_period
from handlers.understanding.values.days_ahead import is_nearly_over

# News of a project come with its total investment: 「本周签约，投资5亿」.
_NEWS = re.compile(r"开工|动工|开建|奠基|签约|落地|引进|招商|立项|备案|获批|批复|占地|竣工|投产|新建|入库|总")
_SPENT = re.compile(
    r"\s*(?:就|又|也|共|实际|已经?|一共|大概|大约|差不多|新增|只|仅|才)*(?:(?P<noun>(?:完成)?投资额?(?:完成)?|完成)|投了|投入了?|花了?|干了)\s*"
)

# 「1-9月预计，甲完成…」: a clause of nothing but that and its stretch.
_MERELY_EXPECTED = re.compile(r"\s*(?:预计|预期|力争|争取|确保|计划)[到至在\s]*")


def lead_for(clause: Clause, left: str, basis: Basis | None, context: Context) -> Lead | None:
    """The head of the sentence, unless nearer words say which figure it is."""
    lead = context.lead
    if lead is None or lead.sentence > clause.sentence or clause.dates or context.basis or context.period:
        return None
    if lead.loosely:
        near = basis is None and lead.sentence == clause.sentence
        spent = _SPENT.fullmatch(left)
        # 「今年…，投资3.6亿」 may be the whole project's; 「花了200万」 is not.
        return (
            lead if near and spent and (lead.basis is not Basis.YEAR_TO_DATE or not spent["noun"]) else None
        )
    if lead.planned:
        return lead if basis is None else None
    return lead if basis in {None, Basis.CUMULATIVE, lead.basis} else None


def lead_over_works(clause: Clause, plain: str, context: Context) -> Lead | None:
    """「…完成投资270万，开工以来共铺8.1公里、投资3420万」: what is said of the works holds for the money beside them.

    Only where the stretch before cannot be meant any more: its amount was told, or the two are joined.
    """
    if clause.dates or not (context.told_period == clause.sentence or plain.startswith("、", clause.end)):
        return None
    if clause.words.hold(SINCE_START):
        return Lead(clause.sentence, Basis.SINCE_START, None, None, loosely=True)
    if clause.words.hold(CUMULATIVE):
        return Lead(clause.sentence, Basis.CUMULATIVE, None, None, loosely=True)
    return None


def lead_since_start(clause: Clause, told: str) -> Lead | None:
    """「开工以来，完成投资5300万」: a clause of nothing else holds for its sentence. told: its own words."""
    if clause.amounts or clause.percents or not SINCE_START.pattern.fullmatch(told.strip(" ,，项目的")):
        return None
    return Lead(clause.sentence, Basis.SINCE_START, None, None)


def lead_of(clause: Clause, names: tuple[int, int] | None, today: date) -> Lead | None:
    """What the clause's own stretch says of the figures after it. names: from where to where projects stand."""
    days = [one for one in clause.dates if one.kind != "feast"]  # 「2月份受春节影响」: of February
    if len(days) != 1:
        return None
    day = days[0]
    if names is None and not clause.amounts and not clause.percents:
        around = clause.text[: day.start - clause.start] + clause.text[day.end - clause.start :]
        if _MERELY_EXPECTED.fullmatch(around):
            return Lead(clause.sentence, Basis.UNSAID, None, None, planned=True, expected=True)
    found = as_period(day, today)
    words = clause.text[day.start - clause.start : day.end - clause.start]
    ahead = names is not None and day.end <= names[0] and not clause.text[: day.start - clause.start].strip()
    if found is not None and is_nearly_over(day, found, today):
        return None
    if found is None or found.first > today or day.before:
        return Lead(clause.sentence, Basis.UNSAID, None, None, planned=True) if ahead else None
    cut = min(found.last, today)
    of_figures = bool(clause.percents) or any(one.unit for one in clause.amounts)
    nothing_else = names is not None and not clause.text[names[1] - clause.start :].strip()
    loosely = not ahead or not (of_figures or nothing_else)
    if loosely and ((of_figures and not ahead) or _NEWS.search(clause.text)):
        return None
    period = Period(words, found.first, found.last)
    if day.kind == "week" and not day.part:
        return Lead(clause.sentence, Basis.PERIOD, period, None, loosely)
    if day.kind == "year" and found.first.year == today.year:
        return Lead(clause.sentence, Basis.YEAR_TO_DATE, None, None, loosely)
    if day.kind == "months" and day.part != "yearend" and ahead:
        of_year = found.first == date(today.year, 1, 1)
        return Lead(
            clause.sentence,
            Basis.YEAR_TO_DATE if of_year else Basis.PERIOD,
            None if of_year else period,
            cut,
            loosely,
        )
    if day.kind == "month" and day.part not in {"底", "末"}:
        whole = None if A_PERIOD.pattern.fullmatch(words) else cut
        return Lead(clause.sentence, Basis.PERIOD, period, whole, loosely)
    return None
