"""who is told in place of who raised an item, since a handover"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("items") as batch_op:
        batch_op.add_column(sa.Column("heir_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_items_heir_id_people"), "people", ["heir_id"], ["id"])
