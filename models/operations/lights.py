"""The light of a project: looked at after every confirmed change and daily at 07:00 (rules E6, E12–E14)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.notices.lights import AdjustmentEnding
from models.operations import light_announcements as announcements
from models.operations import light_cases as cases
from models.operations.desk import Desk
from models.queries import lights as queries
from models.queries.lights import facts_of
from models.rules.calendar import in_push_window, local_date
from models.rules.lights import Evaluation, LightReason, ProjectFacts, evaluate, outlook
from models.rules.partial_dates import first_day
from models.rules.policy import Policy
from models.tables.lights import LightAdjustment, LightChange, LightState
from models.tables.projects import Entry, Project
from models.types import Light, Subject

__all__ = [
    "LightPreview",
    "announce_day",
    "ensure_state",
    "evaluate_day",
    "facts_of",
    "preview",
    "reevaluate",
]


@dataclass(frozen=True, slots=True)
class LightPreview:
    """before: the light people see now. after: what they would see. evaluation: what the rules would say."""

    before: Light
    after: Light
    evaluation: Evaluation
    adjusted: bool = False  # after is what 综合专班负责人 has decided (rule E14)


def preview(
    desk: Desk,
    project: Project,
    *,
    ytd_fen: int | None = None,
    started_on: str | None = None,
    finished_on: str | None = None,
    paid_fen: int | None = None,
    reported_today: bool = True,
) -> LightPreview:
    """What confirming would do, for a draft card: 确认后亮灯 黄 → 绿 (rule C1). Changes nothing.

    Amounts in 分. started_on, finished_on: ISO, as precise as known. reported_today: it counts for rule E7.
    """
    policy = desk.policy_of(project.organisation_id).lights
    facts = facts_of(desk.session, project)
    if ytd_fen is not None:
        facts = replace(facts, year_to_date=ytd_fen)
    if started_on is not None:
        facts = replace(facts, started_on=first_day(started_on))
    if finished_on is not None:
        facts = replace(facts, finished_on=first_day(finished_on))
    if paid_fen is not None:
        facts = replace(facts, funds=tuple(replace(one, paid=paid_fen) for one in facts.funds))
    if reported_today:
        facts = replace(facts, last_report_on=desk.today)
    state = desk.session.get(LightState, project.id)
    adjustment = queries.adjustment(desk.session, project.id)
    evaluation = evaluate(facts, desk.today, policy)
    if state is not None:
        before = Light(state.shown)
    else:
        before = evaluate(facts_of(desk.session, project), desk.today, policy).light
    return LightPreview(
        before,
        Light(adjustment.light) if adjustment else evaluation.light,
        evaluation,
        adjustment is not None,
    )


def ensure_state(session: Session, project: Project, today: date, policy: Policy) -> LightState:
    """The project's light row, made for a new project. A light that is not green is announced at 08:30."""
    state = session.get(LightState, project.id)
    if state is not None:
        return state
    facts = facts_of(session, project)
    evaluation, next_change_on = outlook(facts, today, policy.lights)
    light = evaluation.light.value
    state = LightState(
        project_id=project.id,
        computed=light,
        shown=light,
        reasons=[reason_json(reason) for reason in evaluation.reasons],
        since=project.created_at,
        announced=Light.GREEN.value,
        evaluated_on=today,
        next_change_on=next_change_on,
        red_days=0,
        policy_version=policy.version,
    )
    session.add(state)
    if evaluation.light is not Light.GREEN:
        session.add(
            LightChange(
                project_id=project.id, at=project.created_at, processed_at=project.created_at,
                old_computed=Light.GREEN.value, computed=light, old_shown=Light.GREEN.value, shown=light,
                reasons=state.reasons, figures=figures_json(facts, evaluation), cause="import",
                policy_version=policy.version,
            )
        )  # fmt: skip
    session.flush()
    return state


def reevaluate(desk: Desk, project: Project, *, cause: str, entry_id: int | None = None) -> None:
    """Recompute after a confirmed change (rule E6); inside the push window what is new is said at once.

    cause: report, unchanged, correction, funds, undo, import, adjustment. entry_id: the entry that caused it.
    """
    state = ensure_state(desk.session, project, desk.today, desk.policy_of(project.organisation_id))
    _turn(desk, project, state, cause=cause, entry_id=entry_id)
    if in_push_window(desk.now, desk.directory.calendar, desk.push_window):
        announcements.announce(desk, project, state)


# --- the daily jobs


def evaluate_day(desk: Desk) -> dict[str, int]:
    """07:00: recompute what may have changed by the passing of time, then count red days (rules E6, E12).

    Only projects whose stored day has come are looked at; adjustments that ended yesterday end here.
    """
    session, today = desk.session, desk.today
    for project in session.execute(
        select(Project).outerjoin(LightState, LightState.project_id == Project.id)
        .where(LightState.project_id.is_(None))
    ).scalars().all():  # fmt: skip
        ensure_state(session, project, today, desk.policy_of(project.organisation_id))
    ended = _end_adjustments(desk)
    rows = session.execute(
        select(LightState, Project)
        .join(Project, Project.id == LightState.project_id)
        .where(or_(LightState.next_change_on <= today, LightState.project_id.in_(ended)))
        .order_by(Project.code)
    ).all()
    turned = 0
    for state, project in rows:
        renewed = state.policy_version != desk.policy_of(project.organisation_id).version
        cause = "adjustment" if project.id in ended else "policy" if renewed else "daily"
        turned += _turn(desk, project, state, cause=cause, entry_id=None)
    counted = 0
    if desk.directory.calendar.is_workday(today):
        session.flush()
        result = session.execute(
            update(LightState)
            .where(
                LightState.shown == Light.RED.value,
                or_(LightState.red_counted_on.is_(None), LightState.red_counted_on < today),
            )
            .values(red_days=LightState.red_days + 1, red_counted_on=today)
            .execution_options(synchronize_session=False)
        )
        for state, _ in rows:
            session.expire(state, ["red_days", "red_counted_on"])
        counted = int(result.rowcount)  # type: ignore[attr-defined]
    return {"looked_at": len(rows), "turned": turned, "adjustments_ended": len(ended), "red": counted}


def announce_day(desk: Desk) -> dict[str, int]:
    """08:30 on workdays: say every light that differs from what was last heard (rules E8, E13)."""
    rows = desk.session.execute(
        select(LightState, Project)
        .join(Project, Project.id == LightState.project_id)
        .where(LightState.shown != LightState.announced)
        .order_by(Project.code)
    ).all()
    return {"announced": sum(announcements.announce(desk, project, state) for state, project in rows)}


def differences(desk: Desk) -> list[str]:
    """Codes of projects whose stored light is not what a full evaluation gives, to check the daily sweep.

    Judged on the day of the last sweep; a project whose year was closed since then is left to the next one.
    """
    yesterday = date.fromordinal(desk.today.toordinal() - 1)
    rows = desk.session.execute(
        select(LightState, Project).join(Project, Project.id == LightState.project_id).order_by(Project.code)
    ).all()
    facts = queries.facts_for(desk.session, [project for _, project in rows])
    found: list[str] = []
    for state, project in rows:
        policy = desk.policy_of(project.organisation_id)
        if state.policy_version != policy.version:
            continue  # a new policy is first applied by the next sweep
        day = max(state.evaluated_on, yesterday)
        light = evaluate(facts[project.id], day, policy.lights).light
        if light.value != state.computed and project.figure_year <= day.year:
            found.append(project.code)
    return found


def _end_adjustments(desk: Desk) -> set[int]:
    rows = (
        desk.session.execute(
            select(LightAdjustment).where(
                LightAdjustment.ended_at.is_(None), LightAdjustment.until < desk.today
            )
        )
        .scalars()
        .all()
    )
    for row in rows:
        row.ended_at = desk.now
        desk.withdraw(Subject("adjustment", row.id), reason="调灯已到期", notices=(AdjustmentEnding,))
        desk.record(Subject("adjustment", row.id), {"ended_at": (None, desk.now)}, reason="调灯到期")
    desk.session.flush()
    return {row.project_id for row in rows}


# --- one project


def _turn(desk: Desk, project: Project, state: LightState, *, cause: str, entry_id: int | None) -> bool:
    """Recompute one project and write what changed. Returns whether the computed or shown light changed."""
    policy = desk.policy_of(project.organisation_id)
    facts = facts_of(desk.session, project)
    evaluation, next_change_on = outlook(facts, desk.today, policy.lights)
    adjustment = queries.adjustment(desk.session, project.id)
    old_computed, old_shown = Light(state.computed), Light(state.shown)
    shown = Light(adjustment.light) if adjustment else evaluation.light
    state.reasons = [reason_json(reason) for reason in evaluation.reasons]
    state.evaluated_on = desk.today
    state.next_change_on = next_change_on
    state.policy_version = policy.version
    desk.session.flush()
    if evaluation.light is old_computed and shown is old_shown:
        return False
    undone = (
        _undone(desk, project, cause, entry_id, old=old_shown, new=shown) if shown is not old_shown else None
    )
    change = _write_change(
        desk, project, state, facts, evaluation, shown=shown, cause=cause, entry_id=entry_id, undone=undone
    )
    state.computed, state.shown = evaluation.light.value, shown.value
    if shown is not old_shown:
        _count_episode(state, change, evaluation.light, undone)
        desk.session.flush()
        _follow(desk, project, state, old=old_shown, new=shown, undone=undone, entry_id=entry_id)
    desk.session.flush()
    return True


def _write_change(
    desk: Desk, project: Project, state: LightState, facts: ProjectFacts, evaluation: Evaluation, *,
    shown: Light, cause: str, entry_id: int | None, undone: LightChange | None,
) -> LightChange:  # fmt: skip
    entry = desk.session.get(Entry, entry_id) if entry_id is not None else None
    figures = figures_json(facts, evaluation) | {
        "entry_id": entry_id,
        "caused_for": entry.on_behalf_of_id if entry else desk.actor.for_id,
        "undoes": undone.id if undone else None,
        "before": {
            "since": state.since.isoformat(),
            "red_days": state.red_days,
            "red_counted_on": state.red_counted_on.isoformat() if state.red_counted_on else None,
        },
    }
    change = LightChange(
        project_id=project.id,
        at=desk.now,
        processed_at=desk.clock_now,
        old_computed=state.computed,
        computed=evaluation.light.value,
        old_shown=state.shown,
        shown=shown.value,
        reasons=state.reasons,
        figures=figures,
        cause=cause,
        caused_by_id=entry.author_id if entry else desk.actor.person_id,
        policy_version=state.policy_version,
    )
    desk.session.add(change)
    desk.session.flush()
    desk.record(
        Subject("project", project.id),
        {"light": (state.shown, shown.value), "computed_light": (state.computed, evaluation.light.value)},
        reason=cause,
    )
    return change


def _count_episode(
    state: LightState, change: LightChange, computed: Light, undone: LightChange | None
) -> None:
    """Since when the light shines, and the red days of its episode (rules E12–E14).

    An undone transition gives back what it had ended. An adjustment only holds the count of a light that is
    computed red.
    """
    state.since = change.at
    if undone is not None:
        before = undone.figures.get("before") or {}
        if "since" in before:
            state.since = datetime.fromisoformat(before["since"])
            state.red_days = int(before["red_days"])
            counted = before["red_counted_on"]
            state.red_counted_on = date.fromisoformat(counted) if counted else None
    elif Light.RED not in (Light(change.shown), computed):
        state.red_days, state.red_counted_on = 0, None


def _follow(
    desk: Desk, project: Project, state: LightState, *, old: Light, new: Light, undone: LightChange | None,
    entry_id: int | None,
) -> None:  # fmt: skip
    """End the warning that the light has left, or reopen the one it came back to (rule E13)."""
    session = desk.session
    if undone is not None and "push" in undone.figures:
        _forget_push(desk, state, undone)
    active = queries.case(session, project.id)
    if active is not None and Light(active.light).worse_than(new):
        wrong = undone is not None and old.worse_than(new) and active.pushed_at >= undone.at
        cases.end_case(desk, active, announcements.UNDONE if wrong else f"已转{new.value}", entry_id=entry_id)
        active = None
    if active is not None or new is Light.GREEN:
        return
    last = next(
        (one for one in queries.ended_cases(session, project.id) if one.light == new.value),
        None,
    )
    if last is None or last.ended_at is None:
        return
    came_back = undone is not None and last.ended_at >= undone.at
    unheard = (
        state.announced == new.value
        and state.announced_at is not None
        and last.ended_at >= state.announced_at
    )
    if came_back or unheard:
        cases.reopen_case(desk, last)


def _forget_push(desk: Desk, state: LightState, undone: LightChange) -> None:
    """Withdraw what is not sent of an undone transition; if nobody heard of it, it counts as never pushed."""
    if announcements.take_back(desk, undone, announcements.concerned(desk, undone)):
        undone.figures = {name: value for name, value in undone.figures.items() if name != "push"}
        state.announced = undone.old_shown
        desk.session.flush()


def _undone(
    desk: Desk, project: Project, cause: str, entry_id: int | None, *, old: Light, new: Light
) -> LightChange | None:
    """The transition that this change takes back: of the entry undone, or of the figure corrected (rule E13)."""
    if cause not in ("undo", "correction"):
        return None
    last = next(iter(queries.changes(desk.session, project.id, limit=1)), None)
    if last is None or last.cause in ("daily", "policy") or last.figures.get("undoes") is not None:
        return None
    if (last.old_shown, last.shown) != (new.value, old.value):
        return None
    if cause == "undo" or local_date(last.at) == desk.today or _was_wrong(desk, project, last, entry_id):
        return last
    return None


def _was_wrong(desk: Desk, project: Project, last: LightChange, entry_id: int | None) -> bool:
    """Whether a correction of a later day takes back the very figure of a transition.

    No figure came between them, and with the right one the light would not have turned on its day: otherwise time has
    turned it since, and that is a transition of its own.
    """
    day = local_date(last.at)
    corrected = queries.figure_before(desk.session, project.id, entry_id)
    if corrected is None or corrected != last.figures.get("entry_id") or day.year != desk.today.year:
        return False
    policy = desk.policy_of(project.organisation_id).lights
    return evaluate(facts_of(desk.session, project), day, policy).light.value == last.old_computed


# --- stored form


def reason_json(reason: LightReason) -> dict[str, object]:
    """A reason as it is stored; shares are exact fractions written "1/10"."""
    return {
        "kind": reason.kind.value,
        "light": reason.light.value,
        "scheduled": _exact(reason.scheduled),
        "actual": _exact(reason.actual),
        "gap": _exact(reason.gap),
        "days": reason.days,
        "planned": reason.planned.isoformat() if reason.planned else None,
        "source": reason.source,
    }


def figures_json(facts: ProjectFacts, evaluation: Evaluation) -> dict[str, Any]:
    """The figures that a light was computed from, as stored."""
    return {
        "ytd_fen": facts.year_to_date,
        "plan_fen": facts.plan.total if facts.plan else None,
        "completion": _exact(evaluation.completion),
        "scheduled": _exact(evaluation.scheduled),
        "gap": _exact(evaluation.gap),
    }


def _exact(share: Fraction | None) -> str | None:
    return None if share is None else str(share)
