"""A warning that was pushed and what hangs on it: audience, feedback, 已阅, ladder (rules E8–E10, E13)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select

from models.notices.base import Notice
from models.notices.lights import (
    AcknowledgeMissing,
    AcknowledgeReminder,
    LightFeedbackOverdue,
    LightFeedbackReminder,
    LightFeedbackSubmitted,
    LightLetterDrafted,
    LightTurned,
    RedDaysNotice,
    RedForMeeting,
)
from models.operations import ladders, light_proposals, outbox, timers
from models.operations.desk import Desk, as_recipient
from models.queries import lights as queries
from models.queries.directory import PersonInfo, ProjectInfo
from models.rules import calendar
from models.rules.ladder import light_feedback_due, receipt
from models.rules.policy import Policy
from models.tables.lights import LightCase
from models.tables.outbox import OutboxNotice
from models.types import FeedbackState, Light, OutboxState, Recipient, RecipientKind, Role, Subject

ACKNOWLEDGE_REMINDER: Final = "light_acknowledge_reminder"
ACKNOWLEDGE_REPORT: Final = "light_acknowledge_report"
FEEDBACK: Final = "反馈"

REASON_GONE: Final[tuple[type[Notice], ...]] = (
    LightTurned,
    LightFeedbackReminder,
    LightFeedbackOverdue,
    LightFeedbackSubmitted,
    LightLetterDrafted,
    AcknowledgeReminder,
    AcknowledgeMissing,
    RedDaysNotice,
    RedForMeeting,
)
"""What is no longer worth saying once the warning is over."""


def subject(case: LightCase) -> Subject:
    return Subject("light_case", case.id)


def policy_of(desk: Desk, case: LightCase) -> Policy:
    """The policy of the project's organisation that the case was opened with."""
    project = desk.directory.projects[case.project_id]
    return desk.policies.at(project.organisation_id, case.policy_version)


# --- who


def liaisons(desk: Desk, project: ProjectInfo) -> tuple[PersonInfo, ...]:
    """联络员 of the 责任单位, or the county's who stand in (rule E8)."""
    return desk.directory.for_unit(project.unit_id, Role.LIAISON)


def leaders(desk: Desk, project: ProjectInfo) -> tuple[PersonInfo, ...]:
    """带班领导 of the 责任单位, or the county's who stand in (rule E8)."""
    return desk.directory.for_unit(project.unit_id, Role.LEADER)


def reviewer(desk: Desk, project: ProjectInfo) -> PersonInfo | None:
    """联络员 of the sector 专班, to whom feedback is addressed (rule E9).

    综合专班负责人 where the sector has none but the unit's own 联络员: nobody rules for their own unit.
    """
    own = set(liaisons(desk, project))
    return next(
        (person for person in sector_liaisons(desk, project) if person not in own),
        desk.directory.hub_head(project.organisation_id),
    )


def sector_liaisons(desk: Desk, project: ProjectInfo) -> tuple[PersonInfo, ...]:
    """All 联络员 of the sector 专班; of 综合专班 for a project without a sector."""
    task_force_id = project.task_force_id
    if task_force_id is None:
        hub = desk.directory.hub(project.organisation_id)
        task_force_id = hub.id if hub else None
    return desk.directory.at_task_force(task_force_id, Role.LIAISON) if task_force_id is not None else ()


def leader_of(desk: Desk, case: LightCase) -> PersonInfo | None:
    """The 带班领导 of a warning: the one it was pushed to, or who has the post now (rule B7)."""
    now = leaders(desk, desk.directory.projects[case.project_id])
    return next((person for person in now if person.id == case.leader_id), next(iter(now), None))


def reviewer_of(desk: Desk, case: LightCase) -> PersonInfo | None:
    """Who rules on the feedback of a warning: the one it was addressed to, or who has the post now."""
    project = desk.directory.projects[case.project_id]
    first = reviewer(desk, project)
    now = sector_liaisons(desk, project)
    return next((person for person in now if person.id == case.reviewer_id), first)


def groups(desk: Desk, project: ProjectInfo) -> tuple[Recipient, ...]:
    """The sector 专班 group and the county group; 市本级 has no county group (rule E8)."""
    directory = desk.directory
    found = [
        directory.group_of_task_force(project.task_force_id) if project.task_force_id is not None else None,
        directory.group_of_region(project.region_id) if project.region_id is not None else None,
    ]
    return tuple(Recipient(RecipientKind.GROUP, group.id) for group in found if group is not None)


def audience(desk: Desk, project: ProjectInfo) -> tuple[Recipient, ...]:
    """Everybody a warning goes to, each once: groups, 联络员, 带班领导 (rule E8)."""
    people = (*liaisons(desk, project), *leaders(desk, project))
    return tuple(dict.fromkeys((*groups(desk, project), *(as_recipient(person) for person in people))))


def digest_group(desk: Desk, project: ProjectInfo) -> Recipient | None:
    """The group of 综合专班, unless it is the project's own sector group (rule E8)."""
    hub = desk.directory.hub(project.organisation_id)
    if hub is None or hub.id == project.task_force_id:
        return None
    group = desk.directory.group_of_task_force(hub.id)
    return Recipient(RecipientKind.GROUP, group.id) if group else None


def warned(desk: Desk, case: LightCase) -> tuple[Recipient, ...]:
    """Those who got the warning: who was handed over is replaced, who never got it is left out."""
    project = desk.directory.projects[case.project_id]
    stored = [Recipient(RecipientKind(kind), int(number)) for kind, number in case.audience]
    gone = any(one.kind is RecipientKind.PERSON and one.id not in desk.directory.people for one in stored)
    if gone or not stored:
        stored = [*(one for one in stored if one.kind is RecipientKind.GROUP), *audience(desk, project)]
    unsent = {
        Recipient(RecipientKind(kind), number)
        for kind, number in desk.session.execute(
            select(OutboxNotice.recipient_kind, OutboxNotice.recipient_id).where(
                OutboxNotice.subject_kind == "light_case",
                OutboxNotice.subject_id == case.id,
                OutboxNotice.notice == LightTurned.__name__,
                OutboxNotice.state == OutboxState.WITHDRAWN.value,
            )
        )
    }
    return tuple(one for one in dict.fromkeys(stored) if one not in unsent)


# --- life


def open_case(desk: Desk, project: ProjectInfo, light: Light) -> LightCase:
    """Open the case of a warning that is pushed now: feedback due, ladder, and for red the 已阅 timers.

    A push that the process missed counts from when it really goes out (rule A4).
    """
    days = desk.directory.calendar
    pushed_at = desk.now
    if desk.clock_now > desk.now:
        pushed_at = calendar.next_opening(desk.clock_now, days, desk.push_window)
    policy = desk.policy_of(project.organisation_id)
    due_at = light_feedback_due(
        light, pushed_at, days, yellow=policy.yellow_feedback_workdays, red=policy.red_feedback_workdays,
    )  # fmt: skip
    judge = reviewer(desk, project)
    case = LightCase(
        project_id=project.id,
        light=light.value,
        pushed_at=pushed_at,
        feedback_due_at=due_at,
        reviewer_id=judge.id if judge else None,
        liaison_id=next((person.id for person in liaisons(desk, project)), None),
        leader_id=next((person.id for person in leaders(desk, project)), None),
        audience=[[one.kind.value, one.id] for one in audience(desk, project)],
        state=queries.OPEN,
        policy_version=policy.version,
    )
    desk.session.add(case)
    desk.session.flush()
    about = subject(case)
    ladders.open_ladder(desk, about, FEEDBACK, due_at=due_at, policy=policy)
    if light is Light.RED and case.leader_id is not None:
        _wait_for_acknowledgement(desk, case)
    desk.record(about, {"state": (None, queries.OPEN), "light": (None, light.value)})
    return case


def _wait_for_acknowledgement(desk: Desk, case: LightCase) -> None:
    policy = policy_of(desk, case)
    moments = receipt(
        case.pushed_at, desk.directory.calendar, within=policy.acknowledge_workdays,
        report_after=policy.acknowledge_report_workdays,
    )  # fmt: skip
    desk.set_timer(ACKNOWLEDGE_REMINDER, subject(case), due_at=moments.remind_at)
    desk.set_timer(ACKNOWLEDGE_REPORT, subject(case), due_at=moments.report_at)


def acknowledge_by(desk: Desk, case: LightCase) -> datetime:
    """Until when 已阅 is required on a red light (rule E10)."""
    return calendar.workday_deadline(
        case.pushed_at, policy_of(desk, case).acknowledge_workdays, desk.directory.calendar
    )


def end_case(desk: Desk, case: LightCase, outcome: str, *, entry_id: int | None = None) -> None:
    """The warning is over: its ladder and timers stop, what was not sent is taken back, proposals lapse."""
    about = subject(case)
    desk.record(about, {"state": (case.state, queries.ENDED), "outcome": (case.outcome, outcome)})
    case.state, case.outcome, case.ended_at, case.ended_by_entry_id = (
        queries.ENDED,
        outcome,
        desk.now,
        entry_id,
    )
    desk.session.flush()
    ladders.end(desk, about, outcome)
    desk.cancel_timers(about, reason=outcome)
    desk.withdraw(about, reason=outcome, notices=REASON_GONE)
    light_proposals.withdraw(desk, case, outcome)


def reopen_case(desk: Desk, case: LightCase) -> None:
    """What an undone transition had ended is open again with its old dates (rule E13)."""
    about = subject(case)
    ended_at, outcome = case.ended_at, case.outcome
    answers = {feedback.state for feedback in queries.feedbacks(desk.session, case.id)}
    state = queries.ACCEPTED if FeedbackState.ACCEPTED.value in answers else queries.OPEN
    case.state, case.outcome, case.ended_at, case.ended_by_entry_id = state, None, None, None
    desk.session.flush()
    if ended_at is not None:
        # A warning or reminder that was taken back unsent is owed again: its rung or push does not come twice.
        outbox.restore(desk.session, about, reason=outcome or "", withdrawn_at=ended_at, notices=REASON_GONE)
        ladders.reopen(desk, about, ended_at=ended_at)
        light_proposals.restore(desk, case, ended_at=ended_at)
    timers.restore(desk.session, about, ACKNOWLEDGE_REMINDER, ACKNOWLEDGE_REPORT, reason=outcome or "")
    desk.record(about, {"state": (queries.ENDED, state), "outcome": (outcome, None)})
