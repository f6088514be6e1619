"""Feedback on a warning: submitted, ruled on, and the figures promised in it (rules E9, A7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import or_, select

from models.errors import Invalid, NotAllowed, StateForbids
from models.notices.lights import (
    CheckpointMissed,
    LightFeedbackAccepted,
    LightFeedbackOverdue,
    LightFeedbackReminder,
    LightFeedbackReturned,
    LightFeedbackSubmitted,
    LightLetterDrafted,
)
from models.operations import ladders
from models.operations import light_cases as cases
from models.operations.desk import Desk
from models.operations.light_announcements import gap_text
from models.queries import lights as queries
from models.queries import outages
from models.queries.directory import PersonInfo, ProjectInfo
from models.rules import calendar
from models.rules.ladder import overdue_workdays
from models.rules.lights import evaluate
from models.rules.money import wan
from models.tables.lights import Checkpoint, LightCase, LightFeedback
from models.tables.projects import Entry, Project
from models.types import FeedbackState, Light, Subject

_REMINDERS: Final = (LightFeedbackReminder, LightFeedbackOverdue)
CHECKPOINT: Final = "light_checkpoint"
WHO_REPORTS: Final = "该项目责任单位的联络员、责任人或带班领导"

_STATES: Final = {
    FeedbackState.ACCEPTED.value: "已采纳",
    FeedbackState.RETURNED.value: "已退回",
    FeedbackState.SUBMITTED.value: "待审核",
}


class Promised(Protocol):
    """A promise as understood from the text: fen is year-to-date, None for catching up (追平)."""

    @property
    def due(self) -> date: ...
    @property
    def fen(self) -> int | None: ...


def authors(desk: Desk, project: ProjectInfo) -> tuple[PersonInfo, ...]:
    """Who may feed back for the unit: 联络员, 带班领导 and 责任人 (rule B10)."""
    responsible = desk.directory.responsible_person(project)
    people = (*cases.liaisons(desk, project), *cases.leaders(desk, project))
    return tuple(dict.fromkeys((*people, *([responsible] if responsible else []))))


def reviewers(desk: Desk, case: LightCase) -> tuple[PersonInfo, ...]:
    """Who may rule: 联络员 of the sector 专班 and 综合专班负责人 (rules B10, E9), the addressee first."""
    project = desk.directory.projects[case.project_id]
    head = desk.directory.hub_head(project.organisation_id)
    people = (cases.reviewer_of(desk, case), *cases.sector_liaisons(desk, project), head)
    return tuple(dict.fromkeys(person for person in people if person is not None))


def open_case(desk: Desk, project: ProjectInfo) -> LightCase:
    """The warning that feedback is wanted on. Raises Invalid when there is none."""
    case = queries.case(desk.session, project.id)
    if case is None:
        raise Invalid(f"{project.code} 现在没有需要反馈的亮灯")
    return case


def require_author(desk: Desk, project: ProjectInfo) -> None:
    """Raises NotAllowed for people who do not feed back for the unit."""
    if desk.actor.on_behalf_of not in {person.id for person in authors(desk, project)}:
        raise NotAllowed(f"反馈 {project.code}", who=WHO_REPORTS)


def submit(
    desk: Desk, project: ProjectInfo, text: str, *, promises: Sequence[Promised] = ()
) -> LightFeedback:
    """A new version of the unit's feedback; the ladder stands still until it is ruled on (rule E9).

    Raises NotAllowed for people outside the unit, Invalid without a warning or without words.
    """
    require_author(desk, project)
    case = open_case(desk, project)
    words = text.strip()
    if not words:
        raise Invalid("反馈没有内容", mend=f"请发 /反馈 {project.code} 原因、措施、追赶目标")
    _replace_waiting(desk, case)
    due = outages.excused_until(desk.session, case.feedback_due_at, desk.directory.calendar)
    # What follows an accepted feedback was not due: it adds to it, however late it comes.
    asked_for = case.state != queries.ACCEPTED
    assert desk.actor.person_id is not None
    feedback = LightFeedback(
        case_id=case.id,
        author_id=desk.actor.person_id,
        on_behalf_of_id=desk.actor.for_id,
        text=words,
        promises=[{"due": one.due.isoformat(), "fen": one.fen} for one in promises],
        submitted_at=desk.now,
        state=FeedbackState.SUBMITTED.value,
        overdue_workdays=overdue_workdays(due, desk.now, desk.directory.calendar) if asked_for else 0,
    )
    desk.session.add(feedback)
    desk.session.flush()
    about = cases.subject(case)
    ladders.pause(desk, about, cases.FEEDBACK)
    ladders.take_back(desk, about, _REMINDERS, reason="已反馈")
    desk.record(about, {"feedback": (None, words), "feedback_state": (None, feedback.state)})
    versions = queries.feedbacks(desk.session, case.id)
    desk.notify(
        LightFeedbackSubmitted(
            feedback_id=feedback.id, code=project.code, name=project.name, light=Light(case.light),
            author=desk.actor.label, text=words, promises=promise_words(feedback),
            overdue_workdays=feedback.overdue_workdays, version=len(versions),
        ),
        to=judge_of(desk, feedback) or (), key=f"light_feedback:{feedback.id}:submitted",
        reason=f"{case.light}灯反馈待审核", about=about,
    )  # fmt: skip
    return feedback


def judge_of(desk: Desk, feedback: LightFeedback) -> PersonInfo | None:
    """To whom a feedback is addressed; nobody rules on what they wrote themselves."""
    case = queries.case_of(desk.session, feedback)
    wrote = {feedback.author_id, feedback.on_behalf_of_id}
    return next((person for person in reviewers(desk, case) if person.id not in wrote), None)


def _replace_waiting(desk: Desk, case: LightCase) -> None:
    waiting = queries.waiting_feedback(desk.session, case.id)
    if waiting is None:
        return
    waiting.state = FeedbackState.RETURNED.value
    waiting.review_reason = "提交人已重新提交"
    waiting.reviewed_at = desk.now
    desk.session.flush()
    desk.withdraw(cases.subject(case), reason="已重新提交", notices=(LightFeedbackSubmitted,))


# --- ruling


def accept(desk: Desk, feedback: LightFeedback) -> None:
    """采纳: the reminders stop, the light does not; promised figures become checkpoints."""
    case, project = check_ruling(desk, feedback, "采纳")
    _rule(desk, feedback, FeedbackState.ACCEPTED, None)
    desk.record(cases.subject(case), {"state": (case.state, queries.ACCEPTED)})
    case.state = queries.ACCEPTED
    desk.session.flush()
    ladders.end(desk, cases.subject(case), "反馈已采纳", cases.FEEDBACK)
    ladders.take_back(desk, cases.subject(case), (*_REMINDERS, LightLetterDrafted), reason="反馈已采纳")
    _set_checkpoints(desk, case, feedback)
    desk.notify(
        LightFeedbackAccepted(
            code=project.code,
            light=Light(case.light),
            by=desk.actor.label,
            promises=promise_words(feedback),
        ),
        to=_authors_now(desk, feedback, project),
        key=f"light_feedback:{feedback.id}:accepted",
        reason="反馈已采纳",
        about=cases.subject(case),
    )


def send_back(desk: Desk, feedback: LightFeedback, reason: str) -> None:
    """退回 with a reason: the ladder goes on, moved by the workdays under review; the due time stands."""
    case, project = check_ruling(desk, feedback, "退回")
    why = reason.strip()
    if not why:
        raise Invalid("退回须写明原因")
    _rule(desk, feedback, FeedbackState.RETURNED, why)
    due = outages.excused_until(desk.session, case.feedback_due_at, desk.directory.calendar)
    ladders.resume(desk, cases.subject(case), cases.FEEDBACK)
    desk.notify(
        LightFeedbackReturned(
            case_id=case.id,
            code=project.code,
            light=Light(case.light),
            by=desk.actor.label,
            reason=why,
            due_at=case.feedback_due_at,
            overdue_workdays=overdue_workdays(due, desk.now, desk.directory.calendar),
        ),
        to=_authors_now(desk, feedback, project),
        key=f"light_feedback:{feedback.id}:returned",
        reason="反馈退回",
        about=cases.subject(case),
    )


def check_ruling(desk: Desk, feedback: LightFeedback, act: str) -> tuple[LightCase, ProjectInfo]:
    """Whether the actor may rule on it now. Raises NotAllowed, StateForbids."""
    case = queries.case_of(desk.session, feedback)
    project = desk.directory.projects[case.project_id]
    may = reviewers(desk, case)
    if desk.actor.on_behalf_of not in {person.id for person in may}:
        raise NotAllowed(f"{act} {project.code} 的反馈", who="、".join(person.label for person in may))
    if feedback.author_id in (desk.actor.person_id, desk.actor.on_behalf_of):
        others = [person.label for person in may if person.id != feedback.author_id]
        raise NotAllowed(f"{act}自己提交的反馈", who="、".join(others) or "综合专班负责人")
    record = f"{project.code} {case.light}灯反馈"
    if feedback.state != FeedbackState.SUBMITTED.value:
        by, at = desk.directory.people.get(feedback.reviewed_by_id or 0), feedback.reviewed_at
        raise StateForbids(
            record,
            state=_STATES[feedback.state] if by else feedback.review_reason or _STATES[feedback.state],
            act=act,
            meanwhile=f"{by.label} {calendar.local(at):%m-%d %H:%M}" if by and at else "",
        )
    if case.state == queries.ENDED:
        raise StateForbids(record, state=case.outcome or "已结束", act=act)
    return case, project


def _rule(desk: Desk, feedback: LightFeedback, state: FeedbackState, reason: str | None) -> None:
    desk.record(
        Subject("light_case", feedback.case_id),
        {"feedback_state": (feedback.state, state.value)},
        reason=reason,
    )
    feedback.state = state.value
    feedback.reviewed_by_id = desk.actor.person_id
    feedback.reviewed_at = desk.now
    feedback.review_reason = reason
    desk.session.flush()


def _authors_now(desk: Desk, feedback: LightFeedback, project: ProjectInfo) -> list[PersonInfo]:
    """The author and whom they acted for; the unit's 联络员 when they have left."""
    numbers = [number for number in (feedback.author_id, feedback.on_behalf_of_id) if number is not None]
    people = [desk.directory.people[number] for number in numbers if number in desk.directory.people]
    return people or list(cases.liaisons(desk, project))


# --- promises


def promise_words(feedback: LightFeedback) -> tuple[str, ...]:
    """The promises as shown: 09-27 累计 5200 万元, 10-18 追平."""
    return tuple(words_of(date.fromisoformat(one["due"]), one["fen"]) for one in feedback.promises)


def words_of(due_on: date, fen: int | None) -> str:
    day = f"{due_on.month:02d}-{due_on.day:02d}"
    return f"{day} 追平" if fen is None else f"{day} 累计 {wan(fen)} 万元"


def _set_checkpoints(desk: Desk, case: LightCase, feedback: LightFeedback) -> None:
    """Promises become checkpoints, in place of those of an earlier feedback on the same warning."""
    earlier = desk.session.execute(
        select(Checkpoint)
        .join(LightFeedback, LightFeedback.id == Checkpoint.feedback_id)
        .where(LightFeedback.case_id == case.id, Checkpoint.state == "open")
    ).scalars()
    for old in earlier.all():
        old.state = "dropped"
        desk.cancel_timers(Subject("checkpoint", old.id), reason="已有新的承诺")
    for one in feedback.promises:
        due_on = date.fromisoformat(one["due"])
        point = Checkpoint(
            feedback_id=feedback.id, project_id=case.project_id, due_on=due_on, fen=one["fen"],
            text=words_of(due_on, one["fen"]), state="open",
        )  # fmt: skip
        desk.session.add(point)
        desk.session.flush()
        desk.set_timer(CHECKPOINT, Subject("checkpoint", point.id), due_at=_end_of(due_on))


def check_promise(desk: Desk, checkpoint_id: int) -> str:
    """At the end of its day: kept, or missed and told to both sides at the next opening (rule E9)."""
    point = desk.session.get_one(Checkpoint, checkpoint_id)
    if point.state != "open":
        return "已不再核对"
    project = desk.session.get_one(Project, point.project_id)
    actual = _figure_at(desk, project, _end_of(point.due_on))
    evaluation = evaluate(
        queries.facts_of(desk.session, project), point.due_on, desk.policy_of(project.organisation_id).lights
    )
    behind = evaluation.gap is not None and evaluation.gap > 0
    met = actual >= point.fen if point.fen is not None else not behind
    point.state = "met" if met else "missed"
    desk.session.flush()
    desk.record(Subject("checkpoint", point.id), {"state": ("open", point.state)})
    if met:
        return "已达到"
    feedback = desk.session.get_one(LightFeedback, point.feedback_id)
    case = queries.case_of(desk.session, feedback)
    info = desk.directory.projects[project.id]
    writers = _authors_now(desk, feedback, info)
    judge = judge_of(desk, feedback)
    desk.notify(
        CheckpointMissed(
            code=project.code, name=project.name, due_on=point.due_on, promised_fen=point.fen,
            actual_fen=actual, gap=gap_text(evaluation), author="、".join(person.label for person in writers),
        ),
        to=[*writers, *([judge] if judge else [])], key=f"checkpoint:{point.id}:missed", reason="承诺未达到",
        about=cases.subject(case),
    )  # fmt: skip
    return "未达到，已通知"


def _end_of(day: date) -> datetime:
    return calendar.at(day + timedelta(days=1), "00:00")


def _figure_at(desk: Desk, project: Project, moment: datetime) -> int:
    """Year-to-date as the ledger had it then, also when this runs later."""
    found = desk.session.execute(
        select(Entry.ytd_fen)
        .where(
            Entry.project_id == project.id,
            Entry.ytd_fen.is_not(None),
            Entry.year == calendar.local_date(moment - timedelta(seconds=1)).year,
            Entry.at < moment,
            or_(Entry.undone_at.is_(None), Entry.undone_at >= moment),
        )
        .order_by(Entry.at.desc(), Entry.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return project.ytd_fen if found is None else found
