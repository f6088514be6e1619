"""A reading becomes a report draft; answers complete it; confirming enters it (rules C1–C8, C13, C14)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from handlers import access, attachments
from handlers.context import Context
from handlers.hearing import hear
from handlers.understanding import answers
from handlers.understanding.reading import Basis, Figure, Match, Percentage, Period, ProjectLine
from handlers.understanding.text import plain_form
from models.errors import Invalid, NotFound
from models.notices.ledger import (
    DraftCancelled,
    DraftGone,
    Entered,
    EnteredLine,
    LineCards,
    RepeatedFigure,
    ReportCard,
    ReportQuestion,
    StillWaiting,
)
from models.operations import drafts, ledger, questions, reports
from models.operations.desk import Desk
from models.operations.report_lines import (
    DONE,
    OPEN_QUESTIONS,
    Judged,
    ReportBody,
    ReportLine,
    judge,
    view,
)
from models.queries import drafts as draft_queries
from models.queries import entries
from models.queries.directory import PersonInfo
from models.rules import calendar
from models.rules.intake import Reading as TakenAs
from models.rules.money import wan
from models.tables.drafts import Draft, Question
from models.types import DraftKind, DraftState, Light, LineState

QUESTION: Final = "report"
_LONGEST_ALSO: Final = 200
_RATE: Final = re.compile(r"完成率[^\d，,；;。]{0,4}$")
_EDIT_LEAD: Final = re.compile(
    r"^(?:修改|更改)?\s*(?:一下)?\s*(?:第\s*\d{1,2}\s*[条项])?\s*[,，:：]?\s*(?:金额|数字)?(?:改成|改为|应为|应该是|更正为|换成|是)?[:：]?\s*(?=\S)"
)  # fmt: skip
# Which of several figures of one line moves the ledger: the plainest first.
_PRECEDENCE: Final = (Basis.YEAR_TO_DATE, Basis.SINCE_START, Basis.CUMULATIVE, Basis.PERIOD, Basis.UNSAID)


# --- starting


def start(
    context: Context, lines: Sequence[ProjectLine], *, correction: bool = False, reason: str = ""
) -> None:
    """Make a draft of what was said, and show the card or ask for what is missing."""
    made = [
        _line(context, line, no=number, correction=correction or line.correction, reason=reason)
        for number, line in enumerate(lines, start=1)
    ]
    if len(made) == 1 and made[0].project_id is None and not made[0].candidates:
        raise NotFound(made[0].mention)
    if len(made) == 1 and made[0].project_id is not None:
        access.may_report(context, context.directory.projects[made[0].project_id])
    open_with(context, made)


def open_with(context: Context, made: Sequence[ReportLine]) -> None:
    """Open a report draft with these lines, take in waiting files, and show it."""
    desk = context.desk
    judged = [judge(desk, line, author_id=context.sender.id) for line in made]
    body = ReportBody(tuple(one.line for one in judged))
    draft = drafts.open_draft(
        desk, context.sender, DraftKind.REPORT, body.to_json(), group_id=context.group_id,
        source=context.message.message_id,
    )  # fmt: skip
    attachments.take_waiting(context, draft)
    show(context, draft, judged, fresh=True)


def _line(context: Context, said: ProjectLine, *, no: int, correction: bool, reason: str) -> ReportLine:
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
        expected_finish=said.expected_finish.isoformat() if said.expected_finish else None,
        unchanged=said.unchanged,
        assisted=said.assisted,
        correction=correction,
        reason=reason[:500],
        for_id=for_id,
        said_on=context.desk.today.isoformat(),
    )
    _check_year(context, project_id, said.figures)
    return _with_share(context, _with_figures(line, said.figures), said.percentages)


def _with_share(context: Context, line: ReportLine, percentages: Sequence[Percentage]) -> ReportLine:
    """The share of the plan or of the total investment that the author states, to hold it against the figure."""
    for one in percentages:
        of = one.of
        if of == "unspecified" and _RATE.search(context.message.text[: one.span.start]):
            of = "annual_plan"
        if of in ("annual_plan", "total_invest"):
            return replace(line, told_share=one.basis_points, told_of=of)
    return line


def _check_year(context: Context, project_id: int | None, figures: Sequence[Figure]) -> None:
    """A figure of an earlier year is taken only where that year was closed here (rule D6)."""
    for figure in figures:
        first = figure.period.first if figure.period is not None else figure.as_of
        year = first.year if first is not None else context.desk.today.year
        if year >= context.desk.today.year:
            continue
        if project_id is None or ledger.closed_year(context.desk, project_id, year) is None:
            raise Invalid(f"{year} 年的数不在本年台账内", mend="请报今年累计；往年数据请联系综合专班")


def _with_figures(line: ReportLine, figures: Sequence[Figure]) -> ReportLine:
    """The figure that moves the ledger, and beside it a figure of the period, if both were said."""
    ordered = sorted(figures, key=lambda figure: _PRECEDENCE.index(figure.basis))
    if not ordered:
        return line
    main, also_told = _widest_period(ordered)
    line = replace(_with_amount(line, main), also_told=also_told)
    if main.basis is not Basis.PERIOD:
        for figure in ordered[1:]:
            if figure.basis is Basis.PERIOD and figure.period is not None:
                return replace(line, extra_period_fen=figure.amount.fen, period_name=figure.period.name)
    return line


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


def _within(inner: Period, outer: Period) -> bool:
    return outer.first <= inner.first and inner.last <= outer.last


def _with_amount(line: ReportLine, figure: Figure) -> ReportLine:
    period = figure.period
    return replace(
        line,
        said=figure.basis.value,
        amount_fen=figure.amount.fen,
        unit_said=figure.amount.unit_said,
        approximate=figure.amount.approximate,
        as_of=figure.as_of.isoformat() if figure.as_of else None,
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


# --- showing


def show(context: Context, draft: Draft, judged: Sequence[Judged], *, fresh: bool = False) -> None:
    """The card, or for a single line the one question that is open. fresh: nothing was asked about it yet."""
    if not fresh:
        questions.close_for_draft(context.desk, draft.id)
    single = judged[0] if len(judged) == 1 else None
    if single is not None and _must_ask(single.line):
        _ask(context, draft, single, alone=True)
        return
    context.say(card(context, draft, judged))
    waiting = next((one for one in judged if _must_ask(one.line)), None)
    if waiting is not None:
        _remember(context, draft, waiting.line)
    elif single is not None and single.line.state is LineState.CHECK_UNIT:
        _remember(context, draft, single.line)


def _must_ask(line: ReportLine) -> bool:
    if line.state is LineState.NEEDS_REASON:
        return not line.reason
    return line.state in OPEN_QUESTIONS


def card(context: Context, draft: Draft, judged: Sequence[Judged]) -> ReportCard:
    author = context.directory.people[draft.author_id]
    return ReportCard(
        draft_id=draft.id,
        version=draft.version,
        number=draft.number,
        author=author.label,
        in_group=context.group is not None,
        lines=tuple(view(context.desk, one) for one in judged),
        attachments=attachments.names_on(context, draft),
    )


def _ask(context: Context, draft: Draft, judged: Judged, *, alone: bool) -> None:
    line = judged.line
    _remember(context, draft, line)
    if line.state is LineState.ASK_REPEAT and line.repeat_of is not None and line.project_id is not None:
        before = entries.by_id(context.session, line.repeat_of)
        assert before is not None  # entries stay
        context.say(
            RepeatedFigure(
                draft_id=draft.id, version=draft.version, line_no=line.no,
                code=context.directory.projects[line.project_id].code, fen=before.ytd_fen or 0, at=before.at,
                same_day=calendar.local_date(before.at) == context.desk.today,
            )
        )  # fmt: skip
        return
    context.say(
        ReportQuestion(
            draft_id=draft.id, version=draft.version, number=draft.number, kind=line.state,
            line=view(context.desk, judged), missing_also=_also_missing(line) if alone else (),
        )
    )  # fmt: skip


def _also_missing(line: ReportLine) -> tuple[str, ...]:
    """Several gaps are named in one question (rule C4)."""
    if line.state is LineState.ASK_PROJECT and line.amount_fen is None and not line.unchanged:
        return ("累计完成投资（没有变化请回「无变化」）",)
    if (
        line.state is LineState.ASK_PROJECT
        and line.said == Basis.UNSAID.value
        and line.amount_fen is not None
    ):
        return (f"{wan(line.amount_fen)} 万元是「累计完成」还是「本月完成」",)
    return ()


def _remember(context: Context, draft: Draft, line: ReportLine) -> None:
    questions.ask(
        context.desk, context.sender, kind=QUESTION, body={"line": line.no, "state": line.state.value},
        group_id=context.group_id, draft_id=draft.id,
    )  # fmt: skip


# --- answering


def answer(context: Context, question: Question, text: str) -> bool:
    """Use a text as the answer to an open question; False when it is none."""
    draft = draft_queries.still_open(context.session, question.draft_id)
    if draft is None:
        return False
    return answer_line(context, draft, int(question.body["line"]), text)


def answer_line(context: Context, draft: Draft, no: int, text: str) -> bool:
    """Apply an answer to one line of a draft; False when the text is of no use there."""
    body = ReportBody.from_json(draft.body)
    line = next((one for one in body.lines if one.no == no), None)
    if line is None or line.state in DONE:
        return False
    handler = _ANSWERS.get(line.state)
    changed = handler(context, line, text) if handler is not None else None
    if changed is None:
        return False
    if changed.state is LineState.CANCELLED and len(body.lines) == 1:
        drafts.close(context.desk, draft, DraftState.CANCELLED, reason=text[:40])
        context.say(DraftCancelled(number=draft.number, lines=()))
        return True
    body = body.with_line(changed)
    if line.state is LineState.ASK_BASIS:
        body = _with_same_basis(context, body, text)
    update(context, draft, body)
    return True


def _with_same_basis(context: Context, body: ReportBody, text: str) -> ReportBody:
    """「累计」, said to several lines that ask the same, holds for each of them."""
    for other in body.lines:
        if other.state is LineState.ASK_BASIS and other.said == Basis.UNSAID.value:
            same = _answer_basis(context, other, text)
            body = body.with_line(same) if same is not None else body
    return body


def update(context: Context, draft: Draft, body: ReportBody) -> None:
    """Judge an edited draft anew, store it and show it."""
    judged = [judge(context.desk, line, author_id=draft.author_id) for line in body.lines]
    drafts.edit(context.desk, draft, replace(body, lines=tuple(one.line for one in judged)).to_json())
    show(context, draft, judged)


def _answer_project(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    choice = answers.parse_choice(text)
    if choice is not None and line.candidates:
        if choice == 0:
            return replace(line, state=LineState.UNKNOWN, candidates=())
        if choice > len(line.candidates):
            raise Invalid(f"没有第{choice}个", mend=f"请回 1–{len(line.candidates)}，或 0 都不是")
        return _for_project(context, line, line.candidates[choice - 1])
    found = access.candidates(context, text)
    if len(found) == 1:
        return _for_project(context, line, found[0].id)
    if len(found) > 1:
        return replace(line, candidates=tuple(one.id for one in found), mention=text[:40])
    return None


def _for_project(context: Context, line: ReportLine, project_id: int) -> ReportLine:
    project = context.directory.projects[project_id]
    principal = access.may_report(context, project)
    return replace(
        line, project_id=project_id, candidates=(), base_version=None, base_fen=None,
        for_id=principal.id if principal.id != context.sender.id else None,
    )  # fmt: skip


def _answer_figure(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    if answers.is_unchanged(text):
        return replace(line, unchanged=not line.has_text, no_figure=True, amount_fen=None, said=None)
    answer = _amount_from(context, line, text, bare=Basis.CUMULATIVE)
    if answer is not None and line.said == Basis.PERIOD.value and answer.said != Basis.PERIOD.value:
        # 本月完成 was said first and could not be added to anything: it stays beside the year-to-date figure.
        answer = replace(answer, extra_period_fen=line.amount_fen, period_name=line.period_name)
    return answer


def _amount_from(context: Context, line: ReportLine, text: str, *, bare: Basis) -> ReportLine | None:
    """A figure in an answer: with its own words for the basis, or a bare amount on the basis that was asked for."""
    amount = answers.parse_bare_amount(text)
    line = replace(line, said_on=context.desk.today.isoformat())
    if amount is not None:
        return _with_amount(replace(line, state=LineState.READY), Figure(amount=amount, basis=bare))
    reading = hear(context, text)
    figures = [
        figure
        for one in reading.lines
        if one.project_id in (None, line.project_id)
        for figure in one.figures
    ]  # fmt: skip
    if not figures:
        return None
    figures = [replace(figure, basis=bare) if figure.basis is Basis.UNSAID else figure for figure in figures]
    return _with_figures(line, figures)


def _answer_basis(_context: Context, line: ReportLine, text: str) -> ReportLine | None:
    plain = plain_form(text)
    if any(word in plain for word in ("本月", "当月", "这个月")):
        return replace(line, said=Basis.PERIOD.value, period_name="本月")
    if "开工以来" in plain:
        return replace(line, said=Basis.SINCE_START.value)
    if any(word in plain for word in ("今年", "年累", "本年")):
        return replace(line, said=Basis.YEAR_TO_DATE.value)
    if "累计" in plain or answers.parse_choice(text) == 1:
        return replace(line, said=Basis.CUMULATIVE.value)
    if answers.parse_choice(text) == 2:
        return replace(line, said=Basis.PERIOD.value, period_name="本月")
    return None


def _answer_reading(_context: Context, line: ReportLine, text: str) -> ReportLine | None:
    plain = plain_form(text)
    keep = "以后" in plain or "都按" in plain
    if "开工" in plain or "总" in plain or answers.parse_choice(text) == 2:
        return replace(line, said=Basis.CUMULATIVE.value, basis=TakenAs.PROJECT.value, keep_basis=keep)
    if any(word in plain for word in ("今年", "年累", "本年")) or answers.parse_choice(text) == 1:
        return replace(line, said=Basis.CUMULATIVE.value, basis=TakenAs.YEAR.value, keep_basis=keep)
    return None


def _answer_reason(_context: Context, line: ReportLine, text: str) -> ReportLine | None:
    reason = text.strip()
    for word in ("原因", "因为", "理由"):
        reason = reason.removeprefix(word).lstrip("：:，, ")
    return replace(line, reason=reason[:500]) if len(reason) >= 2 else None


def _answer_refused(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    said = _amount_from(context, line, text, bare=Basis(line.said or Basis.CUMULATIVE.value))
    if said is not None:
        return said
    if answers.parse_yes_no(text):
        judged = judge(context.desk, line, author_id=context.sender.id)
        if judged.verdict is not None and judged.verdict.suggested is not None:
            return replace(line, amount_fen=judged.verdict.suggested)
    return None


def _answer_repeat(_context: Context, line: ReportLine, text: str) -> ReportLine | None:
    plain = plain_form(text).strip()
    if plain.startswith(("不是", "再记", "没有重复", "不重复")):
        return replace(line, repeat_ok=True)
    if answers.parse_yes_no(text) or plain.startswith(("是", "忽略", "重复")):
        return replace(line, state=LineState.CANCELLED)
    return None


def _answer_check(context: Context, line: ReportLine, text: str) -> ReportLine | None:
    amount = answers.parse_bare_amount(text)
    if amount is None:
        return None
    return _amount_from(context, line, text, bare=Basis(line.said or Basis.CUMULATIVE.value))


Answer = Callable[[Context, ReportLine, str], ReportLine | None]

_ANSWERS: Final[dict[LineState, Answer]] = {
    LineState.ASK_PROJECT: _answer_project,
    LineState.UNKNOWN: _answer_project,
    LineState.ASK_FIGURE: _answer_figure,
    LineState.ASK_BASIS: _answer_basis,
    LineState.ASK_READING: _answer_reading,
    LineState.NEEDS_REASON: _answer_reason,
    LineState.REFUSED: _answer_refused,
    LineState.ASK_REPEAT: _answer_repeat,
    LineState.CHECK_UNIT: _answer_check,
}

_WAITED_FOR: Final = {
    LineState.ASK_PROJECT: "项目（请回编号）",
    LineState.UNKNOWN: "项目名称",
    LineState.ASK_FIGURE: "累计完成投资",
    LineState.ASK_BASIS: "说明：「累计完成」还是「本月完成」",
    LineState.ASK_READING: "说明：「今年累计」还是「开工以来累计」",
    LineState.NEEDS_REASON: "原因",
    LineState.REFUSED: "正确金额",
    LineState.ASK_REPEAT: "答复：是否重复发送",
}


def still_waiting(context: Context, question: Question) -> bool:
    """Say that the last words were not used and what is still asked; False when nothing is any more."""
    draft = draft_queries.still_open(context.session, question.draft_id)
    if draft is None:
        return False
    body = ReportBody.from_json(draft.body)
    line = next((one for one in body.lines if one.no == question.body["line"]), None)
    what = _WAITED_FOR.get(line.state) if line is not None else None
    if line is None or what is None:
        return False
    code = (
        context.directory.projects[line.project_id].code
        if line.project_id is not None
        else f"草稿{draft.number}"
    )
    context.say(StillWaiting(code=code, what=what))
    return True


# --- editing


def edit_text(context: Context, draft: Draft, text: str, *, no: int | None = None) -> bool:
    """「改成5280」, 「第2条改成…」, another project name: edit an open draft; False when nothing was understood."""
    body = ReportBody.from_json(draft.body)
    open_lines = [line for line in body.lines if line.state not in DONE]
    target = next(
        (line for line in open_lines if line.no == no), open_lines[0] if len(open_lines) == 1 else None
    )
    if target is None:
        raise Invalid("这份草稿有多条", mend="请指明第几条，例：修改 2 改成5280")
    wanted = _EDIT_LEAD.sub("", text.strip()).strip() or text
    changed = _amount_from(
        context, target, wanted, bare=Basis(target.said or Basis.CUMULATIVE.value)
    ) or _answer_project(context, replace(target, candidates=()), wanted)
    if changed is None:
        return False
    update(context, draft, body.with_line(replace(changed, state=LineState.READY, reason="")))
    return True


def switch_reading(context: Context, draft: Draft, no: int) -> None:
    """[改为今年累计] / [改为开工以来累计]: the other reading of a bare 累计 (rule C5)."""
    body = ReportBody.from_json(draft.body)
    line = next(line for line in body.lines if line.no == no)
    judged = judge(context.desk, line, author_id=draft.author_id)
    taken = judged.verdict.reading if judged.verdict is not None else None
    other = TakenAs.YEAR if taken is TakenAs.PROJECT else TakenAs.PROJECT
    update(context, draft, body.with_line(replace(line, said=Basis.CUMULATIVE.value, basis=other.value)))


# --- confirming


def confirm(context: Context, draft: Draft, *, only: int | None = None, checked: bool = False) -> None:
    """Enter what is clear and answer with the receipt; asks again where the ledger had changed."""
    body = ReportBody.from_json(draft.body)
    if only is None and len(body.lines) == 1 and body.lines[0].state not in DONE:
        judged = judge(context.desk, body.lines[0], author_id=draft.author_id)
        if _must_ask(judged.line):
            _ask(context, draft, judged, alone=True)
            return
    done = reports.confirm(
        context.desk,
        draft,
        only=only,
        checked=checked,
        desk_for=lambda person_id: _desk_for(context, draft, person_id),
    )
    if done.stale is not None:
        context.say(done.stale)
        return
    if not done.lines and done.unchecked:
        raise Invalid("这一条需要回复「确认无误」", mend="数字不对请回「修改」")
    if not done.lines and done.unready:
        _ask(context, draft, done.unready[0], alone=False)
        return
    rest = [line for line in done.body.lines if line.state not in DONE]
    context.say(
        _entered(context, draft.number, done.lines, done.at or context.now, rest, many=len(body.lines) > 1)
    )
    waiting = next((line for line in rest if _must_ask(line) or line.state is LineState.CHECK_UNIT), None)
    if waiting is not None:
        _remember(context, draft, waiting)


def _desk_for(context: Context, draft: Draft, person_id: int | None) -> Desk:
    """The desk of the act: for the principal a line is reported for, or for the author whose draft it is."""
    people = context.directory.people
    if person_id is not None:
        return context.act_for(people.get(person_id))
    return context.act_for(people.get(draft.author_id))


def _entered(
    context: Context,
    number: int,
    lines: Sequence[EnteredLine],
    at: datetime,
    rest: Sequence[ReportLine],
    *,
    many: bool,
) -> Entered:
    admins = context.directory.ledger_admins(context.sender.organisation_id)
    return Entered(
        number=number, at=at, lines=tuple(lines), many=many, undo_minutes=context.policy.undo_minutes,
        rest=tuple(view(context.desk, judge(context.desk, line, author_id=context.sender.id)) for line in rest),
        reviewer="、".join(admin.label for admin in admins) or "综合专班",
    )  # fmt: skip


def receipt(context: Context, draft: Draft) -> None:
    """The same receipt again for a draft that was confirmed, or what became of it (rule C2)."""
    stored = ReportBody.from_json(draft.body).receipt if draft.kind == DraftKind.REPORT.value else {}
    if draft.state == DraftState.CONFIRMED.value and stored:
        lines = [
            EnteredLine(no, code, old, new, Light(light), correction, figure, *year)
            for no, code, old, new, light, correction, figure, *year in stored["lines"]
        ]
        many = len(draft.body["lines"]) > 1
        context.say(
            _entered(context, draft.number, lines, datetime.fromisoformat(stored["at"]), (), many=many)
        )
        return
    at = (
        draft.expires_at if draft.state == DraftState.EXPIRED.value else (draft.closed_at or draft.changed_at)
    )
    context.say(DraftGone(number=draft.number, state=draft.state, at=at))


def one_by_one(context: Context, draft: Draft) -> None:
    """[逐条]: a card for every clear line."""
    for line in ReportBody.from_json(draft.body).lines:
        if line.state in (LineState.READY, LineState.CHECK_UNIT):
            judged = judge(context.desk, line, author_id=draft.author_id)
            context.say(
                LineCards(
                    draft_id=draft.id,
                    version=draft.version,
                    number=draft.number,
                    line=view(context.desk, judged),
                )
            )


def cancel_line(context: Context, draft: Draft, no: int) -> None:
    """「取消3」: one line goes; the draft with its last line."""
    body = ReportBody.from_json(draft.body)
    line = next((one for one in body.lines if one.no == no and one.state not in DONE), None)
    if line is None:
        raise Invalid(f"草稿{draft.number} 没有待确认的第{no}条")
    body = body.with_line(replace(line, state=LineState.CANCELLED))
    if all(one.state in DONE for one in body.lines):
        draft.body = body.to_json()
        entered = any(one.state is LineState.ENTERED for one in body.lines)
        drafts.close(context.desk, draft, DraftState.CONFIRMED if entered else DraftState.CANCELLED)
    else:
        drafts.edit(context.desk, draft, body.to_json())
    context.say(DraftCancelled(number=draft.number, lines=(no,)))


def summary(body: ReportBody, desk: Desk) -> str:
    """A few words for a list: ZX0032 → 2100."""
    parts = []
    for line in [one for one in body.lines if one.state not in DONE] or body.lines:
        code = (
            desk.directory.projects[line.project_id].code
            if line.project_id is not None
            else f"「{line.mention}」"
        )
        if line.project_id is None:
            parts.append(code if line.amount_fen is None else f"{code} → {wan(line.amount_fen)}")
        elif line.amount_fen is not None:
            judged = judge(desk, line, author_id=0)
            shown = (
                judged.verdict.year_to_date
                if judged.verdict and judged.verdict.year_to_date is not None
                else None
            )
            parts.append(f"{code} → {wan(shown if shown is not None else line.amount_fen)}")
        else:
            parts.append(f"{code} {line.image_progress[:12] or ('无变化' if line.unchanged else '待补金额')}")
    return "；".join(parts)


def principal_or_none(context: Context, draft: Draft) -> PersonInfo | None:
    """For whom the sender may confirm this draft: the author, or the author's delegate now (rules C2, B6)."""
    if draft.author_id == context.sender.id:
        return context.sender
    principals = context.directory.standing_in_for(context.sender.id, context.now)
    return next((person for person in principals if person.id == draft.author_id), None)
