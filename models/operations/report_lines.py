"""The lines of a report draft: what was said, how it is judged against the ledger, how it is shown.

A line is kept as JSON in the draft. It is judged anew whenever it is edited, answered, or the ledger under it changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from fractions import Fraction
from operator import attrgetter
from typing import Any, Final

from models.errors import Invalid, UsedInDocument
from models.notices.ledger import Option, ReportLineView
from models.operations import ledger
from models.operations.desk import Desk
from models.operations.standing import of as standing_of
from models.queries import figures, plans
from models.queries.figures import Figures
from models.queries.lights import FINISHED, SUSPENDED
from models.rules.intake import FigureVerdict, LedgerFigures, Reading, Said, VerdictKind, judge_figure
from models.rules.money import percent
from models.rules.partial_dates import first_day
from models.tables.projects import YearClose
from models.types import LineState, Role

OPEN_QUESTIONS: Final = (
    LineState.ASK_PROJECT,
    LineState.UNKNOWN,
    LineState.REFUSED,
    LineState.ASK_BASIS,
    LineState.ASK_READING,
    LineState.ASK_FIGURE,
    LineState.NEEDS_REASON,
    LineState.ASK_REPEAT,
)
DONE: Final = (LineState.ENTERED, LineState.CANCELLED)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What one line of a message says of one project. Amounts in 分, dates ISO.

    base_version, base_fen: the ledger the card was shown with (rule C14). basis: the reading the author chose for a
    bare 累计; keep_basis: also for next time. repeat_ok: the author said it is not a repetition (rule C13).
    """

    no: int
    mention: str
    state: LineState = LineState.UNKNOWN
    project_id: int | None = None
    candidates: tuple[int, ...] = ()
    said: str | None = None
    amount_fen: int | None = None
    unit_said: bool = True
    approximate: bool = False
    period_name: str = ""
    period_first: str | None = None
    as_of: str | None = None
    extra_period_fen: int | None = None
    assisted: bool = False  # a language model pointed at some of it
    also_told: str = ""  # figures of further periods, in words: shown, not entered
    told_share: int | None = None  # basis points of what the author says is completed
    told_of: str = ""  # annual_plan or total_invest
    image_progress: str = ""
    project_state: str | None = None
    started_on: str | None = None
    finished_on: str | None = None
    phase: str | None = None  # 投产, 达效: how far a finished project has come (rule D3)
    expected_finish: str | None = None
    unchanged: bool = False
    no_figure: bool = False  # the author said there is no new figure
    correction: bool = False
    reason: str = ""
    basis: str | None = None
    keep_basis: bool = False
    repeat_ok: bool = False
    said_on: str | None = (
        None  # the day the figure was said; what is said in one year is entered into that year
    )
    base_version: int | None = None
    base_fen: int | None = None
    entry_id: int | None = None
    for_id: int | None = None  # the principal it is reported for
    repeat_of: int | None = None

    @property
    def valid_on(self) -> date | None:
        """The day the figure is valid for: as the author said, else the day it was said."""
        day = self.as_of or self.said_on
        return date.fromisoformat(day) if day else None

    @property
    def has_text(self) -> bool:
        return bool(self.image_progress or self.project_state or self.started_on or self.finished_on)

    def but(self, **values: Any) -> ReportLine:
        """As dataclasses.replace, at half its cost: every report copies its lines several times."""
        return ReportLine(**{**dict(zip(_FIELDS, _VALUES(self), strict=True)), **values})

    def to_json(self) -> dict[str, Any]:
        return {
            name: value
            for name, value, usual in zip(_FIELDS, _VALUES(self), _USUAL, strict=True)
            if value != usual
        }

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> ReportLine:
        values = dict(body)
        values["state"] = LineState(values.get("state", LineState.UNKNOWN))
        values["candidates"] = tuple(values.get("candidates", ()))
        return cls(**values)


_FIELDS: Final = tuple(one.name for one in fields(ReportLine))
_VALUES: Final = attrgetter(*_FIELDS)
# What is not kept: a line without these has them. A number and a mention it always has.
_USUAL: Final = _VALUES(ReportLine(no=-1, mention="\0"))


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with its verdict; verdict is empty when there is no figure to judge."""

    line: ReportLine
    verdict: FigureVerdict | None = None


def judge(desk: Desk, line: ReportLine, *, author_id: int) -> Judged:
    """Set the line's state: ready, or what has to be asked first, in the order of the rules."""
    if line.state in DONE:
        return Judged(line)
    if line.project_id is None:
        state = LineState.ASK_PROJECT if line.candidates else LineState.UNKNOWN
        return Judged(line.but(state=state))
    project = figures.of(desk.session, line.project_id)
    # With the state in one copy: a line has many fields.
    base: dict[str, Any] = (
        {"base_version": project.version, "base_fen": ledger_fen(desk, line, project)}
        if line.base_version is None
        else {}
    )
    if line.amount_fen is None:
        enough = line.unchanged or line.no_figure
        return Judged(line.but(state=LineState.READY if enough else LineState.ASK_FIGURE, **base))
    verdict = verdict_of(desk, line, project)
    state = _STATES[verdict.kind]
    if line.correction and state is LineState.READY and not line.reason:
        state = LineState.NEEDS_REASON
    if (
        state is LineState.READY
        and not line.repeat_ok
        and project.ytd_fen == verdict.year_to_date
        and closed_year(desk, line, project) is None
        and not line.correction
    ):
        before = ledger.same_figure_since(desk, project.id, author_id, verdict.year_to_date)
        if before is not None:
            return Judged(line.but(state=LineState.ASK_REPEAT, repeat_of=before.id, **base), verdict)
    return Judged(line.but(state=state, **base), verdict)


_STATES: Final = {
    VerdictKind.ACCEPTED: LineState.READY,
    VerdictKind.LOWER_NEEDS_REASON: LineState.NEEDS_REASON,
    VerdictKind.CHECK_UNIT: LineState.CHECK_UNIT,
    VerdictKind.REFUSED_ABOVE_TOTAL: LineState.REFUSED,
    VerdictKind.ASK_BASIS: LineState.ASK_BASIS,
    VerdictKind.ASK_YEAR_OR_PROJECT: LineState.ASK_READING,
    VerdictKind.ASK_LAST_YEAR: LineState.ASK_FIGURE,
    VerdictKind.ASK_YEAR_TO_DATE: LineState.ASK_FIGURE,
}


def verdict_of(desk: Desk, line: ReportLine, project: Figures) -> FigureVerdict:
    """Judge the line's figure against the ledger as it is now."""
    assert line.amount_fen is not None
    close = closed_year(desk, line, project)
    plan = plans.investment(desk.session, project.id, close.year) if close is not None else None
    before = _before_period(desk, line, project)
    prior = project.prior_years_fen
    recorded = LedgerFigures(
        year_to_date=ledger_fen(desk, line, project),
        before_period=before[0] if before is not None else None,
        last_year=prior - close.ytd_fen if close is not None and prior is not None else prior,
        basis=line.basis or project.basis,
        annual_plan=(plan.plan_fen if plan is not None else None) if close is not None else project.plan_fen,
        total_investment=project.total_fen,
    )
    said = line.said or Said.UNSAID.value
    if line.basis is not None and said == Said.CUMULATIVE.value:
        # The author chose: no weighing of plausibility any more, C6 and C7 apply to the chosen reading.
        said = (Said.SINCE_START if line.basis == Reading.PROJECT.value else Said.YEAR_TO_DATE).value
    verdict = judge_figure(said, line.amount_fen, recorded)
    if line.basis is not None and line.said == Said.CUMULATIVE.value and verdict.year_to_date is not None:
        other = judge_figure(
            (Said.YEAR_TO_DATE if line.basis == Reading.PROJECT.value else Said.SINCE_START).value,
            line.amount_fen, recorded,
        )  # fmt: skip
        verdict = replace(verdict, other_year_to_date=other.year_to_date)
    return verdict


def closed_year(desk: Desk, line: ReportLine, project: Figures) -> YearClose | None:
    """The closed year that a figure belongs to (rule D6); None for one of the running year."""
    day = line.valid_on
    if line.said == Said.PERIOD.value and line.period_first is not None:
        day = date.fromisoformat(line.period_first)
    if line.amount_fen is None or day is None or day.year >= desk.today.year:
        return None
    return ledger.closed_year(desk, project.id, day.year)


def ledger_fen(desk: Desk, line: ReportLine, project: Figures) -> int:
    """The figure in the ledger that the line would replace."""
    close = closed_year(desk, line, project)
    return close.ytd_fen if close is not None else project.ytd_fen


def _period_eve(desk: Desk, line: ReportLine) -> date:
    """The last day before the period reported; for 本月 the end of last month."""
    first = date.fromisoformat(line.period_first) if line.period_first else desk.today.replace(day=1)
    return first - timedelta(days=1)


def _before_period(desk: Desk, line: ReportLine, project: Figures) -> tuple[int, date] | None:
    """Year-to-date at the end of the period before the one reported and the date of that figure (rule C5).

    0 before the first period of a year, and as long as the ledger holds nothing of the year; None if not recorded.
    """
    day = _period_eve(desk, line)
    if line.said != Said.PERIOD.value:
        return 0, day
    close = closed_year(desk, line, project)
    if day.year != (close.year if close is not None else desk.today.year):
        return 0, day
    known = ledger.ytd_at(desk, project.id, day)
    return known if known is not None or ledger_fen(desk, line, project) else (0, day)


def view(desk: Desk, judged: Judged) -> ReportLineView:
    """What the card shows of a line."""
    line, verdict = judged.line, judged.verdict
    project = figures.of(desk.session, line.project_id) if line.project_id is not None else None
    new_fen = verdict.year_to_date if verdict is not None else None
    standing = None
    close = closed_year(desk, line, project) if project is not None else None
    before = _before_period(desk, line, project) if project is not None and line.said == "period" else None
    if project is not None:
        counts = line.state not in (LineState.REFUSED, LineState.ASK_READING) and close is None
        lights = desk.lights_of(project.id)
        after, evaluation = project.evaluate(
            desk.today, lights, ytd_fen=new_fen if counts else None,
            started_on=_day(_started(line, project, desk.today), desk.today),
            finished_on=_day(_finished(line, project, desk.today), desk.today), reported_today=True,
        )  # fmt: skip
        standing = standing_of(
            evaluation, before=project.shown, after=after, adjusted=project.adjusted is not None
        )
    shown_as_of = line.valid_on
    told_share, counted_share = _contradiction(line, verdict, project)
    needs_check = line.state is LineState.CHECK_UNIT and verdict is not None
    return ReportLineView(
        no=line.no,
        state=line.state,
        mention=line.mention,
        code=project.code if project else "",
        name=project.name if project else "",
        old_fen=ledger_fen(desk, line, project) if project else 0,
        new_fen=new_fen,
        as_of=shown_as_of if line.amount_fen is not None and shown_as_of != desk.today else None,
        year=close.year if close is not None else None,
        ledger_as_of=project.ytd_as_of if project else None,
        reading=verdict.reading.value if verdict is not None and verdict.reading is not None else "",
        said_fen=line.amount_fen,
        period_name=line.period_name,
        base_fen=before[0] if before is not None else None,
        base_as_of=before[1] if before is not None else _period_eve(desk, line),
        prior_fen=project.prior_years_fen if project is not None else None,
        since_start_fen=verdict.since_start if verdict is not None else None,
        other_fen=verdict.other_year_to_date if verdict is not None else None,
        unit_said=line.unit_said,
        approximate=line.approximate,
        added_share=percent(verdict.added_share) if needs_check and verdict and verdict.added_share else "",
        exceeds_plan=bool(needs_check and verdict and verdict.exceeds_plan),
        total_fen=project.total_fen if project else None,
        suggested_fen=verdict.suggested if verdict is not None else None,
        assisted=line.assisted,
        also_told=line.also_told,
        beside_fen=line.extra_period_fen,
        told_share=told_share,
        told_of=_SHARE_OF.get(line.told_of, "") if told_share else "",
        counted_share=counted_share,
        direct=_decides(desk, line),
        undo_instead=line.state is LineState.NEEDS_REASON
        and new_fen is not None
        and _may_undo(desk, line, new_fen),
        image_progress=line.image_progress,
        state_words=_state_words(line, project, desk.today) if project is not None else "",
        expected_finish=date.fromisoformat(line.expected_finish) if line.expected_finish else None,
        unchanged=line.unchanged,
        reason=line.reason,
        standing=standing,
        options=tuple(
            Option(number, one.code, one.name, figures.of(desk.session, one.id).ytd_fen)
            for number, one in enumerate(
                (desk.directory.projects[candidate] for candidate in line.candidates), start=1
            )
        ),
    )


def _decides(desk: Desk, line: ReportLine) -> bool:
    """Whether who reports the line, or for whom, is 台账管理员: nobody is asked to agree to a 更正 (rule C6)."""
    person = desk.directory.people.get(line.for_id or desk.actor.person_id or 0)
    return person is not None and person.holds(Role.LEDGER_ADMIN)


def _may_undo(desk: Desk, line: ReportLine, new_fen: int) -> bool:
    """Whether a lower figure only puts right what its author has just entered: taking back needs no consent (C10)."""
    person = line.for_id or desk.actor.on_behalf_of
    if person is None or line.project_id is None:
        return False
    try:
        entry = ledger.undoable(desk, person, project_id=line.project_id)
    except (Invalid, UsedInDocument):
        return False
    before = entry.changes.get("ytd_fen", [new_fen + 1])[0]
    return before is None or before <= new_fen


def _contradiction(
    line: ReportLine, verdict: FigureVerdict | None, project: Figures | None
) -> tuple[str, str]:
    """The share that the author states and the one that the figure makes, where the two do not agree."""
    if line.told_share is None or verdict is None or project is None:
        return "", ""
    of_plan = line.told_of == "annual_plan"
    part, whole = (
        (verdict.year_to_date, project.plan_fen) if of_plan else (verdict.since_start, project.total_fen)
    )
    if part is None or not whole:
        return "", ""
    told, counted = Fraction(line.told_share, 10_000), Fraction(part, whole)
    if abs(told - counted) <= _AGREES:
        return "", ""
    return percent(told), percent(counted)


_AGREES: Final = Fraction(1, 200)  # half a percentage point: people round
_SHARE_OF: Final = {"annual_plan": "年度计划", "total_invest": "总投资"}
_NOT_DATED: Final = "，未写日期，按今日记"


def _state_words(line: ReportLine, project: Figures, today: date) -> str:
    """已开工（2026-09-28）: what will be recorded, with its day as precise as it was said (rule C1)."""
    ended = project.stage in FINISHED
    if line.project_state == "suspended" and project.facts.has_started(today):
        return project.stage if ended else SUSPENDED
    if line.project_state == "suspended":
        return "未开工"
    if line.project_state == "not_started":
        return "未开工"
    if line.project_state == "finished" or line.finished_on:
        words = f"已竣工{line.phase or ''}"
        recorded, told = _finished(line, project, today), line.finished_on
    elif line.project_state == "started" or line.started_on:
        words = "已开工"
        recorded, told = _started(line, project, today), line.started_on
        if recorded is None:
            words = project.stage if ended else "恢复施工" if project.stage == SUSPENDED else "在建"
    else:
        return ""
    return words if recorded is None else f"{words}（{recorded}{'' if told else _NOT_DATED}）"


def values_of(
    line: ReportLine, verdict: FigureVerdict | None, project: Figures, today: date
) -> dict[str, Any]:
    """The ledger columns that confirming the line sets."""
    values: dict[str, Any] = {}
    as_of = line.valid_on or today
    if verdict is not None and verdict.year_to_date is not None:
        values |= {"ytd_fen": verdict.year_to_date, "ytd_as_of": as_of}
        if line.said == Said.PERIOD.value:
            values |= {"period_fen": line.amount_fen, "period_name": line.period_name, "period_as_of": as_of}
    if line.extra_period_fen is not None:
        values |= {
            "period_fen": line.extra_period_fen,
            "period_name": line.period_name,
            "period_as_of": as_of,
        }
    if line.image_progress:
        values |= {"image_progress": line.image_progress, "image_progress_as_of": as_of}
    values |= _stage_values(line, project, today)
    if line.keep_basis and line.basis:
        values["basis"] = line.basis
    return values


def _stage_values(line: ReportLine, project: Figures, today: date) -> dict[str, Any]:
    """Stage and dates. What has begun or ended stays so: 复工 is no new start, and nothing goes back (rules D2, D3)."""
    values: dict[str, Any] = {}
    ended = project.stage in FINISHED
    if line.project_state == "suspended" and project.facts.has_started(today) and not ended:
        values["stage"] = SUSPENDED
    if line.started_on or line.project_state == "started":
        if (started := _started(line, project, today)) is not None:
            values["started_on"] = started
        if not ended:
            values["stage"] = "在建"
    if line.finished_on or line.project_state == "finished":
        if (finished := _finished(line, project, today)) is not None:
            values["finished_on"] = finished
        reached = line.phase or "竣工"
        if not ended or FINISHED.index(reached) > FINISHED.index(project.stage):
            values["stage"] = reached
    return values


def _started(line: ReportLine, project: Figures, today: date) -> str | None:
    """The day of the start to be recorded; today for a project that had not begun and whose day was not said."""
    if line.started_on or line.project_state != "started":
        return line.started_on
    return None if project.facts.has_started(today) else today.isoformat()


def _finished(line: ReportLine, project: Figures, today: date) -> str | None:
    if line.finished_on or line.project_state != "finished":
        return line.finished_on
    return None if project.facts.has_finished(today) else today.isoformat()


def _day(text: str | None, today: date) -> date | None:
    return min(first_day(text), today) if text else None


@dataclass(frozen=True, slots=True)
class ReportBody:
    """The content of a report draft."""

    lines: tuple[ReportLine, ...]
    receipt: dict[str, Any] = field(default_factory=dict)
    untaken: tuple[str, ...] = ()  # amounts of the message that no line took, in its words

    def to_json(self) -> dict[str, Any]:
        content = {"lines": [line.to_json() for line in self.lines], "receipt": self.receipt}
        return {**content, "untaken": list(self.untaken)} if self.untaken else content

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> ReportBody:
        return cls(
            tuple(ReportLine.from_json(line) for line in body["lines"]),
            body.get("receipt", {}),
            tuple(body.get("untaken", ())),
        )

    def with_line(self, line: ReportLine) -> ReportBody:
        return replace(self, lines=tuple(line if old.no == line.no else old for old in self.lines))
