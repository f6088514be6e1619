"""open drafts, entries of a draft or of a principal, and stuck notices are found without a look at all others"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")
_STUCK = sa.text("state IN ('dead', 'undelivered')")


def upgrade() -> None:
    op.create_index("ix_drafts_open", "drafts", ["id"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_entries_draft", "entries", ["draft_id"])
    op.create_index("ix_entries_behalf_at", "entries", ["on_behalf_of_id", "at"])
    op.create_index("ix_outbox_stuck", "outbox", ["id"], sqlite_where=_STUCK, postgresql_where=_STUCK)
