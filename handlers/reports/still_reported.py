"""Whether a draft still reports what is its author's to report: people and projects move (rules B4, B7, C2)."""

from __future__ import annotations

from dataclasses import replace

from handlers import access
from handlers.context import Context
from models.errors import DomainError, NotAllowed, NotFound
from models.operations.report_lines import DONE, ReportBody, ReportLine
from models.queries import scopes
from models.queries.directory import PersonInfo, ProjectInfo
from models.tables.drafts import Draft
from models.types import LineState


def lines_of(context: Context, draft: Draft, body: ReportBody) -> ReportBody:
    """The body without the projects that went to others: their lines are as if there were no such project.

    Raises NotFound or NotAllowed where there is no other line.
    """
    lost = [line for line in body.lines if not _is_still_theirs(context, draft, line)]
    if lost and len(body.lines) == 1:
        raise _refusal(context, context.directory.projects[lost[0].project_id or 0], "上报")
    for line in lost:
        body = body.with_line(
            replace(
                line, project_id=None, state=LineState.UNKNOWN, base_version=None, base_fen=None, repeat_of=None
            )
        )  # fmt: skip
    return body


def check(context: Context, person: PersonInfo, project_id: int, act: str) -> None:
    """Raises NotFound or NotAllowed where the person reports on the project no more. act: 撤销, …"""
    target = context.directory.projects[project_id]
    if not _reports_on(context, person, target):
        raise _refusal(context, target, act)


def _is_still_theirs(context: Context, draft: Draft, line: ReportLine) -> bool:
    """Of the author, or of the principal it is reported for; that a delegation has ended is refused elsewhere (B6)."""
    if line.state in DONE or line.project_id is None:
        return True
    person = context.directory.people.get(line.for_id or draft.author_id)
    if person is None or (line.for_id is not None and person not in access.own_and_principals(context)):
        return True
    return _reports_on(context, person, context.directory.projects[line.project_id])


def _reports_on(context: Context, person: PersonInfo, target: ProjectInfo) -> bool:
    return any(
        scopes.reports_on(context.directory, there, target) for there in context.directory.houses(person)
    )


def _refusal(context: Context, target: ProjectInfo, act: str) -> DomainError:
    if target.id not in access.visible(context):
        return NotFound(target.code)
    return NotAllowed(f"{act} {target.code}", who=access.who_reports(context, target))
