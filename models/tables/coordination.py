"""What goes beside the levels: the monthly 专题会议, reports to the province, minutes (rules G1, G2, M1)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class TopicMeeting(Base):
    """The list for the 常务副市长 monthly 专题会议, one for each month (rule M1).

    month: its first day. state: draft, reported (市攻坚办 decides), approved.
    """

    __tablename__ = "topic_meetings"
    __table_args__ = (UniqueConstraint("organisation_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    month: Mapped[date]
    state: Mapped[str] = mapped_column(default="draft")
    made_at: Mapped[datetime]
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reported_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class MeetingTopic(Base):
    """A problem item, or a project that has been red for long, on the list or removed from it.

    why: what made it a candidate. state: in, out.
    """

    __tablename__ = "meeting_topics"
    __table_args__ = (Index("ix_meeting_topics_meeting", "meeting_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("topic_meetings.id"))
    seq: Mapped[int]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    why: Mapped[str]
    state: Mapped[str] = mapped_column(default="in")


class ProvinceReport(Base):
    """What was sent up to 省综合专班 and what came back (rules G1, O2).

    number, sent_on: 文号 and day as entered. checkpoint_on: by when the province has promised something.
    """

    __tablename__ = "province_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    made_at: Mapped[datetime]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    number: Mapped[str | None]
    sent_on: Mapped[date | None]
    reply: Mapped[str | None]
    replied_on: Mapped[date | None]
    checkpoint_on: Mapped[date | None]


class Minutes(Base):
    """会议纪要 as pasted; its decisions are the lines (rule M1)."""

    __tablename__ = "minutes"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    title: Mapped[str]
    text: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class MinutesLine(Base):
    """A confirmed decision of a meeting and the item that carries it: a new task, or one that was there before.

    unit_id, due_at: what the meeting said, which an older item may carry with another 办结时限.
    """

    __tablename__ = "minutes_lines"
    __table_args__ = (UniqueConstraint("minutes_id", "seq"), Index("ix_minutes_lines_item", "item_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    seq: Mapped[int]
    text: Mapped[str]
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    due_at: Mapped[datetime | None]
