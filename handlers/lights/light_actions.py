"""Buttons and answers about lights: 反馈, 采纳, 退回, 已阅, 稍后, 批示, 上报, 无变化, 提级 (rules E7–E14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NoReturn

from handlers import access, asked_words
from handlers.asked_words import Answer, answered_by
from handlers.context import Context
from handlers.hearing import hear_about
from handlers.lights import light_words, promise_words
from handlers.reports import reports
from handlers.understanding.reading import Match, ProjectLine, Promise
from handlers.understanding.values.dates import parse_deadline
from handlers.verbs import Verb
from models.errors import Invalid, NotAllowed, NotFound, NotUnderstood
from models.notices.lights import (
    Acknowledged,
    AdjustmentPassedOn,
    LightEscalationDecided,
    LightFeedbackReceived,
    LightFeedbackReviewed,
    LightInstructionRecorded,
    Snoozed,
)
from models.operations import item_levels, ledger, light_adjustments, light_receipts, red_days
from models.operations import light_cases as cases
from models.operations import light_feedback as feedbacks
from models.operations.desk import Desk
from models.queries import lights as queries
from models.queries.directory import PersonInfo, ProjectInfo
from models.rules.calendar import days_ahead, local_date
from models.tables.drafts import Question
from models.tables.lights import EscalationDraft, LightCase, LightFeedback
from models.types import Light, Role

Args = Mapping[str, str | int]

FEEDBACK_TEXT: Final = "light_feedback.text"
RETURN_REASON: Final = "light_feedback.return_reason"
SNOOZE_TEXT: Final = "light.snooze"
LONGEST_SAID: Final = 200  # characters of what was said before a question for more
REPORT_TEXT: Final = "light.report"
REFUSAL_REASON: Final = "light.escalation_refuse"
EDIT_TEXT: Final = "light.escalation_edit"
_MOST_NAMED: Final = 5  # projects in a question which one is meant


# --- feedback


def feed_back(context: Context, project: ProjectInfo, text: str) -> None:
    """Submit feedback on the project's warning; without words they are asked for.

    What follows on another project is that project's: it may hold other promises.
    """
    (_, text), *others = light_words.by_project(light_words.without_title(text))
    _feed_back(context, project, text)
    for code, words in others:
        feed_back(context, access.project(context, code), words)


def _feed_back(context: Context, project: ProjectInfo, text: str) -> None:
    desk = desk_of(context, feedbacks.authors(context.desk, project))
    if not text.strip():
        feedbacks.require_author(desk, project)
        feedbacks.open_case(desk, project)
        asked_words.ask(
            context, FEEDBACK_TEXT, {"project": project.id}, what="反馈内容：原因、措施、追赶目标", code=project.code
        )  # fmt: skip
        return
    asked_words.settle(context, (FEEDBACK_TEXT,))
    feedback = feedbacks.submit(desk, project, text, promises=promises_in(context, project, text))
    case = queries.case_of(context.session, feedback)
    judge = feedbacks.judge_of(desk, feedback)
    context.say(
        LightFeedbackReceived(
            code=project.code, light=Light(case.light), reviewer=judge.label if judge else "",
            promises=feedbacks.promise_words(feedback), overdue_workdays=feedback.overdue_workdays,
            due_at=case.feedback_due_at,
        )
    )  # fmt: skip


def promises_in(context: Context, project: ProjectInfo, text: str) -> tuple[Promise, ...]:
    """Figures and catching up promised for a day, by day."""
    reading = hear_about(
        context,
        project,
        promise_words.as_totals(text, context.desk.today, context.directory.calendar),
        to_come=True,
    )
    reached = ledger.project_row(context.desk, project.id).ytd_fen
    found = [
        promise
        for line in reading.lines
        for promise in line.promises
        if promise.fen is None or promise.fen > reached  # 「10月份完成1000万」 is no total of the year
    ]
    return tuple(sorted(found, key=lambda one: (one.due, one.fen is None)))


def press_feedback(context: Context, args: Args, text: str) -> None:
    feed_back(context, project_of(context, _case(context, args)), text)


def press_accept(context: Context, args: Args, _text: str) -> None:
    feedback = _feedback(context, args)
    desk = _ruling_desk(context, feedback)
    asked_words.settle(context, (RETURN_REASON,))
    feedbacks.accept(desk, feedback)
    _say_reviewed(context, feedback, accepted=True, reason="")


def press_return(context: Context, args: Args, text: str) -> None:
    feedback = _feedback(context, args)
    desk = _ruling_desk(context, feedback)
    if not text.strip():
        feedbacks.check_ruling(desk, feedback, "退回")
        code = project_of(context, queries.case_of(context.session, feedback)).code
        asked_words.ask(context, RETURN_REASON, {"feedback": feedback.id}, what="退回原因", code=code)
        return
    asked_words.settle(context, (RETURN_REASON,))
    feedbacks.send_back(desk, feedback, text)
    _say_reviewed(context, feedback, accepted=False, reason=text.strip())


def _ruling_desk(context: Context, feedback: LightFeedback) -> Desk:
    case = queries.case_of(context.session, feedback)
    return desk_of(context, feedbacks.reviewers(context.desk, case))


def _say_reviewed(context: Context, feedback: LightFeedback, *, accepted: bool, reason: str) -> None:
    case = queries.case_of(context.session, feedback)
    author = context.directory.people.get(feedback.author_id)
    context.say_privately(
        LightFeedbackReviewed(
            code=project_of(context, case).code, light=Light(case.light), accepted=accepted,
            author=author.label if author else "责任单位联络员", reason=reason,
            promises=feedbacks.promise_words(feedback) if accepted else (),
        )
    )  # fmt: skip


# --- 已阅, 稍后, 批示


def acknowledge(context: Context, case: LightCase) -> None:
    project = project_of(context, case)
    desk = desk_of(context, cases.leaders(context.desk, project))
    first = light_receipts.acknowledge(desk, case)
    context.say_privately(
        Acknowledged(code=project.code, at=case.acknowledged_at or context.now, earlier=not first)
    )


def press_acknowledge(context: Context, args: Args, _text: str) -> None:
    acknowledge(context, _case(context, args))


def snooze(context: Context, case: LightCase, text: str) -> None:
    """稍后 with days and reason; what is missing is asked for."""
    project = project_of(context, case)
    desk = desk_of(context, cases.leaders(context.desk, project))
    light_receipts.check_snooze(desk, case)
    days, reason = light_words.snooze_words(text, desk.today, desk.directory.calendar)
    if days is None or not reason:
        most = cases.policy_of(desk, case).snooze_workdays
        many = f"稍后几个工作日（最多{most}个）"
        if days is not None:
            wanted = "稍后的原因，例：正在现场调度"
        else:
            wanted = (
                f"{many}，例：3 个工作日" if reason else f"{many}和原因，例：3 个工作日 原因 正在现场调度"
            )
        body = {"case": case.id, "said": text.strip()[:LONGEST_SAID]}
        asked_words.ask(context, SNOOZE_TEXT, body, what=wanted, code=project.code)
        return
    asked_words.settle(context, (SNOOZE_TEXT,))
    light_receipts.snooze(desk, case, days, reason)
    assert case.snoozed_until is not None
    context.say_privately(
        Snoozed(
            code=project.code,
            resumes_on=local_date(case.snoozed_until),
            feedback_due_at=case.feedback_due_at,
        )
    )


def press_snooze(context: Context, args: Args, text: str) -> None:
    """[稍后], and the answer to what was missing: what was said before counts too (rule C4)."""
    snooze(context, _case(context, args), f"{args.get('said', '')} {text}".strip())


def instruct(context: Context, project: ProjectInfo, text: str) -> None:
    """批示 by the unit's leader, 市领导 or 综合专班负责人, or who stands in for them."""
    people = access.own_and_principals(context)
    leaders = cases.leaders(context.desk, project)
    may = [one for one in people if one in leaders or one.holds(*light_receipts.CITY_LEADERS, Role.HUB_HEAD)]
    told = light_receipts.instruct(context.act_for(may[0] if may else None), project, text)
    context.say(
        LightInstructionRecorded(code=project.code, forwarded_to=tuple(person.label for person in told))
    )


# --- 未更新: report, or nothing new


def press_report(context: Context, args: Args, text: str) -> None:
    project = _project(context, args)
    if not text.strip():
        access.may_report(context, project)
        asked_words.ask(
            context, REPORT_TEXT, {"project": project.id}, what="累计完成投资和形象进度", code=project.code
        )
        return
    _report(context, project, text)


def _report(context: Context, project: ProjectInfo, text: str) -> None:
    reading = hear_about(context, project, text)
    if not reading.lines:
        raise NotUnderstood(text[:20], examples=(f"{project.code} 累计5500万", f"{project.code} 本周无变化"))
    reports.start(context, list(reading.lines))


def press_unchanged(context: Context, args: Args, _text: str) -> None:
    project = _project(context, args)
    line = ProjectLine(mention=project.code, match=Match.UNIQUE, project_id=project.id, unchanged=True)
    reports.start(context, [line])


# --- 提级建议


def press_escalation_edit(context: Context, args: Args, text: str) -> None:
    draft = _proposal(context, args)
    if not text.strip():
        code = context.directory.projects[draft.project_id or 0].code
        wanted = "要改的内容：症结 …；责任部门 …；化解路径 …；建议时限 …"
        asked_words.ask(context, EDIT_TEXT, {"draft": draft.id}, what=wanted, code=code)
        return
    desk = access.desk_as(context, Role.HUB_HEAD)
    said = red_days.stated(text, red_days.missing(draft) if args.get("gaps") else ())
    due_on = parse_deadline(said.due, desk.today, calendar=desk.directory.calendar) if said.due else None
    if said.due and due_on is None:
        raise Invalid(f"没看懂时限「{said.due[:20]}」", mend="例：建议时限 10月25日")
    red_days.edit(desk, draft, said, due_on=due_on)
    context.say_privately(red_days.card(desk, draft, edited=True))


def press_escalation_agree(context: Context, args: Args, _text: str) -> None:
    draft = _proposal(context, args)
    desk = access.desk_as(context, Role.HUB_HEAD)
    red_days.check_undecided(desk, draft, "同意提级")
    if gaps := red_days.missing(draft):
        code = context.directory.projects[draft.project_id or 0].code
        asked_words.ask_gaps(context, EDIT_TEXT, draft.id, gaps, code=code)
        return
    item = red_days.agree(desk, draft)
    deciders = "、".join(one.label for one in item_levels.deciders(context.desk, item))
    _say_decided(context, draft, agreed=True, number=item.number, told=deciders)


def press_escalation_refuse(context: Context, args: Args, text: str) -> None:
    draft = _proposal(context, args)
    desk = access.desk_as(context, Role.HUB_HEAD)
    if not text.strip():
        red_days.check_undecided(desk, draft, "不提级")
        code = context.directory.projects[draft.project_id or 0].code
        asked_words.ask(context, REFUSAL_REASON, {"draft": draft.id}, what="不提级的原因", code=code)
        return
    red_days.refuse(desk, draft, text)
    _say_decided(context, draft, agreed=False, reason=text.strip())


def _say_decided(
    context: Context, draft: EscalationDraft, *, agreed: bool, reason: str = "", number: str = "", told: str = ""
) -> None:  # fmt: skip
    code = context.directory.projects[draft.project_id or 0].code
    context.say_privately(
        LightEscalationDecided(code=code, agreed=agreed, number=number, told=told, reason=reason)
    )


# --- 调灯, asked for in words


def request_adjustment(context: Context, project: ProjectInfo, text: str) -> None:
    """Only 综合专班负责人 decides on 调灯: the wish is passed on, with its words (rule E14)."""
    if context.sender.holds(Role.HUB_HEAD):
        until = days_ahead(context.desk.today, 14)
        raise Invalid("调灯请直接办理", mend=f"例：/调灯 {project.code} 绿 至 {until} 原因 …（附依据）")
    head = light_adjustments.request_adjustment(context.desk, project, text)
    context.say(AdjustmentPassedOn(to=head.label))


# --- who, what


def desk_of(context: Context, allowed: Iterable[PersonInfo]) -> Desk:
    """The desk of the sender, or of the principal they stand in for, who is among those allowed (rule B6)."""
    may = {person.id for person in allowed}
    found = next((person for person in access.own_and_principals(context) if person.id in may), None)
    return context.act_for(found)


def project_of(context: Context, case: LightCase) -> ProjectInfo:
    return context.directory.projects[case.project_id]


def case_of(context: Context, project: ProjectInfo) -> LightCase:
    """The warning of a project that is not over. Raises Invalid when there is none."""
    case = queries.case(context.session, project.id)
    if case is None:
        raise Invalid(f"{project.code} 现在没有黄灯或红灯")
    return case


def latest_case(context: Context, act: str) -> LightCase:
    """The warning meant when a 带班领导 names none. Raises NotAllowed for others, Invalid without one.

    Who gives 批示 on every project without leading a unit has to name one: Invalid, with those that are lit.
    """
    for person in access.own_and_principals(context):
        if (case := light_receipts.latest_for(context.desk, person)) is not None:
            return case
    if access.holds(context, Role.LEADER):
        raise Invalid("您负责的项目现在没有黄灯或红灯")
    if act == "批示" and access.holds(context, *light_receipts.CITY_LEADERS, Role.HUB_HEAD):
        _ask_which(context)
    raise NotAllowed(light_receipts.deed(act), who="责任单位带班领导" + ("、市领导" if act == "批示" else ""))


def _ask_which(context: Context) -> NoReturn:
    """Raises Invalid naming the projects that a 批示 may be about, the reddest first."""
    lit = [
        context.directory.projects[one.project_id].code
        for one in queries.by_colour(context.session, access.visible_here(context))
        if one.light is not Light.GREEN
    ]
    if not lit:
        raise Invalid("现在没有黄灯或红灯的项目可批示")
    more = f"等 {len(lit)} 项" if len(lit) > _MOST_NAMED else ""
    raise Invalid(
        f"没有写批示哪个项目：现亮灯 {'、'.join(lit[:_MOST_NAMED])}{more}",
        mend=f"请写明编号，例：批示 {lit[0]} 请本周内拿出赶工方案",
    )


def _case(context: Context, args: Args) -> LightCase:
    case = queries.case_by_id(context.session, int(args["case"]))
    if case is None or case.project_id not in context.directory.projects:
        raise NotFound("亮灯")
    return case


def _feedback(context: Context, args: Args) -> LightFeedback:
    feedback = queries.feedback_by_id(context.session, int(args["feedback"]))
    if feedback is None:
        raise NotFound("反馈")
    return feedback


def _proposal(context: Context, args: Args) -> EscalationDraft:
    draft = queries.proposal_by_id(context.session, int(args["draft"]))
    if draft is None or draft.project_id not in context.directory.projects:
        raise NotFound("提级建议")
    return draft


def _project(context: Context, args: Args) -> ProjectInfo:
    project = context.directory.projects.get(int(args["project"]))
    if project is None or project.id not in access.visible(context):
        raise NotFound("项目")
    return project


# --- answers to open questions


def _answer_feedback(context: Context, question: Question, text: str) -> bool:
    project = _project(context, question.body)
    asked_words.close(context, question)
    feed_back(context, project, text)
    return True


ANSWERS: Final[Mapping[str, Answer]] = {
    FEEDBACK_TEXT: _answer_feedback,
    RETURN_REASON: answered_by(press_return),
    SNOOZE_TEXT: answered_by(press_snooze),
    REPORT_TEXT: answered_by(press_report),
    EDIT_TEXT: answered_by(press_escalation_edit),
    REFUSAL_REASON: answered_by(press_escalation_refuse),
}

VERBS: Final[Mapping[str, Verb]] = {
    "light.feedback": press_feedback,
    "light.feedback_accept": press_accept,
    "light.feedback_return": press_return,
    "light.acknowledge": press_acknowledge,
    "light.snooze": press_snooze,
    "light.report": press_report,
    "light.unchanged": press_unchanged,
    "light.escalation_edit": press_escalation_edit,
    "light.escalation_agree": press_escalation_agree,
    "light.escalation_refuse": press_escalation_refuse,
}
