"""Projects: one record each (rule D1), yearly plans, confirmed entries and corrections. Money is integer 分."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class Project(Base):
    """The ledger row of a project (rule D3).

    ytd_fen: year-to-date investment of figure_year, valid for ytd_as_of; since the start of the project is
    prior_years_fen + ytd_fen where prior_years_fen is recorded. period_fen: the last figure "in the period".
    basis: "year" or "project" when the responsible unit chose how a bare 累计 is read (rule C5), else empty.
    """

    __tablename__ = "projects"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    code: Mapped[str]
    name: Mapped[str]
    aliases: Mapped[list[Any]] = mapped_column(default=list)
    industry: Mapped[str | None]
    nature: Mapped[str | None]  # 新建, 续建, 前期
    tier: Mapped[str | None]  # 梯次
    task_force_id: Mapped[int | None] = mapped_column(ForeignKey("task_forces.id"))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))  # empty for 市本级
    owner: Mapped[str | None]  # 建设单位
    content: Mapped[str | None]  # 建设内容
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))  # 责任单位
    responsible_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    sponsor: Mapped[str | None]  # 包联领导
    total_fen: Mapped[int | None] = mapped_column(BigInteger)
    basis: Mapped[str | None]
    prior_years_fen: Mapped[int | None] = mapped_column(BigInteger)  # 截至上年底累计
    figure_year: Mapped[int]
    ytd_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    ytd_as_of: Mapped[date | None]
    period_fen: Mapped[int | None] = mapped_column(BigInteger)
    period_name: Mapped[str | None]
    period_as_of: Mapped[date | None]
    image_progress: Mapped[str | None]
    image_progress_as_of: Mapped[date | None]
    stage: Mapped[str] = mapped_column(default="在建")
    planned_start: Mapped[str | None]  # ISO, as precise as known: 2026-09 or 2026-09-15
    planned_finish: Mapped[str | None]
    started_on: Mapped[str | None]
    finished_on: Mapped[str | None]
    statistics_on: Mapped[date | None]  # 入统
    arrived_fen: Mapped[int | None] = mapped_column(BigInteger)
    allocated_fen: Mapped[int | None] = mapped_column(BigInteger)
    paid_fen: Mapped[int | None] = mapped_column(BigInteger)
    funds_as_of: Mapped[date | None]
    last_report_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)  # raised by every confirmed change (rule C14)
    created_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # imported columns without a field of their own


class ProjectCategory(Base):
    __tablename__ = "project_categories"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), primary_key=True)


class ProjectPlan(Base):
    """Annual plan; curve holds twelve monthly cumulative values in 分 (rule E1). kind: investment or payment."""

    __tablename__ = "project_plans"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True, default="investment")
    plan_fen: Mapped[int] = mapped_column(BigInteger)
    curve: Mapped[list[Any]]


class Milestone(Base):
    __tablename__ = "milestones"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    name: Mapped[str]
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]


class YearClose(Base):
    """The figure a past year ended with; stays as it was (rule D6)."""

    __tablename__ = "year_closes"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    ytd_fen: Mapped[int] = mapped_column(BigInteger)
    as_of: Mapped[date | None]


class Entry(Base):
    """One confirmed report for one project: what entered the ledger, field by field.

    changes: {field: [old, new]} in stored form. month_end figures are found by as_of.
    """

    __tablename__ = "entries"
    __table_args__ = (
        Index("ix_entries_project_at", "project_id", "at"),
        Index("ix_entries_author_at", "author_id", "at"),
        Index("ix_entries_behalf_at", "on_behalf_of_id", "at"),
        Index("ix_entries_draft", "draft_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    kind: Mapped[str]  # report, unchanged, correction, funds, undo, import
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    year: Mapped[int]
    as_of: Mapped[date]
    ytd_fen: Mapped[int | None] = mapped_column(BigInteger)
    changes: Mapped[dict[str, Any]]
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    line: Mapped[int | None]
    source: Mapped[str | None]  # message id
    reason: Mapped[str | None]
    undone_at: Mapped[datetime | None]
    version_after: Mapped[int] = mapped_column(default=0)


class Correction(Base):
    """更正: a lower or disputed figure that waits for the ledger administrator (rule C6)."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    old_fen: Mapped[int] = mapped_column(BigInteger)
    new_fen: Mapped[int] = mapped_column(BigInteger)
    as_of: Mapped[date]
    reason: Mapped[str]
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="waiting")  # waiting, approved, refused, withdrawn
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None]
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))


class FigureUse(Base):
    """A formal document that quotes a ledger entry; such an entry cannot be undone (rule C10)."""

    __tablename__ = "figure_uses"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    document: Mapped[str]
    at: Mapped[datetime]
