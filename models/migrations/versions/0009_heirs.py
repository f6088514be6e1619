"""who took over everything that a person did"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("people") as batch_op:
        batch_op.add_column(sa.Column("heir_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_people_heir_id_people"), "people", ["heir_id"], ["id"])
