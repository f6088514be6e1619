"""Official papers: by number, by subject, those that wait, and who may see one (rules B3, B8, H1–H6)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.queries import item_parties
from models.queries import items as item_queries
from models.queries.directory import Directory, PersonInfo
from models.rules.items import ENDED
from models.tables.documents import Document, DocumentReceipt, KeptContent
from models.tables.items import Item
from models.tables.people import Organisation
from models.types import DocumentKind, DocumentState, ItemState, Role, Subject

OPEN: Final = (DocumentState.DRAFT.value, DocumentState.CHECKING.value, DocumentState.TO_SIGN.value)


@dataclass(frozen=True, slots=True)
class Office:
    """How an organisation signs its papers. code: 机关代字. masthead: 刊头 of its 简报."""

    issuer: str
    code: str
    signature: str
    masthead: str


def office(session: Session, organisation_id: int) -> Office:
    """From the roster's document.letters; what it does not say is made of the place's name.

    A county's 机关代字 has two characters of it: 新乡市 and its 新密市 must not both issue 新攻坚督〔2026〕1号.
    """
    row = session.get_one(Organisation, organisation_id)
    said: dict[str, Any] = (row.document.get("document") or {}).get("letters") or {}
    place = row.name
    short = place.rstrip("省市县区旗")
    return Office(
        issuer=str(said.get("issuer") or f"{place}重点项目集中攻坚办公室"),
        code=str(said.get("code") or f"{short[: 1 if row.parent_id is None else 2]}攻坚"),
        signature=str(said.get("signature") or f"{place}集中攻坚办"),
        masthead=str(said.get("masthead") or f"{place}重点项目攻坚简报"),
    )


def subject(document: Document) -> Subject:
    return Subject("document", document.id)


def by_id(session: Session, document_id: int | None) -> Document | None:
    return session.get(Document, document_id) if document_id is not None else None


def by_number(
    session: Session, organisation_id: int, kind: DocumentKind, number: int, *, year: int | None
) -> Document | None:
    """The issued paper of a number; of the newest year when none is named."""
    statement = select(Document).where(
        Document.organisation_id == organisation_id, Document.kind == kind.value, Document.number == number
    )
    if year is not None:
        statement = statement.where(Document.year == year)
    return session.execute(statement.order_by(Document.year.desc()).limit(1)).scalar_one_or_none()


def of_subject(session: Session, about: Subject) -> list[Document]:
    """Every paper about a record, oldest first."""
    return list(
        session.execute(
            select(Document)
            .where(Document.subject_kind == about.kind, Document.subject_id == about.id)
            .order_by(Document.id)
        ).scalars()
    )


def waiting(
    session: Session, organisation_id: int, *, kinds: Collection[DocumentKind] = tuple(DocumentKind)
) -> list[Document]:
    """Drafts that are neither issued nor dropped, oldest first."""
    return list(
        session.execute(
            select(Document)
            .where(
                Document.organisation_id == organisation_id,
                Document.state.in_(OPEN),
                Document.kind.in_([kind.value for kind in kinds]),
            )
            .order_by(Document.id)
        ).scalars()
    )


def issued(
    session: Session, organisation_id: int, kind: DocumentKind, *, since: datetime, until: datetime
) -> list[Document]:
    """Papers of a type issued in a time and not voided, oldest first."""
    return list(
        session.execute(
            select(Document)
            .where(
                Document.organisation_id == organisation_id,
                Document.kind == kind.value,
                Document.state == DocumentState.ISSUED.value,
                Document.issued_at >= since,
                Document.issued_at <= until,
            )
            .order_by(Document.id)
        ).scalars()
    )


def newest(
    session: Session, organisation_id: int, template: str, what: str, *, states: Collection[str]
) -> Document | None:
    """The newest paper made from a template for a period."""
    return session.execute(
        select(Document)
        .where(
            Document.organisation_id == organisation_id,
            Document.template == template,
            Document.what == what,
            Document.state.in_(states),
        )
        .order_by(Document.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def receipts(session: Session, document_id: int) -> list[DocumentReceipt]:
    return list(
        session.execute(
            select(DocumentReceipt)
            .where(DocumentReceipt.document_id == document_id)
            .order_by(DocumentReceipt.id)
        ).scalars()
    )


def receipt_by_id(session: Session, receipt_id: int) -> DocumentReceipt | None:
    return session.get(DocumentReceipt, receipt_id)


def awaiting_receipt(session: Session, unit_ids: Collection[int]) -> list[tuple[Document, DocumentReceipt]]:
    """Issued papers that units have not signed for, oldest first."""
    rows = session.execute(
        select(Document, DocumentReceipt)
        .join(DocumentReceipt, DocumentReceipt.document_id == Document.id)
        .where(
            DocumentReceipt.unit_id.in_(unit_ids),
            DocumentReceipt.received_at.is_(None),
            Document.state == DocumentState.ISSUED.value,
        )
        .order_by(Document.id)
    )
    return [(row[0], row[1]) for row in rows]


def receipts_to_come(session: Session, now: datetime) -> list[tuple[Document, DocumentReceipt]]:
    """Receipts of issued papers that are due after now and were not reminded of, oldest first."""
    rows = session.execute(
        select(Document, DocumentReceipt)
        .join(DocumentReceipt, DocumentReceipt.document_id == Document.id)
        .where(
            Document.state == DocumentState.ISSUED.value,
            DocumentReceipt.received_at.is_(None),
            DocumentReceipt.reminded_at.is_(None),
            DocumentReceipt.due_at > now,
        )
        .order_by(DocumentReceipt.id)
    )
    return [(row[0], row[1]) for row in rows]


def content(session: Session, sha256: str) -> bytes | None:
    """The bytes of a file that the product made."""
    return session.execute(
        select(KeptContent.content).where(KeptContent.sha256 == sha256)
    ).scalar_one_or_none()


def handed_out(
    session: Session, organisation_id: int, *, since: datetime, until: datetime, numbers: tuple[str, ...] = ()
) -> list[Item]:
    """Items that were handed out in a time, or those of these numbers, and are not over; no restricted ones (B8)."""
    statement = select(Item).where(
        Item.organisation_id == organisation_id,
        Item.restricted.is_(False),
        Item.unit_id.is_not(None),
        Item.dispatched_at.is_not(None),
        Item.state.not_in([state.value for state in (ItemState.SCREENING, *ENDED)]),
    )
    if numbers:
        statement = statement.where(Item.number.in_(numbers))
    else:
        statement = statement.where(Item.dispatched_at >= since, Item.dispatched_at <= until)
    return list(session.execute(statement.order_by(Item.id)).scalars())


def item_of(session: Session, document: Document) -> Item | None:
    return item_queries.by_id(session, document.subject_id) if document.subject_kind == "item" else None


def sees(session: Session, directory: Directory, person: PersonInfo, document: Document) -> bool:
    """Whether a person may see a paper: who works on it, 综合专班, and the units it went to (rules B3, B8)."""
    if person.organisation_id != document.organisation_id:
        return False
    item = item_of(session, document)
    if item is not None and item.restricted and not item_parties.sees(directory, person, item):
        return False
    if person.id in (document.for_person_id, document.author_id, document.checked_by_id):
        return True
    if item_parties.is_hub(directory, person) or person.holds(Role.SUPERVISOR, Role.OFFICE_HEAD):
        return True
    if document.state not in (DocumentState.ISSUED.value, DocumentState.VOID.value):
        return False
    if person.holds(Role.CITY_LEADER):
        return True
    return any(
        item_parties.speaks_for(directory, person, row.unit_id) for row in receipts(session, document.id)
    )
