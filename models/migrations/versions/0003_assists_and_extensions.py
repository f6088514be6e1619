"""协办 tasks and 延期 requests of problem items; the row that an imported item came from"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables.base import UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("items") as batch_op:
        batch_op.add_column(sa.Column("assisting", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("source_row", sa.JSON(), nullable=True))
    op.create_table(
        "item_assists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_name", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("due_at", UtcTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", UtcTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_assists_item_id_items")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_item_assists_unit_id_units")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_item_assists_person_id_people")),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["people.id"], name=op.f("fk_item_assists_ended_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_assists")),
    )
    op.create_index("ix_item_assists_item", "item_assists", ["item_id"])
    op.create_index("ix_item_assists_state", "item_assists", ["state"])
    op.create_table(
        "item_extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("old_due_at", UtcTime(timezone=True), nullable=False),
        sa.Column("new_due_at", UtcTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("asked_at", UtcTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_extensions_item_id_items")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_item_extensions_author_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["people.id"], name=op.f("fk_item_extensions_on_behalf_of_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_item_extensions_decided_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_extensions")),
    )
    op.create_index("ix_item_extensions_item", "item_extensions", ["item_id"])
