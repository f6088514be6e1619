"""what a meeting decided, as its 会议纪要 says it: for which unit and until when"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables.base import UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("minutes_lines") as batch_op:
        batch_op.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("due_at", UtcTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(op.f("fk_minutes_lines_unit_id_units"), "units", ["unit_id"], ["id"])
