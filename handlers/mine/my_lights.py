"""What of the lights waits for a person: feedback, 已阅, decisions (rules E9, E10, E12)."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.context import Context
from models.notices.base import Action
from models.notices.items import Task
from models.notices.lights import acknowledge_actions, proposal_actions
from models.operations import light_cases
from models.queries import lights
from models.queries.directory import PersonInfo
from models.types import Role


def tasks(context: Context, person: PersonInfo) -> Iterator[Task]:
    """Feedback that a 联络员 owes, and red lights that a 带班领导 has not read (rules E9, E10)."""
    for case in lights.cases_awaiting_feedback_of(context.session, person.id):
        project = context.directory.projects.get(case.project_id)
        if project is None:
            continue
        yield Task(
            f"{project.code} {case.light}灯反馈 {project.name}",
            case.feedback_due_at,
            (
                Action(
                    "反馈",
                    "light.feedback",
                    (("case", case.id),),
                    prompt="原因、措施、追赶目标（日期和累计投资）",
                ),
            ),
        )
    for case in lights.cases_unread(context.session):
        project = context.directory.projects.get(case.project_id)
        if project is not None and person in light_cases.leaders(context.desk, project):
            yield Task(
                f"{project.code} 红灯待已阅 {project.name}",
                light_cases.acknowledge_by(context.desk, case),
                acknowledge_actions(case.id, snoozed=case.snoozed_until is not None),
            )


def decisions(context: Context, person: PersonInfo) -> Iterator[Task]:
    """Feedback to rule on, and 提级建议 to decide (rules E9, E12)."""
    for feedback, case in lights.feedback_to_rule_on(context.session, person.id):
        project = context.directory.projects.get(case.project_id)
        if project is None or person.id in (feedback.author_id, feedback.on_behalf_of_id):
            continue
        args = (("feedback", feedback.id),)
        yield Task(
            f"{project.code} {case.light}灯反馈待审核",
            None,
            (
                Action("采纳", "light.feedback_accept", args),
                Action("退回", "light.feedback_return", args, prompt="退回原因"),
            ),
        )
    if not person.holds(Role.HUB_HEAD):
        return
    for draft, case in lights.undecided_of_lights(context.session):
        project = context.directory.projects.get(case.project_id)
        if project is not None and project.organisation_id == person.organisation_id:
            yield Task(
                f"{project.code} 提级建议待决定（{draft.to_level}级） {project.name}",
                None,
                proposal_actions(draft.id),
            )
