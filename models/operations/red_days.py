"""What a red light brings that stays: second notice, 提级建议, the monthly meeting (rules E12, G2)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from sqlalchemy import select

from models.errors import NotAllowed, StateForbids
from models.notices.lights import LightEscalationProposed, RedDaysNotice, RedForMeeting, RedHistory
from models.operations import escalation_drafts as drafts
from models.operations import escalations
from models.operations import light_cases as cases
from models.operations.desk import Desk
from models.operations.light_announcements import gap_text, reason_lines
from models.queries import lights as queries
from models.queries.directory import ProjectInfo
from models.rules import calendar
from models.rules import escalation as rules
from models.rules.escalation import Statement
from models.rules.ladder import RedDayStep, red_day_step
from models.rules.lights import Evaluation, LightReason, ReasonKind, evaluate
from models.rules.money import points
from models.tables.items import Item
from models.tables.lights import EscalationDraft, LightCase, LightState
from models.tables.projects import Project
from models.types import FeedbackState, Light, Role, Subject


def stated(text: str, gaps: tuple[rules.Asked, ...] = ()) -> Statement:
    """What a feedback on a red light states of what G2 asks for; the 原因 of the light is the 症结.

    gaps: what was asked for, which words without a label answer.
    """
    said = rules.stated(text, gaps)
    return Statement(crux=said.crux or said.reason, unit=said.unit, path=said.path, due=said.due)


def say_red_days(desk: Desk) -> dict[str, int]:
    """08:30 on workdays: what the count of this morning brings (rule E12).

    Only projects whose count is a step of some policy are looked at: most lights stay red for long.
    """
    rows = desk.session.execute(
        select(LightState, Project)
        .join(Project, Project.id == LightState.project_id)
        .where(
            LightState.shown == Light.RED.value,
            LightState.red_counted_on == desk.today,
            LightState.red_days.in_(_counts(desk)),
        )
        .order_by(Project.code)
    ).all()
    said = 0
    for state, project in rows:
        case = queries.case(desk.session, project.id)
        if case is None or case.light != Light.RED.value:
            continue
        policy = cases.policy_of(desk, case)
        step = red_day_step(
            state.red_days, notice=policy.red_days_notice, escalation=policy.red_days_proposal,
            meeting=policy.red_days_meeting,
        )  # fmt: skip
        if step is not None:
            _STEPS[step](desk, state, case, desk.directory.projects[project.id])
            said += 1
    return {"red_day_steps": said}


def _counts(desk: Desk) -> set[int]:
    """The counts at which a policy that a case may have been opened with has a step."""
    names = ("red_days_notice", "red_days_proposal", "red_days_meeting")
    return {count for name in names for count in desk.policies.ever(name)}


def _second_notice(desk: Desk, state: LightState, case: LightCase, project: ProjectInfo) -> None:
    head = desk.directory.hub_head(project.organisation_id)
    evaluation = _today(desk, project)
    adjustment = queries.adjustment(desk.session, project.id)
    desk.notify(
        RedDaysNotice(
            case_id=case.id, code=project.code, name=project.name,
            unit=desk.directory.units[project.unit_id].name,
            history=RedHistory(
                since=state.since, pushed_at=case.pushed_at, red_days=state.red_days,
                reasons=reason_lines(evaluation), gap=gap_text(evaluation),
                acknowledged_at=case.acknowledged_at, feedback=feedback_words(desk, case),
                feedback_due_at=case.feedback_due_at, carried=_carried(desk, state), on=desk.today,
                adjusted_why=adjustment.reason if adjustment is not None else "",
            ),
            proposal_days=cases.policy_of(desk, case).red_days_proposal,
        ),
        to=[*cases.leaders(desk, project), *([head] if head else [])],
        key=f"light_case:{case.id}:red {state.red_days}", reason=f"红灯{state.red_days}个工作日",
        about=cases.subject(case),
    )  # fmt: skip


def _carried(desk: Desk, state: LightState) -> bool:
    """Whether more red days are counted than have passed since the light turned: a 调灯 lies between (rule E14)."""
    before = calendar.local_date(state.since) - timedelta(days=1)
    return state.red_days > desk.directory.calendar.workdays_between(before, desk.today)


def _propose(desk: Desk, _state: LightState, case: LightCase, project: ProjectInfo) -> None:
    """Draft a 提级建议 from the last feedback; nothing goes up before a person agrees."""
    head = desk.directory.hub_head(project.organisation_id)
    if head is None:
        return
    last = queries.last_feedback(desk.session, project.id)
    said = stated(last.text) if last else Statement()
    first, _, rest = said.crux.replace("；", "，").replace("。", "，").replace(",", "，").partition("，")
    evaluation = _today(desk, project)
    adjustment = queries.adjustment(desk.session, project.id)
    crux = (said.crux if said.path else first) or _why_red(
        evaluation, adjustment.reason if adjustment else ""
    )
    promised = [one["due"] for one in last.promises] if last else []
    draft = EscalationDraft(
        subject_kind="light_case",
        subject_id=case.id,
        project_id=project.id,
        to_level=rules.VICE_MAYOR,
        at=desk.now,
        crux=crux,
        unit=said.unit or desk.directory.units[project.unit_id].name,
        path=said.path or rest.strip(rules.ENDS),
        due_on=_day_in(said.due, desk.today) or (date.fromisoformat(max(promised)) if promised else None),
        state=drafts.UNDECIDED,
    )
    desk.session.add(draft)
    desk.session.flush()
    desk.record(drafts.subject(draft), {"state": (None, drafts.UNDECIDED), "crux": (None, draft.crux)})
    desk.notify(
        card(desk, draft), to=head, key=f"escalation_draft:{draft.id}", reason="提级建议",
        about=drafts.subject(draft),
    )  # fmt: skip


def _why_red(evaluation: Evaluation, adjusted_why: str) -> str:
    """What makes the light red, in the words of a 症结, where no feedback says it (rule G2); of a 调灯 its reason."""
    found = "；".join(_words(one) for one in evaluation.reasons if one.light is Light.RED)
    return found or adjusted_why or "持续红灯"


def _words(reason: LightReason) -> str:
    if reason.kind is ReasonKind.START and reason.planned is not None:
        return f"计划{reason.planned.year}年{reason.planned.month}月开工，至今未开工"
    if reason.kind is ReasonKind.COMPLETION:
        return f"计划 {reason.planned} 竣工，已超 {reason.days} 天"
    what = "投资进度" if reason.kind is ReasonKind.INVESTMENT else "资金支付"
    return f"{what}滞后，差距 {points(reason.gap or Fraction(0))} 个百分点"


def _list_for_meeting(desk: Desk, state: LightState, case: LightCase, project: ProjectInfo) -> None:
    head = desk.directory.hub_head(project.organisation_id)
    chair = desk.policy_of(project.organisation_id).levels[rules.GOVERNMENT].addressee
    desk.record(
        Subject("project", project.id), {"meeting_list": (None, f"{chair}月度专题会议")}, reason="连续红灯"
    )
    if head is not None:
        desk.notify(
            RedForMeeting(code=project.code, name=project.name, red_days=state.red_days, chair=chair),
            to=head, key=f"light_case:{case.id}:meeting", reason="列入月度专题会议",
            about=cases.subject(case),
        )  # fmt: skip


_STEPS: Final = {
    RedDayStep.SECOND_NOTICE: _second_notice,
    RedDayStep.ESCALATION: _propose,
    RedDayStep.MEETING_LIST: _list_for_meeting,
}


# --- deciding on a proposal


def card(desk: Desk, draft: EscalationDraft, *, edited: bool = False) -> LightEscalationProposed:
    """The proposal as shown to 综合专班负责人."""
    project = desk.directory.projects[draft.project_id or 0]
    state = queries.state(desk.session, project.id)
    level = desk.policy_of(project.organisation_id).levels[draft.to_level]
    return LightEscalationProposed(
        draft_id=draft.id, code=project.code, name=project.name, red_days=state.red_days if state else 0,
        crux=draft.crux, unit=draft.unit, path=draft.path, due_on=draft.due_on, edited=edited,
        level_name=level.full, addressee=level.addressee,
    )  # fmt: skip


def edit(desk: Desk, draft: EscalationDraft, said: Statement, *, due_on: date | None) -> None:
    """Change what was said of crux, unit, path and due day; the rest stays."""
    check_undecided(desk, draft, "修改")
    drafts.revise(desk, draft, said, due_on=due_on)


def agree(desk: Desk, draft: EscalationDraft) -> Item:
    """同意提级, with all that G2 asks for: a problem item at the next level, put to who decides there."""
    check_undecided(desk, draft, "同意提级")
    drafts.complete(draft, rules.HUB, of=desk.directory.projects[draft.project_id or 0].code)
    drafts.settle(desk, draft, drafts.AGREED, "同意提级")
    return escalations.raise_from_light(desk, draft)


def missing(draft: EscalationDraft) -> tuple[rules.Asked, ...]:
    """What G2 asks for and the proposal does not state yet."""
    return drafts.missing(draft, rules.HUB)


def refuse(desk: Desk, draft: EscalationDraft, reason: str) -> None:
    """不提级, with a reason."""
    check_undecided(desk, draft, "不提级")
    drafts.settle(desk, draft, drafts.REFUSED, drafts.why_refused(reason))


def check_undecided(desk: Desk, draft: EscalationDraft, act: str) -> None:
    """Whether the actor may decide now. Raises NotAllowed, StateForbids."""
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    project = desk.directory.projects[draft.project_id or 0]
    ours = person is not None and person.organisation_id == project.organisation_id
    if person is None or not ours or not person.holds(Role.HUB_HEAD):
        raise NotAllowed(act, who="综合专班负责人")
    if draft.state != drafts.UNDECIDED:
        raise StateForbids(f"{project.code} 提级建议", state=drafts.state_words(draft), act=act)


def _today(desk: Desk, project: ProjectInfo) -> Evaluation:
    row = desk.session.get_one(Project, project.id)
    return evaluate(
        queries.facts_of(desk.session, row), desk.today, desk.policy_of(project.organisation_id).lights
    )


def feedback_words(desk: Desk, case: LightCase) -> str:
    """How far the feedback on a warning is: 未反馈, 待审核, 已采纳 or 已退回."""
    versions = queries.feedbacks(desk.session, case.id)
    if not versions:
        return "未反馈"
    return {
        FeedbackState.SUBMITTED.value: "待审核",
        FeedbackState.ACCEPTED.value: "已采纳",
        FeedbackState.RETURNED.value: "已退回",
    }[versions[-1].state]


_DAY: Final = re.compile(r"(?:(?P<year>\d{4})[年/-])?(?P<month>\d{1,2})[月/-](?P<day>\d{1,2})")


def _day_in(text: str, today: date) -> date | None:
    """A day written 10月25日 or 2026-10-25; without a year the next one that comes."""
    found = _DAY.search(text)
    if found is None:
        return None
    year = int(found["year"] or today.year)
    try:
        day = date(year, int(found["month"]), int(found["day"]))
        return day if found["year"] or day >= today else day.replace(year=year + 1)
    except ValueError:
        return None
