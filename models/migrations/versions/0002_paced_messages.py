"""which sent messages keep a pace"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sent_messages") as batch_op:
        batch_op.add_column(sa.Column("paced", sa.Boolean(), server_default=sa.false(), nullable=False))
