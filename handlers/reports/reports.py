"""A reading becomes a report draft, answers complete it (rules C1–C8, C13, C14); report_confirmations enters it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers import access, attachments
from handlers.context import Context
from handlers.reports import report_answers, report_edits, report_readings, still_reported
from handlers.understanding.reading import Basis, Match, ProjectLine
from models.errors import Invalid, NotFound
from models.notices.ledger import (
    DraftCancelled,
    RepeatedFigure,
    ReportCard,
    ReportQuestion,
    StillWaiting,
)
from models.operations import drafts, questions
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
from models.rules import calendar
from models.rules.intake import Reading as TakenAs
from models.rules.intake import VerdictKind
from models.rules.money import wan
from models.tables.drafts import Draft, Question
from models.types import DraftKind, DraftState, LineState

MOST_CHOICES: Final = 5  # rule C3
MANY: Final = 2  # lines from which a card numbers them
QUESTION: Final = "report"
# What a report tells besides its figure.
_NEWS: Final = ("image_progress", "project_state", "started_on", "finished_on", "phase", "expected_finish")
_NEXT_NUMBER: Final = re.compile(r"(?:\d{1,2}[、.．)）]|[①-⑳])\s*$")  # of the list, before the next line
_EDIT_LEAD: Final = re.compile(
    r"^(?:修改|更改)?\s*(?:一下)?\s*(?:第\s*\d{1,2}\s*[条项])?\s*[,，:：]?\s*(?:金额|数字)?(?:改成|改为|应为|应该是|更正为|换成|是)?[:：]?\s*(?=\S)"
)  # fmt: skip


# --- starting


def start(
    context: Context,
    lines: Sequence[ProjectLine],
    *,
    correction: bool = False,
    reason: str = "",
    untaken: tuple[str, ...] = (),
) -> None:
    """Make a draft of what was said, and show the card or ask for what is missing.

    untaken: amounts of the message that none of the lines took; the card says so.
    """
    if len(lines) == 1 and lines[0].match is Match.NONE and not lines[0].mention.strip():
        lines = (_of_own_projects(context, lines[0]),)
    made = [
        report_readings.line_of(
            context, line, no=number, correction=correction or line.correction, reason=reason
        )
        for number, line in enumerate(lines, start=1)
    ]
    if len(made) == 1 and made[0].project_id is None and not made[0].candidates:
        raise NotFound(made[0].mention)
    if len(made) == 1 and made[0].project_id is not None:
        access.may_report(context, context.directory.projects[made[0].project_id])
        made = [_with_told_reason(context, made[0])]
        if _completes_waiting(context, made[0]):
            return
    if len(made) > 1 and not correction:
        made = [_told_of_it(context, line, made) for line in made]
    open_with(context, made, untaken=untaken)


def _told_of_it(context: Context, line: ReportLine, lines: Sequence[ReportLine]) -> ReportLine:
    """Of several: why a figure is lower, as said behind it; that another was wrong is no correction of this one.

    「污水厂累计4400，8月多报；管网累计2100」 (rules C4, C6, C8).
    """
    text = context.message.text
    start = text.find(line.mention) if line.mention else -1
    if start < 0 or line.amount_fen is None or line.reason:
        return line
    others = [text.find(one.mention, start + 1) for one in lines if one is not line and one.mention]
    said = text[start : min((at for at in others if at > start), default=len(text))]
    if not report_answers.explains(said):
        return replace(line, correction=False)
    why = report_answers.told_reason(_NEXT_NUMBER.sub("", said))
    if not why:
        return line
    judged = judge(context.desk, line, author_id=context.sender.id)
    return replace(line, reason=why[:500]) if judged.line.state is LineState.NEEDS_REASON else line


def _completes_waiting(context: Context, line: ReportLine) -> bool:
    """A figure alone, for the project whose news still wait for one here, completes that report (rules C4, C11)."""
    if line.amount_fen is None or line.has_text or line.correction:
        return False
    for draft in draft_queries.open_of(context.session, context.sender.id, kind=DraftKind.REPORT):
        body = ReportBody.from_json(draft.body)
        only = body.lines[0]
        if (
            len(body.lines) > 1
            or draft.group_id != context.group_id
            or only.state is not LineState.ASK_FIGURE
        ):
            continue
        if only.project_id == line.project_id:
            news = {name: getattr(only, name) for name in _NEWS}
            attachments.take_waiting(context, draft)
            update(context, draft, body.with_line(replace(line, no=only.no, **news)))
            return True
    return False


def _with_told_reason(context: Context, line: ReportLine) -> ReportLine:
    """A figure put right by a report that says why: the reason is not asked for again (rules C4, C6).

    A slip is reason enough for a figure that is not lower than the ledger's.
    """
    if line.reason or line.amount_fen is None:
        return line
    told_why = report_answers.told_reason(context.message.text)
    slip = report_answers.told_slip(context.message.text) if line.correction else ""
    if not (told_why or slip):
        return line
    judged = judge(context.desk, line, author_id=context.sender.id)
    lower = judged.verdict is not None and judged.verdict.kind is VerdictKind.LOWER_NEEDS_REASON
    why = told_why or ("" if lower else slip)
    if not why or judged.line.state is not LineState.NEEDS_REASON:
        return line
    told = line.image_progress.removeprefix("原因").strip(" ：:")
    return replace(line, reason=why[:500], image_progress="" if told in why or why in told else told)


def _of_own_projects(context: Context, line: ProjectLine) -> ProjectLine:
    """A figure without a project: the sender's only one is meant, of a few they choose (rules C3, C4).

    Raises Invalid asking for the project where there are none or more than a choice shows.
    """
    seen = [context.directory.projects[number] for number in access.visible_here(context)]
    mine = sorted(
        (one for one in seen if access.reporter(context, one) is not None), key=lambda one: one.code
    )
    if not mine or len(mine) > MOST_CHOICES:
        raise Invalid("没有写是哪个项目", mend="请写明项目编号或名称，例：ZX0031 累计5500万")
    if len(mine) == 1:
        return replace(line, match=Match.UNIQUE, project_id=mine[0].id, mention=mine[0].code)
    return replace(line, match=Match.AMBIGUOUS, candidates=tuple(one.id for one in mine))


def open_with(context: Context, made: Sequence[ReportLine], *, untaken: tuple[str, ...] = ()) -> None:
    """Open a report draft with these lines, take in waiting files, and show it."""
    desk = context.desk
    judged = [judge(desk, line, author_id=context.sender.id) for line in made]
    body = ReportBody(tuple(one.line for one in judged), untaken=untaken)
    draft = drafts.open_draft(
        desk, context.sender, DraftKind.REPORT, body.to_json(), group_id=context.group_id,
        source=context.message.message_id,
    )  # fmt: skip
    attachments.take_waiting(context, draft)
    show(context, draft, judged, fresh=True)


# --- showing


def show(context: Context, draft: Draft, judged: Sequence[Judged], *, fresh: bool = False) -> None:
    """The card, or for a single line the one question that is open. fresh: nothing was asked about it yet."""
    if not fresh:
        questions.close_for_draft(context.desk, draft.id)
    single = judged[0] if len(judged) == 1 else None
    if single is not None and must_ask(single.line):
        ask(context, draft, single, alone=True)
        return
    context.say(card(context, draft, judged))
    waiting = next((one for one in judged if must_ask(one.line)), None)
    if waiting is not None:
        remember(context, draft, waiting.line)
    elif single is not None and single.line.state is LineState.CHECK_UNIT:
        remember(context, draft, single.line)


def must_ask(line: ReportLine) -> bool:
    """Whether the line waits for an answer."""
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
        untaken=tuple(draft.body.get("untaken", ())),
    )


def ask(context: Context, draft: Draft, judged: Judged, *, alone: bool) -> None:
    line = judged.line
    remember(context, draft, line)
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
        month = line.period_name or "本月"
        return (f"{wan(line.amount_fen)} 万元是「累计完成」还是「{month}完成」",)
    return ()


def remember(context: Context, draft: Draft, line: ReportLine) -> None:
    """Wait here for the answer about this line."""
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
    return _answer_numbered(context, draft, text) or answer_line(
        context, draft, int(question.body["line"]), text
    )


def _answer_numbered(context: Context, draft: Draft, text: str) -> bool:
    """「②3400」, 「2、3400；3、没有变化」: answers to the lines of the card by their numbers (rules C4, C8)."""
    said = report_answers.by_number(text)
    body = ReportBody.from_json(draft.body)
    if not said or len(body.lines) < MANY:
        return False
    answered = False
    for no, words in said:
        line = next((one for one in body.lines if one.no == no and one.state not in DONE), None)
        changed = report_answers.answered(context, line, words) if line is not None else None
        if changed is not None:
            body, answered = body.with_line(changed), True
    if answered:
        update(context, draft, body)
    return answered


def answer_line(context: Context, draft: Draft, no: int, text: str) -> bool:
    """Apply an answer to one line of a draft; False when the text is of no use there."""
    body = ReportBody.from_json(draft.body)
    line = next((one for one in body.lines if one.no == no), None)
    if line is None or line.state in DONE:
        return False
    changed = report_answers.answered(context, line, text)
    if changed is None:
        return False
    if changed.state is LineState.CANCELLED and len(body.lines) == 1:
        drafts.close(context.desk, draft, DraftState.CANCELLED, reason=text[:40])
        context.say(DraftCancelled(number=draft.number, lines=()))
        return True
    body = body.with_line(changed)
    if line.state is LineState.ASK_BASIS and changed.amount_fen == line.amount_fen:
        body = report_answers.with_same_basis(body, text)
    update(context, draft, body)
    return True


def update(context: Context, draft: Draft, body: ReportBody) -> None:
    """Judge an edited draft anew, store it and show it. Raises NotAllowed after the delegation that a line needs."""
    body = still_reported.lines_of(context, draft, body)
    for line in body.lines:
        if line.state not in DONE:
            access.acting_still_for(
                context, line.for_id, f"修改草稿{draft.number}", author_id=draft.author_id
            )
    judged = [judge(context.desk, line, author_id=draft.author_id) for line in body.lines]
    drafts.edit(context.desk, draft, replace(body, lines=tuple(one.line for one in judged)).to_json())
    show(context, draft, judged)


def still_waiting(context: Context, question: Question) -> bool:
    """Say that the last words were not used and what is still asked; False when nothing is any more."""
    draft = draft_queries.still_open(context.session, question.draft_id)
    if draft is None:
        return False
    body = ReportBody.from_json(draft.body)
    line = next((one for one in body.lines if one.no == question.body["line"]), None)
    what = report_answers.WAITED_FOR.get(line.state) if line is not None else None
    if line is None or what is None:
        return False
    context.say(StillWaiting(code=about(context, draft, line), what=what))
    return True


def about(context: Context, draft: Draft, line: ReportLine) -> str:
    """What a question about the line is called: the project, or the draft while that is open."""
    if line.project_id is None:
        return f"草稿{draft.number}"
    return context.directory.projects[line.project_id].code


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
    told = report_edits.changed(context, target, wanted) or report_answers.other_basis(target, wanted)
    if told is not None:
        update(context, draft, body.with_line(told))
        return True
    target = report_edits.of_the_project_named(context, target, wanted)
    changed = report_answers.amount_from(
        context, target, wanted, bare=Basis(target.said or Basis.CUMULATIVE.value)
    ) or report_answers.project_from(context, replace(target, candidates=()), wanted)
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
