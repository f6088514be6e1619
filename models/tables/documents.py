"""Official papers: drafts, issued documents with their frozen files, and what each unit received (rules H1–H6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class Document(Base):
    """A paper from its draft to 签发 and 作废 (rule H2).

    template: the file it is made from. subject: item or light_case it presses, empty for others; what: 反馈 or 办结
    of an item, or the period it covers. body: what was decided on the draft (限期, edits, fields, items). for_person:
    whom it waits for. serial, year, number: given at 签发. title, lines, sha256, facts: frozen at 签发 (rule H4).
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "year", "number"),
        Index("ix_documents_subject", "subject_kind", "subject_id"),
        Index("ix_documents_state", "organisation_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str]
    template: Mapped[str]
    state: Mapped[str]
    subject_kind: Mapped[str | None]
    subject_id: Mapped[int | None]
    what: Mapped[str] = mapped_column(default="")
    for_person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # 核稿
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    year: Mapped[int | None]
    number: Mapped[int | None]
    serial: Mapped[str | None]
    title: Mapped[str | None]
    lines: Mapped[list[Any]] = mapped_column(default=list)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sha256: Mapped[str | None]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    issued_at: Mapped[datetime | None]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    issued_for_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    end_reason: Mapped[str | None]  # of 作废, 不发, 撤回


class DocumentReceipt(Base):
    """One unit that a document went to, and its 回执 (rules H5, H6). attachment_id: the unit's own copy.

    on_paper: registered by handled_by (经办) with the name of who took it and the photos of the slip.
    """

    __tablename__ = "document_receipts"
    __table_args__ = (UniqueConstraint("document_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachments.id"))
    sent_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    receiver: Mapped[str | None]
    on_paper: Mapped[bool] = mapped_column(default=False)
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    read_by: Mapped[list[Any]] = mapped_column(default=list)  # 已阅 of leaders: no receipt


class KeptContent(Base):
    """The bytes of a file that the product itself made; what people send lies in the data folder."""

    __tablename__ = "kept_contents"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
