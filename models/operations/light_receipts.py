"""What a 带班领导 does with a warning: 已阅, 稍后, 批示 (rules E10, E11)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from models.errors import Invalid, NotAllowed, StateForbids, WordsMissing
from models.notices.lights import AcknowledgeMissing, AcknowledgeReminder, LightInstructionGiven
from models.operations import light_cases as cases
from models.operations.desk import Desk
from models.queries import lights as queries
from models.queries import outages
from models.queries.directory import PersonInfo, ProjectInfo
from models.rules import calendar, ladder
from models.tables.clockwork import Timer
from models.tables.lights import Instruction, LightCase
from models.types import Light, Role

CITY_LEADERS: Final = (Role.CITY_LEADER, Role.DEPUTY_MAYOR, Role.EXECUTIVE_DEPUTY_MAYOR)


def acknowledge(desk: Desk, case: LightCase) -> bool:
    """已阅 of a warning; changes nothing else. Returns False when it had been pressed before."""
    project = desk.directory.projects[case.project_id]
    require_leader(desk, project, "已阅")
    if case.acknowledged_at is not None:
        return False
    if case.state == queries.ENDED:
        raise StateForbids(f"{project.code} {case.light}灯", state=case.outcome or "已结束", act="已阅")
    about = cases.subject(case)
    case.acknowledged_at = desk.now
    case.acknowledged_by_id = desk.actor.on_behalf_of
    desk.session.flush()
    desk.cancel_timers(about, cases.ACKNOWLEDGE_REMINDER, cases.ACKNOWLEDGE_REPORT, reason="已阅")
    desk.withdraw(about, reason="已阅", notices=(AcknowledgeReminder, AcknowledgeMissing))
    desk.record(about, {"acknowledged_at": (None, desk.now)})
    return True


def check_snooze(desk: Desk, case: LightCase) -> None:
    """Raises what speaks against 稍后 before anything was said: not the leader, not red, used before."""
    project = desk.directory.projects[case.project_id]
    require_leader(desk, project, "稍后")
    if case.state == queries.ENDED or case.light != Light.RED.value:
        raise Invalid(f"{project.code} 现在没有红灯，不用稍后")
    if case.snoozed_until is not None:
        raise Invalid("本轮红灯已用过一次稍后")


def snooze(desk: Desk, case: LightCase, workdays: int, reason: str) -> None:
    """稍后: reminders to the leader wait, once per red episode (rule E11). Deadlines and counts go on.

    Raises Invalid for a second time, too many workdays, a missing reason, or a light that is not red.
    """
    check_snooze(desk, case)
    if not reason.strip():
        raise WordsMissing("稍后须说明原因", mend="例：正在现场调度", lead="原因")
    most = cases.policy_of(desk, case).snooze_workdays
    days = desk.directory.calendar
    try:
        resumes = ladder.snoozed_until(desk.now, workdays, days, most=most)
    except ValueError:
        raise Invalid(f"稍后最少 1 个、最多 {most} 个工作日") from None
    case.snoozed_until = calendar.at(resumes, desk.push_window.opens)
    case.snooze_reason = reason.strip()
    desk.session.flush()
    about = cases.subject(case)
    reminder = desk.session.execute(
        select(Timer.due_at).where(
            Timer.kind == cases.ACKNOWLEDGE_REMINDER,
            Timer.subject_kind == about.kind,
            Timer.subject_id == about.id,
            Timer.state == "waiting",
        )
    ).scalar_one_or_none()
    if reminder is not None:
        later = ladder.reminder_after_snooze(reminder, desk.now, resumes)
        if later != reminder:
            desk.cancel_timers(about, cases.ACKNOWLEDGE_REMINDER, reason="稍后")
            desk.set_timer(cases.ACKNOWLEDGE_REMINDER, about, due_at=later)
    desk.record(about, {"snoozed_until": (None, case.snoozed_until)}, reason=case.snooze_reason)


def instruct(desk: Desk, project: ProjectInfo, text: str) -> tuple[PersonInfo, ...]:
    """批示 on a project's warning: stored, forwarded to 联络员 and 责任人. Returns who gets it.

    For 带班领导 of the unit, 市领导 and 综合专班负责人 (rule B10). Raises Invalid without a warning or text.
    """
    giver = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    city = giver is not None and giver.holds(*CITY_LEADERS, Role.HUB_HEAD)
    if not city:
        require_leader(desk, project, "批示", also="、市领导")
    case = queries.case(desk.session, project.id)
    if case is None:
        raise Invalid(f"{project.code} 现在没有黄灯或红灯")
    words = text.strip()
    if not words:
        raise WordsMissing(f"{project.code} 的批示还没有内容", mend="例：请本周内拿出赶工方案")
    about = cases.subject(case)
    row = Instruction(
        subject_kind=about.kind, subject_id=about.id, project_id=project.id,
        by_id=desk.actor.on_behalf_of or 0, text=words, at=desk.now,
    )  # fmt: skip
    desk.session.add(row)
    desk.session.flush()
    desk.record(about, {"instruction": (None, words)})
    responsible = desk.directory.responsible_person(project)
    people = dict.fromkeys((*cases.liaisons(desk, project), *([responsible] if responsible else [])))
    told = tuple(person for person in people if person.id != desk.actor.person_id)
    desk.notify(
        LightInstructionGiven(
            code=project.code,
            name=project.name,
            light=Light(case.light),
            by=desk.actor.label,
            text=words,
        ),
        to=told,
        key=f"instruction:{row.id}",
        reason="批示",
        about=about,
    )
    return told


def latest_for(desk: Desk, person: PersonInfo) -> LightCase | None:
    """The warning a 批示 without a code means: the one this leader read last, else the one pushed last."""
    projects = [
        project.id for project in desk.directory.projects.values() if person in cases.leaders(desk, project)
    ]
    found = list(
        desk.session.execute(
            select(LightCase).where(LightCase.project_id.in_(projects), LightCase.state != queries.ENDED)
        ).scalars()
    )
    return max(
        found,
        key=lambda case: (
            case.acknowledged_at
            if case.acknowledged_at is not None and case.acknowledged_by_id == person.id
            else case.pushed_at,
            case.id,
        ),
        default=None,
    )


def deed(act: str, code: str = "") -> str:
    """What a refusal calls it: 批示 is a verb, 已阅 and 稍后 are not."""
    if act == "批示":
        return f"{act} {code}".strip()
    return f"办理 {code} 的「{act}」" if code else f"办理「{act}」"


def require_leader(desk: Desk, project: ProjectInfo, act: str, *, also: str = "") -> None:
    """Raises NotAllowed, naming the 带班领导, for anybody else."""
    leaders = cases.leaders(desk, project)
    if desk.actor.on_behalf_of not in {person.id for person in leaders}:
        names = "、".join(person.label for person in leaders)
        raise NotAllowed(deed(act, project.code), who=f"责任单位带班领导{names}{also}")


# --- timers


def remind(desk: Desk, case_id: int) -> str:
    """The one reminder at the opening after the deadline (rule E10)."""
    case = desk.session.get_one(LightCase, case_id)
    leader = cases.leader_of(desk, case)
    if case.state == queries.ENDED or case.acknowledged_at is not None or leader is None:
        return "不用提醒"
    project = desk.directory.projects[case.project_id]
    desk.notify(
        AcknowledgeReminder(
            case_id=case.id,
            code=project.code,
            name=project.name,
            due_at=cases.acknowledge_by(desk, case),
            feedback_due_at=case.feedback_due_at,
            snoozed=case.snoozed_until is not None,
        ),
        to=leader,
        key=f"light_case:{case.id}:acknowledge",
        reason="已阅提醒",
        about=cases.subject(case),
    )
    return "已提醒"


def report(desk: Desk, case_id: int) -> str:
    """综合专班负责人 is told who has not read a red light (rule E10)."""
    case = desk.session.get_one(LightCase, case_id)
    leader = cases.leader_of(desk, case)
    if case.state == queries.ENDED or case.acknowledged_at is not None or leader is None:
        return "已阅或已结束"
    days = desk.directory.calendar
    term = calendar.workday_deadline(
        case.pushed_at, cases.policy_of(desk, case).acknowledge_report_workdays, days
    )
    excused = outages.excused_until(desk.session, term, days)
    if excused > desk.clock_now:  # nobody could read it while the product was down (rule A4)
        later = calendar.announced_at(excused, days, desk.push_window)
        desk.set_timer(cases.ACKNOWLEDGE_REPORT, cases.subject(case), due_at=later, step="顺延")
        return "因停机顺延"
    project = desk.directory.projects[case.project_id]
    head = desk.directory.hub_head(project.organisation_id)
    if head is None:
        return "没有综合专班负责人"
    desk.notify(
        AcknowledgeMissing(
            code=project.code,
            name=project.name,
            leader=leader.label,
            workdays=cases.policy_of(desk, case).acknowledge_report_workdays,
            pushed_at=case.pushed_at,
        ),
        to=head,
        key=f"light_case:{case.id}:not acknowledged",
        reason="未阅报告",
        about=cases.subject(case),
    )
    return "已报告"
