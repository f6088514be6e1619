"""调灯: 综合专班负责人 shows another light for a while; the computed one stays in the history (rule E14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import update

from models.errors import Invalid, NotAllowed, WordsMissing
from models.notices.lights import AdjustmentEnding, AdjustmentWanted
from models.operations import lights
from models.operations.desk import Desk
from models.queries import lights as queries
from models.queries.directory import PersonInfo, ProjectInfo
from models.rules import calendar
from models.rules.ladder import adjustment_allowed, adjustment_reminder
from models.tables.drafts import Attachment
from models.tables.lights import LightAdjustment, LightState
from models.tables.projects import Project
from models.types import Light, Role, Subject

REMINDER: Final = "light_adjustment_reminder"
WHO: Final = "综合专班负责人"


def adjust(
    desk: Desk, project: Project, light: Light, *, until: date, reason: str, evidence: Sequence[int] = (),
    document: str = "",
) -> LightAdjustment:  # fmt: skip
    """Show a light until the end of a day, at most 30 days ahead. evidence: attachment ids; document: 文号.

    Raises NotAllowed for anybody but 综合专班负责人, Invalid without reason, evidence or a fitting day.
    """
    person = desk.directory.people.get(desk.actor.on_behalf_of or 0)
    if person is None or not person.holds(Role.HUB_HEAD):
        raise NotAllowed(f"调灯 {project.code}", who=WHO)
    most = desk.policy_of(project.organisation_id).adjustment_days
    if not adjustment_allowed(desk.today, until, most_days=most):
        if until < desk.today:
            raise Invalid("调灯的截止日期已过")
        last = desk.today + timedelta(days=most)
        raise Invalid(f"调灯期限最多 {most} 日", mend=f"最晚到 {last.isoformat()}")
    if not reason.strip() and not evidence and not document:
        raise WordsMissing(
            "调灯须写明原因、附上依据",
            mend="例：省级用地批复流程中；依据请附文件或写明文号",
            lead="原因",
            files=True,
        )
    if not reason.strip():
        raise WordsMissing("调灯须写明原因", mend="例：省级用地批复流程中", lead="原因")
    if not evidence and not document:
        raise WordsMissing("调灯须有依据", mend="请附上文件，或写明文号", files=True)
    before = queries.adjustment(desk.session, project.id)
    if before is not None:
        before.ended_at = desk.now
        desk.cancel_timers(Subject("adjustment", before.id), reason="已重新调灯")
        desk.withdraw(Subject("adjustment", before.id), reason="已重新调灯", notices=(AdjustmentEnding,))
    row = LightAdjustment(
        project_id=project.id, light=light.value, reason=reason.strip(), until=until,
        by_id=desk.actor.on_behalf_of, at=desk.now,
    )  # fmt: skip
    desk.session.add(row)
    desk.session.flush()
    if evidence:
        desk.session.execute(
            update(Attachment)
            .where(Attachment.id.in_(list(evidence)))
            .values(owner_kind="adjustment", owner_id=row.id)
            .execution_options(synchronize_session="fetch")
        )
    about = Subject("adjustment", row.id)
    day = remind_on(desk, row)
    if day is not None:
        desk.set_timer(REMINDER, about, due_at=calendar.at(day, desk.push_window.opens))
    desk.record(about, {"light": (None, light.value), "until": (None, until.isoformat())}, reason=reason)
    desk.record(
        Subject("project", project.id),
        {"adjustment": (None, f"{light.value}(调) 至 {until.isoformat()}")},
        reason=reason.strip() + (f"（{document}）" if document else ""),
    )
    lights.reevaluate(desk, project, cause="adjustment")
    return row


def remind_on(desk: Desk, row: LightAdjustment) -> date | None:
    """The day of the reminder before the end; None for an adjustment so short that it had passed when it was made."""
    policy = desk.policy_of(desk.directory.projects[row.project_id].organisation_id)
    day = adjustment_reminder(row.until, desk.directory.calendar, before=policy.adjustment_reminder_workdays)
    return day if calendar.at(day, desk.push_window.opens) > row.at else None


def remind(desk: Desk, adjustment_id: int) -> str:
    """综合专班负责人 is reminded that an adjustment ends; for the timer."""
    row = desk.session.get_one(LightAdjustment, adjustment_id)
    if row.ended_at is not None:
        return "调灯已结束"
    project = desk.directory.projects[row.project_id]
    by = desk.directory.people.get(row.by_id) or desk.directory.hub_head(project.organisation_id)
    if by is None:
        return "没有综合专班负责人"
    state = desk.session.get_one(LightState, project.id)
    desk.notify(
        AdjustmentEnding(
            code=project.code,
            name=project.name,
            light=Light(row.light),
            computed=Light(state.computed),
            until=row.until,
            reason=row.reason,
        ),
        to=by,
        key=f"adjustment:{row.id}:ending",
        reason="调灯到期提醒",
        about=Subject("adjustment", row.id),
    )
    return "已提醒"


def request_adjustment(desk: Desk, project: ProjectInfo, text: str) -> PersonInfo:
    """Somebody asks for another light in words: passed to 综合专班负责人, who alone decides. Returns who."""
    head = desk.directory.hub_head(project.organisation_id)
    if head is None:
        raise Invalid("还没有综合专班负责人，不能转报调灯申请")
    light, _ = queries.shown(desk.session, project.id)
    desk.record(Subject("project", project.id), {"adjustment_request": (None, text)})
    desk.notify(
        AdjustmentWanted(
            code=project.code,
            name=project.name,
            light=light,
            by=_with_unit(desk, desk.actor.label),
            text=text,
        ),
        to=head,
        key=f"adjustment request:{project.id}:{desk.actor.source}",
        reason="申请调灯",
        about=Subject("project", project.id),
    )
    return head


def _with_unit(desk: Desk, label: str) -> str:
    """A name with the unit, if it does not carry one already."""
    person = desk.directory.people.get(desk.actor.person_id or 0)
    return (
        label if person is None or "(" in label else f"{label}({desk.directory.units[person.unit_id].name})"
    )
