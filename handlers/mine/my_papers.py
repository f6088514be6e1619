"""Official papers that wait for a person: to sign, to check, to finish, to receipt (rules B8, H2, H5)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from handlers.context import Context
from models.notices.base import Action
from models.notices.items import Task
from models.operations import documents
from models.queries import documents as queries
from models.queries.directory import PersonInfo
from models.tables.documents import Document
from models.types import DocumentState


def tasks(context: Context, person: PersonInfo, units: Collection[int]) -> Iterator[Task]:
    """units: for which the person is 联络员 or stands in."""
    for document in queries.waiting(context.session, person.organisation_id):
        act = _act(context, person, document)
        if act and _shows(context, person, document):
            name = f"{document.kind}草稿 {document.body.get('shown') or ''}".strip()
            yield Task(
                f"{name} 待{act}",
                None,
                (Action(name, "document.show", (("document", document.id),)),),
            )
    for document, row in queries.awaiting_receipt(context.session, units):
        if _shows(context, person, document):
            yield Task(
                f"{documents.label(document)} 待签收 {document.title or ''}".strip(),
                row.due_at,
                (Action("签收", "document.receive", (("receipt", row.id),)),),
            )


def to_receive(context: Context, person: PersonInfo, units: Collection[int]) -> Iterator[str]:
    """文号 of the papers that wait for the person's 签收."""
    for document, _ in queries.awaiting_receipt(context.session, units):
        if _shows(context, person, document):
            yield documents.label(document)


def _act(context: Context, person: PersonInfo, document: Document) -> str:
    """What the draft waits for from this person; empty when it waits for somebody else."""
    mine = document.for_person_id == person.id
    signs = person in documents.signers(context.desk, document)
    if document.state == DocumentState.TO_SIGN.value:
        return "签发" if signs else ""
    if not mine:
        return ""
    if document.state == DocumentState.CHECKING.value:
        return "核稿"
    return "签发" if signs else "报签"


def _shows(context: Context, person: PersonInfo, document: Document) -> bool:
    """A delegate is shown nothing about a restricted item (rules B6, B8)."""
    if not queries.sees(context.session, context.directory, person, document):
        return False
    item = queries.item_of(context.session, document)
    return item is None or not item.restricted or person.id == context.sender.id
