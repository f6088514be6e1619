"""Report drafts as one of the kinds of drafts (handlers.drafts.draft_kinds); see handlers.reports.reports."""

from __future__ import annotations

from handlers.context import Context
from handlers.reports import report_confirmations, reports, still_reported
from models.operations.report_lines import DONE, ReportBody, judge
from models.tables.drafts import Draft
from models.types import DraftKind, LineState


def show(context: Context, draft: Draft) -> None:
    lines = still_reported.lines_of(context, draft, ReportBody.from_json(draft.body)).lines
    reports.show(context, draft, [judge(context.desk, line, author_id=draft.author_id) for line in lines])


def edit(context: Context, draft: Draft, text: str) -> bool:
    return reports.edit_text(context, draft, text)


def confirm(context: Context, draft: Draft) -> None:
    report_confirmations.confirm(context, draft)


# --- lines


def waiting(draft: Draft) -> dict[int, int | None]:
    lines = ReportBody.from_json(draft.body).lines
    return {line.no: line.project_id for line in lines if line.state not in DONE}


def confirm_line(context: Context, draft: Draft, no: int) -> None:
    report_confirmations.confirm(context, draft, only=(no,))


def cancel_line(context: Context, draft: Draft, no: int) -> None:
    report_confirmations.cancel_line(context, draft, no)


def edit_line(context: Context, draft: Draft, no: int, text: str) -> bool:
    return reports.edit_text(context, draft, text, no=no)


# --- 确认无误 (rule C7)


def needs_check(draft: Draft) -> bool:
    """Whether it is a report with a line that only 确认无误 enters."""
    if draft.kind != DraftKind.REPORT.value:
        return False
    return any(line.state is LineState.CHECK_UNIT for line in ReportBody.from_json(draft.body).lines)


def confirm_checked(context: Context, draft: Draft, numbers: tuple[int, ...]) -> None:
    """These lines as checked; without numbers those that wait for it, or all of it where none does."""
    body = ReportBody.from_json(draft.body)
    if not numbers:
        waits = tuple(
            line.no
            for line in body.lines
            if line.state not in DONE
            and judge(context.desk, line, author_id=draft.author_id).line.state is LineState.CHECK_UNIT
        )
        if len(body.lines) == 1 or not waits:
            report_confirmations.confirm(context, draft, checked=True)
            return
        numbers = waits
    report_confirmations.confirm(context, draft, only=numbers, checked=True)
