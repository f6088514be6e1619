"""official papers, their receipts and the files the product made; letter drafts become papers"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _tables()
    _keep_drafts()
    op.drop_table("letter_drafts")
    with op.batch_alter_table("items") as batch_op:
        batch_op.add_column(sa.Column("paper_delivered_at", _MOMENT, nullable=True))


def _keep_drafts() -> None:
    """Drafts of letters go on as drafts of papers."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT d.*, p.organisation_id FROM letter_drafts d JOIN people p ON p.id = d.for_person_id ORDER BY d.id"
        )
    )
    for row in rows.mappings().all():
        facts = json.loads(row["facts"]) if isinstance(row["facts"], str) else row["facts"]
        body = {"shown": facts.get("number") or facts.get("project") or ""}
        if "due_at" in facts:
            body["due_at"] = facts["due_at"]
        connection.execute(
            sa.text(
                "INSERT INTO documents (organisation_id, kind, template, state, subject_kind, subject_id, what, "
                "for_person_id, at, version, body, lines, facts) VALUES (:organisation_id, :kind, :kind, :state, "
                ":subject_kind, :subject_id, :what, :for_person_id, :at, 1, :body, '[]', '{}')"
            ),
            {
                **{name: row[name] for name in ("organisation_id", "kind", "subject_kind", "subject_id")},
                **{name: row[name] for name in ("for_person_id", "at")},
                "state": "草稿" if row["state"] == "draft" else "已撤回",
                "what": "办结" if facts.get("what") == "办结" else "反馈",
                "body": json.dumps(body, ensure_ascii=False),
            },
        )


def _tables() -> None:
    op.create_table(
        "kept_contents",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_kept_contents")),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("for_person_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("serial", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", _MOMENT, nullable=True),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("issued_for_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [name], [target], name=op.f(f"fk_documents_{name}_{target.partition('.')[0]}")
            )
            for name, target in (
                ("organisation_id", "organisations.id"),
                ("for_person_id", "people.id"),
                ("author_id", "people.id"),
                ("changed_by_id", "people.id"),
                ("checked_by_id", "people.id"),
                ("attachment_id", "attachments.id"),
                ("issued_by_id", "people.id"),
                ("issued_for_id", "people.id"),
                ("ended_by_id", "people.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint(
            "organisation_id",
            "kind",
            "year",
            "number",
            name=op.f("uq_documents_organisation_id_kind_year_number"),
        ),
    )
    op.create_index("ix_documents_subject", "documents", ["subject_kind", "subject_id"])
    op.create_index("ix_documents_state", "documents", ["organisation_id", "state"])
    op.create_table(
        "document_receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("reminded_at", _MOMENT, nullable=True),
        sa.Column("received_at", _MOMENT, nullable=True),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.Column("receiver", sa.String(), nullable=True),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("read_by", sa.JSON(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [name], [target], name=op.f(f"fk_document_receipts_{name}_{target.partition('.')[0]}")
            )
            for name, target in (
                ("document_id", "documents.id"),
                ("unit_id", "units.id"),
                ("attachment_id", "attachments.id"),
                ("received_by_id", "people.id"),
                ("handled_by_id", "people.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_receipts")),
        sa.UniqueConstraint("document_id", "unit_id", name=op.f("uq_document_receipts_document_id_unit_id")),
    )
