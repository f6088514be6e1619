"""levels: since when, linked items, proposals by people; monthly meetings, reports to the province, minutes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables.base import UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_minutes_by_id_people")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_minutes_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
    )
    op.create_table(
        "topic_meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", UtcTime(timezone=True), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("reported_at", UtcTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_topic_meetings_decided_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_topic_meetings_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["reported_by_id"], ["people.id"], name=op.f("fk_topic_meetings_reported_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_meetings")),
        sa.UniqueConstraint("organisation_id", "month", name=op.f("uq_topic_meetings_organisation_id_month")),
    )
    op.create_table(
        "meeting_topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_meeting_topics_item_id_items")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["topic_meetings.id"], name=op.f("fk_meeting_topics_meeting_id_topic_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_meeting_topics_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_topics")),
    )
    with op.batch_alter_table("meeting_topics") as batch_op:
        batch_op.create_index("ix_meeting_topics_meeting", ["meeting_id"], unique=False)

    op.create_table(
        "minutes_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_minutes_lines_item_id_items")),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_lines_minutes_id_minutes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_lines")),
        sa.UniqueConstraint("minutes_id", "seq", name=op.f("uq_minutes_lines_minutes_id_seq")),
    )
    with op.batch_alter_table("minutes_lines") as batch_op:
        batch_op.create_index("ix_minutes_lines_item", ["item_id"], unique=False)

    op.create_table(
        "province_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcTime(timezone=True), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("reply", sa.String(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("checkpoint_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("fk_province_reports_attachment_id_attachments")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_province_reports_item_id_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_province_reports")),
    )
    with op.batch_alter_table("province_reports") as batch_op:
        batch_op.create_index(batch_op.f("ix_province_reports_item_id"), ["item_id"], unique=False)

    with op.batch_alter_table("escalation_drafts") as batch_op:
        batch_op.add_column(sa.Column("by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("done", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_escalation_drafts_by_id_people"), "people", ["by_id"], ["id"]
        )

    with op.batch_alter_table("items") as batch_op:
        batch_op.add_column(sa.Column("level_since", UtcTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("origin_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_items_origin", ["origin_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_items_origin_id_items"), "items", ["origin_id"], ["id"])
