"""Lights as stored: what they are computed from, the open warning of a project, lists by colour (rule E)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models.queries.directory import Directory
from models.rules.calendar import local_date
from models.rules.lights import FundsFacts, ProjectFacts, YearPlan
from models.rules.partial_dates import first_day, last_day
from models.rules.policies import Policies
from models.tables.items import Item
from models.tables.lights import (
    EscalationDraft,
    LightAdjustment,
    LightCase,
    LightChange,
    LightFeedback,
    LightState,
)
from models.tables.projects import Entry, Project, ProjectPlan
from models.types import FeedbackState, Light

SUSPENDED: Final = "停工"
FINISHED: Final = ("竣工", "投产", "达效")  # in their order
# 停工 stops what had begun (rule E3): a project that never began has no such stage.
STARTED: Final = ("开工", "在建", SUSPENDED, *FINISHED)
OPEN: Final = "open"
ACCEPTED: Final = "accepted"
ENDED: Final = "ended"

_CHUNK: Final = 500


# --- facts


def facts_of(session: Session, project: Project) -> ProjectFacts:
    """What the lights of one project are computed from: its row, the plans of its figure year."""
    return facts_for(session, [project])[project.id]


def facts_for(session: Session, projects: Sequence[Project]) -> dict[int, ProjectFacts]:
    """The same for many projects, with one query per 500."""
    plans: dict[tuple[int, int, str], ProjectPlan] = {}
    for at in range(0, len(projects), _CHUNK):
        ids = [project.id for project in projects[at : at + _CHUNK]]
        for plan in session.execute(select(ProjectPlan).where(ProjectPlan.project_id.in_(ids))).scalars():
            plans[plan.project_id, plan.year, plan.kind] = plan
    return {
        project.id: _facts(
            project,
            plans.get((project.id, project.figure_year, "investment")),
            plans.get((project.id, project.figure_year, "payment")),
        )
        for project in projects
    }


def _facts(project: Project, plan: ProjectPlan | None, payment: ProjectPlan | None) -> ProjectFacts:
    return facts_from(
        plan=YearPlan(plan.year, plan.plan_fen, tuple(plan.curve or ())) if plan else None,
        payment=YearPlan(payment.year, payment.plan_fen, tuple(payment.curve or ())) if payment else None,
        ytd_fen=project.ytd_fen,
        paid_fen=project.paid_fen,
        stage=project.stage,
        planned=(project.planned_start, project.planned_finish),
        happened=(project.started_on, project.finished_on),
        reported_on=project.last_report_on,
        created_at=project.created_at,
    )


def facts_from(
    *,
    plan: YearPlan | None,
    payment: YearPlan | None,
    ytd_fen: int,
    paid_fen: int | None,
    stage: str,
    planned: tuple[str | None, str | None],
    happened: tuple[str | None, str | None],
    reported_on: date | None,
    created_at: datetime,
) -> ProjectFacts:
    """The facts from what a project's row and the plans of its figure year hold. planned, happened: start, finish."""
    return ProjectFacts(
        plan=plan,
        year_to_date=ytd_fen,
        planned_start=_first(planned[0]),
        started_on=_first(happened[0]),
        started=stage in STARTED,
        planned_finish=_last(planned[1]),
        finished_on=_first(happened[1]),
        finished=stage in FINISHED,
        last_report_on=reported_on or local_date(created_at),
        funds=(FundsFacts(payment, paid_fen or 0),) if payment else (),
    )


def _first(text: str | None) -> date | None:
    return first_day(text) if text else None


def _last(text: str | None) -> date | None:
    return last_day(text) if text else None


# --- one project


def state(session: Session, project_id: int) -> LightState | None:
    """The stored light; None for a project that was never evaluated."""
    return session.get(LightState, project_id)


def adjustment(session: Session, project_id: int) -> LightAdjustment | None:
    """The 调灯 in force (rule E14)."""
    return session.execute(
        select(LightAdjustment)
        .where(LightAdjustment.project_id == project_id, LightAdjustment.ended_at.is_(None))
        .order_by(LightAdjustment.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def shown(session: Session, project_id: int) -> tuple[Light, bool]:
    """The light people see, and whether it is an adjusted one: 绿(调). Green without a state."""
    stored = state(session, project_id)
    light = Light(stored.shown) if stored else Light.GREEN
    return light, adjustment(session, project_id) is not None


def case(session: Session, project_id: int) -> LightCase | None:
    """The warning of a project that is not over."""
    return session.execute(
        select(LightCase)
        .where(LightCase.project_id == project_id, LightCase.state != ENDED)
        .order_by(LightCase.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def case_by_id(session: Session, case_id: int) -> LightCase | None:
    return session.get(LightCase, case_id)


def case_of(session: Session, feedback: LightFeedback) -> LightCase:
    """The warning that a feedback answers."""
    return session.get_one(LightCase, feedback.case_id)


def latest_case(session: Session, project_id: int) -> LightCase | None:
    """The last warning, over or not."""
    return session.execute(
        select(LightCase).where(LightCase.project_id == project_id).order_by(LightCase.id.desc()).limit(1)
    ).scalar_one_or_none()


def ended_cases(session: Session, project_id: int) -> list[LightCase]:
    """The warnings that are over, the one that ended last first."""
    return list(
        session.execute(
            select(LightCase)
            .where(LightCase.project_id == project_id, LightCase.state == ENDED)
            .order_by(LightCase.ended_at.desc(), LightCase.id.desc())
        ).scalars()
    )


def changes(session: Session, project_id: int, *, limit: int = 20) -> list[LightChange]:
    """The latest changes of the shown light, newest first."""
    return list(
        session.execute(
            select(LightChange)
            .where(LightChange.project_id == project_id, LightChange.old_shown != LightChange.shown)
            .order_by(LightChange.id.desc())
            .limit(limit)
        ).scalars()
    )


def figure_before(session: Session, project_id: int, entry_id: int | None) -> int | None:
    """The entry whose figure stood before this entry; None when there is none."""
    found = (
        select(Entry.id)
        .where(Entry.project_id == project_id, Entry.ytd_fen.is_not(None), Entry.undone_at.is_(None))
        .order_by(Entry.id.desc())
        .limit(1)
    )
    if entry_id is not None:
        found = found.where(Entry.id < entry_id)
    return session.execute(found).scalar_one_or_none()


def feedbacks(session: Session, case_id: int) -> list[LightFeedback]:
    """All versions of the feedback on a warning, oldest first."""
    return list(
        session.execute(
            select(LightFeedback).where(LightFeedback.case_id == case_id).order_by(LightFeedback.id)
        ).scalars()
    )


def feedback_by_id(session: Session, feedback_id: int) -> LightFeedback | None:
    return session.get(LightFeedback, feedback_id)


def waiting_feedback(session: Session, case_id: int) -> LightFeedback | None:
    """The version that is under review."""
    return session.execute(
        select(LightFeedback)
        .where(LightFeedback.case_id == case_id, LightFeedback.state == FeedbackState.SUBMITTED.value)
        .order_by(LightFeedback.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def last_feedback(session: Session, project_id: int) -> LightFeedback | None:
    """The newest feedback on any warning of a project."""
    return session.execute(
        select(LightFeedback)
        .join(LightCase, LightCase.id == LightFeedback.case_id)
        .where(LightCase.project_id == project_id)
        .order_by(LightFeedback.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def proposal_by_id(session: Session, draft_id: int) -> EscalationDraft | None:
    return session.get(EscalationDraft, draft_id)


def refused_of_item(session: Session, item_id: int, to_level: int) -> EscalationDraft | None:
    """The last 提级建议 of an item to a level that was sent back."""
    return session.execute(
        select(EscalationDraft)
        .where(
            EscalationDraft.subject_kind == "item",
            EscalationDraft.subject_id == item_id,
            EscalationDraft.to_level == to_level,
            EscalationDraft.state == "refused",
        )
        .order_by(EscalationDraft.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def undecided_of_item(session: Session, item_id: int) -> list[EscalationDraft]:
    """提级建议 on a problem item that nobody has decided, oldest first (rules F6, G2)."""
    return list(
        session.execute(
            select(EscalationDraft)
            .where(
                EscalationDraft.subject_kind == "item",
                EscalationDraft.subject_id == item_id,
                EscalationDraft.state == "draft",
            )
            .order_by(EscalationDraft.id)
        ).scalars()
    )


def undecided_of_items(
    session: Session, organisation_ids: Collection[int]
) -> list[tuple[EscalationDraft, Item]]:
    """All of them in these organisations, with their open items, oldest first."""
    rows = session.execute(
        select(EscalationDraft, Item)
        .join(Item, Item.id == EscalationDraft.subject_id)
        .where(
            EscalationDraft.subject_kind == "item",
            EscalationDraft.state == "draft",
            EscalationDraft.to_level > Item.level,
            Item.organisation_id.in_(organisation_ids),
            Item.closed_at.is_(None),
        )
        .order_by(EscalationDraft.id)
    )
    return [(draft, item) for draft, item in rows]


def undecided_of_lights(session: Session) -> list[tuple[EscalationDraft, LightCase]]:
    """All of them for red lights that are not over, oldest first (rule E12)."""
    rows = session.execute(
        select(EscalationDraft, LightCase)
        .join(LightCase, LightCase.id == EscalationDraft.subject_id)
        .where(
            EscalationDraft.subject_kind == "light_case",
            EscalationDraft.state == "draft",
            LightCase.state != ENDED,
        )
        .order_by(EscalationDraft.id)
    )
    return [(draft, case) for draft, case in rows]


def cases_unread(session: Session) -> list[LightCase]:
    """Red lights that nobody has marked 已阅, oldest first (rule E10)."""
    unread = select(LightCase).where(
        LightCase.light == Light.RED.value, LightCase.state != ENDED, LightCase.acknowledged_at.is_(None)
    )
    return list(session.execute(unread.order_by(LightCase.id)).scalars())


def county_requests(
    session: Session, directory: Directory, policies: Policies, organisation_id: int
) -> list[tuple[EscalationDraft, Item]]:
    """Requests of a city's counties that nobody has taken on or sent back, oldest first (rules G3, Q3)."""
    counties = [one.id for one in directory.organisations.values() if one.parent_id == organisation_id]
    if not counties:
        return []
    return [
        (draft, item)
        for draft, item in undecided_of_items(session, counties)
        if draft.to_level > policies.at(item.organisation_id, item.level_version).levels.own_top
    ]


def undecided_for_item(session: Session, item_id: int, to_level: int) -> EscalationDraft | None:
    """The one for a certain step."""
    return next((one for one in undecided_of_item(session, item_id) if one.to_level == to_level), None)


# --- lists


@dataclass(frozen=True, slots=True)
class Lit:
    """One project in a list of lights."""

    project_id: int
    light: Light
    adjusted: bool
    red_days: int


def by_colour(session: Session, project_ids: Collection[int]) -> list[Lit]:
    """The lights of these projects, the worst first, then by code."""
    adjusted = set(
        session.execute(
            select(LightAdjustment.project_id).where(LightAdjustment.ended_at.is_(None))
        ).scalars()
    )
    rows = session.execute(
        select(LightState.project_id, LightState.shown, LightState.red_days)
        .join(Project, Project.id == LightState.project_id)
        .order_by(Project.code)
    )
    found = [
        Lit(row.project_id, Light(row.shown), row.project_id in adjusted, row.red_days)
        for row in rows
        if row.project_id in project_ids
    ]
    return sorted(found, key=lambda one: -one.light.rank)


def cases_awaiting_feedback(session: Session, until: datetime) -> list[LightCase]:
    """Warnings whose feedback is due by then and was neither submitted nor accepted, by due time."""
    return list(
        session.execute(
            select(LightCase)
            .where(*_feedback_awaited(), LightCase.feedback_due_at <= until)
            .order_by(LightCase.feedback_due_at, LightCase.id)
        ).scalars()
    )


def cases_awaiting_feedback_of(session: Session, person_id: int) -> list[LightCase]:
    """The warnings on which this 联络员 owes feedback, or this author of one sent back, oldest first (rule E9)."""
    sent_back = select(LightFeedback.case_id).where(
        LightFeedback.author_id == person_id, LightFeedback.state == FeedbackState.RETURNED.value
    )
    return list(
        session.execute(
            select(LightCase)
            .where(
                *_feedback_awaited(),
                or_(LightCase.liaison_id == person_id, LightCase.id.in_(sent_back)),
            )
            .order_by(LightCase.id)
        ).scalars()
    )


def _feedback_awaited() -> tuple[ColumnElement[bool], ...]:
    under_review = select(LightFeedback.case_id).where(LightFeedback.state == FeedbackState.SUBMITTED.value)
    return (LightCase.state == OPEN, LightCase.id.not_in(under_review))


def feedback_to_rule_on(session: Session, reviewer_id: int) -> list[tuple[LightFeedback, LightCase]]:
    """Submitted feedback that waits for this reviewer, with its warning, oldest first."""
    rows = session.execute(
        select(LightFeedback, LightCase)
        .join(LightCase, LightCase.id == LightFeedback.case_id)
        .where(LightCase.reviewer_id == reviewer_id, LightFeedback.state == FeedbackState.SUBMITTED.value)
        .order_by(LightFeedback.id)
    )
    return [(feedback, case) for feedback, case in rows]


def red_for(session: Session, workdays: int) -> list[LightState]:
    """Projects that have been red for so many workdays, for the monthly meeting (rules E12, M1)."""
    return list(
        session.execute(
            select(LightState)
            .where(LightState.shown == Light.RED.value, LightState.red_days >= workdays)
            .order_by(LightState.red_days.desc(), LightState.project_id)
        ).scalars()
    )


def projects_of(session: Session, ids: Iterable[int]) -> dict[int, Project]:
    """Project rows by id."""
    wanted = list(ids)
    found: dict[int, Project] = {}
    for at in range(0, len(wanted), _CHUNK):
        for row in session.execute(select(Project).where(Project.id.in_(wanted[at : at + _CHUNK]))).scalars():
            found[row.id] = row
    return found
