"""What was said about a project becomes a line of a report draft (rules C3–C7, D6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final

from handlers import access
from handlers.context import Context
from handlers.understanding.reading import Basis, Figure, Match, Percentage, Period, ProjectLine, Span
from models.errors import Invalid
from models.operations import ledger
from models.operations.report_lines import ReportLine
from models.queries import figures
from models.rules.money import wan

_MONTH_TOTAL: Final = re.compile(
    r"(?:(?<![\d—–~～至到-])(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?|上个?月)累计(?:已?完成)?(?:总?投资额?)?[为是达:：\s]*$"
)
_TOTALS: Final = {Basis.YEAR_TO_DATE: "今年累计", Basis.SINCE_START: "开工以来累计", Basis.CUMULATIVE: "累计"}
_FOREIGN: Final = re.compile(r"\s*(?:美元|美金|欧元|日元|英镑|港币|港元)")
_CLOSE: Final = 16  # characters
_LEAD: Final = 40
_MINUS: Final = re.compile(r"(?:完成|投资额?|累计|[为是达:：])\s*[-－−]\s*$")
_STILL: Final = re.compile(r"(?:还是|仍[是为]?|依然是?|依旧是?|维持在?|停在|没变[,，是]*)\s?$")
_LONGEST_ALSO: Final = 200
_RATE: Final = re.compile(r"完成率[^\d，,；;。]{0,4}$")
# Which of several figures of one line moves the ledger: the plainest first.
_PRECEDENCE: Final = (Basis.YEAR_TO_DATE, Basis.SINCE_START, Basis.CUMULATIVE, Basis.PERIOD, Basis.UNSAID)


def line_of(context: Context, said: ProjectLine, *, no: int, correction: bool, reason: str) -> ReportLine:
    """What was said of one project as a line of a draft. Raises Invalid for figures of a year not closed here (D6)."""
    project_id = said.project_id if said.match is Match.UNIQUE else None
    for_id: int | None = None
    if project_id is not None:
        principal = access.reporter(context, context.directory.projects[project_id])
        for_id = principal.id if principal is not None and principal.id != context.sender.id else None
    line = ReportLine(
        no=no,
        mention=said.mention or "项目",
        project_id=project_id,
        candidates=said.candidates[:5] if said.match is Match.AMBIGUOUS else (),
        image_progress=(said.image_progress or "")[:500],
        project_state=said.state,
        started_on=said.started_on,
        finished_on=said.finished_on,
        phase=said.phase,
        expected_finish=said.expected_finish.isoformat() if said.expected_finish else None,
        unchanged=said.unchanged,
        assisted=said.assisted,
        correction=correction,
        reason=reason[:500],
        for_id=for_id,
        said_on=context.desk.today.isoformat(),
    )
    check_year(context, project_id, said.figures)
    _check_sign(context, said.figures)
    told = [
        _as_the_wrong_one(context, project_id, _asked_where_both(context, figure)) for figure in said.figures
    ]
    return _with_share(context, with_figures(line, told), said.percentages)


def _as_the_wrong_one(context: Context, project_id: int | None, figure: Figure) -> Figure:
    """「报错了，不是5200，是5300」 where the ledger has 5200: what that is a figure of, this one is too (C5, C6).

    「没有进展，还是5200」 likewise (C19).
    """
    if project_id is None or figure.basis is not Basis.UNSAID:
        return figure
    wrong = figure.instead_of
    said = _around(context.message.text, figure.amount.span.text)
    if wrong is None and not any(_STILL.search(before) for before, _after in said):
        return figure
    held = figures.of(context.desk.session, project_id)
    same = wrong.fen if wrong is not None else figure.amount.fen
    return replace(figure, basis=Basis.YEAR_TO_DATE) if held.ytd_fen == same else figure


def _asked_where_both(context: Context, figure: Figure) -> Figure:
    """「9月份累计2100」 may be the month's or the year's figure: it is asked (rule C5), of a month that is over too."""
    period = figure.period
    # By the words, not by their place: in January 「12月」 was read as of the old year, which moved them.
    said = _around(context.message.text, figure.amount.span.text)
    if period is None or not any(_MONTH_TOTAL.search(before) for before, _after in said):
        return figure
    running = period.first <= context.desk.today <= period.last
    return replace(figure, basis=Basis.UNSAID, period=None if running else period)


def _with_share(context: Context, line: ReportLine, percentages: Sequence[Percentage]) -> ReportLine:
    """The share of the plan or of the total investment that the author states, to hold it against the figure."""
    for one in percentages:
        of = one.of
        if of == "unspecified" and _RATE.search(_before(context, one.span)):
            of = "annual_plan"
        if of in ("annual_plan", "total_invest"):
            return replace(line, told_share=one.basis_points, told_of=of)
    return line


def _check_sign(context: Context, figures: Sequence[Figure]) -> None:
    """「本月完成-300万」 is not 300: what was entered too high is corrected (rule C6). Only 人民币 is kept (C5)."""
    for figure in figures:
        amount = figure.amount.span.text
        foreign, negative = _strange(context.message.text, amount)
        if foreign:
            raise Invalid(
                f"「{amount}{foreign}」不是人民币，不入账", mend="请折算成人民币再报，例：累计5000万元"
            )
        if negative:
            raise Invalid(
                f"「-{amount}」是负数，不入账",
                mend="报多了请用 /更正 项目 正确的累计数 原因 …；本月没有请回「本月完成0」",
            )


@lru_cache(maxsize=8)  # a list may hold one amount hundreds of times
def _strange(text: str, words: str) -> tuple[str, bool]:
    """The foreign currency behind an amount and whether it is below nought: of the first place where it is strange."""
    for before, after in _around(text, words):
        foreign = _FOREIGN.match(after)
        if foreign is not None or _MINUS.search(before):
            return (foreign[0], False) if foreign is not None else ("", True)
    return "", False


def _before(context: Context, span: Span) -> str:
    """What stands close before a place of the message."""
    return context.message.text[max(0, span.start - _LEAD) : span.start]


def _around(text: str, words: str) -> Iterator[tuple[str, str]]:
    """What stands close before and behind each place where the words stand."""
    at = text.find(words) if words else -1
    while at >= 0:
        end = at + len(words)
        yield text[max(0, at - _CLOSE) : at], text[end : end + _CLOSE]
        at = text.find(words, end)


def check_year(context: Context, project_id: int | None, figures: Sequence[Figure]) -> None:
    """A figure of an earlier year is taken only where that year was closed here (rule D6)."""
    for figure in figures:
        first = figure.period.first if figure.period is not None else figure.as_of
        year = first.year if first is not None else context.desk.today.year
        if year >= context.desk.today.year:
            continue
        if project_id is None or ledger.closed_year(context.desk, project_id, year) is None:
            if project_id is not None and access.in_hub(context):  # a field of the ledger (rules B10, D3)
                code = context.directory.projects[project_id].code
                raise Invalid(
                    f"{code} 的截至上年底累计不在对话里改",
                    mend="请改好项目台账表，由系统管理员导入；导入前会列出改动，确认后才生效",
                )
            raise Invalid(f"{year} 年的数不在本年台账内", mend="请报今年累计；往年数据请联系综合专班")


def with_figures(line: ReportLine, figures: Sequence[Figure]) -> ReportLine:
    """The figure that moves the ledger, and beside it a figure of the period, if both were said."""
    ordered = sorted(figures, key=_comes_first)
    if not ordered:
        return line
    main, also_told = _widest_period(ordered)
    line = with_amount(line, main)
    if also_told := also_told or _other_totals(main, ordered[1:]):
        line = replace(line, also_told=also_told)
    if main.basis is not Basis.PERIOD:
        for figure in ordered[1:]:
            if figure.basis is Basis.PERIOD and figure.period is not None:
                return replace(line, extra_period_fen=figure.amount.fen, period_name=figure.period.name)
    return line


def _comes_first(figure: Figure) -> tuple[int, int]:
    """Of totals of several days the newest: 「9月底累计3500，到今天累计3560」 has come to 3560 (rule D3)."""
    return _PRECEDENCE.index(figure.basis), -(figure.as_of or date.max).toordinal()


def _widest_period(figures: Sequence[Figure]) -> tuple[Figure, str]:
    """Which figure moves the ledger: of 「本旬…，本月…」 the widest, then the latest. The others in words."""
    periods = [(one, one.period) for one in figures if one.period is not None]
    if figures[0].basis is not Basis.PERIOD or len(periods) <= 1:
        return figures[0], ""
    main, widest = max(periods, key=lambda one: (one[1].last - one[1].first, one[1].last))
    told = [
        f"{period.name}完成 {wan(one.amount.fen)} 万元（{'已含在内' if _within(period, widest) else '未计入'}）"
        for one, period in periods
        if one is not main
    ]
    return main, "，".join(told)[:_LONGEST_ALSO]


def _other_totals(main: Figure, others: Sequence[Figure]) -> str:
    """Totals that were said beside the one that is taken, in words: nothing that was said is dropped unseen (C5)."""
    told = [
        f"{_TOTALS[one.basis]} {wan(one.amount.fen)} 万元（{f'截至 {one.as_of:%m-%d}，' if one.as_of else ''}未计入）"
        for one in others
        if one.basis in _TOTALS and one.amount.fen != main.amount.fen
    ]
    return "，".join(dict.fromkeys(told))[:_LONGEST_ALSO]


def _within(inner: Period, outer: Period) -> bool:
    return outer.first <= inner.first and inner.last <= outer.last


def _valid_on(line: ReportLine, figure: Figure) -> str | None:
    """The day that was said, else the end of a period that was over: 「上月完成1000」 stands at its last day (D3)."""
    if figure.as_of is not None:
        return figure.as_of.isoformat()
    over = figure.period.last.isoformat() if figure.period is not None else None
    return over if over is not None and line.said_on is not None and over < line.said_on else None


def with_amount(line: ReportLine, figure: Figure) -> ReportLine:
    period = figure.period
    return line.but(
        said=figure.basis.value,
        amount_fen=figure.amount.fen,
        unit_said=figure.amount.unit_said,
        approximate=figure.amount.approximate,
        as_of=_valid_on(line, figure),
        period_name=period.name if period else ("本月" if figure.basis is Basis.PERIOD else ""),
        period_first=period.first.isoformat() if period else None,
        basis=None,
        told_share=None,
        told_of="",
        also_told="",
        unchanged=False,
        base_version=None,
        base_fen=None,
    )
