"""The only door to official papers: may this person see one, work on it, sign it? (rules B3, B4, B8, B10, H3)"""

from __future__ import annotations

from handlers import access
from handlers.context import Context
from models.errors import NotAllowed, NotFound
from models.operations import documents
from models.operations.desk import Desk
from models.queries import documents as queries
from models.queries.directory import PersonInfo
from models.rules.letters import Reference
from models.tables.documents import Document, DocumentReceipt
from models.types import DocumentKind

WORKS: str = "综合专班联络员、负责人，或这份草稿的经办人"


def by_id(context: Context, document_id: int) -> Document:
    """The paper of a button, seen by the sender. Raises NotFound."""
    found = queries.by_id(context.session, document_id)
    if found is None or not visible(context, found):
        raise NotFound(str(document_id))
    return found


def by_reference(context: Context, reference: Reference) -> Document:
    """The issued paper of a number. Raises NotFound, also for one that is not the sender's to see (rule B4)."""
    for person in access.own_and_principals(context):
        found = queries.by_number(
            context.session, person.organisation_id, reference.kind, reference.number, year=reference.year
        )
        if found is not None and visible(context, found):
            return found
    raise NotFound(f"{reference.kind.value}{reference.number}")


def by_receipt(context: Context, receipt_id: int) -> tuple[Document, DocumentReceipt]:
    row = queries.receipt_by_id(context.session, receipt_id)
    if row is None:
        raise NotFound(str(receipt_id))
    return by_id(context, row.document_id), row


def visible(context: Context, document: Document) -> bool:
    return any(
        queries.sees(context.session, context.directory, person, document)
        for person in _people(context, document)
    )


def _people(context: Context, document: Document) -> tuple[PersonInfo, ...]:
    """As whom the sender may act on a paper: about a restricted item nobody stands in (rules B6, B8)."""
    item = queries.item_of(context.session, document)
    restricted = item is not None and item.restricted
    return (context.sender,) if restricted else access.own_and_principals(context)


def signs(context: Context, document: Document) -> bool:
    """Whether the sender, or who they stand in for, may sign its type."""
    able = documents.signers(context.desk, document)
    return any(person in able for person in _people(context, document))


def acting(context: Context, document: Document) -> PersonInfo:
    """The sender or the principal whose right is used: who may sign, else who works on it, else the sender."""
    people = _people(context, document)
    able = documents.signers(context.desk, document)
    return next(
        (person for person in people if person in able),
        next((person for person in people if documents.works_on(context.desk, person, document)), people[0]),
    )


def desk_for(context: Context, document: Document, act: str) -> Desk:
    """The desk at which the sender may work on a draft. Raises NotAllowed, naming who may."""
    person = acting(context, document)
    if not documents.works_on(context.desk, person, document):
        raise NotAllowed(f"{act}这份{document.kind}", who=WORKS)
    return context.act_for(person)


def waiting(context: Context, *, kinds: tuple[DocumentKind, ...] = tuple(DocumentKind)) -> list[Document]:
    """Drafts on which the sender may work, oldest first."""
    found: dict[int, Document] = {}
    for person in access.own_and_principals(context):
        for one in queries.waiting(context.session, person.organisation_id, kinds=kinds):
            if documents.works_on(context.desk, person, one) and visible(context, one):
                found[one.id] = one
    return list(found.values())
