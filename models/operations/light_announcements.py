"""Saying that a light has changed: warnings, improvements, corrections (rules E8, E13).

LightState.announced is what the audience last heard. Whatever differs from it is said: at once inside the
push window after a confirmed change, otherwise at 08:30 of the next workday, with the figures of that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from sqlalchemy import select

from models.notices.lights import (
    LightCorrected,
    LightDigestLine,
    LightImproved,
    LightTurned,
    ReasonLine,
)
from models.operations import light_cases as cases
from models.operations.audit import Actor
from models.operations.desk import Desk
from models.queries import lights as queries
from models.queries.directory import ProjectInfo
from models.rules.ladder import overdue_workdays
from models.rules.lights import Evaluation, LightReason, evaluate
from models.rules.money import percent, points
from models.tables.lights import LightAdjustment, LightCase, LightChange, LightState
from models.tables.outbox import OutboxNotice
from models.tables.projects import Project
from models.types import Light, OutboxState, Recipient, RecipientKind, Subject

UNDONE: Final = "更正撤销"


@dataclass(frozen=True, slots=True)
class _News:
    """One project whose light is said: what was last heard, what it is, and today's figures."""

    project: ProjectInfo
    old: Light
    new: Light
    evaluation: Evaluation
    adjusted: bool
    change: LightChange | None
    by: str
    """Who caused it, empty when nobody's entry did."""
    as_of: date | None
    """The day for which the figures were reported."""
    adjustment_ended: date | None
    """The last day of the 调灯 that had shown the old light (rule E14)."""

    @property
    def gap(self) -> str:
        return gap_text(self.evaluation)

    @property
    def key(self) -> str:
        return f"light_change:{self.change.id}" if self.change else f"light:{self.project.id}"


def announce(desk: Desk, project: Project, state: LightState) -> bool:
    """Say what the audience does not know yet; returns whether something was said.

    The same transition is pushed once a day (rule E13): again on the same day it waits for the next one.
    """
    old, new = Light(state.announced), Light(state.shown)
    if old is new:
        return False
    history = queries.changes(desk.session, project.id)
    change = history[0] if history else None
    undone = _undone(history, change)
    if undone is None and _pushed_today(history, old, new, desk.today):
        return False
    news = _News(
        desk.directory.projects[project.id], old, new,
        evaluate(queries.facts_of(desk.session, project), desk.today, desk.policy_of(project.organisation_id).lights),
        queries.adjustment(desk.session, project.id) is not None, change, _cause(desk, change),
        project.ytd_as_of, _adjustment_ended(desk, state),
    )  # fmt: skip
    if undone is not None:
        _correct(desk, news, undone)
    elif new.worse_than(old):
        _warn(desk, news)
    else:
        _improve(desk, news)
    if change is not None:
        change.figures = {
            **change.figures,
            "push": {"on": desk.today.isoformat(), "from": old.value, "to": new.value},
        }
    desk.record(Subject("project", project.id), {"announced_light": (old.value, new.value)})
    state.announced, state.announced_at = new.value, desk.now
    desk.session.flush()
    return True


def reason_lines(evaluation: Evaluation) -> tuple[ReasonLine, ...]:
    """The reasons of a light as they are shown."""
    return tuple(_line(reason) for reason in evaluation.reasons)


def gap_text(evaluation: Evaluation) -> str:
    return points(evaluation.gap) if evaluation.gap is not None else ""


def take_back(desk: Desk, undone: LightChange, case: LightCase | None) -> bool:
    """Withdraw what still waits to be sent about an undone transition. Returns whether nobody heard of it."""
    about = cases.subject(case) if case else Subject("project", undone.project_id)
    notices = (LightDigestLine, LightTurned if _worse(undone) else LightImproved)
    desk.withdraw(about, reason="亮灯变化已撤销", notices=notices)
    return not _hearers(desk, about, undone)


def concerned(desk: Desk, undone: LightChange) -> LightCase | None:
    """The case to which the notices of a transition belong: that of the warning it opened or ended."""
    statement = select(LightCase).where(LightCase.project_id == undone.project_id)
    if _worse(undone):
        statement = statement.where(LightCase.light == undone.shown, LightCase.pushed_at >= undone.at)
    else:
        statement = statement.where(LightCase.pushed_at <= undone.at)
    return desk.session.execute(statement.order_by(LightCase.id.desc()).limit(1)).scalar_one_or_none()


# --- the three things that can be said


def _warn(desk: Desk, news: _News) -> None:
    """A worsening: a new case, the audience of E8, one line for 综合专班."""
    previous = queries.case(desk.session, news.project.id)
    if previous is not None:
        cases.end_case(desk, previous, f"转{news.new.value}")
    case = cases.open_case(desk, news.project, news.new)
    adjustment = queries.adjustment(desk.session, news.project.id) if news.adjusted else None
    leaders = {person.id for person in cases.leaders(desk, news.project)}
    liaisons = {person.id for person in cases.liaisons(desk, news.project)}
    readers = leaders | {
        one.id for leader in leaders for one in desk.directory.delegates_of(leader, desk.clock_now)
    }
    judge = cases.reviewer_of(desk, case)

    def rank(one: Recipient) -> int:
        """Of a person's own copy and one for whom they stand in the first is kept: that with more to do (rule B6)."""
        if one.kind is not RecipientKind.PERSON or one.id not in readers:
            return 2
        return int(one.id in leaders)

    for recipient in sorted(cases.audience(desk, news.project), key=rank):
        person = recipient.kind is RecipientKind.PERSON
        leads = person and recipient.id in leaders
        reads = person and recipient.id in readers and news.new is Light.RED
        desk.notify(
            LightTurned(
                project_id=news.project.id, case_id=case.id, code=news.project.code, name=news.project.name,
                old=news.old, new=news.new, reasons=reason_lines(news.evaluation),
                completion=_share(news.evaluation.completion), scheduled=_share(news.evaluation.scheduled),
                gap=news.gap, as_of=news.as_of, on=desk.today,
                feedback_due_at=case.feedback_due_at, reviewer=judge.label if judge else "",
                # Who holds both posts is not asked to press themselves.
                reader="leader" if leads and recipient.id not in liaisons else "liaison" if person else "group",
                acknowledge_by=cases.acknowledge_by(desk, case) if reads else None,
                adjusted=adjustment is not None, adjusted_why=adjustment.reason if adjustment is not None else "",
                adjustment_ended=news.adjustment_ended,
            ),
            to=recipient, key=f"light_case:{case.id}:turned", reason=f"转{news.new.value}",
            about=cases.subject(case),
        )  # fmt: skip
    _tell_hub(desk, news, cases.subject(case))


def _improve(desk: Desk, news: _News) -> None:
    """An improvement: to the audience of the warning, except the person whose own entry caused it."""
    case = queries.latest_case(desk.session, news.project.id)
    about = cases.subject(case) if case else Subject("project", news.project.id)
    audience = cases.warned(desk, case) if case else cases.audience(desk, news.project)
    by = _causers(news.change)
    adjustment = queries.adjustment(desk.session, news.project.id) if news.adjusted else None
    desk.notify(
        LightImproved(
            code=news.project.code, name=news.project.name, old=news.old, new=news.new,
            adjusted=news.adjusted, gap=news.gap, at=news.change.at if news.change else desk.now, by=news.by,
            reasons=() if news.new is Light.GREEN or adjustment else reason_lines(news.evaluation),
            adjusted_why=adjustment.reason if adjustment else "",
            adjusted_until=adjustment.until if adjustment else None,
            adjustment_ended=news.adjustment_ended,
            without_plan=desk.today.year if _lost_its_plan(news) else None, on=desk.today,
        ),
        to=audience, key=f"{news.key}:improved", reason=f"转{news.new.value}", about=about, without=by,
    )  # fmt: skip
    _tell_hub(desk, news, about)


def _lost_its_plan(news: _News) -> bool:
    """Nobody has caught up: the year has turned and has no plan yet (rule D6)."""
    return news.change is not None and news.change.cause == "daily" and news.evaluation.gap is None


def _correct(desk: Desk, news: _News, undone: LightChange) -> None:
    """One line to those who heard of a transition that has been undone."""
    case = concerned(desk, undone)
    about = cases.subject(case) if case else Subject("project", news.project.id)
    now_open = queries.case(desk.session, news.project.id)
    due_at = now_open.feedback_due_at if now_open is not None and now_open.state == queries.OPEN else None
    answered = now_open is not None and queries.waiting_feedback(desk.session, now_open.id) is not None
    hearers = _hearers(desk, about, undone)
    if case is not None and hearers and not _worse(undone):
        # Whose entry the improvement was needed no telling of it; that it is no more is news to them.
        unaware = _causers(undone) - _causers(news.change)
        hearers += [
            one
            for one in cases.warned(desk, case)
            if one.kind is RecipientKind.PERSON and one.id in unaware and one not in hearers
        ]
    desk.notify(
        LightCorrected(
            code=news.project.code, name=news.project.name, told=news.old, now=news.new, gap=news.gap,
            by=news.by, feedback_due_at=due_at, reasons=reason_lines(news.evaluation),
            overdue_workdays=(
                overdue_workdays(due_at, desk.now, desk.directory.calendar) if due_at and not answered else 0
            ),
        ),
        to=hearers, key=f"{news.key}:corrected", reason="亮灯更正", about=about,
    )  # fmt: skip
    hub = cases.digest_group(desk, news.project)
    if hub is not None and _said_to_hub(desk, hub, about, undone):
        _tell_hub(desk, news, about, corrected=True)


def _tell_hub(desk: Desk, news: _News, about: Subject, *, corrected: bool = False) -> None:
    hub = cases.digest_group(desk, news.project)
    if hub is None:
        return
    region = desk.directory.regions.get(news.project.region_id) if news.project.region_id else None
    desk.notify(
        LightDigestLine(
            code=news.project.code, name=news.project.name, place=region.name if region else "市本级",
            old=news.old, new=news.new, adjusted=news.adjusted, reasons=reason_lines(news.evaluation),
            at=news.change.at if news.change else desk.now, corrected=corrected, on=desk.today,
        ),
        to=hub, key=f"{news.key}:{news.old.value}{news.new.value}:digest", reason="综合专班每日汇总",
        about=about, due_at=desk.next_digest(),
    )  # fmt: skip


# --- who heard


def _hearers(desk: Desk, about: Subject, undone: LightChange) -> list[Recipient]:
    """Who was told of a transition, or will be because it is being sent."""
    notice = LightTurned if _worse(undone) else LightImproved
    rows = desk.session.execute(
        select(OutboxNotice.recipient_kind, OutboxNotice.recipient_id).where(
            OutboxNotice.subject_kind == about.kind,
            OutboxNotice.subject_id == about.id,
            OutboxNotice.notice == notice.__name__,
            OutboxNotice.created_at >= undone.at,
            OutboxNotice.state != OutboxState.WITHDRAWN.value,
        )
    )
    return list(dict.fromkeys(Recipient(RecipientKind(kind), number) for kind, number in rows))


def _said_to_hub(desk: Desk, hub: Recipient, about: Subject, undone: LightChange) -> bool:
    return (
        desk.session.execute(
            select(OutboxNotice.id).where(
                OutboxNotice.subject_kind == about.kind,
                OutboxNotice.subject_id == about.id,
                OutboxNotice.notice == LightDigestLine.__name__,
                OutboxNotice.recipient_kind == hub.kind.value,
                OutboxNotice.recipient_id == hub.id,
                OutboxNotice.created_at >= undone.at,
                OutboxNotice.state != OutboxState.WITHDRAWN.value,
            )
        ).first()
        is not None
    )


# --- history


def _adjustment_ended(desk: Desk, state: LightState) -> date | None:
    """The last day of the 调灯 whose light the audience saw until now; None when there was none."""
    last = desk.session.execute(
        select(LightAdjustment)
        .where(LightAdjustment.project_id == state.project_id)
        .order_by(LightAdjustment.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if last is None or last.ended_at is None or last.light != state.announced:
        return None
    said_since = state.announced_at is not None and state.announced_at >= last.ended_at
    return None if said_since else last.until


def _undone(history: list[LightChange], change: LightChange | None) -> LightChange | None:
    """The transition that was pushed and that the newest change undid."""
    number = change.figures.get("undoes") if change else None
    return next((one for one in history if one.id == number and "push" in one.figures), None)


def _pushed_today(history: list[LightChange], old: Light, new: Light, today: date) -> bool:
    wanted = {"on": today.isoformat(), "from": old.value, "to": new.value}
    return any(one.figures.get("push") == wanted for one in history)


def _worse(change: LightChange) -> bool:
    return Light(change.shown).worse_than(Light(change.old_shown))


def _causers(change: LightChange | None) -> set[int]:
    """The person whose entry it was, and for whom they acted: neither is told of it."""
    if change is None:
        return set()
    return {
        number for number in (change.caused_by_id, change.figures.get("caused_for")) if number is not None
    }


def _cause(desk: Desk, change: LightChange | None) -> str:
    """Who, as 乙(代 甲) for a delegate (rule B6); empty for the clock."""
    if change is None or change.caused_by_id is None:
        return ""
    people = desk.directory.people
    person, principal = people.get(change.caused_by_id), people.get(change.figures.get("caused_for") or 0)
    return Actor(
        change.caused_by_id, person.label if person else "", for_name=principal.label if principal else None
    ).label


def _line(reason: LightReason) -> ReasonLine:
    return ReasonLine(
        kind=reason.kind.value,
        light=reason.light,
        gap=points(reason.gap) if reason.gap is not None else "",
        days=reason.days or 0,
        planned=reason.planned,
        source=reason.source,
    )


def _share(value: Fraction | None) -> str:
    return percent(value) if value is not None else ""
