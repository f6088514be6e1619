"""A message of its own while a question is open: reported as such, never taken for the answer (rule C4)."""

from __future__ import annotations

from handlers.context import Context
from handlers.problems import problem_drafts
from handlers.problems.problem_words import ProblemBody
from handlers.reports import report_answers, reports
from handlers.understanding.reading import Basis, Intent, ProjectLine, Reading
from models.operations.report_lines import ReportBody
from models.queries import drafts, items, lights
from models.tables.drafts import Question
from models.types import DraftKind, LineState


def is_message_of_its_own(context: Context, question: Question, reading: Reading, text: str) -> bool:
    """Whether a text reports a figure or a problem of a project that the open question is not about.

    A figure with its basis for the same project is a new report too, unless the text explains a lower figure.
    """
    about = _about(context, question)
    named = [line for line in reading.lines if line.project_id is not None]
    others = [line for line in named if line.project_id != about]
    if any(line.figures or line.unchanged for line in others):
        return True
    if others and Intent.QUERY in reading.intents:
        return True
    if any(_has_moved(line) for line in others) and not report_answers.explains(text):
        return True
    if question.kind == problem_drafts.WANTED:
        return any(
            _tells_figure(line) or (line.project_id != about and _tells_anything(line)) for line in named
        )
    if question.kind == reports.QUESTION and question.body.get("state") == LineState.NEEDS_REASON.value:
        return not report_answers.explains(text) and any(_tells_figure(line) for line in named)
    return question.kind == reports.QUESTION and about is not None and any(map(_tells_anything, others))


def _has_moved(line: ProjectLine) -> bool:
    """「管网9月25日开工」: a step of a project, which explains nothing of another."""
    return bool(line.started_on or line.finished_on or line.state in ("started", "finished"))


def _tells_figure(line: ProjectLine) -> bool:
    return any(figure.basis is not Basis.UNSAID for figure in line.figures)


def _tells_anything(line: ProjectLine) -> bool:
    return bool(line.issues or line.image_progress or line.percentages or line.state)


def _about(context: Context, question: Question) -> int | None:
    """The project that a question is about; None when it is about none, or asks which one."""
    session, body = context.session, question.body
    draft = drafts.by_id(session, question.draft_id)
    if draft is not None and draft.kind == DraftKind.REPORT.value:
        return next(
            (
                line.project_id
                for line in ReportBody.from_json(draft.body).lines
                if line.no == body.get("line")
            ),
            None,
        )
    if draft is not None and draft.kind == DraftKind.PROBLEM.value:
        return ProblemBody.from_json(draft.body).project
    if "project" in body:
        return int(body["project"])
    if "case" in body:
        case = lights.case_by_id(session, int(body["case"]))
        return case.project_id if case is not None else None
    if "feedback" in body:
        feedback = lights.feedback_by_id(session, int(body["feedback"]))
        return lights.case_of(session, feedback).project_id if feedback is not None else None
    if "draft" in body:
        proposal = lights.proposal_by_id(session, int(body["draft"]))
        return proposal.project_id if proposal is not None else None
    item_id = body.get("item") or (draft.body.get("item") if draft is not None else None)
    item = items.by_id(session, int(item_id)) if item_id is not None else None
    return item.project_id if item is not None else None
