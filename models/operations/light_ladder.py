"""What the rungs behind a light's feedback say, and to whom (rules E9, F6). Importing registers it."""

from __future__ import annotations

from datetime import datetime

from models.notices.lights import LightFeedbackOverdue, LightFeedbackReminder, LightLetterDrafted
from models.operations import documents, ladders, letters
from models.operations import light_cases as cases
from models.operations.desk import Desk
from models.queries import lights as queries
from models.queries.directory import PersonInfo, ProjectInfo
from models.rules.calendar import local_date
from models.rules.ladder import RungName, overdue_workdays, reminder_after_snooze
from models.tables.items import Ladder
from models.tables.lights import LightCase
from models.types import DocumentKind, FeedbackState, Light


def say(desk: Desk, ladder: Ladder, rung: RungName) -> None:
    """T−1 提醒 and T+1 催办 to the unit, T+3 提醒函 draft and the leader, T+5 督办函 draft."""
    case = desk.session.get_one(LightCase, ladder.subject_id)
    project = desk.directory.projects[case.project_id]
    if rung in (RungName.REMIND, RungName.URGE):
        _remind(desk, case, project, ladder, rung)
    elif rung is RungName.REMINDER_LETTER:
        judge = cases.reviewer_of(desk, case)
        if judge is not None:
            _draft_letter(desk, case, ladder, rung, judge)
        _tell_leaders(desk, case, project, ladder)
    elif rung is RungName.SUPERVISION_LETTER:
        head = desk.directory.hub_head(project.organisation_id)
        if head is not None:
            _draft_letter(desk, case, ladder, rung, head)


def _remind(desk: Desk, case: LightCase, project: ProjectInfo, ladder: Ladder, rung: RungName) -> None:
    responsible = desk.directory.responsible_person(project)
    people = [*([responsible] if responsible else [])]
    if rung is RungName.URGE or not people:
        people.extend(cases.liaisons(desk, project))
    returned = [
        one for one in queries.feedbacks(desk.session, case.id) if one.state == FeedbackState.RETURNED.value
    ]
    desk.notify(
        LightFeedbackReminder(
            case_id=case.id,
            code=project.code,
            name=project.name,
            light=Light(case.light),
            rung=rung.value,
            due_at=ladder.due_at,
            overdue=desk.now > ladder.due_at,
            excused_until=ladders.excused_until(desk, ladder),
            returned=(returned[-1].review_reason or "") if returned else "",
        ),
        to=people,
        key=f"ladder:{ladder.id}:{rung.value}",
        reason=f"{case.light}灯反馈{rung.value}",
        about=cases.subject(case),
    )


def _tell_leaders(desk: Desk, case: LightCase, project: ProjectInfo, ladder: Ladder) -> None:
    """稍后 delays what is only a reminder to the leader (rule E11)."""
    liaisons = cases.liaisons(desk, project)
    desk.notify(
        LightFeedbackOverdue(
            case_id=case.id,
            code=project.code,
            name=project.name,
            light=Light(case.light),
            due_at=ladder.due_at,
            overdue_workdays=overdue_workdays(ladder.due_at, desk.now, desk.directory.calendar),
            liaison="、".join(person.label for person in liaisons),
            excused_until=ladders.excused_until(desk, ladder),
        ),
        to=cases.leaders(desk, project),
        key=f"ladder:{ladder.id}:{RungName.REMINDER_LETTER.value}:leader",
        reason=f"{case.light}灯反馈逾期",
        about=cases.subject(case),
        due_at=_after_snooze(case, desk.now),
    )


def _after_snooze(case: LightCase, moment: datetime) -> datetime | None:
    if case.snoozed_until is None or moment >= case.snoozed_until:
        return None
    return reminder_after_snooze(moment, case.pushed_at, local_date(case.snoozed_until))


def _draft_letter(desk: Desk, case: LightCase, ladder: Ladder, rung: RungName, to: PersonInfo) -> None:
    """Keep a draft of the letter and show it to the person who decides; nothing is issued (rules F6, H3)."""
    project = desk.directory.projects[case.project_id]
    kind = DocumentKind(rung.value)
    letter = letters.propose(
        desk, kind, cases.subject(case), ladder.what, due_at=ladder.due_at, to=to,
        organisation_id=project.organisation_id,
    )  # fmt: skip
    desk.record(cases.subject(case), {"letter_draft": (None, rung.value)})
    desk.notify(
        LightLetterDrafted(
            letter_id=letter.id,
            kind=rung.value,
            code=project.code,
            name=project.name,
            unit=desk.directory.units[project.unit_id].name,
            light=Light(case.light),
            due_at=ladder.due_at,
            overdue_workdays=overdue_workdays(ladder.due_at, desk.now, desk.directory.calendar),
            version=letter.version,
            earlier=tuple(filter(None, (letters.earlier(desk, letter),))),
            reply_by=letters.reply_deadline(desk, kind, project.organisation_id),
            signs=to in documents.signers(desk, letter),
            signers=documents.who_signs(desk, letter),
            excused_until=ladders.excused_until(desk, ladder),
        ),
        to=to,
        key=f"ladder:{ladder.id}:{rung.value}",
        reason=f"{rung.value}拟稿",
        about=cases.subject(case),
    )


ladders.SAYS["light_case"] = say
