"""Changing a draft in words before it is confirmed, whole or one line of it (rules B5, C2)."""

from __future__ import annotations

from handlers import access, draft_actions, reports
from handlers.context import Context
from handlers.understanding.draft_words import Edit, parse_edit
from models.notices.ledger import WhichDraft
from models.operations import drafts
from models.operations.report_lines import DONE, ReportBody
from models.queries import drafts as draft_queries
from models.tables.drafts import Draft
from models.types import DraftKind


def by_word(context: Context, text: str, *, naming: bool = False) -> bool:
    """「改成5280」, 「第3条改成5150」, 「管网的不对，是2180」; False where no open draft is meant.

    naming: only what names a draft or a line itself, which is no answer to an open question.
    """
    said = parse_edit(text)
    if said is None or (naming and said.draft is None and said.line is None and not said.mention):
        return False
    mine = draft_queries.open_of(context.session, context.sender.id)
    if said.draft is not None:
        mine = [drafts.by_number(context.desk, context.sender.id, said.draft)]
    if not mine:
        return False
    if said.mention:
        return _of_project(context, mine, said)
    if said.line is not None and len(mine) > 1:
        mine = [one for one in mine if said.line in _open_lines(one)] or mine
    if len(mine) > 1:
        _ask_which(context, mine)
        return True
    here = draft_actions.place_of(context, mine)
    if said.line is not None and mine[0].kind == DraftKind.REPORT.value:
        return reports.edit_text(here, mine[0], said.to, no=said.line)
    return draft_actions.KINDS[mine[0].kind].edit(here, mine[0], said.to)


def _of_project(context: Context, mine: list[Draft], said: Edit) -> bool:
    """The line of the project that is named, in whichever draft it stands; False when it stands in none."""
    found = access.private_candidates(context, said.mention)
    if len(found) != 1:
        return False
    holding = [
        (draft, no) for draft in mine for no, project in _open_lines(draft).items() if project == found[0].id
    ]
    if not holding:
        return False
    if len(holding) > 1:
        _ask_which(context, [draft for draft, _no in holding])
        return True
    draft, no = holding[0]
    return reports.edit_text(draft_actions.place_of(context, [draft]), draft, said.to, no=no)


def _ask_which(context: Context, mine: list[Draft]) -> None:
    named = tuple((one.number, draft_actions.summary(context, one)) for one in mine)
    draft_actions.place_of(context, mine).say(WhichDraft(verb="修改", drafts=named))


def _open_lines(draft: Draft) -> dict[int, int | None]:
    """Numbers of the lines of a report that still wait, with their projects."""
    if draft.kind != DraftKind.REPORT.value:
        return {}
    return {
        line.no: line.project_id for line in ReportBody.from_json(draft.body).lines if line.state not in DONE
    }
