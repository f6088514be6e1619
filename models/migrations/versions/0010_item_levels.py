"""by which chain of levels a problem item is counted"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("items") as batch_op:
        batch_op.add_column(sa.Column("level_version", sa.Integer(), nullable=False, server_default="1"))
    # So far no chain could be set: every version of the policy has the same.
    op.execute("UPDATE items SET level_version = policy_version")
