"""Problem items (问题事项), their feedback and the ladder behind each deadline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class Item(Base):
    """A problem item (rules D4, F1). number: W0186 in a city, 县W0045 in a county.

    level: 0 to 4, called as the chain of level_version says, the policy by which the item was raised (rules G1, Q3);
    policy_version: the numbers it was handed out by. visible_to: ids of the only people who may
    see a restricted item (rule B8), empty for an ordinary one. parent_id: the item whose 批示 made this one a task of
    a unit (rule G4); a task counts in no number of problems. level_since: since when it has its level, empty while it
    has had no other. origin_id: the county's item that was sent up and became this one (rule Q3).
    """

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        Index("ix_items_state", "state"),
        Index("ix_items_project", "project_id"),
        Index("ix_items_parent", "parent_id"),
        Index("ix_items_origin", "origin_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[str]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    title: Mapped[str]
    wanted: Mapped[str | None]  # 希望协调
    wanted_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    wanted_by: Mapped[datetime | None]
    kind: Mapped[str | None]  # 类型: 施工许可, 用地…
    tags: Mapped[list[Any]] = mapped_column(default=list)
    source: Mapped[str] = mapped_column(default="日常调度")
    level: Mapped[int] = mapped_column(default=1)
    state: Mapped[str]
    restricted: Mapped[bool] = mapped_column(default=False)
    visible_to: Mapped[list[Any]] = mapped_column(default=list)
    urgent: Mapped[bool] = mapped_column(default=False)
    task_force_id: Mapped[int | None] = mapped_column(ForeignKey("task_forces.id"))
    goal: Mapped[str | None]  # 目标任务
    measures: Mapped[str | None]  # 推进措施
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))  # 责任单位
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # 责任人
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # 督办专员
    due_at: Mapped[datetime | None]  # 办结时限
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    heir_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # stands in for who raised it (B7)
    raised_at: Mapped[datetime]
    dispatched_at: Mapped[datetime | None]  # 交办
    received_at: Mapped[datetime | None]  # 签收
    feedback_due_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]  # 报办结
    closed_at: Mapped[datetime | None]  # 销号
    paper_delivered_at: Mapped[datetime | None]  # 已线下送达 with a 交办清单 (rule H6)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"))
    level_since: Mapped[datetime | None]
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"))
    returns: Mapped[int] = mapped_column(default=0)
    refusals: Mapped[int] = mapped_column(default=0)
    extensions: Mapped[int] = mapped_column(default=0)
    overdue_times: Mapped[int] = mapped_column(default=0)
    overdue_workdays: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    policy_version: Mapped[int] = mapped_column(default=1)
    level_version: Mapped[int] = mapped_column(default=1)
    assisting: Mapped[list[Any]] = mapped_column(default=list)  # 协办: [unit id, person id] each
    source_row: Mapped[dict[str, Any] | None] = mapped_column(JSON())  # as it came from another system


class ItemAssist(Base):
    """The task of one 协办 unit of an item (rule F11). unit_name: the unit as it was written.

    state: open, done, waived, or ended (the item was handed out anew or merged). reason: of waived and ended.
    """

    __tablename__ = "item_assists"
    __table_args__ = (
        Index("ix_item_assists_item", "item_id"),
        Index("ix_item_assists_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    unit_name: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    task: Mapped[str]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    result: Mapped[str | None]  # what the unit reports as done
    reason: Mapped[str | None]


class ItemExtension(Base):
    """One request for 延期 (rule F7). late: asked after the deadline. state: waiting, agreed, refused or withdrawn."""

    __tablename__ = "item_extensions"
    __table_args__ = (Index("ix_item_extensions_item", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str]
    old_due_at: Mapped[datetime]
    new_due_at: Mapped[datetime]
    late: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]


class ItemFeedback(Base):
    """Regular feedback on an item (rule F5); covers the due dates listed."""

    __tablename__ = "item_feedbacks"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    submitted_at: Mapped[datetime]
    due_at: Mapped[datetime]
    overdue_workdays: Mapped[int] = mapped_column(default=0)
    state: Mapped[str]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reviewed_at: Mapped[datetime | None]
    review_reason: Mapped[str | None]


class Ladder(Base):
    """One climb of reminders behind one due date (rule F6); frozen with its policy version when it opens.

    subject: light_case or item. what: 反馈 or 办结. paused_at: a submission is under review.
    """

    __tablename__ = "ladders"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "what", "due_at"),
        Index("ix_ladders_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    what: Mapped[str]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="running")  # running, paused, ended
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    policy_version: Mapped[int] = mapped_column(default=1)


class Rung(Base):
    """A rung that fired, once each (rule F6)."""

    __tablename__ = "rungs"
    __table_args__ = (UniqueConstraint("ladder_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ladder_id: Mapped[int] = mapped_column(ForeignKey("ladders.id"))
    name: Mapped[str]
    due_at: Mapped[datetime]
    fired_at: Mapped[datetime]


class WeeklyReport(Base):
    """A body's feedback for one weekly period (rules I1, C19). body: task_force or region."""

    __tablename__ = "weekly_reports"
    __table_args__ = (UniqueConstraint("body_kind", "body_id", "period_first"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body_kind: Mapped[str]
    body_id: Mapped[int]
    period_first: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    submitted_at: Mapped[datetime]
    text: Mapped[str]
    unchanged: Mapped[bool] = mapped_column(default=False)


class NumberSeries(Base):
    """The next number of a series, e.g. 问题事项, 提醒函 of 2026; gap-free because it moves in one transaction."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
