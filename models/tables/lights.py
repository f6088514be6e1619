"""Lights: the current state of each project, its history, and the case that a warning opens."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class LightState(Base):
    """The light of one project now.

    computed: what the rules say; shown: what people see (调灯 may differ, rule E14). announced: the light that the
    audience was last told. next_change_on: first day on which the computed light changes if nothing is reported;
    the daily sweep reads the index on it. red_days: workdays whose 07:00 light was red in this episode (rule E12).
    """

    __tablename__ = "light_states"
    __table_args__ = (Index("ix_light_states_next_change_on", "next_change_on"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    computed: Mapped[str]
    shown: Mapped[str]
    reasons: Mapped[list[Any]]
    since: Mapped[datetime]
    announced: Mapped[str]
    announced_at: Mapped[datetime | None]
    evaluated_on: Mapped[date]
    next_change_on: Mapped[date | None]
    red_days: Mapped[int] = mapped_column(default=0)
    red_counted_on: Mapped[date | None]
    policy_version: Mapped[int] = mapped_column(default=1)


class LightChange(Base):
    """History: one row per change of the computed or shown light, with the figures it was computed from."""

    __tablename__ = "light_changes"
    __table_args__ = (Index("ix_light_changes_project_at", "project_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    at: Mapped[datetime]  # when it was due
    processed_at: Mapped[datetime]
    old_computed: Mapped[str]
    computed: Mapped[str]
    old_shown: Mapped[str]
    shown: Mapped[str]
    reasons: Mapped[list[Any]]
    figures: Mapped[dict[str, Any]]
    cause: Mapped[str]  # daily, report, undo, correction, adjustment, import
    caused_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    policy_version: Mapped[int]


class LightCase(Base):
    """An announced warning: who was told, and the feedback it calls for (rules E8, E9).

    audience: recipients as [[kind, id], …]. state: open, accepted, ended. outcome e.g. 已转绿, 转红, 更正撤销.
    """

    __tablename__ = "light_cases"
    __table_args__ = (Index("ix_light_cases_project_state", "project_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    light: Mapped[str]
    pushed_at: Mapped[datetime]
    feedback_due_at: Mapped[datetime]
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # sector 专班 联络员
    liaison_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    audience: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(default="open")
    outcome: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    ended_by_entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    snoozed_until: Mapped[datetime | None]
    snooze_reason: Mapped[str | None]
    policy_version: Mapped[int] = mapped_column(default=1)


class LightFeedback(Base):
    """One version of a feedback on a light case (rule E9)."""

    __tablename__ = "light_feedbacks"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("light_cases.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    promises: Mapped[list[Any]]
    submitted_at: Mapped[datetime]
    state: Mapped[str]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reviewed_at: Mapped[datetime | None]
    review_reason: Mapped[str | None]
    overdue_workdays: Mapped[int] = mapped_column(default=0)


class Checkpoint(Base):
    """A promised figure with a date; a missed one is told to both sides (rule E9). fen: year-to-date or empty."""

    __tablename__ = "checkpoints"

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("light_feedbacks.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    due_on: Mapped[date]
    fen: Mapped[int | None] = mapped_column(BigInteger)
    text: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")  # open, met, missed, dropped


class LightAdjustment(Base):
    """调灯 (rule E14)."""

    __tablename__ = "light_adjustments"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    light: Mapped[str]
    reason: Mapped[str]
    until: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Instruction(Base):
    """批示: a leader's written instruction, stored and forwarded (rules E10, G4)."""

    __tablename__ = "instructions"
    __table_args__ = (Index("ix_instructions_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]  # light_case, item, project
    subject_id: Mapped[int]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    at: Mapped[datetime]


class EscalationDraft(Base):
    """提级建议: proposed by a rule or a person, decided by a person (rules E12, F6, G2).

    by_id: who proposed it, empty for a rule. done: 已采取措施 (rule G3). reason: why one level is skipped.
    """

    __tablename__ = "escalation_drafts"
    __table_args__ = (Index("ix_escalation_drafts_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]  # light_case or item
    subject_id: Mapped[int]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    to_level: Mapped[int]
    at: Mapped[datetime]
    crux: Mapped[str]  # 问题症结
    unit: Mapped[str]  # 责任部门
    path: Mapped[str]  # 化解路径
    due_on: Mapped[date | None]  # 建议办结时限
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    done: Mapped[str | None]
    reason: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="draft")  # draft, agreed, refused, withdrawn
    outcome: Mapped[str | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
