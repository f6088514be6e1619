"""History of a record: audit rows in words, and what was said about it with the reason (rule Q2, P1)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from models.queries.directory import Directory
from models.rules.calendar import local
from models.rules.money import wan
from models.tables.audit import AuditRow
from models.tables.lights import LightCase
from models.tables.outbox import OutboxNotice, SentMessage
from models.types import DraftState, FeedbackState, OutboxState, RecipientKind, Subject, Urgency

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d")
FIELD_WORDS: Final = {
    "ytd_fen": "今年累计",
    "ytd_as_of": "数据日期",
    "period_fen": "本期完成",
    "period_name": "本期",
    "period_as_of": "本期数据日期",
    "image_progress": "形象进度",
    "image_progress_as_of": "形象进度日期",
    "stage": "阶段",
    "started_on": "实际开工",
    "finished_on": "实际竣工",
    "last_report_on": "最近上报",
    "prior_years_fen": "截至上年底累计",
    "figure_year": "年度",
    "basis": "累计口径",
    "light": "亮灯",
    "computed_light": "计算亮灯",
    "announced_light": "已推送亮灯",
    "adjustment_request": "申请调灯",
    "red_days": "红灯工作日",
    "meeting_list": "专题会议",
    "crux": "问题症结",
    "city_instruction": "市级批示",
    "due_confirmed": "时限确认",
    "sent_up": "报市级",
    "handled_by": "承办",
    "letter": "函件",
    "outcome": "结果",
    "text": "内容",
    "request": "申请",
    "raised_by_id": "提出人",
    "attachments": "附件",
    "arrived_fen": "到位",
    "allocated_fen": "拨付",
    "paid_fen": "支付",
    "state": "状态",
    "person_id": "责任人",
    "unit_id": "责任单位",
    "supervisor_id": "督办专员",
    "due_at": "办结时限",
    "goal": "目标任务",
    "measures": "推进措施",
    "name": "名称",
    "code": "编号",
    "plan_fen": "年度计划",
    "total_fen": "总投资",
    "planned_start": "计划开工",
    "planned_finish": "计划竣工",
    "aliases": "简称",
    "owner": "建设单位",
    "content": "建设内容",
    "curve": "月度计划",
    "nature": "性质",
    "industry": "行业",
    "task_force_id": "专班",
    "region_id": "县区",
    "responsible_person_id": "责任人",
    "statistics_on": "入统",
    "categories": "类别",
    "level": "层级",
    "kind": "类型",
    "title": "事项",
    "tags": "标签",
    "feedback_due_at": "下次反馈",
    "received_at": "签收时间",
    "dispatched_at": "交办时间",
    "submitted_at": "报办结时间",
    "closed_at": "销号时间",
    "adjustment": "调灯",
    "case": "亮灯告警",
    "acknowledged_at": "已阅",
    "snoozed_until": "稍后至",
    "instruction": "批示",
    "feedback": "反馈",
    "created": "建立",
    "effect": "效果",
    "follows": "承接",
    "heir_id": "提出人接任",
    "post": "职责",
    "wanted_unit_id": "希望协调单位",
    "project_id": "项目",
    "wanted": "希望协调",
    "wanted_by": "希望时限",
    "source": "来源",
    "restricted": "受限",
    "closing": "报办结",
    "reference": "文号",
    "supplement": "退回补充",
    "feedback_state": "反馈审核",
    "letter_draft": "函件草稿",
    "escalation_draft": "提级建议",
    "province_material": "报省材料",
    "province_number": "报省文号",
    "province_sent_on": "报省日期",
    "province_reply": "省级批复",
    "province_replied_on": "省级批复日期",
    "province_checkpoint": "省级批复节点",
    "visible_to": "可见人员",
    "merged_into_id": "合并到",
    "merged_from": "并入",
    "assist": "协办",
    "extension": "延期",
    "extensions": "延期次数",
    "returns": "退回次数",
    "refusals": "审核不通过次数",
    "overdue_times": "逾期次数",
    "overdue_workdays": "逾期工作日",
    "assisting": "协办单位",
    "followed_by": "另立新问题",
    "overdue_carried": "重开前逾期（次/工作日）",
}
_OF_A_YEAR: Final = {"ytd_fen": "累计", "ytd_as_of": "数据日期"}
_OF_LIGHTS: Final = ("feedback", "feedback_state", "acknowledged_at", "snoozed_until", "instruction")
VALUE_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "feedback_state": {
        FeedbackState.SUBMITTED.value: "已提交",
        FeedbackState.ACCEPTED.value: "已采纳",
        FeedbackState.RETURNED.value: "已退回",
    },
    "state": {
        DraftState.OPEN.value: "未结束",
        DraftState.CONFIRMED.value: "已确认",
        DraftState.CANCELLED.value: "已取消",
        DraftState.EXPIRED.value: "已过期",
        "accepted": "反馈已采纳",
        "ended": "已结束",
    },
}
"""Stored values that are no words of the trade, as people read them; 「state」 of drafts and warnings."""
REASON_WORDS: Final = {
    "daily": "每日计算",
    "report": "上报",
    "unchanged": "无变化",
    "correction": "更正",
    "funds": "资金",
    "undo": "撤销",
    "adjustment": "调灯",
    "policy": "亮灯界限变化",
    "import": "导入",
}
"""Why a light changed, as it is stored, in words."""
STATE_WORDS: Final = {
    OutboxState.WAITING.value: "待发",
    OutboxState.SENDING.value: "发送中",
    OutboxState.SENT.value: "已发",
    OutboxState.DEAD.value: "失败",
    OutboxState.WITHDRAWN.value: "未发（已撤回）",
    OutboxState.UNDELIVERED.value: "未送达",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One notice about a record: to whom, what became of it, why it was sent or not sent."""

    at: datetime
    to: str
    state: str
    reason: str


def latest(
    session: Session, subject: Subject, *, limit: int | None, skip: int = 0
) -> tuple[list[AuditRow], int]:
    """The newest audit rows, newest first, and how many there are. skip: so many of the newest are left out."""
    where = _rows_of(session, subject)
    order = (AuditRow.at.desc(), AuditRow.id.desc()) if subject.kind == "project" else (AuditRow.seq.desc(),)
    rows = session.execute(select(AuditRow).where(where).order_by(*order).limit(limit).offset(skip)).scalars()
    total = session.execute(select(func.count()).select_from(AuditRow).where(where)).scalar_one()
    return list(rows), total


def _rows_of(session: Session, subject: Subject) -> ColumnElement[bool]:
    """The rows of a record; to those of a project belongs what was done about its lights (rules E9–E11)."""
    own = and_(AuditRow.record_kind == subject.kind, AuditRow.record_id == subject.id)
    if subject.kind != "project" or not (cases := _warnings_of(session, subject)):
        return own
    return or_(
        own,
        and_(
            AuditRow.record_kind == "light_case", AuditRow.record_id.in_(cases), AuditRow.field.in_(_OF_LIGHTS)
        ),
    )  # fmt: skip


def _warnings_of(session: Session, subject: Subject) -> list[int]:
    return list(session.execute(select(LightCase.id).where(LightCase.project_id == subject.id)).scalars())


def last_steps(session: Session, subject: Subject, fields: Collection[str], *, limit: int) -> list[AuditRow]:
    """The newest audit rows about these fields of a record, oldest first."""
    rows = session.execute(
        select(AuditRow)
        .where(
            AuditRow.record_kind == subject.kind,
            AuditRow.record_id == subject.id,
            AuditRow.field.in_(fields),
        )
        .order_by(AuditRow.seq.desc())
        .limit(limit)
    ).scalars()
    return list(rows)[::-1]


def in_words(field: str, old: str | None, new: str | None) -> str:
    """今年累计 4700 → 5500"""
    stem, _, year = field.rpartition("_")
    name = FIELD_WORDS.get(field, field)
    if stem in _OF_A_YEAR and year.isdigit():  # of a closed year (rule D6)
        field, name = stem, f"{year}年{_OF_A_YEAR[stem]}"
    if field.endswith("_fen"):
        old = wan(int(old)) if old and old.lstrip("-").isdigit() else old
        new = wan(int(new)) if new and new.lstrip("-").isdigit() else new
    words = VALUE_WORDS.get(field, {})
    return f"{name} {_readable(words.get(old or '', old))} → {_readable(words.get(new or '', new))}"


def named(directory: Directory, row: AuditRow) -> str:
    """The change of a row in words, people, units and 专班 by their names."""
    shelf = _NAMED.get(row.field)
    if shelf is None:
        return in_words(row.field, row.old, row.new)
    old, new = (_name(directory, shelf, value) for value in (row.old, row.new))
    return f"{FIELD_WORDS.get(row.field, row.field)} {old or '空'} → {new or '空'}"


def values_named(directory: Directory, row: AuditRow) -> tuple[str, str]:
    """Old and new value of a row, readable: names for ids, local times, 万元."""
    shelf = _NAMED.get(row.field)
    if shelf is not None:
        old, new = (_name(directory, shelf, value) for value in (row.old, row.new))
        return old or "空", new or "空"
    words = in_words(row.field, row.old, row.new)
    before, _, after = words.partition(" ")[2].partition(" → ")
    return before, after


@dataclass(frozen=True, slots=True)
class Exported:
    """One export as the audit keeps it."""

    at: datetime
    by: str
    what: str
    scope: str
    rows: str


def exports(session: Session, *, limit: int, by: Collection[int | None] | None) -> list[Exported]:
    """The newest exports, newest first. by: only what these people exported, None among them what an
    operator did (rule Q3); without it all of them.
    """
    statement = select(AuditRow).where(AuditRow.record_kind == "export")
    if by is not None:
        people = AuditRow.by_id.in_([one for one in by if one is not None])
        statement = statement.where(or_(people, AuditRow.by_id.is_(None)) if None in by else people)
    rows = session.execute(
        statement.order_by(AuditRow.record_id.desc(), AuditRow.seq).limit(4 * limit)
    ).scalars()
    found: dict[int, dict[str, str]] = {}
    heads: dict[int, AuditRow] = {}
    for row in rows:
        found.setdefault(row.record_id, {})[row.field] = row.new or ""
        heads.setdefault(row.record_id, row)
    return [
        Exported(
            heads[number].at,
            heads[number].by_name,
            values.get("what", ""),
            values.get("scope", ""),
            values.get("rows", "0"),
        )
        for number, values in list(found.items())[:limit]
    ]


def _name(directory: Directory, shelf: str, value: str | None) -> str | None:
    if value is None or not value.isdigit():
        return value
    known = getattr(directory, shelf).get(int(value))
    return str(getattr(known, "label", None) or known.name) if known is not None else f"{value}（已不在册）"


_NAMED: Final = {
    "person_id": "people",
    "supervisor_id": "people",
    "heir_id": "people",
    "raised_by_id": "people",
    "responsible_person_id": "people",
    "unit_id": "units",
    "wanted_unit_id": "units",
    "task_force_id": "task_forces",
    "region_id": "regions",
    "project_id": "projects",
}


def _readable(value: str | None) -> str:
    """A stored value; times, which are stored as UTC, in local time."""
    if not value:
        return "空"
    return f"{local(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}" if _MOMENT.fullmatch(value) else value


def messages_about(session: Session, subject: Subject, directory: Directory, *, limit: int) -> list[Said]:
    """The newest notices to others about a record, with their named reasons."""
    about = and_(OutboxNotice.subject_kind == subject.kind, OutboxNotice.subject_id == subject.id)
    if subject.kind == "project" and (cases := _warnings_of(session, subject)):
        about = or_(
            about, and_(OutboxNotice.subject_kind == "light_case", OutboxNotice.subject_id.in_(cases))
        )
    rows = session.execute(
        select(OutboxNotice, SentMessage.doubt)
        .outerjoin(SentMessage, SentMessage.id == OutboxNotice.message_id)
        .where(about, OutboxNotice.urgency != Urgency.REPLY.value)
        .order_by(OutboxNotice.id.desc())
        .limit(limit)
    )
    found = []
    for row, doubt in rows:
        if row.recipient_kind == RecipientKind.GROUP.value:
            group = directory.groups.get(row.recipient_id)
            name = f"群【{group.name}】" if group else "群"
        else:
            person = directory.people.get(row.recipient_id)
            name = person.label if person else "已离任人员"
        reason = row.reason if row.outcome is None else f"{row.reason}；{row.outcome}"
        state = STATE_WORDS[row.state] + ("（平台无回音，可能未收到或重复）" if doubt else "")
        found.append(Said(row.ended_at or row.due_at, name, state, reason))
    return found
