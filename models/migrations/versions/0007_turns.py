"""answers that belong to one message of their platform"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables.base import UtcTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "turns",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("reply_url", sa.String(), nullable=True),
        sa.Column("opened_at", UtcTime(timezone=True), nullable=False),
        sa.Column("used_by", sa.String(), nullable=True),
        sa.Column("used_at", UtcTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
    )
    op.create_index("ix_turns_opened_at", "turns", ["opened_at"])
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("turn", sa.String(), nullable=True))
    op.create_index(
        "ix_outbox_turn",
        "outbox",
        ["turn"],
        sqlite_where=sa.text("turn IS NOT NULL"),
        postgresql_where=sa.text("turn IS NOT NULL"),
    )
