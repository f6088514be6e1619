"""Ledgers as rows of a sheet. The project sheet has the columns of an import, so that it can be read back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.queries import policies
from models.queries.audits import STATE_WORDS
from models.queries.directory import Directory
from models.rules.calendar import SHANGHAI
from models.rules.money import FEN_PER_WAN
from models.rules.sheet_columns import MONTHS
from models.tables.items import Item
from models.tables.lights import LightState
from models.tables.outbox import OutboxNotice
from models.tables.projects import Project, ProjectPlan
from models.types import RecipientKind

Value = str | int | Decimal | date | datetime | None  # what a cell holds

PROJECT_HEADER: Final = (
    "项目编号", "名称", "别名", "类别", "行业", "项目性质", "梯次", "县区", "建设单位", "建设内容",
    "总投资(万元)", "计划年度", "年度计划投资(万元)", "截至上年底累计完成投资(万元)",
    "今年累计完成投资(万元)", "数据日期", "亮灯", "阶段", "计划开工", "计划竣工", "实际开工", "实际竣工",
    "责任单位", "责任专班", "责任人", "包联领导", "形象进度", "最近上报",
    *(f"{month}月计划(万元)" for month in range(1, MONTHS + 1)),
)  # fmt: skip
ITEM_HEADER: Final = (
    "编号", "事项", "项目编号", "项目名称", "类型", "来源", "层级", "状态", "责任专班", "责任单位", "责任人",
    "督办专员", "目标任务", "推进措施", "提出时间", "交办时间", "签收时间", "办结时限", "销号时间",
)  # fmt: skip
OUTBOX_HEADER: Final = (
    "编号", "状态", "收件人", "消息", "发送原因", "结果", "尝试次数", "写入时间", "应发时间", "结束时间",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ledger:
    """what: its name as the audit keeps it. left_out: restricted items that are not in it (rule B8)."""

    what: str
    header: Sequence[str]
    rows: Sequence[Sequence[Value]]
    left_out: int = 0


def projects(session: Session, directory: Directory, *, only: Collection[int] | None = None) -> Ledger:
    """总账: every project with its plan of the figure year, or the newest plan there is. only: of these ids."""
    plans: dict[int, dict[int, ProjectPlan]] = defaultdict(dict)
    for plan in session.execute(select(ProjectPlan).where(ProjectPlan.kind == "investment")).scalars():
        plans[plan.project_id][plan.year] = plan
    shown = {row.project_id: row.shown for row in session.execute(select(LightState)).scalars()}
    stored = [
        row
        for row in session.execute(select(Project).order_by(Project.organisation_id, Project.code)).scalars()
        if only is None or row.id in only
    ]
    fact_names = list(
        dict.fromkeys(name for row in stored for name in row.facts if name not in PROJECT_HEADER)
    )
    rows = []
    for row in stored:
        info = directory.projects[row.id]
        years = plans[row.id]
        newest = years.get(row.figure_year) or (years[max(years)] if years else None)
        responsible = directory.people.get(row.responsible_person_id or 0)
        force = directory.task_forces.get(row.task_force_id or 0)
        unit = directory.units.get(row.unit_id)
        rows.append(
            (
                row.code,
                row.name,
                "、".join(row.aliases),
                "、".join(directory.categories[number].name for number in info.category_ids),
                row.industry,
                row.nature,
                row.tier,
                directory.regions[row.region_id].name
                if row.region_id
                else directory.organisations[row.organisation_id].name,
                row.owner,
                row.content,
                _wan(row.total_fen),
                newest.year if newest else None,
                _wan(newest.plan_fen) if newest else None,
                _wan(row.prior_years_fen),
                _wan(row.ytd_fen) if row.ytd_as_of else None,
                row.ytd_as_of,
                shown.get(row.id),
                row.stage,
                row.planned_start,
                row.planned_finish,
                row.started_on,
                row.finished_on,
                unit.name if unit else None,
                force.name if force else None,
                responsible.label if responsible else row.facts.get("责任人"),
                row.sponsor,
                row.image_progress,
                row.last_report_on,
                *([_wan(value) for value in newest.curve] if newest and newest.curve else [None] * MONTHS),
                *(row.facts.get(name) for name in fact_names),
            )
        )
    return Ledger("总账", (*PROJECT_HEADER, *fact_names), rows)


def items(
    session: Session, directory: Directory, *, restricted: bool = False, only: Collection[int] | None = None
) -> Ledger:
    """问题事项. restricted: also those that only named people may see. only: of these ids."""
    chains = policies.current(session)
    rows = []
    left_out = 0
    for row in session.execute(select(Item).order_by(Item.organisation_id, Item.number)).scalars():
        if only is not None and row.id not in only:
            continue
        if row.restricted and not restricted:
            left_out += 1
            continue
        project = directory.projects.get(row.project_id or 0)
        force = directory.task_forces.get(row.task_force_id or 0)
        unit = directory.units.get(row.unit_id or 0)
        person = directory.people.get(row.person_id or 0)
        supervisor = directory.people.get(row.supervisor_id or 0)
        rows.append(
            (
                row.number,
                row.title,
                project.code if project else None,
                project.name if project else None,
                row.kind,
                row.source,
                chains.at(row.organisation_id, row.level_version).levels[row.level].grade,
                row.state,
                force.name if force else None,
                unit.name if unit else None,
                person.label if person else None,
                supervisor.label if supervisor else None,
                row.goal,
                row.measures,
                _local(row.raised_at),
                _local(row.dispatched_at),
                _local(row.received_at),
                _local(row.due_at),
                _local(row.closed_at),
            )
        )
    return Ledger("问题事项", ITEM_HEADER, rows, left_out)


def outbox(session: Session, directory: Directory) -> Ledger:
    """发送记录: every notice, to whom, why, and what became of it."""
    rows = [
        (
            row.id,
            STATE_WORDS.get(row.state, row.state),
            recipient_name(directory, row),
            row.notice,
            row.reason,
            row.outcome,
            row.attempts,
            _local(row.created_at),
            _local(row.due_at),
            _local(row.ended_at),
        )
        for row in session.execute(select(OutboxNotice).order_by(OutboxNotice.id)).scalars()
    ]
    return Ledger("发送记录", OUTBOX_HEADER, rows)


def recipient_name(directory: Directory, row: OutboxNotice) -> str:
    if row.recipient_kind == RecipientKind.GROUP.value:
        group = directory.groups.get(row.recipient_id)
        return f"群【{group.name}】" if group else f"群 {row.recipient_id}（已取消）"
    if row.recipient_kind == RecipientKind.PERSON.value:
        person = directory.people.get(row.recipient_id)
        return person.label if person else f"人员 {row.recipient_id}（不在名册）"
    return f"账号 {row.recipient_id}"


def _wan(fen: int | None) -> Decimal | None:
    """万元 as an exact number."""
    return None if fen is None else Decimal(fen) / FEN_PER_WAN


def _local(moment: datetime | None) -> datetime | None:
    """A spreadsheet knows no time zones: the local time without one."""
    return moment.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0) if moment else None
